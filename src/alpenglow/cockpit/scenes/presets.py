"""The scenes that come with a car, and what its people can make scenes of: two tables, checked against its signals."""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from alpenglow.cockpit.api import Scene, SceneParts, SceneThing, SceneTrigger
from alpenglow.fabric.tables import read_table
from alpenglow.signals import BadValue, Catalogue, Kind, Signal, UnknownSignal, check_value
from alpenglow.signals.actions import Action, checked_actions
from alpenglow.signals.conditions import Compare, Condition, ConditionError, check

type Has = Callable[[str], bool]  # whether this car has that signal: somebody has ever spoken of it

IN_FORCE = "Vehicle.Alpenglow.Cockpit.Profile.Id"
_ROWS = {"Row1": "front", "Row2": "rear", "Front": "front", "Rear": "rear"}
_SIDES = {"DriverSide": "driver", "PassengerSide": "passenger", "Driver": "driver", "Passenger": "passenger"}


class PresetError(ValueError):
    """A table that cannot be used; the text says which entry is wrong."""


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scene of the table."""

    id: str
    icon: str
    called: dict[str, str]  # language → name
    actions: tuple[Action, ...]
    when: Condition | None = None
    hold_s: float = 0.0
    needs: Condition | None = None
    restore: bool = False
    lasts_s: float = 0.0
    keeps: bool = False
    says: str = ""

    def scene(self) -> Scene:
        """As the cockpit runs it."""
        return Scene(
            id=self.id, name=self.called["en"], icon=self.icon, when=self.when, hold_s=self.hold_s, needs=self.needs,
            actions=self.actions, restore=self.restore, lasts_s=self.lasts_s, keeps=self.keeps, says=self.says,
        )  # fmt: skip


class _Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    preset: tuple[Preset, ...]


class _Thing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    path: str
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1.0
    choices: tuple[str, ...] = ()


class _Trigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    when: Condition
    minimum: float = 0.0
    maximum: float = 0.0
    step: float = 1.0


class _Things(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    thing: tuple[_Thing, ...]
    trigger: tuple[_Trigger, ...]


def load_presets(catalogue: Catalogue, text: str | None = None) -> dict[str, Preset]:
    """The presets in `text` (TOML; default: those that come with Alpenglow), by id. Raises PresetError.

    What the catalogue does not know is no error, since cars differ; a value that a known signal cannot have is one.
    """
    table = read_table(__package__, "presets.toml", _Presets, PresetError, text)
    found: dict[str, Preset] = {}
    for preset in table.preset:
        if preset.id in found:
            raise PresetError(f"preset {preset.id}: there are two of that id")
        if not preset.called.get("en"):
            raise PresetError(f"preset {preset.id}: it has no English name")
        try:
            known = tuple(a for a in preset.actions if a.path in catalogue.index_of)
            fitting = checked_actions(known, catalogue) if known else ()
            by_path = {a.path: a for a in fitting}
            for condition in (preset.when, preset.needs):
                if condition is not None:
                    check(condition, catalogue, preset.hold_s if condition is preset.when else 0.0)
        except (ConditionError, ValueError) as error:
            raise PresetError(f"preset {preset.id}: {error}") from None
        actions = tuple(by_path.get(a.path, a) for a in preset.actions)
        found[preset.id] = msgspec.structs.replace(preset, actions=actions)
    return found


class Parts:
    """What scenes can be made of, of all cars of this catalogue."""

    def __init__(self, catalogue: Catalogue, text: str | None = None) -> None:
        """`text` as for `load_presets`. Raises PresetError."""
        table = read_table(__package__, "things.toml", _Things, PresetError, text)
        self._things = [thing for row in table.thing for thing in _expanded(row, catalogue)]
        self._triggers: list[SceneTrigger] = []
        for trigger in table.trigger:
            unit = ""
            try:
                check(trigger.when, catalogue)
                if isinstance(trigger.when, Compare):
                    unit = catalogue[trigger.when.path].unit
            except ConditionError:
                continue  # another car's
            self._triggers.append(
                SceneTrigger(
                    name=trigger.name, when=trigger.when, unit=unit,
                    minimum=trigger.minimum, maximum=trigger.maximum, step=trigger.step,
                )
            )  # fmt: skip

    def of(self, has: Has, profile: str) -> SceneParts:
        """What the car that `has` those signals can do, for a person of that profile ("": nobody's)."""
        triggers = [t for t in self._triggers if not isinstance(t.when, Compare) or has(t.when.path)]
        if profile:
            mine = Compare(path=IN_FORCE, op="==", value=profile)
            triggers.append(SceneTrigger(name="profile", when=mine))
        return SceneParts(things=tuple(t for t in self._things if has(t.path)), triggers=tuple(triggers))


def _expanded(row: _Thing, catalogue: Catalogue) -> Iterator[SceneThing]:
    """The thing in each of its places that people have a word for."""
    try:
        signals = [catalogue.signals[i] for i in catalogue.match(row.path)]
    except UnknownSignal:
        return
    for signal in signals:
        place = _place(row.path, signal.path)
        if signal.kind is not Kind.ACTUATOR or place is None:
            continue
        yield _thing(row, signal, place)


def _thing(row: _Thing, signal: Signal, place: str) -> SceneThing:
    for choice in row.choices:
        try:
            check_value(signal, choice)
        except BadValue as error:
            raise PresetError(f"thing {row.name}: {error}") from None
    low = row.minimum if row.minimum is not None else signal.minimum or 0.0
    high = row.maximum if row.maximum is not None else signal.maximum or 0.0
    form: Literal["switch", "number", "choice"] = (
        "choice" if row.choices else "switch" if signal.datatype == "boolean" else "number"
    )
    if form == "number" and not low < high:
        raise PresetError(f"thing {row.name}: it needs a minimum and a maximum to choose between")
    return SceneThing(
        path=signal.path, name=row.name, place=place, form=form, unit=signal.unit,
        minimum=low, maximum=high, step=row.step, choices=row.choices,
    )  # fmt: skip


def _place(pattern: str, path: str) -> str | None:
    """Which of several: "front_driver"; "" where there is only one, None where it has no word."""
    steps = [s for p, s in zip(pattern.split("."), path.split("."), strict=True) if fnmatchcase(p, "[*]")]
    words = [_ROWS.get(step) or _SIDES.get(step) for step in steps]
    return None if None in words else "_".join(word for word in words if word)


def lacking(scene: Scene, has: Has) -> tuple[str, ...]:
    """What the scene sets or looks at and this car does not have."""
    return tuple(a.path for a in scene.actions if not has(a.path))


def called(preset: Preset) -> tuple[str, ...]:
    """The names of a preset in all languages."""
    return tuple(dict.fromkeys(preset.called.values()))


def by_language(called: Mapping[str, str], language: str) -> str:
    """The name in that language, else the English one."""
    return called.get(language.partition("-")[0], called["en"])
