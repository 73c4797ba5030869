"""What each tool is about, in the words of the assistant's language: so that a sentence finds its tool without a model.

The words of a tool's name are read like a sentence: what of the car they name (`concepts`: patterns of signals that the
language pack knows, the same in every language), and the words themselves. Values of its choices are places, colours,
acts or words. The fields of what reading tools give back are bound to the tools that set them by the same words.
"""

import math
from collections.abc import Iterable

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.functions import Spot
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.tools.catalogue import Parameter, Tool, ToolCatalogue, split_words
from alpenglow.assistant.tools.lexicon import Lexicon
from alpenglow.assistant.tools.reading import Part

SURE = 2.0  # from this score on the words tell the tool
_CONTRARY = 6.0  # the sentence names something of the car that the tool is not about
_NO_USE = 4.0  # the sentence has an amount or an act that the tool cannot take

_SPECIAL = frozenset({"lock", "unlock", "fold", "unfold", "wipe"})  # said of few things, and of nothing else
_ON_OFF = {"on", "off", "open", "close", "heat", "cool", "more", "less", "max", "min", "up", "down"}


class Bound(msgspec.Struct, frozen=True):
    """A tool with what its words mean."""

    tool: Tool
    verbs: frozenset[str]  # the acts its name begins with
    words: frozenset[str]  # the stems of the rest of its name
    concepts: frozenset[str]
    place: Parameter | None
    places: dict[str, Spot | None]  # value of `place` → where; None: everywhere
    others: tuple[Parameter, ...]

    @property
    def takes(self) -> frozenset[str]:
        """The kinds of its parameters but the place."""
        return frozenset(p.kind for p in self.others)


class Value(msgspec.Struct, frozen=True):
    """Where the value of a setting can be read: `field` of the result of `reader`."""

    reader: str
    field: str
    place: str | None  # the value of the tool's place parameter


class Binder(Lexicon):
    """A catalogue with what its words mean in the language of its texts."""

    def __init__(self, catalogue: ToolCatalogue, pack: Pack) -> None:
        super().__init__(pack)
        self.catalogue = catalogue
        self.settings = {name: self._bound(tool) for name, tool in catalogue.items() if not tool.reads}
        self.readers = {name: self._bound(tool) for name, tool in catalogue.items() if tool.reads}
        counts: dict[str, int] = {}
        for bound in self.settings.values():
            for word in bound.words | self._choice_words(bound):
                counts[word] = counts.get(word, 0) + 1
        size = len(self.settings) or 1
        self._rare = {word: 0.3 + math.log(1 + size / n) / math.log(1 + size) for word, n in counts.items()}
        self.values: dict[str, list[Value]] = {}
        self.unbound: list[tuple[str, str, frozenset[str]]] = []  # reader, field, words: known, and set by nothing
        for bound in self.readers.values():
            for field in bound.tool.fields:
                self._bind_field(bound, field.path)

    # --- what a tool is about

    def _bound(self, tool: Tool) -> Bound:
        words = split_words(tool.name.rpartition(".")[2])
        verbs: set[str] = set()
        while len(words) > 1:
            unit = self.units(words[0])[0]
            kinds = {t.kind for t in unit.tags}
            verb = words[0] in ("set", "get", "read", "control", "adjust", "activate", "toggle", "turn", "change")
            if not verb and not (kinds & {"act", "stop", "mark"} and not kinds & {"name", "plural", "place"}):
                break
            verbs |= set(unit.find("act"))
            words = words[1:]
        name = " ".join(words)
        named = [[p for k in ("name", "does", "ask", "lacking") for p in u.find(k)] for u in self.units(name)]
        clear = [patterns for patterns in named if len(patterns) == 1]  # "lights" are many, "high beams" are not
        concepts = {p for patterns in (clear or named) for p in patterns}
        place, places = None, {}
        for parameter in tool.parameters:
            found = self.places(parameter)
            if found is not None:
                place, places = parameter, found
                break
        return Bound(
            tool,
            frozenset(verbs),
            frozenset(self.pack.stem(w) for w in words),
            frozenset(c.partition(" ")[0] for c in concepts),
            place,
            places,
            tuple(p for p in tool.parameters if p is not place),
        )

    def _choice_words(self, bound: Bound) -> set[str]:
        return {
            self.pack.stem(w)
            for p in bound.others
            for c in p.choices
            for w in split_words(c)
        }  # fmt: skip

    def _bind_field(self, reader: Bound, path: str) -> None:
        words = frozenset(self.pack.stem(w) for w in split_words(path.rpartition(".")[2]))
        best: tuple[float, Bound] | None = None
        for bound in self.settings.values():
            if bound.words and bound.words <= words:
                score = sum(self._rare.get(w, 1.0) for w in bound.words)
                if best is None or score > best[0]:
                    best = score, bound
        if best is None:
            self.unbound.append((reader.tool.name, path, words))
            return
        bound = best[1]
        place = None
        if bound.place is not None:
            rest = words - bound.words
            sized = sorted(bound.places, key=lambda value: -len(split_words(value)))
            place = next((v for v in sized if {self.pack.stem(w) for w in split_words(v)} <= rest), None)
        self.values.setdefault(bound.tool.name, []).append(Value(reader.tool.name, path, place))

    # --- which tool a part of a sentence is about

    def rank(self, part: Part, among: Iterable[Bound] | None = None) -> list[tuple[float, Bound]]:
        """The tools a part may be about, likeliest first, each with its score."""
        words = self._expanded(part)
        scored = [(self._score(part, words, bound), bound) for bound in (among or self.settings.values())]
        return sorted(scored, key=lambda s: -s[0])

    def alike(self, part: Part, best: Bound) -> list[Bound]:
        """The tools that the words of a part fit as well as `best`: "the lights" are several."""
        words = self._expanded(part)
        said = best.words & words
        if not said or said == best.words:
            return [best]
        if any(set(u.text.split()) & self._telling(best, said) for u in part.units):
            return [best]
        rest = [b for b in self.settings.values() if b.words & words == said and b.takes == best.takes]
        return rest if best in rest else [best]

    def _telling(self, bound: Bound, said: frozenset[str]) -> set[str]:
        return set(bound.words - said)

    def group(self, part: Part) -> list[Bound]:
        """The tools for what one reading tool tells about, where the words name that: "the exterior lights"."""
        words = self._expanded(part)
        best: tuple[float, Bound] | None = None
        for reader in self.readers.values():
            about = reader.words - {"status", "level", "posit", "set", "settings"}
            if not all(self.covers(unit, reader.words) for unit in part.named):
                continue  # it names something else: "the fog lights" are not "the lights"
            hits = about & words
            if hits and len(hits) == len(about) and (best is None or len(hits) > best[0]):
                best = len(hits), reader
        if best is None:
            return []
        name = best[1].tool.name
        return [self.settings[t] for t, values in self.values.items() if any(v.reader == name for v in values)]

    def readers_of(self, part: Part) -> list[Bound]:
        """The reading tools that a question is about, likeliest first."""
        words = set(self._expanded(part)) | self.leaf_words(part.units)
        own = {
            name: set(b.words) | {w for f in b.tool.fields for w in self.stems(f.path)}
            for name, b in self.readers.items()
        }
        counts = {w: sum(w in o for o in own.values()) for w in words}
        scored = []
        for name, reader in self.readers.items():
            hits = sum((1.5 if w in reader.words else 1.0) / counts[w] for w in words & own[name])
            if hits:
                scored.append((hits, reader))
        return [r for _, r in sorted(scored, key=lambda s: -s[0])]

    def _expanded(self, part: Part) -> frozenset[str]:
        """The words of a part, and the two words that one of them is made of: headlights → head lights."""
        words = set(part.words)
        for unit in part.units:
            for word in unit.text.split():
                for at in range(3, len(word) - 2):
                    two = {word[:at], self.pack.stem(word[at:])}
                    if all(w in self._rare for w in two):
                        words |= two
        return frozenset(words)

    def _score(self, part: Part, words: frozenset[str], bound: Bound) -> float:
        score = 0.0
        own = (
            bound.words
            | self._choice_words(bound)
            | {
                self.pack.stem(w)
                for p in bound.tool.parameters
                for text in (p.name, *(p.choices if p is bound.place else ()))
                for w in split_words(text)
            }
        )
        for word in bound.words:
            score += 2.0 * self._rare.get(word, 1.0) if word in words else -0.3
        for unit in part.named:
            patterns = [p.partition(" ")[0] for kind in ("name", "does", "lacking") for p in unit.find(kind)]
            match = max((self.related(p, c) for p in patterns for c in bound.concepts), default=0.0)
            if match:
                score += match
            elif patterns and not self.covers(unit, own) and not unit.find("place"):
                score -= _CONTRARY
        for unit in part.values:
            leaves = {key.rpartition(".")[0] for key in unit.find("value")}
            if not any(c.endswith(leaf) for c in bound.concepts for leaf in leaves) and not self.covers(unit, own):
                score -= _CONTRARY
        for parameter in bound.others:
            score += self._suits(part, words, parameter)
        if part.colours and not any(self.colours(p) for p in bound.others):
            score -= 1.5
        bases = {ACTS[a].base for a in part.acts}
        if bases & {ACTS[v].base for v in bound.verbs} & {"open", "close"}:
            score += 0.7
        takes = bound.takes
        if part.amount is not None and "number" not in takes and bound.place is None:
            score -= _NO_USE
        if (special := _SPECIAL & set(part.acts)) and not special & self._acts_of(bound):
            score -= _CONTRARY
        if bases & {"open", "close"} and "number" not in takes and not self._opens(bound):
            score -= _NO_USE
        named = any(self.choices(part, p) for p in bound.others)
        if takes == {"choice"} and not named and part.source is not None:
            score -= _NO_USE / 2  # what shall be as something else is has seldom words
        if takes == {"choice"} and not named and (bases & _ON_OFF or part.amount):
            acts = {u for p in bound.others for c in p.choices for u in self.units(c.casefold()) if u.find("act")}
            score -= 0.0 if acts else _NO_USE
        return score

    def _opens(self, bound: Bound) -> bool:
        """Whether it is said to open or close something."""
        return bool({ACTS[a].base for a in self._acts_of(bound)} & {"open", "close"})

    def _acts_of(self, bound: Bound) -> set[str]:
        """The acts that a tool's name and choices speak of."""
        parameters = bound.tool.parameters
        texts = [*split_words(bound.tool.name), *(p.name for p in parameters)]
        texts += [c.casefold() for p in parameters for c in p.choices]
        return {act for text in texts for u in self.units(text.replace("_", " ")) for act in u.find("act")}

    def _suits(self, part: Part, words: frozenset[str], parameter: Parameter) -> float:
        """What it counts that a parameter can take what is said."""
        score = 0.0
        if parameter.kind == "choice":
            found = self.choices(part, parameter)
            if found:
                rare = max(self._rare.get(self.pack.stem(w), 0.5) for c in found for w in split_words(c))
                score += 2.5 if rare > 0.9 else 0.4
        text = f"{parameter.name} {parameter.description}".casefold()
        if parameter.kind == "number" and part.amount is not None:
            unit = part.amount.unit
            if unit in ("degree", "fahrenheit"):
                score += 3.0 if "celsius" in text or "degree" in text or "temperature" in text else -_NO_USE
            if unit == "percent" or part.amount.share:
                score += 0.7 if "percent" in text else -0.7
            if unit == "level":
                score += 0.5 if "level" in text else -0.5
        if self.pack.stem(split_words(parameter.name)[-1]) in words:
            score += 0.8
        return score

    def choices(self, part: Part, parameter: Parameter) -> list[str]:
        """The values of a choice that the words of a part name, the one that says most first."""
        words = frozenset(part.words)
        colours = self.colours(parameter)
        found: list[tuple[float, str]] = []
        for choice in parameter.choices:
            own = {self.pack.stem(w) for w in split_words(choice)}
            if colours.get(choice) in part.colours and part.colours:
                found.append((2.0, choice))
            elif own <= words:
                last = max(part.words.index(w) for w in own)
                found.append((len(own) + 0.01 * last, choice))
        return [choice for _, choice in sorted(found, reverse=True)]


def label(tool: Tool) -> str:
    """How people would call what a tool sets: `set_fan_speed` → fan speed."""
    words = split_words(tool.name.rpartition(".")[2])
    while len(words) > 1 and words[0] in ("set", "get", "open", "close", "control", "turn", "toggle", "activate"):
        words = words[1:]
    return " ".join(words)


def spoken(value: object) -> str:
    """A value as people would say it: `WINDSHIELD_FEET` → windshield feet."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float | int):
        return f"{value:g}"
    return str(value).replace("_", " ").casefold()
