"""Tier 2: what is meant, where the words do not name it: "I can't see through the windscreen" → clear the windscreen.

What is said is compared with the sentences of the language packs: needs and paraphrases, talk that wants nothing,
requests that say too little, and the names of settings. First the setting is found (or talk, or too little), wherever
in the car it is; then, of its effects alone, the one that is meant. All languages are in one space, so that a sentence
of one helps in another. An effect that would change nothing is not what somebody wants.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alpenglow.assistant import fitting
from alpenglow.assistant.functions import split_path
from alpenglow.assistant.language.pack import Effect, Pack, parse_effect
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.models.encoders import Encoder
from alpenglow.assistant.models.vectors import embed_cached

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TALK, ASK = "talk", "ask"
_FORM = "3"  # of what is kept on the disk
_NAMES = 4  # of each setting and phrase: the first are the usual ones
_NAME = 0.25  # what a name counts beside a sentence: it says what, and neither that it is wanted nor how
_TALK = 2.0  # what talk counts: to move something unasked is worse than to ask once more
_OTHERWISE = 0.1  # an effect is taken for a likelier one that is so already, if it comes so near to it
_NAMED = 0.05  # what a word for the setting adds to its score


class Meant(msgspec.Struct, frozen=True):
    """One thing that may be meant. `effects` is empty for talk, and for what says too little."""

    key: str
    score: float  # of the setting (or talk, or too little): about 1 where it is sure, 0 for no matter
    effects: tuple[Effect, ...]
    function: str = ""  # the setting, wherever it is


class _Row(msgspec.Struct, frozen=True):
    """One sentence, or name, that is compared with."""

    text: str
    language: str
    function: str  # or talk, or ask
    key: str = ""  # the effect; "": only the setting is named
    name: bool = False


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
        """Embeds what `folder` does not keep yet (about 4 ms a sentence) and learns from it, once. OSError for it."""
        self._encoder, self.packs = encoder, packs
        self._effects: dict[str, tuple[Effect, ...]] = {TALK: (), ASK: ()}
        rows = self._rows()
        self._functions = sorted({row.function for row in rows})
        keys = sorted({row.key for row in rows if row.key})
        column = {name: i for i, name in enumerate([*self._functions, *keys])}
        self._keys: dict[str, list[tuple[str, int]]] = {}
        for key in keys:
            self._keys.setdefault(_function(key), []).append((key, column[key]))
        words = [msgspec.json.encode(pack.words) for pack in packs.values()]
        content = msgspec.json.encode((_FORM, encoder.name, rows))
        digest = hashlib.sha256(b"\0".join((content, *words))).hexdigest()
        path = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '-', encoder.name)}-meaning.npz"
        kept = fitting.load(path, digest)
        if kept is None:
            kept = self._learn(rows, column, folder, report)
            fitting.save(path, kept, digest)
        self._fit = kept

    def _rows(self) -> list[_Row]:
        rows: list[_Row] = []
        for language, pack in self.packs.items():
            for key, sentences in pack.words.needs.items():
                if effects := pack.effects_of(key):
                    self._effects[key] = effects
                    rows += [_Row(said, language, _function(key), key) for said in sentences]
            for key, sentences in ((TALK, pack.words.talk), (ASK, pack.words.ask)):
                rows += [_Row(said, language, key) for said in sentences]
        known = {row.function for row in rows}
        for language, pack in self.packs.items():
            for pattern, names in pack.words.names.items():
                below = {f.pattern for f in pack.functions.below(pattern) if f.settable} & known
                if len(below) == 1:
                    [function] = below
                    rows += [_Row(_the(name, language), language, function, name=True) for name in names[:_NAMES]]
            for key, phrases in pack.words.does.items():
                if _function(key) in known:
                    effect = key if key in self._effects else ""
                    rows += [_Row(said, language, _function(key), effect, name=True) for said in phrases[:_NAMES]]
        return rows

    def _learn(
        self, rows: Sequence[_Row], column: Mapping[str, int], folder: Path, report: Callable[[int, int], None]
    ) -> fitting.Fit:
        import numpy as np

        vectors = embed_cached(_AsQueries(self._encoder), [_tidy(row.text) for row in rows], folder, report=report)
        words = [self._words(row.text, row.language) for row in rows]
        classes = [[column[row.function], *([column[row.key]] if row.key else [])] for row in rows]
        of_each = np.bincount([some[0] for some in classes])
        weights = np.array([1 / np.sqrt(of_each[some[0]]) for some in classes], dtype=np.float32)
        weights *= np.array(
            [_NAME if r.name else _TALK if r.function in (TALK, ASK) else 1.0 for r in rows], np.float32
        )
        return fitting.fit(vectors, words, classes, weights / weights.mean())

    def _words(self, said: str, language: str) -> list[str]:
        pack = self.packs[language]
        return [pack.stem(t.text) for t in pack.split_compounds(hear(said).tokens) if t.is_word]

    def meant(
        self,
        said: str,
        named: Sequence[str] = (),
        most: int = 8,
        *,
        language: str = "en",
        idle: Callable[[Effect], bool] = lambda effect: False,
    ) -> list[Meant]:
        """What `said` may mean, likeliest first: `most` settings with their likeliest effect, talk, and too little.

        `named`: patterns of settings whose names its words contain. `idle`: whether an effect would change nothing.
        """
        scores = self._fit.scores(self._encoder.queries([_tidy(said)])[0], self._words(said, language))
        found: list[tuple[float, str]] = []
        for index, function in enumerate(self._functions):
            score = float(scores[index])
            if any(_about(function, name) for name in named):
                score += _NAMED
            found.append((score, function))
        found.sort(reverse=True)
        result: list[Meant] = []
        for score, function in found:
            if function in (TALK, ASK):
                result.append(Meant(function, score, ()))
                continue
            if len(result) >= most:
                continue
            if key := self._effect(function, scores, idle):
                result.append(Meant(key, score, self._effects[key], function))
        return result

    def _effect(self, function: str, scores: "NDArray[np.float32]", idle: Callable[[Effect], bool]) -> str | None:
        """Which effect on `function` is meant; None where none would change anything."""
        ordered = sorted(((float(scores[column]), key) for key, column in self._keys[function]), reverse=True)
        best = ordered[0][0]
        busy = [(s, key) for s, key in ordered if not all(idle(effect) for effect in self._effects[key])]
        if not busy:
            return None
        # What is so already was hardly asked for, unless that is all that it can mean: then its opposite is not meant.
        return busy[0][1] if busy[0][0] >= _OTHERWISE * best else ordered[0][1]


def _function(key: str) -> str:
    """The setting that an effect is about, wherever it is."""
    return split_path(parse_effect(key.partition(";")[0]).pattern)[0]


def _the(name: str, language: str) -> str:
    """A name as it stands in a sentence, which makes its vector one of a sentence."""
    return f"the {name}" if language == "en" else name


def _tidy(said: str) -> str:
    """Without what writing adds to speech: a capital at the start, a mark at the end."""
    said = said.strip().rstrip(".!?。！？… ")
    return said if re.match(r"I\b", said) else said[:1].lower() + said[1:]


def _about(pattern: str, name: str) -> bool:
    """Whether `pattern` is the setting called `name`, or belongs to that part."""
    name = split_path(name)[0]
    return pattern == name or pattern.startswith(name + ".") or name.startswith(pattern.rpartition(".")[0] + ".")
