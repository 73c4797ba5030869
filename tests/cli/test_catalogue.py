"""`signals list` and `signals export`: the catalogue, without a running car."""

import json
from pathlib import Path

import pytest

from alpenglow.signals import load_catalogue
from tests.cli.terminal import ROOT, refused
from tests.running import alpenglow

AURORA = ROOT / "src/alpenglow/lines/aurora/overlay.tsv"


def test_a_list_for_programs_is_what_the_catalogue_says() -> None:
    listed = json.loads(alpenglow("signals", "list", "--json").stdout)
    assert [row["path"] for row in listed] == [signal.path for signal in load_catalogue(AURORA).signals]


def test_a_list_can_be_chosen_by_pattern_and_kind() -> None:
    done = alpenglow("signals", "list", "Vehicle.Cabin.HVAC", "Vehicle.**.IsLocked", "--kind", "actuator", "--json")
    listed = json.loads(done.stdout)
    assert {row["kind"] for row in listed} == {"actuator"}
    paths = [row["path"] for row in listed]
    assert "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed" in paths
    assert "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked" in paths
    assert all(".HVAC." in path or path.endswith(".IsLocked") for path in paths)


def test_the_exported_tree_is_read_back_equal(tmp_path: Path) -> None:
    out = tmp_path / "car.json"
    assert alpenglow("signals", "export", str(out)).returncode == 0
    ours = {signal.path: signal for signal in load_catalogue(AURORA).signals}
    theirs = {signal.path: signal for signal in load_catalogue(AURORA, vss=out).signals}
    assert theirs == ours


def test_the_exported_tree_needs_no_overlay_for_its_facts(tmp_path: Path) -> None:
    """A tree has no age limits, everything else it has by itself."""
    out = tmp_path / "car.json"
    alpenglow("signals", "export", str(out))

    def facts(path: Path | None, *overlays: Path) -> dict[str, tuple[object, ...]]:
        signals = load_catalogue(*overlays, vss=path).signals
        return {s.path: (s.kind, s.datatype, s.unit, s.minimum, s.maximum, s.allowed, s.description) for s in signals}

    assert facts(out) == facts(None, AURORA)


def test_the_exported_table_is_read_back_equal(tmp_path: Path) -> None:
    out = tmp_path / "hvac.tsv"
    assert alpenglow("signals", "export", str(out), "Vehicle.Cabin.HVAC").returncode == 0
    ours = load_catalogue(AURORA)
    assert out.read_text().count("\n") == len(ours.match("Vehicle.Cabin.HVAC")) + 1
    assert load_catalogue(AURORA, out).signals == ours.signals


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["list", "Vehicle.Sped"], "no signal Vehicle.Sped; did you mean Vehicle.Speed?"),
        (["list", "Vehicle.*.*.Sped"], "no signal matches Vehicle.*.*.Sped; * stands for one step"),
        (["list", "--line", "zeppelin"], "no line 'zeppelin'; there are aurora, "),
        (["list", "--vss", "/nowhere/vss.json"], "/nowhere/vss.json: cannot be read: No such file or directory"),
        (["export", "/nowhere/car.json"], "cannot write /nowhere/car.json: there is no folder /nowhere"),
        (["export", "car.xml"], "car.xml: the name must end in .json or .tsv"),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], problem: str) -> None:
    assert problem in refused("signals", *words)


def test_a_wrong_overlay_names_file_and_line(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.tsv"
    overlay.write_text("path\tkind\tdatatype\nVehicle.Horn\tactuator\tloud\n")
    assert refused("signals", "list", "--overlay", overlay).startswith(f"{overlay}, line 2: ")


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "car.json").symlink_to("/dev/full")
    assert "it is a device" in refused("signals", "export", tmp_path / "car.json")
