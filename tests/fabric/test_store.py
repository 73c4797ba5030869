"""The store's form: an older file is brought to today's, whole or not at all."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from alpenglow.fabric.store import Store, StoreError

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Old(msgspec.Struct, frozen=True):
    name: str


class New(msgspec.Struct, frozen=True):
    called: str


def rename(db: sqlite3.Connection) -> None:
    db.execute("UPDATE item SET body = replace(body, '\"name\"', '\"called\"') WHERE kind = 'person'")


def fail(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM item")
    raise sqlite3.OperationalError("the lights went out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = Store(tmp_path, "people")
    store.put("kim", "person", "self", Old("Kim"), NOW)
    store.close()
    return tmp_path


def test_an_older_file_is_migrated_once(folder: Path) -> None:
    for _ in range(2):
        store = Store(folder, "people", [rename])
        assert store.get("kim", "person", "self", New) == New("Kim")
        store.close()


def test_a_new_file_has_todays_form_from_the_start(tmp_path: Path) -> None:
    store = Store(tmp_path, "people", [fail])
    store.put("kim", "person", "self", New("Kim"), NOW)
    store.close()
    assert Store(tmp_path, "people", [fail]).get("kim", "person", "self", New) == New("Kim")


def test_a_migration_that_fails_leaves_the_file_as_it_was(folder: Path) -> None:
    with pytest.raises(StoreError, match="the lights went out"):
        Store(folder, "people", [rename, fail])
    assert Store(folder, "people").get("kim", "person", "self", Old) == Old("Kim")


def test_a_file_of_a_newer_form_is_left_alone(folder: Path) -> None:
    Store(folder, "people", [rename]).close()
    with pytest.raises(StoreError, match="newer"):
        Store(folder, "people")
    assert Store(folder, "people", [rename]).get("kim", "person", "self", New) == New("Kim")
