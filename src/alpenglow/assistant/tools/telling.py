"""What is told instead of done: answers to questions, whether a condition holds, and what no tool can set."""

import re
from typing import Any

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.tools.binding import SURE, Binder, Bound, spoken
from alpenglow.assistant.tools.catalogue import Tool, split_words
from alpenglow.assistant.tools.policies import NotKnown
from alpenglow.assistant.tools.reading import Part, read
from alpenglow.assistant.tools.viewing import View

_LONGEST = 500  # characters of a result that are shown


class Telling:
    """Answers from what the reading tools of a catalogue say."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder
        self.last: Bound | None = None  # what the latest condition was about

    async def tell(self, part: Part, view: View) -> str:
        """What a reading tool says to a question."""
        for reader in self._binder.readers_of(part)[:1]:
            result = await view.result(reader.tool.name)
            if result:
                return shown(reader.tool, result)
        return "I cannot tell that: nothing here knows it."

    async def condition(self, part: Part, view: View, told: list[str], lacking: list[str]) -> bool:
        """Whether the condition of a request is met."""
        text = part.condition
        is_so = await self._setting_is(text, view)
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
        words = {self._binder.pack.stem(w) for w in split_words(text)}
        for unit in self._binder.units(text):
            for key in (*unit.find("ask"), *unit.find("name"), *unit.find("aspect")):
                words |= {self._binder.pack.stem(w) for w in split_words(key.rpartition(".")[2])}
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

    async def _setting_is(self, text: str, view: View) -> bool | None:
        """Whether a setting is on, off, open or closed as `text` says; None where it says no such thing."""
        units = self._binder.units(text)
        bases = {ACTS[a].base for u in units for a in u.find("act")} & {"on", "off", "open", "close"}
        words = {self._binder.pack.stem(w) for w in split_words(text)}
        parts = read(text, self._binder.pack)
        for part in parts[:1] if len(bases) == 1 else ():
            score, bound = self._binder.rank(part)[0]
            if score >= SURE or bound.words & words:
                self.last = bound
                try:
                    states = [await view.look(v.reader, v.field) for v in self._binder.values.get(bound.tool.name, ())]
                except NotKnown:
                    return None
                is_on = any(s is True or (isinstance(s, int | float) and s > 0) or s == "open" for s in states)
                return bool(states) and is_on is (not bases & {"off", "close"})
        return None

    def not_settable(self, part: Part) -> list[str]:
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


def shown(tool: Tool, result: dict[str, Any]) -> str:
    """A result for people; what somebody else's tool says is marked as theirs."""
    inner = (v for v in result.values() if isinstance(v, dict))
    flat = [(k, v) for level in (result, *inner) for k, v in level.items()]
    plain = [f"{k.replace('_', ' ')}: {spoken(v)}" for k, v in flat if not isinstance(v, dict | list)]
    text = "; ".join(plain)[:_LONGEST]
    return f"{tool.name} says: “{text}”" if tool.outside else f"{text}."
