"""Where music comes from: what a source must be able to do, and all of them under one roof.

A source has a name, which is also the scheme of its tracks' addresses (`folder:Artist/Song.flac`). `open` gives sound
as frames of two channels, float32 from −1 to 1, at the rate that the source has them; the stream resamples.

Rules that always hold:
- `track`, `browse` and `search` answer from memory: they are called on the event loop;
- `open`, `Pcm.read` and `cover` may wait for a disk: they are called in threads;
- texts in a Track are clean: bounded, without control characters, and never markup.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alpenglow.cockpit.api import MediaListing, MediaShelf, MediaTrack

type Frames = NDArray[np.float32]  # shape (n, 2)

CHANNELS = 2


class SourceError(Exception):
    """This cannot be played now; the text says what and why, for the person who wanted to hear it."""


class Pcm(Protocol):
    """The sound of one track from some position on."""

    @property
    def rate_hz(self) -> int:
        """Frames per second."""

    def read(self, frames: int) -> Frames:
        """The next frames, at most so many; none at the end. SourceError where it breaks off."""

    def close(self) -> None:
        """Let go of it."""


class Source(Protocol):
    """One place that music comes from."""

    @property
    def name(self) -> str:
        """Scheme of its addresses: lower case letters."""

    @property
    def word(self) -> str:
        """What Vehicle.Cabin.Infotainment.Media.Played.Source calls it."""

    def track(self, uri: str) -> MediaTrack | None:
        """What that address names, or None where it names nothing here."""

    def browse(self, shelf: str, start: int, limit: int) -> MediaListing | None:
        """What stands on a shelf ("": the shelves at the top); None where there is no such shelf."""

    def search(self, text: str, limit: int) -> MediaListing:
        """What matches all words of `text`, best first."""

    def open(self, uri: str, position_s: float) -> Pcm:
        """Its sound from `position_s` on. SourceError says why not."""

    def cover(self, cover: str) -> bytes | None:
        """The picture of that id, a PNG or JPEG, or None."""


class Sources:
    """All sources; each answers for the addresses of its scheme."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._by_name = {source.name: source for source in sources}

    def of(self, uri: str) -> Source | None:
        """The source of an address."""
        return self._by_name.get(uri.partition(":")[0])

    def track(self, uri: str) -> MediaTrack | None:
        """What an address names, or None."""
        source = self.of(uri)
        return None if source is None else source.track(uri)

    def browse(self, source: str, shelf: str, start: int, limit: int) -> MediaListing | None:
        """What stands on a shelf of a source; with no source, the shelves of all."""
        if source:
            found = self._by_name.get(source)
            return None if found is None else found.browse(shelf, start, limit)
        tops = [top for each in self._by_name.values() if (top := each.browse("", 0, limit)) is not None]
        shelves: list[MediaShelf] = [shelf for top in tops for shelf in top.shelves]
        return MediaListing(shelves=shelves, tracks=[], total=len(shelves))

    def search(self, text: str, limit: int) -> MediaListing:
        """What matches in any source."""
        found = [source.search(text, limit) for source in self._by_name.values()]
        return MediaListing(
            shelves=[shelf for each in found for shelf in each.shelves][:limit],
            tracks=[track for each in found for track in each.tracks][:limit],
            total=sum(each.total for each in found),
        )

    def open(self, uri: str, position_s: float) -> Pcm:
        """The sound of an address. SourceError says why not."""
        source = self.of(uri)
        if source is None:
            raise SourceError(f"nothing here plays {uri[:80]}")
        return source.open(uri, position_s)

    def cover(self, cover: str) -> bytes | None:
        """A picture that one of the sources knows."""
        return next((data for each in self._by_name.values() if (data := each.cover(cover)) is not None), None)
