"""What a person prefers, as they once put it, as a value for a tool's parameter.

A preference is text: "air circulation on AUTO, only when the air conditioning is on, then on FRESH_AIR". It is read for
one parameter at a time: it must speak of the tool, a value must be one the parameter allows, what is said of a case
counts only in that case, and what is disliked ("never", "too hot") is no value.
"""

import re
from collections.abc import Awaitable, Callable

from alpenglow.assistant.tools.binding import Binder, Bound
from alpenglow.assistant.tools.catalogue import Parameter, split_words

_CASE = re.compile(r"\b(?:if|when|while|wenn|falls)\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:never|not|no|cannot|can't|doesn't|don't|isn't|too|nie|nicht|kein\w*|zu)\b", re.IGNORECASE)


async def preferred(
    texts: list[str],
    binder: Binder,
    bound: Bound,
    parameter: Parameter,
    is_so: Callable[[frozenset[str]], Awaitable[bool]],
) -> str | float | None:
    """The value that `texts` say is preferred; None where they do not. `is_so`: whether what these words name is on."""
    best: str | float | None = None
    for text in texts:
        if not _speaks_of(text, binder, bound, parameter):
            continue
        case: str | None = None
        for segment in re.split(r"[,;.](?!\d)|\bbut\b|\baber\b", text):
            if found := _CASE.search(segment):
                case = segment[found.end() :]
                segment = segment[: found.start()]
            if _AGAINST.search(segment.replace("only", "")):
                continue
            value = _value(segment, parameter)
            if value is None:
                continue
            if case is None:
                best = value if best is None else best
            elif await is_so(frozenset(binder.pack.stem(w) for w in split_words(case))):
                return value
    return best


def _speaks_of(text: str, binder: Binder, bound: Bound, parameter: Parameter) -> bool:
    words = frozenset(binder.pack.stem(w) for w in split_words(text))
    name = frozenset(binder.pack.stem(w) for w in split_words(parameter.name))
    if name <= words and any(len(w) > 6 for w in name):
        return True
    return bool(bound.words) and len(bound.words & words) * 3 >= len(bound.words) * 2


def _value(segment: str, parameter: Parameter) -> str | float | None:
    if parameter.kind == "number":
        found = re.search(r"(?<![\w.])\d+(?:\.\d+)?", segment)
        return float(found[0]) if found else None
    plain = " ".join(split_words(segment))
    named = [c for c in parameter.choices if re.search(rf"\b{re.escape(' '.join(split_words(c)))}\b", plain)]
    return max(named, key=len, default=None)
