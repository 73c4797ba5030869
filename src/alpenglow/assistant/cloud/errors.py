"""Why the cloud did not help. Each is one sentence that people may read; none holds a key or many words of the server.

CloudError
├── NotSent          not a byte has left for this question
│   ├── BadEndpoint  the settings of the endpoint cannot be used
│   ├── OverBudget   the question is too long, or today's bytes are used up
│   ├── Resting      it failed lately and is not asked again until `until`
│   ├── NotRecorded  the egress ledger could not be written
│   └── NotRedacted  something private would still be in the question
├── NoConsent        never given, or withdrawn (then also while an answer was under way)
├── Unreachable      no connection, no name, no valid certificate
├── TimedOut         silent for too long, or not done in time
├── Refused          401, 402, 403: the key, the account or its rights
├── Limited          429: too many questions; `retry_after_s` if it said
├── Broken           5xx, a redirect, not what the protocol says, cut off, a function that does not exist
└── TooLarge         the answer is beyond the limit
"""

from datetime import datetime


class CloudError(Exception):
    """No answer. `bytes_out` and `bytes_in` are what was exchanged all the same, counted as in the ledger."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.bytes_out = 0
        self.bytes_in = 0


class NotSent(CloudError):
    """Not a byte has left for this question."""


class BadEndpoint(NotSent):
    """The settings of the endpoint cannot be used."""


class OverBudget(NotSent):
    """The question is too long, or today's bytes are used up."""


class Resting(NotSent):
    """The endpoint failed lately and is left alone for a while."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class NotRecorded(NotSent):
    """The egress ledger could not be written, so nothing may leave."""


class NotRedacted(NotSent):
    """Something private would still be in the question."""


class NoConsent(CloudError):
    """Nobody has allowed this, or it was withdrawn."""


class Unreachable(CloudError):
    """No connection could be made, or it broke."""


class TimedOut(CloudError):
    """The endpoint was silent for too long, or not done in time."""


class Refused(CloudError):
    """The endpoint does not accept the key or the account."""


class Limited(CloudError):
    """The endpoint wants fewer questions."""

    def __init__(self, message: str, retry_after_s: float | None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Broken(CloudError):
    """What came is not an answer."""


class TooLarge(CloudError):
    """The answer is beyond the limit."""
