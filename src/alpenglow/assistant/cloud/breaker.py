"""A circuit breaker: an endpoint that fails is left alone for a while, longer each time, and then tried once."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .errors import CloudError, Limited, NoConsent, NotSent, Refused, Resting

_FAILURES = 3  # in a row
_FIRST_REST_S = 30.0
_LONGEST_REST_S = 600.0
_REFUSED_REST_S = 600.0  # a key that is not accepted does not mend by itself
_LIMITED_REST_S = 30.0  # where the endpoint does not say how long
_LONGEST_LIMITED_S = 3600.0


class Breaker:
    """Whether the endpoint may be asked now. Times are monotonic seconds; `until` is told by the wall clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rests = 0  # since the last success
        self._until = 0.0
        self._trying = False
        self._last = ""

    @property
    def resting(self) -> Resting | None:
        """Why and until when the endpoint is left alone, or None."""
        left_s = self._until - self._clock()
        if left_s <= 0:
            return None
        until = datetime.now(UTC) + timedelta(seconds=left_s)
        return Resting(f"the cloud model is not asked until {until:%H:%M:%S} UTC: {self._last}", until)

    def check(self) -> None:
        """Raises Resting. After a rest, one question goes through to try; others wait for what becomes of it."""
        if resting := self.resting:
            raise resting
        if self._until and self._trying:
            raise Resting("the cloud model is just being tried again after it failed", datetime.now(UTC))
        self._trying = True

    def succeeded(self) -> None:
        self._failures = self._rests = 0
        self._until, self._trying = 0.0, False

    def failed(self, error: CloudError) -> None:
        """Count a failure of the endpoint. What was not its fault only ends a trial."""
        self._trying = False
        if isinstance(error, NotSent | NoConsent):
            return
        self._last = str(error)
        if isinstance(error, Refused):
            self._rest(_REFUSED_REST_S)
        elif isinstance(error, Limited):
            self._rest(min(error.retry_after_s or _LIMITED_REST_S, _LONGEST_LIMITED_S))
        else:
            self._failures += 1
            if self._failures >= _FAILURES or self._rests:
                self._rest(min(_FIRST_REST_S * 2**self._rests, _LONGEST_REST_S))
                self._rests += 1

    def let_go(self) -> None:
        """A question was given up by its asker, which says nothing about the endpoint."""
        self._trying = False

    def _rest(self, seconds: float) -> None:
        self._until = self._clock() + seconds
