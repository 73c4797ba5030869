"""The store gives out a model only where every byte is the one that was installed."""

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.models.catalogue import Model
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.gguf import read_head
from alpenglow.assistant.models.problems import ModelProblem, WrongFile
from alpenglow.assistant.models.store import Store, default_folder

from .conftest import CONTENT, Hub, gguf, model

type Stores = Callable[[Model], Store]


@pytest.fixture
def installed(hub: Hub, store: Stores) -> Store:
    models = store(model(hub=hub.url))
    fetch(models, "small", sources=("hub",))
    return models


def test_a_model_is_hashed_once_and_not_at_every_start(installed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_hashes(path: Path) -> str:
        raise AssertionError(f"{path} was hashed")

    monkeypatch.setattr("alpenglow.assistant.models.store.hash_of", nobody_hashes)
    assert installed.open("small").path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: os.truncate(path, 10), "it has 10 bytes of 1,024,000"),
        (lambda path: path.write_bytes(CONTENT[:-1] + b"!"), "its hash differs"),
        (lambda path: path.unlink(), "it is gone"),
    ],
)
def test_a_file_that_is_not_what_it_was_is_not_given_out(
    damage: Callable[[Path], None], said: str, installed: Store
) -> None:
    damage(installed.open("small").path)
    for _ in range(2):
        with pytest.raises(WrongFile, match=said) as problem:
            installed.open("small")
    assert "`alpenglow models add small`" in str(problem.value)
    assert installed.state("small") == "damaged"


def test_a_swapped_file_with_the_old_size_and_time_is_found(installed: Store) -> None:
    path = installed.open("small").path
    before = path.stat()
    path.write_bytes(CONTENT[:-1] + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(WrongFile):
        installed.open("small")


def test_a_file_that_was_only_copied_back_is_still_right(installed: Store) -> None:
    path = installed.open("small").path
    path.write_bytes(CONTENT)
    assert installed.open("small").path == path


def test_a_record_that_was_changed_with_its_file_does_not_get_past_the_catalogue(installed: Store) -> None:
    other = gguf()
    installed.open("small").path.write_bytes(other)
    record = installed.folder / "small" / "record.json"
    wanted = installed.catalogue["small"].files[0]
    text = record.read_text().replace(wanted.sha256, hashlib.sha256(other).hexdigest())
    record.write_text(text.replace(str(wanted.size_bytes), str(len(other))))
    with pytest.raises(WrongFile):
        installed.open("small")


def test_a_model_of_ones_own_is_added_under_its_name(tmp_path: Path) -> None:
    own = tmp_path / "My Model.GGUF"
    own.write_bytes(gguf())
    models = Store(tmp_path / "models")
    assert models.add(own) == "my-model"
    own.unlink()
    assert models.open("my-model").path.read_bytes() == gguf()
    assert "my-model" in models.ids()
    assert "added from" in (models.folder / "my-model" / "NOTICE.txt").read_text()


def test_a_linked_model_stays_where_it_is_and_is_watched(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(gguf())
    models = Store(tmp_path / "models")
    models.add(own, link=True)
    assert models.open("own").path.resolve() == own
    own.write_bytes(gguf(name="Another"))
    with pytest.raises(WrongFile):
        models.open("own")
    models.remove("own")
    assert own.exists()


def test_a_file_of_the_catalogue_is_known_by_its_hash_wherever_it_comes_from(tmp_path: Path) -> None:
    content = gguf()
    carried = tmp_path / "stick.gguf"
    carried.write_bytes(content)
    models = Store(tmp_path / "models", {"small": model(content)})
    assert models.add(carried) == "small"
    assert models.open("small").path.name == "small.gguf"


def test_another_file_with_the_name_of_a_known_model_is_not_taken_for_it(tmp_path: Path) -> None:
    own = tmp_path / "small.gguf"
    own.write_bytes(gguf())
    with pytest.raises(ModelProblem, match="is not the model small, whose name it has"):
        Store(tmp_path / "models", {"small": model()}).add(own)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"PK\3\4 no model", gguf()[:60]])
def test_what_is_no_model_is_not_added(content: bytes, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(content)
    models = Store(tmp_path / "models")
    with pytest.raises(ModelProblem, match=r"own\.gguf: is no GGUF model"):
        models.add(own)
    assert "own" not in models.ids()


@given(st.binary(max_size=300), st.integers(0, 200))
def test_the_head_of_a_file_is_read_or_refused_whatever_it_is(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.gguf"
    whole = gguf()
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    with contextlib.suppress(ModelProblem):
        read_head(path)


def test_the_head_names_what_steers_the_model(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(gguf({"word": 1, "<|im_end|>": 3, "<tool_call>": 4, "\n\n": 4, "</s>": 3}))
    head = read_head(path)
    assert head.control_tokens == ("<|im_end|>", "<tool_call>", "</s>")
    assert (head.architecture, head.context_tokens) == ("llama", 2048)


def test_removing_says_what_was_freed_and_leaves_nothing(installed: Store) -> None:
    assert installed.remove("small") >= len(CONTENT)
    assert installed.state("small") == "absent"
    with pytest.raises(ModelProblem, match="is not installed"):
        installed.remove("small")


@pytest.mark.parametrize("name", ["../models", "/etc", "", ".", "a/b", "A", "x" * 100])
def test_no_name_leads_out_of_the_store(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="is no model's id"):
        Store(tmp_path / "models").remove(name)


def test_looking_at_an_empty_store_makes_nothing(tmp_path: Path) -> None:
    models = Store(tmp_path / "models")
    assert {models.state(model_id) for model_id in models.ids()} == {"absent"}
    assert not models.folder.exists()


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ALPENGLOW_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "alpenglow" / "models"
    monkeypatch.setenv("ALPENGLOW_MODELS", str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
