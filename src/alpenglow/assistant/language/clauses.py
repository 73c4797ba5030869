"""A sentence cut into clauses, and what each clause says: its slots."""

from collections.abc import Sequence

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.language.numbers import Number, read_numbers
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.phrases import Tag, Unit, cover
from alpenglow.assistant.language.text import Heard, Token

_BREAKS = frozenset(",.;:!?，。；：！？、…")
_FULL_STOPS = frozenset(".!?;。！？；")
_TIMES = frozenset({"minute", "second", "hour"})
_ALL = Tag("place", "all")


class Said(msgspec.Struct, frozen=True):
    """A number with its unit and the small words before it."""

    number: Number
    unit: str
    marks: frozenset[str]  # to, by, until, later


class Clause(msgspec.Struct):
    """One part of a sentence, by what its words may mean."""

    units: list[Unit]
    parts: list[tuple[Unit, Number | None]] = []
    names: list[Unit] = []
    lacking: list[Unit] = []
    does: list[Unit] = []
    asks: list[Unit] = []
    aspects: list[Unit] = []
    values: list[Unit] = []
    colours: list[Unit] = []
    acts: list[Unit] = []
    places: list[Unit] = []
    degrees: list[Unit] = []
    said: list[Said] = []
    marks: set[str] = set()
    unknown: list[str] = []
    known: int = 0  # words that mean something
    plural: bool = False
    joined: bool = False  # with "and" or a comma to the clause before, not by a full stop
    listed: bool = False  # with "and" to the clause before
    aside: bool = False  # it gives a reason for another clause

    @property
    def names_something(self) -> bool:
        """Whether a setting is named in it, or follows from its words."""
        return bool(self.names or self.does or self.telling_values or self.colours or self.asks)

    @property
    def telling_values(self) -> list[Unit]:
        """The words of a mode that are not also words for something else, as "slow" and "off" are."""
        others = {"act", "degree", "place", "stop"} | ({"unit"} if self.said or len(self.units) > 2 else set())
        return [u for u in self.values if not any(t.kind in others for t in u.tags)]

    @property
    def says_nothing(self) -> bool:
        """Whether no word of it has to do with a car's settings."""
        return not (
            self.names_something or self.values or self.aspects or self.acts or self.places or self.said or self.lacking
        )

    @property
    def codes(self) -> frozenset[str]:
        """The places it names."""
        return frozenset(code for unit in self.places for code in unit.find("place"))

    def act_units(self) -> list[tuple[Unit, str]]:
        """All acts that its words may stand for, in their order, each with its words."""
        return [(unit, name) for unit in self._verbs() for name in unit.find("act")]

    def _verbs(self) -> list[Unit]:
        """The units with acts; "light" is none in "do something about the lights"."""
        verbs = [u for u in self.acts if not u.find("name")]
        return verbs if any(not u.find("place") for u in verbs) else self.acts

    @property
    def describes(self) -> bool:
        """Whether it says how things are, and not what shall be done: "the boot isn't shut", "there's a gap"."""
        if self.marks & {"ensure", "polite"}:
            return False
        if "tells" in self.marks:
            return True
        copulas = [u.start for u in self.units if "state-question" in u.find("mark")]
        if not copulas:
            return False
        before = [u for u in self.units if u.start < copulas[0]]
        return any(u.find("name") or not u.tags for u in before) or any(u.start > copulas[0] for u in self.acts)


_SLOTS = {
    "name": "names",
    "lacking": "lacking",
    "does": "does",
    "ask": "asks",
    "aspect": "aspects",
    "value": "values",
    "colour": "colours",
    "act": "acts",
    "place": "places",
    "degree": "degrees",
}


def read_units(heard: Heard, pack: Pack) -> tuple[tuple[Token, ...], list[tuple[Unit, Number | None]]]:
    """The tokens of a sentence, and its units with the numbers among them."""
    tokens = pack.split_compounds(heard.tokens)
    units = cover(tokens, pack.phrases.find(tokens))
    if pack.words.told_endings:
        units = _told(units, pack)
    if pack.words.joins:
        units = _without_joining_commas(units, pack)
    units = [_as_particle(units, at) for at in range(len(units))]
    if pack.words.particles:
        units = [_as_preposition(unit, units[i + 1 :], pack) for i, unit in enumerate(units)]
    units = _joined_verbs(tokens, units, pack)
    return tokens, read_numbers(tokens, units, short_hundreds=pack.words.numbers.short_hundreds)


def _without_joining_commas(units: list[Unit], pack: Pack) -> list[Unit]:
    """`units` with no comma where the sentence goes on: I don't want, *dass* du das Dach öffnest."""
    joins = pack.words.joins
    goes_on = {u.start for u in units if u.text.split(" ")[0] in joins}
    return [u for u in units if u.text not in ",，" or u.end not in goes_on]


def _joined_verbs(tokens: Sequence[Token], units: list[Unit], pack: Pack) -> list[Unit]:
    """`units` with the acts of separable verbs: *turn* the heating *down*, *push* the lumbar *out*, *no* music.

    The verb alone is no act then, and the particle is what both together are.
    """
    found = list(units)
    for at, verb in enumerate(units):
        if verb.end - verb.start != 1 and not verb.find("mark"):
            continue
        stem = pack.stem(tokens[verb.start].text)
        for later in range(at + 1, min(at + 9, len(units))):
            particle = units[later]
            if particle.text in _BREAKS or "and" in particle.find("mark"):
                break
            if particle.end - particle.start > 1 and (particle.find("place") or "person" in particle.find("mark")):
                continue  # "put 23 on my side"
            acts = pack.separable.get((stem, particle.text)) or pack.separable.get((stem, tokens[particle.start].text))
            if acts is None or later == at + 1:
                continue
            joined = tuple(Tag("act", act) for act in acts)
            kept = tuple(t for t in particle.tags if t.kind not in ("value", "stop", "place") and t not in joined)
            found[later] = Unit(particle.start, particle.end, particle.text, (*joined, *kept))
            found[at] = Unit(
                verb.start, verb.end, verb.text, (*(t for t in verb.tags if t.kind != "act"), Tag("stop", ""))
            )
            break
    for at, unit in enumerate(found[:-1]):
        after = found[at + 1]
        denies = "not" in unit.find("mark") and bool(after.find("does") or after.find("act"))  # 不要 + 开空调
        if "no" in unit.find("mark") and (after.find("name") or after.find("does")) and not denies:
            found[at] = Unit(unit.start, unit.end, unit.text, (Tag("act", "off"),))
    return found


def _told(units: list[Unit], pack: Pack) -> list[Unit]:
    """`units` with a mark at verbs that tell what somebody else does or did: "my brother opened the window"."""
    result: list[Unit] = []
    subject = whole = False
    for unit in units:
        if unit.text in _BREAKS:
            subject = False
        verb = unit.text.split()[0]
        told = verb.endswith(tuple(pack.words.told_endings)) and not pack.phrases.known(verb)
        if subject and told and (unit.find("act") or unit.find("does")) and not unit.find("name"):
            unit = Unit(unit.start, unit.end, unit.text, (*unit.tags, Tag("mark", "tells")))
        if whole and told and not unit.tags:
            unit = Unit(unit.start, unit.end, unit.text, (Tag("mark", "tells"),))  # everybody drives …
        whole = "all" in unit.find("place") and not unit.find("act")
        subject = subject or not unit.tags or "person" in unit.find("mark")
        result.append(unit)
    return result


def _as_particle(units: Sequence[Unit], at: int) -> Unit:
    """The unit at `at`; a yes in the midst of a clause is none: er hat *ja* gesagt, it's *sure* warm."""
    unit = units[at]
    if "yes" not in unit.find("mark") or not 0 < at < len(units) - 1:
        return unit
    near = (units[at - 1], units[at + 1])
    if any(u.text in _BREAKS or set(u.find("mark")) & {"yes", "no", "and", "polite", "filler"} for u in near):
        return unit
    return Unit(unit.start, unit.end, unit.text, tuple(t for t in unit.tags if (t.kind, t.key) != ("mark", "yes")))


def _as_preposition(unit: Unit, after: Sequence[Unit], pack: Pack) -> Unit:
    """`unit` without its acts where it is a particle that stands before what it governs: *auf* 20 Grad."""
    if unit.text not in pack.words.particles:
        return unit
    following = next((u for u in after if set(u.find("mark")).isdisjoint({"polite", "filler"})), None)
    ends = following is None or following.text in _BREAKS or "and" in following.find("mark")
    kinds = {tag.kind for tag in following.tags} if following is not None else set()
    governs = bool(kinds & {"number", "weak-number", "share"}) or (
        following is not None and (following.text in pack.words.articles or following.text[:1].isdigit())
    )
    article = any(tag.kind == "weak-number" for tag in unit.tags)
    if ends or not (governs or article):
        return unit
    rest = tuple(t for t in unit.tags if t.kind not in ("act", "value"))
    return Unit(unit.start, unit.end, unit.text, rest or (Tag("stop", "preposition"),))


def cut(tokens: Sequence[Token], parts: list[tuple[Unit, Number | None]]) -> list[Clause]:
    """The clauses of a sentence."""
    clauses: list[Clause] = []
    current: list[tuple[Unit, Number | None]] = []
    joined = listed = aside = numbered = False

    def finish(by_comma: bool, by_and: bool = False) -> None:
        nonlocal current, joined, listed, aside, numbered
        if current:
            clause = _clause(tokens, current, numbered=numbered)
            clause.joined, clause.listed, clause.aside = joined, listed, aside
            clauses.append(clause)
            numbered = numbered or bool(clause.said)
            aside = False
        current, joined, listed = [], by_comma, by_and

    for index, (unit, number) in enumerate(parts):
        if unit.text in _BREAKS:
            finish(unit.text not in _FULL_STOPS)
        elif "and" in unit.find("mark") and number is None and index:
            finish(True, by_and=True)
            if unit.find("act") or unit.find("place") or "but" in unit.find("mark"):
                current.append((unit, number))
        elif "reason" in unit.find("mark"):
            finish(False)
            aside = True
        else:
            current.append((unit, number))
    finish(False)
    return [part for clause in clauses for part in _apart(tokens, clause)]


def part_of(tokens: Sequence[Token], clause: Clause, start: int, end: int) -> Clause:
    """The clause that its units from `start` to `end` make."""
    part = _clause(tokens, clause.parts[start:end])
    part.joined = clause.joined
    return part


def _clause(tokens: Sequence[Token], parts: list[tuple[Unit, Number | None]], *, numbered: bool = False) -> Clause:
    """The clause that `parts` make. `numbered`: a number was said before, so that "one for her" is one as well."""
    clause = Clause([unit for unit, _ in parts], parts)
    before: set[str] = set()
    skip = False
    for index, (unit, number) in enumerate(parts):
        if skip:
            skip = False
            clause.known += 1
            continue
        marks = set(unit.find("mark"))
        clause.marks |= marks
        following = parts[index + 1][0] if index + 1 < len(parts) else None
        if number is None and any(t.kind == "weak-number" for t in unit.tags) and following is not None:
            value = next(t.value for t in unit.tags if t.kind == "weak-number")
            begins = numbered and all(not u.find("name") and "" not in u.find("stop") for u, _ in parts[:index])
            if begins and index <= 1 and following.find("place"):
                number = Number(value)
            if following.find("unit") and not following.find("degree"):
                number = Number(value)
        if number is None and index and (weak := [t.value for t in unit.tags if t.kind == "weak-number"]):
            last = parts[index - 1][0]
            changed = any(ACTS[name].base in ("up", "down", "more", "less") for name in last.find("act"))
            if "level" in last.find("unit") or ("to" in before) or (changed and following is None):
                number = Number(weak[0])  # "level one", "to zero", "the temperature up one"
        if number is not None:
            units = following.find("unit") if following is not None else []
            kind = units[0] if units else ""
            if not kind and index and "level" in parts[index - 1][0].find("unit"):
                kind = "level"
            skip = bool(units)
            if kind == "inch":
                number, kind = Number(round(number.value * 2.54, 1)), "centimetre"
            after = [p[0] for p in parts[index + 1 : index + 2 + skip]]
            marks = before | ({"later"} & {m for u in after for m in u.find("mark")})  # 十分钟后, ten minutes later
            clause.said.append(Said(number, kind, frozenset(marks)))
            clause.known += 1
            before = set()
            continue
        meant = False
        for tag in unit.tags:
            slot = _SLOTS.get(tag.kind)
            if tag == _ALL and following is not None and not following.tags and tokens[following.start].text.isascii():
                continue  # of other things: "in every bend"
            if slot is not None and unit not in getattr(clause, slot):
                getattr(clause, slot).append(unit)
                meant = True
            elif tag.kind == "plural":
                clause.plural = True
        if meant:
            clause.known += 1
        elif not unit.tags and tokens[unit.start].is_word:
            clause.unknown.append(unit.text)
        before = marks if marks & {"to", "by", "until", "later"} else (before if not meant and marks else set())
    return clause


def _apart(tokens: Sequence[Token], clause: Clause) -> list[Clause]:
    """A clause in which two settings with an act each follow one another, cut between them: "window up fan down"."""
    if len(clause.names) + len(clause.does) < 2 or len(clause.acts) + len(clause.does) < 2:
        return [clause]
    for index in range(1, len(clause.units)):
        left, right = clause.units[:index], clause.units[index:]
        if _complete(left) and _complete(right) and not _same(left, right) and not right[0].find("degree"):
            numbers = {s.number for s in clause.said}
            if numbers:
                return [clause]
            first = _clause(tokens, [(u, None) for u in left])
            second = _clause(tokens, [(u, None) for u in right])
            first.joined, second.joined = clause.joined, True
            return [first, *_apart(tokens, second)]
    return [clause]


def _complete(units: list[Unit]) -> bool:
    named = any(u.find("name") or u.find("does") for u in units)
    acts = [u for u in units if u.find("act") and not u.find("name") and "light-verb" not in u.find("mark")]
    return named and (bool(acts) or any(u.find("does") for u in units))


def _same(left: list[Unit], right: list[Unit]) -> bool:
    """Whether both sides speak of one part of the car."""
    ours = {p for u in left for p in u.find("name")}
    theirs = {p for u in right for p in u.find("name")}
    return any(a.startswith(b) or b.startswith(a) for a in ours for b in theirs)
