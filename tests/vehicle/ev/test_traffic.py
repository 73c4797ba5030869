"""The cars around the simulated one: how they drive, what the radar says of them, and who keeps a distance to whom."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.fabric.room import line_catalogue
from alpenglow.signals import Quality, Sample
from alpenglow.vehicle.api import ControlChanges, WorldChanges
from alpenglow.vehicle.dbc import load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.cruise import CRUISE, TIME_GAPS_S
from alpenglow.vehicle.ev.driver import Demonstration
from alpenglow.vehicle.ev.ecus import ControlUnits
from alpenglow.vehicle.ev.parameters import TrafficData
from alpenglow.vehicle.ev.traffic import Other, Traffic, idm
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import load_line
from alpenglow.vehicle.mapping import load_mapping
from alpenglow.vehicle.perception import Perception
from alpenglow.vehicle.radar import FIELDS, Radar
from tests.vehicle.ev.conftest import AURORA, in_drive, keep

LANE = "Vehicle.Alpenglow.Perception.Lane"
OBSTACLE = "Vehicle.ADAS.ObstacleDetection.Front.Center"
TICK_S = 0.05


def at_speed(car: Car, kmh: float, traffic: float) -> Car:
    """Driving at `kmh` as if it had done so for long."""
    in_drive(car)
    car.chassis.speed = kmh / 3.6
    car.surround(WorldChanges(traffic=traffic, speed_limit=round(kmh)))
    return car


def cruise(car: Car, kmh: float, adaptive: bool = True, interval: int = 3) -> Car:
    car.command(f"{CRUISE}.IsEnabled", True)
    car.command(f"{CRUISE}.IsAdaptive", adaptive)
    car.command(f"{CRUISE}.AdaptiveIntervalSet", interval)
    car.command(f"{CRUISE}.SpeedSet", kmh)
    car.command(f"{CRUISE}.IsActive", True)
    return car


def only(car: Car, gap: float, kmh: float, pace: float = 1.0) -> Other:
    """One other alone: `gap` metres ahead in our lane."""
    traffic = car.traffic
    car.surround(WorldChanges(traffic=100))
    traffic._most = 1  # nobody else comes
    keep(car, TICK_S)
    traffic.others.clear()
    other = traffic._another(1)
    other.lane, other.y = traffic.road.lane, float(traffic.road.lane)
    other.at, other.speed, other.pace = gap + other.kind.length, kmh / 3.6, pace
    other.thinks = 1e9  # it keeps its lane
    traffic.others.append(other)
    return other


class Watched:
    """The car with only what its radar and camera say of the road, by way of frames."""

    def __init__(self, car: Car) -> None:
        self.car = car
        self.catalogue = line_catalogue(AURORA)
        dbc = load_dbc(AURORA / "aurora.dbc")
        mapping = load_mapping(AURORA / "aurora.map.json", dbc, self.catalogue)
        self.units = ControlUnits(car)
        self.latest: dict[str, Sample] = {}
        entry = load_line(AURORA).radar
        assert entry is not None
        self._decoder = Decoder({"can0": dbc}, {"can0": mapping}, self.catalogue)
        self._perception = Perception(Radar(entry, dbc, "aurora"), self.catalogue, self.value)

    def value(self, path: str) -> object:  # type: ignore[override]
        sample = self.latest.get(path)
        return None if sample is None or sample.quality is not Quality.VALID else sample.value

    def run(self, seconds: float) -> Iterator[list[float]]:
        """Live for `seconds`; yields each new list of objects."""
        objects = self.catalogue.index_of["Vehicle.Alpenglow.Perception.Objects"]
        for _ in range(round(seconds / STEP_S)):
            self.car.driver.silence = 0.0
            self.car.step()
            now = round(self.car.time * 1e9)
            frames = [Frame(now, "can0", can_id, data) for can_id, data in self.units.frames()]
            for sample in (*self._decoder.feed_all(frames), *self._perception.feed_all(frames)):
                self.latest[self.catalogue.signals[sample.index].path] = sample
                if sample.index == objects:
                    yield sample.value  # type: ignore[misc]


def test_the_same_drive_meets_the_same_traffic() -> None:
    def meet() -> list[tuple[int, int, float]]:
        from tests.vehicle.ev.conftest import PARAMETERS

        car, driver = Car(PARAMETERS), Demonstration()
        for step in range(6000):
            if step % 5 == 0:
                driver.step(car, STEP_S * 5)
            car.step()
        return [(other.number, other.lane, other.at) for other in car.traffic.others]

    first = meet()
    assert first
    assert first == meet()


@given(
    st.integers(0, 2**16),
    st.floats(0.1, 1.0),
    st.lists(st.tuples(st.floats(0, 38), st.floats(-0.06, 0.06)), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_however_we_drive_no_two_of_the_others_overlap(
    seed: int, density: float, drive: list[tuple[float, float]]
) -> None:
    traffic = Traffic(TrafficData(seed=seed), 4.2)
    for speed, yaw in drive:
        for _ in range(160):
            traffic.road.step(speed, yaw if speed > 5 else 0.0, yaw > 0.03, 0.9, TICK_S)
            traffic.step(speed, density, 0.0, False, TICK_S)
            for one, other in itertools.combinations(traffic.others, 2):
                apart = one.rear > other.at or other.rear > one.at or abs(one.y - other.y) > 0.4
                assert apart, (one.at, one.rear, one.y, other.at, other.rear, other.y)
            assert 0 <= traffic.road.lane < 3
            assert all(other.speed >= 0.0 for other in traffic.others)


def test_some_overtake_us_and_some_we_overtake(car: Car) -> None:
    at_speed(car, 100, traffic=60)
    cruise(car, 100)
    came = gone = 0
    before: dict[int, float] = {}
    for _ in range(2400):
        keep(car, 0.1)
        now = {other.number: other.at for other in car.traffic.others}
        came += sum(before[n] < 0.0 <= at for n, at in now.items() if n in before)
        gone += sum(before[n] >= 0.0 > at for n, at in now.items() if n in before)
        before = now
    assert came >= 2
    assert gone >= 2


def test_nobody_is_around_a_parked_car_nor_where_traffic_is_off(car: Car) -> None:
    car.surround(WorldChanges(traffic=100))
    keep(car, 5)
    assert not car.traffic.others
    at_speed(car, 80, traffic=100)
    keep(car, 5)
    assert len(car.traffic.others) > 8
    car.surround(WorldChanges(traffic=0))
    keep(car, 0.2)
    assert not car.traffic.others


def test_a_car_that_we_drive_into_leaves_the_road(car: Car) -> None:
    other = only(at_speed(car, 80, traffic=50), gap=15, kmh=30, pace=0.3)
    keep(car, 3)
    assert other not in car.traffic.others


def test_who_indicates_and_turns_changes_the_lane(car: Car) -> None:
    at_speed(car, 80, traffic=0)
    cruise(car, 80)
    lane = car.traffic.road.lane
    keep(car, 2.0, ControlChanges(steering=-0.13, indicators="LEFT"))
    keep(car, 8, ControlChanges(steering=0.0, indicators="OFF"))
    assert car.traffic.road.lane == lane + 1
    assert abs(car.traffic.road.offset) < 1.0


def test_a_long_turn_is_a_bend_of_the_road(car: Car) -> None:
    at_speed(car, 80, traffic=0)
    cruise(car, 80)
    lane = car.traffic.road.lane
    keep(car, 8, ControlChanges(steering=0.08))
    assert car.traffic.road.curvature < -1e-3, "to the right"
    assert car.traffic.road.lane == lane


# Cruise control


def test_adaptive_cruise_control_keeps_the_distance_that_was_chosen(car: Car) -> None:
    at_speed(car, 110, traffic=50)
    other = only(car, gap=100, kmh=70, pace=70 / 110)
    cruise(car, 110, interval=2)
    nearest = 100.0
    for _ in range(600):
        keep(car, 0.1)
        nearest = min(nearest, other.rear)
    assert car.chassis.speed == pytest.approx(other.speed, abs=0.5)
    assert nearest > TIME_GAPS_S[1] * 70 / 3.6 * 0.8
    near = other.rear
    car.command(f"{CRUISE}.AdaptiveIntervalSet", 4)
    keep(car, 40)
    assert other.rear > near + 8.0, "a longer interval is a longer distance"


def test_it_brakes_behind_one_that_stops_and_goes_on_with_it(car: Car) -> None:
    at_speed(car, 60, traffic=50)
    other = only(car, gap=60, kmh=60)
    cruise(car, 60)
    keep(car, 3)
    other.pace = 0.0
    keep(car, 25)
    assert abs(car.chassis.speed) < 0.1
    assert other.rear > 1.0, "it did not touch"
    assert car.braking == 1 or car.chassis.speed == 0.0
    other.pace = 1.0
    keep(car, 25)
    assert car.chassis.speed > 10.0
    assert car.body.on(f"{CRUISE}.IsActive")


def test_plain_cruise_control_keeps_its_speed_whoever_is_ahead(car: Car) -> None:
    at_speed(car, 80, traffic=50)
    only(car, gap=60, kmh=60, pace=0.7)
    cruise(car, 80, adaptive=False)
    keep(car, 6)
    assert car.chassis.speed * 3.6 == pytest.approx(80, abs=3)


def test_a_foot_on_the_accelerator_overrules_the_distance(car: Car) -> None:
    at_speed(car, 60, traffic=50)
    only(car, gap=40, kmh=55, pace=0.9)
    cruise(car, 60)
    keep(car, 3, ControlChanges(accelerator=0.6))
    assert car.chassis.speed * 3.6 > 64


# What is said of it


def test_the_radar_says_where_the_others_are(car: Car) -> None:
    watched = Watched(at_speed(car, 90, traffic=80))
    scans = 0
    for objects in watched.run(20):
        scans += 1
        assert len(objects) == FIELDS * min(16, len(car.traffic.others))
        for at in range(0, len(objects), FIELDS):
            _, ahead, left, speed, kind = objects[at : at + FIELDS]
            other = min(car.traffic.others, key=lambda o, a=ahead: abs(o.rear - a))  # type: ignore[misc]
            assert ahead == pytest.approx(other.rear, abs=0.05)
            if sum(abs(o.rear - ahead) < 0.1 for o in car.traffic.others) == 1:
                assert left == pytest.approx(car.traffic.road.left(other.y, other.rear), abs=0.05)
                assert speed == pytest.approx(other.speed - car.chassis.speed, abs=0.05)
                assert kind == other.kind.number
    assert scans == 400, "20 a second"


def test_an_object_keeps_its_id_from_scan_to_scan(car: Car) -> None:
    watched = Watched(at_speed(car, 90, traffic=100))
    before: dict[float, float] = {}
    for objects in watched.run(60):
        now = {objects[at]: objects[at + 1] for at in range(0, len(objects), FIELDS)}
        for number, ahead in now.items():
            if number in before:
                assert abs(ahead - before[number]) < 4.0, "another one would be somewhere else"
        before = now


def test_distance_gap_and_warning_come_as_signals(car: Car) -> None:
    watched = Watched(at_speed(car, 90, traffic=50))
    other = only(car, gap=50, kmh=90)
    list(watched.run(1))
    assert watched.value(f"{OBSTACLE}.Distance") == pytest.approx(other.rear, abs=0.5)
    assert watched.value(f"{OBSTACLE}.TimeGap") == pytest.approx(other.rear / car.chassis.speed * 1000, abs=60)
    assert watched.value(f"{OBSTACLE}.IsWarning") is False
    other.speed, other.pace = 30 / 3.6, 0.33
    warned = any(watched.value(f"{OBSTACLE}.IsWarning") is True for _ in watched.run(4))
    assert warned


def test_leaving_the_lane_is_warned_of_and_the_indicator_says_that_it_is_meant(car: Car) -> None:
    warning = "Vehicle.ADAS.LaneDepartureDetection.IsWarning"
    watched = Watched(cruise(at_speed(car, 90, traffic=0), 90))

    def drift(**signs: str) -> bool:
        car.control(ControlChanges(steering=-0.2, **signs))  # type: ignore[arg-type]
        return any(watched.value(warning) is True for _ in watched.run(1.2))

    assert drift()
    car.control(ControlChanges(steering=0.0))
    list(watched.run(10))
    assert watched.value(warning) is False
    assert watched.value(f"{LANE}Width") == pytest.approx(3.5, abs=0.01)
    assert not drift(indicators="LEFT")
    car.control(ControlChanges(steering=0.0, indicators="OFF"))
    list(watched.run(10))
    car.command("ADAS.LaneDepartureDetection.IsEnabled", False)
    assert not drift()


def test_a_silent_radar_is_not_taken_for_an_empty_road(car: Car) -> None:
    watched = Watched(at_speed(car, 90, traffic=80))
    assert list(watched.run(1))
    car.damage.set(car, "radar_silent", True)
    assert list(watched.run(1)) == [], "nothing is said, so the last list goes stale"
    assert car.lead() is None


@given(st.floats(0, 40), st.floats(5, 40), st.floats(0.1, 300), st.floats(-20, 20))
def test_a_driver_brakes_no_harder_than_a_car_can_and_not_for_a_free_road(
    speed: float, wish: float, gap: float, closing: float
) -> None:
    assert -8.0 <= idm(speed, wish, gap, closing) <= 1.4
    assert idm(speed, wish, gap, closing) <= idm(speed, wish, gap + 10.0, closing)
