"""A conversation about somebody's tools: what is said becomes a plan, a question, or an honest "I cannot".

Rules that always hold:
- nothing is called but what the speaker asked for, prefers or confirmed, or what a rule of the catalogue adds to that;
- a result of a tool is shown and compared, and never read as something that somebody said.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Seat
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.tools.binding import SURE, Binder, Bound, label, spoken
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, split_words
from alpenglow.assistant.tools.choosing import Chooser, unfounded
from alpenglow.assistant.tools.filling import Filler
from alpenglow.assistant.tools.planning import Open, Plan, Planner, Wanted, described
from alpenglow.assistant.tools.policies import NotKnown, Policies
from alpenglow.assistant.tools.reading import Part, read
from alpenglow.assistant.tools.telling import Telling, shown
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
    wanted: list[Wanted | Call] = []
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
        chooser: Chooser | None = None,
    ) -> None:
        """`chooser`: a model that is asked for what the words do not bind."""
        self._binder = Binder(catalogue, pack)
        self._telling = Telling(self._binder)
        self._pack, self._surface, self._seat, self._chooser = pack, surface, seat, chooser
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

    def _answered(self, pending: _Pending, parts: list[Part]) -> list[Wanted | Call]:
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
            same = [w for w in wanted if isinstance(w, Wanted) and w.bound is best]
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
            case "text":
                return bool(part.text)
        return False

    async def _requests(self, requests: list[Part], parts: list[Part], view: View) -> ToolAnswer:
        wanted: list[Wanted | Call] = []
        lacking: list[str] = []
        told: list[str] = []
        unclear: Part | None = None
        for part in requests:
            if part.asks:
                told.append(await self._telling.tell(part, view))
                continue
            if part.condition and not await self._telling.condition(part, view, told, lacking):
                continue
            self._last = self._telling.last or self._last
            found = await self._wanted(part, view)
            if isinstance(found, ToolAnswer):
                return found
            if found:
                wanted += found
            elif chosen := await self._chosen(part, lacking):
                wanted += chosen
            elif self._is_certain(part):
                lacking.append(self._cannot(part))
            elif part.acts or part.amount:
                unclear = part
            lacking += self._telling.not_settable(part)
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

    async def _chosen(self, part: Part, lacking: list[str]) -> list[Call]:
        """What a model finds to call for a part whose words name nothing that the language knows."""
        if self._chooser is None or part.named:
            return []  # what is known by name and has no tool stays undone; a model would find it another
        content = {self._pack.stem(w) for w in part.unknown}
        catalogue = self._binder.catalogue
        speaks = [
            n for n, t in catalogue.items() if content & {self._pack.stem(w) for w in split_words(n + t.description)}
        ]
        if not speaks:
            return []
        calls = await self._chooser.choose([{"role": "user", "content": part.text}], speaks[:8])
        found = []
        for call in calls[:1]:
            nowhere = unfounded(call, catalogue[call.tool], [part.text])
            if nowhere:
                lacking.append(f"For {label(catalogue[call.tool])} I need to know: {', '.join(nowhere)}.")
            else:
                found.append(call)
        return found

    async def _chosen_of(self, part: Part, bound: Bound, chooser: Chooser) -> Sequence[Wanted | Call]:
        """A tool that takes text, with what a model finds for it in the words; what it makes up is asked for."""
        calls = await chooser.choose([{"role": "user", "content": part.text}], [bound.tool.name], some=True)
        founded = [c for c in calls[:1] if not unfounded(c, bound.tool, [part.text])]
        return founded or [Wanted(part, bound)]

    def _is_certain(self, part: Part) -> bool:
        """Whether it is clear enough what is wanted to say that no tool does it."""
        measured = part.amount is not None and bool(part.amount.unit)
        return bool(part.named or measured or (part.acts and part.unknown and not self._implied(part)))

    def _implied(self, part: Part) -> bool:
        return any(ACTS[a].base in ("heat", "cool", "more", "less") for a in part.acts)

    def _options(self, parts: list[Part]) -> list[Bound]:
        ranked = [b.tool.name for p in parts for s, b in self._binder.rank(p)[:6] if s > -2.0]
        return [self._binder.settings[name] for name in dict.fromkeys(ranked or self._binder.settings)][:8]

    async def _wanted(self, part: Part, view: View) -> Sequence[Wanted | Call] | ToolAnswer:
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
        if alike and self._chooser is not None and alike[0].takes & {"text", "other"} and part.source is None:
            return await self._chosen_of(part, alike[0], self._chooser)
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
        self,
        wanted: Sequence[Wanted | Call],
        view: View,
        lacking: Sequence[str] = (),
        told: Sequence[str] = (),
    ) -> ToolAnswer:
        plan = await Planner(self._binder, self._policies, view, Filler(self._binder, view, self._seat)).plan(wanted)
        plan.lacking = [*lacking, *plan.lacking]
        plan.notes = [*told, *plan.notes]
        if plan.open:
            self._pending = _Pending("value", wanted=list(wanted), open=plan.open)
            questions = list(dict.fromkeys(self._question(o) for o in plan.open))
            head = "I need these settings: " if len(questions) > 1 else ""
            reply = " ".join([*plan.lacking, *told, head + " ".join(questions)])
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
            tool = self._binder.catalogue[call.tool]
            try:
                result = await self._surface.call(call)
            except ToolFailed as error:
                said.append(f"{label(self._binder.catalogue[call.tool])} did not work: {error}")
                break
            done.append(call)
            if tool.reads or tool.outside:
                plan.notes.append(shown(tool, result))
        if done:
            said.insert(0, "Done: " + "; ".join(described(self._binder, c) for c in done) + ".")
        reply = " ".join([*said, *dict.fromkeys(plan.notes), *plan.lacking])
        return ToolAnswer(reply=reply or "There is nothing to do.", calls=done, lacking=plan.lacking)

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
