"""The door, over a real fabric: a router, a car that moves its parts, and callers of several identities."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog

from alpenglow.fabric import BadArguments, Endpoint, Fabric, NoProvider, NotPermitted, Outcome, load_identities
from alpenglow.safety import api
from alpenglow.safety.door import Door
from alpenglow.safety.interlocks import load_interlocks
from alpenglow.signals import Catalogue, Kind, Quality, Value
from alpenglow.signals.actions import equal
from tests.safety.conftest import Car

SPEED = "Vehicle.Speed"
LAMP = "Vehicle.Body.Lights.Fog.Front.IsOn"
HEAT = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window"
DOOR = "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen"
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"

type Move = Callable[[str, Value], Awaitable[None]]


async def reached(caller: Fabric) -> None:
    """Wait until `caller` reaches the door and the door the car."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(NoProvider):
                if (await caller.actuate("Vehicle.Body.Horn.IsActive", False)).state != "no_provider":
                    return
            await asyncio.sleep(0.01)


class Bench:
    """A router with the door, and a car whose parts move as `move` says; by default at once."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder, self.catalogue = folder, catalogue
        self.stack = AsyncExitStack()
        self.log: list[dict[str, Any]] = []
        self.written: list[tuple[str, Value]] = []
        self.move: Move = self.at_once
        self.tasks: set[asyncio.Task[None]] = set()
        users = folder / "users"
        users.write_text("".join(f"{name}:s\n" for name in load_identities().table))
        self.address, self.users = f"unixsock-stream/{folder}/f.sock", str(users)

    async def start(self) -> None:
        self.safety = await self.open("safety", listen=(self.address,), users_file=self.users)
        self.vehicle = await self.open("vehicle", connect=(self.address,))
        self.cockpit = await self.open("cockpit", connect=(self.address,))

        def note(_: object, __: str, event: Any) -> Any:
            self.log.append(dict(event))
            raise structlog.DropEvent

        log = structlog.wrap_logger(None, processors=[note])
        door = Door(self.safety, load_interlocks(self.catalogue), log)
        await self.safety.serve(api.actuate, door.actuate)
        await self.safety.serve(api.actuate_all, door.actuate_all)
        await self.safety.serve(api.check, door.check)

        async def write(path: str, value: Value) -> None:
            self.written.append((path, value))
            await self.move(path, value)

        await self.vehicle.provide(write)
        await reached(self.cockpit)
        self.written.clear()
        self.log.clear()

    async def open(self, identity: str, **endpoint: Any) -> Fabric:
        fabric = await Fabric.open(identity, Endpoint(secret="s", **endpoint), self.catalogue)
        return await self.stack.enter_async_context(fabric)

    async def at_once(self, path: str, value: Value) -> None:
        self.vehicle.publish({path: value})

    def later(self, *steps: tuple[float, str, Value]) -> None:
        """The car says `value` of `path` after so many seconds, step by step."""

        async def run() -> None:
            for wait, path, value in steps:
                await asyncio.sleep(wait)
                self.vehicle.publish({path: value})

        task = asyncio.ensure_future(run())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def drive(self, speed: float | None) -> None:
        """The car moves at `speed` km/h; None: its speed is not known."""
        quality = Quality.INVALID if speed is None else Quality.VALID
        self.vehicle.publish({SPEED: speed}, quality=quality)
        while (reading := self.safety.read(SPEED)).quality is not quality or reading.value != speed:
            await asyncio.sleep(0.002)


@pytest_asyncio.fixture
async def bench(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path, catalogue)
    async with bench.stack:
        await bench.start()
        yield bench


async def test_a_command_is_confirmed_by_the_current_value(bench: Bench) -> None:
    outcome = await bench.cockpit.actuate(LAMP, True)
    assert outcome == Outcome("confirmed", LAMP, True)
    assert bench.written == [(LAMP, True)]


async def test_a_value_quantised_on_the_bus_is_confirmed(bench: Bench) -> None:
    async def coarsely(path: str, value: Value) -> None:
        bench.vehicle.publish({path: 21.25})

    bench.move = coarsely
    outcome = await bench.cockpit.actuate(HEAT, 21.4)
    assert (outcome.state, outcome.value) == ("confirmed", 21.25)


async def test_a_slow_part_is_moving(bench: Bench) -> None:
    async def slowly(path: str, value: Value) -> None:
        bench.later((0.05, path, 90), (0.1, path, 80), (0.1, path, 70), (9, path, 0))

    bench.vehicle.publish({f"{WINDOW}.Position": 100})
    await bench.drive(50.0)
    bench.move = slowly
    outcome = await bench.cockpit.actuate(f"{WINDOW}.Position", 0)
    assert outcome.state == "moving"


async def test_a_part_whose_switch_tells_nothing_yet_is_moving_by_its_position(bench: Bench) -> None:
    async def slowly(path: str, value: Value) -> None:
        bench.later((0.05, f"{WINDOW}.Position", 10), (0.1, f"{WINDOW}.Position", 20))

    bench.vehicle.publish({f"{WINDOW}.Position": 0, f"{WINDOW}.IsOpen": False})
    await bench.drive(0.0)
    bench.move = slowly
    assert (await bench.cockpit.actuate(f"{WINDOW}.Switch", "OPEN")).state == "moving"


async def test_a_part_that_does_not_move_times_out(bench: Bench) -> None:
    async def not_at_all(path: str, value: Value) -> None:
        pass

    bench.move = not_at_all
    outcome = await bench.cockpit.actuate(LAMP, True)
    assert outcome.state == "timed_out"
    assert outcome.message


async def test_an_old_value_does_not_confirm(bench: Bench) -> None:
    async def not_at_all(path: str, value: Value) -> None:
        pass

    bench.move = not_at_all
    bench.vehicle.publish({LAMP: None}, quality=Quality.INVALID)
    assert (await bench.cockpit.actuate(LAMP, True)).state == "timed_out"


async def test_what_an_interlock_forbids_never_reaches_the_car(bench: Bench) -> None:
    await bench.drive(30.0)
    outcome = await bench.cockpit.actuate(DOOR, True)
    assert (outcome.state, outcome.rule) == ("refused", "doors-stay-shut")
    assert outcome.message == "The doors stay shut while the car is moving."
    await bench.drive(None)
    assert (await bench.cockpit.actuate(DOOR, True)).rule == "doors-stay-shut"
    assert bench.written == []
    await bench.drive(0.0)
    assert (await bench.cockpit.actuate(DOOR, True)).state == "confirmed"
    refusals = [(e["caller"], e["path"], e["rule"]) for e in bench.log]
    assert refusals == [("cockpit", DOOR, "doors-stay-shut")] * 2


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", 101, "takes 0 to 100 percent, not 101"),
        (LAMP, 1, "takes true or false"),
        (LAMP, [True], "takes true or false"),
        (SPEED, 0.0, "can be read, not set"),
        ("Vehicle.Bodi.Horn.IsActive", True, "Vehicle.Body.Horn.IsActive"),
        ("", True, ""),
        (GEAR, 9999, "takes"),
    ],
)
async def test_an_impossible_value_is_refused_with_what_is_possible(
    path: str, value: Value, says: str, bench: Bench
) -> None:
    outcome = await bench.cockpit.actuate(path, value)
    assert (outcome.state, outcome.rule) == ("refused", "value")
    assert says in outcome.message
    assert bench.written == []


async def test_who_may_not_set_a_thing_is_refused(bench: Bench) -> None:
    table = dict(load_identities().table)
    nobody = [name for name, identity in table.items() if not identity.actuates]
    assert nobody
    door = Door(bench.safety, load_interlocks(bench.catalogue), structlog.wrap_logger(None, processors=[_drop]))
    for name in [*nobody, "stranger"]:
        for signal in bench.catalogue.signals[::9]:
            if signal.kind is Kind.ACTUATOR and signal.datatype == "boolean":
                outcome = await door.actuate(name, signal.path, True)
                assert outcome.state == "refused"
                assert outcome.rule in ("permission", "rate")
    observer = await bench.open("observer", connect=(bench.address,))
    with pytest.raises(NotPermitted):
        await observer.actuate(LAMP, True)
    assert bench.written == []


def _drop(*_: object) -> Any:
    raise structlog.DropEvent


async def test_an_owner_that_is_gone_or_says_no_is_told(bench: Bench) -> None:
    async def no(path: str, value: Value) -> None:
        raise BadArguments("this car has no fog lights")

    bench.move = no
    outcome = await bench.cockpit.actuate(LAMP, True)
    assert (outcome.state, outcome.rule, outcome.message) == ("refused", "owner", "this car has no fog lights")
    await bench.vehicle.close()
    for _ in range(50):
        outcome = await bench.cockpit.actuate(LAMP, True)
        if outcome.state == "no_provider":
            break
    assert outcome.state == "no_provider"


async def test_a_newer_command_ends_the_wait_of_the_older(bench: Bench) -> None:
    async def last_word(path: str, value: Value) -> None:
        if value == 25.0:
            bench.vehicle.publish({path: value})

    bench.move = last_word
    older = asyncio.ensure_future(bench.cockpit.actuate(HEAT, 18.0))
    while not bench.written:
        await asyncio.sleep(0.005)
    newer = await bench.cockpit.actuate(HEAT, 25.0)
    assert newer.state == "confirmed"
    assert (await older).state == "moving"


async def test_a_flood_of_commands_is_refused_and_does_not_drown_the_log(bench: Bench) -> None:
    door = Door(bench.safety, load_interlocks(bench.catalogue), structlog.wrap_logger(None, processors=[_count(bench)]))
    outcomes = [await door.actuate("desk", DOOR, True) for _ in range(1000)]  # refused: the speed is unknown
    rates = [o for o in outcomes if o.rule == "rate"]
    assert len(rates) > 500
    assert all(o.state == "refused" and o.message for o in rates)
    assert sum(e["rule"] == "rate" for e in bench.log) <= 3
    assert (await door.actuate("cockpit", DOOR, True)).rule == "doors-stay-shut"


async def test_of_several_commands_at_once_each_is_judged_by_itself(bench: Bench) -> None:
    await bench.drive(30.0)
    outcomes = await bench.cockpit.actuate_all({LAMP: True, DOOR: True, SPEED: 0.0, HEAT: 22.0})
    assert [(o.path, o.state, o.rule) for o in outcomes] == [
        (LAMP, "confirmed", None),
        (DOOR, "refused", "doors-stay-shut"),
        (SPEED, "refused", "value"),
        (HEAT, "confirmed", None),
    ]
    assert bench.written == [(LAMP, True), (HEAT, 22.0)]
    assert [(e["caller"], e["path"], e["rule"]) for e in bench.log] == [
        ("cockpit", DOOR, "doors-stay-shut"),
        ("cockpit", SPEED, "value"),
    ]


async def test_several_commands_at_once_move_nothing_that_their_caller_may_not_set(bench: Bench) -> None:
    identities = load_identities()
    forbidden = next(
        s.path
        for s in bench.catalogue.signals
        if s.kind is Kind.ACTUATOR and s.datatype == "boolean" and not identities.may_actuate("assistant", s.path)
    )
    assistant = await bench.open("assistant", connect=(bench.address,))
    outcomes = await assistant.actuate_all({forbidden: True, LAMP: True})
    assert [(o.state, o.rule) for o in outcomes] == [("refused", "permission"), ("confirmed", None)]
    assert bench.written == [(LAMP, True)]
    observer = await bench.open("observer", connect=(bench.address,))
    with pytest.raises(NotPermitted):
        await observer.actuate_all({LAMP: False})


async def test_several_commands_at_once_count_as_so_many(bench: Bench) -> None:
    interlocks = load_interlocks(bench.catalogue)
    door = Door(bench.safety, interlocks, structlog.wrap_logger(None, processors=[_drop]))
    ours = load_identities()
    free = [
        s.path
        for s in bench.catalogue.signals
        if s.kind is Kind.ACTUATOR and s.datatype == "boolean" and ours.owner_of(s.path) == "vehicle"
        if s.path not in interlocks.guarded()
    ]
    first, others = dict.fromkeys(free[:40], True), dict.fromkeys(free[40:80], True)

    async def not_at_all(path: str, value: Value) -> None:
        pass

    bench.move = not_at_all
    both = await asyncio.gather(door.actuate_all("desk", first), door.actuate_all("desk", others))
    assert [o.rule for o in both[0]] == [None] * 40
    assert [o.rule for o in both[1]].count("rate") == 80 - api.MOST_AT_ONCE
    sensors = [s.path for s in bench.catalogue.signals if s.kind is Kind.SENSOR][:60]
    rules = [o.rule for _ in range(5) for o in await door.actuate_all("operator", dict.fromkeys(sensors, 0))]
    assert set(rules[:200]) == {"value"}
    assert rules.count("rate") >= 90, "of 300 it takes 200 at once, and one more every 10 ms"
    bench.written.clear()
    with pytest.raises(BadArguments):
        await door.actuate_all("cockpit", dict.fromkeys(free[: api.MOST_AT_ONCE + 1], True))
    assert bench.written == []


def _count(bench: Bench) -> Any:
    def note(_: object, __: str, event: Any) -> Any:
        bench.log.append(dict(event))
        raise structlog.DropEvent

    return note


def test_codes_must_be_equal_and_quantities_nearly(car: Car) -> None:
    gear, heat, fan = (car.catalogue[p] for p in (GEAR, HEAT, HEAT.replace("Temperature", "FanSpeed")))
    assert not equal(gear, 127, 126)
    assert equal(gear, 126, 126)
    assert equal(heat, 21.5, 21.3)
    assert not equal(heat, 21.5, 21.0)
    assert equal(fan, 51, 50)
    assert not equal(fan, 52, 50)
    assert not equal(car.catalogue[LAMP], False, True)


async def test_a_check_tells_what_the_door_would_say_and_moves_nothing(bench: Bench) -> None:
    await bench.drive(30.0)
    verdict = await bench.cockpit.call(api.check, DOOR, True)
    assert (verdict.permitted, verdict.rule) == (False, "doors-stay-shut")
    assert verdict.message == "The doors stay shut while the car is moving."
    bench.vehicle.publish({LAMP: False})
    while bench.safety.read(LAMP).value is not False:
        await asyncio.sleep(0.002)
    assert await bench.cockpit.call(api.check, LAMP, True) == api.Verdict(permitted=True, path=LAMP, value=False)
    assert (await bench.cockpit.call(api.check, LAMP, False)).same
    assert bench.written == []
    assert bench.log == []


async def test_a_check_is_no_command_but_says_when_there_were_too_many(bench: Bench) -> None:
    door = Door(bench.safety, load_interlocks(bench.catalogue), structlog.wrap_logger(None, processors=[_drop]))
    for _ in range(1000):
        assert (await door.check("desk", DOOR, False)).permitted
    assert (await door.actuate("desk", DOOR, True)).rule == "doors-stay-shut"
    while (await door.actuate("desk", DOOR, True)).rule != "rate":
        pass
    assert (await door.check("desk", DOOR, False)).rule == "rate"
