"""`make` finds a Python that runs and is new enough, and says plainly what is missing when there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "find-python"


def find(home: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a world with only these programs (and the shell's own)."""
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"HOME": str(home), "PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bin_dir(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "cat").symlink_to("/bin/cat")
    return tmp_path / "bin"


def real(path: Path) -> Path:
    return program(path, f'exec "{sys.executable}" "$@"')


def test_a_fit_python_on_the_path_is_taken(tmp_path: Path, bin_dir: Path) -> None:
    real(bin_dir / "python3.13")
    found = find(tmp_path, bin_dir)
    assert (found.returncode, found.stdout.strip()) == (0, sys.executable)


def test_a_shim_that_does_not_run_does_not_count(tmp_path: Path, bin_dir: Path) -> None:
    program(bin_dir / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    real(tmp_path / ".pyenv" / "versions" / "3.13.9" / "bin" / "python")
    found = find(tmp_path, bin_dir)
    assert (found.returncode, found.stdout.strip(), found.stderr) == (0, sys.executable, "")


def test_an_old_python_and_one_without_venv_are_named(tmp_path: Path, bin_dir: Path) -> None:
    program(bin_dir / "python3", "echo old 3.9.2")
    program(bin_dir / "python3.12", "echo bare 3.12.1")
    found = find(tmp_path, bin_dir)
    if found.returncode == 0:
        pytest.skip("this machine has another Python in /usr/local or /opt")
    assert "python3 is Python 3.9.2, too old" in found.stderr
    assert "python3.12 is Python 3.12.1 without venv" in found.stderr
    assert "apt install" in found.stderr


def test_the_named_python_comes_first(tmp_path: Path, bin_dir: Path) -> None:
    program(bin_dir / "python3.13", "echo yes /from/the/path")
    mine = program(tmp_path / "mine", "echo yes /mine")
    assert find(tmp_path, bin_dir, PYTHON=str(mine)).stdout.strip() == "/mine"
