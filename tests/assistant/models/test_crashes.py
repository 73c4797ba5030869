"""A model whose process crashes again and again is left alone until somebody says otherwise."""

from pathlib import Path

import pytest

from alpenglow.assistant.models.crashes import PATIENCE, CrashGuard
from alpenglow.assistant.models.problems import KeepsCrashing


def test_once_is_forgiven_and_twice_in_a_row_is_not(tmp_path: Path) -> None:
    CrashGuard(tmp_path, "small").crashed("loading")
    CrashGuard(tmp_path, "small").require()
    CrashGuard(tmp_path, "small").crashed("answering")
    again = CrashGuard(tmp_path, "small")  # as in a car that is started again
    assert (again.in_a_row, again.may_run) == (PATIENCE, False)
    with pytest.raises(KeepsCrashing, match=r"died 2 times in a row while answering.*add small --again"):
        again.require()


def test_it_runs_again_when_somebody_says_so(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path, "small")
    for _ in range(PATIENCE):
        guard.crashed("answering")
    guard.forgive()
    CrashGuard(tmp_path, "small").require()


def test_good_work_clears_its_name(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path, "small")
    guard.crashed("answering")
    for done in range(20):
        assert guard.in_a_row == 1, done
        guard.worked()
    assert guard.in_a_row == 0
    assert list(tmp_path.iterdir()) == []


def test_good_work_before_a_crash_does_not_count_after_it(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path, "small")
    for _ in range(19):
        guard.worked()
    guard.crashed("answering")
    guard.worked()
    assert guard.in_a_row == 1


def test_another_models_crashes_do_not_count(tmp_path: Path) -> None:
    CrashGuard(tmp_path, "small").crashed("answering")
    assert CrashGuard(tmp_path, "smaller").in_a_row == 0


def test_a_damaged_note_counts_as_none(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path, "small")
    guard.crashed("answering")
    (note,) = tmp_path.iterdir()
    note.write_bytes(b"{")
    assert guard.in_a_row == 0
