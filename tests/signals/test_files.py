"""Catalogue files of the user: overlays, their own VSS, and what is wrong with them in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpenglow.signals import CatalogueError, Kind, Signal, UnknownSignal, load_catalogue

HEADER = "path\tkind\tdatatype\tunit\tmin\tmax\tallowed\tage_limit_s\tdescription\n"
DEMO_VSS = {
    "Vehicle": {
        "type": "branch",
        "description": "a car",
        "children": {
            "Speed": {"type": "sensor", "datatype": "float", "unit": "km/h", "description": "how fast", "uuid": "1"},
            "Cabin": {
                "type": "branch",
                "children": {
                    "Seats": {
                        "type": "actuator",
                        "datatype": "uint8[]",
                        "min": 0,
                        "max": 100,
                        "allowed": [0, 50, 100],
                        "age_limit_s": 2,
                    }
                },
            },
        },
    }
}


def overlay(folder: Path, text: str, name: str = "my.tsv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problem(folder: Path, text: str, name: str = "my.tsv") -> str:
    """What loading the file complains of, without the folder."""
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(overlay(folder, text, name))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(folder / name))
    return message.removeprefix(str(folder / name))


def test_an_overlay_adds_a_signal_at_the_end(tmp_path: Path) -> None:
    row = "Vehicle.Toy.Mood\tactuator\tstring\t\t\t\tGLAD|SAD\t2.5\tHow the toy feels.\n"
    catalogue = load_catalogue(overlay(tmp_path, HEADER + row))
    assert catalogue.signals[-1] == Signal(
        "Vehicle.Toy.Mood",
        Kind.ACTUATOR,
        "string",
        allowed=("GLAD", "SAD"),
        age_limit_s=2.5,
        description="How the toy feels.",
    )
    assert catalogue.signals[:-1] == load_catalogue().signals


def test_a_row_amends_a_known_signal_and_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    before = load_catalogue()
    after = load_catalogue(overlay(tmp_path, "path\tmax\tage_limit_s\nVehicle.Speed\t250\t0.1\n"))
    speed = before["Vehicle.Speed"]
    assert after["Vehicle.Speed"] == Signal(
        speed.path, speed.kind, speed.datatype, speed.unit, None, 250, (), 0.1, speed.description
    )
    assert after.fingerprint == before.fingerprint
    assert [s for s in after.signals if s.path != speed.path] == [s for s in before.signals if s.path != speed.path]


def test_a_pattern_amends_all_that_it_matches(tmp_path: Path) -> None:
    catalogue = load_catalogue(overlay(tmp_path, "path\tage_limit_s\nVehicle.Cabin.Door.*.*.IsOpen\t7\n"))
    assert {s.path for s in catalogue.signals if s.age_limit_s == 7} == {
        s.path
        for s in catalogue.signals
        if s.path.startswith("Vehicle.Cabin.Door.") and s.path.count(".") == 5 and s.path.endswith(".IsOpen")
    }


def test_the_later_overlay_wins(tmp_path: Path) -> None:
    files = [overlay(tmp_path, f"path\tage_limit_s\nVehicle.Speed\t{age}\n", f"{age}.tsv") for age in (1, 2)]
    assert load_catalogue(*files)["Vehicle.Speed"].age_limit_s == 2


def test_columns_may_come_in_any_order_and_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    text = "\ufeff# mine\r\n\r\npath\tdatatype\tkind\r\nVehicle.Toy.Mood\tint8\tsensor\r\n"
    assert load_catalogue(overlay(tmp_path, text))["Vehicle.Toy.Mood"] == Signal(
        "Vehicle.Toy.Mood", Kind.SENSOR, "int8"
    )


def test_without_a_header_the_columns_are_the_usual_ones(tmp_path: Path) -> None:
    catalogue = load_catalogue(overlay(tmp_path, "Vehicle.Toy.Size\tattribute\tuint8\tm\t1\t9\n"))
    assert catalogue["Vehicle.Toy.Size"] == Signal("Vehicle.Toy.Size", Kind.ATTRIBUTE, "uint8", "m", 1, 9)


def test_allowed_values_get_the_signals_datatype_also_in_an_amending_row(tmp_path: Path) -> None:
    text = "path\tkind\tdatatype\tallowed\nVehicle.Toy.Gear\tsensor\tint8\t-1|0|1\nVehicle.Toy.Gear\t\t\t0|1\n"
    assert load_catalogue(overlay(tmp_path, text))["Vehicle.Toy.Gear"].allowed == (0, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Vehicle.Toy sensor int8\n", ", line 1: one cell only; cells are separated by tabs"),
        ("# x\n\nVehicle.Toy\tsenser\tint8\n", ", line 3: kind is 'senser', not one of sensor, actuator, attribute"),
        ("Vehicle.Toy\tsensor\tint9\n", ", line 1: datatype 'int9' is none of VSS's own (structs are not supported)"),
        (
            "Vehicle.Sped\t\t\tkm/h\n",
            ", line 1: 'Vehicle.Sped' is not in the catalogue; a new signal needs a kind",
        ),
        (
            "Vehicle.Toy\tsensor\n",
            ", line 1: 'Vehicle.Toy' is not in the catalogue; a new signal needs a datatype",
        ),
        ("Vehicle.Toy\tsensor\tint8\t\tlow\n", ", line 1: 'low' in column min is not a number"),
        ("Vehicle.Toy\tsensor\tint8\t\t5\t1\n", ", line 1: min 5 is above max 1"),
        ("Vehicle.Toy\tsensor\tfloat\t\tnan\n", ", line 1: min nan or max None is not a finite number"),
        ("Vehicle.Toy\tsensor\tint8\t\t\t\t\t-1\n", ", line 1: age limit -1 is not between 0 and 1000000 s"),
        ("Vehicle.Toy\tsensor\tuint8\t\t\t\t1|300\n", ", line 1: allowed takes 0 to 255, not 300"),
        ("Vehicle.Toy\tsensor\tuint8\t\t\t\tONE\n", ", line 1: 'ONE' in column allowed is not a number"),
        (
            "Vehicle.Speed.Limit\tsensor\tint8\n",
            ", line 1: Vehicle.Speed.Limit cannot be below the signal Vehicle.Speed",
        ),
        ("Vehicle.Body\tsensor\tint8\n", ", line 1: Vehicle.Body is a branch, so it cannot be a signal"),
        (
            "Vehicle.Bo dy\tsensor\tint8\n",
            ", line 1: 'Vehicle.Bo dy' is no path; steps are letters and digits between dots",
        ),
        ("Vehicle.Toys.*\t\t\tm\n", ", line 1: no signal matches 'Vehicle.Toys.*'"),
        (
            "path\tkind\tcolour\n",
            ", line 1: unknown column 'colour'; columns are " + HEADER.strip().replace("\t", ", "),
        ),
        ("path\tkind\tkind\n", ", line 1: a column is named twice"),
        ("path\tkind\nVehicle.Toy\tsensor\tint8\n", ", line 2: 3 cells, but 2 columns"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert problem(tmp_path, text) == message


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "none.tsv"
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(missing)
    assert str(caught.value) == f"{missing}: cannot be read: No such file or directory"
    (tmp_path / "bad.tsv").write_bytes(b"Vehicle.Toy\tsensor\tint8\n\xff\n")
    with pytest.raises(CatalogueError, match="is not UTF-8 text"):
        load_catalogue(tmp_path / "bad.tsv")


def test_a_users_own_vss_is_the_whole_catalogue_with_ours_beside_it(tmp_path: Path) -> None:
    catalogue = load_catalogue(vss=overlay(tmp_path, json.dumps(DEMO_VSS), "car.json"))
    assert [s.path for s in catalogue.signals if not s.path.startswith("Vehicle.Alpenglow.")] == [
        "Vehicle.Speed",
        "Vehicle.Cabin.Seats",
    ]
    ours = [s for s in load_catalogue().signals if s.path.startswith("Vehicle.Alpenglow.")]
    assert [s for s in catalogue.signals if s.path.startswith("Vehicle.Alpenglow.")] == ours
    assert catalogue["Vehicle.Cabin.Seats"] == Signal(
        "Vehicle.Cabin.Seats", Kind.ACTUATOR, "uint8[]", "", 0, 100, (0, 50, 100), 2
    )
    assert catalogue["Vehicle.Speed"].age_limit_s == 0.3  # ours, since it is the same signal
    with pytest.raises(UnknownSignal):
        catalogue["Vehicle.Body.Lights.LightSwitch"]


def test_a_vss_json_is_also_an_overlay(tmp_path: Path) -> None:
    tree = {"Vehicle": {"type": "branch", "children": {"Speed": {"type": "sensor", "max": 180}}}}
    catalogue = load_catalogue(overlay(tmp_path, json.dumps(tree), "more.json"))
    assert catalogue["Vehicle.Speed"].maximum == 180
    assert catalogue["Vehicle.Speed"].unit == "km/h"
    assert len(catalogue.signals) == len(load_catalogue().signals)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"Vehicle": \n {,}}', ", line 2, column 3: Expecting property name enclosed in double quotes"),
        ("[]", ': is not VSS JSON: no root branch such as "Vehicle"'),
        (
            '{"Vehicle": {"type": "branch", "children": '
            '{"X": {"type": "sensor", "datatype": "Types.My", "allowed": [1]}}}}',
            ", Vehicle.X: datatype 'Types.My' is none of VSS's own (structs are not supported)",
        ),
        (
            '{"Vehicle": {"type": "branch", "children": '
            '{"X": {"type": "sensor", "datatype": "int8", "allowed": [true]}}}}',
            ", Vehicle.X: allowed takes a number, not True",
        ),
        ('{"Veh*": {}}', ", top: 'Veh*' is no name of a branch or signal"),
        ('{"Vehicle": 5}', ', Vehicle: is int, not a node with "type"'),
        ('{"Vehicle": {"type": "branch", "children": []}}', ', Vehicle: "children" is not an object'),
        (
            '{"Vehicle": {"type": "branch", "children": {"X": {"type": "struct"}}}}',
            ", Vehicle.X: type is 'struct', not branch, sensor, actuator, attribute",
        ),
        (
            '{"Vehicle": {"type": "branch", "children": {"X": {"type": "sensor", "datatype": 7}}}}',
            ", Vehicle.X: 'datatype' is 7",
        ),
        (
            '{"Vehicle": {"type": "branch", "children": {"X": {"type": "sensor", "datatype": "int8", "min": true}}}}',
            ", Vehicle.X: 'min' is True",
        ),
        (
            '{"Vehicle": {"type": "branch", "instances": ["A"], "children": {}}}',
            ", Vehicle: has unexpanded instances; export it expanded",
        ),
        (
            '{"Vehicle": {"type": "branch", "children": {"X": {"type": "sensor", "allowed": [[]]}}}}',
            ", Vehicle.X: 'allowed' is [[]], not a list of values",
        ),
    ],
)
def test_a_bad_node_is_named_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    assert problem(tmp_path, text, "car.json") == message


leaf = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["sensor", "actuator", "attribute", "branch", "odd", 7]),
        "datatype": st.sampled_from(["int8", "float", "string", "boolean[]", "Types.My", None]),
        "min": st.none() | st.integers() | st.floats() | st.text(max_size=3),
        "max": st.none() | st.integers() | st.floats() | st.booleans(),
        "allowed": st.none() | st.lists(st.integers() | st.text(max_size=3) | st.none() | st.floats(), max_size=3),
        "age_limit_s": st.none() | st.floats() | st.integers(),
        "unit": st.none() | st.text(max_size=3),
        "description": st.none() | st.text(max_size=3),
    },
)
trees = st.dictionaries(
    st.text(st.sampled_from("AB. \n*"), max_size=3) | st.just("Vehicle"),
    st.recursive(
        leaf | st.none() | st.integers(),
        lambda inner: st.fixed_dictionaries(
            {"type": st.just("branch"), "children": st.dictionaries(st.sampled_from(["A", "B", "Speed"]), inner)}
        ),
        max_leaves=6,
    ),
    max_size=3,
)


def loads_or_complains(file: Path) -> None:
    message = ""
    try:
        catalogue = load_catalogue(file)
    except CatalogueError as error:
        message = str(error)
    if message:
        assert "\n" not in message
        assert str(file) in message
    else:
        assert len(catalogue.index_of) == len(catalogue.signals)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_any_json_loads_or_is_complained_of_in_one_line(tmp_path: Path, tree: Any) -> None:
    loads_or_complains(overlay(tmp_path, json.dumps(tree), "any.json"))


cells = st.sampled_from(
    ["Vehicle.Speed", "Vehicle.X", "Vehicle.*", "path", "kind", "sensor", "int8", "1", "nan", "A|B", ""]
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cells | st.text(max_size=5), max_size=10).map("\t".join), max_size=4))
def test_any_table_loads_or_is_complained_of_in_one_line(tmp_path: Path, rows: list[str]) -> None:
    file = tmp_path / "any.tsv"
    file.write_bytes("\n".join(rows).encode("utf-8", "replace"))
    loads_or_complains(file)
