"""What a catalogue's reading tools tell, as planning sees it: read once, and ahead of the calls that are planned.

A plan is made before anything is done, so it looks at what will be: after `predict(call)` the field that shows the
setting reads as the call will leave it.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from alpenglow.assistant.tools.binding import Binder, Bound, Value
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, split_words
from alpenglow.assistant.tools.policies import UNKNOWN, NotKnown, Policies


class ToolFailed(Exception):
    """A tool did not do what it was asked; the text is for people."""


class Surface(Protocol):
    """Where calls go."""

    async def call(self, call: Call) -> dict[str, Any]:
        """Make a call and return what the tool gives back; ToolFailed where it does not work."""
        ...


class Joined:
    """Several surfaces as one: a call goes to the one whose catalogue has the tool."""

    def __init__(self, surfaces: Sequence[tuple[ToolCatalogue, Surface]]) -> None:
        self._surfaces = surfaces
        self.catalogue = ToolCatalogue(tool for catalogue, _ in surfaces for tool in catalogue.values())

    async def call(self, call: Call) -> dict[str, Any]:
        """See Surface."""
        for catalogue, surface in self._surfaces:
            if call.tool in catalogue:
                return await surface.call(call)
        raise ToolFailed(f"there is no tool {call.tool!r}")


class View:
    """One look at the surface's state, for the making of one plan."""

    def __init__(self, binder: Binder, surface: Surface, policies: Policies, context: dict[str, Any]) -> None:
        self._binder, self._surface, self._policies, self._context = binder, surface, policies, context
        self._results: dict[str, dict[str, Any]] = {}
        self.ahead: dict[tuple[str, str], Any] = {}
        self.made: list[Call] = []

    async def look(self, reader: str, field: str) -> Any:
        """The value of a field; NotKnown where nothing tells it."""
        if (reader, field) in self.ahead:
            return self.ahead[reader, field]
        value: Any = await self.result(reader)
        for step in field.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is None or value == UNKNOWN:
            raise NotKnown(reader, field)
        return value

    async def result(self, reader: str) -> dict[str, Any]:
        """All that a reading tool tells; {} where it is not there or fails."""
        if reader not in self._results:
            self._results[reader] = {}
            call = Call(tool=reader, arguments=self._filled(self._policies.reads.get(reader, {})))
            if not self._binder.catalogue.problems(call):
                try:
                    self._results[reader] = await self._surface.call(call)
                    self.made.append(call)
                except ToolFailed:
                    pass
        return self._results[reader]

    async def preferences(self) -> list[str]:
        """What the person prefers, in their own words."""
        asked = self._policies.preferences
        if asked is None:
            return []
        call = Call(tool=asked.tool, arguments=asked.arguments)
        if asked.tool not in self._results and not self._binder.catalogue.problems(call):
            try:
                self._results[asked.tool] = await self._surface.call(call)
                self.made.append(call)
            except ToolFailed:
                self._results[asked.tool] = {}
        return list(_texts(self._results.get(asked.tool)))

    async def setting(self, bound: Bound, place: str | None) -> Any:
        """The value of what a tool sets, at a place; NotKnown where nothing tells it."""
        for value in self._binder.values.get(bound.tool.name, ()):
            if value.place == place:
                return await self.look(value.reader, value.field)
        raise NotKnown(bound.tool.name, " ".join(sorted(bound.words)))

    async def is_so(self, words: frozenset[str]) -> bool:
        """Whether the setting that `words` name is on."""
        for bound in self._binder.settings.values():
            if bound.words and bound.words <= words:
                for value in self._binder.values.get(bound.tool.name, ()):
                    try:
                        state = await self.look(value.reader, value.field)
                    except NotKnown:
                        continue
                    if state is True or (isinstance(state, int | float) and state > 0):
                        return True
        return False

    async def occupied(self) -> list[frozenset[str]]:
        """The words for each seat on which somebody sits; NotKnown where nothing tells."""
        for reader in self._binder.readers.values():
            for field in reader.tool.fields:
                if {"occupied", "occupancy"} & set(split_words(field.path)):
                    seats = await self.look(reader.tool.name, field.path)
                    if isinstance(seats, dict):
                        return [frozenset(split_words(seat)) for seat, is_so in seats.items() if is_so is True]
        raise NotKnown("seats", "occupied")

    def predict(self, call: Call) -> None:
        """From now on the state reads as `call` will leave it."""
        bound = self._binder.settings.get(call.tool)
        if bound is None:
            return  # it tells, and changes nothing
        at = call.arguments.get(bound.place.name) if bound.place else None
        for value in self._binder.values.get(call.tool, ()):
            everywhere = bound.place is not None and bound.places.get(str(at), 0) is None
            if value.place == at or everywhere or value.place is None:
                self._set_ahead(value, bound, call)

    def _set_ahead(self, value: Value, bound: Bound, call: Call) -> None:
        given = {p.kind: call.arguments[p.name] for p in bound.others if p.name in call.arguments}
        for kind in ("number", "choice", "switch", "text"):
            if kind in given:
                self.ahead[value.reader, value.field] = given[kind]
                return

    def _filled(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self._context.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value
            for name, value in arguments.items()
        }


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value[:500]]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []
