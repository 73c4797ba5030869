"""What must hold for the simulated car whatever anybody does to it."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.vehicle.api import ControlChanges, Fault, WorldChanges
from alpenglow.vehicle.ev.car import STEP_S, Car
from alpenglow.vehicle.ev.chassis import GRAVITY, Chassis
from alpenglow.vehicle.ev.ecus import ControlUnits
from alpenglow.vehicle.ev.faults import FAULTS, Damage
from tests.vehicle.ev.conftest import PARAMETERS, keep

share = st.floats(0, 1)
maybe = st.none() | st.booleans()
controls = st.builds(
    ControlChanges,
    accelerator=st.none() | share,
    brake=st.none() | share,
    steering=st.none() | st.floats(-1, 1),
    gear=st.sampled_from([None, "P", "R", "N", "D"]),
    parking_brake=maybe,
    ready=maybe,
    indicators=st.sampled_from([None, "OFF", "LEFT", "RIGHT"]),
    hazard=maybe,
    high_beam=maybe,
    wiper=st.sampled_from([None, "OFF", "FAST", "INTERVAL", "RAIN_SENSOR"]),
    light_switch=st.sampled_from([None, "OFF", "AUTO", "BEAM"]),
    door_front_left=maybe,
    boot=maybe,
    charge_cable=st.sampled_from([None, "NONE", "AC", "DC"]),
    belt_front_left=maybe,
    occupant_rear_right=maybe,
)
worlds = st.builds(
    WorldChanges,
    weather=st.sampled_from([None, "DRY", "RAIN", "SNOW", "FOG"]),
    outside_temperature=st.none() | st.floats(-40, 55),
    daylight=st.none() | st.floats(0, 100),
    grade=st.none() | st.floats(-30, 30),
    load=st.none() | st.floats(0, 500),
    headwind=st.none() | st.floats(-100, 100),
)
faults = st.tuples(st.sampled_from([f.id for f in FAULTS]), st.booleans())
happenings = st.lists(st.one_of(controls, worlds, faults), min_size=1, max_size=25)


def happen(car: Car, what: object) -> None:
    if isinstance(what, ControlChanges):
        car.control(what)
    elif isinstance(what, WorldChanges):
        car.surround(what)
    elif isinstance(what, tuple):
        car.damage.set(car, *what)


def numbers(car: Car) -> dict[str, float]:
    found = {}
    for name, part in vars(car).items():
        for key, value in (vars(part) if hasattr(part, "__dict__") else {name: part}).items():
            for v in value if isinstance(value, list | tuple) else [value]:
                if isinstance(v, float):
                    found[f"{name}.{key}"] = v
    return found


@given(happenings, st.floats(0.02, 0.98), st.floats(-35, 35))
@settings(max_examples=60, deadline=None)
def test_nothing_that_happens_breaks_the_laws(what: list[object], charge: float, start_speed: float) -> None:
    """Finite states, charge between 0 and 1, no jump of speed, and frames that can always be packed."""
    car = Car(PARAMETERS)
    car.battery.charge = charge
    car.chassis.speed = start_speed
    units = ControlUnits(car)
    for happening in what:
        happen(car, happening)
        for _ in range(30):
            before = car.chassis.speed
            car.driver.silence = 0.0
            car.step()
            for can_id, data in units.frames():
                assert len(data) == 8, can_id
            assert 0.0 <= car.battery.charge <= 1.0
            # The tyres' grip, a 30 % slope and a storm together change it by no more than this.
            assert abs(car.chassis.speed - before) <= 2.2 * GRAVITY * STEP_S
        assert all(math.isfinite(v) for v in numbers(car).values())
        assert 0.0 <= car.battery.displayed <= 1.0
        assert 0.0 <= car.low_voltage.voltage < 16.0


@given(happenings, st.floats(0.05, 0.95))
@settings(max_examples=40, deadline=None)
def test_energy_comes_from_the_battery_or_the_hill_alone(what: list[object], charge: float) -> None:
    """Kinetic energy is the sum of the forces' work; the drive's work is less than the motor drew (or more than it
    gave back); what left the cells is what left the terminals and the heat of the resistance.
    """
    car = Car(PARAMETERS)
    car.battery.charge = charge
    car.battery.refresh()
    drawn = heat = terminals = 0.0
    kinetic = 0.0
    work_before = dict(car.chassis.work)
    for happening in what:
        if isinstance(happening, tuple):
            continue  # a fault may put heat or charge in from outside
        happen(car, happening)
        for _ in range(40):
            inertia = car.chassis.inertia(car.mass)
            before = car.chassis.speed
            car.driver.silence = 0.0
            car.step()
            kinetic += 0.5 * inertia * (car.chassis.speed**2 - before**2)
            drawn += car.motor.power * STEP_S
            heat += car.battery.loss * STEP_S
            terminals += car.battery.power * STEP_S
    work = {k: v - work_before[k] for k, v in car.chassis.work.items()}
    scale = 10.0 + sum(abs(v) for v in work.values())
    assert abs(sum(work.values()) - kinetic) < 1e-6 * scale
    assert work["brake"] <= 1e-6 * scale
    assert work["rolling"] <= 1e-6 * scale
    assert work["drive"] <= drawn + 1e-6 * scale, "a motor gives no more than it draws"
    assert abs(car.battery.chemical - terminals - heat) < 1e-6 * (10.0 + abs(car.battery.chemical))


@given(happenings)
@settings(max_examples=10, deadline=None)
def test_the_same_inputs_give_the_same_drive(what: list[object]) -> None:
    ends = []
    for _ in range(2):
        car = Car(PARAMETERS)
        for happening in what:
            happen(car, happening)
            keep(car, 0.3)
        ends.append((numbers(car), car.body.values))
    assert ends[0] == ends[1]


def test_a_lap_of_the_lock_turns_the_car_round() -> None:
    """Full lock at walking pace: a circle of about 10.8 m (published turning circle, kerb to kerb)."""
    chassis = Chassis(PARAMETERS.body, 42.5, 1.5, 1000.0, 90.0)
    chassis.wheel_angle = -PARAMETERS.body.steering_lock
    chassis.speed = 2.0
    turned = 0.0
    while turned < 360.0:
        before = chassis.heading
        chassis.speed = 2.0
        chassis.step(0, 0, False, 1700, 0.95, 1, 0, 0, 1.2, STEP_S)
        turned += (chassis.heading - before) % 360.0
    assert 8.5 < chassis.distance / math.pi < 11.5


def test_repairing_everything_leaves_nothing_broken(car: Car) -> None:
    for fault in FAULTS:
        car.damage.set(car, fault.id, True)
    keep(car, 3)
    for fault in FAULTS:
        car.damage.set(car, fault.id, False)
    keep(car, 60, ControlChanges(brake=0.5, ready=True))
    assert car.ready
    assert car.motor.derating == 1.0
    assert not car.damage.active
    assert [f for f in car.damage.listed() if f.active] == []
    assert isinstance(car.damage.listed()[0], Fault)
    assert vars(car.damage) == vars(Damage())
    assert min(car.tyres.pressure(w) for w in range(4)) > 230
