"""Places that people keep."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from alpenglow.fabric import BadArguments, Fabric, NotPermitted
from alpenglow.fabric.store import Store
from alpenglow.navigation import api
from alpenglow.navigation.keeping import Kept


class InForce:
    """What the cockpit says of the profile in force."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"Kind": "PERSON", "Id": "kim"}

    def read(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(value=self.values.get(path.rsplit(".", 1)[1]))


@pytest.fixture
def who() -> InForce:
    return InForce()


@pytest.fixture
def kept(tmp_path: Path, who: InForce) -> Kept:
    return Kept(cast(Fabric, who), Store(tmp_path, "navigation"))


def place(name: str, latitude: float = 42.5) -> api.Place:
    where = api.Position(latitude=latitude, longitude=1.5)
    return api.Place(id="n1", name=name, kind="poi", position=where, distance_m=12.0)


def test_there_is_one_home_and_what_was_asked_is_not_kept(kept: Kept) -> None:
    kept.keep(place("old"), "home")
    kept.keep(place("new"), "home")
    (home,) = kept.places("home")
    assert (home.name, home.category, home.distance_m) == ("new", "home", None)
    assert kept.find(home.id) == home


def test_recents_are_the_last_twenty_one_of_each_place(kept: Kept) -> None:
    for n in range(30):
        kept.keep(place(f"place {n}", 42.0 + n / 10), "recent")
    kept.keep(place("place 25", 42.0 + 25 / 10), "recent")
    names = [each.name for each in kept.places("recent")]
    assert len(names) == 20
    assert names[:3] == ["place 25", "place 29", "place 28"]


def test_each_person_has_places_of_their_own(kept: Kept, who: InForce) -> None:
    kept.keep(place("of kim"), "favourite")
    who.values["Id"] = "alex"
    assert kept.places() == []
    kept.keep(place("of alex"), "favourite")
    assert kept.erase("kim") == 1
    assert [each.name for each in kept.places()] == ["of alex"]


@pytest.mark.parametrize("kind", ["GUEST", "VALET"])
def test_of_a_guest_nothing_is_kept_and_nobodys_is_shown(kept: Kept, who: InForce, kind: str) -> None:
    kept.keep(place("home"), "home")
    who.values = {"Kind": kind, "Id": kind.lower()}
    assert kept.places() == []
    with pytest.raises(NotPermitted):
        kept.keep(place("x"), "favourite")
    with pytest.raises(NotPermitted):
        kept.forget("kept/home")


def test_forgetting_what_is_not_there_says_so(kept: Kept) -> None:
    with pytest.raises(BadArguments, match="no such place"):
        kept.forget("kept/favourite/none")
    with pytest.raises(BadArguments, match="needs a name"):
        kept.keep(place("  "), "favourite")


def test_what_is_kept_is_counted_by_what_it_is(kept: Kept) -> None:
    for kind in ("home", "work", "favourite", "recent"):
        kept.keep(place(kind), kind)  # type: ignore[arg-type]
    assert {each.kind: each.count for each in kept.stored("kim")} == {"place": 3, "destination": 1}
