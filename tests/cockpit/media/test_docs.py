"""The source in docs/media.md is a source: it is found, listed and heard."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alpenglow.cockpit.media.joining import Joined
from alpenglow.cockpit.media.play_queue import Entry
from alpenglow.cockpit.media.sources import Sources

DOCS = Path(__file__).parents[3] / "docs" / "media.md"


@pytest.fixture
def sources() -> Sources:
    [code] = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return Sources([names["Fork"]()])


def test_it_is_listed_and_found(sources: Sources) -> None:
    assert [shelf.title for shelf in sources.browse("", "", 0, 10).shelves] == ["Fork"]  # type: ignore[union-attr]
    assert [track.title for track in sources.search("Fork", 10).tracks] == ["a¹"]
    assert sources.track("fork:a") is not None
    assert sources.track("folder:a") is None


def test_it_is_heard(sources: Sources) -> None:
    joined = Joined(
        lambda entry, at: sources.open(entry.uri, at), lambda _, __: None, print, Entry(1, "fork:a"), 1.0, 0
    )
    parts = []
    while chunks := joined.read():
        parts += [chunk.frames for chunk in chunks]
    heard = np.concatenate(parts)
    assert heard.shape == (3 * 48_000, 2)
    assert np.abs(heard).max() == pytest.approx(0.2, abs=1e-3)
