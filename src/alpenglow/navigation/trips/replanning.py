"""How a drive departs from its plan: whether to plan anew, and which conditions are to blame.

What was used too much so far is expected to go on by the kilometre, not in proportion: on a descent the planned energy
is negative, and a share of it says nothing.
"""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from alpenglow.navigation import api
from alpenglow.navigation.energy.model import Conditions, EnergyModel
from alpenglow.navigation.energy.speeds import SpeedProfile
from alpenglow.navigation.roads.graph import Floats
from alpenglow.navigation.trips.legs import KWH, Piece
from alpenglow.navigation.trips.plan import Planned
from alpenglow.navigation.trips.search import Found
from alpenglow.navigation.trips.wording import Words

_DOUBT_M = 2000.0  # of driving before half of what departs is believed to go on
_FIRST_M = 1000.0  # before which nothing is planned anew
_PAUSE_S = 120.0  # between two plans
_LOWER = 3.0  # per cent of charge less than planned on arrival that call for a new plan, …
_HIGHER = 6.0  # … and more, where a stop could become shorter
_TOLERANCE = 0.5  # per cent below what must be kept
_CAUSE = 0.01  # of the planned energy; smaller causes are not told


@dataclass(frozen=True)
class Progress:
    """How far a drive has come."""

    at_m: float  # on the present leg
    charge_pct: float  # now
    used_kwh: tuple[float, ...]  # on each leg so far, the present one last; without what was charged

    @property
    def leg(self) -> int:
        """The number of the present leg."""
        return len(self.used_kwh) - 1


@dataclass(frozen=True)
class Expected:
    """How the present leg will end if it goes on like this."""

    planned_kwh: float  # of all that was driven so far
    used_kwh: float
    arrival_pct: float  # not limited to 0: how much is missing can be seen
    planned_arrival_pct: float
    replan: bool


@dataclass(frozen=True)
class Observed:
    """What the drive really met on the present leg."""

    conditions: Conditions
    distance_m: Floats = field(default_factory=lambda: np.zeros(0))  # where the speed was measured, rising
    speed_ms: Floats = field(default_factory=lambda: np.zeros(0))
    traffic: bool = False  # whether others set the speed


def expected(planned: Planned, progress: Progress) -> Expected:
    """What to expect of the present leg. ValueError where the plan has no such leg."""
    found = _found(planned, progress)
    leg = progress.leg
    before = sum(begin - end for begin, end in found.charges[:leg])
    behind = _energy(found, leg, progress.at_m)
    ahead = found.legs[leg].draw.energy - behind
    length = sum(piece.distance_m for piece in found.legs[leg].pieces)
    excess = (progress.used_kwh[-1] - behind) / (progress.at_m + _DOUBT_M) * max(0.0, length - progress.at_m)
    percent = 100.0 / planned.full
    arrival = progress.charge_pct - percent * (ahead + excess)
    planned_arrival = percent * found.charges[leg][1]
    stops = leg < len(found.legs) - 1
    kept = planned.request.options.least if stops else planned.request.options.reserve
    short = arrival < kept - _TOLERANCE or arrival < planned_arrival - _LOWER
    replan = progress.at_m >= _FIRST_M and (short or (stops and arrival > planned_arrival + _HIGHER))
    return Expected(before + behind, sum(progress.used_kwh), arrival, planned_arrival, replan)


class Watch:
    """Says when to plan anew, and not over and over."""

    def __init__(self, planned: Planned, now_s: float) -> None:
        """`now_s`: any clock that never goes back; the plan is of that moment."""
        self.planned = planned
        self._since_s = now_s

    def update(self, progress: Progress, now_s: float) -> Expected | None:
        """What to expect, where that calls for a new plan."""
        if now_s - self._since_s < _PAUSE_S:
            return None
        result = expected(self.planned, progress)
        if not result.replan:
            return None
        self._since_s = now_s
        return result


def causes(model: EnergyModel, planned: Planned, progress: Progress, observed: Observed, say: Words) -> list[api.Cause]:
    """Why the present leg takes another energy than planned, the largest cause first.

    The model drives what lies behind again with one observed condition after the other put in place of the planned
    one: each step's difference is that cause's share. What the model does not explain is "other".
    """
    found = _found(planned, progress)
    driven = _behind(found.legs[progress.leg].pieces, progress.at_m)
    if not driven:
        return []
    conditions = planned.conditions
    if progress.leg:
        conditions = replace(conditions, cabin_c=None)
    base = _drive(model, driven, conditions)
    scale = max(abs(base), 0.05)
    steps: list[tuple[str, float]] = []
    last = base
    for reason, values in _changes(conditions, observed.conditions):
        conditions = replace(conditions, **values)  # type: ignore[arg-type]
        now = _drive(model, driven, conditions)
        steps.append((reason, now - last))
        last = now
    if len(observed.distance_m) >= 2:
        now = _drive(model, _at_speed(driven, observed), conditions)
        steps.append(("traffic" if observed.traffic else "speed", now - last))
        last = now
    steps.append(("other", progress.used_kwh[-1] - last))
    result = [
        api.Cause(reason=reason, share=kwh / scale, text=_text(reason, kwh / scale, say))  # type: ignore[arg-type]
        for reason, kwh in steps
        if abs(kwh / scale) >= _CAUSE
    ]
    return sorted(result, key=lambda cause: -abs(cause.share))


def _text(reason: str, share: float, say: Words) -> str:
    word = "tailwind" if reason == "headwind" and share < 0.0 else reason
    return say.say("cause.line", cause=say.say(f"cause.{word}"), share=say.change(share))


def _changes(planned: Conditions, observed: Conditions) -> list[tuple[str, dict[str, float | bool | None]]]:
    """What is to be put in place, in order. A measured climate load comes after the temperature that explains it."""
    groups = {
        "headwind": ("headwind_ms", "wind_ms", "wind_from_deg"),
        "temperature": ("outside_c", "battery_c", "rolling"),
        "climate": ("climate", "wanted_c", "climate_w", "daylight"),
        "load": ("people", "load_kg", "extra_w"),
    }
    changes = []
    for reason, names in groups.items():
        values = {name: getattr(observed, name) for name in names if getattr(observed, name) != getattr(planned, name)}
        if values:
            changes.append((reason, values))
    return changes


def _found(planned: Planned, progress: Progress) -> Found:
    if planned.found is None or not 0 <= progress.leg < len(planned.found.legs):
        raise ValueError(f"the plan has no leg {progress.leg}")
    return planned.found


def _energy(found: Found, leg: int, at_m: float) -> float:
    """kWh that the plan has for the first `at_m` of a leg."""
    total = 0.0
    for piece in found.legs[leg].pieces:
        taken = np.concatenate(([0.0], np.cumsum(piece.driven.energy_j))) / KWH
        total += float(np.interp(at_m, piece.profile.distance_m, taken))
        at_m -= piece.distance_m
        if at_m <= 0.0:
            return total
    return total


def _behind(pieces: tuple[Piece, ...], at_m: float) -> list[SpeedProfile]:
    """The profiles of what was driven, the last one cut off."""
    profiles: list[SpeedProfile] = []
    for piece in pieces:
        count = int(np.searchsorted(piece.profile.distance_m, at_m, side="right"))
        if count >= 2:
            profiles.append(_cut(piece.profile, count))
        at_m -= piece.distance_m
        if at_m <= 0.0:
            break
    return profiles


def _cut(profile: SpeedProfile, count: int) -> SpeedProfile:
    if count >= len(profile.distance_m):
        return profile
    return replace(profile, **{each.name: getattr(profile, each.name)[:count] for each in fields(profile)})


def _at_speed(profiles: list[SpeedProfile], observed: Observed) -> list[SpeedProfile]:
    """The same ways at the speeds that were driven."""
    result, begin = [], 0.0
    for each in profiles:
        speed = np.interp(each.distance_m + begin, observed.distance_m, observed.speed_ms)
        speed = np.maximum(speed, 0.0)
        mean = np.maximum(0.5 * (speed[1:] + speed[:-1]), 0.3)
        time = np.concatenate(([0.0], np.cumsum(np.diff(each.distance_m) / mean)))
        result.append(replace(each, speed_ms=speed, time_s=time))
        begin += float(each.distance_m[-1])
    return result


def _drive(model: EnergyModel, profiles: list[SpeedProfile], conditions: Conditions) -> float:
    """kWh."""
    total = 0.0
    for each in profiles:
        driven = model.along(each, conditions)
        total += float(driven.energy_j.sum()) / KWH
        conditions = replace(conditions, cabin_c=None, battery_c=driven.battery_c)
    return total
