"""What a music file says of itself: title, artist, album, cover. Whatever it says is other people's text.

Rules that always hold:
- a text that leaves here is at most 200 characters of one line, without control characters and direction overrides
  (which could turn a line round), and can be written as UTF-8;
- no file makes this raise anything but Unreadable.
"""

import base64
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import mutagen
import mutagen.flac
import mutagen.id3

from alpenglow.cockpit.media.covers import MOST_BYTES, verified

_LONGEST = 200
_LONGEST_READ = 4000  # before cleaning
_RATES_HZ = range(8_000, 384_001)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset({"\u200c", "\u200d"})  # format characters that words in Persian and emoji need
_FRONT = 3  # front cover, in ID3v2 4.14 and FLAC alike
_BESIDE = ("cover.jpg", "cover.png", "folder.jpg", "folder.png", "front.jpg", "front.png")
# Formats by mutagen's class; what is not here is tagged music that this player cannot decode.
_PLAYED = {"MP3": "mp3", "FLAC": "flac", "OggVorbis": "vorbis", "WAVE": "wav", "OggFLAC": "flac"}


class Unreadable(Exception):
    """This file is no music that can be played; the text says why."""


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says of itself; "" and 0 where it says nothing."""

    title: str
    artist: str
    album_artist: str
    album: str
    genre: str
    number: int
    disc: int
    duration_s: float
    rate_hz: int


def read(path: Path) -> Tags:
    """The tags of a file. Unreadable says why there are none."""
    file = _open(path, easy=True)
    rate_hz = int(getattr(file.info, "sample_rate", 0) or 0)
    if rate_hz not in _RATES_HZ:
        raise Unreadable(f"{path.name}: its sample rate is {rate_hz} Hz")
    duration_s = float(getattr(file.info, "length", 0.0) or 0.0)
    if not 0.0 < duration_s < 1e6:
        raise Unreadable(f"{path.name}: there is no sound in it")

    def first(*names: str) -> str:
        return next((text for name in names if (text := clean(_value(file, name)))), "")

    artist = first("artist", "TPE1", "albumartist", "TPE2", "performer")
    return Tags(
        title=first("title", "TIT2") or clean(path.stem),
        artist=artist,
        album_artist=first("albumartist", "TPE2") or artist,
        album=first("album", "TALB"),
        genre=first("genre", "TCON"),
        number=_number(first("tracknumber", "TRCK")),
        disc=_number(first("discnumber", "TPOS")),
        duration_s=duration_s,
        rate_hz=rate_hz,
    )


def cover_of(path: Path) -> bytes | None:
    """The verified picture that a file holds or that lies beside it, or None."""
    try:
        held = _held(path)
    except Unreadable:
        held = None
    return held or _beside(path)


def clean(text: object) -> str:
    """Other people's text as one bounded line."""
    read = str(text)[:_LONGEST_READ]
    kept = "".join(c for c in read if c.isspace() or c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", " ".join(kept.split()))[:_LONGEST].strip()


def _open(path: Path, *, easy: bool) -> Any:
    try:
        file = mutagen.File(path, easy=easy)
    except Exception as error:  # a file made to break a parser finds more than MutagenError
        raise Unreadable(f"{path.name}: it is damaged or no music ({type(error).__name__})") from None
    if file is None:
        raise Unreadable(f"{path.name}: it is damaged or no music")
    kind = type(file).__name__.removeprefix("Easy")
    if kind not in _PLAYED:
        raise Unreadable(f"{path.name}: music of this kind ({kind}) is not played; FLAC, MP3, Ogg Vorbis and WAV are")
    return file


def _value(file: Any, name: str) -> str:
    try:
        value = file.get(name)
    except (KeyError, ValueError):
        return ""
    if isinstance(value, mutagen.id3.Frame):  # WAV has no "easy" form
        value = getattr(value, "text", None)
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else str(value)


def _number(text: str) -> int:
    digits = text.partition("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 0


def _held(path: Path) -> bytes | None:
    tags = _open(path, easy=False)
    pictures = [(int(picture.type), bytes(picture.data)) for picture in getattr(tags, "pictures", ())]  # FLAC
    for name, frame in dict(tags.tags or {}).items() if isinstance(tags.tags, mutagen.id3.ID3) else ():
        if name.startswith("APIC"):
            pictures.append((int(frame.type), bytes(frame.data)))
    if not isinstance(tags.tags, mutagen.id3.ID3):
        for encoded in (tags.tags or {}).get("metadata_block_picture", ())[:4]:
            if len(encoded) <= 2 * MOST_BYTES:
                pictures += _decoded(encoded)
    pictures.sort(key=lambda each: each[0] != _FRONT)
    return next((data for _, data in pictures if verified(data) is not None), None)


def _decoded(encoded: str) -> list[tuple[int, bytes]]:
    try:
        picture: Any = mutagen.flac.Picture(base64.b64decode(encoded))  # type: ignore[no-untyped-call]
    except Exception:  # as in _open
        return []
    return [(picture.type, bytes(picture.data))]


def _beside(path: Path) -> bytes | None:
    for name in _BESIDE:
        try:
            with (path.parent / name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            continue
        if verified(data) is not None:
            return data
    return None
