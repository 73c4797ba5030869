"""What kind of sentence it is, and what it wants: commands, questions, corrections, conditions; or nothing at all.

Rules that always hold:
- what is denied, wished for, told, quoted or sung is no command, whatever words it has;
- a sentence is understood with what was said before (`Past`), and says how sure its reading is (0…1).
"""

import re
from collections.abc import Sequence

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.asking import question_in
from alpenglow.assistant.language.choosing import choose
from alpenglow.assistant.language.clauses import Clause, cut, read_units
from alpenglow.assistant.language.commanding import commands
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.parsed import Parsed, Past
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Heard, Token
from alpenglow.assistant.language.timing import apart
from alpenglow.assistant.wishes import Where

_QUOTED = re.compile(r"(?:^|\s)'\w[^']*'(?=[\s,.!?])(?!\W*$)")  # 'turn up the bass' is a song

__all__ = ["Parsed", "Past", "parse"]


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
    parsed = commands(wanted, set(), pack, functions, ()) if wanted else Parsed("unknown", 0.3)
    if "scene" in marks:
        return Parsed("scene", 0.9, parsed.wishes, when=when)
    if parsed.kind != "command" or parsed.sure < 0.5:
        understood = when is not None and when.understood
        return (
            Parsed("unclear", 0.6, why=("it is for later, and what to do then is not clear",)) if understood else None
        )
    return Parsed("later", parsed.sure, parsed.wishes, when=when)


def _parse(heard: Heard, clauses: list[Clause], pack: Pack, functions: Functions, past: Sequence[Past]) -> Parsed:
    marks = {m for clause in clauses for m in clause.marks}
    if not clauses:
        return Parsed("nothing", 1.0)
    first = marks if pack.words.asks_in_place else _first(clauses)
    if special := _special(clauses, marks, heard, pack):
        return special
    clauses = [c for c in clauses if not _told_to(c)] or clauses
    clauses = _concluded(clauses)
    clauses = [c for c in clauses if not {"unreal", "yes"} <= c.marks] or clauses  # "Daddy says it's okay"
    marks = {m for clause in clauses for m in clause.marks}
    if "unreal" in marks or _quoted(heard):
        return Parsed("nothing", 0.9, why=("it is told, wished for or quoted, not asked for",))
    if question := question_in(clauses, first, marks, heard, pack, functions):
        return question
    if "why" in first and heard.text.endswith("?"):
        return Parsed("unknown", 0.3)
    if any("undo" in c.marks and not c.describes for c in clauses) and not any(c.said for c in clauses):
        named = choose(max(clauses, key=lambda c: len(c.names)), pack, functions)
        return Parsed("undo", 0.95, undo=named.wish.function if named else None)
    if past and "except" in clauses[0].marks and clauses[0].places and not clauses[0].names_something:
        return Parsed("undo", 0.9, undo=past[-1].wish.function, undo_where=Where(clauses[0].codes))
    if denied := _denied(clauses, marks, past):
        return denied
    return commands(clauses, marks, pack, functions, past)


def _told_to(clause: Clause) -> bool:
    """Whether it only says that somebody said so: "turn it off, *the doctor told me to*"."""
    last = clause.units[-1]
    names = clause.names_something or clause.acts
    return clause.joined and "unreal" in clause.marks and bool({"to", "so"} & set(last.find("mark"))) and not names


def _concluded(clauses: list[Clause]) -> list[Clause]:
    """`clauses` without what is only told before the command that follows from it: "he said it's bad, *so* stop"."""
    for at in range(len(clauses) - 1, 0, -1):
        clause = clauses[at]
        if "so" in clause.units[0].find("mark") and "unreal" not in {m for c in clauses[at:] for m in c.marks}:
            does = clause.units[1:2] and any(t.kind in ("act", "does", "place") for t in clause.units[1].tags)
            light = bool(clause.units[1:2]) and "light-verb" in clause.units[1].find("mark")
            if does or light or clause.does:
                return clauses[at:]
    return clauses


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
    if _QUOTED.search(heard.text):
        return True
    return any(mark in heard.text for mark in '"“”„«»') and heard.text.strip('"“”„«» .!?') != heard.text.strip(" .!?")


def _special(clauses: Sequence[Clause], marks: set[str], heard: Heard, pack: Pack) -> Parsed | None:
    """Sentences about the conversation itself, about scenes, times and what to remember."""
    only = len(clauses) <= 2 and all(c.says_nothing for c in clauses)
    only = only and sum(len(c.unknown) for c in clauses) <= pack.words.spaces  # "no, I can't see a thing" is no mere no
    if "forget" in marks:
        return Parsed("forget", 0.9)
    if "remember" in marks and not clauses[0].acts:
        return Parsed("remember", 0.8, note=heard.text)
    if only and "why" in marks:
        return Parsed("why", 0.9)
    if only and "yes" in marks and "no" not in marks:
        return Parsed("yes", 0.9)
    if only and marks & {"no", "never-mind"} and not marks & {"instead", "undo", "reverse"}:
        return Parsed("no", 0.9)
    return None


def _unable(clause: Clause) -> bool:
    """Whether it says what somebody cannot do, and nothing that could be forbidden: "ich finde die Brille nicht"."""
    return "tells" in clause.marks and not (clause.names or clause.acts or clause.does or clause.values)


def _says_what(clause: Clause) -> bool:
    return bool(
        clause.acts or clause.said or clause.places or clause.colours or clause.values or clause.names_something
    )


def _denied(clauses: Sequence[Clause], marks: set[str], past: Sequence[Past]) -> Parsed | None:
    """ "Don't open the window", "leave the heating as it is"."""
    for clause in clauses:
        denies = "not" in clause.marks and not (clause.says_nothing and clause.unknown)  # 看不清路 denies nothing
        if denies and not clause.marks & {"instead", "ensure", "so"} and not _unable(clause):
            others = [c for c in clauses if c is not clause]
            if not any(_says_what(c) for c in others):
                return Parsed("nothing", 0.85, why=("it says what not to do",))
        said = next((u for u in clause.units if not _is_filler(u)), None)
        stays = said is not None and "keep" in said.find("mark") and not clause.degrees and not clause.said
        if said is not None and "light-verb" in said.find("mark"):  # lass es auf, but: lass es runter
            moves = any(ACTS[name].base in ("up", "down") for _, name in clause.act_units())
            stays = (
                stays and not moves and not any("light-verb" in u.find("mark") for u in clause.units if u is not said)
            )
        stays = stays and not any(ACTS[name].base in ("more", "less") for _, name in clause.act_units())  # more room
        changed = any(ACTS[name].base in ("more", "less", "nearer", "farther") for _, name in clause.act_units())
        others = [c for c in clauses if c is not clause and not c.describes and not c.aside]
        asked = any(c.acts or c.does or c.said or c.values or c.colours for c in others)
        if stays and not changed and not asked and "undo" not in marks and (clause.names or "that" in clause.marks):
            return Parsed("nothing", 0.85, why=("it asks to leave things as they are",))
    return None
