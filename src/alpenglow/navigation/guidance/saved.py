"""The route that is followed, on disk, so that guidance goes on after this process was killed.

It holds where somebody goes, so it is as personal as a kept place: it is gone when guidance ends and when its person is
erased, and it is written at once and whole, or not at all.
"""

from pathlib import Path

import msgspec

from alpenglow.fabric import durable
from alpenglow.navigation.api import Trip

_FORM = 1


class SavedPath(msgspec.Struct, frozen=True):
    """A path over the edges of the map."""

    edges: list[int]
    start_along: float
    end_along: float


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What guidance needs to go on."""

    form: int = _FORM
    profile: str  # whose it is; "" for a guest's or a valet's
    since: str  # ISO 8601, UTC
    map: tuple[str, str]  # name and hash: edges mean something on that map alone
    trip: Trip
    legs: list[list[SavedPath]]
    at_m: float = 0.0
    joined: bool = False
    pace: int = 0  # at which the simulated car drives it; 0: it does not


class SavedFile:
    """The one file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "guidance.json"

    @property
    def there(self) -> bool:
        """Whether anything was being followed."""
        return self._path.exists()

    def read(self) -> Saved | None:
        """What was being followed; None where nothing was, or the file says nothing that can be used."""
        try:
            saved = msgspec.json.decode(self._path.read_bytes(), type=Saved)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return saved if saved.form == _FORM else None

    def write(self, saved: Saved) -> None:
        """Replace it. OSError."""
        durable.write(self._path, msgspec.json.encode(saved))
        self._path.chmod(0o600)

    def erase(self) -> None:
        """Follow nothing after the next start. OSError."""
        self._path.unlink(missing_ok=True)
