"""Help, wrong words, pipes and the wrong Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alpenglow import __version__
from tests.cli.terminal import ROOT, refusal
from tests.running import alpenglow

COMMANDS = [
    ("drive",),
    ("replay",),
    ("decode",),
    ("status",),
    ("doctor",),
    *(("signals", name) for name in ("list", "export", "get", "set", "watch", "record")),
    *(("platform", name) for name in ("certificates", "prepare", "export")),
]
LIST = [sys.executable, "-m", "alpenglow", "signals", "list"]


def test_it_says_its_version() -> None:
    assert alpenglow("--version").stdout == f"alpenglow {__version__}\n"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_each_of_its_words(words: tuple[str, ...]) -> None:
    done = alpenglow(*words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    usage, *text = done.stdout.splitlines()
    assert usage.startswith(f"Usage: alpenglow {' '.join(words)} ")
    assert max(map(len, text)) <= 80
    starts = [i for i, line in enumerate(text) if line.startswith("  ") and not line.startswith("   ") and i > 1]
    described = [i for i in starts if "  " in text[i].strip() or text[i + 1].startswith("      ")]
    paragraphs = text.index("Options:") if "Arguments:" not in text else text.index("Arguments:")
    assert [text[i] for i in starts if i not in described and i > paragraphs] == []


def test_the_overview_names_every_command_in_full() -> None:
    for words in ((), ("signals",), ("platform",)):
        lines = alpenglow(*words, "--help").stdout.splitlines()
        names = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line.startswith("  ")]
        assert set(names) >= {command[len(words)] for command in COMMANDS if command[: len(words)] == words}
        assert not [line for line in lines[1:] if line.endswith("...")]


def test_units_in_brackets_are_part_of_the_help() -> None:
    assert "time [s]" in alpenglow("decode", "--help").stdout


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["fly"], "No such command 'fly'; see `alpenglow --help`"),
        (["signals", "get"], "see `alpenglow signals get --help`"),
        (["decode", "--fast"], "No such option: --fast; see `alpenglow decode --help`"),
        (["drive", "--port", "many"], "Invalid value for '--port'"),
        (["signals", "watch", "Vehicle.Speed", "--seconds", "-1"], "Invalid value for '--seconds'"),
    ],
)
def test_wrong_words_get_one_line_and_status_2(words: list[str], problem: str) -> None:
    assert problem in refusal(alpenglow(*words), status=2)


def test_alone_it_shows_its_help() -> None:
    done = alpenglow()
    assert (done.returncode, done.stdout) == (2, alpenglow("--help").stdout)


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(LIST, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        assert listing.stdout.readline().startswith("path ")
        listing.stdout.close()
        assert listing.stderr.read() == ""
    assert listing.returncode == 0


def test_output_that_finds_no_room_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(LIST, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "alpenglow: cannot write the output: No space left on device\n")


def test_output_that_is_closed_is_no_error() -> None:
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *LIST], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def old_python() -> str | None:
    """A Python that is too old, where the machine has one that runs."""
    for name in ("python3.11", "python3.10", "python3.9"):
        places = [shutil.which(name, path="/usr/bin:/usr/local/bin")]
        places += [
            str(p) for p in (Path.home() / ".pyenv/versions").glob(f"{name.removeprefix('python')}.*/bin/python")
        ]
        for place in places:
            if place and subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0:
                return place
    return None


def test_an_old_python_is_told_which_one_is_needed() -> None:
    python = old_python()
    if python is None:
        pytest.skip("no Python older than 3.12 on this machine")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([python, "-m", "alpenglow"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("alpenglow needs Python 3.12 or newer; this is 3.")
    assert done.stderr.count("\n") == 1
