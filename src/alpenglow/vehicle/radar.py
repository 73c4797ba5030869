"""Radar tracks: a scan of a radar's frames becomes one list of objects.

A radar says one track a frame, and all tracks of a scan in one burst, in which every frame carries the scan's number.
The table `[radar]` of line.toml says which messages these are and what their signals mean; the real car's radar and the
simulated one's come this way.

Rules that always hold:
- a list of objects is of one scan, and is made once: a radar that repeats an old scan says nothing;
- a track whose frame was lost, cut short or failed its checksum is not in the list;
- an object keeps its id for as long as the radar follows it, and no two objects of a list have the same.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from alpenglow.vehicle.checks import BadCheck, Check, compile_checks
from alpenglow.vehicle.codec import Source, fitting, physical
from alpenglow.vehicle.dbc import Dbc, Message
from alpenglow.vehicle.expression import FAILURES, BadFormula, names, parse_formula
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import LineError, RadarEntry

FIELDS = 5  # numbers of one object in Vehicle.Alpenglow.Perception.Objects
_GENERATIONS = 4096  # after so many new tracks in one place of the radar, its ids come round

type _Decode = Callable[[bytes], tuple[float, ...]]


class Track(NamedTuple):
    """One object as the radar sees it; distances are to its nearest face."""

    id: int
    ahead: float  # m from the front bumper
    left: float  # m from the car's own middle
    speed: float  # m/s against our own: negative comes nearer
    kind: int  # as in Vehicle.Alpenglow.Perception.Objects


class Scan(NamedTuple):
    """All that the radar saw at one time."""

    time_ns: int  # of its last frame
    tracks: list[Track]

    def flat(self) -> list[float]:
        """The value of Vehicle.Alpenglow.Perception.Objects."""
        return [number for track in self.tracks for number in track]


class Radar:
    """Puts scans together from frames. Stateful: one per radar and process."""

    def __init__(self, entry: RadarEntry, dbc: Dbc, place: str) -> None:
        """`place` names the table in errors: LineError where it does not fit the DBC."""
        self.bus = entry.bus
        self.failures: Counter[str] = Counter()  # frames that failed their check, by message
        messages = _tracks(entry, dbc, place)
        self.addresses = [message.can_id for message in messages]  # track `id % len(addresses)` is sent under
        self._slots: dict[int, tuple[int, int, str, Check | None, _Decode]] = {}
        for slot, message in enumerate(messages):
            try:
                check = compile_checks(message, list(entry.checks))
            except BadCheck as error:
                raise LineError(f"{place}.checks: {error}") from None
            found = (slot, message.length, message.name, check, _compile(entry, message, place))
            self._slots[message.can_id] = found
        self._generations = [0] * len(messages)
        self._number: float | None = None  # of the scan that is being put together
        self._open: dict[int, Track | None] = {}  # its tracks by slot; None: the radar says that there is none
        self._time_ns = 0

    def feed_all(self, frames: Iterable[Frame]) -> list[Scan]:
        """The scans that `frames` complete."""
        bus, slots = self.bus, self._slots
        scans: list[Scan] = []
        for frame in frames:
            if frame.can_id in slots and frame.channel == bus and not frame.extended:
                scan = self._feed(frame)
                if scan is not None:
                    scans.append(scan)
        return scans

    def _feed(self, frame: Frame) -> Scan | None:
        slot, length, name, check, decode = self._slots[frame.can_id]
        data = frame.data
        if len(data) < length or (check is not None and not check(data, frame.time_ns)):
            self.failures[name] += 1
            return None
        try:
            number, valid, new, ahead, left, speed, kind = decode(data)
            sees = bool(valid) and math.isfinite(ahead) and math.isfinite(left) and math.isfinite(speed)
            kind = int(kind)
        except FAILURES:
            self.failures[name] += 1
            return None
        done: Scan | None = None
        if number != self._number:
            done = self._close()  # the scan before has lost a frame
            self._number = number
        elif slot in self._open or not self._open:
            return None  # said before
        count = len(self._generations)
        track = None
        if sees:
            if new:
                self._generations[slot] = (self._generations[slot] + 1) % _GENERATIONS
            track = Track(self._generations[slot] * count + slot, ahead, left, speed, kind)
        self._open[slot] = track
        self._time_ns = frame.time_ns
        return self._close() if len(self._open) == count else done

    def _close(self) -> Scan | None:
        """The scan as far as it has come; None where it was told already."""
        if not self._open:
            return None
        tracks = [track for _, track in sorted(self._open.items()) if track is not None]
        self._open = {}
        return Scan(self._time_ns, tracks)


def _tracks(entry: RadarEntry, dbc: Dbc, place: str) -> Sequence[Message]:
    """The messages called `entry.tracks` and a number, in the numbers' order."""
    pattern = re.compile(re.escape(entry.tracks) + r"(\d+)")
    found = {int(match[1]): m for m in dbc.messages if (match := pattern.fullmatch(m.name))}
    if not found:
        raise LineError(f"{place}.tracks: {dbc.name} has no message {entry.tracks}0, {entry.tracks}1, …")
    return [found[number] for number in sorted(found)]


def _compile(entry: RadarEntry, message: Message, place: str) -> _Decode:
    """A function from a frame's data to (scan, valid, new, ahead, left, speed, kind)."""
    source = Source(message.name)
    source.globals |= names()
    present = {signal.name: signal for signal in fitting(message, message.length)}
    formulas = []
    for key in ("scan", "valid", "new", "ahead", "left", "speed", "kind"):
        try:
            formula = parse_formula(getattr(entry, key))
        except BadFormula as error:
            raise LineError(f"{place}.{key}: {error}") from None
        for name in formula.variables:
            if name not in present:
                raise LineError(f"{place}.{key}: {message.name} has no signal {name}")
        formulas.append(formula)
    wanted = dict.fromkeys(name for formula in formulas for name in formula.variables)
    raws = source.extract(1, [present[name] for name in wanted], message.length)
    values = {name: f"({physical(present[name], raws[name])})" for name in wanted}
    source.add(1, f"return ({', '.join(formula.python(values) for formula in formulas)})")
    decode: _Decode = source.function("d")
    return decode
