"""Find places again: as people type, with slips, by category, near or along a way.

What is typed never becomes a query's syntax: it is folded to letters and digits, and each word is quoted.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from alpenglow.navigation.api import Place, Position
from alpenglow.navigation.search.categories import Asked, categories
from alpenglow.navigation.search.corridor import Corridor
from alpenglow.navigation.search.folding import LONGEST, MOST_WORDS, fold, is_sign
from alpenglow.navigation.search.index import FORMAT, house_numbers
from alpenglow.navigation.search.ranking import Typed, fitness
from alpenglow.navigation.search.scope import Numbers, Scope, metres_apart
from alpenglow.navigation.search.vocabulary import Vocabulary

_CANDIDATES = 3000  # of one question to the index, the important first
_LOOKED_AT = 50  # of those, whose names are compared
_OF_CATEGORY = 60
_STREETS = 8  # on which a house number is looked for
_SLIPS = 12  # words that one typed word may stand for
_TELLING = 3  # letters of a word without which nothing is found; "de", "el" and a number may be anything
_SURE = 1.25  # fitness from which on nobody slipped
_DOUBTFUL = 0.8  # fitness below which words that tell little may be none of the name
_CATEGORY = 1.0
_POSITION = re.compile(r"\s*([-+]?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*")
_COLUMNS = "number, id, name, names, kind, category, street, housenumber, settlement"

type _Row = tuple[Any, ...]
type _Address = tuple[str, str, str, float, float]  # id, number, settlement, latitude, longitude


class SearchError(ValueError):
    """An index that cannot be read, or a text that is no search, in a sentence for people."""


@dataclass(frozen=True)
class _Hit:
    number: int
    score: float
    text: float = 0.0  # how well its name fits
    kind: str = ""
    address: _Address | None = None


class Places:
    """One region's places. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Raises SearchError."""
        self._file = path
        try:
            self._index = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            self._read()
        except (sqlite3.DatabaseError, msgspec.DecodeError, KeyError, ValueError) as error:
            if isinstance(error, SearchError):
                raise
            raise self._damaged() from None

    def close(self) -> None:
        """Let go of the file."""
        self._index.close()

    def __len__(self) -> int:
        return len(self._lat)

    def search(
        self,
        text: str,
        near: Position | None = None,
        limit: int = 10,
        language: str = "en",
        *,
        within_m: float | None = None,
        corridor: Corridor | None = None,
    ) -> list[Place]:
        """Places that the text may mean, best first; none where it means nothing.

        `near` is from where it is asked; `within_m` keeps to what is so near. `corridor` keeps to a way, and puts those
        first that are the least off it. SearchError for a text of more than LONGEST letters.
        """
        if len(text) > LONGEST:
            raise SearchError(f"a search has at most {LONGEST} letters")
        if found := _position(text):
            return [found]
        words = fold(text)[:MOST_WORDS]
        if not words:
            return []
        try:
            return self._search(categories().asked(words), near, limit, language, within_m, corridor)
        except sqlite3.DatabaseError:
            raise self._damaged() from None

    def find(self, place_id: str, language: str = "en") -> Place | None:
        """The place of that id. SearchError."""
        if found := _position(place_id):
            return found
        try:
            row = self._index.execute(f"SELECT {_COLUMNS} FROM places WHERE id = ?", (place_id,)).fetchone()
            if row is not None:
                return self._place(row, None, None, language)
            at = self._index.execute(
                "SELECT id, shown, settlement, latitude, longitude, street FROM addresses WHERE id = ?", (place_id,)
            ).fetchone()
            if at is None:
                return None
            row = self._index.execute(f"SELECT {_COLUMNS} FROM places WHERE number = ?", (at[5],)).fetchone()
        except sqlite3.DatabaseError:
            raise self._damaged() from None
        return self._place(row, at[:5], None, language)

    # -- what is looked for --------------------------------------------------------------------------------------------

    def _search(
        self,
        asked: Asked,
        near: Position | None,
        limit: int,
        language: str,
        within_m: float | None,
        corridor: Corridor | None,
    ) -> list[Place]:
        scope = Scope(self._lat, self._lon, self._importance, near, within_m, corridor, asked.nearest)
        words = list(asked.words)
        typed = [_typed(word) for word in words]
        hits = self._named(typed, scope)
        meant = categories().meant(words)
        sure = max((hit.text for hit in hits), default=0.0) >= _SURE
        if not sure and not (meant and meant.sure == 1.0 and not meant.rest):
            corrected = [self._slipped(each) for each in typed]
            if any(each.slips for each in corrected):
                hits += self._named(corrected, scope, {hit.number for hit in hits})
            if not hits and len(words) > 1:
                hits += self._named([self._slipped(Typed("".join(words)))], scope)
            if max((hit.text for hit in hits), default=0.0) < _DOUBTFUL:  # "El Pas de la Casa" has no "el" on its sign
                telling = [each for each in corrected if _tells(each.word)]
                hits += self._named(telling, scope, {hit.number for hit in hits}) if telling else []
            meant = meant or (None if hits else categories().meant(words, slips=True))
        if meant is not None:
            hits += self._of_category(meant.categories, meant.rest, meant.sure, scope)
        hits += self._addresses(words, scope)
        best: dict[tuple[int, str], _Hit] = {}
        for hit in hits:
            key = hit.number, hit.address[0] if hit.address else ""
            if key not in best or hit.score > best[key].score:
                best[key] = hit
        ranked = sorted(best.values(), key=lambda hit: -hit.score)[:limit]
        rows = {row[0]: row for row in self._rows({hit.number for hit in ranked}, _COLUMNS)}
        return [self._place(rows[hit.number], hit.address, near, language) for hit in ranked]

    def _slipped(self, typed: Typed) -> Typed:
        near = self._vocabulary.near(typed.word, unfinished=True)
        size = len(typed.word)
        near.sort(key=lambda word: (abs(len(word) - size), word[:1] != typed.word[:1]))
        return replace(typed, slips=frozenset(near[:_SLIPS]))

    def _named(self, typed: Sequence[Typed], scope: Scope, had: Collection[int] = ()) -> list[_Hit]:
        """Places with these words, at least one of them in the name; without those that were `had` before."""
        numbers = set(self._matching(_question(typed, whole=False), scope, _LOOKED_AT, had))
        if not any(each.slips for each in typed):
            numbers |= set(self._matching(_question(typed, whole=True), scope, _LOOKED_AT // 2))
            text = " ".join(each.word for each in typed)
            begun = self._index.execute(
                "SELECT place FROM names WHERE folded >= ? AND folded < ? LIMIT 200", (text, text + "\U0010ffff")
            )
            numbers |= set(scope.best(_numbers(begun), _LOOKED_AT // 2))
        rows = self._rows(numbers, "number, kind, spelled, around")
        gained = scope.worth([row[0] for row in rows])
        hits = []
        for number, kind, spelled, around in rows:
            fit = fitness(typed, spelled.split("\n"), around)
            if fit > 0.0:
                hits.append(_Hit(number, fit + gained[number], fit, kind))
        return hits

    def _of_category(self, names: Iterable[str], rest: Sequence[str], sure: float, scope: Scope) -> list[_Hit]:
        codes = [self._codes[name] for name in names if name in self._codes]
        numbers = np.flatnonzero(np.isin(self._category, codes)) + 1
        if rest:
            typed = [Typed(word) for word in rest]
            said = self._matching(_question(typed, whole=False, anywhere=True), scope, _CANDIDATES)
            numbers = np.intersect1d(numbers, np.array(said, np.int64))
        chosen = scope.best(numbers, _OF_CATEGORY, nearest=True)
        base = _CATEGORY * sure + (0.4 if rest else 0.0)
        return [_Hit(number, base + gained) for number, gained in scope.worth(chosen).items()]

    def _addresses(self, words: list[str], scope: Scope) -> list[_Hit]:
        """House numbers: "Carrer Major 5" or "5 Main Street"."""
        at = next((i for i in range(len(words) - 1, -1, -1) if words[i][0].isdigit()), -1)
        rest = [word for i, word in enumerate(words) if i != at]
        if at < 0 or not rest:
            return []
        number = words[at]
        if at + 1 < len(words) and len(words[at + 1]) == 1 and words[at + 1].isalpha():  # "5 b"
            with_letter = self._on_streets(number + words[at + 1], [*words[:at], *words[at + 2 :]], scope)
            if with_letter:
                return with_letter
        return self._on_streets(number, rest, scope)

    def _on_streets(self, number: str, words: list[str], scope: Scope) -> list[_Hit]:
        if not words:
            return []
        typed = [_typed(word) for word in words]
        streets = self._streets(typed, scope) or self._streets([self._slipped(each) for each in typed], scope)
        hits = []
        for street in streets:
            exact = self._index.execute(
                "SELECT id, shown, settlement, latitude, longitude FROM addresses WHERE street = ? AND number = ?",
                (street.number, house_numbers(number)[0]),
            ).fetchall()
            begun = (
                exact
                or self._index.execute(
                    "SELECT id, shown, settlement, latitude, longitude FROM addresses "
                    "WHERE street = ? AND number > ? AND number < ? LIMIT 4",
                    (street.number, number, number + ":"),
                ).fetchall()
            )
            score = street.score + (0.8 if exact else 0.3)
            inside = (address for address in begun if scope.within(address[3], address[4]))
            hits += [_Hit(street.number, score, street.text, address=address) for address in inside]
        return hits

    def _streets(self, typed: Sequence[Typed], scope: Scope) -> list[_Hit]:
        everywhere = replace(scope, corridor=None, within_m=None)
        found = [hit for hit in self._named(typed, everywhere) if hit.kind in ("street", "settlement")]
        return sorted(found, key=lambda hit: -hit.score)[:_STREETS]

    # -- the index -----------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        (version,) = self._index.execute("PRAGMA user_version").fetchone()
        if version != FORMAT:
            raise SearchError(f"{self._file}: was made by another version of Alpenglow; add the map again")
        columns = dict(self._index.execute("SELECT name, data FROM columns"))
        self._lat = np.frombuffer(columns["latitude"], np.float64)
        self._lon = np.frombuffer(columns["longitude"], np.float64)
        self._importance = np.frombuffer(columns["importance"], np.float32)
        self._category = np.frombuffer(columns["category"], np.int16)
        names = msgspec.json.decode(columns["categories"], type=list[str])
        self._codes = {name: code for code, name in enumerate(names) if name}
        self._index.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
        self._vocabulary = Vocabulary(word for (word,) in self._index.execute("SELECT term FROM temp.vocabulary"))
        self._index.execute("SELECT count(*) FROM (SELECT 1 FROM places LIMIT 1)").fetchone()

    def _matching(self, question: str, scope: Scope, count: int, had: Collection[int] = ()) -> list[int]:
        found = self._index.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ?", (question, _CANDIDATES)
        ).fetchall()
        numbers = _numbers(found)
        return scope.best(numbers[~np.isin(numbers, list(had))] if had else numbers, count)

    def _rows(self, numbers: Iterable[int], columns: str) -> list[_Row]:
        wanted = ",".join(str(int(number)) for number in numbers)
        return self._index.execute(f"SELECT {columns} FROM places WHERE number IN ({wanted})").fetchall()

    def _damaged(self) -> SearchError:
        return SearchError(f"{self._file}: the index of places cannot be read; add the map again")

    # -- the answer ----------------------------------------------------------------------------------------------------

    def _place(self, row: _Row, address: _Address | None, near: Position | None, language: str) -> Place:
        number, osm_id, name, names, kind, category, street, housenumber, settlement = row
        lat, lon = float(self._lat[number - 1]), float(self._lon[number - 1])
        if names:
            name = msgspec.json.decode(names, type=dict[str, str]).get(language, name)
        if address is not None:
            osm_id, shown, town, lat, lon = address
            name, kind, settlement = f"{name} {shown}", "address", town or settlement
        elif not name and category:
            name = categories().all[category].title(language)
        return Place(
            id=osm_id,
            name=name,
            kind=kind,
            category=category,
            where=", ".join(part for part in (f"{street} {housenumber}".strip(), settlement) if part),
            position=Position(lat, lon),
            distance_m=None if near is None else round(metres_apart(near, lat, lon), 1),
        )


def _numbers(rows: Iterable[tuple[int]]) -> Numbers:
    return np.array([number for (number,) in rows], np.int64)


def _tells(word: str) -> bool:
    return len(word) >= _TELLING and not word[0].isdigit()


def _typed(word: str) -> Typed:
    return Typed(word, synonyms=frozenset(categories().short.get(word, ())))


def _question(typed: Sequence[Typed], whole: bool, anywhere: bool = False) -> str:
    """What the index is asked: every word somewhere, and one of them in the name unless `anywhere`."""
    each = [f"({' OR '.join(_terms(word, whole))})" for word in typed]
    every = " AND ".join(_together(typed, each))
    return every if anywhere else f"({every}) AND name : ({' OR '.join(each)})"


def _terms(typed: Typed, whole: bool) -> list[str]:
    star = "" if whole or is_sign(typed.word) else "*"
    words = [f'"{typed.word}"{star}', *(f'"{word}"' for word in sorted(typed.synonyms))]
    return words + [f'"{word}"' for word in typed.slips]


def _together(typed: Sequence[Typed], each: Sequence[str]) -> list[str]:
    """Signs that were typed side by side are looked for side by side."""
    asked: list[str] = []
    i = 0
    while i < len(typed):
        end = i
        while end < len(typed) and is_sign(typed[end].word):
            end += 1
        if end - i > 1:
            asked.append('"' + " ".join(one.word for one in typed[i:end]) + '"')
        else:
            end = i + 1
            asked.append(each[i])
        i = end
    return asked


def _position(text: str) -> Place | None:
    """The place that "42.5078, 1.5211" is."""
    found = _POSITION.fullmatch(text)
    if found is None or abs(float(found[1])) > 90.0 or abs(float(found[2])) > 180.0:
        return None
    lat, lon = float(found[1]), float(found[2])
    name = f"{lat:.5f}, {lon:.5f}"
    return Place(id=name, name=name, kind="address", position=Position(lat, lon), distance_m=None)
