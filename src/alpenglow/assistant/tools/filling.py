"""A part of a sentence and a tool: which arguments follow from the words and the state, and which must still be found.

Every value comes from what the speaker said or from what a reading tool tells; none is made up. What the words say and
the tool cannot take is a reason not to call it: a request is done as it was meant, or not at all.
"""

from typing import Any

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Function, Role, split_path
from alpenglow.assistant.tools.binding import SURE, Binder, Bound, label, spoken
from alpenglow.assistant.tools.catalogue import Parameter
from alpenglow.assistant.tools.policies import NotKnown
from alpenglow.assistant.tools.reading import Part
from alpenglow.assistant.tools.viewing import View
from alpenglow.assistant.wishes import Where, spots
from alpenglow.signals import Kind, Signal

_ON = frozenset({"on", "open", "heat", "cool", "more", "max", "up"})
_OFF = frozenset({"off", "close", "less", "min", "down"})
_ELSEWHERE = frozenset({"driver", "passenger", "left", "right", "behind-me", "beside-me", "in-front-of-me", "other"})
_PLACES = frozenset({"front", "rear", "left", "right", "driver", "passenger"})
_ANYWHERE = Signal(path="Vehicle.Tool", kind=Kind.ACTUATOR, datatype="float", unit="", description="")


class Impossible(Exception):
    """The tool cannot do what the words ask; the text is for people."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Arguments for one place, with the parameters whose value is still open."""

    arguments: dict[str, Any]
    open: tuple[Parameter, ...] = ()


class Filler:
    """Fills the parameters of one tool from one part of a sentence."""

    def __init__(self, binder: Binder, view: View, seat: Seat) -> None:
        self._binder, self._view, self._seat = binder, view, seat
        self.last: dict[str, Any] = {}  # the value last given to a parameter of each kind, for "the same level"

    async def fill(self, part: Part, bound: Bound) -> list[Given]:
        """One `Given` for each place meant. Impossible, NotKnown."""
        places = await self._places(part, bound)
        self._takes_all(part, bound)
        at: list[str | None] = [*places] if places else [None]
        found = [await self._at(part, bound, place) for place in at]
        if places is None and bound.place is not None:
            found = [
                msgspec.structs.replace(g, open=(*g.open, bound.place))
                if bound.place.name in bound.tool.required
                else g
                for g in found
            ]
        for given in found:
            for parameter in bound.others:
                if parameter.name in given.arguments:
                    self.last[parameter.kind] = given.arguments[parameter.name]
        return found

    async def _places(self, part: Part, bound: Bound) -> list[str] | None:
        """The values of the tool's place that are meant; None where nothing says."""
        codes = part.codes | self._codes_within(part, bound)
        if bound.place is None:
            if part.occupied or (codes & _ELSEWHERE and not self._own(codes, bound)):
                where = "the occupied seats" if part.occupied else " ".join(sorted(codes & _ELSEWHERE))
                raise Impossible(f"I cannot set the {label(bound.tool)} for {where} alone.")
            return None
        everywhere = next((v for v, spot in bound.places.items() if spot is None), None)
        single = {spot: v for v, spot in bound.places.items() if spot is not None}
        if part.occupied:
            taken = await self._view.occupied()
            chosen = [v for v in single.values() if frozenset(v.casefold().split("_")) in taken]
            if not chosen:
                raise Impossible("Nobody sits on one of the seats this is for.")
            return chosen
        plural = part.plural or any(
            w.endswith("s") and self._binder.pack.stem(w) in bound.words for w in part.text.split()
        )
        wanted = codes - {"here", "only"}
        if wanted & {"left", "right"} and "rear" in wanted:
            wanted -= {"passenger"}  # the passenger there is a person
        if not wanted and not plural and not part.but:
            return None
        function = Function("Vehicle.Tool.*", Role.LEVEL, _ANYWHERE, dict.fromkeys(single, ""))
        if part.but:
            at = spots(function, Where(wanted or frozenset({"all"}), True, part.but), self._seat)
            return [single[s] for s in at if s in single]
        if "all" in wanted or (plural and not wanted):
            needs_each = part.source is not None or (part.amount is not None and part.amount.relative)
            return list(single.values()) if needs_each or everywhere is None else [everywhere]
        if {"mine", "driver"} <= wanted or ({"mine"} < wanted and not wanted & {"front", "rear"}):
            groups = [frozenset({c}) for c in wanted if c not in ("both",)]
        else:
            groups = [wanted]
        chosen = []
        for group in groups:
            at = spots(function, Where(frozenset(group), plural), self._seat)
            chosen += [single[s] for s in at if s in single and single[s] not in chosen]
        if not chosen:
            raise Impossible(f"I cannot set the {label(bound.tool)} there; it can be set for {_list(bound.places)}.")
        return chosen

    def _codes_within(self, part: Part, bound: Bound) -> frozenset[str]:
        """Places that are part of a name: "front window"."""
        if bound.place is None:
            return frozenset()
        inside = (w for u in part.named if len(u.text.split()) > 1 for w in u.text.split())
        codes = {c for w in inside for u in self._binder.units(w) for c in u.find("place") if c in _PLACES}
        rows = {split_path(n)[1].row for u in part.named for n in u.find("name") if ".Windshield." in n}
        if any(spot is not None and spot.side is None for spot in bound.places.values()):
            codes |= {{1: "front", 2: "rear"}[row] for row in rows if row}
        return frozenset(codes)

    def _own(self, codes: frozenset[str], bound: Bound) -> bool:
        return any(self._binder.pack.stem(c) in bound.words for c in codes)

    def _takes_all(self, part: Part, bound: Bound) -> None:
        """Impossible where the words give what no parameter of the tool takes."""
        kinds, name = bound.takes, label(bound.tool)
        if part.amount is not None and "number" not in kinds and not _is_half_or_whole(part, kinds):
            raise Impossible(
                f"I cannot set the {name} to a {part.amount.unit or 'number'}: there is no setting for that."
            )
        if part.source is not None and not kinds & {"number", "choice"}:
            raise Impossible(f"I cannot set the {name} to a certain value.")
        if not kinds & {"number", "switch", "choice"} and not kinds & {"text", "other"} and bound.tool.parameters:
            raise Impossible(f"I cannot set the {name}: the part that says how is missing.")
        if not bound.tool.parameters and ({ACTS[a].base for a in part.acts} - {"set", "change"}):
            raise Impossible(f"I cannot set the {name}: the part that says how is missing.")
        said = part.colours or "to" in part.marks or self._aspect(part)
        bases = {ACTS[a].base for a in part.acts}
        if kinds == {"switch"} and said and not bases & (_ON | _OFF):
            raise Impossible(f"I cannot set {self._what(part)} of the {name}: it can be switched on and off only.")

    def _aspect(self, part: Part) -> bool:
        return any(u.find("aspect") for u in part.units)

    def _what(self, part: Part) -> str:
        if part.colours or any(u.find("aspect") == ["Color"] for u in part.units):
            return "the colour"
        return f"“{' '.join(part.unknown)}”" if part.unknown else "that"

    async def _at(self, part: Part, bound: Bound, place: str | None) -> Given:
        arguments: dict[str, Any] = {}
        if place is not None and bound.place is not None:
            arguments[bound.place.name] = place
        for parameter in bound.others:
            value = await self._value(part, bound, parameter, place)
            if value is not None:
                arguments[parameter.name] = value
        self._complete(part, bound, arguments)
        missing = [p for p in bound.others if p.required and p.name not in arguments]
        return Given(arguments=arguments, open=tuple(missing))

    def _complete(self, part: Part, bound: Bound, arguments: dict[str, Any]) -> None:
        """What follows from the rest: a colour means on, off means no colour."""
        bases = {ACTS[a].base for a in part.acts}
        for parameter in bound.others:
            if parameter.name in arguments:
                continue
            rest = [p for p in bound.others if p is not parameter]
            if parameter.kind == "switch" and rest and not bases & _OFF:
                arguments[parameter.name] = True
            elif parameter.kind == "choice" and bases & {"off"}:
                none = next((c for c in parameter.choices if c.casefold() in ("none", "off")), None)
                if none is not None:
                    arguments[parameter.name] = none

    async def _value(self, part: Part, bound: Bound, parameter: Parameter, place: str | None) -> Any:
        match parameter.kind:
            case "switch":
                return self._switch(part)
            case "number":
                return await self._number(part, bound, parameter, place)
            case "choice":
                return await self._choice(part, bound, parameter)
        return None

    def _switch(self, part: Part) -> bool | None:
        bases = [ACTS[a].base for a in part.acts or part.does]
        if any(b in _OFF for b in bases):
            return False
        return True if any(b in _ON for b in bases) else None

    async def _choice(self, part: Part, bound: Bound, parameter: Parameter) -> str | None:
        if part.source is not None and (found := await self._source(part, bound, parameter, None)) is not None:
            return str(found)
        bases = {ACTS[a].base for a in part.acts} - {"set", "change"}
        named = self._binder.choices(part, parameter)
        if named and not (bases & {"off"} and not bases & _ON and "switch" not in bound.takes):
            return named[0]  # what shall be off is not what it shall be
        for choice in parameter.choices:
            if bases & {ACTS[a].base for u in self._binder.units(choice.casefold()) for a in u.find("act")}:
                return choice
        if part.unknown and "to" in part.marks:
            told = f"“{part.unknown[-1]}” is not possible for the {label(bound.tool)}"
            raise NotAmong(f"{told}; it can be {_list(parameter.choices)}.", parameter)
        return None

    async def _number(self, part: Part, bound: Bound, parameter: Parameter, place: str | None) -> float | None:
        low, high = parameter.limits
        if part.source is not None:
            return await self._source(part, bound, parameter, place)  # type: ignore[no-any-return]
        bases = {ACTS[a].base for a in part.acts}
        amount = part.amount
        if amount is not None:
            value = amount.value
            if amount.share:
                value = value * 100 if (high or 0) == 100 else value * (high or 1)
            if amount.unit == "fahrenheit":
                value = value / 1.8 if amount.relative else (value - 32) / 1.8
            if amount.relative:
                now = await self._view.setting(bound, place)
                down = bases & (_OFF | {"less"})
                value = float(now) - value if down else float(now) + value
            return self._fit(parameter, value)
        if "full" in part.degrees and high is not None and low is not None:
            return self._fit(parameter, low if bases & _OFF else high)
        if "half" in part.degrees and high is not None:
            return self._fit(parameter, ((low or 0) + high) / 2)
        if bases & {"max"} and high is not None:
            return self._fit(parameter, high)
        first = next((ACTS[a].base for a in part.acts if ACTS[a].base not in ("set", "change")), "")
        if first in ("close", "off", "min") and low is not None:
            return self._fit(parameter, low)
        if part.same and self.last.get("number") is not None:
            return self._fit(parameter, self.last["number"])
        return None

    def _fit(self, parameter: Parameter, value: float) -> float:
        low, high = parameter.limits
        if (low is not None and value < low) or (high is not None and value > high):
            raise NotAmong(f"{spoken(value)} is not possible; it goes from {spoken(low)} to {spoken(high)}.", parameter)
        step = parameter.schema.get("multipleOf") or 0
        value = round(value / step) * step if step else value
        return int(value) if float(value).is_integer() else round(value, 2)

    async def _source(self, part: Part, bound: Bound, parameter: Parameter, place: str | None) -> Any:
        """The value of what it shall be like."""
        source = part.source
        assert source is not None
        if parameter.kind == "choice" and (told := await self._told(part, source, parameter)) is not None:
            return told
        model = bound
        if source.named and not all(n.endswith(".Seat.*.*") for u in source.named for n in u.find("name")):
            best = [b for s, b in self._binder.rank(source) if s >= SURE - 1 and parameter.kind in b.takes]
            model = best[0] if best else bound
        elif source.named and "seat" not in bound.words:
            best = [b for s, b in self._binder.rank(source) if b.place is not None and parameter.kind in b.takes]
            model = best[0] if best else bound
        places = await self._places(source, model) if model.place is not None else None
        if model.place is not None and places is None:
            places = [place] if place in model.places and model is not bound else None
        if model is not bound and model.place is not None and places is None:
            single = {spot: v for v, spot in model.places.items() if spot is not None}
            function = Function("Vehicle.Tool.*", Role.LEVEL, _ANYWHERE, dict.fromkeys(single, ""))
            places = [single[s] for s in spots(function, Where(), self._seat) if s in single]
        if model is bound and not places:
            return None
        at: list[str | None] = [*places] if places else [None]
        values = {await self._view.setting(model, p) for p in at}
        return values.pop() if len(values) == 1 else None

    async def _told(self, part: Part, source: Part, parameter: Parameter) -> str | None:
        """The choice that something else shows which no tool sets: the colour of the car."""
        words = set(source.words) | self._binder.leaf_words([*source.units, *part.units])
        words |= {self._binder.pack.stem(w) for w in parameter.name.split("_")}
        hits = [(len(own & words), reader, field) for reader, field, own in self._binder.unbound if own <= words]
        for _, reader, field in sorted(hits, reverse=True)[:1]:
            value = str(await self._view.look(reader, field)).casefold()
            return next((c for c in parameter.choices if c.casefold() == value), None)
        return None


class NotAmong(Exception):
    """A value was asked for that the tool does not take; others may do."""

    def __init__(self, says: str, parameter: Parameter) -> None:
        super().__init__(says)
        self.parameter = parameter


def unknown_text(error: NotKnown) -> str:
    """What to say of a value that nothing tells."""
    return f"I cannot tell the {error.field.rpartition('.')[2].replace('_', ' ')}: it is not known."


def _is_half_or_whole(part: Part, kinds: frozenset[str]) -> bool:
    share = part.amount is not None and (part.amount.share or part.amount.unit == "percent")
    return share and part.amount is not None and part.amount.value in (0, 1, 100) and bool(kinds & {"switch", "choice"})


def _list(names: Any) -> str:
    shown = [spoken(n) for n in names]
    return ", ".join(shown[:-1]) + f" or {shown[-1]}" if len(shown) > 1 else "".join(shown)
