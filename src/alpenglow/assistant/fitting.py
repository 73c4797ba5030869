"""What tells classes of sentences apart: kernel ridge regression on sentence vectors and on words, kept on the disk.

Saunders, Gammerman, Vovk, "Ridge Regression Learning Algorithm in Dual Variables", ICML 1998. Two sentences are as like
as their vectors point the same way, and as they share words and pairs of words (by how rare these are).
The file is only a copy of what can be computed again: one that is damaged, or of other sentences, counts as none.
"""

import contextlib
import hashlib
import io
import math
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alpenglow.fabric import durable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

_NARROW = 2.0  # how fast likeness falls with the angle
_WORDS = 0.3  # the share of words in the likeness; the rest is the vectors'
_RIDGE = 0.5
_UNKNOWN = 0.5  # what a word that no sentence has takes from the likeness of the others
_BLOCK = 512  # rows solved at once: half of the matrix is kept, in such blocks


class Fit(msgspec.Struct, frozen=True):
    """What a comparison with all sentences needs."""

    mean: "Floats"  # sentences of one encoder point much the same way; what they differ in is what counts
    vectors: "Floats"  # one row a sentence, without that, of length 1
    answers: "Floats"  # one row a class, one column a sentence
    terms: "NDArray[np.uint64]"  # words and pairs, as numbers in their order
    rarity: "Floats"  # of each term
    starts: "NDArray[np.int32]"  # of each term's sentences in `rows`
    rows: "NDArray[np.int32]"
    shares: "Floats"  # what the term is in that sentence

    def scores(self, vector: "Floats", words: Sequence[str]) -> "Floats":
        """How much a sentence belongs to each class: about 1 for a sure one, 0 for no matter."""
        import numpy as np

        # vecdot works in one thread: for so little, others that must first wake up would take ten times as long
        like = np.vecdot(self.vectors, _turned(vector[None] - self.mean)[0])
        like = (1 - _WORDS) * np.exp(_NARROW * (like - 1)) + _WORDS * self.shared(words)
        return np.vecdot(self.answers, like)  # type: ignore[no-any-return]

    def shared(self, words: Sequence[str]) -> "Floats":
        """How much of its words each sentence shares with these: the cosine of both, by how rare they are."""
        import numpy as np

        counts = Counter(_terms(words))
        numbers = np.fromiter(counts, dtype=np.uint64, count=len(counts))
        found, squares = np.zeros(len(self.vectors), dtype=np.float32), 0.0
        for number, place in zip(numbers, np.searchsorted(self.terms, numbers), strict=True):
            if place == len(self.terms) or self.terms[place] != number:
                squares += _UNKNOWN * math.log(len(found) + 1) ** 2
                continue
            weight = (1 + math.log(counts[int(number)])) * float(self.rarity[place])
            squares += weight**2
            some = slice(self.starts[place], self.starts[place + 1])
            found[self.rows[some]] += weight * self.shares[some]
        return found / np.float32(math.sqrt(squares) or 1.0)


def fit(vectors: "Floats", words: Sequence[Sequence[str]], classes: Sequence[Sequence[int]], weights: "Floats") -> Fit:
    """Learns from sentences: their vectors, their words, the columns of the classes each is in, and what each counts.

    Takes about 5 s for 6,500 sentences, and half the room of a square matrix of them.
    """
    import numpy as np

    mean = np.average(vectors, axis=0, weights=weights).astype(np.float32)
    turned = _turned(vectors - mean)
    terms, rarity, starts, rows, shares = _index(words)
    targets = np.zeros((len(classes), 1 + max(c for some in classes for c in some)), dtype=np.float32)
    for row, some in enumerate(classes):
        targets[row, list(some)] = 1
    made = Fit(mean, turned, targets, terms, rarity, starts, rows, shares)
    spans = [slice(s, min(s + _BLOCK, len(classes))) for s in range(0, len(classes), _BLOCK)]
    lower: dict[tuple[int, int], Floats] = {}
    for i, span in enumerate(spans):
        shared = np.stack([made.shared(words[row])[: span.stop] for row in range(span.start, span.stop)])
        for j, beside in enumerate(spans[: i + 1]):
            near = np.exp(_NARROW * (turned[span] @ turned[beside].T - 1))
            lower[i, j] = (1 - _WORDS) * near + _WORDS * shared[:, beside]
        lower[i, i][np.diag_indices(len(shared))] += _RIDGE / weights[span]
    return msgspec.structs.replace(made, answers=np.ascontiguousarray(_solve(lower, spans, targets).T))


def _solve(lower: "dict[tuple[int, int], Floats]", spans: list[slice], targets: "Floats") -> "Floats":
    """Cholesky's way, in the blocks of the lower half: numpy's own would need the whole matrix, twice."""
    import numpy as np

    count, inverse = len(spans), []
    for j in range(count):
        for k in range(j):
            lower[j, j] -= lower[j, k] @ lower[j, k].T
        inverse.append(np.linalg.inv(np.linalg.cholesky(lower.pop((j, j)))))
        for i in range(j + 1, count):
            for k in range(j):
                lower[i, j] -= lower[i, k] @ lower[j, k].T
            lower[i, j] = lower[i, j] @ inverse[j].T
    found = targets.copy()
    for j in range(count):
        for k in range(j):
            found[spans[j]] -= lower[j, k] @ found[spans[k]]
        found[spans[j]] = inverse[j] @ found[spans[j]]
    for j in reversed(range(count)):
        for i in range(j + 1, count):
            found[spans[j]] -= lower[i, j].T @ found[spans[i]]
        found[spans[j]] = inverse[j].T @ found[spans[j]]
    return found


def _index(
    words: Sequence[Sequence[str]],
) -> "tuple[NDArray[np.uint64], Floats, NDArray[np.int32], NDArray[np.int32], Floats]":
    """Which sentences have which term, and what share it is of them."""
    import numpy as np

    counts = [Counter(_terms(said)) for said in words]
    spread = Counter(term for count in counts for term in count)
    terms = np.array(sorted(spread), dtype=np.uint64)
    rare = {term: math.log((len(words) + 1) / (spread[term] + 1)) + 0.3 for term in spread}
    found: list[tuple[int, int, float]] = []
    for row, count in enumerate(counts):
        weight = {term: (1 + math.log(times)) * rare[term] for term, times in count.items()}
        length = math.sqrt(sum(w * w for w in weight.values())) or 1.0
        found += [(term, row, w / length) for term, w in weight.items()]
    found.sort()
    starts = np.searchsorted(np.array([f[0] for f in found], dtype=np.uint64), terms)
    return (
        terms,
        np.array([rare[int(term)] for term in terms], dtype=np.float32),
        np.append(starts, len(found)).astype(np.int32),
        np.array([f[1] for f in found], dtype=np.int32),
        np.array([f[2] for f in found], dtype=np.float32),
    )


def _terms(words: Sequence[str]) -> Iterator[int]:
    """Words and pairs of neighbours, as numbers that are the same in every run."""
    for term in (*words, *(f"{a} {b}" for a, b in pairwise(words))):
        yield int.from_bytes(hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest())


def _turned(moved: "Floats") -> "Floats":
    import numpy as np

    return (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)).astype(np.float32)


def save(path: Path, made: Fit, key: str) -> None:
    """Keep `made` as what `key` stands for; where the disk gives trouble, it is learnt again next time."""
    import numpy as np

    content = io.BytesIO()
    np.savez(content, allow_pickle=False, key=np.array(key), **{f: getattr(made, f) for f in Fit.__struct_fields__})
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f".{path.name}.*.new"):  # of a process that was killed while it wrote
            left.unlink(missing_ok=True)
        durable.write(path, content.getvalue())


def load(path: Path, key: str) -> Fit | None:
    """What was kept for `key`; None where it is missing, damaged, or for another."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            return Fit(**{f: kept[f] for f in Fit.__struct_fields__})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return None
