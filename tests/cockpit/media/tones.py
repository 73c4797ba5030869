"""Short music for the tests: sines in WAV, FLAC, MP3 and Ogg Vorbis, with tags and covers."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TIT2, TPE1, Encoding
from numpy.typing import NDArray

FORMATS = {".wav": ("WAV", "FLOAT"), ".flac": ("FLAC", "PCM_24"), ".mp3": ("MP3", None), ".ogg": ("OGG", "VORBIS")}


def sine(seconds: float, rate_hz: int = 48_000, hz: float = 440.0, level: float = 0.5) -> NDArray[np.float32]:
    """A sine in both channels, the right one a little quieter."""
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)
    return np.stack([wave, 0.8 * wave], axis=1).astype(np.float32)


def write(path: Path, frames: NDArray[np.float32], rate_hz: int = 48_000, **said: str) -> Path:
    """A music file of these frames; what is `said` become its tags."""
    path.parent.mkdir(parents=True, exist_ok=True)
    form, subtype = FORMATS[path.suffix]
    soundfile.write(path, frames, rate_hz, format=form, subtype=subtype)
    if path.suffix == ".flac" and said:
        file = FLAC(path)
        for name, text in said.items():
            file[name] = text
        file.save()
    elif path.suffix == ".mp3" and said:
        tags = ID3()
        for frame, name in ((TIT2, "title"), (TPE1, "artist"), (TALB, "album")):
            if name in said:
                tags.add(frame(encoding=Encoding.UTF8, text=said[name]))
        tags.save(path)
    return path


def png(width: int = 16, height: int = 16, shade: int = 128) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade, 90, 160]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def give_cover(path: Path, data: bytes, mime: str = "image/png") -> None:
    """Put a picture, or what calls itself one, into a music file."""
    if path.suffix == ".flac":
        file = FLAC(path)
        picture = Picture()
        picture.type, picture.mime, picture.data = 3, mime, data
        file.add_picture(picture)
        file.save()
    else:
        tags = ID3(path)
        tags.add(APIC(encoding=Encoding.UTF8, mime=mime, type=3, desc="", data=data))
        tags.save(path)


def encoded(frames: NDArray[np.float32], form: str) -> bytes:
    """The bytes of a file of these frames."""
    file = io.BytesIO()
    soundfile.write(file, frames, 48_000, format=form)
    return file.getvalue()
