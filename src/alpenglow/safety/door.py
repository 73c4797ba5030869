"""The door: the only way to an actuator. Value, permission, rate, interlock, then the owner's write and its effect.

Rules that always hold:
- between the interlock's answer and the owner's write nothing is awaited, so the situation cannot change unseen;
- a refusal names its rule, carries a sentence for the driver and goes to the log;
- a newer command for the same actuator ends the wait of the older one: the last word counts.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

import structlog

from alpenglow.fabric import BadArguments, Identities, NoProvider, Outcome, ServiceError, TimedOut
from alpenglow.fabric.following import Follower
from alpenglow.safety.api import MOST_AT_ONCE, Verdict
from alpenglow.safety.interlocks import Interlocks
from alpenglow.signals import BadValue, Catalogue, Kind, Reading, Signal, Table, UnknownSignal, Value, check_value
from alpenglow.signals.actions import equal

CONFIRM_S = 2.0  # how long the current value may take to follow
_MOVING_S = 0.25  # a part that has begun to move gets so much longer to arrive before the caller is told "moving"
_PER_S, _BURST = 100.0, 200.0  # commands of one caller
_TOO_MANY = "Too many commands at once. Try again."


class Car(Protocol):
    """The part of the fabric that the door needs."""

    catalogue: Catalogue
    identities: Identities
    table: Table

    async def write(self, path: str, value: Value, timeout_s: float = 1.0) -> None: ...
    def follower(self, *patterns: str) -> Follower: ...
    def unfollow(self, feed: Follower) -> None: ...


class _Allowance:
    """What one caller may still ask: a token bucket, and how many answers are outstanding."""

    def __init__(self, now_s: float) -> None:
        self._left, self._at = _BURST, now_s
        self.waiting = 0
        self.refused_at = float("-inf")

    def has(self, now_s: float) -> bool:
        """Whether the caller may ask now."""
        self._left = min(_BURST, self._left + (now_s - self._at) * _PER_S)
        self._at = now_s
        return self._left >= 1.0 and self.waiting < MOST_AT_ONCE

    def take(self, now_s: float) -> bool:
        if not self.has(now_s):
            return False
        self._left -= 1.0
        return True


class _Examined(NamedTuple):
    """What the door thinks of a command before anything moves; `rule` "" where nothing speaks against it."""

    signal: Signal | None
    value: Value
    rule: str = ""
    says: str = ""


class Door:
    """Serves `safety.actuate`, `safety.actuate_all` and `safety.check`."""

    def __init__(
        self,
        car: Car,
        interlocks: Interlocks,
        log: structlog.stdlib.BoundLogger,
        passed: Callable[[str, str, Value], None] = lambda caller, path, value: None,
    ) -> None:
        """`passed` is told of every command that was let through and taken: by whom, which path and value."""
        self._car, self._interlocks, self._log = car, interlocks, log
        self._passed = passed
        self._allowances: dict[str, _Allowance] = {}
        self._waits: dict[str, asyncio.Event] = {}
        self._clock: Callable[[], float] = asyncio.get_running_loop().time

    async def actuate(self, caller: str, path: str, value: Value) -> Outcome:
        """See `api.actuate`; `caller` is the authenticated identity."""
        now = self._clock()
        allowance = self._allowances.setdefault(caller, _Allowance(now))
        if not allowance.take(now):
            # A flood must not drown the log: once a second is enough to see it.
            quiet = now - allowance.refused_at < 1.0
            allowance.refused_at = allowance.refused_at if quiet else now
            return self._refuse(caller, path, value, "rate", _TOO_MANY, quiet=quiet)
        allowance.waiting += 1
        try:
            return await self._actuate(caller, path, value)
        finally:
            allowance.waiting -= 1

    async def actuate_all(self, caller: str, values: Mapping[str, Value]) -> list[Outcome]:
        """See `api.actuate_all`; `caller` is the authenticated identity."""
        if len(values) > MOST_AT_ONCE:
            raise BadArguments(f"{MOST_AT_ONCE} things can be set at once, not {len(values)}")
        # Begun one after the other: each is on its way to its owner before the next one is looked at.
        return await asyncio.gather(*(self.actuate(caller, path, value) for path, value in values.items()))

    async def check(self, caller: str, path: str, value: Value) -> Verdict:
        """See `api.check`; `caller` is the authenticated identity."""
        allowance = self._allowances.get(caller)
        if allowance is not None and not allowance.has(self._clock()):
            return Verdict(permitted=False, path=path, rule="rate", message=_TOO_MANY)
        examined = self._examine(caller, path, value)
        if examined.signal is None:
            return Verdict(permitted=False, path=path, rule=examined.rule, message=examined.says)
        path, current = examined.signal.path, self._car.table.read(examined.signal.path).value
        return Verdict(
            permitted=not examined.rule,
            path=path,
            value=current,
            same=current is not None and equal(examined.signal, current, examined.value),
            rule=examined.rule,
            message=examined.says,
        )

    def _examine(self, caller: str, path: str, value: Value) -> _Examined:
        """Value, permission, interlock, in this order; the first that speaks against it counts."""
        car = self._car
        try:
            signal = car.catalogue[path]
            if signal.kind is not Kind.ACTUATOR:
                raise BadValue(f"{signal.path} can be read, not set: it is a {signal.kind}")
            checked = check_value(signal, value)
        except (UnknownSignal, BadValue) as error:
            return _Examined(None, value, "value", str(error))
        if not car.identities.may_actuate(caller, signal.path):
            return _Examined(signal, value, "permission", f"{caller} may not set {signal.path}.")
        rule = self._interlocks.forbids(signal.path, checked, car.table.read)
        return _Examined(signal, checked) if rule is None else _Examined(signal, checked, rule.id, rule.says)

    async def _actuate(self, caller: str, path: str, value: Value) -> Outcome:
        examined = self._examine(caller, path, value)
        signal, checked = examined.signal, examined.value
        if signal is None or examined.rule:
            path = path if signal is None else signal.path
            return self._refuse(caller, path, checked, examined.rule, examined.says)
        path = signal.path
        with _Watch(self._car, signal) as watch:
            overtaken = asyncio.Event()
            older = self._waits.get(path)
            self._waits[path] = overtaken
            if older is not None:
                older.set()
            try:
                return await self._move(caller, signal, checked, watch, overtaken)
            finally:
                if self._waits.get(path) is overtaken:
                    del self._waits[path]

    async def _move(
        self, caller: str, signal: Signal, value: Value, watch: "_Watch", overtaken: asyncio.Event
    ) -> Outcome:
        path, deadline = signal.path, self._clock() + CONFIRM_S
        try:
            await self._car.write(path, value, CONFIRM_S)
        except NoProvider as error:
            return Outcome("no_provider", path, watch.current, None, str(error))
        except TimedOut as error:
            return Outcome("timed_out", path, watch.current, None, str(error))
        except ServiceError as error:
            return self._refuse(caller, path, value, "owner", str(error))
        self._passed(caller, path, value)
        state = await self._effect(signal, value, watch, overtaken, deadline)
        message = {
            "moving": "A newer command has taken over." if overtaken.is_set() else "It is moving.",
            "timed_out": "It did not move in time.",
        }.get(state, "")
        return Outcome(state, path, watch.current, None, message)  # type: ignore[arg-type]

    async def _effect(
        self, signal: Signal, value: Value, watch: "_Watch", overtaken: asyncio.Event, deadline: float
    ) -> str:
        """Returns "confirmed", "moving" or "timed_out", as the signals tell until `deadline`."""
        moved = False
        while True:
            if watch.current is not None and equal(signal, watch.current, value):
                return "confirmed"
            if overtaken.is_set():
                return "moving"
            if not moved and watch.moved_towards(value):
                moved = True
                deadline = min(deadline, self._clock() + _MOVING_S)
            left = deadline - self._clock()
            if left <= 0:
                return "moving" if moved else "timed_out"
            await watch.wait(left, overtaken)

    def _refuse(self, caller: str, path: str, value: Value, rule: str, says: str, *, quiet: bool = False) -> Outcome:
        if not quiet:
            # What a caller sends may be long; the log shows enough to recognise it.
            self._log.warning("command refused", caller=caller, path=path[:200], value=repr(value)[:80], rule=rule)
        return Outcome("refused", path, None, rule, says)


class _Watch:
    """Follows an actuator's current value, and the position of the part that it moves, if it has one."""

    def __init__(self, car: Car, signal: Signal) -> None:
        self._car, self._path = car, signal.path
        branch, leaf = signal.path.rsplit(".", 1)
        beside = f"{branch}.Position"
        # A door's IsOpen or Switch changes only at the end of the way; its Position tells that it is on it.
        slow = leaf in ("IsOpen", "Switch") and beside in car.catalogue.index_of
        self._beside = beside if slow else None
        self._follower = car.follower(*self._paths())
        self._start: Value | None = None
        self._start_beside: Value | None = None

    def _paths(self) -> Iterable[str]:
        return (self._path,) if self._beside is None else (self._path, self._beside)

    def __enter__(self) -> "_Watch":
        self._start = self.current
        self._start_beside = self._position
        return self

    def __exit__(self, *_: object) -> None:
        self._car.unfollow(self._follower)

    @property
    def current(self) -> Value | None:
        """The actuator's value now, None unless valid."""
        return self._read(self._path).value

    @property
    def _position(self) -> Value | None:
        return None if self._beside is None else self._read(self._beside).value

    def _read(self, path: str) -> Reading:
        return self._car.table.read(path)

    def moved_towards(self, value: Value) -> bool:
        """Whether the part has begun to move: nearer to `value` than it was, or its position has changed."""
        if self._start_beside is not None and self._position not in (None, self._start_beside):
            return True
        now, start = self.current, self._start
        if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (now, start, value)):
            return False
        return bool(abs(now - value) < abs(start - value))  # type: ignore[operator]

    async def wait(self, longest_s: float, overtaken: asyncio.Event) -> None:
        """Until something changed or the command is overtaken, `longest_s` at most."""
        changed = asyncio.ensure_future(self._follower.changed.wait())
        newer = asyncio.ensure_future(overtaken.wait())
        try:
            await asyncio.wait({changed, newer}, timeout=longest_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
            newer.cancel()
        self._follower.take()
