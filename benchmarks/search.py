"""Search over Andorra: how fast it answers each letter that is typed, and what it finds where one is wrong.

`python -m benchmarks search` takes the extract from data/maps in $ALPENGLOW_SHARED, else in ../shared.
"""

import os
import random
import string
import tempfile
import time
from pathlib import Path

from alpenglow.navigation.api import Position
from alpenglow.navigation.region.reading import read
from alpenglow.navigation.search.index import build_index
from alpenglow.navigation.search.query import Places
from benchmarks.table import Row, at_least, at_most, quantile

_SHARED = Path(os.environ.get("ALPENGLOW_SHARED", Path(__file__).parents[2] / "shared"))
_EXTRACT = _SHARED / "data" / "maps" / "andorra.osm.pbf"
_NAMES = 200
_AMONG = 5
_LEAST_LETTERS = 4
_NEAR = Position(42.5063, 1.5218)  # Andorra la Vella
_SEED = 20


def run() -> list[Row]:
    """Index, search as people type, and search for names with a slip."""
    with tempfile.TemporaryDirectory() as folder:
        reading = read(_EXTRACT, Path(folder) / "drawn")
        began = time.perf_counter()
        raw = reading.places.places()
        count = build_index(Path(folder) / "places.sqlite", raw)
        took = time.perf_counter() - began
        places = Places(Path(folder) / "places.sqlite")
        dice = random.Random(_SEED)
        named = sorted({place.names[""] for place in raw if len(place.names.get("", "")) >= _LEAST_LETTERS})
        sample = dice.sample(named, _NAMES)
        rows = [Row("places to index, Andorra", took, "s", note=f"{count:,} places, {len(named):,} names")]
        rows += typing(places, sample)
        ids = {name: {place.id for place in raw if place.names.get("") == name} for name in sample}
        rows += slipping(places, ids, dice)
        places.close()
        return rows


def typing(places: Places, names: list[str]) -> list[Row]:
    """Each beginning of each name, as it is typed letter by letter."""
    beginnings = [name[:size] for name in names for size in range(1, len(name) + 1)]
    for beginning in beginnings[:100]:
        places.search(beginning, _NEAR)
    took, worked = [], []
    for beginning in beginnings:
        began, began_work = time.perf_counter(), time.thread_time()
        places.search(beginning, _NEAR)
        took.append(time.perf_counter() - began)
        worked.append(time.thread_time() - began_work)
    return [
        Row("search as you type, p50", quantile(took, 0.5) * 1e3, "ms", note=f"{len(took):,} beginnings of names"),
        at_most("search as you type, p95", quantile(took, 0.95) * 1e3, 5, "ms"),
        Row("the same, processor time, p95", quantile(worked, 0.95) * 1e3, "ms"),
    ]


def slipping(places: Places, names: dict[str, set[str]], dice: random.Random) -> list[Row]:
    """Names with one letter too many, too few, wrong, or swapped: one of each, so 200 names are 800 searches."""
    rows = []
    all_found = 0
    for kind in ("insert", "delete", "replace", "swap"):
        found = 0
        for name, ids in names.items():
            answers = places.search(_slip(name, kind, dice), _NEAR, limit=_AMONG)
            found += any(place.id in ids for place in answers)
        all_found += found
        rows.append(Row(f"found with a slip ({kind})", 100 * found / len(names), "%"))
    share = 100 * all_found / (4 * len(names))
    note = f"{len(names)} names, {_AMONG} answers looked at"
    return [at_least("found with one letter wrong", share, 95, "%", note), *rows]


def _slip(name: str, kind: str, dice: random.Random) -> str:
    """The name with one slip, at a letter."""
    places = [i for i, letter in enumerate(name) if letter.isalpha()]
    at = dice.choice(places)
    letter = dice.choice(string.ascii_lowercase.replace(name[at].lower(), ""))
    if kind == "insert":
        return name[:at] + letter + name[at:]
    if kind == "delete":
        return name[:at] + name[at + 1 :]
    if kind == "replace":
        return name[:at] + letter + name[at + 1 :]
    pairs = [i for i in places if i + 1 in places and name[i].lower() != name[i + 1].lower()]
    at = dice.choice(pairs)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
