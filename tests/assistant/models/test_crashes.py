"""A model that takes the process down with it, again and again, is left alone until somebody says otherwise."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from alpenglow.assistant.models.crashes import PATIENCE, CrashGuard
from alpenglow.assistant.models.problems import KeepsCrashing

_DIES = """
import os, sys
from pathlib import Path
from alpenglow.assistant.models.crashes import CrashGuard

guard = CrashGuard(Path(sys.argv[1]), "small")
guard.require()
with guard.running("answering"):
    os.abort()
"""


def _die(folder: Path) -> str:
    dying = subprocess.run([sys.executable, "-c", _DIES, str(folder)], capture_output=True, text=True, check=False)
    return dying.stderr


def test_once_is_forgiven_and_twice_in_a_row_is_not(tmp_path: Path) -> None:
    _die(tmp_path)
    CrashGuard(tmp_path, "small").require()
    _die(tmp_path)
    guard = CrashGuard(tmp_path, "small")
    assert (guard.in_a_row, guard.may_run) == (PATIENCE, False)
    with pytest.raises(KeepsCrashing, match=r"died 2 times in a row while answering.*add small --again"):
        guard.require()
    assert "KeepsCrashing" in _die(tmp_path)  # a process that is started again does not try either


def test_it_runs_again_when_somebody_says_so(tmp_path: Path) -> None:
    for _ in range(PATIENCE):
        _die(tmp_path)
    CrashGuard(tmp_path, "small").forgive()
    CrashGuard(tmp_path, "small").require()


def test_good_work_clears_its_name(tmp_path: Path) -> None:
    _die(tmp_path)
    guard = CrashGuard(tmp_path, "small")
    for _ in range(20):
        with guard.running("answering"):
            pass
    assert guard.in_a_row == 0
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_no_crash(tmp_path: Path) -> None:
    guard = CrashGuard(tmp_path, "small")
    with pytest.raises(ValueError, match="wrong"), guard.running("answering"):
        raise ValueError("wrong")
    assert CrashGuard(tmp_path, "small").in_a_row == 0


def test_a_process_that_lives_has_not_crashed(tmp_path: Path) -> None:
    with CrashGuard(tmp_path, "small").running("answering"):
        assert CrashGuard(tmp_path, "small").in_a_row == 0


def test_a_power_cut_is_not_the_models_fault(tmp_path: Path) -> None:
    _die(tmp_path)
    (marker,) = tmp_path.glob("*.running")
    facts = msgspec.json.decode(marker.read_bytes())
    marker.write_bytes(msgspec.json.encode(facts | {"boot": "before"}))  # no test can start the machine again
    assert CrashGuard(tmp_path, "small").in_a_row == 0
    assert list(tmp_path.iterdir()) == []


def test_being_killed_after_it_was_told_to_leave_is_no_crash(tmp_path: Path) -> None:
    leaving = _DIES.replace("    os.abort()", "    guard.stand_down()\n    os.kill(os.getpid(), 9)")
    killed = subprocess.run([sys.executable, "-c", leaving, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert CrashGuard(tmp_path, "small").in_a_row == 0


def test_another_models_crashes_do_not_count(tmp_path: Path) -> None:
    _die(tmp_path)
    assert CrashGuard(tmp_path, "other").in_a_row == 0
    assert CrashGuard(tmp_path, "small").in_a_row == 1


def test_a_damaged_note_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / ".small.crashes.json").write_bytes(b"{")
    assert CrashGuard(tmp_path, "small").in_a_row == 0
