"""`alpenglow drive` of a line that does not fit: one line says what is wrong, and nothing is left running."""

import json
import shutil
from pathlib import Path

import pytest

from alpenglow.platform.child import marked
from alpenglow.platform.plan import LINES
from tests.cli.terminal import refused


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A copy of Aurora's folder, to be spoilt."""
    folder = tmp_path / "spoilt"
    shutil.copytree(LINES / "aurora", folder)
    return folder


def spoil_dbc(line: Path) -> str:
    (line / "aurora.dbc").write_text('VERSION ""\nBU_: A\nBO_ 256 M: 8 A\n SG_ Speed : 0|16@1+ (1,0) [0|1] "" A"\n')
    return "aurora.dbc:4"


def spoil_mapping(line: Path) -> str:
    file = line / "aurora.map.json"
    tree = json.loads(file.read_text())
    tree["signals"][0]["message"] = "NOBODY"
    file.write_text(json.dumps(tree))
    return "NOBODY"


def spoil_overlay(line: Path) -> str:
    (line / "overlay.tsv").write_text("Vehicle.Speed\tactuator\tfoat\n")
    return "overlay.tsv, line 1"


def lose_the_car(line: Path) -> str:
    (line / "car.toml").unlink()
    return "car.toml"


@pytest.mark.parametrize("spoil", [spoil_dbc, spoil_mapping, spoil_overlay, lose_the_car])
def test_a_line_that_cannot_drive_is_refused_in_one_line(spoil, line: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place = spoil(line)
    run_dir = tmp_path / "run"
    said = refused(
        "drive", "--line", str(line), "--port", "0", "--run-dir", str(run_dir), "--state-dir", str(tmp_path / "state")
    )
    assert place in said
    assert marked(str(run_dir)) == []
