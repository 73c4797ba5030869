"""A vehicle line as the `vehicle` process needs it: where the signals come from, and over which buses."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

type Source = Literal["simulation", "bus", "replay"]


class LineError(ValueError):
    """A line.toml that is missing or wrong; one line for the person who can mend it."""


class BusEntry(msgspec.Struct, frozen=True):
    """One `[[bus]]` table."""

    name: str  # as frames carry it, and in Vehicle.Alpenglow.BusState.<name>
    interface: str = "virtual"  # python-can's name of the kind of bus
    channel: str = ""
    dbc: str = ""  # file in the line's folder
    mapping: str = ""  # file in the line's folder
    fd: bool = False


class VehicleEntry(msgspec.Struct, frozen=True):
    """The `[vehicle]` table."""

    source: Source = "bus"
    car: str = ""  # file in the line's folder: the simulated car


class Line(msgspec.Struct, frozen=True):
    """What line.toml says."""

    title: str
    vehicle: VehicleEntry = VehicleEntry()
    bus: tuple[BusEntry, ...] = ()
    overlays: tuple[str, ...] = ()


def load_line(folder: Path) -> Line:
    """The line in `folder`; LineError naming the file and the place."""
    path = folder / "line.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text()), Line)
    except OSError as error:
        raise LineError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise LineError(f"{path}: {error}") from None
