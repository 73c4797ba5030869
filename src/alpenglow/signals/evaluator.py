"""When does a condition set something off? When it becomes true, and not while it stays so.

Rules that always hold:
- a watch fires when its condition has been true for its hold time, after having been seen not true (armed); a signal
  that drops out for less than a minute does not arm it again;
- a moment (a time of day, a delay) fires at most two minutes late; what was due before that is reported, not done;
- a watch that fires every time rests half a minute, so that a value on the edge does not make a motor run to and fro.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from alpenglow.signals.conditions import LATE_S, Condition, Look, Place, Read, last_moment, momentary, truth

REST_S = 30.0
UNKNOWN_S = 60.0  # a condition that is unknown for so long counts as not true


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A condition under watch, and what is known of it from before."""

    id: str
    profile: str
    when: Condition
    made: datetime
    hold_s: float = 0.0
    once: bool = False
    expires: datetime | None = None
    armed: bool | None = None  # None: never looked at
    fired: datetime | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What one look brought; all are ids of watches. Those in `fired` (once), `missed` and `expired` are gone."""

    fired: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()  # its moment came while nobody looked
    expired: tuple[str, ...] = ()  # its time is over and it never became true
    turned: tuple[str, ...] = ()  # `armed` has changed: worth remembering beyond a restart


@dataclass(slots=True)
class _State:
    watch: Watch
    armed: bool | None
    fired: datetime | None
    level: bool | None = None
    true_since: float | None = None
    unknown_since: float | None = None
    held: dict[tuple[int, ...], bool] = field(default_factory=dict)


class Evaluator:
    """Looks at all watches; holds nothing but how they stood at the last look."""

    def __init__(self, places: Callable[[str], Mapping[str, Place]]) -> None:
        """`places(profile)` are the places that this profile has named."""
        self._places = places
        self._states: dict[str, _State] = {}
        self._looked_s: dict[str, float] = {}  # per profile, when it was last looked at

    def watch(self, watches: Iterable[Watch]) -> None:
        """Watch these and no others; those that are the same as before keep how they stood."""
        states: dict[str, _State] = {}
        for watch in watches:
            old = self._states.get(watch.id)
            if old is not None and _same(old.watch, watch):
                old.watch = watch
                states[watch.id] = old
            else:
                states[watch.id] = _State(watch, watch.armed, watch.fired)
        self._states = states

    def level(self, watch: str) -> bool | None:
        """Whether its condition held at the last look."""
        return self._states[watch].level

    def armed(self, watch: str) -> bool | None:
        """Whether it would fire if its condition became true."""
        return self._states[watch].armed

    def step(self, read: Read, now: datetime, profiles: Collection[str] | None = None) -> Step:
        """Look at all watches (of `profiles`) once. `now` is aware, in the car's local time."""
        now_s = now.timestamp()
        fired: list[str] = []
        missed: list[str] = []
        expired: list[str] = []
        turned: list[str] = []
        looked: set[str] = set()
        for name, state in list(self._states.items()):
            watch = state.watch
            if profiles is not None and watch.profile not in profiles:
                continue
            looked.add(watch.profile)
            if (over := self._over(watch, now)) is not None:
                (missed if over == "missed" else expired).append(name)
                del self._states[name]
                continue
            before = state.armed
            if self._fires(state, read, now):
                fired.append(name)
                state.fired = now
                state.armed = False
                if watch.once:
                    del self._states[name]
                    continue
            if state.armed is not before:
                turned.append(name)
        self._looked_s.update(dict.fromkeys(looked, now_s))
        return Step(fired=tuple(fired), missed=tuple(missed), expired=tuple(expired), turned=tuple(turned))

    def _fires(self, state: _State, read: Read, now: datetime) -> bool:
        watch, now_s = state.watch, now.timestamp()
        look = Look(
            read=read,
            now=now,
            made=watch.made,
            places=self._places(watch.profile),
            fired=state.fired,
            held=state.held,
            held_first=state.armed is False,
        )
        state.level = truth(watch.when, look)
        if state.level is True:
            state.unknown_since = None
            if state.true_since is None or state.true_since > now_s:  # or the clock was set back
                state.true_since = now_s
            if state.armed is None:
                state.armed = False
            return (state.armed or momentary(watch.when)) and now_s - state.true_since >= watch.hold_s
        state.true_since = None
        if state.level is None:
            if state.unknown_since is None or state.unknown_since > now_s:
                state.unknown_since = now_s
            if now_s - state.unknown_since < UNKNOWN_S:
                return False
        else:
            state.unknown_since = None
        resting = state.fired is not None and 0 <= now_s - state.fired.timestamp() < REST_S
        if not resting:
            state.armed = True
        return False

    def _over(self, watch: Watch, now: datetime) -> str | None:
        """Why it can no longer fire: "missed", "expired", or None while it can."""
        now_s = now.timestamp()
        # In the time zone of now: between the two, the clocks may have changed.
        moment = last_moment(watch.when, watch.made.astimezone(now.tzinfo)) if watch.once else None
        if moment is not None and now_s > moment + LATE_S:
            return "expired" if self._looked_s.get(watch.profile, -1.0) >= moment else "missed"
        if watch.expires is not None and now_s >= watch.expires.timestamp():
            return "expired"
        return None


def _same(a: Watch, b: Watch) -> bool:
    return (a.when, a.made, a.hold_s, a.once, a.profile) == (b.when, b.made, b.hold_s, b.once, b.profile)
