"""A switch's way through the door: all settings in one message, the slow ones last, and what is told of each."""

from collections.abc import Mapping

from alpenglow.cockpit.profiles.settings import load_settings
from alpenglow.cockpit.profiles.switching import apply, switched, waits
from alpenglow.fabric import NoProvider, Outcome, ServiceError, TimedOut
from alpenglow.safety.api import MOST_AT_ONCE
from alpenglow.signals import Value, load_catalogue

SETTINGS = load_settings(load_catalogue())
VALUES: dict[str, Value] = dict.fromkeys(SETTINGS, 1)
SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"


class Door:
    """Answers as the door may; the real one is asked in test_profiles_in_the_car."""

    def __init__(self, answer: ServiceError | None = None, **states: Outcome) -> None:
        self.answer, self.states = answer, states
        self.asked: list[list[str]] = []

    async def actuate_all(self, values: Mapping[str, Value]) -> list[Outcome]:
        self.asked.append(list(values))
        if self.answer is not None:
            raise self.answer
        return [self.states.get(path.split(".")[-1]) or Outcome("confirmed", path, v) for path, v in values.items()]


async def test_everything_is_asked_for_at_once_and_what_a_motor_moves_comes_last() -> None:
    door = Door()
    outcomes = await apply(door, VALUES, SETTINGS)
    (asked,) = door.asked
    assert sorted(asked) == sorted(SETTINGS)
    assert [SETTINGS[path].travels for path in asked] == sorted(s.travels for s in SETTINGS.values())
    assert [o.path for o in outcomes] == asked


def test_a_profile_leaves_the_fingers_room_at_the_door() -> None:
    assert len(SETTINGS) <= MOST_AT_ONCE - 16


async def test_what_became_of_each_is_told() -> None:
    stays = Outcome("refused", SEAT, None, "drivers-seat-stays-put", "Not now.")
    blows = Outcome("moving", FAN, 20)
    told = switched("kim", "PERSON", await apply(Door(Position=stays, FanSpeed=blows), VALUES, SETTINGS))
    assert [(u.path, u.rule, u.message, u.again) for u in told.unset] == [
        (SEAT, "drivers-seat-stays-put", "Not now.", True)
    ]
    assert told.moving == [FAN]
    assert len(told.confirmed) == len(SETTINGS) - 2


async def test_a_door_that_answers_nothing_ends_no_switch() -> None:
    for error in (TimedOut("no answer"), NoProvider("not there")):
        told = switched("kim", "PERSON", await apply(Door(error), VALUES, SETTINGS))
        assert {(u.state, u.message, u.again) for u in told.unset} == {("timed_out", str(error), False)}
        assert sorted(u.path for u in told.unset) == sorted(SETTINGS)
        assert (told.confirmed, told.moving) == ([], [])


def test_only_what_another_moment_may_permit_is_tried_again() -> None:
    assert waits(Outcome("refused", SEAT, None, "drivers-seat-stays-put", "Not now."))
    for rule in ("value", "permission", "owner", "rate"):
        assert not waits(Outcome("refused", SEAT, None, rule, "No."))
    for state in ("confirmed", "moving", "no_provider", "timed_out"):
        assert not waits(Outcome(state, SEAT))


async def test_what_the_table_does_not_know_is_not_asked_for() -> None:
    door = Door()
    assert await apply(door, {"Vehicle.Body.Horn.IsActive": True}, SETTINGS) == []
    assert door.asked == []
