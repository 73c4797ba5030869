"""A sentence as parts that may each want something of a tool: what the words say, before any tool is chosen."""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from alpenglow.assistant.language.clauses import Clause, cut, read_units
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Heard, hear
from alpenglow.assistant.wishes import Amount

# How a language says that one thing shall be as another is. Before the match: what shall change; after it: the model.
_AS_IS = {
    "en": "|".join(
        (
            r"\b(?:to |at |in )?(?:the )?same(?: \w+)? as\b",
            r"(?<!'d )(?<!would )(?<!\bi )(?<!you )\blike\b",
            r"\bas \w+ as\b",
            r"\bto (?=(?:the )?\w+'s (?:level|position|setting|value)\b)",
            r"\bto (?:match )?what\b|\bto match\b|\bmatching\b|\bmatch(?:es)?\b",
            r"\bto (?:the )?(?:position|level|setting|value|temperature)s? of\b",
        )
    ),
    "de": r"\b(?:auf )?(?:die|das|den)? ?(?:gleiche|selbe|dieselbe|denselben)n?(?: \w+)? wie\b|\bso wie\b|\bwie\b",
    "zh": r"(?:跟|和|与|像)(?=.*(?:一样|相同))",
}
_SAME = {
    "en": r"\b(?:at|to) the same\b|\bmatch(?:es|ed|ing)?\b|\bsync(?:hroni[sz]e)?\b",
    "de": r"\b(?:gleiche|selbe)\w*\b",
    "zh": r"一样|相同",
}
_JOINS = {
    "en": r"\b(?:and )?then\b|\btogether with\b|\balong with\b|\bas well as\b",
    "de": r"\b(?:und )?dann\b|\bzusammen mit\b|\bsowie\b",
    "zh": r"然后|再",
}
_SPEAKERS = frozenset(
    {"i", "i'm", "i'd", "i'll", "i've", "it", "it's", "that's", "we", "we're", "ich", "wir", "es", "我", "我们"}
)
_WITHOUT = frozenset({"without", "ohne", "不要", "别"})
_INSTEAD = {"en": r"\binstead of\b|\brather than\b|\bnot\b.*", "de": r"\b(?:an)?statt\b", "zh": r"而不是"}
_IF = {"en": r"\bif\b", "de": r"\b(?:wenn|falls)\b", "zh": r"如果|要是"}
_OCCUPIED = {
    "en": r"\boccupied\b|\bsomeone\b.*\bsit|\bwho\w*\b.*\bin the car\b|\bpeople\b.*\bsit",
    "de": r"\bbesetzt\w*\b|\bjemand\b.*\bsitz",
    "zh": r"有人",
}
_PREFERRED = {
    "en": r"\bi like\b|\bmy (?:preferred|usual|favou?rite)\b|\bpreferred\b",
    "de": r"\bmein\w* (?:bevorzugt|üblich|liebst)\w*\b",
    "zh": r"我喜欢",
}
_STOPS = re.compile(r"[;!?。；：！？，、]+|(?<!\d)[.,:]+|[.,:]+(?!\d)")


class Part(msgspec.Struct):
    """One thing said. `source`: what it shall be like; `same`: like what was just spoken of, which may be nothing."""

    text: str
    units: list[Unit]
    words: list[str]  # stems, in order
    acts: list[str] = []
    does: list[str] = []  # acts that follow from phrases which name the thing as well
    codes: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()  # all except there
    plural: bool = False
    amount: Amount | None = None
    degrees: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    unknown: list[str] = []
    asks: bool = False
    tells: bool = False  # it says how things are, and asks for nothing
    negated: bool = False
    source: "Part | None" = None
    same: bool = False
    occupied: bool = False
    preferred: bool = False
    condition: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether nothing in it could be about a tool."""
        slots = self.acts or self.amount or self.codes or self.degrees or self.colours or self.named or self.unknown
        return not slots and not any(u.find("value") for u in self.units)

    @property
    def named(self) -> list[Unit]:
        """What it names of the car, as far as the language knows it."""
        return [u for u in self.units if u.find("name") or u.find("does") or u.find("lacking") or u.find("ask")]

    @property
    def values(self) -> list[Unit]:
        """The words of a mode that mean nothing else."""
        also = ("name", "does", "act", "degree", "place", "stop", "unit", "aspect")
        return [u for u in self.units if u.find("value") and not any(t.kind in also for t in u.tags)]


def read(said: str, pack: Pack) -> list[Part]:
    """The parts of what was said, in order."""
    heard = hear(said)
    language = pack.language
    parts: list[Part] = []
    condition = ""
    text = heard.text
    if found := re.search(_IF.get(language, r"(?!)"), text, re.IGNORECASE):
        before, after = text[: found.start()], text[found.end() :]
        if before.strip(" ,."):
            text, condition = before, after
        else:
            condition, _, text = after.partition(",")
    for segment in _segments(text, language):
        parts += _parts_of(segment, pack)
    joined: list[Part] = []
    for part in parts:
        if joined and _only_adds(part) and not joined[-1].tells and not joined[-1].asks:
            _join(joined[-1], part)
            for bare in joined[:-1] if all(map(_only_names, joined[-2:])) else ():
                if _only_names(bare):  # "air temperature and seat heating, for whoever sits there"
                    bare.codes, bare.occupied = bare.codes or part.codes, bare.occupied or part.occupied
        else:
            joined.append(part)
    for part in joined:
        if part.occupied:  # the seats are then where, and not what
            seats = [u for u in part.units if any(n.endswith(".Seat.*.*") for n in u.find("name"))]
            part.units = [u for u in part.units if u not in seats]
            part.words = [w for u in part.units for w in map(pack.stem, u.text.split())]
        part.condition = condition.strip(" .!?,")
    return [p for p in joined if not p.says_nothing]


def _segments(text: str, language: str) -> Iterator[str]:
    for piece in _STOPS.split(text):
        for segment in re.split(_JOINS.get(language, r"(?!)"), piece, flags=re.IGNORECASE):
            if segment.strip():
                yield segment.strip()


def _parts_of(segment: str, pack: Pack) -> list[Part]:
    language = pack.language
    found = re.finditer(_AS_IS.get(language, r"(?!)"), segment, re.IGNORECASE)
    as_is = next((m for m in found if m.start() > 2), None)
    if as_is is not None:
        target, source = segment[: as_is.start()], segment[as_is.end() :]
        whole = _whole(hear(target), pack)
        if whole is not None and source.strip():
            whole.source = _whole(hear(source), pack)
            if whole.source is not None:
                whole.source.words += [pack.stem(w) for w in as_is[0].casefold().split()]
                whole.source.units += [u for u, _ in read_units(hear(as_is[0]), pack)[1] if u.find("aspect")]
            return [whole]
    heard = hear(segment)
    tokens, units = read_units(heard, pack)
    clauses = cut(tokens, units)
    if any(c.describes or (_says_how(c)) for c in clauses[:1]) and len(clauses) == 2 and not clauses[1].joined:
        clauses = clauses[:1]
    tells = bool(clauses) and _says_how(clauses[0])
    result: list[Part] = []
    for clause in clauses:
        part = _part(clause, heard, pack)
        part.tells = part.tells or (tells and clause is clauses[0]) or (tells and not clause.joined)
        if tells and clause is not clauses[0] and clause.units[0].start == clauses[0].units[-1].end:
            part.tells = True  # "my windshield is starting | to fog up" was cut in one breath
        adjacent = bool(result) and result[-1].units[-1].end == clause.units[0].start and not part.acts
        if adjacent and not part.tells and not result[-1].tells:
            _join(result[-1], part)
            continue
        if result and clause.joined and not part.tells and not result[-1].tells:
            if _only_values(part) and not result[-1].amount:
                _join(result[-1], part)  # "to the windshield | and the feet"
                continue
            if _only_names(part) and not (part.same or part.preferred or part.unknown):
                part.acts = list(result[-1].acts)  # "close the sunroof | and the sunshade"
        result.append(part)
    return result


def _whole(heard: Heard, pack: Pack) -> Part | None:
    """All of a stretch as one part."""
    tokens, units = read_units(heard, pack)
    clauses = cut(tokens, units)
    if not clauses:
        return None
    part = _part(clauses[0], heard, pack)
    for clause in clauses[1:]:
        _join(part, _part(clause, heard, pack))
    part.tells = part.asks = False
    return part


def _part(clause: Clause, heard: Heard, pack: Pack) -> Part:
    text = " ".join(u.text for u in clause.units)
    language = pack.language
    kept = clause.units
    if found := re.search(_INSTEAD.get(language, r"(?!)"), text, re.IGNORECASE):
        length, at = 0, len(kept)
        for index, unit in enumerate(clause.units):
            if length >= found.start():
                at = index
                break
            length += len(unit.text) + 1
        kept = clause.units[:at] or clause.units
    while len(kept) > 1 and "also" in kept[0].find("mark"):
        kept = kept[1:]
    text = " ".join(u.text for u in kept)
    words = [pack.stem(w) for u in kept for w in u.text.split()]
    first = clause.units[0].text
    except_at = next((i for i, u in enumerate(kept) if "except" in u.find("mark")), len(kept))
    opening = {m for u in clause.units[:2] for m in u.find("mark")}
    negated = "instead" not in clause.marks and bool(clause.marks & {"not", "no"} or opening & {"keep"})
    negated = negated or first in _WITHOUT
    copula = next((u.start for u in kept if "state-question" in u.find("mark")), len(heard.tokens))
    describes = clause.describes and not any(u.start < copula for u in clause.acts)
    wish = len(first.split()) > 1 and first.split()[0] in _SPEAKERS and bool(clause.units[0].find("stop"))
    degrees = [u for u in clause.degrees if u in kept and not u.find("stop")]
    acts = [u for u in clause.acts if u is not clause.units[0]]
    has_content = bool(acts or clause.said or degrees or clause.colours)
    tells = (first.split()[0] in _SPEAKERS and not (wish and has_content)) or negated or describes
    return Part(
        text=text,
        units=list(kept),
        words=words,
        acts=[name for unit, name in clause.act_units() if unit in kept],
        does=_acts_within(kept),
        codes=frozenset(
            c for u in kept[:except_at] if not any(t.kind == "number" for t in u.tags) for c in u.find("place")
        ),
        but=frozenset(c for u in kept[except_at:] for c in u.find("place")),
        plural=clause.plural,
        amount=_amount(clause, kept),
        degrees=frozenset(d for u in degrees for d in u.find("degree")),
        colours=frozenset(c for u in clause.colours if u in kept for c in u.find("colour")),
        marks=frozenset(clause.marks),
        unknown=[w for w in clause.unknown if w in text],
        asks=bool({"question", "how-to"} & opening) or "state-question" in clause.units[0].find("mark"),
        tells=tells and "state-question" not in clause.units[0].find("mark"),
        negated=negated,
        same=re.search(_SAME.get(language, r"(?!)"), text, re.IGNORECASE) is not None,
        occupied=re.search(_OCCUPIED.get(language, r"(?!)"), text, re.IGNORECASE) is not None,
        preferred=re.search(_PREFERRED.get(language, r"(?!)"), text, re.IGNORECASE) is not None,
    )


def _places(units: list[Unit]) -> frozenset[str]:
    return frozenset(c for u in units if not any(t.kind == "number" for t in u.tags) for c in u.find("place"))


def _acts_within(units: list[Unit]) -> list[str]:
    """The acts of phrases that say what and how at once: "defrost the windscreen"."""
    acts = [key.partition(" ")[2] for u in units for key in u.find("does")]
    return [
        {"=true": "on", "=false": "off"}.get(a, a) for a in acts if not a.startswith("=") or a in ("=true", "=false")
    ]


def _says_how(clause: Clause) -> bool:
    """Whether it has a subject and says how that is: "the air is stale"."""
    copula = next((u for u in clause.units if "state-question" in u.find("mark")), None)
    before = copula is not None and any(u.start < copula.start for u in clause.acts)
    return copula is not None and copula is not clause.units[0] and "question" not in clause.marks and not before


def _amount(clause: Clause, kept: list[Unit]) -> Amount | None:
    """The number that is said, with the sense its words give it."""
    bases = {a for u in kept for a in u.find("act")}
    changes = bool(bases & {"more", "less", "up", "down", "warmer", "cooler", "higher", "lower", "stronger", "weaker"})
    for said in clause.said:
        relative = "by" in said.marks or (changes and not {"to", "until"} & (said.marks | clause.marks))
        return Amount(said.number.value, said.unit, said.number.share, relative)
    for before, after in pairwise(kept):
        weak = next((t.value for t in after.tags if t.kind == "weak-number"), None)
        if weak is not None and "level" in before.find("unit"):
            return Amount(weak, "level", relative=False)
        if weak is not None and "by" in before.find("mark"):
            return Amount(weak, "level", relative=True)
    for unit in kept:
        step = unit.text.split()[-1].rstrip("s") in ("level", "notch", "step", "stufe")
        if "little" in unit.find("degree") and len(unit.text.split()) == 2 and changes and step:
            return Amount(1, "level", relative=True)
    return None


def _only_adds(part: Part) -> bool:
    """Whether it says no more than where, or for whom: "for me | my passenger"."""
    bare = not (part.acts or part.amount or part.degrees or part.colours or part.source or part.asks)
    named = [name for u in part.named if not u.find("place") for name in u.find("name")]
    return bare and bool(part.codes or part.occupied) and all(name.endswith(".Seat.*.*") for name in named)


def _only_names(part: Part) -> bool:
    """Whether it names something, and does not say what shall become of it."""
    return bool(part.named) and not (part.acts or part.amount or part.degrees or part.colours or part.source)


def _only_values(part: Part) -> bool:
    """Whether it only names words of a mode, or what no language of ours knows."""
    values = any(u.find("value") for u in part.units)
    bare = not (part.acts or part.amount or part.degrees or part.colours or part.source or part.asks or part.occupied)
    return bare and values and all(u.find("value") for u in part.named)


def _join(part: Part, more: Part) -> None:
    part.text = f"{part.text} {more.text}"
    part.units += more.units
    part.words += more.words
    part.acts += more.acts
    part.codes |= more.codes
    part.plural = part.plural or more.plural
    part.amount = part.amount or more.amount
    part.degrees |= more.degrees
    part.colours |= more.colours
    part.unknown += more.unknown
    part.marks |= more.marks
    part.occupied = part.occupied or more.occupied
    part.preferred = part.preferred or more.preferred
