"""Tier 2: what is meant, where the words do not name it: "I can't see through the windscreen" → clear the windscreen.

What is said is compared, as a sentence embedding, with the sentences of the language packs: needs and paraphrases (each
for one effect), talk that wants nothing, and requests that say too little. Two measures are mixed with equal weight:
the nearest sentences of each class, and a linear classifier fitted to all (ridge regression on one-hot targets:
Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2009, 4.2). All languages are in one space, so that
a sentence of one helps in another.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alpenglow.assistant.functions import split_path
from alpenglow.assistant.language.pack import Effect, Pack
from alpenglow.assistant.models.encoders import Encoder
from alpenglow.assistant.models.vectors import embed_cached

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TALK, ASK = "talk", "ask"
_RIDGE = 1.0
_NEAREST = 3
_NAMED = 0.12  # what a word for the setting adds to the score of its effects
_PART_NAMED = 0.07  # the same for a word for the part that has the setting


class Meant(msgspec.Struct, frozen=True):
    """One thing that may be meant. `effects` is empty for talk, and for what says too little."""

    key: str
    score: float  # about 0.2 for a guess, 0.4 and more where it is clear
    effects: tuple[Effect, ...]


class _AsQueries:
    """Both sides of the comparison are things that people say."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dim = f"{encoder.name}-said", encoder.dim
        self.queries = self.passages = encoder.queries


class Meaning:
    """The sentences of all languages, ready to be compared with."""

    def __init__(
        self,
        encoder: Encoder,
        packs: Mapping[str, Pack],
        folder: Path,
        report: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Embeds what `folder` does not keep yet: about 4 ms a sentence, once. OSError for the folder."""
        import numpy as np

        said: list[tuple[str, str]] = []
        self._effects: dict[str, tuple[Effect, ...]] = {TALK: (), ASK: ()}
        for pack in packs.values():
            for key, sentences in pack.words.needs.items():
                effects = pack.effects_of(key)
                if effects:
                    self._effects[key] = effects
                    said += [(key, s) for s in sentences]
            said += [(TALK, s) for s in pack.words.talk]
            said += [(ASK, s) for s in pack.words.ask]
        self._encoder = encoder
        self._labels = sorted({key for key, _ in said})
        vectors = embed_cached(_AsQueries(encoder), [s for _, s in said], folder, report=report)
        self._mean = vectors.mean(axis=0)
        self._vectors = self._centred(vectors)
        number = {label: i for i, label in enumerate(self._labels)}
        which = np.array([number[key] for key, _ in said])
        order = np.argsort(which, kind="stable")
        self._vectors, which = self._vectors[order], which[order]
        self._starts = np.searchsorted(which, np.arange(len(self._labels)))
        targets = np.zeros((len(which), len(self._labels)), dtype=np.float32)
        targets[np.arange(len(which)), which] = 1
        gram = self._vectors.T @ self._vectors + _RIDGE * np.eye(encoder.dim, dtype=np.float32)
        self._weights = np.linalg.solve(gram, self._vectors.T @ (targets - targets.mean(axis=0)))

    def _centred(self, vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """All sentences of e5 point much the same way; what they differ in is what counts."""
        import numpy as np

        moved = vectors - self._mean
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)  # type: ignore[no-any-return]

    def meant(self, said: str, named: Sequence[str] = (), most: int = 8) -> list[Meant]:
        """What `said` may mean, likeliest first. `named`: patterns of settings whose names its words contain."""
        import numpy as np

        query = self._centred(self._encoder.queries([said]))[0]
        near = self._vectors @ query
        ends = [*self._starts[1:], len(near)]
        scores = query @ self._weights
        for index, (start, end) in enumerate(zip(self._starts, ends, strict=True)):
            top = np.sort(near[start:end])[-_NEAREST:]
            scores[index] = 0.5 * scores[index] + 0.25 * (top[-1] + top.mean())
        if named:
            for index, label in enumerate(self._labels):
                patterns = [e.pattern for e in self._effects[label]]
                if any(split_path(p)[0] == split_path(name)[0] for p in patterns for name in named):
                    scores[index] += _NAMED
                elif any(_about(p, name) for p in patterns for name in named):
                    scores[index] += _PART_NAMED
        best = np.argsort(-scores)[:most]
        return [Meant(self._labels[i], float(scores[i]), self._effects[self._labels[i]]) for i in best]


def _about(pattern: str, name: str) -> bool:
    """Whether `pattern` belongs to the part called `name`, or to one part with it."""
    return pattern.startswith(name + ".") or name.startswith(pattern.rpartition(".")[0] + ".")
