"""The cluster's state from the signals: every lamp and the message, by the table in `telltales`.

`Cluster.evaluate` is a pure function of the table of readings and the time. What this line of cars provides is passed
in, because two silences differ: a car without a traction battery must not show its lamps for ever, and a battery that
fell silent must show them at once. A signal that has been heard of counts as provided from then on.
"""

from collections.abc import Iterable
from typing import NamedTuple

from alpenglow.safety.telltales import TELLTALES, Cause, Level, Light, Limits, Message, Situation, Telltale, place
from alpenglow.signals import Catalogue, Quality, Table, UnknownSignal, Value

STANDING_KMH = 0.5  # what counts as standing still; wheel sensors tell nothing finer
_TURN_NS = 4_000_000_000  # how long each of several messages of one level is shown

_LIVE_S = 1.0  # the age limit of what a car says all the time
_NO_CAR = Message(Level.STOP, "No data from the car. Stop safely")
_WAITING = Message(Level.INFO, "Waiting for the car")


class ClusterState(NamedTuple):
    """What the cluster shows besides values: lamp name → OFF, ON or FLASHING; one message and its level."""

    telltales: dict[str, str]
    message: str
    level: str


class Cluster:
    """The table of telltales, made ready for one car."""

    def __init__(self, catalogue: Catalogue, provided: Iterable[str], limits: Limits | None = None) -> None:
        """`provided`: the paths that this line's mapping feeds."""
        self.limits = limits or Limits()
        self._rows: list[tuple[Telltale, list[tuple[Cause, list[str]]], list[str]]] = []
        watched: dict[str, None] = {"Vehicle.Speed": None, "Vehicle.Alpenglow.Ready": None}
        for row in TELLTALES:
            causes = [(cause, _paths(cause.signals, catalogue)) for cause in row.causes]
            looked_at = list(dict.fromkeys(path for _, paths in causes for path in paths))
            watched.update(dict.fromkeys(looked_at))
            self._rows.append((row, causes, looked_at))
        self.watched = [p for p in watched if p in catalogue.index_of]
        ages = {p: catalogue[p].age_limit_s for p in self.watched}
        self._live = {p for p, limit in ages.items() if limit is not None and limit <= _LIVE_S}
        # The speed is always expected: a car that cannot say how fast it goes has lost its most important sensor.
        expected = set(provided) | {"Vehicle.Speed"}
        self._looks = [(p, catalogue.index_of[p], p in expected) for p in self.watched]

    def evaluate(self, table: Table, now_ns: int, *, bulb_check: bool = False) -> ClusterState:
        """The state at `now_ns` (ns, monotonic clock). `bulb_check`: warning lamps show that they work."""
        values, lost, heard = self._look(table, now_ns)
        speed = values.get("Vehicle.Speed")
        standing = isinstance(speed, int | float) and -STANDING_KMH <= speed <= STANDING_KMH
        situation = Situation(values, not standing, self.limits)
        telltales: dict[str, str] = {}
        messages: dict[Message, None] = {}
        for row, causes, looked_at in self._rows:
            light = Light.ON if bulb_check and row.bulb_check else Light.OFF
            if lost and not lost.isdisjoint(looked_at):
                light = max(light, row.lost)
                if row.lost_says:
                    messages[row.lost_says] = None
            for cause, paths in causes:
                for path in paths:
                    value = values.get(path)
                    if value is None or not cause.when(value, situation):
                        continue
                    if cause.only is not None and not cause.only(path, situation):
                        continue
                    shows = cause.shows if cause.shows_moving is None or standing else cause.shows_moving
                    light = max(light, shows)
                    if cause.says is not None:
                        text = cause.says.text
                        if "{" in text:
                            text = text.format(place=place(path))
                        messages[Message(cause.says.level, text)] = None
            if row.name:
                telltales[row.name] = light.name
        if self._live.isdisjoint(values):
            messages = {_NO_CAR if heard else _WAITING: None}
        message = _of_the_moment(list(messages), now_ns)
        return ClusterState(telltales, message.text, message.level.name)

    def _look(self, table: Table, now_ns: int) -> tuple[dict[str, Value], set[str], bool]:
        """What is valid now, what this car provides and is not, and whether anything was ever heard."""
        values: dict[str, Value] = {}
        lost: set[str] = set()
        heard = False
        read, stamp = table.read_index, table.stamp_ns
        for path, index, expected in self._looks:
            ever = stamp(index) != 0
            if not ever and not expected:
                continue
            heard = heard or ever
            reading = read(index, now_ns)
            if reading.quality is Quality.VALID and reading.value is not None:
                values[path] = reading.value
            else:
                lost.add(path)
        return values, lost, heard


class Indicators:
    """Lets the indicators' lamps follow the car's own flashing where it is on the bus.

    Some cars report an indicator as long as it is switched on, others each flash of its bulb. No flash burns for longer
    than `_FLASH_NS`, so what does is a switch, and only then the page has to flash by itself.
    """

    _FLASH_NS = 800_000_000  # UN R48 6.5.9.1: 60 to 120 flashes a minute; a whole period of 60 is 1 s
    _NAMES = ("TurnLeft", "TurnRight", "Hazard")

    def __init__(self) -> None:
        self._since: dict[str, int] = {}

    def follow(self, telltales: dict[str, str], now_ns: int) -> dict[str, str]:
        """`telltales` with ON instead of FLASHING where this may still be one flash."""
        shown = dict(telltales)
        for name in self._NAMES:
            if telltales[name] != Light.FLASHING.name:
                self._since.pop(name, None)
            elif now_ns - self._since.setdefault(name, now_ns) <= self._FLASH_NS:
                shown[name] = Light.ON.name
        return shown


def _of_the_moment(messages: list[Message], now_ns: int) -> Message:
    if not messages:
        return Message(Level.NONE, "")
    top = max(m.level for m in messages)
    urgent = [m for m in messages if m.level == top]
    return urgent[now_ns // _TURN_NS % len(urgent)]


def _paths(pattern: str, catalogue: Catalogue) -> list[str]:
    try:
        return [catalogue.signals[i].path for i in catalogue.match(pattern)]
    except UnknownSignal:  # a user's own catalogue may lack a part
        return []
