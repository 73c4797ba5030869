"""A vehicle line as the `vehicle` process needs it: where the signals come from, and over which buses."""

from pathlib import Path
from typing import Literal

import msgspec

from alpenglow.fabric.line import FILE, LineFault, read_table
from alpenglow.vehicle.checks import Rule

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


class RadarEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `[radar]` table: which messages are a radar's tracks, and what they say.

    All but the first two are formulas over the message's signals, as in a mapping file.
    """

    bus: str
    tracks: str  # the messages' name before their number: "TRACK_" for TRACK_0, TRACK_1, …
    scan: str  # one value in all messages of a scan, another in those of the next
    valid: str  # not 0: there is an object
    ahead: str  # m from the front bumper
    left: str  # m from the car's own middle
    speed: str  # m/s against our own, negative where it comes nearer
    new: str = "0"  # not 0: another object than before
    kind: str = "0"  # as in Vehicle.Alpenglow.Perception.Objects
    checks: tuple[Rule, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """What line.toml says."""

    title: str
    vehicle: VehicleEntry = VehicleEntry()
    bus: tuple[BusEntry, ...] = ()
    overlays: tuple[str, ...] = ()
    radar: RadarEntry | None = None


def load_line(folder: Path) -> Line:
    """The line in `folder`; LineError naming the file and the place."""
    try:
        return msgspec.convert(read_table(folder), Line)
    except LineFault as fault:
        raise LineError(str(fault)) from None
    except msgspec.ValidationError as error:
        raise LineError(f"{folder / FILE}: {error}") from None
