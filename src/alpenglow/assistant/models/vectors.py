"""Passage vectors that are computed once and kept on the disk, by encoder and text.

The file is only a copy of what can be computed again: one that is damaged is thrown away. What has been computed
before an interruption is kept.
"""

import contextlib
import hashlib
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alpenglow.assistant.models.encoders import Encoder
from alpenglow.assistant.models.problems import Stopped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 32  # texts between two looks at `stop`: about 0.2 s
_ASKED_AT_ONCE = 500  # SQLite takes 999 parameters on old builds


def cache_folder() -> Path:
    """Where what can be computed again is kept: `$XDG_CACHE_HOME/alpenglow`, else `~/.cache/alpenglow`."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "alpenglow"


def embed_cached(
    encoder: Encoder,
    texts: Sequence[str],
    folder: Path,
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
    stop: threading.Event | None = None,
) -> "NDArray[np.float32]":
    """The vectors of `texts` as passages, one row each. Raises Stopped after `stop` was set; OSError for the folder."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '-', encoder.name)}.sqlite"
    keys = [hashlib.sha256(f"{encoder.name}\0{text}".encode("utf-8", "replace")).digest()[:16] for text in texts]
    with _Kept(path, encoder.dim * 4) as kept:
        known = kept.read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        waiting = list(missing)
        report(len(texts) - len(waiting), len(texts))
        for start in range(0, len(waiting), _BATCH):
            if stop is not None and stop.is_set():
                raise Stopped("sentence vectors: called off; what was computed is kept")
            batch = waiting[start : start + _BATCH]
            vectors = encoder.passages([missing[key] for key in batch]).astype("<f4")
            new = {key: vector.tobytes() for key, vector in zip(batch, vectors, strict=True)}
            kept.write(new)
            known |= new
            report(len(texts) - len(waiting) + start + len(batch), len(texts))
    if not keys:
        return np.zeros((0, encoder.dim), dtype=np.float32)
    return np.frombuffer(b"".join(known[key] for key in keys), dtype="<f4").reshape(len(keys), encoder.dim)


class KeptPassages:
    """An encoder whose passages are computed once."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.name, self.dim = encoder.name, encoder.dim
        self._encoder, self._folder = encoder, folder

    def queries(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """See Encoder."""
        return self._encoder.queries(texts)

    def passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """See Encoder; OSError for the folder."""
        return embed_cached(self._encoder, texts, self._folder)


class _Kept:
    """Where the disk gives trouble, vectors are computed and not kept."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path, self._size_bytes = path, size_bytes

    def __enter__(self) -> "_Kept":
        try:
            self._open()
        except sqlite3.DatabaseError:
            self._throw_away()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._base.close()

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        try:
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                some = keys[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(some))
                found |= dict(self._base.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some))
        except sqlite3.DatabaseError:
            self._throw_away()
            return {}
        return {key: vector for key, vector in found.items() if len(vector) == self._size_bytes}

    def write(self, vectors: dict[bytes, bytes]) -> None:
        with contextlib.suppress(sqlite3.Error), self._base:
            self._base.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", vectors.items())

    def _open(self) -> None:
        self._base = sqlite3.connect(self._path, timeout=10)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def _throw_away(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._base.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        try:
            self._open()
        except sqlite3.Error:
            self._base = sqlite3.connect(":memory:")
            self._base.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
