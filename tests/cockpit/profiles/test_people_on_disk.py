"""What is kept of people: old or new after any end, nothing lost on a full disk, a damaged file set aside."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alpenglow.cockpit.parts import OWNER
from alpenglow.cockpit.process import open_store
from alpenglow.cockpit.profiles.people import People, PeopleError, StoreError
from alpenglow.cockpit.profiles.pin import Tries
from alpenglow.fabric.store import Store

# Another process that writes whole generations of settings, and says after each that it is on the disk.
_WRITER = """
import sys
from pathlib import Path
from alpenglow.cockpit.profiles.people import People
from alpenglow.fabric.store import Store

people = People(Store(Path(sys.argv[1]), "cockpit"))
generation = int(sys.argv[2])
while True:
    generation += 1
    people.keep_settings("owner", {f"path{n}": generation for n in range(200)})
    people.rename(people.owner(), f"Generation {generation}")
    print(generation, flush=True)
"""

_FULL = """
import resource, signal, sys
from pathlib import Path
from alpenglow.cockpit.profiles.people import People
from alpenglow.fabric.store import Store, StoreError

people = People(Store(Path(sys.argv[1]), "cockpit"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write beyond the limit is the error that a full disk gives
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
for n in range(10_000):
    try:
        people.keep_settings("owner", {f"path{n}": "x" * 5000})
    except StoreError as error:
        print(n, error)
        break
"""


def people_in(folder: Path) -> People:
    return People(Store(folder, "cockpit"))


def keep_much(people: People) -> None:
    for n in range(10_000):
        people.keep_settings(OWNER, {f"path{n}": "x" * 1000})


def create_many(people: People) -> None:
    for n in range(20):
        people.create(f"Person {n}", None, {})


def test_killed_at_any_moment_the_old_or_the_new_is_there(tmp_path: Path) -> None:
    said, chance = 0, random.Random(20261122)
    for _ in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(said)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        said = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.0, 0.1))
        writer.send_signal(signal.SIGKILL)
        rest = [int(line) for line in writer.communicate()[0].split("\n") if line.isdigit()]
        said = max([said, *rest])
        store = Store(tmp_path, "cockpit")
        assert store.notice is None
        people = People(store)
        generations = set(people.settings(OWNER).values())
        assert len(generations) == 1, "all of one generation"
        kept = int(str(generations.pop()))
        assert kept in (said, said + 1), "what was said to be kept is kept"
        assert int(people.owner().name.split()[1]) in (kept, kept - 1)
        store.close()


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    before = people_in(tmp_path)
    kim = before.create("Kim", None, {"path": 1})
    filler = subprocess.run([sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, timeout=60)
    number, _, says = filler.stdout.partition(" ")
    assert int(number) > 0
    assert "what was kept before is still there" in says
    assert str(tmp_path) in says
    after = people_in(tmp_path)
    assert after.get(kim.id).name == "Kim"
    assert after.settings(kim.id) == {"path": 1}
    assert len(after.settings(OWNER)) == int(number)


def test_a_disk_that_is_full_from_the_start_still_lets_people_be_read(tmp_path: Path) -> None:
    store = Store(tmp_path, "cockpit")
    people = People(store)
    kim = people.create("Kim", None, {"path": 1})
    pages = sqlite3.connect(tmp_path / "cockpit.sqlite").execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"):
        keep_much(people)
    assert people.get(kim.id).name == "Kim"
    assert people.settings(kim.id) == {"path": 1}


def test_a_file_that_cannot_be_opened_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "cockpit").write_text("a file where the folder should be")
    store = open_store(tmp_path / "cockpit")
    assert "nothing is kept" in (store.notice or "")
    people = People(store)
    kim = people.create("Kim", None, {"path": 1})
    assert people.settings(kim.id) == {"path": 1}
    people.erase(kim.id)
    assert [p.id for p in people.all()] == [OWNER]


@pytest.mark.parametrize("damage", ["head", "middle", "empty", "text"])
def test_a_damaged_file_is_kept_aside_and_there_is_an_owner(damage: str, tmp_path: Path) -> None:
    store = Store(tmp_path, "cockpit")
    for name in "ABCDEFGH":
        People(store).create(name, None, {f"path{n}": "x" * 100 for n in range(50)})
    store.compact()
    store.close()
    file = tmp_path / "cockpit.sqlite"
    content = bytearray(file.read_bytes())
    if damage == "head":
        content[:4096] = b"\xff" * 4096
    elif damage == "middle":
        content[4096:20480] = b"\xff" * 16384
    elif damage == "text":
        content = bytearray(b"not a database at all, but a letter to nobody\n" * 400)
    file.write_bytes(b"" if damage == "empty" else bytes(content))
    store = Store(tmp_path, "cockpit")
    assert [p.id for p in People(store).all()] == [OWNER]
    if damage != "empty":
        assert "damaged" in (store.notice or "")
        assert any(copy.read_bytes() == bytes(content) for copy in tmp_path.glob("*.damaged-*"))
    assert People(store).create("Kim", None, {}).name == "Kim"


def test_keys_names_and_ids_belong_to_one_person(tmp_path: Path) -> None:
    people = people_in(tmp_path)
    kim, lee = people.create("Kim", None, {}), people.create("Lee", None, {})
    people.link(kim, 3, linked=True)
    people.link(people.get(lee.id), 3, linked=True)
    assert people.get(kim.id).keys == ()
    assert people.with_key(3) == people.get(lee.id)
    with pytest.raises(PeopleError, match="of that name"):
        people.rename(lee, "KIM")
    people.keep_in_force(lee.id, 3)
    people.keep_tries(lee.id, Tries(3))
    people.erase(lee.id)
    assert people.in_force() == (OWNER, 3)
    assert people.with_key(3) is None


def test_a_car_keeps_a_household_not_a_fleet(tmp_path: Path) -> None:
    people = people_in(tmp_path)
    with pytest.raises(PeopleError, match="12 profiles"):
        create_many(people)
