"""A car for these tests: signals are a dictionary, the clock stands still until it is moved, the door is a table."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alpenglow.cockpit.api import Scene, SceneRun
from alpenglow.cockpit.scenes.running import Runner
from alpenglow.fabric import Outcome
from alpenglow.fabric.store import Store
from alpenglow.signals import Value, load_catalogue
from alpenglow.signals.actions import Action

CATALOGUE = load_catalogue()

DOME = "Vehicle.Cabin.Light.IsDomeOn"
HEAT = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
READY = "Vehicle.Alpenglow.Ready"
STATE = "Vehicle.Alpenglow.DrivingState"
RAIN = "Vehicle.Body.Raindetection.Intensity"

MONDAY = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class Car:
    """Signals, clock, door and disk; it can be switched off and on."""

    def __init__(self, folder: Path, **signals: Value) -> None:
        self.folder = folder
        self.now = MONDAY
        self.signals: dict[str, Value | None] = {
            DOME: False, HEAT: 0, WINDOW: 0, VOLUME: 30, READY: True, STATE: "PARKED", RAIN: 0,
        }  # fmt: skip
        self.forbidden: dict[str, str] = {}
        self.stuck: set[str] = set()  # on its way, and not there yet
        self.moved: list[tuple[str, Value]] = []
        self.cut_after: int | None = None  # the power fails after so many commands
        self.on()

    def on(self) -> None:
        self.store = Store(self.folder, "cockpit")
        self.runner = Runner(self.store, CATALOGUE, self.actuate, self.read, self.has, lambda: self.now)

    def restart(self, off_s: float = 1.0) -> None:
        self.store.close()
        self.wait(off_s)
        self.on()

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def read(self, path: str) -> Value | None:
        return self.signals.get(path)

    def has(self, path: str) -> bool:
        return path in self.signals

    async def actuate(self, path: str, value: Value) -> Outcome:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise PowerCut
            self.cut_after -= 1
        if path in self.forbidden:
            return Outcome("refused", path, rule=self.forbidden[path], message="Not now.")
        self.moved.append((path, value))
        if path in self.stuck:
            return Outcome("moving", path, self.signals[path])
        self.signals[path] = value
        return Outcome("confirmed", path, value)

    async def look(self) -> None:
        """One look; what is due to end is ended."""
        for scene, _ in await self.runner.look():
            await self.runner.end(scene, "condition")

    async def run(self, scene: Scene) -> SceneRun:
        return await self.runner.run(scene, "kim", "touch")

    async def end(self, scene: Scene) -> SceneRun | None:
        return await self.runner.end(scene.id, "touch")


class PowerCut(BaseException):
    """Nothing of the process runs any more."""


def scene(*actions: tuple[str, Value], id: str = "s", **parts: Any) -> Scene:  # noqa: A002
    """A scene that sets these."""
    return Scene(id=id, name=id or "Scene", actions=tuple(Action(path=p, value=v) for p, v in actions), **parts)


def go[T](work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
