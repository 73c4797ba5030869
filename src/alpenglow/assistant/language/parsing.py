"""What kind of sentence it is, and what it wants: commands, questions, corrections, conditions; or nothing at all.

Rules that always hold:
- what is denied, wished for, told, quoted or sung is no command, whatever words it has;
- a sentence is understood with what was said before (`Past`), and says how sure its reading is (0…1).
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from alpenglow.assistant.acts import ACTS, Act
from alpenglow.assistant.functions import Function, Functions, Role, Spot
from alpenglow.assistant.language.choosing import choose
from alpenglow.assistant.language.clauses import Clause, cut, read_units
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Heard, Token
from alpenglow.assistant.language.timing import When, apart
from alpenglow.assistant.wishes import Amount, Question, Where, Wish

type Kind = Literal[
    "command", "question", "how-to", "nothing", "unclear", "undo", "yes", "no", "why", "scene", "later",
    "remember", "forget", "unknown",
]  # fmt: skip


class Past(msgspec.Struct, frozen=True):
    """One wish that was carried out, as far as it can be spoken of again."""

    wish: Wish
    spots: tuple[Spot, ...] = ()


class Parsed(msgspec.Struct, frozen=True):
    """One utterance as it was understood."""

    kind: Kind
    sure: float
    wishes: tuple[Wish, ...] = ()
    question: Question | None = None
    instead: bool = False  # what was done before shall be taken back
    undo: Function | None = None  # what shall be put back; None: all of the last turn
    undo_where: Where = Where()
    when: When | None = None  # the wishes are for later
    note: str = ""  # what shall be remembered
    lacking: tuple[str, ...] = ()  # named, and not in this car
    close: tuple[Function, ...] = ()  # what else it may mean
    unknown: tuple[str, ...] = ()  # words that mean nothing to us
    clauses: tuple[Clause, ...] = ()
    left_over: tuple[Clause, ...] = ()  # clauses that ask for something which the words do not tell
    why: tuple[str, ...] = ()


def parse(heard: Heard, pack: Pack, functions: Functions, past: Sequence[Past] = ()) -> Parsed:
    """The reading of one utterance by its words alone."""
    tokens, parts = read_units(heard, pack)
    clauses = cut(tokens, parts)
    parsed = _planned(tokens, clauses, heard, pack, functions) or _parse(heard, clauses, pack, functions, past)
    return msgspec.structs.replace(parsed, clauses=tuple(clauses))


def _planned(
    tokens: Sequence[Token], clauses: list[Clause], heard: Heard, pack: Pack, functions: Functions
) -> Parsed | None:
    """Something to do later, or a scene to make."""
    marks = {m for clause in clauses for m in clause.marks}
    rest, when = apart(tokens, clauses)
    if "scene" not in marks and (when is None or "unreal" in marks or heard.text.endswith(("?", "？"))):
        return None
    wanted = [c for c in rest if c.names_something or c.acts or c.said or c.values]
    parsed = _commands(wanted, set(), pack, functions, ()) if wanted else Parsed("unknown", 0.3)
    if "scene" in marks:
        return Parsed("scene", 0.9, parsed.wishes, when=when)
    if parsed.kind != "command" or parsed.sure < 0.5:
        understood = when is not None and when.understood
        return Parsed("unclear", 0.6, why=("it is for later, and what to do then is not clear",)) if understood else None
    return Parsed("later", parsed.sure, parsed.wishes, when=when)


def _parse(heard: Heard, clauses: list[Clause], pack: Pack, functions: Functions, past: Sequence[Past]) -> Parsed:
    marks = {m for clause in clauses for m in clause.marks}
    if not clauses:
        return Parsed("nothing", 1.0)
    first = marks if pack.words.asks_in_place else _first(clauses)
    if special := _special(clauses, marks, heard, pack):
        return special
    if "unreal" in marks or _quoted(heard):
        return Parsed("nothing", 0.9, why=("it is told, wished for or quoted, not asked for",))
    if question := _question(clauses, first, marks, heard, pack, functions, past):
        return question
    if "undo" in marks and not any(c.said for c in clauses):
        named = choose(max(clauses, key=lambda c: len(c.names)), pack, functions)
        return Parsed("undo", 0.95, undo=named.wish.function if named else None)
    if past and "except" in clauses[0].marks and clauses[0].places and not clauses[0].names_something:
        return Parsed("undo", 0.9, undo=past[-1].wish.function, undo_where=Where(clauses[0].codes))
    if denied := _denied(clauses, marks, past):
        return denied
    return _commands(clauses, marks, pack, functions, past)


def _first(clauses: Sequence[Clause]) -> set[str]:
    """The marks of the first words that carry any."""
    for clause in clauses:
        for unit in clause.units:
            found = set(unit.find("mark")) - {"filler", "and", "polite", "no", "also"}
            if found:
                return found
            if (any(tag.kind not in ("stop", "mark") for tag in unit.tags) and not unit.find("mark")) or not unit.tags:
                return set()
    return set()


def _is_filler(unit: Unit) -> bool:
    """Whether a sentence begins the same without it: "please", "well", "could you"."""
    return bool(unit.tags) and all(t.kind == "stop" or t.key in ("filler", "polite") for t in unit.tags)


def _quoted(heard: Heard) -> bool:
    return any(mark in heard.text for mark in '"“”„«»') and heard.text.strip('"“”„«» .!?') != heard.text.strip(" .!?")


def _special(clauses: Sequence[Clause], marks: set[str], heard: Heard, pack: Pack) -> Parsed | None:
    """Sentences about the conversation itself, about scenes, times and what to remember."""
    only = len(clauses) <= 2 and not any(c.names_something or c.acts or c.said or c.places for c in clauses)
    if "forget" in marks:
        return Parsed("forget", 0.9)
    if "remember" in marks and not clauses[0].acts:
        return Parsed("remember", 0.8, note=heard.text)
    if only and "why" in marks:
        return Parsed("why", 0.9)
    if only and "yes" in marks and "no" not in marks:
        return Parsed("yes", 0.9)
    if only and marks & {"no", "never-mind"} and "instead" not in marks and "undo" not in marks:
        return Parsed("no", 0.9)
    return None


def _question(
    clauses: Sequence[Clause],
    first: set[str],
    marks: set[str],
    heard: Heard,
    pack: Pack,
    functions: Functions,
    past: Sequence[Past],
) -> Parsed | None:
    asked = [u for c in clauses for u in c.asks]
    if "how-to" in first:
        return Parsed("how-to", 0.8)
    ends = heard.text.rstrip().endswith(("?", "？"))
    asking = "question" in first or "state-question" in first or (bool(asked) and (ends or pack.words.asks_in_place))
    if not asking and not ("question" in marks and ends):
        return None
    clause = next((c for c in clauses if c.asks or c.names), None)
    if clause is None:
        return Parsed("unknown", 0.3) if not any(c.names_something for c in clauses) else None
    function = _asked_function(clause, pack, functions)
    if function is None:
        return Parsed("unknown", 0.3)
    expects = next((a for _, a in clause.act_units() if ACTS[a].base in ("open", "close", "on", "off")), "")
    unknown = tuple(w for c in clauses for w in c.unknown)
    sure = _share_known(clauses)
    return Parsed(
        "question",
        sure,
        question=Question(function, Where(clause.codes, clause.plural), expects if "state-question" in first else ""),
        unknown=unknown,
    )


def _asked_function(clause: Clause, pack: Pack, functions: Functions) -> Function | None:
    """The measurement or setting that a question is about."""
    best: tuple[float, Function] | None = None
    for unit in clause.asks:
        for pattern in unit.find("ask"):
            for function in functions.below(pattern):
                points = 3.0 + 0.3 * (unit.end - unit.start)
                if best is None or points > best[0]:
                    best = points, function
    for unit in clause.names:
        for pattern in unit.find("name"):
            for function in functions.below(pattern):
                points = 3.0 if function.pattern == pattern else 2.5 - 0.3 * function.pattern.count(".", len(pattern))
                points += 0.2 * (unit.end - unit.start)
                if clause.acts and function.role is Role.OPENING:
                    points += 0.3 + {"Position": 0.2, "IsOpen": 0.1}.get(function.leaf, 0.0)
                for other in clause.aspects:
                    if any(function.pattern.endswith(f".{leaf}") for leaf in other.find("aspect")):
                        points += 1.5
                if any(part in function.pattern for part in ("SwitchEngaged", "Limit", "PowerOptimize")):
                    points -= 2.0
                if best is None or points > best[0]:
                    best = points, function
    return best[1] if best else None


def _denied(clauses: Sequence[Clause], marks: set[str], past: Sequence[Past]) -> Parsed | None:
    """ "Don't open the window", "leave the heating as it is"."""
    for clause in clauses:
        if "not" in clause.marks and not clause.marks & {"instead"}:
            rest = [c for c in clauses if c is not clause and (c.acts or c.does or c.said or c.places or c.names)]
            if not rest:
                return Parsed("nothing", 0.85, why=("it says what not to do",))
        said = next((u for u in clause.units if not _is_filler(u)), None)
        stays = said is not None and "keep" in said.find("mark") and not clause.degrees and not clause.said
        if said is not None and "light-verb" in said.find("mark"):  # lass es auf, but: lass es runter
            stays = stays and not any(ACTS[name].base in ("up", "down") for _, name in clause.act_units())
        if stays and "undo" not in marks and (clause.names or "that" in clause.marks):
            return Parsed("nothing", 0.85, why=("it asks to leave things as they are",))
    return None


def _commands(clauses: list[Clause], marks: set[str], pack: Pack, functions: Functions, past: Sequence[Past]) -> Parsed:
    wishes: list[Wish] = []
    close: list[Function] = []
    scores: list[float] = []
    granted = 1.0
    left_over: list[Clause] = []
    lacking = tuple(u.text for c in clauses for u in c.lacking if not c.names)
    instead = bool(past) and bool(marks & {"instead", "no", "not"})
    unclear = False
    previous: Wish | None = None
    for clause in _joined(clauses):
        if clause.says_nothing or ("not" in clause.marks and "instead" not in clause.marks):
            continue
        wish: Wish | None = None
        bound = not clause.names and not clause.does and bool(previous or past)
        if bound and (not clause.names_something or clause.marks & {"that"} or clause.values):
            wish = _follow_up(clause, previous, past, pack, functions)
            if wish is not None:
                scores.append(2.5)
        if wish is None:
            about = past[-1].wish.function if past and not wishes else None
            before = past[-1].wish.act if past and instead and not clause.acts else None
            choice = choose(clause, pack, functions, about if clause.names_something else None, before)
            if choice is not None and choice.score >= 1.2:
                wish = choice.wish
                scores.append(choice.score)
                close += choice.close
                if not choice.acts:
                    if previous is not None and clause.joined and not clause.degrees:
                        wish = msgspec.structs.replace(wish, act=previous.act)
                    elif clause.unknown:
                        granted = 0.5  # a part is named among other words, and nothing says what to do with it
        if wish is None:
            unclear = unclear or bool(clause.acts or clause.said or clause.names or clause.aspects or clause.places)
            left_over.append(clause)
            continue
        if "except" in clause.marks:
            wish = msgspec.structs.replace(wish, where=_except(clause))
        wishes.append(wish)
        previous = wish
    unknown = tuple(w for c in clauses if not c.says_nothing for w in c.unknown)
    if not wishes:
        if lacking:
            return Parsed("nothing", 0.9, lacking=lacking)
        kind: Kind = "unclear" if unclear else "unknown"
        return Parsed(kind, 0.6 if not unknown else 0.3, unknown=unknown)
    sure = _share_known(clauses) * min(1.0, min(scores) / 3.0) * granted
    return Parsed(
        "command",
        sure,
        tuple(wishes),
        instead=instead and bool(past),
        close=tuple(close),
        unknown=unknown,
        lacking=lacking,
        left_over=tuple(left_over),
    )


def _except(clause: Clause) -> Where:
    at = next(i for i, u in enumerate(clause.units) if "except" in u.find("mark"))
    before = frozenset(c for u in clause.units[:at] for c in u.find("place"))
    return Where(before or frozenset({"all"}), True, frozenset(c for u in clause.units[at:] for c in u.find("place")))


def _joined(clauses: list[Clause]) -> list[Clause]:
    """Clauses that only together say something, made one: "the driver's | and the passenger's window"."""
    result: list[Clause] = []
    for clause in clauses:
        last = result[-1] if result else None
        if last is not None and clause.joined and not last.names_something and not last.said and last.places:
            if clause.names_something and not (clause.acts and last.acts) and not last.unknown:
                result[-1] = _merged(last, clause)
                continue
        if last is not None and clause.joined and last.names_something and not last.acts and not last.does:
            if not clause.names_something and clause.acts and not last.said and not last.values:
                result[-1] = _merged(last, clause)
                continue
        result.append(clause)
    return result


def _merged(a: Clause, b: Clause) -> Clause:
    both = Clause([*a.units, *b.units])
    for field in ("names", "lacking", "does", "asks", "aspects", "values", "colours", "acts", "places", "degrees"):
        setattr(both, field, [*getattr(a, field), *getattr(b, field)])
    both.said, both.marks, both.unknown = [*a.said, *b.said], a.marks | b.marks, [*a.unknown, *b.unknown]
    both.known, both.plural, both.joined = a.known + b.known, a.plural or b.plural, a.joined
    return both


def _follow_up(
    clause: Clause, previous: Wish | None, past: Sequence[Past], pack: Pack, functions: Functions
) -> Wish | None:
    """A clause that leaves out what was just spoken of: "and the passenger too", "make it twenty", "a bit more"."""
    last = previous if previous is not None else past[-1].wish
    share = next((s for s in clause.said if s.number.share), None)
    if share is not None and "that" in clause.marks and not clause.acts:
        return msgspec.structs.replace(last, amount=Amount(share.number.value, "of-that"), degree="")
    acts = [u for u in clause.acts if not u.find("place")]
    if acts or clause.degrees or clause.said or clause.colours or clause.values:
        choice = choose(clause, pack, functions, last.function, None, bound=True)
        if choice is not None and choice.wish.function.pattern == last.function.pattern and choice.score > 0.5:
            wish = choice.wish
            where = wish.where if wish.where.codes else last.where
            act = wish.act
            if not acts and clause.degrees and wish.amount is None and wish.token is None:
                act = _further(last.act)
            return msgspec.structs.replace(wish, where=where, act=act)
        return None
    if clause.marks & {"again"} and not clause.places:
        return msgspec.structs.replace(last, act=_further(last.act), amount=None, degree="little")
    if clause.places:
        return msgspec.structs.replace(last, where=Where(clause.codes, clause.plural))
    return None


def _further(act: Act) -> Act:
    """What "a bit more" comes to after `act`."""
    return {"open": ACTS["open"], "close": ACTS["close"], "less": act, "down": act, "more": act, "up": act}.get(
        act.base, ACTS["more"]
    )


def _share_known(clauses: Sequence[Clause]) -> float:
    """How much of what was said is understood; an aside counts less than a clause that asks for something."""
    known = unknown = 0.0
    for clause in clauses:
        weight = 0.25 if clause.says_nothing else 1.0
        known += clause.known
        unknown += weight * len(clause.unknown)
    return (known + 0.5) / (known + unknown + 0.5)
