"""What was said and done survives the process: the old conversation or the new one, whatever happens."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.conversation import Conversation, Turn, load, save

from .permitted import world

WINDOWS = "Vehicle.Cabin.Door.Row1.{}Side.Window.Position"


async def spoken(*turns: str) -> Conversation:
    assistant, talk = world().assistant(world().car("30 km/h")), Conversation()
    for said in turns:
        await assistant.ask(said, "driver", talk)
    return talk


def test_a_conversation_goes_on_after_it_was_loaded(tmp_path: Path) -> None:
    async def run() -> None:
        file = tmp_path / "talk.json"
        car = world().car("30 km/h")
        talk = Conversation()
        await world().assistant(car).ask("Mach mein Fenster halb auf.", "driver", talk)
        save(talk, file)
        again = load(file, world().functions)
        assert (again.count, again.language) == (1, "de")
        assistant = world().assistant(car)  # another process would make it anew
        await assistant.ask("Das andere auch.", "driver", again)
        assert car.read(WINDOWS.format("Passenger")) == 50
        await assistant.undo(again)
        assert car.read(WINDOWS.format("Passenger")) == 0
        assert car.read(WINDOWS.format("Driver")) == 50

    asyncio.run(run())


def test_a_yes_after_a_restart_confirms_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        file = tmp_path / "talk.json"
        car = world().car("parked")
        talk = Conversation()
        assert (await world().assistant(car).ask("Open the boot.", "driver", talk)).asked
        save(talk, file)
        await world().assistant(car).ask("Yes.", "driver", load(file, world().functions))
        assert car.set == {}

    asyncio.run(run())


@pytest.mark.parametrize("fails", ["write", "fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_one(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "talk.json"
    save(asyncio.run(spoken("Open my window.")), file)
    kept = file.read_bytes()

    def power_cut(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    match fails:
        case "write":
            monkeypatch.setattr(Path, "open", power_cut)
        case "fsync":
            monkeypatch.setattr(os, "fsync", power_cut)
        case _:
            monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(OSError, match="No space"):
        save(Conversation(), file)
    monkeypatch.undo()
    assert file.read_bytes() == kept
    assert load(file, world().functions).count == 1


@settings(max_examples=60)
@given(cut=st.integers(0, 2000), noise=st.binary(max_size=40))
def test_a_file_that_cannot_be_read_begins_a_new_conversation(
    tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes
) -> None:
    file = tmp_path_factory.mktemp("torn") / "talk.json"
    save(Conversation(), file)
    whole = file.read_bytes()
    file.write_bytes(whole[: min(cut, len(whole) - 1)] + noise)
    assert load(file, world().functions).count == 0


def test_what_this_car_no_longer_has_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    save(asyncio.run(spoken("Open my window.")), file)
    kept = json.loads(file.read_bytes())
    assert kept["turns"][0]["past"]
    kept["turns"][0]["past"][0]["pattern"] = "Vehicle.Nowhere"
    file.write_text(json.dumps(kept))
    again = load(file, world().functions)
    assert again.turns[0].past == []
    assert again.turns[0].done


def test_only_the_latest_turns_are_kept(tmp_path: Path) -> None:
    talk = Conversation()
    for number in range(100):
        talk.add(Turn(str(number)))
    save(talk, tmp_path / "talk.json")
    again = load(tmp_path / "talk.json", world().functions)
    assert [t.said for t in again.turns] == [str(n) for n in range(80, 100)]
    assert again.count == 100
