"""A switch's way through the door: all settings, the slow ones last, none lost because too many came at once."""

import asyncio

from alpenglow.cockpit.profiles.settings import load_settings
from alpenglow.cockpit.profiles.switching import apply, switched, waits
from alpenglow.fabric import NoProvider, Outcome, TimedOut
from alpenglow.signals import Value, load_catalogue

SETTINGS = load_settings(load_catalogue())
VALUES: dict[str, Value] = dict.fromkeys(SETTINGS, 1)
SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.Position"
FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"


class Door:
    """Answers as the door may; the real one is asked in test_profiles_in_the_car."""

    def __init__(self, answers: dict[str, list[Outcome | Exception]] | None = None) -> None:
        self.answers = answers or {}
        self.asked: list[str] = []
        self.under_way = self.most = 0

    async def actuate(self, path: str, value: Value) -> Outcome:
        self.asked.append(path)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        answer = self.answers[path].pop(0) if self.answers.get(path) else Outcome("confirmed", path, value)
        if isinstance(answer, Exception):
            raise answer
        return answer


def travels(path: str) -> bool:
    return SETTINGS[path].travels


async def test_everything_is_asked_for_once_and_what_a_motor_moves_comes_last() -> None:
    door = Door()
    outcomes = await apply(door, VALUES, SETTINGS)
    assert [o.path for o in outcomes] == list(SETTINGS)
    assert sorted(door.asked) == sorted(SETTINGS)
    assert [travels(p) for p in door.asked] == sorted(travels(p) for p in door.asked)
    assert 1 < door.most < 32, "the door takes 32 of one caller at once"


async def test_what_the_door_had_no_time_for_is_asked_again_and_what_it_refused_is_not() -> None:
    crowded = Outcome("refused", FAN, None, "rate", "Too many.")
    stays = Outcome("refused", SEAT, None, "drivers-seat-stays-put", "Not now.")
    door = Door({FAN: [crowded, NoProvider("busy"), crowded], SEAT: [stays]})
    outcomes = {o.path: o for o in await apply(door, VALUES, SETTINGS)}
    assert outcomes[FAN].state == "confirmed"
    assert door.asked.count(FAN) == 4
    assert (outcomes[SEAT].state, door.asked.count(SEAT)) == ("refused", 1)


async def test_a_door_that_answers_nothing_ends_no_switch() -> None:
    door = Door({FAN: [TimedOut("no answer")]})
    told = switched("kim", "PERSON", await apply(door, VALUES, SETTINGS))
    assert [(u.path, u.state, u.again) for u in told.unset] == [(FAN, "timed_out", False)]
    assert len(told.confirmed) + len(told.moving) + len(told.unset) == len(SETTINGS)


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
