"""Clauses that say something only together: lists that share what shall be done, places that share a setting.

What is joined keeps all words of both; a clause that says something of its own stays apart.
"""

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.language.clauses import Clause


def joined(clauses: list[Clause]) -> list[Clause]:
    """`clauses`, each of which says something of its own."""
    return _joined(_lent(clauses))


def _lent(clauses: list[Clause]) -> list[Clause]:
    """`clauses`, where an act at the end is also that of the things listed before: 把座椅加热和方向盘加热都关掉."""
    result = _shared_out(clauses)
    for at in range(len(result) - 2, -1, -1):
        first, second = result[at], result[at + 1]
        bare = _bare(first)
        if not bare or not second.listed or not second.names or not second.acts or "light-verb" in second.marks:
            continue
        if min(u.start for u in second.acts) > max(u.start for u in second.names):
            result[at] = msgspec.structs.replace(first, acts=second.acts)
    return result


def _bare(clause: Clause) -> bool:
    values = [u for u in clause.values if not u.find("name")]  # the radio is also a source
    return bool(clause.names) and not (clause.acts or clause.does or clause.said or values or clause.colours)


def _shared_out(clauses: list[Clause]) -> list[Clause]:
    """`clauses`, where one that only says what shall be done is that of a whole list: "music, seat, lamp: all off"."""
    result = list(clauses)
    for at, clause in enumerate(clauses):
        if at < 2 or clause.names_something or not clause.acts or clause.said or clause.codes - {"all", "both"}:
            continue
        listed = [i for i in range(at) if all(_bare(c) for c in clauses[i:at])]
        if len(listed) < 2:
            continue
        for i in listed:
            result[i] = msgspec.structs.replace(clauses[i], acts=clause.acts)
        result.remove(clause)
    return result


def _joined(clauses: list[Clause]) -> list[Clause]:
    """Clauses that only together say something, made one: "the driver's | and the passenger's window"."""
    result: list[Clause] = []
    for clause in clauses:
        last = result[-1] if result else None
        corrects = "instead" in clause.marks  # the left, | I mean the right rear door
        if last is not None and clause.joined and not corrects and (_places_of(last, clause) or _act_of(last, clause)):
            both = _merged(last, clause)
            if _elsewhere(last, clause):
                result[-1] = msgspec.structs.replace(both, places=last.places)
                result.append(msgspec.structs.replace(both, places=clause.places))
            else:
                result[-1] = both
        else:
            result.append(clause)
    return result


def _places_of(first: Clause, second: Clause) -> bool:
    """Whether `first` only says where else `second` is meant."""
    if first.names_something or first.said or not first.places or first.unknown:
        return False
    return second.names_something and not (second.acts and first.acts)


def _elsewhere(first: Clause, second: Clause) -> bool:
    """Whether each names one place of its own: "front left | and rear right"."""
    rows, sides = {"front", "rear"}, {"left", "right", "driver", "passenger"}
    a, b = first.codes, second.codes
    return all(len(a & kind) == len(b & kind) == 1 and a & kind != b & kind for kind in (rows, sides))


def _act_of(first: Clause, second: Clause) -> bool:
    """Whether `second` says what shall be done with what `first` names."""
    acts = [
        name for _, name in first.act_units() if ACTS[name].base != "change"
    ]  # "I must adjust my seat, bring it up"
    if not first.names_something or acts or first.does or first.said or first.values or first.colours:
        return False
    return bool(second.acts) and not second.marks & {"keep", "tells"} and not second.names_something


def _merged(a: Clause, b: Clause) -> Clause:
    both = Clause([*a.units, *b.units])
    for field in ("names", "lacking", "does", "asks", "aspects", "values", "colours", "acts", "places", "degrees"):
        setattr(both, field, [*getattr(a, field), *getattr(b, field)])
    both.said, both.marks, both.unknown = [*a.said, *b.said], a.marks | b.marks, [*a.unknown, *b.unknown]
    both.known, both.plural, both.joined = a.known + b.known, a.plural or b.plural, a.joined
    return both
