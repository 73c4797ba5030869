"""The process `vehicle`: buses in, signals out; actuation in, frames out.

Every 10 ms it takes all that has arrived on the buses, decodes it and publishes it as one batch. Behind the buses is a
real car, a recording, or the simulated car, which then runs here too: its frames take the same way.
"""

import asyncio
import time
from typing import Any

from alpenglow.fabric import BadArguments, NoProvider
from alpenglow.fabric.room import Room, main
from alpenglow.signals import BadValue, Value
from alpenglow.vehicle.colours import Colours
from alpenglow.vehicle.dbc import Dbc, load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Encoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.line import BusEntry, Line, LineError, load_line
from alpenglow.vehicle.mapping import BusMapping, load_mapping
from alpenglow.vehicle.simulation import Simulation
from alpenglow.vehicle.third_party import import_can

TICK_S = 0.01
_SILENT_AFTER_S = 0.5  # without a frame; the slowest mapped frame of a live bus is far quicker
_MOST_FRAMES = 2000  # of one bus in one tick: a flood must not hold up the rest


class Buses:
    """The line's buses as this process reads and writes them, through python-can."""

    def __init__(self, entries: tuple[BusEntry, ...]) -> None:
        """LineError where a bus cannot be opened."""
        self._can = import_can()
        self._buses: dict[str, Any] = {}
        self.heard: dict[str, float] = {}
        for entry in entries:
            self._buses[entry.name] = self.open(entry)

    def open(self, entry: BusEntry) -> Any:
        """One end of `entry`'s bus."""
        try:
            return self._can.Bus(interface=entry.interface, channel=entry.channel or entry.name, fd=entry.fd)
        except (self._can.CanError, OSError, ValueError, ImportError, NotImplementedError) as error:
            raise LineError(f"bus {entry.name} ({entry.interface} {entry.channel}) cannot be opened: {error}") from None

    def send(self, bus: str, frame: Frame) -> None:
        """Put one frame on `bus`."""
        message = self._can.Message(
            arbitration_id=frame.can_id, data=frame.data, is_extended_id=frame.extended, is_fd=frame.fd
        )
        self._buses[bus].send(message)

    def take(self) -> list[Frame]:
        """All data frames that have arrived since the last call, bus by bus."""
        frames = []
        now = time.monotonic()
        for name, bus in self._buses.items():
            for _ in range(_MOST_FRAMES):
                message = bus.recv(0)
                if message is None:
                    break
                if message.is_error_frame or message.is_remote_frame:
                    continue
                frames.append(
                    Frame(
                        int(message.timestamp * 1e9),
                        name,
                        message.arbitration_id,
                        bytes(message.data),
                        message.is_extended_id,
                        message.is_fd,
                    )
                )
                self.heard[name] = now
        return frames

    def states(self) -> dict[str, str]:
        """OK or SILENT, by bus."""
        since = time.monotonic() - _SILENT_AFTER_S
        return {name: "OK" if self.heard.get(name, 0.0) > since else "SILENT" for name in self._buses}

    def close(self) -> None:
        """Leave the buses."""
        for bus in self._buses.values():
            bus.shutdown()


class Vehicle:
    """What `start` runs: the way between the buses and the fabric."""

    def __init__(self, room: Room, line: Line) -> None:
        self._room = room
        self._fabric = room.fabric
        folder = room.line_dir
        entries = tuple(e for e in line.bus if e.dbc and e.mapping)
        self._dbcs: dict[str, Dbc] = {e.name: load_dbc(folder / e.dbc, room.state_dir / "cache") for e in entries}
        mappings: dict[str, BusMapping] = {
            e.name: load_mapping(folder / e.mapping, self._dbcs[e.name], room.catalogue) for e in entries
        }
        self._decoder = Decoder(self._dbcs, mappings, room.catalogue)
        self._encoder = Encoder(self._dbcs, mappings, room.catalogue)
        self._colours = Colours(room.catalogue)
        self.buses = Buses(entries)
        self._published_states: dict[str, str] = {}

    async def write(self, path: str, value: Value) -> None:
        """Have the car's control units move `path` (from the door alone: the fabric sees to that)."""
        try:
            bus_path, bus_value = self._colours.to_write(path, value)
            frames = self._encoder.write(bus_path, bus_value, time.time_ns())
        except KeyError:
            raise NoProvider(f"no bus of this car takes {path}") from None
        except BadValue as error:
            raise BadArguments(str(error)) from None
        for bus, frame in frames:
            self.buses.send(bus, frame)

    def publish(self) -> int:
        """Publish what has arrived on the buses; returns how many samples that were."""
        frames = self.buses.take()
        samples = self._colours.with_text(self._decoder.feed_all(frames)) if frames else []
        if samples:
            self._fabric.publish_samples(samples)
        states = self.buses.states()
        if states != self._published_states:
            self._published_states = states
            known = self._room.catalogue.index_of
            values: dict[str, Value] = {f"Vehicle.Alpenglow.BusState.{bus}": said for bus, said in states.items()}
            self._fabric.hold({path: said for path, said in values.items() if path in known})
        return len(samples)


async def start(room: Room) -> None:
    """Run the line's vehicle until the process is told to stop."""
    line = load_line(room.line_dir)
    source = room.settings.options.get("source", line.vehicle.source)
    if source == "replay":
        from alpenglow.vehicle.replayed import run

        await run(room, line)
        return
    vehicle = Vehicle(room, line)
    simulation = _simulation(room, line, vehicle) if source == "simulation" else None
    try:
        await _run(room, vehicle, simulation)
    finally:
        if simulation is not None:
            simulation[0].save_now()
        vehicle.buses.close()


def _simulation(room: Room, line: Line, vehicle: Vehicle) -> tuple[Simulation, Any]:
    """The simulated car and the end of the first bus that its control units are on."""
    if not line.bus or not line.vehicle.car:
        raise LineError(f"{room.line_dir / 'line.toml'}: a simulation needs vehicle.car and a [[bus]]")
    end = vehicle.buses.open(line.bus[0])
    message = import_can().Message

    def send(can_id: int, data: bytes) -> None:
        end.send(message(arbitration_id=can_id, data=data, is_extended_id=False))

    room.state_dir.mkdir(parents=True, exist_ok=True)
    demo = room.settings.options.get("demo") == "drive"
    simulation = Simulation(room.line_dir / line.vehicle.car, room.state_dir / "car.json", send, demo=demo)
    return simulation, end


async def _run(room: Room, vehicle: Vehicle, simulated: tuple[Simulation, Any] | None) -> None:
    if simulated is not None:
        room.fabric.hold({p: v for p, v in simulated[0].attributes().items() if p in room.catalogue.index_of})
        await simulated[0].serve(room.fabric)
    await room.fabric.provide(vehicle.write)
    ready = False
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        now = loop.time()
        if simulated is not None:
            simulation, end = simulated
            while (message := end.recv(0)) is not None:
                simulation.receive(message.arbitration_id, bytes(message.data))
            simulation.advance(now)
            simulation.save(now)
        published = vehicle.publish()
        if not ready and (published or simulated is None):
            ready = True
            room.ready()
        due += TICK_S
        late = loop.time() - due
        if late > TICK_S:  # a pause is not made up for tick by tick
            due += late - late % TICK_S
        await asyncio.sleep(max(0.0, due - loop.time()))


if __name__ == "__main__":
    main("vehicle", start)
