"""PINs: how they are kept, and how often they may be guessed.

Rules that always hold:
- a PIN is kept as its scrypt hash (RFC 7914) with a salt of its own, and appears in no log, message or list.
  Four digits keep out who sits in the car, not who takes its disk home;
- a wrong try is on disk before anybody hears that it was wrong, so pulling the plug buys no further try;
- after `FREE_TRIES` wrong ones each further try costs twice the wait of the one before, up to an hour.
"""

import asyncio
import hashlib
import hmac
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from alpenglow.cockpit.api import PinCheck

FREE_TRIES = 4
_FIRST_WAIT_S = 30
_LONGEST_WAIT_S = 3600
# RFC 7914, and OWASP's least for scrypt at 16 MiB would be N = 2^14, r = 8, p = 5: about 0.2 s on a cockpit's computer.
_COST, _BLOCK, _LANES = 2**14, 8, 5


class Pin(msgspec.Struct, frozen=True):
    """A PIN as it is kept; the figures are kept with it, so that they can be raised."""

    salt: bytes
    digest: bytes
    cost: int = _COST
    block: int = _BLOCK
    lanes: int = _LANES


class Tries(msgspec.Struct, frozen=True):
    """Wrong tries since the last right one, and until when none is looked at (UTC)."""

    wrong: int = 0
    until: datetime | None = None

    def one_more(self, now: datetime) -> "Tries":
        """After another try that has not been proven right."""
        wrong = self.wrong + 1
        return Tries(wrong, now + timedelta(seconds=_pause_s(wrong)) if wrong >= FREE_TRIES else None)

    def wait_s(self, now: datetime) -> int:
        """How long no try is looked at. A clock that was put back makes it no longer than it was at first."""
        if self.until is None:
            return 0
        left = (self.until - now).total_seconds()
        return max(0, min(math.ceil(left), _pause_s(self.wrong)))

    def result(self, right: bool, now: datetime) -> PinCheck:
        """What to tell whoever tried."""
        wait = 0 if right else self.wait_s(now)
        left = FREE_TRIES if right else (0 if wait else max(1, FREE_TRIES - self.wrong))
        return PinCheck(right=right, tries_left=left, wait_s=wait)


def _pause_s(wrong: int) -> int:
    return int(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(wrong - FREE_TRIES, 20))) if wrong >= FREE_TRIES else 0


def hashed(pin: str) -> Pin:
    """A PIN with a new salt. Takes about a fifth of a second."""
    salt = os.urandom(16)
    return Pin(salt, _digest(pin, salt, _COST, _BLOCK, _LANES))


def _digest(pin: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=256 * cost * block, dklen=32)


def matches(kept: Pin, pin: str) -> bool:
    """Whether `pin` is the one that was kept. Takes about a fifth of a second."""
    return hmac.compare_digest(kept.digest, _digest(pin, kept.salt, kept.cost, kept.block, kept.lanes))


class Lock:
    """Checks PINs one at a time, so that many guesses at once are worth no more than one after the other."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._turn = asyncio.Lock()

    async def check(self, kept: Pin, pin: str, read: Callable[[], Tries], write: Callable[[Tries], None]) -> PinCheck:
        """Whether it is right; `read` and `write` keep the tries of its profile."""
        async with self._turn:
            tries = read()
            if tries.wait_s(self._now()) or not pin:  # no PIN at all is no guess
                return tries.result(False, self._now())
            tries = tries.one_more(self._now())
            write(tries)
            if await asyncio.to_thread(matches, kept, pin):
                write(Tries())
                return Tries().result(True, self._now())
            return tries.result(False, self._now())
