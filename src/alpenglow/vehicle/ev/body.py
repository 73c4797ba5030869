"""The body's control units: they move what the table `body_items` lists, and report where it is.

Every value that a status frame carries is in `Body.values`, by VSS path; `changed` names the groups whose frames have
to be packed anew.
"""

from alpenglow.vehicle.ev.body_items import GROUPS, OPENINGS, Item, Opening
from alpenglow.vehicle.ev.layout import Form, Physical

_SWITCH_SHOWN_S = 0.4  # how long a switch is reported at least, so that nobody misses it

_OPENS = {"OPEN": True, "ONE_SHOT_OPEN": True, "CLOSE": False, "ONE_SHOT_CLOSE": False}
_ROOF = "Cabin.Sunroof"
_ROOF_TARGETS = {"OPEN": 100.0, "ONE_SHOT_OPEN": 100.0, "TILT_UP": -100.0}


class Body:
    """State of all body items. Lamps and wipers are worked out by `lights`."""

    def __init__(self) -> None:
        self.values: dict[str, Physical] = {i.path: i.default for g in GROUPS for i in g.items}
        self.changed: set[str] = {g.name for g in GROUPS}
        self.stuck: set[str] = set()  # paths whose motor or contact has failed
        self._group = {i.path: g.name for g in GROUPS for i in g.items}
        self._items: dict[str, Item] = {i.path: i for g in GROUPS for i in g.items}
        self._openings: dict[str, Opening] = {o.path: o for o in OPENINGS}
        self._exact: dict[str, float] = {}  # where a moving item is, between whole steps
        self._targets: dict[str, float] = {}
        self._switches: dict[str, float] = {}  # switch path → seconds for which it is still shown

    def put(self, path: str, value: Physical) -> None:
        """Report `value` from now on."""
        if self.values[path] != value:
            self.values[path] = value
            self.changed.add(self._group[path])

    def number(self, path: str) -> float:
        """The value of a NUMBER item."""
        value = self.values[path]
        return float(value) if isinstance(value, int | float) else 0.0

    def on(self, path: str) -> bool:
        """The value of a FLAG item."""
        return self.values[path] is True

    def command(self, path: str, value: Physical) -> None:
        """Obey one field of a command frame; what it asks beyond the item's range is cut to it."""
        branch, _, leaf = path.rpartition(".")
        if branch == _ROOF:
            self._command_roof(leaf, value)
        elif branch in self._openings and leaf in ("Position", "IsOpen", "Switch"):
            self._command_opening(self._openings[branch], leaf, value)
        else:
            self._command_item(self._items[path], value)
            if leaf == "HeatingCooling" and branch.startswith("Cabin.Seat") and branch.count(".") == 3:
                for part in ("Seating", "Backrest"):
                    self._command_item(self._items[f"{branch}.{part}.HeatingCooling"], value)

    def _command_item(self, item: Item, value: Physical) -> None:
        if item.path in self.stuck:
            return
        if item.form is not Form.NUMBER:
            self.put(item.path, value)
        elif isinstance(value, int | float):
            wanted = min(item.high, max(item.low, float(value)))
            if item.seconds:
                self._targets[item.path] = wanted
            else:
                self.put(item.path, wanted)

    def _command_opening(self, opening: Opening, leaf: str, value: Physical) -> None:
        position = f"{opening.path}.Position"
        if leaf == "Position":
            self._move(position, float(value or 0.0))
        elif leaf == "IsOpen":
            self._move(position, 100.0 if bool(value) != opening.drawn else 0.0)
        else:
            self._show_switch(f"{opening.path}.Switch", str(value))
            if value in _OPENS:
                self._move(position, 100.0 if _OPENS[str(value)] != opening.drawn else 0.0)
            else:
                self._targets.pop(position, None)

    def _command_roof(self, leaf: str, value: Physical) -> None:
        position = f"{_ROOF}.Position"
        if leaf == "Position":
            self._move(position, float(value or 0.0))
            return
        self._show_switch(f"{_ROOF}.Switch", str(value))
        if value == "INACTIVE":
            self._targets.pop(position, None)
        else:
            self._move(position, _ROOF_TARGETS.get(str(value), 0.0))

    def _move(self, path: str, target: float) -> None:
        if path in self.stuck:
            return
        item = self._items[path]
        self._targets[path] = min(item.high, max(item.low, target))
        branch = path.rpartition(".")[0]
        lock = f"{branch}.IsLocked"
        if target > 0.0 and lock in self.values:  # a door that is told to open unlocks itself first
            self.put(lock, False)

    def _show_switch(self, path: str, value: str) -> None:
        self.put(path, value)
        self._switches[path] = _SWITCH_SHOWN_S

    def set_open(self, path: str, opened: bool) -> None:
        """A hand opens or shuts a door, a lid or the like; a locked lid stays shut."""
        opening = self._openings[path]
        if opened and path.startswith("Body.Trunk") and self.on(f"{path}.IsLocked"):
            return
        self._move(f"{path}.Position", 100.0 if opened != opening.drawn else 0.0)

    def step(self, dt: float) -> None:
        """Move what is on its way."""
        for path in list(self._targets):
            item, target = self._items[path], self._targets[path]
            at = self._exact.get(path, self.number(path))
            reach = (item.high - item.low) / item.seconds * dt
            at = min(at + reach, max(at - reach, target))
            self._exact[path] = at
            self._report(item, at)
            if at == target:
                del self._targets[path], self._exact[path]
        for path in list(self._switches):
            left = self._switches[path] = self._switches[path] - dt
            if left <= 0.0 and f"{path.rpartition('.')[0]}.Position" not in self._targets:
                del self._switches[path]
                self.put(path, "INACTIVE")

    def _report(self, item: Item, at: float) -> None:
        self.put(item.path, item.low + round((at - item.low) / item.step) * item.step)
        branch = item.path.rpartition(".")[0]
        opening = self._openings.get(branch)
        if opening is not None and f"{branch}.IsOpen" not in self.stuck:
            # A door's contact opens at once; a shade counts as open while any of the glass is free.
            self.put(f"{branch}.IsOpen", at < 100.0 if opening.drawn else at > 0.5)

    def openings(self) -> float:
        """How much of the cabin is open to the air, in windows."""
        share = 0.0
        for path in OPEN_TO_AIR:
            share += self.number(path) / 100.0
        return share + abs(self.number(f"{_ROOF}.Position")) / 100.0


OPEN_TO_AIR = tuple(
    f"Cabin.Door.{row}.{side}{part}.Position"
    for row in ("Row1", "Row2")
    for side in ("DriverSide", "PassengerSide")
    for part in ("", ".Window")
)
