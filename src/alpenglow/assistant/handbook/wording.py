"""Finding passages by their words: one SQLite FTS5 table in memory per language, ranked by BM25.

The table holds terms as `words` makes them, so that every language is searched alike. Coverage says how much of what
was asked about a text contains, weighing rare words more; a word that the handbook never uses weighs most, because a
question about things it never mentions is none for a handbook.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Sequence

from alpenglow.assistant.handbook.passages import Passage
from alpenglow.assistant.handbook.words import Term, terms

_PARTS_COUNT = 0.8  # of a compound whose parts are there, but not the word itself
_WEIGHTS = (4.0, 3.0, 1.5, 1.0)  # of a hit in title, index, chapter, text


class Wording:
    """The words of one language's passages; a passage is known by its place in the list."""

    def __init__(self, passages: Sequence[Passage], language: str) -> None:
        self._language = language
        everything = " ".join(f"{p.chapter} {p.title} {p.index} {p.text}" for p in passages)
        self._known = frozenset(term.whole for term in terms(everything, language))
        # A program may search from another thread than the one that opened it; nobody writes after this.
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute("CREATE VIRTUAL TABLE passage USING fts5(title, words, chapter, body)")
        self._tokens: list[frozenset[str]] = []
        used_in: Counter[str] = Counter()
        for place, p in enumerate(passages):
            columns = [self._spell(text) for text in (p.title, p.index, p.chapter, p.text)]
            self._base.execute(
                "INSERT INTO passage(rowid, title, words, chapter, body) VALUES (?,?,?,?,?)", (place, *columns)
            )
            tokens = frozenset(" ".join(columns).split())
            self._tokens.append(tokens)
            used_in.update(tokens)
        count = len(passages)
        self._rarity = {token: math.log(1.0 + count / n) for token, n in used_in.items()}
        self._unheard = math.log(1.0 + 2.0 * count)  # rarer than a word that one passage has

    def terms(self, text: str) -> list[Term]:
        """What `text` is about."""
        return terms(text, self._language, self._known)

    def scores(self, asked: Sequence[Term]) -> dict[int, float]:
        """BM25 of every passage that shares a word with `asked`, by its place; more is better."""
        tokens = dict.fromkeys(token for term in asked for token in (term.whole, *term.parts))
        if not tokens:
            return {}
        query = " OR ".join(f'"{token}"' for token in tokens)  # terms are letters and digits: nothing to escape
        rows = self._base.execute(
            "SELECT rowid, -bm25(passage, ?, ?, ?, ?) FROM passage WHERE passage MATCH ?", (*_WEIGHTS, query)
        )
        return dict(rows)

    def coverage(self, asked: Sequence[Term], place: int) -> float:
        """How much of `asked` the passage at `place` contains, 0 to 1."""
        return self._covered(asked, self._tokens[place])

    def coverage_of(self, asked: Sequence[Term], text: str) -> float:
        """How much of `asked` a text contains, 0 to 1."""
        return self._covered(asked, frozenset(self._spell(text).split()))

    def _covered(self, asked: Sequence[Term], tokens: frozenset[str]) -> float:
        total = covered = 0.0
        for term in dict.fromkeys(asked):
            weight = self._rarity.get(term.whole)
            if weight is None:  # of a compound that the handbook lacks, its rarer part counts
                weight = max((self._rarity.get(part, self._unheard) for part in term.parts), default=self._unheard)
            total += weight
            if term.whole in tokens:
                covered += weight
            elif term.parts:
                covered += weight * _PARTS_COUNT * sum(part in tokens for part in term.parts) / len(term.parts)
        return covered / total if total else 0.0

    def _spell(self, text: str) -> str:
        return " ".join(token for term in self.terms(text) for token in (term.whole, *term.parts))
