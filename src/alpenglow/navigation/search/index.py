"""The index of places: one SQLite file, written once, read only from then on.

Places are numbered by importance, so that the first of any list are those that matter most. Addresses hang on their
street and are not searched for themselves.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from alpenglow.navigation.search.folding import fold, folded, spellings
from alpenglow.navigation.search.reading import RawPlace

FORMAT = 1  # counts up whenever a file of before could be read wrongly
SHOWN_LANGUAGES = ("en", "de", "zh", "ar")
_LONGEST_JOINED = 24  # letters
_MOST_JOINED = 4  # words

_TABLES = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {FORMAT};
CREATE TABLE places (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL, kind TEXT NOT NULL,
    category TEXT NOT NULL, street TEXT NOT NULL, housenumber TEXT NOT NULL, settlement TEXT NOT NULL,
    spelled TEXT NOT NULL, around TEXT NOT NULL
);
CREATE TABLE names (folded TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (folded, place)) WITHOUT ROWID;
CREATE TABLE addresses (
    street INTEGER NOT NULL, number TEXT NOT NULL, id TEXT NOT NULL, shown TEXT NOT NULL, settlement TEXT NOT NULL,
    latitude REAL NOT NULL, longitude REAL NOT NULL, PRIMARY KEY (street, number, id)
) WITHOUT ROWID;
CREATE TABLE columns (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    name, around, content='', tokenize='unicode61 remove_diacritics 0', prefix='1 2 3'
);
"""


def build_index(path: Path, places: Iterable[RawPlace]) -> int:
    """Write the index; how many places it has, addresses among them. OSError, also for a full disk."""
    found = list(places)
    addresses = [place for place in found if place.kind == "address"]
    ranked = [place for place in found if place.kind != "address"]
    ranked += _unmapped_streets(ranked, addresses)
    ranked.sort(key=lambda place: (-place.importance, place.id))
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as index:
            index.executescript(_TABLES)
            index.execute("BEGIN")
            _write_places(index, ranked)
            hung = list(_hung(ranked, addresses))
            index.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?, ?, ?, ?, ?)", hung)
            index.execute("INSERT INTO words(words) VALUES ('optimize')")
            index.execute("CREATE UNIQUE INDEX by_id ON places (id)")
            index.execute("CREATE INDEX address_by_id ON addresses (id)")
            index.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(*_cause(error), str(path)) from None
    return len(ranked) + len(addresses)


def house_numbers(text: str) -> list[str]:
    """The numbers of "5-7;9 b", as they are compared: "5-7", "5", "7", "9b"."""
    numbers = []
    for part in re.split(r"[;,]", text):
        parts = fold(part)
        if len(parts) == 2 and not parts[1].isdigit():
            numbers.append("".join(parts))
        else:
            numbers += ["-".join(parts), *(parts if len(parts) > 1 else ())]
    return [number for number in dict.fromkeys(numbers) if number]


def _write_places(index: sqlite3.Connection, ranked: list[RawPlace]) -> None:
    used: set[str] = set()
    rows, names, words = [], [], []
    for number, place in enumerate(ranked, 1):
        spelled = _spelled(place)
        around = " ".join(dict.fromkeys(_around(place)))
        osm_id = place.id if place.id not in used else f"{place.id}/{number}"
        used.add(osm_id)
        rows.append(
            (
                number, osm_id, place.names.get("", ""), _shown(place), place.kind, place.category, place.street,
                place.housenumber, place.settlement, "\n".join(spelled), around,
            )
        )  # fmt: skip
        names += [(spelling, number) for spelling in spelled]
        joined = [_together(spelling) for spelling in spelled]
        words.append((number, " ".join([*spelled, *filter(None, joined)]), around))
    index.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    index.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", sorted(names))
    index.executemany("INSERT INTO words (rowid, name, around) VALUES (?, ?, ?)", words)
    kinds = sorted({place.category for place in ranked})
    code = {category: i for i, category in enumerate(kinds)}
    columns: dict[str, np.ndarray[Any, Any]] = {
        "latitude": np.array([place.lat for place in ranked], np.float64),
        "longitude": np.array([place.lon for place in ranked], np.float64),
        "importance": np.array([place.importance for place in ranked], np.float32),
        "category": np.array([code[place.category] for place in ranked], np.int16),
    }
    index.executemany("INSERT INTO columns VALUES (?, ?)", [(name, data.tobytes()) for name, data in columns.items()])
    index.execute("INSERT INTO columns VALUES ('categories', ?)", (msgspec.json.encode(kinds),))


def _spelled(place: RawPlace) -> list[str]:
    """How its names may be typed, the one on the sign first."""
    return [
        spelling
        for spelling in dict.fromkeys(spelling for name in place.names.values() for spelling in spellings(name))
        if spelling
    ]


def _around(place: RawPlace) -> Iterator[str]:
    for text in (place.street, place.settlement, place.postcode):
        for spelling in spellings(text):
            yield from spelling.split()


def _together(spelling: str) -> str:
    """ "la massana" as one word, for who leaves the space out."""
    words = spelling.split()
    joined = "".join(words)
    return joined if 1 < len(words) <= _MOST_JOINED and len(joined) <= _LONGEST_JOINED else ""


def _shown(place: RawPlace) -> str:
    """The names that are shown in other languages, as JSON; "" where there is only one."""
    names = {language: place.names[language] for language in SHOWN_LANGUAGES if place.names.get(language)}
    return msgspec.json.encode(names).decode() if names else ""


def _unmapped_streets(ranked: Sequence[RawPlace], addresses: Sequence[RawPlace]) -> Iterator[RawPlace]:
    """Streets that only addresses tell of; the id is that of the first address there."""
    known = {
        folded(name) for place in ranked if place.kind in ("street", "settlement") for name in place.names.values()
    }
    told: dict[tuple[str, str], RawPlace] = {}
    for place in addresses:
        key = folded(place.street), place.settlement
        if key[0] and key[0] not in known:
            told.setdefault(key, place)
    for place in told.values():
        street_id = f"{place.id.partition('/')[0]}/street"
        names = {"": place.street}
        yield RawPlace(
            street_id, names, "street", "", "", "", place.settlement, place.postcode, place.lat, place.lon, 0.22
        )


def _hung(ranked: Sequence[RawPlace], addresses: Sequence[RawPlace]) -> Iterator[tuple[object, ...]]:
    """Addresses with the number of the nearest street, or settlement, of that name."""
    of_name: dict[str, list[int]] = {}
    for number, place in enumerate(ranked, 1):
        if place.kind in ("street", "settlement"):
            for named in {folded(name) for name in place.names.values()}:
                of_name.setdefault(named, []).append(number)
    for place in addresses:
        streets = of_name.get(folded(place.street))
        if not streets:
            continue
        nearest = min(streets, key=lambda number: _far(ranked[number - 1], place))
        for house_number in house_numbers(place.housenumber):
            yield nearest, house_number, place.id, place.housenumber, place.settlement, place.lat, place.lon


def _far(one: RawPlace, other: RawPlace) -> float:
    return (one.lat - other.lat) ** 2 + (one.lon - other.lon) ** 2


def _cause(error: sqlite3.OperationalError) -> tuple[int, str]:
    import errno
    import os

    number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
    return number, os.strerror(number) if number == errno.ENOSPC else str(error)
