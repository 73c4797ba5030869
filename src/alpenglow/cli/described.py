"""A car that a test item describes: its signals are what the item says, its door is the real one.

What an item leaves out has a calm default: all closed and off, nobody there but the speaker, daylight, standing still.
"""

from collections.abc import Mapping
from time import monotonic_ns, time_ns

import structlog

from alpenglow.assistant.functions import Functions, Role
from alpenglow.fabric import Identities, Outcome
from alpenglow.fabric.following import Follower
from alpenglow.safety.door import Door
from alpenglow.safety.interlocks import load_interlocks
from alpenglow.signals import Catalogue, Quality, Sample, Table, Value

# The door tells its log what it refuses; here the refusals are results, and the log of the process is left alone.
QUIET: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    structlog.ReturnLogger(), processors=[], wrapper_class=structlog.stdlib.BoundLogger
)
_CALM: dict[str, Value] = {
    "Vehicle.Speed": 0.0,
    "Vehicle.Exterior.LightIntensity": 80.0,
    "Vehicle.Exterior.AirTemperature": 15.0,
    "Vehicle.Cabin.HVAC.AmbientAirTemperature": 21.0,
    "Vehicle.Body.Raindetection.Intensity": 0,
    "Vehicle.Body.Lights.LightSwitch": "AUTO",
    "Vehicle.Powertrain.Transmission.PerformanceMode": "NORMAL",
    "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed": 60.0,
    "Vehicle.Powertrain.TractionBattery.Range": 250_000,
    "Vehicle.Powertrain.TractionBattery.Charging.ChargeLimit": 80,
    "Vehicle.Cabin.Infotainment.Media.Volume": 30,
    "Vehicle.Cabin.Infotainment.Navigation.Volume": 40,
    "Vehicle.Cabin.Infotainment.Navigation.Mute": "UNMUTED",
    "Vehicle.Cabin.Infotainment.HMI.Brightness": 70.0,
    "Vehicle.Cabin.Infotainment.HMI.FontSize": "STANDARD",
    "Vehicle.Cabin.Infotainment.HMI.TimeFormat": "HR_24",
    "Vehicle.ADAS.ESC.IsEnabled": True,
    "Vehicle.ADAS.ABS.IsEnabled": True,
    "Vehicle.ADAS.TCS.IsEnabled": True,
}
_BY_LEAF: dict[str, Value] = {"Temperature": 21.0, "FanSpeed": 30, "Height": 30, "Position": 100, "Intensity": 50}
_VIEWS = ("Position", "IsOpen", "Switch")


class DescribedCar:
    """A car made of a test item's `state`; a command that its door lets through is done at once."""

    def __init__(
        self, catalogue: Catalogue, functions: Functions, state: Mapping[str, Value | None], identities: Identities
    ) -> None:
        self.catalogue, self.identities = catalogue, identities
        self.table = Table(catalogue)
        self._followers: set[Follower] = set()
        self._values = {**_defaults(functions, state), **{p: v for p, v in state.items() if v is not None}}
        for path in [p for p, v in state.items() if v is None]:
            self._values.pop(path, None)
        self.set: dict[str, Value] = {}  # what was actuated
        self._door = Door(self, load_interlocks(catalogue), QUIET)

    def read(self, path: str) -> Value | None:
        """The value now; None where the item says that it is unavailable, or nothing is known."""
        return self._values.get(path)

    async def actuate(self, path: str, value: Value) -> Outcome:
        """Through the door, as the assistant."""
        self._refresh()
        return await self._door.actuate("assistant", path, value)

    async def write(self, path: str, value: Value, timeout_s: float = 1.0) -> None:
        """What the door does where it lets a command through: the part moves at once."""
        self._values[path] = self.set[path] = value
        self._refresh()

    def follower(self, *patterns: str) -> Follower:
        """See `safety.door.Car`."""
        follower = Follower(self.table, [i for p in patterns for i in self.catalogue.match(p)])
        self._followers.add(follower)
        return follower

    def unfollow(self, feed: Follower) -> None:
        """See `safety.door.Car`."""
        self._followers.discard(feed)

    def _refresh(self) -> None:
        """All values are as fresh as can be: an item is a moment, however long it is thought about."""
        index = self.catalogue.index_of
        now = time_ns()
        samples = [Sample(index[p], v, Quality.VALID, now) for p, v in self._values.items() if p in index]
        self.table.put(samples, monotonic_ns())
        for follower in self._followers:
            follower.feed(samples)


def _defaults(functions: Functions, state: Mapping[str, Value | None]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for function in functions.by_pattern.values():
        signal = function.signal
        for path in function.paths.values():
            item, _, leaf = path.rpartition(".")
            if function.role is Role.OPENING and leaf in _VIEWS:
                if any(f"{item}.{view}" in state for view in _VIEWS):
                    continue
                main = "Position" if ".Window" in path or "Shade" in path else "IsOpen"
                if leaf == main:
                    values[path] = 0 if leaf == "Position" else False
            elif path in _CALM:
                values[path] = _CALM[path]
            elif not function.settable and function.role is not Role.SWITCH:
                continue
            elif leaf in _BY_LEAF and signal.datatype not in ("string", "boolean"):
                values[path] = _BY_LEAF[leaf]
            elif signal.datatype == "boolean":
                values[path] = False
            elif signal.allowed:
                off = [a for a in signal.allowed if a in ("OFF", "INACTIVE", "STOP", "NONE")]
                values[path] = off[0] if off else next((a for a in signal.allowed if a != "UNKNOWN"), "")
            elif signal.datatype != "string":
                values[path] = max(0, round(signal.minimum or 0))
    return values
