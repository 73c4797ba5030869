"""A recorded log with the files that explain it, looked at before anything starts.

What is wrong with a file is then one line in the terminal, not the end of a process.
"""

import itertools
from pathlib import Path

from alpenglow.cli.files import readable
from alpenglow.cli.problems import Problem
from alpenglow.fabric.room import line_catalogue
from alpenglow.platform.directories import default_state_dir
from alpenglow.platform.plan import find_line
from alpenglow.platform.problems import StackProblem
from alpenglow.signals import CatalogueError
from alpenglow.vehicle.dbc import load_dbc
from alpenglow.vehicle.dbc_repair import DbcError
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import LineError, load_line
from alpenglow.vehicle.logs import LogError, LogReader
from alpenglow.vehicle.mapping import MappingError, load_mapping
from alpenglow.vehicle.radar import Radar

_LOOK_AT = 20_000  # frames: some seconds of a busy car


class Recorded:
    """A log, its DBCs and mappings by channel, and the vehicle line it is played as."""

    def __init__(
        self, log: Path, dbcs: dict[str, Path], maps: dict[str, Path], line: str | None, state_dir: Path | None
    ) -> None:
        """`dbcs` and `maps` by channel, "" for one given without. Problem for what is missing or wrong."""
        for file in (log, *dbcs.values(), *maps.values()):
            readable(file)
        self._log = log
        self._frames = _beginning(log)
        self.channels = list(dict.fromkeys(frame.channel for frame in self._frames))
        try:
            self.line_dir = find_line(line) if line else _home(maps)
            self._line = load_line(self.line_dir)
            own = {bus.name: self.line_dir / bus.mapping for bus in self._line.bus if bus.mapping}
            if not maps and not own:
                raise Problem("a replay needs a mapping: --map FILE, or a --line that has one")
            self.maps = self._placed(maps)
            mapped = {**own, **self.maps}
            self.dbcs = {channel: dbcs.get(channel) or dbcs[""] for channel in mapped if channel in dbcs or "" in dbcs}
            radar = self._line.radar
            if radar is not None and radar.bus in dbcs:
                self.dbcs.setdefault(radar.bus, dbcs[radar.bus])
            unused = [f"{channel}={file}" for channel, file in dbcs.items() if channel and channel not in self.dbcs]
            if unused:
                raise Problem(f"--dbc {unused[0]}: no mapping is for that channel; --map has {', '.join(mapped)}")
            cache = (state_dir or default_state_dir()) / "cache"
            self._decoder = self._read(mapped, cache)
            if radar is not None and radar.bus in self.dbcs:
                Radar(radar, load_dbc(self.dbcs[radar.bus], cache), f"{self.line_dir / 'line.toml'}: radar")
        except (StackProblem, LineError, DbcError, MappingError, CatalogueError) as error:
            raise Problem(str(error)) from None

    def says_anything(self) -> bool:
        """Whether the log's beginning has a frame that is mapped."""
        return bool(self._decoder.feed_all(self._frames))

    def nothing_mapped(self) -> str:
        """Why nothing may be seen on the screens."""
        channels, mapped = ", ".join(self.channels), ", ".join(self._mapped)
        if not set(self.channels) & set(self._mapped):
            return f"{self._log} has the channels {channels}, and the mapping is for {mapped}; write --map CHANNEL=FILE"
        return f"none of the first {len(self._frames):,} frames of {self._log} is mapped (channels: {channels})"

    def _placed(self, maps: dict[str, Path]) -> dict[str, Path]:
        """`maps`, the one without a channel given to the line's first bus, or to the log's only channel."""
        if "" not in maps:
            return maps
        first = self._line.bus[0].name if self._line.bus else ""
        only = len(self.channels) == 1 and first not in self.channels
        channel = self.channels[0] if only else first
        if channel not in self.channels:
            raise Problem(f"--map {maps['']}: for which channel? The log has {', '.join(self.channels)}: CHANNEL=FILE")
        if channel in maps:
            raise Problem(f"--map {maps['']}: there is already one for {channel}; write CHANNEL=FILE")
        return {channel: maps[""], **{name: file for name, file in maps.items() if name}}

    def _read(self, mapped: dict[str, Path], cache: Path) -> Decoder:
        catalogue = line_catalogue(self.line_dir)
        lines = {bus.name: self.line_dir / bus.dbc for bus in self._line.bus if bus.dbc}
        dbcs, mappings = {}, {}
        for channel, mapping in mapped.items():
            file = self.dbcs.get(channel) or lines.get(channel)
            if file is None:
                raise Problem(f"channel {channel} needs a DBC: --dbc {channel}=FILE")
            dbcs[channel] = load_dbc(file, cache)
            mappings[channel] = load_mapping(mapping, dbcs[channel], catalogue)
        self._mapped = list(mapped)
        return Decoder(dbcs, mappings, catalogue)


def _home(maps: dict[str, Path]) -> Path:
    """The line that a mapping belongs to, where it lies in a line's folder and is for that line's bus."""
    for channel, file in maps.items():
        folder = file.absolute().parent
        if (folder / "line.toml").is_file():
            buses = load_line(folder).bus
            if any(bus.mapping == file.name and channel in ("", bus.name) for bus in buses):
                return folder
    return find_line("recorded")


def _beginning(log: Path) -> list[Frame]:
    """The first frames. Damage behind them is told when it is reached."""
    frames: list[Frame] = []
    try:
        with LogReader(log) as reader:
            frames.extend(itertools.islice(reader, _LOOK_AT))  # keeps those before an error
    except LogError as error:
        if not frames:
            raise Problem(str(error)) from None
    if not frames:
        raise Problem(f"{log}: holds no data frame")
    return frames
