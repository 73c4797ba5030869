"""A conversation about somebody's tools: what is said becomes a plan, a question, or an honest "I cannot".

Rules that always hold:
- nothing is called but what the speaker asked for, prefers or confirmed, or what a rule of the catalogue adds to that;
- a result of a tool is shown and compared, and never read as something that somebody said.
"""

import re
from typing import Any, Literal

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Seat
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.tools.binding import SURE, Binder, Bound, label, spoken
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, split_words
from alpenglow.assistant.tools.filling import Filler
from alpenglow.assistant.tools.planning import Open, Plan, Planner, Wanted, described
from alpenglow.assistant.tools.policies import NotKnown, Policies
from alpenglow.assistant.tools.reading import Part, read
from alpenglow.assistant.tools.viewing import Surface, ToolFailed, View

type Asking = Literal["", "confirm", "value", "which", "how"]


class ToolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one utterance. `lacking`: what could not be done or told, a sentence each."""

    reply: str
    asking: Asking = ""
    calls: list[Call] = []
    lacking: list[str] = []


class _Pending(msgspec.Struct):
    asking: Asking
    wanted: list[Wanted] = []
    open: list[Open] = []
    plan: Plan | None = None
    part: Part | None = None
    among: list[Bound] = []
    occupied: bool = False


class Talk:
    """One conversation over one catalogue."""

    def __init__(
        self,
        catalogue: ToolCatalogue,
        pack: Pack,
        surface: Surface,
        policies: Policies | None = None,
        context: dict[str, Any] | None = None,
        seat: Seat = "driver",
    ) -> None:
        self._binder = Binder(catalogue, pack)
        self._pack, self._surface, self._seat = pack, surface, seat
        self._policies, self._context = policies or Policies(), context or {}
        self._pending: _Pending | None = None
        self._last: Bound | None = None

    async def say(self, said: str) -> ToolAnswer:
        """Do or answer what was said, or ask back."""
        view = View(self._binder, self._surface, self._policies, self._context)
        pending, self._pending = self._pending, None
        parts = read(said, self._pack)
        asking = pending.asking if pending is not None else ""
        if pending is not None and asking == "confirm":
            kind = parse(hear(said), self._pack, self._pack.functions).kind
            agreed = _agrees(said, self._pack)
            if pending.plan is not None and (kind == "yes" or agreed) and not self._named(parts):
                return await self._do(pending.plan)
            if kind == "no" or _denies(said, self._pack):
                return ToolAnswer(reply="I leave it as it is.")
        if pending is not None and asking in ("value", "which"):
            answered = self._answered(pending, parts)
            if answered:
                return await self._plan(answered, view)
        requests = [p for p in parts if not p.tells and self._asks_for(p)]
        for part in requests if pending is not None and pending.occupied else []:
            part.occupied = part.occupied or not part.codes
        return await self._requests(requests, parts, view)

    def _asks_for(self, part: Part) -> bool:
        """Whether it asks for something, and does not only tell: "the air feels stuffy"."""
        does = part.acts or part.amount or part.degrees or part.colours or part.source or part.preferred or part.asks
        return bool(does or not part.unknown or part.occupied or part.marks & {"to", "light-verb"})

    def _named(self, parts: list[Part]) -> bool:
        """Whether a tool is named in what is said."""
        return any(self._binder.rank(p)[0][0] >= SURE for p in parts if not p.tells and p.acts)

    def _answered(self, pending: _Pending, parts: list[Part]) -> list[Wanted]:
        """What is wanted, with what was just answered; [] where that does not answer it."""
        if pending.asking == "which":
            for part in parts:
                for _, bound in self._binder.rank(part, pending.among)[:1]:
                    if bound.words & set(part.words) and pending.part is not None:
                        part.acts = part.acts or pending.part.acts
                        return [Wanted(part, bound)]
            return []
        wanted, took = pending.wanted, False
        for part in parts:
            ranked = self._binder.rank(part)
            score, best = ranked[0]
            same = [w for w in wanted if w.bound is best]
            if score >= SURE and not part.tells:
                if not same:
                    fits = [o for o in pending.open if self._fits(part, o)]
                    if not fits or part.acts:
                        return []
                for each in same:
                    if part.source is not None or (part.acts and part.amount is not None):
                        each.part = part
                    else:
                        each.answers["*"] = part
                    took = True
                if same:
                    continue
            for o in pending.open:
                if self._fits(part, o):
                    o.wanted.answers[o.parameter.name] = part
                    took = True
        return wanted if took else []

    def _fits(self, part: Part, o: Open) -> bool:
        """Whether a part has a value for what is open."""
        if o.parameter is o.wanted.bound.place:
            words = {w for v in o.wanted.bound.places for w in split_words(v)}
            return bool(part.codes or part.occupied or words & set(part.text.split()))
        match o.parameter.kind:
            case "number":
                return part.amount is not None or bool(part.degrees)
            case "choice":
                return bool(self._binder.choices(part, o.parameter))
            case "switch":
                return bool(part.acts)
        return False

    async def _requests(self, requests: list[Part], parts: list[Part], view: View) -> ToolAnswer:
        wanted: list[Wanted] = []
        lacking: list[str] = []
        told: list[str] = []
        unclear: Part | None = None
        for part in requests:
            if part.asks:
                told.append(await self._tell(part, view))
                continue
            if part.condition and not await self._condition(part, view, told, lacking):
                continue
            found = await self._wanted(part, view)
            if isinstance(found, ToolAnswer):
                return found
            if found:
                wanted += found
            elif part.named or (part.acts and part.unknown and not self._implied(part)):
                lacking.append(self._cannot(part))
            elif part.acts or part.amount:
                unclear = part
            lacking += self._not_settable(part, [w.bound for w in found])
        if not (wanted or lacking or told or requests) and any(p.negated for p in parts):
            return ToolAnswer(reply="I leave it as it is.")
        if wanted and unclear is not None:
            lacking.append(f"I did not understand “{unclear.text}”.")
        if wanted or lacking or told:
            return await self._plan(wanted, view, lacking, told)
        occupied = any(p.occupied for p in parts)
        self._pending = _Pending("how", part=unclear, occupied=occupied)
        options = ", ".join(label(b.tool) for b in self._options(parts))
        return ToolAnswer(reply=f"How shall I do that? I can set: {options}.", asking="how")

    def _implied(self, part: Part) -> bool:
        return any(ACTS[a].base in ("heat", "cool", "more", "less") for a in part.acts)

    def _options(self, parts: list[Part]) -> list[Bound]:
        ranked = [b.tool.name for p in parts for s, b in self._binder.rank(p)[:6] if s > -2.0]
        return [self._binder.settings[name] for name in dict.fromkeys(ranked or self._binder.settings)][:8]

    async def _wanted(self, part: Part, view: View) -> list[Wanted] | ToolAnswer:
        if part.source is not None and (both := self._both(part)):
            return [Wanted(part, bound) for bound in both]
        ranked = self._binder.rank(part)
        group = self._binder.group(part)
        if ranked and ranked[0][0] >= SURE:
            alike = self._binder.alike(part, ranked[0][1])
        elif group:
            alike = group
        elif self._last is not None and not part.named and ("that" in part.marks or part.amount is not None):
            alike = [self._last]
        else:
            alike = self._sharing(part)
        alike = [b for b in alike if b.takes <= {"switch", "choice"} or len(alike) == 1]
        if len(alike) > 1:
            return await self._narrow(part, alike, view)
        self._last = alike[0] if alike else self._last
        return [Wanted(part, alike[0])] if alike else []

    def _sharing(self, part: Part) -> list[Bound]:
        """The tools whose names share a word with a part that names nothing more: "the lights"."""
        if part.named or part.unknown or not part.acts:
            return []
        words = set(part.words)
        found = [b for b in self._binder.settings.values() if b.words & words]
        return found if len({frozenset(b.words & words) for b in found}) == 1 else []

    def _both(self, part: Part) -> list[Bound]:
        """The tools for two places that a part is about in general: "match my side's climate to the passenger's"."""
        assert part.source is not None
        ranked = self._binder.rank(part)
        if part.source.named or not part.source.codes or (ranked and ranked[0][1].words <= set(part.words)):
            return []
        words = set(part.words)
        return [
            b for b in self._binder.settings.values() if b.place is not None and b.words & words and "number" in b.takes
        ]

    def _not_settable(self, part: Part, found: list[Bound]) -> list[str]:
        """What is known for the places of a part, as its words ask, and set by no tool."""
        if part.source is None or not part.source.codes or part.source.named:
            return []
        words = set(part.words)
        names = {
            " ".join(split_words(field)[:-1])
            for _, field, own in self._binder.unbound
            if own & words and {self._binder.pack.stem(c) for c in part.source.codes} & own
        }
        return [f"I cannot set the {name}: there is no tool for it." for name in sorted(names)]

    async def _narrow(self, part: Part, alike: list[Bound], view: View) -> list[Wanted] | ToolAnswer:
        """Of several alike, those for which the request makes a difference; a question where that leaves several."""
        bases = {ACTS[a].base for a in part.acts}
        on = not bases & {"off", "close"}
        left = []
        for bound in alike:
            try:
                state = await view.setting(bound, None)
            except NotKnown:
                state = None
            is_on = state if isinstance(state, bool) else None
            if is_on is None or is_on is not on:
                left.append(bound)
        if len(left) == 1:
            return [Wanted(part, left[0])]
        if not left:
            return ToolAnswer(reply=f"They are {'on' if on else 'off'} already: {_names(alike)}.")
        self._pending = _Pending("which", part=part, among=left)
        return ToolAnswer(reply=f"Which do you mean: {_names(left)}?", asking="which")

    async def _plan(
        self, wanted: list[Wanted], view: View, lacking: list[str] | None = None, told: list[str] | None = None
    ) -> ToolAnswer:
        plan = await Planner(self._binder, self._policies, view, Filler(self._binder, view, self._seat)).plan(wanted)
        plan.lacking = [*(lacking or []), *plan.lacking]
        plan.notes = [*(told or []), *plan.notes]
        if plan.open:
            self._pending = _Pending("value", wanted=wanted, open=plan.open)
            questions = list(dict.fromkeys(self._question(o) for o in plan.open))
            head = "I need these settings: " if len(questions) > 1 else ""
            reply = " ".join([*plan.lacking, *(told or []), head + " ".join(questions)])
            return ToolAnswer(reply=reply, asking="value", lacking=plan.lacking)
        if plan.confirm and plan.calls:
            self._pending = _Pending("confirm", plan=plan)
            what = "; ".join(described(self._binder, c) for c in plan.calls)
            reply = " ".join([*plan.lacking, *dict.fromkeys(plan.confirm), f"Shall I? ({what})"])
            return ToolAnswer(reply=reply, asking="confirm", lacking=plan.lacking)
        return await self._do(plan)

    def _question(self, o: Open) -> str:
        name = label(o.wanted.bound.tool)
        if o.instead_of:
            return f"{o.instead_of} Which alternative would you like?"
        is_place = o.parameter is o.wanted.bound.place
        options = list(o.wanted.bound.places if is_place else o.parameter.choices)
        what = " ".join(split_words(o.parameter.name))
        if o.parameter.kind == "switch":
            return f"Shall the {name} be on or off?"
        if options:
            return f"Which {what} for the {name}: {', '.join(map(spoken, options))}?"
        low, high = o.parameter.limits
        span = f" ({spoken(low)} to {spoken(high)})" if low is not None and high is not None else ""
        return f"How shall I set the {name}: which {what}{span}?"

    async def _do(self, plan: Plan) -> ToolAnswer:
        done: list[Call] = []
        said: list[str] = []
        for call in plan.calls:
            problems = self._binder.catalogue.problems(call)
            if problems:
                said.append(f"I cannot do that: {problems[0]}.")
                break
            try:
                await self._surface.call(call)
            except ToolFailed as error:
                said.append(f"{label(self._binder.catalogue[call.tool])} did not work: {error}")
                break
            done.append(call)
        if done:
            said.insert(0, "Done: " + "; ".join(described(self._binder, c) for c in done) + ".")
        reply = " ".join([*said, *dict.fromkeys(plan.notes), *plan.lacking])
        return ToolAnswer(reply=reply or "There is nothing to do.", calls=done, lacking=plan.lacking)

    async def _tell(self, part: Part, view: View) -> str:
        """What a reading tool says to a question."""
        for reader in self._binder.readers_of(part)[:1]:
            result = await view.result(reader.tool.name)
            if result:
                inner = (v for v in result.values() if isinstance(v, dict))
                flat = [
                    (k, v) for level in (result, *inner) for k, v in level.items() if not isinstance(v, dict | list)
                ]
                shown = "; ".join(f"{k.replace('_', ' ')}: {spoken(v)}" for k, v in flat)[:500]
                return f"{reader.tool.name} says: “{shown}”" if reader.tool.outside else f"{shown}."
        return "I cannot tell that: nothing here knows it."

    async def _condition(self, part: Part, view: View, told: list[str], lacking: list[str]) -> bool:
        """Whether the condition of a request is met."""
        text = part.condition
        is_so = await self._is_so(text, view)
        if is_so is not None:
            if not is_so:
                told.append(f"“{text}” is not so, so I leave it.")
            return is_so
        number = re.search(r"-?\d+(?:\.\d+)?", text)
        under = re.search(r"\b(?:less|under|below|colder|fewer|weniger|unter|kälter)\b", text)
        over = re.search(r"\b(?:more|over|above|warmer|than|mehr|über|wärmer)\b", text)
        if number is None or not (under or over):
            lacking.append(f"I cannot judge “{text}”, so I leave it.")
            return False
        words = {self._pack.stem(w) for w in split_words(text)}
        for unit in self._binder.units(text):
            for key in (*unit.find("ask"), *unit.find("name"), *unit.find("aspect")):
                words |= {self._pack.stem(w) for w in split_words(key.rpartition(".")[2])}
        kinds = {(r, f.path): f.kind for r, b in self._binder.readers.items() for f in b.tool.fields}
        numbers = [f for f in self._binder.unbound if kinds[f[0], f[1]] in ("number", "integer", "")]
        fields = sorted(numbers, key=lambda f: -len(f[2] & words))
        if not fields or not fields[0][2] & words:
            lacking.append(f"I cannot tell “{text}”: nothing here knows it.")
            return False
        reader, field, _ = fields[0]
        try:
            value = await view.look(reader, field)
        except NotKnown:
            lacking.append(f"I cannot tell “{text}”: it is not known.")
            return False
        met = value < float(number[0]) if under else value > float(number[0])
        if not met:
            told.append(f"It is {spoken(value)}, so I leave it.")
        return bool(met)

    async def _is_so(self, text: str, view: View) -> bool | None:
        """Whether a setting is on, off, open or closed as `text` says; None where it says no such thing."""
        units = self._binder.units(text)
        bases = {ACTS[a].base for u in units for a in u.find("act")} & {"on", "off", "open", "close"}
        words = {self._pack.stem(w) for w in split_words(text)}
        parts = read(text, self._pack)
        for part in parts[:1] if len(bases) == 1 else ():
            score, bound = self._binder.rank(part)[0]
            if score >= SURE or bound.words & words:
                self._last = bound
                try:
                    states = [await view.look(v.reader, v.field) for v in self._binder.values.get(bound.tool.name, ())]
                except NotKnown:
                    return None
                is_on = any(s is True or (isinstance(s, int | float) and s > 0) or s == "open" for s in states)
                return bool(states) and is_on is (not bases & {"off", "close"})
        return None

    def _cannot(self, part: Part) -> str:
        what = next((u.text for u in part.named), part.text)
        return f"I cannot do “{part.text}”: there is no tool for “{what}” here."


def _agrees(said: str, pack: Pack) -> bool:
    """Whether it begins with a yes."""
    return any("yes" in u.find("mark") for p in _first(said, pack) for u in p)


def _denies(said: str, pack: Pack) -> bool:
    return any(set(u.find("mark")) & {"no", "never-mind"} for p in _first(said, pack) for u in p)


def _first(said: str, pack: Pack) -> list[list[Any]]:
    from alpenglow.assistant.language.clauses import cut, read_units

    clauses = cut(*read_units(hear(said), pack))
    return [c.units[:1] for c in clauses[:1]]


def _names(bounds: list[Bound]) -> str:
    return ", ".join(label(b.tool) for b in bounds)
