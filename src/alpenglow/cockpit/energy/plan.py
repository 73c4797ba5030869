"""When to charge: at once, in time for a departure, or in the cheap hours. Pure: no clock, no car.

Rules that always hold:
- the plan is by the clock on the wall, also on the two nights a year on which that jumps;
- what cannot be reached in time is begun at once, and said;
- what was begun for a departure goes on past it until the limit.
"""

from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from alpenglow.cockpit.api import ChargingPlan

_SPARE = timedelta(minutes=10)  # that a charge for a departure begins earlier than it must
_SLOWER = 1.1  # the last percents charge slower than the first


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be charged, and how fast it goes."""

    percent: float
    limit: float  # percent
    usable: float  # J between 0 % and 100 %
    power: float | None = None  # W into the battery; None: not known yet
    begun: bool = False  # whether this charge was begun for the departure

    def seconds(self) -> float | None:
        """s until the limit; None where the power is unknown."""
        if not self.power:
            return None
        return max(0.0, self.limit - self.percent) / 100.0 * self.usable / self.power


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan says now."""

    charge: bool
    begins: datetime | None = None  # while it waits
    until: datetime | None = None  # the departure, or the end of the hours
    percent: float | None = None  # that will be there at `until`; None where the power is unknown

    def reached(self, need: Need) -> bool | None:
        """Whether the limit is reached by then; None where nobody can tell."""
        return None if self.percent is None else self.percent >= need.limit - 0.5


def _instant(day: date, at: time, zone: tzinfo | None) -> datetime:
    """When the wall's clock shows `at` on `day`; `zone` None: the machine's own."""
    wall = datetime.combine(day, at)
    return wall.astimezone() if zone is None else wall.replace(tzinfo=zone)


def _next(at: time, now: datetime, zone: tzinfo | None) -> datetime:
    """The next time after `now` that the wall's clock shows `at`."""
    today = now.astimezone(zone).date()
    days = (_instant(today + timedelta(days=n), at, zone) for n in range(3))
    return next(day for day in days if day.timestamp() > now.timestamp())


def _after(need: Need, seconds: float) -> float | None:
    """Percent after charging for `seconds`; None where the power is unknown."""
    if need.percent >= need.limit:
        return need.percent
    if not need.power:
        return None
    return min(need.limit, need.percent + 100.0 * need.power * max(0.0, seconds) / need.usable)


def decide(plan: ChargingPlan, need: Need, now: datetime, zone: tzinfo | None = None) -> Decision:
    """What to do at `now` (aware) with a car that is plugged in."""
    if plan.mode == "READY_BY":
        return _ready_by(plan, need, now, zone)
    if plan.mode == "HOURS":
        return _hours(plan, need, now, zone)
    return Decision(charge=True)


def _ready_by(plan: ChargingPlan, need: Need, now: datetime, zone: tzinfo | None) -> Decision:
    departure = _next(time.fromisoformat(plan.ready_by), now, zone)
    there = _after(need, departure.timestamp() - now.timestamp())
    seconds = need.seconds()
    if seconds is None:  # nobody knows how long it takes
        return Decision(charge=True, until=departure, percent=there)
    begins = departure.timestamp() - seconds * _SLOWER - _SPARE.total_seconds()
    if need.begun or begins <= now.timestamp():
        return Decision(charge=True, until=departure, percent=there)
    # It waits, and so begins in time for all of it.
    return Decision(
        charge=False,
        begins=datetime.fromtimestamp(begins, departure.tzinfo),
        until=departure,
        percent=max(need.percent, need.limit),
    )


def _hours(plan: ChargingPlan, need: Need, now: datetime, zone: tzinfo | None) -> Decision:
    start, end = time.fromisoformat(plan.start), time.fromisoformat(plan.end)
    if start == end:  # all day
        return Decision(charge=True)
    begins, ends = _next(start, now, zone), _next(end, now, zone)
    if ends.timestamp() < begins.timestamp():  # the next thing to come is the end: the hours have begun
        return Decision(charge=True, until=ends, percent=_after(need, ends.timestamp() - now.timestamp()))
    length = ends.timestamp() - begins.timestamp()
    return Decision(charge=False, begins=begins, until=ends, percent=_after(need, length))
