"""Patterns over paths: which paths a person means by a path, a branch, or a path with `*` and `**`."""

import re
from collections.abc import Collection

_ANY_STEPS = r"(?:[^.]+\.)*"


def matching(pattern: str, paths: Collection[str]) -> list[str]:
    """Those of `paths` that `pattern` names, in their order.

    A pattern is a path, a branch (all below it), or a whole path in which `*` stands for one step and `**` for any
    number of steps, also none. A `*` beside other letters in a step stands for nothing.
    """
    if "*" in pattern:
        regex = _compiled(pattern)
        # What is before the first star and behind the last is cheap to compare, and most paths fail there.
        start, end = pattern[: pattern.index("*")].rpartition(".")[0], pattern.rpartition("*")[2].lstrip(".")
        return [p for p in paths if p.endswith(end) and p.startswith(start) and regex.fullmatch(p + ".")]
    if pattern in paths:
        return [pattern]
    branch = pattern + "."
    return [path for path in paths if path.startswith(branch)]


def _compiled(pattern: str) -> re.Pattern[str]:
    """For a path with a dot after every step."""
    parts: list[str] = []
    for step in pattern.split("."):
        if step == "**":
            if not parts or parts[-1] != _ANY_STEPS:
                parts.append(_ANY_STEPS)
        else:
            parts.append(r"[^.]+\." if step == "*" else re.escape(step) + r"\.")
    return re.compile("".join(parts))
