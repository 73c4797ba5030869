"""Driving state: never late towards moving, never flickering at a standstill."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alpenglow.safety.driving_state import RESTRICTIONS, Driving, DrivingState, UxRestrictions
from alpenglow.signals import Quality, Reading

NOTHING = Reading(None, Quality.UNAVAILABLE, math.inf, 0, None)
SPEED = "Vehicle.Speed"
GEAR = "Vehicle.Powertrain.Transmission.CurrentGear"
BRAKE = "Vehicle.Chassis.ParkingBrake.IsEngaged"
PARK, DRIVE = 126, 127

type State = dict[str, float | bool | None]  # None: was heard, and is not valid now


def after(*steps: tuple[float, State]) -> DrivingState:
    """The state after the readings at each time (s)."""
    driving = Driving()
    for now, state in steps:
        driving.update(lambda p, s=state: reading(s, p), now)  # type: ignore[misc]
    return driving.state


def reading(state: State, path: str) -> Reading:
    if path not in state:
        return NOTHING
    value = state[path]
    return Reading(value, Quality.STALE if value is None else Quality.VALID, 0.0, 1, value)


def test_in_park_and_standing_is_parked() -> None:
    state: State = {SPEED: 0.0, GEAR: PARK}
    assert after((0, state), (1, state)) is DrivingState.PARKED


def test_standing_in_drive_is_idling() -> None:
    state: State = {SPEED: 0.0, GEAR: DRIVE}
    assert after((0, state), (1, state)) is DrivingState.IDLING


def test_without_any_gear_signal_the_parking_brake_tells() -> None:
    state: State = {SPEED: 0.0, BRAKE: True}
    assert after((0, state), (1, state)) is DrivingState.PARKED
    lost: State = state | {GEAR: None}
    assert after((0, lost), (1, lost)) is DrivingState.IDLING


def test_rolling_in_park_is_moving() -> None:
    assert after((0, {SPEED: 20.0, GEAR: PARK}), (9, {SPEED: 20.0, GEAR: PARK})) is DrivingState.MOVING


def test_it_moves_at_once_and_stands_a_second_later() -> None:
    still: State = {SPEED: 0.0, GEAR: DRIVE}
    rolling: State = {SPEED: 0.6, GEAR: DRIVE}
    assert after((0, still), (1, still), (1.001, rolling)) is DrivingState.MOVING
    assert after((0, rolling), (1, still), (1.99, still)) is DrivingState.MOVING
    assert after((0, rolling), (1, still), (2, still)) is DrivingState.IDLING


def test_a_lost_speed_is_moving_at_once() -> None:
    still: State = {SPEED: 0.0, GEAR: PARK}
    assert after((0, still), (1, still), (1.02, {SPEED: None, GEAR: PARK})) is DrivingState.MOVING
    assert after((0, {})) is DrivingState.MOVING


def test_shifting_out_of_park_is_seen_at_once() -> None:
    parked: State = {SPEED: 0.0, GEAR: PARK}
    assert after((0, parked), (1, parked), (1.02, {SPEED: 0.0, GEAR: DRIVE})) is DrivingState.IDLING


speeds = st.sampled_from([0.0, 0.3, 0.5, 0.51, -0.51, 40.0, math.nan, math.inf, None, True])


@given(st.lists(st.tuples(st.floats(0.01, 1.5), speeds), min_size=1, max_size=30))
def test_only_a_speed_proven_to_be_nought_is_ever_not_moving(steps: list[tuple[float, float | None]]) -> None:
    driving, now, states = Driving(), 0.0, []
    for wait, speed in steps:
        now += wait
        state = driving.update(lambda p, s=speed: reading({SPEED: s, GEAR: PARK}, p), now)  # type: ignore[misc]
        states.append((now, state))
        if speed is None or speed is True or not abs(speed) <= 0.5:
            assert state is DrivingState.MOVING
    # no flicker: from MOVING to anything else takes a second of standing
    for (_, before), (_, behind) in pairwise(states):
        assert before is not DrivingState.PARKED or behind in (DrivingState.PARKED, DrivingState.MOVING)


def test_restrictions_are_androids_bits() -> None:
    assert RESTRICTIONS[DrivingState.PARKED] == 0
    assert RESTRICTIONS[DrivingState.IDLING] == 80
    assert RESTRICTIONS[DrivingState.MOVING] == 511
    every = [r for r in UxRestrictions if r not in (UxRestrictions.BASELINE, UxRestrictions.FULLY_RESTRICTED)]
    assert sum(every) == UxRestrictions.FULLY_RESTRICTED
