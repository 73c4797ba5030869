"""Which signal may have been meant: suggestions for a name that no signal has."""

import difflib
from collections.abc import Iterable

_LONGEST = 200  # of a name worth a suggestion; names may come from a page
_COMPARED = 60  # candidates compared letter by letter


def nearest(name: str, paths: Iterable[str], count: int = 2) -> list[str]:
    """Up to `count` of `paths` that `name` may have meant, best first; the one that differs in case alone, if any."""
    if not name or len(name) > _LONGEST:
        return []
    wanted = name.lower()
    steps = wanted.split(".")
    by_last: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        lower = path.lower()
        if lower == wanted:
            return [path]
        by_last.setdefault(lower.rpartition(".")[2], []).append((lower, path))
    lasts = difflib.get_close_matches(steps[-1], by_last, n=4, cutoff=0.7)
    known = set(steps)
    candidates = [pair for last in lasts for pair in by_last[last]]
    candidates.sort(key=lambda pair: -len(known.intersection(pair[0].split("."))))
    matcher = difflib.SequenceMatcher(b=wanted, autojunk=False)
    ratios = []
    for lower, path in candidates[:_COMPARED]:
        matcher.set_seq1(lower)
        ratios.append((-matcher.ratio(), path))
    return [path for _, path in sorted(ratios)[:count]]
