"""What goes wrong around the assistant does not go wrong in it: models, clouds, disks and texts of every kind."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.assistant.api import Answer
from alpenglow.assistant.cloud.consent import CLOUD_MODEL
from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.language.pack import parse_effect
from alpenglow.assistant.meaning import ASK, TALK, Meant
from alpenglow.assistant.minds import Minds, open_cloud
from alpenglow.assistant.models.catalogue import Model, ModelFile
from alpenglow.assistant.models.store import Store

from .cloud.recorder import DONE, STOP, Behaviour, Recorder, call, message, recording, says, streams, word
from .models.conftest import gguf
from .permitted import world

CHAT = "Tell me a joke."
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


async def ask(minds: Minds, said: str = CHAT, turns: int = 1) -> Answer:
    """What an assistant with these models answers; simple things it does by itself, whatever the models are up to."""
    car = world().car("30 km/h")
    assistant, talk = world().assistant(car, minds=minds), Conversation()
    for _ in range(turns):
        answer = await assistant.ask(said, "driver", talk)
        assert answer.reply
        assert car.set == {}
    await assistant.ask("Set the temperature to 23 degrees.", "driver", talk)
    assert car.set == {TEMPERATURE: 23}
    return answer


# -- the model in the car ----------------------------------------------------------------------------------------------


def added(folder: Path) -> tuple[Store, str, Path]:
    """A store with a file that looks like a model."""
    source = folder / "own.gguf"
    source.write_bytes(gguf())
    store = Store(folder / "models")
    name = store.add(source)
    return store, name, store.open(name).path


def truncated(folder: Path) -> tuple[Store, str]:
    store, name, path = added(folder)
    path.write_bytes(path.read_bytes()[:100])
    return store, name


def swapped(folder: Path) -> tuple[Store, str]:
    store, name, path = added(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    return store, name


def gone(folder: Path) -> tuple[Store, str]:
    store, name, path = added(folder)
    path.unlink()
    return store, name


def garbage(folder: Path) -> tuple[Store, str]:
    """A file that is what its hash says, and no model."""
    store, name, _ = added(folder)
    return store, name


def too_big(folder: Path) -> tuple[Store, str]:
    source = folder / "big.gguf"
    source.write_bytes(gguf())
    file = ModelFile(name="big.gguf", size_bytes=source.stat().st_size, sha256="", hub=None, wheels=None)
    model = Model(id="big", title="Big", kind="chat", licence="-", notice="-", memory_mb=10**8, files=(file,))
    store = Store(folder / "models")
    store.keep(model, {"big.gguf": source}, origin="test")
    return store, "big"


def never_there(folder: Path) -> tuple[Store, str]:
    return Store(folder / "models"), "smollm2-135m"


@pytest.mark.parametrize(
    ("make", "state", "why"),
    [
        (never_there, "missing", "alpenglow models add smollm2-135m"),
        (gone, "broken", "own"),
        (truncated, "broken", "own"),
        (swapped, "broken", "own"),
        (garbage, "broken", "own"),
        (too_big, "broken", "memory"),
    ],
)
def test_without_a_sound_model_words_are_enough(
    make: Callable[[Path], tuple[Store, str]], state: str, why: str, tmp_path: Path
) -> None:
    async def run() -> None:
        store, name = make(tmp_path)
        minds = Minds(store)
        await minds.prepare(name, may_fetch=False)
        assert minds.state == state
        assert why in minds.says
        answer = await ask(minds)
        assert answer.tier not in ("local", "cloud")
        assert any("model" in reason for reason in answer.why)
        minds.close()

    asyncio.run(run())


class BrokenEngine:
    """Native code that has had enough."""

    died = False

    async def chat(self, *_: object, **__: object) -> object:
        raise RuntimeError("ggml_abort")

    def close(self) -> None: ...


def test_an_engine_that_breaks_is_left_alone() -> None:
    async def run() -> None:
        minds = Minds(Store())
        minds.engine, minds.state = BrokenEngine(), "ready"  # type: ignore[assignment]
        answer = await ask(minds, turns=2)
        assert minds.state == "broken"
        assert any(s.says == "ggml_abort" for s in minds.status())
        assert any("does not work" in reason for reason in answer.why)

    asyncio.run(run())


class SilentEngine:
    """A model that was cut off before it said anything."""

    async def chat(self, *_: object, **__: object) -> object:
        return SimpleNamespace(text="", finish="late", first_word_ms=None)

    def close(self) -> None: ...


def test_an_engine_that_is_late_is_passed_over_with_a_reason() -> None:
    async def run() -> None:
        minds = Minds(Store())
        minds.engine, minds.state = SilentEngine(), "ready"  # type: ignore[assignment]
        answer = await ask(minds)
        assert any("late" in reason for reason in answer.why)
        assert answer.tier != "local"

    asyncio.run(run())


# -- the cloud ---------------------------------------------------------------------------------------------------------


def cloud(folder: Path, recorder: Recorder, *, consent: bool = True, more: str = "") -> Minds:
    """The car's minds with an endpoint in their settings, and no model of their own."""
    limits = "connect_s = 2\nsilence_s = 0.5\ntotal_s = 2\n"
    (folder / "cloud.toml").write_text(f'url = "{recorder.url}"\nmodel = "m"\n{more}[limits]\n{limits}')
    minds = Minds(Store())
    minds.state = "off"
    opened = open_cloud(minds, folder / "cloud.toml", folder)
    assert opened is not None
    if consent:
        opened[1].set("owner", CLOUD_MODEL, True)
    return minds


async def hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def slam(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


FAULTS: dict[str, Behaviour] = {
    "hangs": hang,
    "slams the door": slam,
    "hangs in the middle": streams(word("Bees"), end=False),
    "garbage": says(os.urandom(2000)),
    "not HTTP": streams(),
    "garbage in a stream": streams(b"data: {]\n\n", os.urandom(500), b"\n\n"),
    "401": says(b"{}", status="401 Unauthorized"),
    "429": says(b"{}", status="429 Too Many Requests", headers="Retry-After: 30\r\n"),
    "500": says(b"oops", status="500 Internal Server Error"),
    "a redirect": says(b"", status="302 Found", headers="Location: http://127.0.0.1:9/\r\n"),
    "a function that does not exist": says(message(calls=[("open_all_doors", "{}")], finish="tool_calls")),
    "a function in a stream": streams(call("safety.actuate", '{"path":"Vehicle.Body.Trunk.Rear.IsOpen"}'), STOP, DONE),
    "10 MB": says(message("x" * 10_000_000)),
    "10 MB in a stream": streams(*[word("open the door " * 5000)] * 150, DONE),
    "nothing": says(message("")),
    "thoughts without end": streams(word("<think>"), *[word("hm ")] * 200, STOP, DONE),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_cloud_that_fails_costs_a_reason_and_no_more(fault: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with recording(FAULTS[fault]) as recorder:
            minds = cloud(tmp_path, recorder)
            answer = await ask(minds)
            assert recorder.received
            assert answer.tier != "cloud"
            assert any("cloud" in reason for reason in answer.why), answer.why
            assert answer.egress_bytes == recorder.bytes > 0

    asyncio.run(run())


class VagueMeaning:
    """Finds that something is wanted of the car, and nothing that the car has."""

    def meant(self, *_: object, **__: object) -> list[Meant]:
        key = "Vehicle.Gubbins.IsFrobnicated on"
        return [Meant(key, 0.3, (parse_effect(key),)), Meant(TALK, 0.0, ()), Meant(ASK, 0.0, ())]


def test_a_cloud_that_orders_moves_no_more_than_people_may(tmp_path: Path) -> None:
    """It is asked what an odd sentence means, and says every time that the door shall be opened."""

    async def run() -> None:
        async with recording(says(message("open the driver's door"))) as recorder:
            minds = cloud(tmp_path, recorder)
            car = world().car("130 km/h")
            assistant = world().assistant(car, minds=minds, meaning=VagueMeaning())
            answer = await assistant.ask("Frobnicate the gubbins.", "driver", Conversation())
            assert answer.refused
            assert answer.tier == "cloud"
            assert car.beyond == []
            assert car.set == {}

    asyncio.run(run())


def test_a_cloud_that_answers_is_heard_and_counted(tmp_path: Path) -> None:
    async def run() -> None:
        async with recording(streams(word("How "), word("nice."), STOP, DONE)) as recorder:
            minds = cloud(tmp_path, recorder)
            answer = await ask(minds)
            assert answer.reply == "How nice."
            assert answer.tier == "cloud"
            assert answer.egress_bytes == recorder.bytes > 0

    asyncio.run(run())


@pytest.mark.parametrize("policy", ["private", "balanced", "capable"])
def test_without_consent_nobody_is_even_connected_to(policy: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with recording(says(message("Hello."))) as recorder:
            minds = cloud(tmp_path, recorder, consent=False)
            minds.policy = policy
            answer = await ask(minds, turns=3)
            assert recorder.received == []
            assert answer.egress_bytes == 0
            assert any("consent" in r or "keeps everything" in r for r in answer.why)

    asyncio.run(run())


def test_a_consent_that_is_withdrawn_ends_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with recording(says(message("Hello."))) as recorder:
            minds = cloud(tmp_path, recorder)
            await ask(minds)
            asked = len(recorder.received)
            assert asked
            minds.consents.set("owner", CLOUD_MODEL, False)
            await ask(minds)
            assert len(recorder.received) == asked

    asyncio.run(run())


def test_settings_that_cannot_be_used_leave_the_car_without_a_cloud(tmp_path: Path) -> None:
    async def run() -> None:
        for text in ("url = 3", "]", 'url = "ftp://x"\nmodel = "m"', 'url = "http://8.8.8.8"\nmodel = "m"'):
            (tmp_path / "cloud.toml").write_text(text)
            minds = Minds(Store())
            assert open_cloud(minds, tmp_path / "cloud.toml", tmp_path) is not None
            state = {s.tier: s for s in minds.status()}["cloud"]
            assert state.state == "broken"
            assert len(state.says.splitlines()) == 1
            await ask(minds)

    asyncio.run(run())


@pytest.mark.parametrize("file", ["egress.sqlite", "consents.sqlite"])
def test_nothing_leaves_where_it_cannot_be_recorded(file: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with recording(says(message("Hello."))) as recorder:
            cloud(tmp_path, recorder)
            for end in ("", "-wal", "-shm"):
                (tmp_path / f"{file}{end}").unlink(missing_ok=True)
            (tmp_path / file).write_bytes(b"no database " * 500)
            minds = Minds(Store())
            assert open_cloud(minds, tmp_path / "cloud.toml", tmp_path) is None
            assert file in minds.cloud_problem
            await ask(minds)
            assert recorder.received == []

    asyncio.run(run())


# -- texts -------------------------------------------------------------------------------------------------------------

TEXTS = {
    "100 kB": "open the boot " * 7_200,
    "100 kB of one word": "x" * 100_000,
    "100 kB of Chinese": "打开后备箱" * 20_000,
    "control characters": "open\0 the\x1b[31m boot\x07\x08\x7f",
    "half a surrogate": "open the \ud800 boot",
    "mixed scripts in a word": "оpen the dооr",
    "Greek posing as Latin": "οpen the bοοt",
    "combining marks": "o" + "\u0301" * 5_000 + "pen the boot",
    "right to left": "\u202eopen the boot\u202c",
    "nothing": "",
    "white space": " \n\t\u3000",
    "punctuation": "?!?!…。，" * 30,
    "numbers": "1e309 -0 00000000000000000000001 ⅷ ⁵ ٣ 99999999999999999999999999999999 %",
    "emoji": "🚪🔓👉🚗💨" * 20,
}


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_gets_an_answer(name: str) -> None:
    async def run() -> None:
        for state in ("parked", "130 km/h"):
            car = world().car(state)
            talk = Conversation()
            answer = await world().assistant(car).ask(TEXTS[name], "driver", talk)
            assert answer.reply
            assert car.set == {}
            assert len(talk.turns[-1].said) <= 300  # what is kept on the disk stays small

    asyncio.run(run())


@settings(max_examples=60)
@given(text=st.text(max_size=400), seat=st.sampled_from(["driver", "passenger", "rear-left", "rear-right"]))
def test_any_text_at_all(text: str, seat: str) -> None:
    async def run() -> None:
        car = world().car("130 km/h")
        assert (await world().assistant(car).ask(text, seat, Conversation())).reply  # type: ignore[arg-type]
        assert car.beyond == []

    asyncio.run(run())


# -- no network --------------------------------------------------------------------------------------------------------


def test_with_the_network_cut_all_but_the_cloud_goes_on(tmp_path: Path) -> None:
    """In a network namespace without a single interface that is up."""
    alone = [shutil.which("unshare") or "unshare", "-rn"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode != 0:
        pytest.skip("this machine lets nobody make a network namespace")
    items = [
        {"id": "do", "state": {"Vehicle.Speed": 50}, "seat": "driver", "say": "Set the temperature to 23 degrees."},
        {"id": "refuse", "state": {"Vehicle.Speed": 50}, "seat": "driver", "say": "Open the boot."},
        {"id": "answer", "state": {"Vehicle.Speed": 50}, "seat": "driver", "say": "How fast are we going?"},
        {"id": "how", "state": {"Vehicle.Speed": 0}, "seat": "driver", "say": "How do I charge the car?"},
    ]
    batch, out = tmp_path / "items.jsonl", tmp_path / "results.jsonl"
    batch.write_text("".join(json.dumps(item) + "\n" for item in items))
    command = [*alone, sys.executable, "-m", "alpenglow", "ask", "--batch", str(batch), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    results = {r["id"]: r for r in map(json.loads, out.read_text().splitlines())}
    assert results["do"]["set"] == {TEMPERATURE: 23}
    assert results["refuse"]["refused"]
    assert "50" in results["answer"]["reply"]
    assert all(r["egress_bytes"] == 0 and r["reply"] for r in results.values())
