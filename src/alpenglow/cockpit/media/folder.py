"""The first source: a folder of music files, looked through in a thread and watched gently.

Rules that always hold:
- the folder is only ever read;
- a file is read again when its time or size changed, not otherwise;
- links out of the folder are not followed, and an address never leads outside it;
- a file that cannot be played is skipped and listed with the reason.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from alpenglow.cockpit.api import MediaListing, MediaProblem, MediaTrack
from alpenglow.cockpit.media import covers, tags
from alpenglow.cockpit.media.decoding import File
from alpenglow.cockpit.media.library import Library, Song
from alpenglow.cockpit.media.sources import Pcm, SourceError

_PLAYED = frozenset({".flac", ".mp3", ".ogg", ".oga", ".wav"})
# Music too, but of kinds that cannot be decoded here: people are told rather than left to wonder.
_KNOWN = _PLAYED | {".m4a", ".aac", ".opus", ".wma", ".aif", ".aiff", ".ape", ".wv", ".dsf"}
_MOST_FILES = 50_000
_SHOW_EVERY_S = 2.0  # how often a first, long look shows what it has found so far
_PAUSE_S = 0.001  # between files, so that looking does not take the processor from what people touch
_KEPT_COVERS_BYTES = 16 * 1024 * 1024


class _Known(msgspec.Struct, frozen=True):
    """What was found in a file of that time and size: a song, or why there is none."""

    mtime_ns: int
    size: int
    song: Song | None
    rate_hz: int
    why: str = ""


class Folder:
    """A folder of music, as a Source."""

    name = "folder"
    word = "DISK"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.looking = True  # for the first time
        self.problems: dict[str, str] = {}
        self._library = Library(self.name)
        self._files: dict[Path, _Known] = {}
        self._covers: dict[str, Path] = {}  # id → a file that has it
        self._kept: dict[str, bytes] = {}  # the latest covers asked for
        self._lock = threading.Lock()  # around _kept
        self._stop = threading.Event()

    # -- the folder ----------------------------------------------------------------------------------------------------

    def look(self, changed: Callable[[], None]) -> bool:
        """Look through the folder, in a thread; whether anything was new. `changed` is called where it was."""
        found: dict[Path, _Known] = {}
        problems: dict[str, str] = {}
        fresh, shown = False, time.monotonic()
        for path in self._walk(problems):
            if self._stop.is_set():
                return False
            try:
                stat = path.stat()
            except OSError as error:
                problems[self._relative(path)] = _reason(error)
                continue
            known = self._files.get(path)
            if known is None or (known.mtime_ns, known.size) != (stat.st_mtime_ns, stat.st_size):
                known, fresh = self._read(path, stat), True
                time.sleep(_PAUSE_S)
            found[path] = known
            if known.why:
                problems[self._relative(path)] = known.why
            if self.looking and fresh and time.monotonic() - shown > _SHOW_EVERY_S:
                self._show(found, problems)
                changed()
                shown = time.monotonic()
        different = fresh or found.keys() != self._files.keys() or problems != self.problems or self.looking
        self.looking = False
        if different:
            self._show(found, problems)
            self._files = found
            changed()
        return different

    def stop(self) -> None:
        """End a look that is under way."""
        self._stop.set()

    def _walk(self, problems: dict[str, str]) -> Iterator[Path]:
        def failed(error: OSError) -> None:
            problems[self._relative(Path(os.fspath(error.filename or self.root)))] = _reason(error)

        count = 0
        for folder, below, names in os.walk(self.root, onerror=failed):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or path.suffix.lower() not in _KNOWN or path.is_symlink():
                    continue
                if count >= _MOST_FILES:
                    problems["…"] = f"only the first {_MOST_FILES} files are used"
                    return
                count += 1
                yield path

    def _read(self, path: Path, stat: os.stat_result) -> _Known:
        try:
            path.name.encode()
        except UnicodeError:
            why = "its name is not UTF-8; rename it"
            return _Known(stat.st_mtime_ns, stat.st_size, None, 0, why)
        try:
            said = tags.read(path)
            cover = tags.cover_of(path)
        except (tags.Unreadable, OSError) as error:
            return _Known(stat.st_mtime_ns, stat.st_size, None, 0, _reason(error))
        track = MediaTrack(
            uri=f"{self.name}:{quote(self._relative(path))}",
            title=said.title,
            artist=said.artist,
            album=said.album,
            genre=said.genre,
            number=said.number,
            duration_s=round(said.duration_s, 3),
            cover=covers.id_of(cover) if cover else "",
        )
        if track.cover:
            self._covers[track.cover] = path
        song = Song(track, said.album_artist, self._relative(path.parent), said.disc)
        return _Known(stat.st_mtime_ns, stat.st_size, song, said.rate_hz)

    def _show(self, found: dict[Path, _Known], problems: dict[str, str]) -> None:
        self._library = Library(self.name, [known.song for known in found.values() if known.song is not None])
        self._files = {**self._files, **found}
        self.problems = problems

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else path.name

    # -- a source ------------------------------------------------------------------------------------------------------

    def track(self, uri: str) -> MediaTrack | None:
        """See Source."""
        return self._library.tracks.get(uri)

    def browse(self, shelf: str, start: int, limit: int) -> MediaListing | None:
        """See Source."""
        return self._library.browse(shelf, start, limit)

    def search(self, text: str, limit: int) -> MediaListing:
        """See Source."""
        return self._library.search(text, limit)

    def open(self, uri: str, position_s: float) -> Pcm:
        """See Source."""
        track = self.track(uri)
        path = self.root / unquote(uri.partition(":")[2])
        known = self._files.get(path)
        if track is None or known is None or known.song is None:
            raise SourceError(f"{path.name} is no longer there")
        return File(path, known.rate_hz, position_s)

    def cover(self, cover: str) -> bytes | None:
        """See Source."""
        with self._lock:
            if (kept := self._kept.pop(cover, None)) is not None:
                self._kept[cover] = kept
                return kept
        path = self._covers.get(cover)
        data = None if path is None else tags.cover_of(path)
        if data is None or covers.id_of(data) != cover:  # the file has another picture by now
            return None
        with self._lock:
            self._kept[cover] = data
            while sum(map(len, self._kept.values())) > _KEPT_COVERS_BYTES:
                del self._kept[next(iter(self._kept))]
        return data

    def listed_problems(self, limit: int) -> list[MediaProblem]:
        """What cannot be played, by name."""
        shown = sorted(self.problems.items())[:limit]
        return [MediaProblem(where=tags.clean(where), why=tags.clean(why)) for where, why in shown]


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "it may not be read; change its permissions"
    if isinstance(error, OSError):
        return f"it cannot be read: {error.strerror or error}"
    return str(error)
