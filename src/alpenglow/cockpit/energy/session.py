"""One charge, from the cable's coming to its going: what flowed, how fast, and the curve of it. Pure."""

import msgspec

_POINT_S = 30.0  # between two points of the curve, unless a percent was won before
_POINTS = 160  # the most that are kept; of more, every second one goes
FAST = 22_500.0  # W; more than any alternating current charger in a car takes (three phases of 32 A)


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One point of the charging curve."""

    seconds: float  # since the cable came
    percent: float
    watts: float


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """The charge under way, or the last one."""

    started: str  # ISO 8601, UTC
    from_percent: float
    plugged: bool = True
    seconds: float = 0.0
    flowing: float = 0.0  # s in which current flowed
    added: float = 0.0  # J into the battery
    most: float = 0.0  # W
    power: float = 0.0  # W into the battery that the charging point was last seen to give
    steady: float = 0.0  # s that it has given something
    dry: float = 0.0  # s that nothing has come although it was asked for
    begun: bool = False  # for the departure that the plan names
    now: bool = False  # a person wants it at once, whatever the plan says
    held: bool = False  # the plan has stopped it
    curve: list[Point] = []

    @property
    def fast(self) -> bool:
        """Whether it is a fast charger, where nobody waits for cheap hours."""
        return self.most > FAST


def flowed(session: Session, seconds: float, watts: float, percent: float, *, asked: bool) -> Session:
    """`session` after `seconds` with `watts` into the battery; `asked`: the car is to charge and is not full."""
    flows = watts > 0.0
    at = session.seconds + seconds
    curve = session.curve
    last = curve[-1] if curve else None
    if flows and (last is None or at - last.seconds >= _POINT_S or percent - last.percent >= 1.0):
        curve = [*curve, Point(round(at), round(percent, 1), round(watts))]
        if len(curve) > _POINTS:
            curve = curve[::2]
    return msgspec.structs.replace(
        session,
        seconds=at,
        flowing=session.flowing + (seconds if flows else 0.0),
        added=session.added + max(0.0, watts) * seconds,
        most=max(session.most, watts),
        power=watts if flows else session.power,
        steady=session.steady + seconds if flows else 0.0,
        dry=0.0 if flows or not asked else session.dry + seconds,
        curve=curve,
    )
