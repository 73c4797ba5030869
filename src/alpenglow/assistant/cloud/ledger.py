"""The egress ledger: what left the car, when, to whom, for which purpose, and what had been taken out of it.

Rules that always hold:
- an entry is on the disk (SQLite, WAL, synchronous FULL) before the first byte of it leaves, and is completed after;
  an entry without a completion is one whose outcome nobody knows, and counts with the bytes that were to be sent;
- rows are only ever added. Each row's hash covers the row before it, so a changed or missing row is found. Somebody who
  may write the file can also make a whole new chain: only a head (`Ledger.head`) noted elsewhere shows that;
- what was sent is kept beside the entry, to be read, for some days and up to a size; then a row says that it is gone.

`bytes_out` counts the HTTP request as handed to the connection (request line, headers, body); `bytes_in` what was read
of the response. The framing of TLS, TCP and DNS around them is not counted. `sha256` is that of the body.
"""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from .errors import NotRecorded

_FIRST = "0" * 64  # what the first row's hash covers in place of a row before it
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS rows_of_entry ON rows (entry, kind);
CREATE TABLE IF NOT EXISTS bodies (entry INTEGER PRIMARY KEY, time TEXT NOT NULL, body BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON rows BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON rows BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
"""
_SUM = """
SELECT COALESCE(SUM(COALESCE(json_extract(c.record, '$.bytes_out'), json_extract(i.record, '$.bytes_planned'))), 0)
FROM rows i LEFT JOIN rows c ON c.entry = i.entry AND c.kind = 'completed'
WHERE i.kind = 'intent' AND json_extract(i.record, '$.time') >= ?
"""


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What is about to leave. Times are ISO 8601, UTC."""

    time: str
    purpose: str
    recipient: str  # host and port
    method: str
    bytes_planned: int  # of the body
    sha256: str
    redacted: dict[str, int]  # kind → how many different ones were taken out


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    time: str
    bytes_out: int
    bytes_in: int
    outcome: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that left the car, or was about to when the power went."""

    id: int
    time: str
    purpose: str
    recipient: str
    method: str
    bytes_out: int
    bytes_in: int
    sha256: str
    redacted: dict[str, int]
    outcome: str
    body: str | None  # what was sent; None: no longer kept

    @property
    def redacted_says(self) -> str:
        """For people: "1 name, 2 phone"."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.redacted.items()))


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how much of what was sent is kept to be read."""

    days: float = 30
    bytes: int = 20_000_000


class Ledger:
    """The ledger in one SQLite file. Its methods block for a disk write; they may be called from any thread."""

    def __init__(
        self,
        path: Path,
        *,
        retention: Retention | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open or begin it. Raises NotRecorded when that cannot be."""
        self._path = path
        self._retention = retention or Retention()
        self._now = now
        self._lock = threading.Lock()
        self._under_way: set[int] = set()  # entries of this process that are not completed yet
        with self._explained():
            _make_private(path)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def begin(self, *, purpose: str, recipient: str, method: str, body: bytes, redacted: Mapping[str, int]) -> int:
        """Write down what is about to leave; returns the entry's number once it is on the disk. Raises NotRecorded."""
        intent = Intent(
            time=self._time(),
            purpose=purpose,
            recipient=recipient,
            method=method,
            bytes_planned=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            redacted=dict(redacted),
        )
        with self._writing():
            entry = self._append(None, "intent", intent)
            self._db.execute("INSERT INTO bodies VALUES (?, ?, ?)", (entry, intent.time, body))
            self._drop(self._beyond_retention())
            self._under_way.add(entry)
        return entry

    def complete(self, entry: int, *, bytes_out: int, bytes_in: int, outcome: str) -> None:
        """Write down what became of `entry`. Raises NotRecorded."""
        record = Completion(time=self._time(), bytes_out=bytes_out, bytes_in=bytes_in, outcome=outcome)
        try:
            with self._writing():
                self._append(entry, "completed", record)
        finally:
            self._under_way.discard(entry)

    def entries(self, limit: int = 100) -> list[Entry]:
        """The latest entries, newest first."""
        query = """
            SELECT i.entry, i.record, c.record, CAST(b.body AS BLOB) FROM rows i
            LEFT JOIN rows c ON c.entry = i.entry AND c.kind = 'completed' LEFT JOIN bodies b ON b.entry = i.entry
            WHERE i.kind = 'intent' ORDER BY i.entry DESC LIMIT ?
        """
        with self._reading():
            return [self._entry(*row) for row in self._db.execute(query, (limit,)).fetchall()]

    def bytes_out(self, since: datetime | None = None) -> int:
        """How many bytes left the car since then, or ever. An entry of unknown outcome counts as if all of it left."""
        with self._reading():
            (total,) = self._db.execute(_SUM, (since.astimezone(UTC).isoformat() if since else "",)).fetchone()
        return int(total)

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row: noted elsewhere, it shows later whether the ledger was written anew."""
        with self._reading():
            return self._head()

    def drop_bodies(self) -> int:
        """Forget what was sent, but not that it was; returns of how many entries."""
        with self._writing():
            entries = [entry for (entry,) in self._db.execute("SELECT entry FROM bodies ORDER BY entry")]
            self._drop(entries)
        with self._reading():
            _compact(self._db)
        return len(entries)

    def export(self) -> bytes:
        """Everything as JSON: the rows with their hashes, and what is kept of the bodies."""
        with self._reading():
            rows = self._db.execute("SELECT seq, entry, kind, record, hash FROM rows ORDER BY seq").fetchall()
            bodies = self._db.execute("SELECT entry, body FROM bodies ORDER BY entry").fetchall()
        names = ("seq", "entry", "kind", "record", "hash")
        content = {
            "rows": [dict(zip(names, row, strict=True)) for row in rows],
            "bodies": {str(entry): bytes(body).decode("utf-8", "replace") for entry, body in bodies},
        }
        return msgspec.json.format(msgspec.json.encode(content), indent=1)

    def verify(self, head: tuple[int, str] | None = None) -> list[str]:
        """What is wrong with the ledger, a sentence each; empty when it is whole.

        `head` is one that was noted earlier: then a chain that was made anew is found as well.
        """
        with self._reading():
            rows = self._db.execute("SELECT seq, entry, kind, record, hash FROM rows ORDER BY seq").fetchall()
            bodies = self._db.execute("SELECT entry, CAST(body AS BLOB) FROM bodies").fetchall()
            issued = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'rows'").fetchone()
        wrong = []
        before, expected = _FIRST, 1
        sent: dict[int, str] = {}
        dropped: set[int] = set()
        for seq, entry, kind, record, digest in rows:
            if seq != expected:
                wrong.append(f"rows {expected} to {seq - 1} are missing")
            elif _hash(before, seq, entry, kind, record) != digest:
                wrong.append(f"row {seq} was changed")
            if head is not None and seq == head[0] and digest != head[1]:
                wrong.append(f"row {seq} is not the one that was noted")
            before, expected = digest, seq + 1
            if kind == "intent":
                sent[entry] = _sent(record)
            elif kind == "dropped":
                dropped.add(entry)
        last = max(issued[0] if issued else 0, head[0] if head else 0)
        if expected <= last:
            wrong.append(f"rows {expected} to {last} are missing")
        kept = {entry: hashlib.sha256(body).hexdigest() for entry, body in bodies}
        wrong += [f"what is kept of entry {entry} was changed" for entry in kept if kept[entry] != sent.get(entry)]
        wrong += [f"what was sent by entry {entry} is missing" for entry in sent if entry not in dropped | kept.keys()]
        return wrong

    def _entry(self, number: int, intent_json: str, completion_json: str | None, body: bytes | None) -> Entry:
        intent = msgspec.json.decode(intent_json, type=Intent)
        if completion_json is not None:
            completion = msgspec.json.decode(completion_json, type=Completion)
        else:
            outcome = "under way" if number in self._under_way else "unknown: it was never completed"
            completion = Completion(time=intent.time, bytes_out=intent.bytes_planned, bytes_in=0, outcome=outcome)
        return Entry(
            id=number,
            time=intent.time,
            purpose=intent.purpose,
            recipient=intent.recipient,
            method=intent.method,
            bytes_out=completion.bytes_out,
            bytes_in=completion.bytes_in,
            sha256=intent.sha256,
            redacted=intent.redacted,
            outcome=completion.outcome,
            body=None if body is None else bytes(body).decode("utf-8", "replace"),
        )

    def _append(self, entry: int | None, kind: str, record: msgspec.Struct) -> int:
        """Add a row; an intent (`entry` None) gives its entry the row's own number."""
        last, before = self._head()
        seq = last + 1
        entry = seq if entry is None else entry
        text = msgspec.json.encode(record).decode()
        row = (seq, entry, kind, text, _hash(before, seq, entry, kind, text))
        self._db.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", row)
        return entry

    def _head(self) -> tuple[int, str]:
        found = self._db.execute("SELECT seq, hash FROM rows ORDER BY seq DESC LIMIT 1").fetchone()
        return found or (0, _FIRST)

    def _beyond_retention(self) -> list[int]:
        """Entries whose body is too old, or lies behind the newest ones that fit into the size."""
        oldest = (self._now() - timedelta(days=self._retention.days)).astimezone(UTC).isoformat()
        size, beyond = 0, []
        for entry, time, length in self._db.execute("SELECT entry, time, length(body) FROM bodies ORDER BY entry DESC"):
            size += length
            if time < oldest or size > self._retention.bytes:
                beyond.append(entry)
        return beyond

    def _drop(self, entries: list[int]) -> None:
        for entry in entries:
            self._db.execute("DELETE FROM bodies WHERE entry = ?", (entry,))
            self._append(entry, "dropped", _Dropped(time=self._time()))

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, on the disk when the block is left."""
        with self._reading():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, self._explained():
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, msgspec.DecodeError) as problem:
            raise NotRecorded(f"the egress ledger {self._path} cannot be used: {problem}; nothing was sent") from None


def _sent(record: str) -> str:
    """The hash of what was sent, out of an intent that may have been tampered with."""
    try:
        return msgspec.json.decode(record, type=Intent).sha256
    except msgspec.DecodeError:
        return ""


def _compact(db: sqlite3.Connection) -> None:
    """Leave nothing in the file and its log that was erased."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Dropped(msgspec.Struct, frozen=True, kw_only=True):
    time: str


def _hash(before: str, *fields: Any) -> str:
    return hashlib.sha256(msgspec.json.encode([before, *fields])).hexdigest()


def _make_private(path: Path) -> None:
    """Make the file, readable by its owner alone, and its folder's entry for it durable."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
