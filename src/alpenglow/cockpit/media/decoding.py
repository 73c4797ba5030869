"""Sound out of a file: FLAC, MP3, Ogg Vorbis and WAV, by miniaudio's decoders, in the file's own rate.

All in one thread at a time. The decoding itself is C code that leaves the interpreter to others meanwhile.
"""

from pathlib import Path

import miniaudio
import numpy as np

from alpenglow.cockpit.media.sources import CHANNELS, Frames, SourceError

_NOTHING: Frames = np.zeros((0, CHANNELS), np.float32)
_AT_ONCE = 16_384  # frames; what one read of the library can give


class File:
    """An open music file, from `position_s` on."""

    def __init__(self, path: Path, rate_hz: int, position_s: float = 0.0) -> None:
        """Open it; SourceError says why it cannot be."""
        self.rate_hz = rate_hz
        self._name = path.name
        try:
            self._stream = miniaudio.stream_file(
                str(path),
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=CHANNELS,
                sample_rate=rate_hz,
                seek_frame=round(position_s * rate_hz),
            )
        except FileNotFoundError:
            raise SourceError(f"{self._name} is no longer there") from None
        except UnicodeError:
            raise SourceError(f"{self._name!r}: its name is not UTF-8; rename it") from None
        except (OSError, miniaudio.MiniaudioError):
            raise SourceError(f"{self._name} cannot be read, or is damaged") from None

    def read(self, frames: int) -> Frames:
        """The next frames, at most so many; none at the end."""
        try:
            samples = self._stream.send(min(frames, _AT_ONCE))
        except StopIteration:
            return _NOTHING
        except miniaudio.MiniaudioError:
            raise SourceError(f"{self._name} breaks off: it is damaged") from None
        found: Frames = np.frombuffer(samples, np.float32).reshape(-1, CHANNELS)
        if not np.isfinite(found).all():  # a float WAV may hold anything
            found = np.nan_to_num(found, nan=0.0, posinf=1.0, neginf=-1.0)
        return found.clip(-1.0, 1.0)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
