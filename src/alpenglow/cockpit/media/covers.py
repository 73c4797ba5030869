"""Cover pictures: what came with a song is shown only where it is a PNG or JPEG of sane size.

A browser decides by the content type that we send, and it decodes what it gets. So the kind is taken from the bytes
themselves, the size in pixels is read before any browser unpacks it, and everything else is no cover.
"""

import hashlib
import struct

import msgspec

MOST_BYTES = 4 * 1024 * 1024
_MOST_PIXELS = 4096  # a side; unpacked 64 MiB at most
_LEAST_PIXELS = 8
_PNG = b"\x89PNG\r\n\x1a\n"
# JPEG markers that begin a frame and so hold its size (ITU-T T.81 table B.1), but for DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


class Picture(msgspec.Struct, frozen=True):
    """A verified picture."""

    kind: str  # content type
    width: int
    height: int


def verified(data: bytes) -> Picture | None:
    """What picture this is, or None where it is none that is shown."""
    if len(data) > MOST_BYTES:
        return None
    size = _png_size(data) if data.startswith(_PNG) else _jpeg_size(data)
    if size is None or not all(_LEAST_PIXELS <= side <= _MOST_PIXELS for side in size):
        return None
    return Picture("image/png" if data.startswith(_PNG) else "image/jpeg", *size)


def id_of(data: bytes) -> str:
    """The name of a picture: a digest of its bytes, so that equal pictures share one."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _png_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < 33 or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:  # padding
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if length < 2:
            return None
        at += 2 + length
    return None
