"""What every part of the cockpit tells through: `post` when a cause begins to hold, `clear` when it is over.

Texts are keys of the pages' words with arguments, so that each screen says them in its own language; an argument that
begins with "@" is a key itself. What was told is kept (200 of the car's, 200 of each person's, for 30 days); a message
of a person's own is neither kept nor given out while a guest or a valet drives.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.messages.queue import Message, Queue
from alpenglow.fabric.log import structlog
from alpenglow.fabric.store import Store, StoreError

type Over = Callable[[], bool]

_CAR = "car"  # the owner, in the store, of what belongs to nobody
_KIND = "message"
_MOST_KEPT = 200
_KEPT_FOR = timedelta(days=30)

log = structlog.get_logger("messages")


class _Told(msgspec.Struct, kw_only=True):
    """One line of the history."""

    id: str
    cause: str
    level: api.Level
    says: str
    args: dict[str, str | float]
    at: str
    over: str = ""
    acknowledged: bool = False


class _Active(msgspec.Struct):
    told: _Told
    owner: str | None  # in the store; None: not kept
    over: Over | None


class Board:
    """The queue of this car, its history, and who is told when either changes."""

    def __init__(
        self,
        store: Store,
        changed: Callable[[], None],
        person: Callable[[], str | None],
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`person`: whose own profile is in force, None while a guest or a valet drives."""
        self._store = store
        self._changed = changed
        self._person = person
        self._clock = clock
        self._now = now
        self._queue = Queue()
        self._active: dict[int, _Active] = {}
        self._quiet = True
        self._shown_as: object = None

    def post(
        self,
        cause: str,
        level: api.Level,
        says: str,
        args: Mapping[str, str | float] | None = None,
        *,
        until: Over | float | None = None,
        elsewhere: bool = False,
        personal: bool = False,
    ) -> None:
        """`cause` holds: until it is cleared, until `until()` is true, or for `until` seconds on the screen.

        `elsewhere`: another screen shows it and this one only lists it. `personal`: it is of the person in force.
        """
        shows_s = until if isinstance(until, int | float) else None
        message = self._queue.post(
            cause, level, says, dict(args or {}), self._clock(), shows_s=shows_s, elsewhere=elsewhere
        )
        over = until if callable(until) else None
        known = self._active.get(message.number)
        if known is None:
            at = self._now()
            told = _Told(
                id=f"{at:%Y%m%dT%H%M%S%f}-{message.number}",
                cause=cause,
                level=level,
                says=says,
                args=dict(args or {}),
                at=at.isoformat(),
            )
            known = self._active[message.number] = _Active(told, self._person() if personal else _CAR, over)
            self._keep(known)
        else:
            known.over = over
            known.told.over = ""
            known.told.level, known.told.says, known.told.args = level, says, dict(args or {})
        self.look(self._quiet)

    def clear(self, cause: str) -> None:
        """`cause` is over."""
        self._queue.clear(cause, self._clock())
        self.look(self._quiet)

    def acknowledge(self, message: str) -> bool:
        """Somebody has read it; False where there is no such message any more."""
        number = next((n for n, active in self._active.items() if active.told.id == message), None)
        if number is None:
            return False
        self._active[number].told.acknowledged = True
        self._keep(self._active[number])
        self._queue.acknowledge(number, self._clock())
        self.look(self._quiet)
        return True

    def look(self, quiet: bool) -> None:
        """Let the time pass: end what is over, show what is due. `quiet`: the driver's head is needed for the road."""
        self._quiet = quiet
        now = self._clock()
        for active in list(self._active.values()):
            if active.over is not None and active.over():
                active.over = None
                self._queue.clear(active.told.cause, now)
        shown = self._queue.step(now, quiet)
        messages = self._queue.active()
        numbers = {m.number for m in messages}
        for number in [n for n in self._active if n not in numbers]:
            active = self._active[number]
            if not active.told.over:
                active.told.over = self._now().isoformat()
                self._keep(active)
            if not self._queue.remembers(number):
                del self._active[number]
        looks = shown and shown.number, [_face(m) for m in messages]
        if looks != self._shown_as:
            self._shown_as = looks
            self._changed()

    def messages(self, limit: int) -> list[api.Message]:
        """What holds now, most urgent first, then what is over, newest first."""
        person = self._person()
        shown = self._queue.shown
        mine = {None, _CAR, person}
        listed = [
            self._message(active.told, "shown" if m is shown else "waiting" if not (m.read or m.elsewhere) else "told")
            for m in self._queue.active()
            if (active := self._active.get(m.number)) is not None and active.owner in mine
        ]
        known = {m.id for m in listed}
        before: list[_Told] = []
        try:
            for owner in (_CAR, *([person] if person else [])):
                before += self._store.items(owner, _KIND, _Told)
        except StoreError as error:
            log.error("the history of messages cannot be read", why=str(error))
        before.sort(key=lambda told: (told.at, told.id), reverse=True)
        return [*listed, *(self._message(told, "over") for told in before if told.id not in known)][:limit]

    def let_go(self, owner: str) -> None:
        """Everything of a person was erased: what holds is told to nobody any more, and kept no more."""
        for active in [active for active in self._active.values() if active.owner == owner]:
            active.owner = None
            self._queue.clear(active.told.cause, self._clock())
        self.look(self._quiet)

    def claim_chime(self, message: str) -> api.Chime:
        """The chime that the caller is to play for this message; without a cue where it is not his."""
        number = next((n for n, active in self._active.items() if active.told.id == message), None)
        claimed = self._queue.claim_chime(number, self._clock()) if number is not None else None
        return api.Chime(cue="", wait_s=0.0) if claimed is None else api.Chime(cue=claimed[0], wait_s=claimed[1])

    def _message(self, told: _Told, state: api.MessageState) -> api.Message:
        # What a process that died could not end was over when it died.
        over = (told.over or told.at) if state == "over" else ""
        return api.Message(
            id=told.id, cause=told.cause, level=told.level, says=told.says, args=told.args,
            at=told.at, over=over, acknowledged=told.acknowledged, state=state,
        )  # fmt: skip

    def _keep(self, active: _Active) -> None:
        if active.owner is None:
            return
        try:
            at = datetime.fromisoformat(active.told.at)
            self._store.put(active.owner, _KIND, active.told.id, active.told, at)
            self._store.drop_oldest(active.owner, _KIND, _MOST_KEPT, self._now() - _KEPT_FOR)
        except StoreError as error:
            log.error("a message is not kept", says=active.told.says, why=str(error))


def _face(message: Message) -> object:
    """What a screen shows of it."""
    args = tuple(sorted(message.args.items()))
    return message.number, message.level, message.says, args, message.acknowledged, message.read
