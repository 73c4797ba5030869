"""The live path: what becomes a valid sample, and what must not."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.signals import Catalogue, Quality, load_catalogue
from alpenglow.vehicle.dbc import Dbc, parse_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.logs import LogReader
from alpenglow.vehicle.mapping import MappingError, load_mapping, parse_mapping
from tests.vehicle.bus.conftest import line_folder
from tests.vehicle.bus.legal import assert_legal

CATALOGUE = load_catalogue()
DBC = """VERSION ""

BU_: ECU

BO_ 16 DRIVE: 8 ECU
 SG_ SPEED : 0|16@1+ (0.01,0) [0|0] "km/h" ECU
 SG_ LEVEL : 16|8@1+ (1,0) [0|0] "%" ECU
 SG_ GEAR : 24|4@1+ (1,0) [0|0] "" ECU
 SG_ DOOR : 28|1@1+ (1,0) [0|0] "" ECU
 SG_ FLAGS : 29|3@1+ (1,0) [0|0] "" ECU
 SG_ RATIO : 32|32@1- (1,0) [0|0] "" ECU

BO_ 17 MUXED: 3 ECU
 SG_ WHICH M : 0|8@1+ (1,0) [0|0] "" ECU
 SG_ LEFT m1 : 8|16@1+ (1,0) [0|0] "kPa" ECU
 SG_ RIGHT m2 : 8|16@1+ (1,0) [0|0] "kPa" ECU

VAL_ 16 GEAR 0 "P" 1 "R" 2 "N" 3 "D" ;
VAL_ 16 SPEED 65535 "SNA" ;
SIG_VALTYPE_ 16 RATIO : 1;
"""
SPEED, LEVEL = "Vehicle.Speed", "Vehicle.Chassis.Accelerator.PedalPosition"
GEAR, DOOR = "Vehicle.Powertrain.Transmission.CurrentGear", "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen"
LEVER = "Vehicle.Alpenglow.GearSelector"


def entry(path: str, signal: str, message: str = "DRIVE", **more: Any) -> dict[str, Any]:
    return {"path": path, "message": message, "signal": signal, **more}


def decoder(*entries: dict[str, Any], checks: list[dict[str, Any]] | None = None, text: str = DBC) -> Decoder:
    dbc = parse_dbc(text.encode(), "test.dbc")
    content = msgspec.json.encode({"signals": list(entries), "checks": checks or []})
    return Decoder({"can0": dbc}, {"can0": parse_mapping(content, "test.json", dbc, CATALOGUE)}, CATALOGUE)


def frame(data: bytes, time_ns: int = 1, can_id: int = 16) -> Frame:
    return Frame(time_ns, "can0", can_id, data)


def drive(speed: int = 0, level: int = 0, gear: int = 0, door: int = 0, flags: int = 0, ratio: float = 0.0) -> bytes:
    return speed.to_bytes(2, "little") + bytes([level, gear | door << 4 | flags << 5]) + np.float32(ratio).tobytes()


def values(samples: Any) -> dict[str, Any]:
    return {CATALOGUE.signals[s.index].path: s.value for s in samples}


def test_a_frame_becomes_typed_samples_with_its_own_time() -> None:
    live = decoder(
        entry(SPEED, "SPEED"), entry(LEVEL, "LEVEL"), entry(GEAR, "GEAR", values={"P": 126, "R": -1, "N": 0, "D": 127}),
        entry(DOOR, "DOOR"), entry(LEVER, "GEAR"),
    )  # fmt: skip
    samples = live.feed(frame(drive(5000, 40, 3, 1), time_ns=77))
    assert values(samples) == {SPEED: 50.0, LEVEL: 40, GEAR: 127, DOOR: True, LEVER: "D"}
    assert {s.time_ns for s in samples} == {77}
    assert {s.quality for s in samples} == {Quality.VALID}
    assert [type(v) for v in values(samples).values()] == [float, int, int, bool, str]


@pytest.mark.parametrize(
    ("mapped", "data"),
    [
        (entry(SPEED, "SPEED"), drive(speed=65535)),  # the value table says: signal not available
        (entry(SPEED, "SPEED", invalid=["100"]), drive(speed=10000)),
        (entry(LEVEL, "LEVEL"), drive(level=101)),  # a percentage ends at 100
        (entry(GEAR, "GEAR", values={"D": 127}), drive(gear=1)),  # no entry covers R
        (entry(LEVER, "GEAR"), drive(gear=7)),  # no label
        (entry(DOOR, "FLAGS"), drive(flags=3)),  # neither false nor true
        (entry(SPEED, "RATIO"), drive(ratio=math.nan)),
        (entry(SPEED, "RATIO"), drive(ratio=math.inf)),
        (entry(LEVEL, "RATIO"), drive(ratio=math.nan)),  # a whole number from a float
        (entry(LEVEL, "RATIO"), drive(ratio=1e30)),
        (entry(SPEED, "LEVEL", formula="100 / x"), drive(level=0)),
        (entry(SPEED, "LEVEL", formula="10 ^ (x * x)"), drive(level=255)),
        (entry(SPEED, "SPEED", formula="x * 2"), drive(speed=65535)),
        (entry(SPEED, "LEVEL"), drive(level=5)[:2]),  # the frame is too short for it
    ],
)
def test_what_is_no_value_is_invalid_and_not_the_last_number(mapped: dict[str, Any], data: bytes) -> None:
    [sample] = decoder(mapped).feed(frame(data))
    assert sample.quality is Quality.INVALID
    assert sample.value is None


def test_a_short_frame_gives_what_it_carries() -> None:
    samples = decoder(entry(SPEED, "SPEED"), entry(LEVEL, "LEVEL")).feed(frame(drive(5000, 40)[:2]))
    assert values(samples) == {SPEED: 50.0, LEVEL: None}


def test_what_is_not_mapped_gives_nothing() -> None:
    live = decoder(entry(SPEED, "SPEED"))
    assert not live.feed(frame(b"\0" * 8, can_id=17))
    assert not live.feed(frame(b"\0" * 8, can_id=99))
    assert not live.feed(Frame(1, "can9", 16, b"\0" * 8))
    assert not live.feed(Frame(1, "can0", 16, b"\0" * 8, extended=True))


def test_a_multiplexed_signal_is_said_only_when_it_is_in_the_frame() -> None:
    tyre = "Vehicle.Chassis.Axle.Row1.Wheel.{}.Tire.Pressure"
    live = decoder(entry(tyre.format("Left"), "LEFT", "MUXED"), entry(tyre.format("Right"), "RIGHT", "MUXED"))
    assert values(live.feed(frame(bytes([1, 220, 0]), can_id=17))) == {tyre.format("Left"): 220}
    assert values(live.feed(frame(bytes([2, 230, 0]), can_id=17))) == {tyre.format("Right"): 230}
    assert not live.feed(frame(bytes([3, 230, 0]), can_id=17))
    assert not live.feed(frame(b"", can_id=17))


def test_a_filter_keeps_other_variants_of_a_frame_out() -> None:
    live = decoder(entry(SPEED, "SPEED", when={"LEVEL": 7, "GEAR": 1}))
    assert values(live.feed(frame(drive(100, 7, 1)))) == {SPEED: 1.0}
    assert not live.feed(frame(drive(100, 7, 2)))


def test_a_rate_thins_values_out_but_never_delays_their_loss() -> None:
    live = decoder(entry(SPEED, "SPEED", interval_ms=100))
    at = lambda ms, speed=100: bool(live.feed(frame(drive(speed), time_ns=ms * 10**6)))  # noqa: E731
    assert [at(0), at(50), at(99), at(100), at(150), at(201)] == [True, False, False, True, False, True]
    assert at(210, 65535)  # not available: at once
    assert at(220)  # back: at once
    assert at(10)  # the log began anew


def test_an_interval_longer_than_the_age_limit_does_not_let_the_value_go_stale() -> None:
    live = decoder(entry(SPEED, "SPEED", interval_ms=60_000))
    limit_ms = round(CATALOGUE[SPEED].age_limit_s * 1000)  # type: ignore[operator]
    said = [ms for ms in range(0, 3 * limit_ms, 10) if live.feed(frame(drive(100), time_ns=ms * 10**6))]
    assert max(b - a for a, b in pairwise(said)) < limit_ms


def test_on_change_says_changes_at_once_and_otherwise_refreshes_in_time() -> None:
    live = decoder(entry(DOOR, "DOOR", on_change=True))
    limit_ms = round(CATALOGUE[DOOR].age_limit_s * 1000)  # type: ignore[operator]
    said = [ms for ms in range(0, 3 * limit_ms, 10) if live.feed(frame(drive(), time_ns=ms * 10**6))]
    assert 3 <= len(said) <= 8
    assert max(b - a for a, b in pairwise(said)) < limit_ms
    assert live.feed(frame(drive(door=1), time_ns=(3 * limit_ms) * 10**6))


def test_j1939_reserves_the_highest_values() -> None:
    text = """VERSION ""

BU_: ECU

BO_ 2364540158 EEC1: 8 ECU
 SG_ EngineSpeed : 24|16@1+ (0.125,0) [0|8031.875] "rpm" ECU

BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_ "VFrameFormat" BO_ 2364540158 3;
"""
    live = decoder(entry("Vehicle.Powertrain.CombustionEngine.Speed", "EngineSpeed", "EEC1"), text=text)

    def speed(raw: int) -> Any:
        data = b"\xff" * 3 + raw.to_bytes(2, "little") + b"\xff" * 3
        [sample] = live.feed(Frame(1, "can0", 0x0CF00417, data, extended=True))
        return sample.value

    assert speed(8000) == 1000.0
    assert speed(0xFAFF) == 8031.875
    assert speed(0xFB00) is None
    assert speed(0xFFFF) is None


@given(
    st.lists(st.tuples(st.sampled_from([16, 17, 18]), st.binary(max_size=64), st.integers(0, 2**63 - 1)), max_size=20)
)
def test_random_frames_only_ever_give_legal_or_invalid_samples(frames: list[tuple[int, bytes, int]]) -> None:
    live = FUZZED
    for can_id, data, time_ns in frames:
        for sample in live.feed(Frame(time_ns, "can0", can_id, data, fd=len(data) > 8)):
            assert_legal(sample, CATALOGUE)


FUZZED = decoder(
    entry(SPEED, "RATIO"), entry(LEVEL, "RATIO", formula="RATIO * 3 - SPEED ^ 2"),
    entry(GEAR, "GEAR", values={"D": 127}),
    entry(DOOR, "FLAGS"),
    entry(LEVER, "GEAR"),
    entry("Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling", "LEVEL", scale=2),
    entry("Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure", "LEFT", "MUXED"),
)  # fmt: skip


@given(data=st.data())
def test_random_frames_on_our_own_lines_too(data: st.DataObject) -> None:
    live, dbc, catalogue = aurora()
    message = data.draw(st.sampled_from(dbc.messages))
    for _ in range(3):
        payload = data.draw(st.binary(min_size=max(0, message.length - 1), max_size=message.length + 1))
        for sample in live.feed(Frame(1, "can0", message.can_id, payload, message.extended)):
            assert_legal(sample, catalogue)


_AURORA: list[tuple[Decoder, Dbc, Catalogue]] = []


def aurora() -> tuple[Decoder, Dbc, Catalogue]:
    if not _AURORA:
        folder = line_folder("aurora")
        catalogue = load_catalogue(folder / "overlay.tsv")
        dbc = parse_dbc((folder / "aurora.dbc").read_bytes(), "aurora.dbc")
        mapping = load_mapping(folder / "aurora.map.json", dbc, catalogue)
        _AURORA.append((Decoder({"can0": dbc}, {"can0": mapping}, catalogue), dbc, catalogue))
    return _AURORA[0]


def test_two_buses_cannot_feed_one_path() -> None:
    dbc = parse_dbc(DBC.encode(), "test.dbc")
    content = msgspec.json.encode({"signals": [entry(SPEED, "SPEED")]})
    mappings = {bus: parse_mapping(content, f"{bus}.json", dbc, CATALOGUE) for bus in ("can0", "can1")}
    with pytest.raises(MappingError, match=r"can1.json: signals\[0\]: Vehicle.Speed has its source at can0.json"):
        Decoder({"can0": dbc, "can1": dbc}, mappings, CATALOGUE)


def test_the_recorded_rav4_says_what_its_answer_key_says(
    rav4: Any, rav4_dbcs: dict[str, Dbc], rav4_catalogue: Catalogue
) -> None:
    mapping = load_mapping(line_folder("rav4") / "rav4.map.json", rav4_dbcs["can0"], rav4_catalogue)
    live = Decoder(rav4_dbcs, {"can0": mapping}, rav4_catalogue)
    samples = live.feed_all(LogReader(rav4 / "drive.log.gz"))
    assert {s.quality for s in samples} == {Quality.VALID}
    assert not live.failures
    key = np.load(rav4 / "reference.npz")

    def trace(path: str) -> tuple[Any, Any]:
        index = rav4_catalogue.index_of[path]
        rows = [(s.time_ns, s.value) for s in samples if s.index == index]
        return np.array([t for t, _ in rows]) / 1e9, np.array([v for _, v in rows])

    times, speed = trace(SPEED)
    np.testing.assert_allclose(speed / 3.6, key["speed"][:, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(times, key["speed_t"], rtol=0, atol=1e-5)
    _, angle = trace("Vehicle.Chassis.SteeringWheel.Angle")
    np.testing.assert_allclose(angle, key["steering_angle"], rtol=0, atol=0.5)  # VSS knows whole degrees
    wheels = "Vehicle.Chassis.Axle.Row{}.Wheel.{}.Speed"
    for column, path in enumerate(wheels.format(r, s) for r in (1, 2) for s in ("Left", "Right")):
        np.testing.assert_allclose(trace(path)[1] / 3.6, key["wheel_speed"][:, column], rtol=0, atol=1e-9)
    assert set(trace(LEVER)[1]) == {"D"}
    assert set(trace(DOOR)[1]) == {False}


def test_feeding_one_by_one_is_the_same_as_all_at_once(make_dbc: Callable[[str], Dbc]) -> None:
    frames = [frame(drive(i, i % 100, i % 4), time_ns=i) for i in range(50)]
    one = decoder(entry(SPEED, "SPEED"), entry(LEVEL, "LEVEL"))
    every = decoder(entry(SPEED, "SPEED"), entry(LEVEL, "LEVEL"))
    assert [s for f in frames for s in one.feed(f)] == every.feed_all(frames)
