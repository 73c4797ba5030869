"""What is remembered stays, what is erased is gone, and a broken file breaks nothing else."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.memory.facts import FactError, Facts
from alpenglow.fabric.store import Store, StoreError
from alpenglow.signals.conditions import Place
from tests.assistant.memory.car import MONDAY

SECRET = "periwinkle-umbrella-8841"


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_a_fact_is_there_after_a_restart_with_the_persons_own_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    Facts(store).remember("kim", "likes.temperature", 21, "I like 21 degrees", MONDAY)
    store.close()

    fact = Facts(Store(tmp_path, "memory")).recall("kim", "likes.temperature")

    assert fact is not None
    assert (fact.value, fact.said, fact.at) == (21, "I like 21 degrees", MONDAY)


def test_a_killed_process_loses_nothing_that_it_had_said_was_kept(tmp_path: Path) -> None:
    program = f"""
import os, signal, sys
from pathlib import Path
from alpenglow.assistant.memory.facts import Facts
from alpenglow.fabric.store import Store
from tests.assistant.memory.car import MONDAY
facts = Facts(Store(Path({str(tmp_path)!r}), "memory"))
for n in range(20):
    facts.remember("kim", f"n{{n}}", n, "", MONDAY)
    print(n, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    said = [int(line) for line in done.stdout.split()]
    assert said == list(range(20)), done.stderr
    assert {fact.value for fact in Facts(Store(tmp_path, "memory")).all("kim")} == set(said)


def test_profiles_do_not_see_each_other(tmp_path: Path) -> None:
    facts = Facts(Store(tmp_path, "memory"))
    facts.remember("kim", "name", "Kim", "call me Kim", MONDAY)

    assert facts.recall("alex", "name") is None
    assert facts.all("alex") == []


def test_everything_is_visible_and_exportable(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    facts = Facts(store)
    facts.remember("kim", "name", "Kim", "call me Kim", MONDAY)
    facts.note("kim", "allergic to wool", "remember that I am allergic to wool", MONDAY)

    exported = msgspec.json.decode(store.export("kim"))

    assert exported["profile"] == "kim"
    assert exported["kept"]["fact"]["name"]["value"] == "Kim"
    assert exported["kept"]["fact"]["note.1"]["said"] == "remember that I am allergic to wool"


@pytest.mark.parametrize("wish", ["item", "kind", "profile", "all"])
def test_what_is_erased_is_gone_from_every_byte_on_disk(tmp_path: Path, wish: str) -> None:
    store = Store(tmp_path, "memory")
    facts = Facts(store)
    facts.remember("kim", "secret", SECRET, SECRET, MONDAY)
    facts.remember("alex", "name", "Alexandra", "", MONDAY)
    assert SECRET.encode() in bytes_of(tmp_path)

    match wish:
        case "item":
            assert facts.forget("kim", "secret")
        case "kind":
            assert store.erase("kim", "fact") == 1
        case "profile":
            assert store.erase("kim") == 1
        case _:
            assert store.erase() == 2

    assert SECRET.encode() not in bytes_of(tmp_path)
    assert (facts.recall("alex", "name") is None) == (wish == "all")


def test_erasing_an_item_without_its_kind_is_refused_and_erases_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    Facts(store).remember("kim", "name", "Kim", "", MONDAY)

    with pytest.raises(ValueError, match="profile"):
        store.erase(kind="fact")
    with pytest.raises(ValueError, match="kind"):
        store.erase("kim", item="name")

    assert Facts(store).recall("kim", "name") is not None


@pytest.mark.parametrize("damage", ["garbage", "torn page"])
def test_a_damaged_file_is_set_aside_with_a_word_and_a_new_one_begins(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path, "memory")
    for n in range(200):
        Facts(store).remember("kim", f"k{n}", SECRET, "x" * 300, MONDAY)
    store.close()
    file = tmp_path / "memory.sqlite"
    whole = file.read_bytes()
    file.write_bytes(b"not a database" * 50 if damage == "garbage" else whole[:4096] + b"\xff" * 8192 + whole[12288:])

    store = Store(tmp_path, "memory")

    assert store.notice is not None
    assert "damaged" in store.notice
    aside = list(tmp_path.glob("*.damaged-*"))
    assert [a.name in store.notice for a in aside] == [True]
    assert Facts(store).all("kim") == []
    Facts(store).remember("kim", "name", "Kim", "", MONDAY)
    store.erase("kim")
    assert not list(tmp_path.glob("*.damaged-*"))  # it may hold Kim's words


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    Store(tmp_path, "memory").close()
    db = sqlite3.connect(tmp_path / "memory.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()

    with pytest.raises(StoreError, match="newer"):
        Store(tmp_path, "memory")

    assert not list(tmp_path.glob("*.damaged-*"))


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="taken"):
        Store(tmp_path / "taken", "memory")


def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    Facts(Store(folder, "memory")).remember("kim", "name", "Kim", "", MONDAY)

    assert [f.name for f in [folder, *folder.iterdir()] if f.stat().st_mode & 0o077] == []


def test_another_version_s_item_is_left_alone_and_harms_no_other(tmp_path: Path) -> None:
    store = Store(tmp_path, "memory")
    facts = Facts(store)
    facts.remember("kim", "name", "Kim", "", MONDAY)
    db = sqlite3.connect(tmp_path / "memory.sqlite")
    db.execute("INSERT INTO item VALUES ('kim', 'fact', 'odd', '2026-01-01', '{\"other\": 1}')")
    db.commit()
    db.close()

    assert [fact.key for fact in facts.all("kim")] == ["name"]
    assert store.everything("kim")["fact"]["odd"] == {"other": 1}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("", 1),
        ("x" * 81, 1),
        (".dot", 1),
        ("a\nb", 1),
        ("a", ""),
        ("a", "x" * 501),
        ("a", float("inf")),
        ("a", 10**400),
        ("a", "\ud800"),
    ],
)
def test_what_is_no_fact_is_refused(tmp_path: Path, key: str, value: float | str) -> None:
    facts = Facts(Store(tmp_path, "memory"))
    with pytest.raises(FactError):
        facts.remember("kim", key, value, "", MONDAY)
    assert facts.all("kim") == []


def test_what_a_person_said_is_kept_whatever_it_is_made_of(tmp_path: Path) -> None:
    text = "call \ud800 me\x00 " + "Kim" * 50_000
    fact = Facts(Store(tmp_path, "memory")).remember("kim", "name", "Kim", text, MONDAY)
    assert len(fact.said) == 500
    assert Facts(Store(tmp_path, "memory")).recall("kim", "name") == fact


def test_facts_are_bounded_but_what_is_known_can_still_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alpenglow.assistant.memory.facts.MOST_FACTS", 3)
    facts = Facts(Store(tmp_path, "memory"))
    for n in range(3):
        facts.remember("kim", f"k{n}", n, "", MONDAY)

    with pytest.raises(FactError, match="forget one"):
        facts.remember("kim", "k3", 3, "", MONDAY)
    assert facts.remember("kim", "k0", 9, "", MONDAY).value == 9


def test_a_place_is_a_fact_that_can_be_forgotten(tmp_path: Path) -> None:
    facts = Facts(Store(tmp_path, "memory"))
    facts.remember_place("kim", "Home", Place(latitude=48.1, longitude=11.5), "this is home", MONDAY)
    assert facts.places("kim") == {"home": Place(latitude=48.1, longitude=11.5, radius_m=150)}

    facts.forget("kim", "place.home")

    assert facts.places("kim") == {}
    with pytest.raises(FactError):
        facts.remember_place("kim", "moon", Place(latitude=99.0, longitude=0.0), "", MONDAY)


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"\A[a-z][a-z0-9_.]{0,20}\Z"),
        st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.just("21 °C 座椅"),
        max_size=8,
    )
)
def test_every_fact_comes_back_as_it_was_said(
    tmp_path_factory: pytest.TempPathFactory, facts: dict[str, float]
) -> None:
    folder = tmp_path_factory.mktemp("memory")
    kept = Facts(Store(folder, "memory"))
    for key, value in facts.items():
        kept.remember("kim", key, value, "said", MONDAY)

    again = Facts(Store(folder, "memory"))

    assert {fact.key: fact.value for fact in again.all("kim")} == facts
