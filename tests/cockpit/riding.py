"""Somebody in a running car: calls services as the command line does, and works the desk's controls."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self

from websockets.sync.client import connect

from alpenglow.cli.car import running_car
from alpenglow.cockpit import api
from alpenglow.fabric import NoProvider, NotPermitted, Outcome, Service, TimedOut
from alpenglow.signals import Value
from tests.running import Stack

SOON_S = 60.0  # nothing is measured; a loaded machine is no failure


class Rider:
    """Connected to a running car; use it as a context manager."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._car = running_car(stack.run_dir)
        self._at_the_desk = threading.Lock()
        self._foot: threading.Thread | None = None
        self._foot_off = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self.fabric = self._run(self._car.__aenter__()).fabric
        # Nobody reads what the page's server says between two calls: it is kept, however much it is, so that its pings
        # are heard; and nobody hears its farewell.
        self._page = connect(self.stack.websocket_url("desk"), close_timeout=0.1, ping_interval=None, max_queue=None)
        self._desk = self._page.__enter__()
        self._id = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._lift_foot()
        self._page.__exit__(None, None, None)
        self._run(self._car.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def ready(self) -> None:
        """Wait until the car has woken, and the cockpit knows that it stands parked."""

        def permitted() -> bool:
            try:
                self.call(api.set_pin, profile="owner", pin="")  # set-up that changes nothing
            except (NotPermitted, TimedOut):
                return False
            return True

        self.until(lambda: self.value("Vehicle.Alpenglow.DrivingState") == "PARKED", 60)
        self.until(permitted, 60)

    def call(self, service: Service[..., Any], **arguments: Any) -> Any:
        """Call a service, also while who serves it is on their way."""

        async def work() -> Any:
            deadline = time.monotonic() + SOON_S
            while True:
                try:
                    return await self.fabric.call(service, **arguments)
                except NoProvider:
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(0.1)

        return self._run(work())

    def set(self, path: str, value: Value) -> Outcome:
        """Set an actuator, through the door."""
        outcome: Outcome = self._run(self.fabric.actuate(path, value))
        return outcome

    def value(self, path: str) -> Any:
        """What a signal reads as."""
        return self.fabric.read(path).value

    def controls(self, **changes: Any) -> None:
        """Work the simulated car's controls."""
        self._ask_desk("vehicle.set_controls", changes)

    def world(self, **changes: Any) -> None:
        """Change what is around the simulated car."""
        self._ask_desk("vehicle.set_world", changes)

    def _ask_desk(self, service: str, changes: dict[str, Any]) -> None:
        with self._at_the_desk:
            self._id += 1
            message = {"op": "call", "id": self._id, "service": service, "args": {"changes": changes}}
            self._desk.send(json.dumps(message))
            while (answer := json.loads(self._desk.recv(timeout=10))).get("id") != self._id:
                pass
        assert answer["op"] == "result", answer

    def park(self) -> None:
        """Stop and select P."""
        self._lift_foot()
        self.controls(accelerator=0.0, brake=1.0)
        self.until(lambda: self.value("Vehicle.Speed") == 0.0)
        self.controls(brake=1.0, gear="P", parking_brake=True)
        self.until(lambda: self.value("Vehicle.Alpenglow.DrivingState") == "PARKED")

    def drive(self, kmh: float) -> None:
        """Set off, be faster than `kmh`, and go on at about that speed until `park`."""
        self._lift_foot()
        self.controls(brake=1.0, gear="D", parking_brake=False, ready=True)
        self.until(lambda: self.value("Vehicle.Powertrain.Transmission.CurrentGear") == 127)
        self.until(lambda: self._faster(kmh))
        self._foot_off.clear()
        self._foot = threading.Thread(target=self._keep, args=(kmh,), daemon=True)
        self._foot.start()

    def _keep(self, kmh: float) -> None:
        while not self._foot_off.wait(0.3):  # a driver who says nothing for a second has taken the feet off
            self.controls(accelerator=0.3 if (self.value("Vehicle.Speed") or 0.0) < kmh + 1.0 else 0.0)

    def _lift_foot(self) -> None:
        self._foot_off.set()
        if self._foot is not None:
            self._foot.join()
            self._foot = None

    def _faster(self, kmh: float) -> bool:
        self.controls(brake=0.0, accelerator=0.6)
        return (self.value("Vehicle.Speed") or 0.0) > kmh

    def until(self, holds: Callable[[], object], longest_s: float = SOON_S) -> None:
        """Wait until it holds; fail when it does not."""
        deadline = time.monotonic() + longest_s
        while not holds():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)
