"""The process `vehicle`: buses in, signals out; actuation in, frames out.

What arrives on the buses is decoded and published at once as a batch. Behind the buses is a real car, a recording, or
the simulated car, which then runs here too, in ticks of 10 ms: its frames take the same way as a real car's.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alpenglow.fabric import BadArguments, Failed, NoProvider
from alpenglow.fabric.line import lacking
from alpenglow.fabric.room import Room, main
from alpenglow.signals import BadValue, Value
from alpenglow.vehicle.bus import BusError, Buses, open_bus
from alpenglow.vehicle.colours import Colours
from alpenglow.vehicle.dbc import Dbc, load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Encoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import BusEntry, Line, LineError, load_line
from alpenglow.vehicle.logs import LogError
from alpenglow.vehicle.mapping import BusMapping, load_mapping, without
from alpenglow.vehicle.perception import Perception
from alpenglow.vehicle.radar import Radar
from alpenglow.vehicle.simulation import Area, Pose, Simulation
from alpenglow.vehicle.third_party import import_can

_LOG_ENDED = "the log has ended"  # what `alpenglow replay` waits for; behind a colon, what damaged the log
TICK_S = 0.01
READ_EVERY_S = 0.002  # while a live bus speaks: frames of this time share a batch, and cost one wake-up
_QUIET_S = 0.1  # without a frame for so long, the next one has to wake us
_SILENT_AFTER_S = 0.5  # without a frame; the slowest mapped frame of a live bus is far quicker


class Vehicle:
    """The way between frames and the fabric."""

    def __init__(self, room: Room, line: Line) -> None:
        """ValueError (LineError, DbcError, MappingError) where the line's files are missing or do not fit."""
        self._room = room
        self._fabric = room.fabric
        options, folder, cache = room.settings.options, room.line_dir, room.state_dir / "cache"
        dbcs = _files(options.get("dbc", ""), line.bus)
        maps = _files(options.get("map", ""), line.bus)
        absent = lacking(folder, room.catalogue)
        self._dbcs: dict[str, Dbc] = {}
        self._mappings: dict[str, BusMapping] = {}
        entries = {entry.name: entry for entry in line.bus}
        for name in dict.fromkeys((*entries, *maps)):
            entry = entries.get(name, BusEntry(name))
            mapping = maps.get(name) or (folder / entry.mapping if entry.mapping else None)
            dbc = dbcs.get(name) or (folder / entry.dbc if entry.dbc else None)
            if mapping is None:
                continue  # a bus of which nothing is wanted
            if dbc is None:
                raise LineError(f"bus {name} needs a DBC: name one with --dbc")
            self._dbcs[name] = load_dbc(dbc, cache)
            self._mappings[name] = without(load_mapping(mapping, self._dbcs[name], room.catalogue), absent)
        self._decoder = Decoder(self._dbcs, self._mappings, room.catalogue)
        self._colours = Colours(room.catalogue)
        self._heard = dict.fromkeys(self._dbcs, 0.0)
        self._perception = self._perceive(line, dbcs, cache)
        self._said: dict[str, str] = {}

    def _perceive(self, line: Line, dbcs: dict[str, Path], cache: Path) -> Perception | None:
        """The radar's part, where the line has a radar and somebody has the DBC of its bus."""
        entry = line.radar
        if entry is None:
            return None
        dbc = self._dbcs.get(entry.bus)
        own = next((bus.dbc for bus in line.bus if bus.name == entry.bus), "")
        file = dbcs.get(entry.bus) or (self._room.line_dir / own if own else None)
        if dbc is None and file is not None:
            dbc = load_dbc(file, cache)
            self._heard[entry.bus] = 0.0
        if dbc is None:
            self._room.log.info(f"the radar's bus {entry.bus} has no DBC: nothing is seen of the cars around")
            return None
        radar = Radar(entry, dbc, f"{self._room.line_dir / 'line.toml'}: radar")
        return Perception(radar, self._room.catalogue, self._fabric.table.value)

    @property
    def buses(self) -> frozenset[str]:
        """Names of the buses that are mapped."""
        return frozenset(self._dbcs)

    def publish(self, frames: Sequence[Frame]) -> int:
        """Publish what `frames` say; returns how many samples that were."""
        samples = self._colours.with_text(self._decoder.feed_all(frames)) if frames else []
        if self._perception is not None and frames:
            samples += self._perception.feed_all(frames)
        if samples:
            self._fabric.publish_samples(samples)
        now = time.monotonic()
        for bus in {frame.channel for frame in frames}:
            if bus in self._heard:
                self._heard[bus] = now
        states = {bus: "OK" if now - at < _SILENT_AFTER_S else "SILENT" for bus, at in self._heard.items()}
        if states != self._said:
            self._said = states
            known = self._room.catalogue.index_of
            values: dict[str, Value] = {f"Vehicle.Alpenglow.BusState.{bus}": said for bus, said in states.items()}
            self._fabric.hold({path: said for path, said in values.items() if path in known})
        return len(samples)

    async def provide(self, send: Callable[[str, Frame], None]) -> None:
        """Take actuation, from the door alone (the fabric sees to that), and put its frames on the buses."""
        encoder = Encoder(self._dbcs, self._mappings, self._room.catalogue)

        async def write(path: str, value: Value) -> None:
            try:
                bus_path, bus_value = self._colours.to_write(path, value)
                for bus, frame in encoder.write(bus_path, bus_value, time.time_ns()):
                    send(bus, frame)
            except KeyError:
                raise NoProvider(f"no bus of this car takes {path}") from None
            except BadValue as error:
                raise BadArguments(str(error)) from None
            except BusError as error:
                raise Failed(str(error)) from None

        await self._fabric.provide(write)


def _files(option: str, entries: Sequence[BusEntry]) -> dict[str, Path]:
    """The files that an option names, by bus: "can0=a.dbc,can1=b.dbc", or one for the first bus."""
    found: dict[str, Path] = {}
    for part in filter(None, option.split(",")):
        bus, equals, file = part.partition("=")
        if equals:
            found[bus] = Path(file)
        elif entries:
            found[entries[0].name] = Path(part)
    return found


async def start(room: Room) -> None:
    """Run the line's vehicle until the process is told to stop."""
    line = load_line(room.line_dir)
    source = room.settings.options.get("source", line.vehicle.source)
    vehicle = Vehicle(room, line)
    if source == "replay":
        await _replay(room, vehicle)
        return
    try:
        radar = line.radar.bus if line.radar else None
        buses = Buses([entry for entry in line.bus if entry.mapping or entry.name == radar])
        end = open_bus(line.bus[0]) if source == "simulation" and line.bus else None
    except BusError as error:
        raise LineError(str(error)) from None
    try:
        await vehicle.provide(buses.send)
        if end is None:
            await _listen(room, vehicle, buses)
        else:
            await _simulate(room, vehicle, buses, line, end)
    finally:
        if end is not None:
            end.shutdown()
        buses.close()


async def _listen(room: Room, vehicle: Vehicle, buses: Buses) -> None:
    """A real car: publish what arrives, as it arrives."""
    room.ready()
    spoke = 0.0
    while True:
        frames = buses.take()
        vehicle.publish(frames)
        now = time.monotonic()
        if frames:
            spoke = now
        if now - spoke < _QUIET_S:
            await asyncio.sleep(READ_EVERY_S)
        else:
            await buses.wait(_SILENT_AFTER_S / 5)


async def _simulate(room: Room, vehicle: Vehicle, buses: Buses, line: Line, end: Any) -> None:
    """The simulated car on its own `end` of the line's first bus."""
    if not line.vehicle.car:
        raise LineError(f"{room.line_dir / 'line.toml'}: a simulation needs vehicle.car")
    message = import_can().Message

    def send(can_id: int, data: bytes) -> None:
        end.send(message(arbitration_id=can_id, data=data, is_extended_id=False))

    room.state_dir.mkdir(parents=True, exist_ok=True)
    demo = room.settings.options.get("demo") == "drive"
    start, within = (room.settings.options.get(name) for name in ("start", "within"))
    simulation = Simulation(
        room.line_dir / line.vehicle.car,
        room.state_dir / "car.json",
        send,
        demo=demo,
        start=Pose.read(start) if start else None,
        within=Area.read(within) if within else None,
    )
    room.fabric.hold({p: v for p, v in simulation.attributes().items() if p in room.catalogue.index_of})
    await simulation.serve(room.fabric)
    ready = False
    told: Mapping[str, Value] = {}
    loop = asyncio.get_running_loop()
    due = loop.time()
    try:
        while True:
            now = loop.time()
            if (telling := simulation.told()) != told:
                told = telling
                room.fabric.hold(told)
            while (command := end.recv(0)) is not None:
                simulation.receive(command.arbitration_id, bytes(command.data))
            simulation.advance(now)
            simulation.save(now)
            if vehicle.publish(buses.take()) and not ready:
                ready = True
                room.ready()
            due += TICK_S
            late = loop.time() - due
            if late > TICK_S:  # a pause is not made up for tick by tick
                due += late - late % TICK_S
            await asyncio.sleep(max(0.0, due - loop.time()))
    finally:
        simulation.save_now()


async def _replay(room: Room, vehicle: Vehicle) -> None:
    """A recording: its frames as they were, then silence."""
    from alpenglow.vehicle.replay import Replay

    options = room.settings.options
    if not options.get("log"):
        raise LineError("a replay needs a log: alpenglow replay LOG --dbc FILE --map FILE")
    speed_text = options.get("speed", "1")
    try:
        speed = None if speed_text == "max" else float(speed_text)
    except ValueError:
        raise LineError(f"a replay's speed is a number or max, not {speed_text!r}") from None
    replay = Replay(Path(options["log"]), speed=speed, loop=options.get("loop") == "true")
    ready, published, damage = False, 0, ""
    channels: set[str] = set()
    try:
        async for frames in replay.batches():
            published += vehicle.publish(frames)
            channels.update(frame.channel for frame in frames)
            if not ready:
                ready = True
                room.ready()
    except LogError as error:
        if not ready:
            raise
        damage = f": {error}"
    if not published:
        room.log.warning(
            "nothing in the log is mapped", log=options["log"], channels=sorted(channels), mapped=sorted(vehicle.buses)
        )
    room.status(f"{_LOG_ENDED}{damage}")
    room.log.info(f"{_LOG_ENDED}{damage}", frames=replay.frames_played)
    while True:
        await asyncio.sleep(_SILENT_AFTER_S)
        vehicle.publish(())


if __name__ == "__main__":
    main("vehicle", start)
