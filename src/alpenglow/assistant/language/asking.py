"""Questions about the car: what is asked, of which part, and what answer is looked for."""

from collections.abc import Sequence

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.functions import Function, Functions, Role
from alpenglow.assistant.language.clauses import Clause
from alpenglow.assistant.language.commanding import share_known
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.parsed import Parsed
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import Heard
from alpenglow.assistant.wishes import Amount, Question, Where


def question_in(
    clauses: Sequence[Clause],
    first: set[str],
    marks: set[str],
    heard: Heard,
    pack: Pack,
    functions: Functions,
) -> Parsed | None:
    """The question that a sentence asks; None where it asks none. `first`: the marks of its first words."""
    asked = [u for c in clauses for u in c.asks]
    if "how-to" in first:
        return Parsed("how-to", 0.8)
    ends = heard.text.rstrip().endswith(("?", "？"))
    # 能打开空调吗 asks for a deed, 空调开着吗 for an answer.
    stated = "state-question" in first and not (pack.words.asks_in_place and "polite" in marks)
    asking = "question" in first or stated or (bool(asked) and (ends or pack.words.asks_in_place))
    if not asking and not ("question" in marks and ends):
        return None
    plain = "question" in first and ends and not pack.words.asks_in_place and "why" not in marks
    if plain and not any(c.asks or c.names or c.acts for c in clauses):
        return Parsed("nothing", 0.8, why=("it asks, and not about the car",))
    clause = next((c for c in clauses if c.asks or c.names), None)
    if clause is None:
        return Parsed("unknown", 0.3) if not any(c.names_something for c in clauses) else None
    function = _asked_function(clause, pack, functions)
    if function is None:
        return Parsed("unknown", 0.3)
    expects = next((a for _, a in clause.act_units() if ACTS[a].base in ("open", "close", "on", "off")), "")
    unknown = tuple(w for c in clauses for w in c.unknown)
    sure = share_known(clauses)
    return Parsed(
        "question",
        sure,
        question=Question(
            function,
            Where(clause.codes, clause.plural),
            expects if "state-question" in first or "which" in marks else "",
            next((Amount(s.number.value, s.unit) for c in clauses for s in c.said), None),
            which="which" in marks and len(function.paths) > 1,
            denied="without" in marks,
        ),
        unknown=unknown,
    )


def _opens(unit: Unit, clause: Clause) -> bool:
    """Whether it is how the question begins, and what is asked for follows: "how many km | till the service"."""
    return unit is clause.asks[0] and len(clause.asks) > 1


def _asked_function(clause: Clause, pack: Pack, functions: Functions) -> Function | None:
    """The measurement or setting that a question is about."""
    best: tuple[float, Function] | None = None
    for unit in clause.asks:
        for pattern in unit.find("ask"):
            for function in functions.below(pattern):
                points = 3.0 + 0.3 * (unit.end - unit.start) - (1.0 if _opens(unit, clause) else 0.0)
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
                if any(part in function.pattern for part in ("SwitchEngaged", "Limit", "PowerOptimize", "IsDefect")):
                    points -= 2.0
                if best is None or points > best[0]:
                    best = points, function
    return best[1] if best else None
