"""Consent: for which purposes a profile lets something leave the car. Nobody has consented until they have.

Rules that always hold:
- only a consent to the present wording counts; if the wording's version goes up, people are asked again;
- what was said is never overwritten: the last word counts, all earlier ones stay readable until the profile is erased;
- a withdrawal acts at once: what runs under the consent is cancelled before the withdrawal is even written.
"""

import os
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from .errors import NoConsent

CLOUD_MODEL = "assistant.cloud_model"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS consents (
    id INTEGER PRIMARY KEY, profile TEXT NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL,
    version INTEGER NOT NULL, time TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS consents_of_profile ON consents (profile, purpose, id);
"""


class ConsentError(ValueError):
    """The purpose does not exist, or the record cannot be used."""


class Purpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What something may leave the car for, in words."""

    version: int
    en: str
    de: str
    zh: str

    def says(self, language: Literal["en", "de", "zh"]) -> str:
        """The sentence that people agree to."""
        return {"en": self.en, "de": self.de, "zh": self.zh}[language]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a profile said about a purpose, and when (ISO 8601, UTC)."""

    purpose: str
    granted: bool
    version: int  # of the wording it was said to
    time: str


class Hold:
    """Something that runs under a consent. `withdrawn` tells why it was cancelled."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        self.cancel = cancel
        self.withdrawn = False


def load_purposes() -> dict[str, Purpose]:
    """The table of purposes."""
    table = tomllib.loads((files(__package__) / "purposes.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Purpose])


class Consents:
    """The consents of all profiles in one SQLite file. For use in one thread: the event loop's."""

    def __init__(
        self,
        path: Path,
        *,
        purposes: dict[str, Purpose] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open or begin the record. Raises ConsentError."""
        self.purposes = purposes or load_purposes()
        self._path = path
        self._now = now
        self._held: dict[tuple[str, str], list[Hold]] = {}
        self._withdrawn: set[tuple[str, str]] = set()  # holds also when the withdrawal could not be written
        with self._explained():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def granted(self, profile: str, purpose: str) -> bool:
        """Whether the profile consents now, to the present wording."""
        said = self.last(profile, purpose)
        if (profile, purpose) in self._withdrawn:
            return False
        return said is not None and said.granted and said.version == self.purposes[purpose].version

    def last(self, profile: str, purpose: str) -> Said | None:
        """What the profile said last, or None when it was never asked. Raises ConsentError for an unknown purpose."""
        self._known(purpose)
        history = self.history(profile, purpose)
        return history[-1] if history else None

    def history(self, profile: str, purpose: str | None = None) -> list[Said]:
        """All that the profile ever said, oldest first."""
        query = "SELECT purpose, granted, version, time FROM consents WHERE profile = ? AND purpose = ? ORDER BY id"
        every = [purpose] if purpose else list(self.purposes)
        with self._explained():
            found = [row for name in every for row in self._db.execute(query, (profile, name))]
        return [Said(purpose=p, granted=bool(g), version=v, time=t) for p, g, v, t in found]

    def set(self, profile: str, purpose: str, granted: bool) -> None:
        """Record what the profile says now. A withdrawal first cancels what runs under the consent.

        Raises ConsentError. A withdrawal that cannot be written holds all the same, until this process ends.
        """
        self._known(purpose)
        if not granted:
            self._cancel(profile, purpose)
            self._withdrawn.add((profile, purpose))
        row = (profile, purpose, granted, self.purposes[purpose].version, self._now().astimezone(UTC).isoformat())
        with self._explained():
            self._db.execute(
                "INSERT INTO consents (profile, purpose, granted, version, time) VALUES (?, ?, ?, ?, ?)", row
            )
        if granted:
            self._withdrawn.discard((profile, purpose))

    def erase(self, profile: str) -> int:
        """Forget all that the profile said, so that nothing is granted; returns how many records are gone."""
        for purpose in self.purposes:
            self._cancel(profile, purpose)
        with self._explained():
            gone = self._db.execute("DELETE FROM consents WHERE profile = ?", (profile,)).rowcount
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    @contextmanager
    def hold(self, profile: str, purpose: str, cancel: Callable[[], object]) -> Iterator[Hold]:
        """Run a block under a consent: `cancel` is called when it is withdrawn meanwhile. Raises NoConsent."""
        try:
            granted = self.granted(profile, purpose)
        except ConsentError as problem:
            raise NoConsent(f"{problem}; nothing was sent") from None
        if not granted:
            raise NoConsent(f"profile {profile} has not agreed to {purpose}; nothing was sent")
        hold = Hold(cancel)
        held = self._held.setdefault((profile, purpose), [])
        held.append(hold)
        try:
            yield hold
        finally:
            held.remove(hold)

    def _cancel(self, profile: str, purpose: str) -> None:
        for hold in self._held.get((profile, purpose), []):
            hold.withdrawn = True
            hold.cancel()

    def _known(self, purpose: str) -> None:
        if purpose not in self.purposes:
            raise ConsentError(f"no purpose {purpose!r}; there are {', '.join(self.purposes)}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as problem:
            raise ConsentError(f"the record of consents {self._path} cannot be used: {problem}") from None
