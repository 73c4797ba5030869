"""What there is to play, kept in memory: by album, artist and title, and found by the beginnings of words.

A library is made once from its tracks and never changed; when the folder changes, a new one takes its place.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

import msgspec

from alpenglow.cockpit.api import MediaListing, MediaShelf, MediaTrack

# Letters that Unicode does not take apart into a letter and a mark, though people type the letter.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces: there a word may begin at any character.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORDS_ASKED = 8
_SHELVES_FOUND = 6


class Song(msgspec.Struct, frozen=True):
    """A track with what only the library needs of it."""

    track: MediaTrack
    album_artist: str
    folder: str  # tracks of one album lie in one folder, or say who its artist is
    disc: int


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return _WORD.findall(unicodedata.normalize("NFC", plain).casefold())


class Library:
    """Shelves, titles and an index of words over them."""

    def __init__(self, source: str, songs: Iterable[Song] = ()) -> None:
        self._source = source
        ordered = sorted(songs, key=lambda song: (words(song.track.title), song.track.uri))
        self.tracks: Mapping[str, MediaTrack] = {song.track.uri: song.track for song in ordered}
        self._titles = [song.track for song in ordered]
        self._albums = self._shelves("album", ordered)
        self._artists = self._shelves("artist", ordered)
        self._title_words = [words(track.title) for track in self._titles]
        self._shelf_words = [
            (shelf, list(_beginnings(shelf.title))) for shelf, _ in (*self._artists.values(), *self._albums.values())
        ]
        self._postings: dict[str, list[int]] = {}
        for number, track in enumerate(self._titles):
            for word in {begin for text in (track.title, track.artist, track.album) for begin in _beginnings(text)}:
                self._postings.setdefault(word, []).append(number)
        self._words = sorted(self._postings)

    def browse(self, shelf: str, start: int, limit: int) -> MediaListing | None:
        """What stands on a shelf; None where there is no such shelf."""
        part = slice(start, start + limit)
        if not shelf:
            shelves = [self._shelf(name, "", "", "", count) for name, count in self._tops() if count]
            return MediaListing(shelves=shelves[part], tracks=[], total=len(shelves))
        if shelf == "titles":
            return MediaListing(shelves=[], tracks=self._titles[part], total=len(self._titles))
        if shelf in ("albums", "artists"):
            held = [each for each, _ in (self._albums if shelf == "albums" else self._artists).values()]
            return MediaListing(shelves=held[part], tracks=[], total=len(held))
        found = self._albums.get(shelf) or self._artists.get(shelf)
        if found is None:
            return None
        return MediaListing(shelves=[], tracks=found[1][part], total=len(found[1]))

    def search(self, text: str, limit: int) -> MediaListing:
        """What has a word that begins like each word of `text`; titles that begin with it come first."""
        asked = words(text)[:_WORDS_ASKED]
        if not asked:
            return MediaListing(shelves=[], tracks=[], total=0)
        numbers = set.intersection(*(self._beginning(word) for word in asked))
        shelves = [shelf for shelf, have in self._shelf_words if _all_begin(asked, have)]
        tracks = [self._titles[number] for number in self._best(asked, sorted(numbers), limit)]
        return MediaListing(shelves=shelves[:_SHELVES_FOUND], tracks=tracks, total=len(numbers))

    def _tops(self) -> Iterator[tuple[str, int]]:
        yield "albums", len(self._albums)
        yield "artists", len(self._artists)
        yield "titles", len(self._titles)

    def _beginning(self, word: str) -> set[int]:
        first = bisect_left(self._words, word)
        alike = takewhile(lambda have: have.startswith(word), self._words[first : first + 5000])
        return {number for have in alike for number in self._postings[have]}

    def _best(self, asked: list[str], numbers: list[int], limit: int) -> list[int]:
        """The best `limit` of them; it stops as soon as nothing better can come, since one letter finds nearly all."""
        ranks: tuple[list[int], ...] = ([], [], [])
        for number in numbers:
            ranks[self._rank(asked, number)].append(number)
            if len(ranks[0]) >= limit:
                break
        return [number for rank in ranks for number in rank][:limit]

    def _rank(self, asked: list[str], number: int) -> int:
        title = self._title_words[number]
        if title[: len(asked)] == asked:
            return 0
        return 1 if _all_begin(asked, title) else 2

    def _shelf(self, shelf: str, title: str, subtitle: str, cover: str, tracks: int) -> MediaShelf:
        return MediaShelf(source=self._source, id=shelf, title=title, subtitle=subtitle, cover=cover, tracks=tracks)

    def _shelves(self, kind: str, songs: list[Song]) -> dict[str, tuple[MediaShelf, list[MediaTrack]]]:
        """Albums or artists in the order of their names, each with its tracks in theirs."""
        groups: dict[tuple[str, ...], list[Song]] = {}
        for song in songs:
            name = song.track.album if kind == "album" else song.album_artist
            # An album without an artist of its own is told apart by its folder.
            where = (song.album_artist or song.folder) if kind == "album" else ""
            if name:
                groups.setdefault((*words(name), "", *words(where)), []).append(song)
        found = {}
        for key in sorted(groups):
            group = sorted(groups[key], key=lambda song: (*_album_place(song, kind), song.track.title, song.track.uri))
            first = group[0]
            title = first.track.album if kind == "album" else first.album_artist
            subtitle = first.album_artist if kind == "album" else ""
            cover = next((song.track.cover for song in group if song.track.cover), "")
            name = f"{kind}/{hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()}"
            found[name] = (self._shelf(name, title, subtitle, cover, len(group)), [song.track for song in group])
        return found


def _album_place(song: Song, kind: str) -> tuple[str, int, int]:
    return ("" if kind == "album" else song.track.album, song.disc, song.track.number or 10_000)


def _all_begin(asked: list[str], have: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in have) for beginning in asked)


def _beginnings(text: str) -> Iterator[str]:
    """From where a text may be found: its words, and in scripts without spaces every character."""
    for word in words(text):
        yield word
        if _UNSPACED.search(word):
            yield from (word[at:] for at in range(1, len(word)))
