"""From what is wanted to calls: with the rules of the catalogue, in an order of evidence, and before anything is done.

The order: a rule, what was said, what the person prefers, the state; and what is still open then is asked. A wish whose
rules need something that is missing or not known is not carried out in part.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from alpenglow.assistant.tools.binding import Binder, Bound, label, spoken
from alpenglow.assistant.tools.catalogue import Call, Parameter
from alpenglow.assistant.tools.filling import Filler, Impossible, NotAmong, unknown_text
from alpenglow.assistant.tools.policies import Also, NotKnown, Policies, Rule, fill_in, holds
from alpenglow.assistant.tools.preferring import preferred
from alpenglow.assistant.tools.reading import Part
from alpenglow.assistant.tools.viewing import View

_DEPTH = 4


class Wanted(msgspec.Struct):
    """One thing wanted of one tool. `answers`: what was asked for and answered since, by parameter."""

    part: Part
    bound: Bound
    answers: dict[str, Part] = {}


class Open(msgspec.Struct, frozen=True):
    """A value that must be asked for. `instead_of`: why what was said does not do."""

    wanted: Wanted
    parameter: Parameter
    instead_of: str = ""


class Plan(msgspec.Struct):
    """What is to be done, and what is to be said about it."""

    calls: list[Call] = []
    open: list[Open] = []
    confirm: list[str] = []
    notes: list[str] = []
    lacking: list[str] = []
    informs: list[tuple[Rule, Call]] = []


class Planner:
    """Makes one plan."""

    def __init__(self, binder: Binder, policies: Policies, view: View, filler: Filler) -> None:
        self._binder, self._policies, self._view, self._filler = binder, policies, view, filler

    async def plan(self, wanted: Sequence[Wanted | Call]) -> Plan:
        """The plan for all of it, calls that are settled as well; parts that cannot be done are in `lacking`."""
        plan = Plan()
        for each in wanted:
            ahead, trial = dict(self._view.ahead), Plan()
            try:
                if isinstance(each, Call):
                    await self._call(each, trial, 0)
                else:
                    await self._one(each, trial)
            except NotKnown as error:
                name = each.tool if isinstance(each, Call) else each.bound.tool.name
                named = label(self._binder.catalogue[name])
                trial = Plan(lacking=[f"{unknown_text(error)} So I leave the {named} as it is."])
                self._view.ahead = ahead
            except (Impossible, _Blocked) as error:
                trial = Plan(lacking=[str(error)])
                self._view.ahead = ahead
            except NotAmong as error:
                assert isinstance(each, Wanted)  # a call has all its values
                trial = Plan(open=[Open(each, error.parameter, str(error))])
                self._view.ahead = ahead
            for field in ("calls", "open", "confirm", "notes", "lacking", "informs"):
                getattr(plan, field).extend(x for x in getattr(trial, field) if x not in getattr(plan, field))
        for rule, call in plan.informs:  # of the state in the end, not on the way
            if await self._applies(rule, call):
                plan.notes.append(await fill_in(rule.inform, call, self._view.look))
        return plan

    async def _one(self, wanted: Wanted, plan: Plan) -> None:
        bound = wanted.bound
        for given in await self._filler.fill(self._answered(wanted), bound):
            arguments, still = dict(given.arguments), []
            for parameter in given.open:
                value = await self._found(wanted, parameter)
                if value is None:
                    still.append(parameter)
                else:
                    arguments[parameter.name] = value
                    self._filler.last[parameter.kind] = value
            if still:
                plan.open += [Open(wanted, p) for p in still if not any(o.parameter is p for o in plan.open)]
                continue
            await self._call(Call(tool=bound.tool.name, arguments=arguments), plan, 0)

    def _answered(self, wanted: Wanted) -> Part:
        """What was said, with the answers to what was asked about it."""
        part = wanted.part
        for answer in wanted.answers.values():
            part = msgspec.structs.replace(
                part,
                words=part.words + answer.words,
                codes=(answer.codes or part.codes),
                plural=part.plural or answer.plural,
                amount=answer.amount or part.amount,
                degrees=answer.degrees or part.degrees,
                colours=answer.colours or part.colours,
                units=part.units + answer.units,
                unknown=[],
                occupied=part.occupied or answer.occupied,
            )
        return part

    async def _found(self, wanted: Wanted, parameter: Parameter) -> Any:
        """A value that the person has answered in words, or prefers; None where nothing says one."""
        if parameter.kind == "text" and parameter.name in wanted.answers:
            return wanted.answers[parameter.name].text
        texts = await self._view.preferences()
        value = await preferred(texts, self._binder, wanted.bound, parameter, self._view.is_so)
        if isinstance(value, float):
            return int(value) if value.is_integer() else value
        return value

    async def _call(self, call: Call, plan: Plan, depth: int) -> None:
        problems = self._binder.catalogue.problems(call)
        if problems:
            raise Impossible(f"I cannot do that: {problems[0]}.")
        tool = self._binder.catalogue[call.tool]
        rules = [r for r in self._policies.rule if r.tool in ("*", call.tool) and tool.description.startswith(r.marked)]
        applying = [rule for rule in rules if await self._applies(rule, call)]
        for rule in applying:
            if rule.block:
                raise _Blocked(await fill_in(rule.block, call, self._view.look))
            if rule.confirm:
                plan.confirm.append(await fill_in(rule.confirm, call, self._view.look))
            if rule.inform:
                plan.informs.append((rule, call))
        self._view.predict(call)
        if depth < _DEPTH:
            for rule in applying:
                for also in rule.also:
                    await self._also(also, call, plan, depth)
        if call not in plan.calls:
            plan.calls.append(call)

    async def _applies(self, rule: Rule, call: Call) -> bool:
        unknown: NotKnown | None = None
        for condition, wanted in [*((c, True) for c in rule.when), *((c, False) for c in rule.unless)]:
            try:
                if await holds(condition, call, self._view.look) is not wanted:
                    return False
            except NotKnown as error:
                unknown = error
        if unknown is not None:
            raise unknown
        return True

    async def _also(self, also: Also, call: Call, plan: Plan, depth: int) -> None:
        for condition in also.when:
            if not await holds(condition, call, self._view.look):
                return
        if also.tool not in self._binder.catalogue:
            what = also.tool.replace("_", " ")
            raise Impossible(
                f"For the {label(self._binder.catalogue[call.tool])} I would have to {what}, and I cannot."
            )
        arguments = dict(also.arguments)
        if also.prefer:
            bound = self._binder.settings[also.tool]
            texts = await self._view.preferences()
            for parameter in bound.others:
                value = await preferred(texts, self._binder, bound, parameter, self._view.is_so)
                wanted = str(arguments.get(parameter.name)).casefold()
                if isinstance(value, str) and wanted in value.casefold().split("_"):
                    arguments[parameter.name] = value
        further = Call(tool=also.tool, arguments=arguments)
        problems = self._binder.catalogue.problems(further)
        if problems:
            raise Impossible(
                f"For the {label(self._binder.catalogue[call.tool])} I would have to set the "
                f"{label(self._binder.catalogue[also.tool])}, and I cannot: {problems[0]}."
            )
        plan.notes.append(f"This also sets the {described(self._binder, further)}.")
        await self._call(further, plan, depth + 1)


class _Blocked(Exception):
    """A rule forbids it; the text is for people."""


def described(binder: Binder, call: Call) -> str:
    """A call as people would say it: "window driver rear: 50"."""
    bound = binder.settings.get(call.tool)
    name = label(binder.catalogue[call.tool])
    at = (
        spoken(call.arguments[bound.place.name]) if bound and bound.place and bound.place.name in call.arguments else ""
    )
    rest = [spoken(v) for k, v in call.arguments.items() if not (bound and bound.place and k == bound.place.name)]
    return f"{name} {at}".strip() + ": " + ", ".join(rest)
