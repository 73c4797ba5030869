"""What the car keeps of people, in the running car: shown, taken along, erased from every file."""

import json
import wave
from pathlib import Path
from typing import Any

import pytest

from alpenglow.assistant import api as assistant
from alpenglow.assistant.cloud.ledger import Ledger
from alpenglow.cockpit import api
from alpenglow.fabric import NotPermitted, Service
from alpenglow.navigation import api as navigation
from alpenglow.signals.actions import Action
from tests.cockpit.riding import Rider
from tests.running import Stack

WORD = "quorlzin"  # in no language and in none of the car's files
ID = "Vehicle.Alpenglow.Cockpit.Profile.Id"
CLOUD = "assistant.cloud_model"


def whole(rider: Rider) -> api.Privacy:
    """What is kept, with the assistant's part of it."""
    found: list[api.Privacy] = []

    def complete() -> bool:
        found.append(rider.call(api.privacy))
        return found[-1].complete

    rider.until(complete)
    return found[-1]


def found_in(folder: Path) -> list[str]:
    """The files that hold the word, in any case and in UTF-8 or UTF-16."""
    needles = (WORD.encode(), WORD.encode("utf-16-le"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [str(f.relative_to(folder)) for f in files if any(n in f.read_bytes().lower() for n in needles)]


def tone(file: Path) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\0\0" * 8000)


def plant(rider: Rider, profile: str) -> None:
    """Put the word wherever a person's words go."""
    rider.call(api.change_profile, profile=profile, name=f"{WORD} name")
    rider.call(api.keep_pages, pages=[f"{WORD}-page"])
    rider.until(lambda: rider.call(api.media_library).tracks > 0)
    song = rider.call(api.media_search, text=WORD).tracks[0].uri
    rider.call(api.media_favour, uri=song, favourite=True)
    rider.call(api.media_play, uris=[song])
    light = Action(path="Vehicle.Cabin.Light.IsDomeOn", value=True)
    scene = api.Scene(id="", name=f"{WORD} scene", actions=(light,), restore=True, lasts_s=3600)
    rider.call(api.run_scene, scene=rider.call(api.keep_scene, scene=scene).id)
    rider.call(assistant.ask, text=f"Remember that {WORD} fact is in the blue box.")
    rider.call(assistant.ask, text=f"My name is {WORD}.")
    rider.call(assistant.ask, text=f"Good morning, dear {WORD} talk.")
    rider.call(api.give_consent, purpose=CLOUD, granted=True)
    where = navigation.Position(latitude=42.5, longitude=1.5)
    for kind in ("home", "favourite", "recent"):
        place = navigation.Place(id="n1", name=f"{WORD} {kind}", kind="poi", position=where)
        rider.call(navigation.keep_place, place=place, kind=kind)


@pytest.mark.parametrize("whose", ["the owner's", "another's"])
def test_what_is_erased_is_in_no_file_any_more(whose: str, tmp_path: Path) -> None:
    music, state = tmp_path / "music", tmp_path / "state"
    music.mkdir()
    tone(music / f"{WORD} song.wav")
    (state / "assistant").mkdir(parents=True, mode=0o700)
    ledger = Ledger(state / "assistant" / "egress.sqlite")
    entry = ledger.begin(
        purpose=CLOUD, recipient="cloud.example:443", method="POST", body=f"{WORD} sent".encode(), redacted={"name": 1}
    )
    ledger.complete(entry, bytes_out=4321, bytes_in=100, outcome="200")
    ledger.close()
    with Stack(tmp_path, "--option", f"media={music}") as stack, Rider(stack) as rider:
        rider.ready()
        if whose == "another's":
            rider.call(api.switch_profile, profile=rider.call(api.create_profile, name="Kim").id)
        profile = rider.value(ID)
        plant(rider, profile)
        planted = found_in(state)
        assert any("cockpit/" in name for name in planted)
        assert {"assistant/memory.sqlite", "assistant/egress.sqlite"} <= {n.removesuffix("-wal") for n in planted}
        assert any("conversation" in name for name in planted)
        assert any("navigation/" in name for name in planted)

        seen = whole(rider)
        assert {"fact", "conversation"} <= {c.kind for c in seen.collected if c.store == "assistant"}
        assert {c.kind: c.count for c in seen.collected if c.store == "navigation"} == {"place": 2, "destination": 1}
        assert {"favourite", "scene", "profile"} <= {c.kind for c in seen.collected if c.store == "cockpit"}
        assert all(c.count > 0 and c.since and c.where for c in seen.collected)
        assert [(r.name, r.purpose, r.bytes_out) for r in seen.recipients] == [("cloud.example:443", CLOUD, 4321)]
        assert seen.consents[0].granted

        taken = json.loads(rider.call(api.export_my_data))
        assert taken["profile"] == profile
        assert json.dumps(taken).lower().count(WORD) >= 6
        assert {"cockpit", "assistant", "navigation"} <= taken.keys()
        assert json.dumps(taken["navigation"]).lower().count(WORD) == 3

        assert rider.call(api.erase_my_data) > 5
        assert found_in(state) == []
        rider.until(lambda: rider.value(ID) == "owner")
        assert [p.name for p in rider.call(api.profiles).profiles] == [""]
        assert rider.call(api.media_favourites) == []
        assert rider.call(assistant.memories) == []
        assert rider.call(navigation.kept_places) == []
        after = whole(rider)
        assert after.bytes_out == 4321, "that something left stays in the ledger"
        assert not after.consents[0].granted
        rider.call(assistant.ask, text="Turn on the dome light.")
        rider.call(api.switch_profile, profile="guest")
        rider.call(api.switch_profile, profile="owner")
    assert found_in(state) == [], "also after the car was switched off"


def test_the_rules_of_a_region_take_effect(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.ready()
        first = whole(rider)
        assert (first.region, first.lapses) == ("gdpr", "never")
        assert all(demand.article for demand in first.demands)
        rider.call(api.give_consent, purpose=CLOUD, granted=True)
        rider.call(api.set_region, region="pipl")
        chinese = whole(rider)
        assert chinese.region == "pipl"
        assert not chinese.consents[0].granted, "it was given under other terms"
        with pytest.raises(NotPermitted, match="by itself"):
            rider.call(api.give_consent, purpose=CLOUD, granted=True)
        rider.call(api.give_consent, purpose=CLOUD, granted=True, by_itself=True)
        assert whole(rider).consents[0].granted
        rider.drive(10)
        assert whole(rider).consents[0].granted
        with pytest.raises(NotPermitted, match="in P"):
            rider.call(api.set_region, region="none")
        rider.park()
        rider.controls(ready=False)
        rider.until(lambda: not whole(rider).consents[0].granted)


def test_nobody_but_the_person_sees_exports_or_erases(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack, Rider(stack) as rider:
        rider.ready()
        rider.call(api.set_pin, profile="owner", pin="2468")
        for service in (api.export_my_data, api.erase_my_data):
            with pytest.raises(NotPermitted, match="not the PIN"):
                rider.call(service, pin="1111")
        rider.call(assistant.ask, text=f"Remember that {WORD} fact is in the blue box.")
        assert rider.call(assistant.memories)
        rider.call(api.switch_profile, profile="guest")
        hidden: tuple[Service[..., Any], ...] = (api.privacy, api.export_my_data, api.erase_my_data)
        for service in hidden:
            with pytest.raises(NotPermitted):
                rider.call(service)
        with pytest.raises(NotPermitted):
            rider.call(assistant.memories, profile="owner")
        assert rider.call(assistant.memories) == []
        rider.call(assistant.ask, text="Remember that the guest likes tea.")
        rider.call(api.switch_profile, profile="owner", pin="2468")
        rider.call(api.switch_profile, profile="guest")
        assert rider.call(assistant.memories) == [], "of a guest nothing is kept"
