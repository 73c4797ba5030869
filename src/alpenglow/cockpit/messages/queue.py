"""The queue of messages: which one is on the screens now. Pure: the caller says what time it is.

Priority follows ISO/TS 16951: from criticality (what may happen) and urgency (how soon), both of 0 to 3. What ISO 15005
asks of a dialogue in a moving car is kept by these rules, which always hold:
- nothing is shown while something of a higher priority waits; a more urgent message takes the place at once;
- a cause has one message; told again, it changes in place and is not announced again, unless it became more urgent;
- what is shown stays long enough to be read, even when its cause is over; what was read does not come back by itself;
- what nobody has to act on waits while the driver's head is needed for the road;
- a chime is played once for a message, on one screen, and never during another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from alpenglow.cockpit.api import Level

type Arguments = Mapping[str, str | float]


class Weight(NamedTuple):
    """What a level means."""

    criticality: int  # ISO/TS 16951: 3 = people may come to harm … 0 = nobody and nothing
    urgency: int  # 3 = act at once … 0 = nothing to do
    least_s: float  # how long it is shown at least, to be read
    shows_s: float  # how long it is shown when nothing else waits; what still holds is listed afterwards

    @property
    def priority(self) -> int:
        """The higher, the sooner."""
        return self.criticality + self.urgency


# A glance takes up to 2 s (ISO 15005: no more is asked for at a time), and a line of text needs two or three of them.
WEIGHTS: dict[Level, Weight] = {
    "stop": Weight(3, 3, 4.0, float("inf")),
    "warning": Weight(2, 2, 4.0, 12.0),
    "notice": Weight(1, 1, 4.0, 8.0),
    "info": Weight(0, 0, 4.0, 6.0),
}
AGAIN_S = 30.0  # a cause that comes back sooner is the same event: a loose contact announces nothing twice
CHIME_S = 1.5  # the longest chime, and a breath
MOST = 64  # causes at a time; beyond, the least urgent of the oldest goes


@dataclass
class Message:
    """One thing to tell."""

    number: int  # counts up; one for each announcement
    cause: str
    level: Level
    says: str  # key of the words
    args: Arguments
    shows_s: float  # how long it is shown in all
    timed: bool = False  # it is over when it was shown for so long
    elsewhere: bool = False  # another screen shows it: here it is only listed
    holds: bool = True
    acknowledged: bool = False
    read: bool = False  # had its time on the screen
    shown_s: float = 0.0
    turn_s: float = field(default=0.0, repr=False)  # since it came to the screen
    last: float = field(default=float("-inf"), repr=False)
    chimed: bool = False

    @property
    def weight(self) -> Weight:
        """What its level means."""
        return WEIGHTS[self.level]


class Queue:
    """All that there is to tell."""

    def __init__(self) -> None:
        self.shown: Message | None = None
        self._messages: dict[str, Message] = {}
        self._gone: dict[str, tuple[Message, float]] = {}
        self._number = 0
        self._at = float("-inf")
        self._chime_until = float("-inf")

    def active(self) -> list[Message]:
        """What holds or is still shown: most urgent first, then the oldest."""
        return sorted(self._messages.values(), key=lambda m: (-m.weight.priority, m.number))

    def post(
        self,
        cause: str,
        level: Level,
        says: str,
        args: Arguments,
        now: float,
        *,
        shows_s: float | None = None,
        elsewhere: bool = False,
    ) -> Message:
        """`cause` holds from now on. With `shows_s` it is over when it was shown for so long."""
        found = self._messages.get(cause) or self._returned(cause, now)
        lasts = WEIGHTS[level].shows_s if shows_s is None else max(shows_s, WEIGHTS[level].least_s)
        if found is not None and WEIGHTS[level].priority <= found.weight.priority:
            found.level, found.says, found.args, found.elsewhere = level, says, args, elsewhere
            found.shows_s, found.timed, found.holds = lasts, shows_s is not None, True
            self._messages[cause] = found
            return found
        if found is not None and found is self.shown:
            self.shown = None
        self._number += 1
        message = Message(self._number, cause, level, says, args, lasts, shows_s is not None, elsewhere)
        self._messages[cause] = message
        if len(self._messages) > MOST:
            least = max((m for m in self._messages.values() if m is not self.shown), key=_dispensable)
            del self._messages[least.cause]
        return message

    def clear(self, cause: str, now: float) -> None:
        """`cause` is over. Its message goes, once it could be read."""
        message = self._messages.get(cause)
        if message is None:
            return
        message.holds = message.timed = False
        if message is not self.shown:
            self._let_go(message, now)

    def acknowledge(self, number: int, now: float) -> Message | None:
        """Somebody has read it: it leaves the screen, and is listed while its cause holds."""
        message = next((m for m in self._messages.values() if m.number == number), None)
        if message is None:
            return None
        message.acknowledged = message.read = True
        if message is self.shown:
            self.shown = None
        if message.timed or not message.holds:
            self._let_go(message, now)
        return message

    def step(self, now: float, quiet: bool = False) -> Message | None:
        """The message on the screens from now on. `quiet`: the driver's head is needed for the road."""
        self._pass(now)
        candidates = [m for m in self._messages.values() if self._may_show(m, quiet)]
        top = max((m.weight.priority for m in candidates), default=None)
        urgent = [m for m in candidates if m.weight.priority == top]
        shown = self.shown
        if shown is not None and shown in urgent and (len(urgent) == 1 or shown.turn_s < shown.weight.least_s):
            return shown
        if shown is not None:
            self._leave(shown, now)
            urgent = [m for m in urgent if not m.read]
        self.shown = min(urgent, key=lambda m: (m.last, m.number), default=None)
        if self.shown is not None:
            self.shown.turn_s = 0.0
            self.shown.last = now
        return self.shown

    def claim_chime(self, number: int, now: float) -> tuple[Level, float] | None:
        """Whether the caller is to play this message's chime: which one, and in how many seconds."""
        message = self.shown
        if message is None or message.number != number or message.chimed:
            return None
        message.chimed = True
        starts = max(now, self._chime_until)
        self._chime_until = starts + CHIME_S
        return message.level, starts - now

    def remembers(self, number: int) -> bool:
        """Whether this message may come back as the same event."""
        return any(message.number == number for message, _ in self._gone.values())

    def _pass(self, now: float) -> None:
        """Let the time pass since the last look; what is read or over goes."""
        passed = 0.0 if self._at == float("-inf") else max(0.0, now - self._at)
        self._at = now
        shown = self.shown
        if shown is not None:
            shown.shown_s += passed
            shown.turn_s += passed
            shown.last = now
            if shown.shown_s >= shown.shows_s:
                shown.read = True
            if not shown.holds and shown.shown_s >= shown.weight.least_s:
                shown.read = True
            if shown.read and (shown.timed or not shown.holds):
                self.shown = None
                self._let_go(shown, now)
        for cause, (_, since) in list(self._gone.items()):
            if now - since > AGAIN_S:
                del self._gone[cause]

    def _may_show(self, message: Message, quiet: bool) -> bool:
        if message.elsewhere or message.read:
            return False
        return message is self.shown or not quiet or message.weight.urgency >= 2

    def _leave(self, message: Message, now: float) -> None:
        """Another takes its place: one that could be read does not come back, unless it asks the driver to stop."""
        if message.shown_s >= message.weight.least_s and message.level != "stop":
            message.read = True
        self.shown = None
        if not message.holds or (message.timed and message.read):
            self._let_go(message, now)

    def _let_go(self, message: Message, now: float) -> None:
        if self._messages.get(message.cause) is message:
            del self._messages[message.cause]
            self._gone[message.cause] = (message, now)

    def _returned(self, cause: str, now: float) -> Message | None:
        found = self._gone.pop(cause, None)
        return found[0] if found is not None and now - found[1] <= AGAIN_S else None


def _dispensable(message: Message) -> tuple[int, int]:
    """The greater, the sooner it may be dropped."""
    return -message.weight.priority, -message.number
