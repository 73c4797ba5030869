"""What the cluster tells, as messages of this screen: its sentences as keys of the words.

Only what asks the driver to stop is said on both screens; a warning stands on the cluster and is only listed here, so
that nobody reads the same thing twice. What the cluster tells for information is not taken over.
"""

import re
from typing import NamedTuple

from alpenglow.cockpit.api import Level

TEXT = "Vehicle.Alpenglow.Cluster.Message"
LEVEL = "Vehicle.Alpenglow.Cluster.MessageLevel"

# The cluster takes turns among messages of one level, 4 s each, and says only the one of the moment.
_TURN_S = 4.0
_MARGIN_S = 1.0
_LEVELS: dict[str, Level] = {"STOP": "stop", "WARNING": "warning"}

# The sentences that name a place; the others become keys as they are.
_PLACED = (
    ("place_open", re.compile(r"(?P<place>.+) open\. Stop and close it")),
    ("belt_not_fastened", re.compile(r"Seat belt not fastened: (?P<place>.+)")),
    ("tyre_pressure_low", re.compile(r"Tyre pressure low: (?P<place>.+)")),
)


class Said(NamedTuple):
    """One message of the cluster's."""

    cause: str
    level: Level
    says: str
    args: dict[str, str | float]


def slug(text: str) -> str:
    """A key of the words: "Brake fault. Stop safely" is brake_fault_stop_safely."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower().replace("'", "")).strip("_")


def said(text: str, level: str) -> Said | None:
    """The message in these two signals; None where it is none of this screen's."""
    if level not in _LEVELS or not text:
        return None
    for name, sentence in _PLACED:
        if found := sentence.fullmatch(text):
            place = slug(found["place"])
            key, args = f"messages.cluster.{name}", {"place": f"@messages.place.{place}"}
            return Said(f"cluster.{name}.{place}", _LEVELS[level], key, dict(args))
    name = slug(text)
    return Said(f"cluster.{name}", _LEVELS[level], f"messages.cluster.{name}", {})


class Cluster:
    """The cluster's messages over time: which hold, from the one that it says at the moment."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._levels: dict[str, Level] = {}

    def look(self, text: str | None, level: str | None, now: float) -> tuple[Said | None, list[str]]:
        """What begins to hold or still does, and the causes that are over. None for the signals: nobody knows."""
        message = said(text or "", level or "")
        if message is not None:
            self._seen[message.cause] = now
            self._levels[message.cause] = message.level
        patience_s = _TURN_S * (len(self._seen) + 1) + _MARGIN_S
        # While it asks to stop, or says nothing, nobody knows of the warnings behind.
        hidden: set[Level] = {"warning"} if level == "STOP" else {"warning", "stop"} if level is None else set()
        over = [
            cause
            for cause, seen in self._seen.items()
            if self._levels[cause] not in hidden and (now - seen > patience_s or level == "NONE")
        ]
        for cause in over:
            del self._seen[cause], self._levels[cause]
        return message, over
