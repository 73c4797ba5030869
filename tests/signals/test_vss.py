"""The table against the catalogues that it was made from."""

from pathlib import Path
from typing import Any

import pytest

from alpenglow.signals import Kind, UnknownSignal, _make_table, load_catalogue
from alpenglow.signals.values import DATATYPES

CATALOGUE = load_catalogue()
HERE = Path(_make_table.__file__).parent
Leaf = dict[str, Any]

# What VSS only lets be read, and people choose in this car (overlay.tsv).
CHOSEN = {"Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"}


@pytest.fixture(scope="module")
def vss(shared_data: Path) -> dict[str, dict[str, Leaf]]:
    """Version → path → leaf."""
    return {version: _make_table.leaves(shared_data / f"vss/vss_{version}.json") for version in ("4.0", "5.1", "6.0")}


def test_every_leaf_of_vss_6_is_there_with_its_facts(vss: dict[str, dict[str, Leaf]]) -> None:
    assert len(vss["6.0"]) == 1263
    assert [s.path for s in CATALOGUE.signals[:1263]] == list(vss["6.0"])
    for path, leaf in vss["6.0"].items():
        signal = CATALOGUE[path]
        facts = (signal.kind, signal.datatype, signal.unit, signal.minimum, signal.maximum, list(signal.allowed))
        assert facts == (
            Kind.ACTUATOR if path in CHOSEN else leaf["type"],
            leaf["datatype"],
            leaf.get("unit", ""),
            leaf.get("min"),
            leaf.get("max"),
            leaf.get("allowed", []),
        ), path


def test_the_tables_are_what_the_script_makes(vss: dict[str, dict[str, Leaf]]) -> None:
    words = (HERE / "descriptions.tsv").read_text(encoding="utf-8")
    text = _make_table.table(vss["6.0"], _make_table.describe(vss["6.0"], words))
    assert (HERE / "vss_6_0.tsv").read_text(encoding="utf-8") == text
    rows = _make_table.aliases({"5.1": vss["5.1"], "4.0": vss["4.0"]}, vss["6.0"])
    assert (HERE / "aliases.tsv").read_text(encoding="utf-8") == _make_table.aliases_table(rows)


def test_no_sentence_is_taken_from_the_catalogue(vss: dict[str, dict[str, Leaf]]) -> None:
    theirs = {
        leaf[key].strip(" .").lower()
        for leaf in vss["6.0"].values()
        for key in ("description", "comment")
        if key in leaf
    }
    assert not [s.path for s in CATALOGUE.signals if s.description and s.description.strip(" .").lower() in theirs]


def test_every_old_name_resolves_or_says_what_became_of_it(vss: dict[str, dict[str, Leaf]]) -> None:
    resolved = 0
    for version in ("4.0", "5.1"):
        for name in vss[version]:
            if name in vss["6.0"]:
                assert name not in CATALOGUE.aliases
                assert CATALOGUE[name].path == name
            elif CATALOGUE.aliases[name] is None:
                with pytest.raises(UnknownSignal) as caught:
                    CATALOGUE[name]
                last = "5.1" if name in vss["5.1"] else "4.0"
                assert str(caught.value).startswith(f"{name} was renamed or removed after VSS {last}")
            else:
                resolved += 1
                assert CATALOGUE[name].path == CATALOGUE.aliases[name]
    assert resolved > 300


def test_an_old_name_leads_to_a_signal_of_the_same_facts(vss: dict[str, dict[str, Leaf]]) -> None:
    for name, path in CATALOGUE.aliases.items():
        if path is not None:
            assert path in vss["6.0"]
            old, new = vss["5.1"].get(name) or vss["4.0"][name], vss["6.0"][path]
            for key in ("type", "datatype", "min", "max", "allowed"):
                assert old.get(key) == new.get(key), name
            assert old.get("unit", "").lower() == new.get("unit", "").lower(), name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vehicle.OBD.DTCList", "Vehicle.Diagnostics.DTCList"),
        ("Vehicle.Powertrain.CombustionEngine.ECT", "Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature"),
        (
            "Vehicle.Cabin.Seat.Row2.Middle.Switch.Backrest.Lumbar.IsUpEngaged",
            "Vehicle.Cabin.Seat.Row2.Middle.Backrest.IsLumbarUpSwitchEngaged",
        ),
        ("Vehicle.Cabin.Seat.Row1.DriverSide.Massage", "Vehicle.Cabin.Seat.Row1.DriverSide.Massage.Level"),
        (
            "Vehicle.Cabin.Seat.Row1.Middle.Occupant.Identifier.Subject",
            "Vehicle.Occupant.Row1.Middle.Identifier.Subject",
        ),
    ],
)
def test_names_that_moved(old: str, new: str) -> None:
    assert CATALOGUE[old].path == new


@pytest.mark.parametrize(
    "name",
    [
        "Vehicle.Driver.Identifier.Subject",  # where the driver sits is not said
        "Vehicle.ADAS.ObstacleDetection.IsWarning",  # split into six
        "Vehicle.Cabin.Seat.Row1.DriverSide.IsOccupied",  # a boolean became one of three words
        "Vehicle.Powertrain.TractionBattery.Charging.IsChargingCableLocked",  # one became seven
        "Vehicle.Width",  # three widths
    ],
)
def test_names_that_have_no_certain_heir(name: str) -> None:
    with pytest.raises(UnknownSignal, match="was renamed or removed"):
        CATALOGUE[name]


def test_every_signal_is_well_formed() -> None:
    for signal in CATALOGUE.signals:
        assert signal.datatype.removesuffix("[]") in DATATYPES
        if signal.path.startswith("Vehicle.Alpenglow."):
            assert signal.description
        if signal.kind is Kind.ATTRIBUTE:
            assert signal.age_limit_s is None, signal.path


def test_the_agreed_age_limits() -> None:
    def age(path: str) -> float | None:
        return CATALOGUE[path].age_limit_s

    assert age("Vehicle.Speed") == age("Vehicle.Powertrain.Transmission.CurrentGear") == 0.3
    assert age("Vehicle.Chassis.Axle.Row2.Wheel.Right.Speed") == 0.3
    assert age("Vehicle.Body.Lights.Beam.Low.IsOn") == age("Vehicle.Cabin.Seat.Row1.DriverSide.IsBelted") == 1
    assert age("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed") == age("Vehicle.TraveledDistance") == 3
    assert age("Vehicle.Cabin.Infotainment.Media.Volume") is None
