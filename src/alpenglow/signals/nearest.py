"""Which signal may have been meant: suggestions for a name that no signal has."""

from collections.abc import Iterable

_LONGEST = 200  # of a name worth a suggestion; names may come from a page
_COMPARED = 60  # candidates compared letter by letter
_ALIKE = 0.6  # least share of common letters, by difflib's ratio
_SAME_END = 0.2  # what an equal last step adds: things move between branches more often than they change their name
_AS_GOOD = 0.1  # a suggestion this far behind the best is left out


def nearest(name: str, paths: Iterable[str], count: int = 2) -> list[str]:
    """Up to `count` of `paths` that `name` may have meant, best first; the one that differs in case alone, if any.

    Compared are those that end alike or lie in the same branch.
    """
    if not name or len(name) > _LONGEST:
        return []
    import difflib  # only where somebody mistook a name: it costs each start 2 ms

    wanted = name.lower()
    branch, _, last = wanted.rpartition(".")
    by_last: dict[str, list[tuple[str, str]]] = {}
    candidates: dict[str, str] = {}
    for path in paths:
        lower = path.lower()
        if lower == wanted:
            return [path]
        above, _, own = lower.rpartition(".")
        by_last.setdefault(own, []).append((lower, path))
        if above == branch:
            candidates[lower] = path
    for close in difflib.get_close_matches(last, by_last, n=4, cutoff=0.7):
        candidates.update(by_last[close])
    steps = set(wanted.split("."))
    nearby = sorted(candidates, key=lambda lower: -len(steps.intersection(lower.split("."))))[:_COMPARED]
    matcher = difflib.SequenceMatcher(b=wanted, autojunk=False)
    scores: list[tuple[float, str]] = []
    for lower in nearby:
        matcher.set_seq1(lower)
        if matcher.quick_ratio() >= _ALIKE and (ratio := matcher.ratio()) >= _ALIKE:
            scores.append((-ratio - (_SAME_END if lower.endswith(f".{last}") else 0), candidates[lower]))
    scores.sort()
    return [path for score, path in scores[:count] if score <= scores[0][0] + _AS_GOOD]
