"""A radar's frames become the objects that it saw: all of them, none twice, and nothing that a lost frame hid."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.signals import Catalogue, Quality, Sample, Value
from alpenglow.vehicle.dbc import Dbc, load_dbc, parse_dbc
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import LineError, RadarEntry, load_line
from alpenglow.vehicle.logs import LogReader
from alpenglow.vehicle.perception import Perception
from alpenglow.vehicle.radar import FIELDS, Radar, Scan
from tests.vehicle.bus.conftest import line_folder

OBJECTS = "Vehicle.Alpenglow.Perception.Objects"
MOUNT_M = 2.7  # the answer key counts from the car's middle, the radar from its front

_MESSAGE = """BO_ {id} T_{n}: 8 R
 SG_ Scan : 0|4@1+ (1,0) [0|15] "" R
 SG_ Valid : 4|1@1+ (1,0) [0|1] "" R
 SG_ New : 5|1@1+ (1,0) [0|1] "" R
 SG_ Ahead : 8|16@1+ (0.1,0) [0|6553] "m" R
 SG_ Left : 24|16@1- (0.1,0) [0|0] "m" R
 SG_ Rate : 40|16@1- (0.1,0) [0|0] "m/s" R
"""
SMALL = 'VERSION ""\nBU_: R\n' + "\n".join(_MESSAGE.format(id=256 + n, n=n) for n in range(3))
ENTRY = RadarEntry(
    bus="r", tracks="T_", scan="Scan", valid="Valid", new="New", ahead="Ahead", left="Left", speed="Rate"
)


@pytest.fixture
def small() -> Dbc:
    return parse_dbc(SMALL.encode(), "small.dbc")


def frame(scan: int, slot: int, ahead: float | None, left: float = 0.0, rate: float = 0.0, new: bool = False) -> Frame:
    bits = scan % 16
    if ahead is not None:
        bits |= 1 << 4 | new << 5 | round(ahead * 10) << 8
        bits |= (round(left * 10) & 0xFFFF) << 24 | (round(rate * 10) & 0xFFFF) << 40
    return Frame(scan * 50_000_000 + slot, "r", 256 + slot, bits.to_bytes(8, "little"))


def aheads(scans: Sequence[Scan]) -> list[list[float]]:
    return [[round(track.ahead, 1) for track in scan.tracks] for scan in scans]


def test_every_object_of_the_recorded_radar_arrives_as_a_signal_exactly(
    rav4: Path, rav4_catalogue: Catalogue, rav4_dbcs: dict[str, Dbc]
) -> None:
    line = load_line(line_folder("rav4"))
    assert line.radar is not None
    radar = Radar(line.radar, rav4_dbcs["can1"], "rav4")
    perception = Perception(radar, rav4_catalogue, lambda _path: None)
    with LogReader(rav4 / "drive.log.gz") as reader:
        samples = perception.feed_all(list(reader))
    index = rav4_catalogue.index_of[OBJECTS]
    lists: list[list[float]] = [s.value for s in samples if s.index == index]  # type: ignore[misc]
    assert len(lists) == 1200, "20 scans a second of a minute"
    assert not radar.failures

    seen: dict[int, list[tuple[float, ...]]] = {}
    generation: dict[int, float] = {}
    for objects in lists:
        for at in range(0, len(objects), FIELDS):
            number, ahead, left, speed, kind = objects[at : at + FIELDS]
            slot = int(number) % len(radar.addresses)
            new = number != generation.get(slot, slot)
            generation[slot] = number
            seen.setdefault(radar.addresses[slot], []).append((ahead + MOUNT_M, left, speed, new))
            assert kind == 0, "this radar does not say what it sees"
    key = np.load(rav4 / "reference.npz")["radar"]
    assert sum(map(len, seen.values())) == len(key) == 10_100
    for address, rows in seen.items():
        expected = key[key[:, 3] == address]
        np.testing.assert_array_equal(np.array(rows), expected[:, [0, 1, 2, 4]], err_msg=f"{address:#x}")


def test_a_scan_is_told_once_and_when_it_is_whole(small: Dbc) -> None:
    radar = Radar(ENTRY, small, "here")
    assert radar.feed_all([frame(1, 0, 10), frame(1, 2, 30)]) == []
    assert aheads(radar.feed_all([frame(1, 1, 20)])) == [[10, 20, 30]]
    assert radar.feed_all([frame(1, n, 5) for n in range(3)]) == [], "the same scan again is not a newer one"
    assert aheads(radar.feed_all([frame(2, n, None) for n in range(3)])) == [[]], "nothing around is also an answer"


def test_a_lost_frame_costs_its_own_track_alone(small: Dbc) -> None:
    radar = Radar(ENTRY, small, "here")
    assert radar.feed_all([frame(1, 0, 10), frame(1, 2, 30)]) == []
    assert aheads(radar.feed_all([frame(2, n, 11) for n in range(3)])) == [[10, 30], [11, 11, 11]]


def test_a_short_frame_and_one_of_another_bus_say_nothing(small: Dbc) -> None:
    radar = Radar(ENTRY, small, "here")
    short = frame(1, 0, 10)._replace(data=b"\x11\x00")
    other = frame(1, 0, 10)._replace(channel="can7")
    assert radar.feed_all([short, other, frame(1, 1, 20), frame(1, 2, 30)]) == []
    assert aheads(radar.feed_all([frame(2, 0, 1)])) == [[20, 30]]
    assert radar.failures == {"T_0": 1}


def test_a_track_with_a_wrong_checksum_is_not_an_object(rav4: Path, rav4_dbcs: dict[str, Dbc]) -> None:
    line = load_line(line_folder("rav4"))
    assert line.radar is not None
    radar = Radar(line.radar, rav4_dbcs["can1"], "rav4")
    with LogReader(rav4 / "drive.log.gz") as reader:
        frames = [f for f in reader if f.channel == "can1" and 0x210 <= f.can_id <= 0x21F][:32]
    spoiled = frames[0]._replace(data=bytes([*frames[0].data[:3], frames[0].data[3] ^ 1, *frames[0].data[4:]]))
    first, second = radar.feed_all([spoiled, *frames[1:]])
    assert 0 not in {track.id for track in first.tracks}
    assert 0 in {track.id for track in second.tracks}
    assert radar.failures == {"TRACK_A_0": 1}


def test_a_new_track_in_an_old_place_has_an_id_of_its_own(small: Dbc) -> None:
    radar = Radar(ENTRY, small, "here")
    ids = []
    for scan, new in enumerate((False, False, True, False), start=1):
        (told,) = radar.feed_all([frame(scan, 0, 10, new=new), frame(scan, 1, 20), frame(scan, 2, None)])
        ids.append([track.id for track in told.tracks])
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert ids[2][0] not in ids[0]
    assert ids[2][1] == ids[0][1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans(), st.binary(max_size=8)), max_size=60))
def test_whatever_arrives_a_list_names_no_object_twice(spoken: list[tuple[int, int, bool, bytes]]) -> None:
    radar = Radar(ENTRY, parse_dbc(SMALL.encode(), "small.dbc"), "here")
    frames = []
    for scan, slot, odd, data in spoken:
        honest = frame(scan, slot, 10.0 * slot + 1)
        frames.append(honest._replace(data=data) if odd else honest)
    for told in radar.feed_all(frames):
        ids = [track.id for track in told.tracks]
        assert len(ids) == len(set(ids)) <= 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tracks": "U_"}, r"here.tracks: small.dbc has no message U_0"),
        ({"ahead": "Far"}, r"here.ahead: T_0 has no signal Far"),
        ({"left": "-"}, r"here.left: "),
    ],
)
def test_a_table_that_does_not_fit_names_its_place(small: Dbc, changes: dict[str, Any], said: str) -> None:
    entry = RadarEntry(**{**{f: getattr(ENTRY, f) for f in ENTRY.__struct_fields__}, **changes})
    with pytest.raises(LineError, match=said):
        Radar(entry, small, "here")


# What is followed, as signals.

DISTANCE = "Vehicle.ADAS.ObstacleDetection.Front.Center.Distance"
TIME_GAP = "Vehicle.ADAS.ObstacleDetection.Front.Center.TimeGap"
WARNING = "Vehicle.ADAS.ObstacleDetection.Front.Center.IsWarning"
LEAD = "Vehicle.Alpenglow.Perception.Lead"


@pytest.fixture
def look(small: Dbc, rav4_catalogue: Catalogue) -> Callable[..., dict[str, Sample]]:
    """What is said of one scan, by a car that reads `known` of itself."""

    def look(*tracks: tuple[float, float, float], **known: Value) -> dict[str, Sample]:
        paths = {
            "speed": "Vehicle.Speed",
            "yaw": "Vehicle.AngularVelocity.Yaw",
            "offset": "Vehicle.Alpenglow.Perception.LaneOffset",
            "width": "Vehicle.Alpenglow.Perception.LaneWidth",
            "curvature": "Vehicle.Alpenglow.Perception.LaneCurvature",
        }
        values = {paths[name]: value for name, value in known.items()}
        perception = Perception(Radar(ENTRY, small, "here"), rav4_catalogue, values.get)
        frames = [frame(1, n, *(tracks[n] if n < len(tracks) else (None,))) for n in range(3)]
        return {rav4_catalogue.signals[s.index].path: s for s in perception.feed_all(frames)}

    return look


def test_the_lead_is_the_nearest_ahead_in_the_own_lane(look: Callable[..., dict[str, Sample]]) -> None:
    said = look((60, 0.5, -1), (40, -1.0, 0), (10, 3.4, 0), speed=72.0)
    assert said[LEAD].value == 1
    assert said[DISTANCE].value == 40.0
    assert said[TIME_GAP].value == 2000
    assert said[WARNING].value is False


def test_without_a_lead_distance_and_gap_have_no_value(look: Callable[..., dict[str, Sample]]) -> None:
    said = look((10, 3.4, 0), speed=72.0)
    assert said[LEAD].value == -1
    assert {said[DISTANCE].quality, said[TIME_GAP].quality} == {Quality.INVALID}
    assert said[WARNING].value is False


def test_a_time_gap_is_not_made_up_for_a_car_that_stands_or_whose_speed_is_unknown(
    look: Callable[..., dict[str, Sample]],
) -> None:
    for known in ({"speed": 0.0}, {}):
        said = look((10, 0, 0), **known)
        assert said[DISTANCE].value == 10.0
        assert said[TIME_GAP].quality is Quality.INVALID


def test_the_lane_goes_with_the_bend_and_with_the_place_in_it(look: Callable[..., dict[str, Sample]]) -> None:
    # At 20 m/s, 0.2 rad/s to the left is a radius of 100 m: at 40 m the lane lies 8 m to the left.
    ahead, beside = (40.0, 8.0, 0.0), (40.0, 0.0, 0.0)
    assert look(beside, ahead, speed=72.0, yaw=11.459)[LEAD].value == 1
    assert look(beside, ahead, speed=72.0, yaw=11.459, curvature=0.0)[LEAD].value == 0, "the camera knows better"
    assert look((30, -1.5, 0), (40, 1.5, 0), speed=72.0, offset=-0.8, width=3.0)[LEAD].value == 1


@pytest.mark.parametrize(
    ("ahead", "rate", "speed", "warns"),
    [(20, -10, 72, True), (30, -10, 72, False), (20, 3, 72, False), (2, -2, 8, False)],
)
def test_it_warns_while_there_is_still_time_to_brake(
    look: Callable[..., dict[str, Sample]], ahead: float, rate: float, speed: float, warns: bool
) -> None:
    assert look((ahead, 0, rate), speed=float(speed))[WARNING].value is warns


def test_the_rav4_follows_a_car_through_its_minute(
    rav4: Path, rav4_catalogue: Catalogue, rav4_dbcs: dict[str, Dbc]
) -> None:
    line = load_line(line_folder("rav4"))
    assert line.radar is not None
    dbc = load_dbc(rav4 / "radar.dbc")
    perception = Perception(Radar(line.radar, dbc, "rav4"), rav4_catalogue, {"Vehicle.Speed": 90.0}.get)
    with LogReader(rav4 / "drive.log.gz") as reader:
        samples = perception.feed_all(list(reader))
    distance = rav4_catalogue.index_of[DISTANCE]
    told = [s for s in samples if s.index == distance]
    assert len(told) == 1200
    followed = [s.value for s in told if s.quality is Quality.VALID]
    assert len(followed) > 600
