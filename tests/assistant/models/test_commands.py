"""`alpenglow models …`, as people type it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from alpenglow.assistant.models.crashes import CrashGuard
from alpenglow.cli.models import models_app
from alpenglow.cli.problems import Problem

from .conftest import gguf


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.gguf"
    path.write_bytes(gguf())
    return path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(models_app, [*words, "--folder", str(folder / "models")])


def listed(folder: Path) -> dict[str, dict[str, object]]:
    return {entry["id"]: entry for entry in json.loads(run(folder, "list", "--json").output)}


def test_the_list_shows_state_size_and_licence_of_all(tmp_path: Path) -> None:
    table = run(tmp_path, "list").output
    assert "coder-1.5b" in table
    assert "Copyright 2024 Alibaba Cloud" in table
    assert listed(tmp_path)["coder-1.5b"] | {"title": "", "notice": ""} == {
        "id": "coder-1.5b", "state": "absent", "kind": "chat", "size_mb": 1065, "memory_mb": 1550,
        "licence": "Apache-2.0", "title": "", "notice": "",
    }  # fmt: skip


def test_a_file_of_ones_own_is_added_and_removed(own: Path, tmp_path: Path) -> None:
    added = run(tmp_path, "add", str(own))
    assert "own: ready" in added.output
    assert listed(tmp_path)["own"]["state"] == "ready"
    assert "own: removed" in run(tmp_path, "remove", "own").output
    assert "own" not in listed(tmp_path)


def test_a_model_that_keeps_crashing_is_shown_and_can_be_let_run_again(own: Path, tmp_path: Path) -> None:
    run(tmp_path, "add", str(own))
    note = tmp_path / "models" / ".own.crashes.json"
    note.write_text('{"in_a_row":2,"doing":"loading"}')
    assert listed(tmp_path)["own"]["state"] == "crashed"
    assert run(tmp_path, "add", "own", "--again").exit_code == 0
    assert listed(tmp_path)["own"]["state"] == "ready"
    assert CrashGuard(tmp_path / "models", "own").may_run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nothing"), "nothing: is no known model"),
        (("add", "none.gguf"), "none.gguf: No such file or directory"),
        (("remove", "coder-1.5b"), "coder-1.5b: is not installed"),
        (("remove", "../.."), "is no model's id"),
        (("bench", "coder-1.5b"), "coder-1.5b: is not installed"),
        (("bench",), "no language model is installed; `alpenglow models add coder-1.5b` fetches one"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = run(tmp_path, *words)
    assert isinstance(result.exception, Problem)
    assert said in str(result.exception)
