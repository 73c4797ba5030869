"""Mapping files: both forms, and errors that name file and place."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.signals import BadValue, Quality, load_catalogue
from alpenglow.vehicle.codec import compile_decoder
from alpenglow.vehicle.dbc import parse_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Encoder
from alpenglow.vehicle.expression import FAILURES, BadFormula, parse_formula
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.mapping import BusMapping, MappingError, parse_mapping
from tests.vehicle.bus.legal import assert_legal

CATALOGUE = load_catalogue()
DBC = parse_dbc(
    b"""VERSION ""

BU_: ECU

BO_ 10 STATUS: 8 ECU
 SG_ Pan : 0|8@1+ (0.02,0) [0|0] "V" ECU
 SG_ Gear : 8|4@1+ (1,0) [0|0] "" ECU
 SG_ Speed : 16|16@1+ (0.01,0) [0|0] "km/h" ECU
 SG_ Row : 32|4@1+ (1,0) [0|0] "" ECU
 SG_ Pressure : 40|8@1+ (4,0) [0|0] "kPa" ECU
 SG_ Twice : 48|1@1+ (1,0) [0|0] "" ECU

BO_ 11 COMMAND: 8 ECU
 SG_ PanRequest : 0|8@1+ (0.02,0) [0|0] "V" ECU
 SG_ DoorRequest : 8|2@1+ (1,0) [0|0] "" ECU
 SG_ FanRequest : 16|8@1+ (1,0) [0|0] "%" ECU
 SG_ Twice : 48|1@1+ (1,0) [0|0] "" ECU

VAL_ 10 Gear 0 "P" 1 "R" 2 "N" 4 "D" ;
VAL_ 11 DoorRequest 0 "NONE" 1 "OPEN" 2 "CLOSE" ;
BA_DEF_ SG_ "GenSigStartValue" FLOAT 0 100000;
BA_DEF_DEF_ "GenSigStartValue" 0;
BA_ "GenSigStartValue" SG_ 11 DoorRequest 0;
""",
    "test.dbc",
)
PAN = "Vehicle.Body.Mirrors.DriverSide.Pan"
GEAR = "Vehicle.Powertrain.Transmission.CurrentGear"
DOOR = "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"


def parse(tree: Any) -> BusMapping:
    return parse_mapping(msgspec.json.encode(tree), "car.json", DBC, CATALOGUE)


def tree(path: str, **leaf: Any) -> dict[str, Any]:
    """A VSS tree with one leaf."""
    node: dict[str, Any] = {"type": "sensor", "datatype": "float", "description": "…", **leaf}
    for name in reversed(path.split(".")[1:]):
        node = {"type": "branch", "description": "…", "children": {name: node}}
    return {"Vehicle": node}


def value(mapping: BusMapping, data: bytes) -> Any:
    samples = Decoder({"can0": DBC}, {"can0": mapping}, CATALOGUE).feed(Frame(1, "can0", 10, data))
    assert len(samples) <= 1
    return samples[0].value if samples else "nothing"


def test_kuksas_own_example_reads_unchanged() -> None:
    mapping = parse(
        tree(
            PAN,
            type="actuator",
            dbc2vss={"interval_ms": 100, "signal": "Pan", "transform": {"math": "floor((x*40)-100)"}},
            vss2dbc={"signal": "PanRequest", "transform": {"math": "(x+100)/40"}},
        )
    )
    assert value(mapping, bytes([100]) + bytes(7)) == -20  # 2 V
    [(bus, frame)] = Encoder({"can0": DBC}, {"can0": mapping}, CATALOGUE).write(PAN, -20)
    assert (bus, frame.can_id, frame.data[0]) == ("can0", 11, 100)


def test_kuksas_value_mapping_and_its_older_key() -> None:
    pairs = [{"from": "D", "to": 127}, {"from": "P", "to": 126}, {"from": 1, "to": -1}]
    mapping = parse(tree(GEAR, dbc={"signal": "Gear", "transform": {"mapping": pairs}}))
    assert value(mapping, bytes([0, 4]) + bytes(6)) == 127
    assert value(mapping, bytes([0, 1]) + bytes(6)) == -1
    assert value(mapping, bytes([0, 2]) + bytes(6)) is None  # no pair covers N


def test_kuksas_multiplexer_filters() -> None:
    filtered = {"signal": "Pressure", "multiplexer": [{"signal": "Row", "value": 3}]}
    mapping = parse(tree("Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure", dbc2vss=filtered))
    assert value(mapping, bytes([0, 0, 0, 0, 3, 55, 0, 0])) == 220
    assert value(mapping, bytes([0, 0, 0, 0, 2, 55, 0, 0])) == "nothing"


def test_kuksas_intervals_have_its_defaults() -> None:
    def feed(**more: Any) -> Any:
        return parse(tree("Vehicle.Speed", dbc2vss={"signal": "Speed", **more})).feeds[0]

    assert (feed().interval_ns, feed().on_change) == (10**9, False)
    assert (feed(on_change=True).interval_ns, feed(on_change=True).on_change) == (0, True)
    assert feed(interval_ms=20).interval_ns == 20 * 10**6


def test_a_path_that_vss_dropped_is_a_warning_in_a_kuksa_tree() -> None:
    both = tree("Vehicle.Speed", dbc2vss={"signal": "Speed"})
    both["Vehicle"]["children"]["Nonsense"] = {"type": "sensor", "dbc2vss": {"signal": "Pan"}}
    mapping = parse(both)
    assert [f.path for f in mapping.feeds] == ["Vehicle.Speed"]
    assert mapping.warnings[0].startswith("car.json: Vehicle.Nonsense.dbc2vss: ")


def entry(path: str = "Vehicle.Speed", signal: str = "Speed", **more: Any) -> dict[str, Any]:
    return {"signals": [{"path": path, "message": "STATUS", "signal": signal} | more]}


def kuksa(**dbc2vss: Any) -> dict[str, Any]:
    return tree("Vehicle.Speed", dbc2vss=dbc2vss)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (kuksa(signal="Twice"), "Vehicle.Speed.dbc2vss.signal: 'Twice' is in STATUS, COMMAND"),
        (kuksa(signal="None"), "Vehicle.Speed.dbc2vss.signal: 'None' is not in test.dbc"),
        (kuksa(), "Vehicle.Speed.dbc2vss: "),
        (kuksa(signal="Speed", transform={}), "Vehicle.Speed.dbc2vss.transform: "),
        (kuksa(signal="Speed", transform={"math": "import os"}), "Vehicle.Speed.dbc2vss.formula"),
        (tree("Vehicle.Speed", vss2dbc={"signal": "PanRequest"}), "is a sensor, not an actuator"),
        (entry("Vehicle.Sped"), "signals[0].path: "),
        (entry(message="STATSU"), "signals[0].message: "),
        (entry(signal="Sped"), "signals[0].signal: "),
        (entry(sginal="Speed"), "signals[0]"),
        ({"signals": [{"path": "Vehicle.Speed", "message": "STATUS"}]}, "signals[0]: needs a signal or a formula"),
        (entry(formula="Speed + Nix"), "signals[0].formula: "),
        (entry(GEAR, "Gear", values={"D": 999}), "signals[0].values: "),
        (entry(GEAR, "Gear", values={"Q": 1}), "signals[0].values: 'Q'"),
        (
            {"signals": entry()["signals"] + entry(signal="Pan")["signals"]},
            "signals[1]: Vehicle.Speed has a source already, at car.json: signals[0]",
        ),
        (
            {"actuators": [{"path": FAN, "message": "COMMAND", "signal": "FanRequest", "scale": 0}]},
            "actuators[0].scale",
        ),
        ([], "must be a JSON object"),
        ({}, "has neither signals"),
    ],
)
def test_an_error_names_file_and_place(wrong: Any, place: str) -> None:
    with pytest.raises(MappingError) as error:
        parse(wrong)
    assert str(error.value).startswith("car.json: ")
    assert place in str(error.value)
    assert "\n" not in str(error.value)


def test_writing_asks_for_one_thing_and_keeps_what_was_asked_before() -> None:
    entries = [
        {"path": DOOR, "message": "COMMAND", "signal": "DoorRequest", "values": {"OPEN": True, "CLOSE": False}},
        {"path": FAN, "message": "COMMAND", "signal": "FanRequest"},
        {"path": PAN, "message": "COMMAND", "signal": "PanRequest", "scale": 40, "offset": -100},
    ]
    encoder = Encoder({"can0": DBC}, {"can0": parse({"actuators": entries})}, CATALOGUE)
    decode = compile_decoder(DBC.by_name["COMMAND"])

    def write(path: str, wanted: Any) -> dict[str, Any]:
        [(bus, frame)] = encoder.write(path, wanted, time_ns=5)
        assert (bus, frame.time_ns) == ("can0", 5)
        return decode(frame.data)

    assert encoder.paths == {DOOR, FAN, PAN}
    assert write(FAN, 60)["FanRequest"] == 60
    assert write(DOOR, True) == {"PanRequest": 0, "DoorRequest": 1, "FanRequest": 60, "Twice": 0}
    assert write(PAN, -20) == {"PanRequest": 2.0, "DoorRequest": 0, "FanRequest": 60, "Twice": 0}  # no request any more
    with pytest.raises(BadValue, match="takes 0 to 100"):
        write(FAN, 101)
    with pytest.raises(BadValue, match="takes true or false"):
        write(DOOR, 1)
    with pytest.raises(KeyError):
        write("Vehicle.Speed", 1.0)


KEYS = st.sampled_from(
    ["signals", "actuators", "checks", "children", "path", "message", "signal", "formula", "values", "when"]  # noqa: RUF005
    + ["dbc2vss", "transform", "math", "Vehicle"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200)
@given(st.binary(max_size=100) | JSON.map(lambda t: msgspec.json.encode(t)))
def test_whatever_is_in_the_file_only_a_mapping_error_comes_out(content: bytes) -> None:
    said = "car.json: "
    try:
        parse_mapping(content, "car.json", DBC, CATALOGUE)
    except MappingError as error:
        said = str(error)
    assert said.startswith("car.json: ")


@given(
    st.fixed_dictionaries(
        {"path": st.sampled_from(["Vehicle.Speed", GEAR, DOOR, PAN]), "message": st.just("STATUS")},
        optional={
            "signal": st.sampled_from(["Pan", "Gear", "Speed", "Row"]),
            "formula": st.sampled_from(
                ["x", "1/x", "Pan^Speed", "sqrt(Row-9)", "x ==1", "log(Pan)", "-", "exp(x*999)"]
            ),
            "scale": st.floats(),
            "offset": st.floats(),
            "values": st.dictionaries(
                st.sampled_from(["0", "1", "D", "P", "250"]), st.sampled_from([0, 1, True, "P", 2.5])
            ),
            "invalid": st.lists(st.sampled_from(["0", "D", "99"]), max_size=2),
            "interval_ms": st.floats(0, 1e6),
            "on_change": st.booleans(),
        },
    ),
    st.lists(st.binary(max_size=8), max_size=5),
)
def test_an_accepted_mapping_gives_legal_values_for_any_frame(one: dict[str, Any], frames: list[bytes]) -> None:
    try:
        mapping = parse({"signals": [one]})
    except MappingError:
        return
    live = Decoder({"can0": DBC}, {"can0": mapping}, CATALOGUE)
    for time_ns, data in enumerate(frames):
        for sample in live.feed(Frame(time_ns, "can0", 10, data)):
            assert_legal(sample, CATALOGUE)
            assert sample.quality in (Quality.VALID, Quality.INVALID)


@pytest.mark.parametrize(
    ("text", "x", "result"),
    [
        ("floor((x*40)-100)", 2.0, -20),
        ("2^3^2", 0, 512),
        ("-x^2", 3, -9),
        ("2 * -x", 3, -6),
        ("x % 3", -7, -1),
        ("10 - 4 - 3", 0, 3),
        ("x > 2 and x < 5", 3, True),
        ("if(x >= 1, 10, 20)", 0, 20),
        ("round(x)", 2.5, 3),
        ("max(1, x, 3) / 2", 2, 1.5),
        ("sin(PI / 2) + .5e1", 0, 6),
    ],
)
def test_a_formula_means_what_it_means_to_kuksa(text: str, x: float, result: float) -> None:
    assert parse_formula(text).evaluate(x=x) == pytest.approx(result)


FORMULA = st.sampled_from(
    [
        "x",
        "1",
        "2.5",
        "+",
        "-",
        "*",
        "/",
        "^",
        "%",
        "(",
        ")",
        ",",
        "floor",
        "if",
        "sqrt",
        "not",
        "and",
        "==",
        "class",
        ".",
    ]
)


@given(st.text(max_size=40) | st.lists(FORMULA, max_size=15).map(" ".join))
def test_a_formula_from_anywhere_is_read_or_refused(text: str) -> None:
    try:
        formula = parse_formula(text)
    except BadFormula:
        return
    try:
        result = formula.evaluate(**dict.fromkeys(formula.variables, 1.5))
    except FAILURES:
        return
    assert isinstance(result, int | float)


def test_a_formula_cannot_be_made_to_hang_or_overflow_the_stack() -> None:
    for text in ("(" * 5000 + "x" + ")" * 5000, "-" * 5000 + "x", "x+" * 5000 + "x", "2^" * 5000 + "2"):
        with pytest.raises(BadFormula):
            parse_formula(text)
    with pytest.raises(FAILURES):
        parse_formula("9^9^9^9").evaluate()
    assert math.isfinite(parse_formula("round(x, 999999999)").evaluate(x=1.25))
