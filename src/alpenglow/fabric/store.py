"""What a room keeps about the people in the car: one SQLite file, in the car.

Rules that always hold:
- everything belongs to one profile, has a kind and an id, and can be listed, exported and erased by these;
- what a method has returned from is on disk (WAL, synchronous FULL); a power cut leaves the old state or the new one;
- what is erased is gone from the file (SQLite's secure_delete, VACUUM, an emptied log), and from damaged copies;
- a damaged file is set aside, never repaired by guessing; `notice` says so;
- a file of an older form is brought to today's in one transaction, and one of a newer form is left alone.
"""

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

type Migration = Callable[[sqlite3.Connection], object]  # changes the file's content; raises where it cannot

_BUSY_S = 5.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_LONGEST_ID = 120

_TABLE = """
CREATE TABLE IF NOT EXISTS item (
  profile TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  at TEXT NOT NULL,   -- when it was made, ISO 8601, UTC
  body BLOB NOT NULL, -- JSON
  PRIMARY KEY (profile, kind, id)
) WITHOUT ROWID
"""


class StoreError(RuntimeError):
    """The store cannot be used; the text says why and what to do."""


class Store:
    """The file, open. Used from one thread at a time."""

    @classmethod
    def unkept(cls, name: str, why: str) -> "Store":
        """A store in memory, for a process that has to go on where its file cannot be opened (`why`)."""
        store = cls.__new__(cls)
        store.notice = f"{why}; nothing is kept until the next start"
        store.changes = 0
        store._folder, store._name, store._migrations = Path(os.devnull), name, ()
        store._file = store._folder
        store._db = sqlite3.connect(":memory:", isolation_level=None)
        store._db.execute(_TABLE)
        return store

    def __init__(self, folder: Path, name: str, migrations: Sequence[Migration] = ()) -> None:
        """Open the store `name` in `folder`, or begin a new one. Raises StoreError.

        The file's form (PRAGMA user_version) is 1 and one more for each of `migrations`, which bring it up in turn.
        """
        self.notice: str | None = None  # for the person: what happened to the file, if anything
        self.changes = 0  # counts up with every write, so that others know when to look again
        self._folder = folder
        self._name = name
        self._migrations = migrations
        self._file = folder / f"{name}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGED:
                    raise
                self._set_aside()
                self._db = self._open()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self._file}: the {self._name} cannot be opened: {error}") from None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def put(self, profile: str, kind: str, item: str, body: msgspec.Struct, at: datetime) -> None:
        """Keep `body`; it replaces what had the same profile, kind and id."""
        _check_name("profile", profile)
        _check_name(kind, item)
        row = (profile, kind, item, at.astimezone(UTC).isoformat(), msgspec.json.encode(body))
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?)", row)

    def get[T](self, profile: str, kind: str, item: str, form: type[T]) -> T | None:
        """That item, or None where there is none."""
        rows = self._read("SELECT id, body FROM item WHERE profile = ? AND kind = ? AND id = ?", profile, kind, item)
        return next((found for _, body in rows if (found := _decoded(body, form)) is not None), None)

    def items[T](self, profile: str, kind: str, form: type[T]) -> list[T]:
        """All of that kind, oldest first. What another version wrote in a form unknown here is left alone."""
        rows = self._read("SELECT id, body FROM item WHERE profile = ? AND kind = ? ORDER BY at, id", profile, kind)
        return [found for _, body in rows if (found := _decoded(body, form)) is not None]

    def count(self, profile: str, kind: str) -> int:
        """How many of that kind there are."""
        return len(self._read("SELECT id, body FROM item WHERE profile = ? AND kind = ?", profile, kind))

    def drop(self, profile: str, kind: str, item: str) -> bool:
        """Take one item away in the course of things (see `erase` for a person's wish); whether there was one."""
        with self._writing():
            done = self._db.execute("DELETE FROM item WHERE profile = ? AND kind = ? AND id = ?", (profile, kind, item))
        return done.rowcount > 0

    def drop_oldest(self, profile: str, kind: str, keep: int, before: datetime | None = None) -> None:
        """Keep the newest `keep` of that kind, and none from before `before`."""
        oldest = before.astimezone(UTC).isoformat() if before else ""
        with self._writing():
            self._db.execute(
                "DELETE FROM item WHERE profile = :p AND kind = :k AND (at < :b OR id NOT IN "
                "(SELECT id FROM item WHERE profile = :p AND kind = :k ORDER BY at DESC, id DESC LIMIT :n))",
                {"p": profile, "k": kind, "b": oldest, "n": keep},
            )

    def profiles(self) -> list[str]:
        """Of whom something is kept."""
        return [str(name) for name, _ in self._read("SELECT DISTINCT profile, 0 FROM item ORDER BY profile")]

    def summary(self, profile: str) -> list[tuple[str, int, str]]:
        """How much is kept of a profile: kind, how many, since when the oldest (ISO 8601, UTC)."""
        query = "SELECT kind, json_array(count(*), min(at)) FROM item WHERE profile = ? GROUP BY kind ORDER BY kind"
        found = []
        for kind, row in self._read(query, profile):
            count, since = msgspec.json.decode(row, type=tuple[int, str])
            found.append((str(kind), count, since))
        return found

    def everything(self, profile: str) -> dict[str, dict[str, object]]:
        """All that is kept of a profile: kind → id → what, as plain JSON types."""
        found: dict[str, dict[str, object]] = {}
        query = "SELECT kind || char(10) || id, body FROM item WHERE profile = ? ORDER BY kind, at, id"
        for name, body in self._read(query, profile):
            kind, _, item = str(name).partition("\n")
            found.setdefault(kind, {})[item] = _decoded(body, object)
        return found

    def export(self, profile: str) -> bytes:
        """All that is kept of a profile, as JSON for the person to take along."""
        whole = {"format": f"alpenglow {self._name} 1", "profile": profile, "kept": self.everything(profile)}
        return msgspec.json.format(msgspec.json.encode(whole), indent=2)

    def erase(self, profile: str | None = None, kind: str | None = None, item: str | None = None) -> int:
        """Erase for good: one item, one kind, one profile, or without arguments all; returns how many are gone.

        Raises ValueError where what stands before is left open: an item needs its kind, a kind its profile.
        """
        if (kind is not None and profile is None) or (item is not None and kind is None):
            raise ValueError("to erase an item say its profile and kind; to erase a kind say its profile")
        chosen = [(c, v) for c, v in (("profile", profile), ("kind", kind), ("id", item)) if v is not None]
        where = " AND ".join(f"{column} = ?" for column, _ in chosen) or "1"
        with self._writing():
            gone = self._db.execute(f"DELETE FROM item WHERE {where}", [v for _, v in chosen]).rowcount
        self.compact()
        if item is None:
            with self._failing():
                # Nobody can tell whose words a damaged copy holds.
                for copy in self._folder.glob(f"{self._file.name}*.damaged-*"):
                    copy.unlink()
        return gone

    def compact(self) -> None:
        """Leave nothing in the file that was replaced or erased."""
        with self._failing():
            self._db.execute("VACUUM")
            if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreError(f"{self._file}: erased, but its log is in use elsewhere; close that and erase again")

    def _open(self) -> sqlite3.Connection:
        # Made by us first, so that nobody else on the machine can read it; SQLite gives its log the same mode.
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(self._file, timeout=_BUSY_S, isolation_level=None)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
                db.execute(f"PRAGMA {pragma}")
            if db.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise _Damaged
            version = db.execute("PRAGMA user_version").fetchone()[0]
            newest = 1 + len(self._migrations)
            if version > newest:
                raise StoreError(f"{self._file}: written by a newer Alpenglow (form {version}); update this one")
            if version == newest:  # nothing to write: it opens also where the disk takes no more
                return db
            db.execute("BEGIN IMMEDIATE")
            db.execute(_TABLE)
            for migrate in self._migrations[max(version, 1) - 1 :] if version else ():
                migrate(db)
            db.execute(f"PRAGMA user_version = {newest}")
            db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self._file.with_name(self._file.name + end).rename(
                    self._folder / f"{self._file.name}{end}.damaged-{stamp}"
                )
        kept = self._folder / f"{self._file.name}.damaged-{stamp}"
        self.notice = f"the {self._name} was damaged and a new one was begun; the damaged file is kept as {kept}"

    def _read(self, query: str, *values: str) -> list[tuple[object, bytes]]:
        with self._failing():
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._failing():
            yield
        self.changes += 1

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self._file}: {error}; what was kept before is still there") from None


class _Damaged(sqlite3.DatabaseError):
    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def new_id() -> str:
    """An id for an item that is short enough to type and not in use."""
    return uuid.uuid4().hex[:12]


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary result code


def _decoded[T](body: bytes, form: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.DecodeError:
        return None


def _check_name(what: str, name: str) -> None:
    if not 0 < len(name) <= _LONGEST_ID or not name.isprintable():
        raise StoreError(f"the name of a {what} has 1 to {_LONGEST_ID} printable characters")
