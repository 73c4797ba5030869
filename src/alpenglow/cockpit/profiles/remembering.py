"""What a person sets is remembered: commands for a person's settings, once the part has come to rest.

Rules that always hold:
- only what somebody commanded counts: not what a switch of profiles brings, not what a part does by itself or after its
  control unit has started anew, not what was only lent (`Cockpit.lent`: a scene will put it back);
- the value that is kept is the one that the car has, not the one that was asked for; but what is still on its way when
  another profile comes into force is kept as it was asked for: halfway is nobody's wish;
- writes are few: what changed together is kept together, `SETTLE_S` after the last change.
"""

from collections.abc import Callable, Collection
from math import inf

import msgspec

from alpenglow.signals import Value

SETTLE_S = 1.5
_LATE_S = 1.0

type Read = Callable[[str], Value | None]


class Command(msgspec.Struct, frozen=True):
    """What the door let through, as Vehicle.Alpenglow.Command says it."""

    by: str
    path: str
    value: Value


class _Settling:
    """A setting that was commanded and may still be on its way."""

    def __init__(self, wish: Value, value: Value | None, due_s: float) -> None:
        self.wish, self.value, self.due_s = wish, value, due_s


class Remembering:
    """Watches commands, and says what to keep."""

    def __init__(self, paths: Collection[str], read: Read, mine: str) -> None:
        """`paths`: what belongs to a person. `mine`: the identity under which a switch sets things."""
        self._paths, self._read, self._mine = frozenset(paths), read, mine
        self._settling: dict[str, _Settling] = {}
        self._brought: dict[str, tuple[Value, float]] = {}

    def bring(self, path: str, value: Value) -> None:
        """A switch is about to set this: the command that will be heard is nobody's wish."""
        self._brought[path] = (value, inf)
        self._settling.pop(path, None)

    def brought(self, path: str, now_s: float) -> None:
        """The switch has its outcome. Its command may be heard a moment later: it comes another way."""
        if path in self._brought:
            self._brought[path] = (self._brought[path][0], now_s + _LATE_S)

    def heard(self, command: Command, now_s: float) -> None:
        """The door let a command through."""
        if command.path not in self._paths:
            return
        value, until_s = self._brought.get(command.path, (None, 0.0))
        if command.by == self._mine and command.value == value and now_s < until_s:
            return
        self._settling[command.path] = _Settling(command.value, self._read(command.path), now_s + SETTLE_S)

    def settled(self, now_s: float, lent: Collection[str] = ()) -> dict[str, Value]:
        """What has come to rest since it was last asked for."""
        done: dict[str, Value] = {}
        for path, settling in list(self._settling.items()):
            if path in lent:
                del self._settling[path]
                continue
            value = self._read(path)
            if value != settling.value:
                settling.value, settling.due_s = value, now_s + SETTLE_S
            elif now_s >= settling.due_s:
                del self._settling[path]
                if value is not None:
                    done[path] = value
        return done

    def flush(self, lent: Collection[str] = ()) -> dict[str, Value]:
        """What is under way, as it was asked for: another profile comes into force."""
        done = {path: settling.wish for path, settling in self._settling.items() if path not in lent}
        self._settling.clear()
        return done
