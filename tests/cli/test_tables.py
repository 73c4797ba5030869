"""Tables for people: whole lines in a pipe, the terminal's width in a terminal."""

import os
import pty
import subprocess
import sys
import termios

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.cli.tables import lay_out
from tests.running import alpenglow

WORDS = st.lists(st.text("abcäöü.", min_size=1, max_size=12), max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), max_size=8)
HEAD = ("path", "kind", "unit", "description")


@given(ROWS, st.integers(60, 240))
def test_no_line_is_longer_than_the_terminal_unless_its_first_cell_is(
    rows: list[tuple[str, str, str, str]], width: int
) -> None:
    firsts = {row[0] for row in rows}
    assert [line for line in lay_out(HEAD, rows, width) if len(line) > width and line not in firsts] == []


@given(ROWS, st.one_of(st.none(), st.integers(60, 240)))
def test_no_word_is_lost(rows: list[tuple[str, str, str, str]], width: int | None) -> None:
    lines = lay_out(HEAD, rows, width)
    assert sorted(" ".join(lines).split()) == sorted(" ".join(cell for row in (HEAD, *rows) for cell in row).split())


@given(ROWS)
def test_a_pipe_gets_one_line_a_row(rows: list[tuple[str, str, str, str]]) -> None:
    lines = lay_out(HEAD, rows, None)
    assert len(lines) == len(rows) + 1
    for line, row in zip(lines[1:], rows, strict=True):
        assert line.split() == " ".join(row).split()


def in_a_terminal(columns: int, *arguments: str) -> str:
    """What `alpenglow …` shows in a terminal of so many columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"} | {"NO_COLOR": "1"}
    command = [sys.executable, "-m", "alpenglow", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        pieces = []
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # EIO: the other end is closed
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [80, 200])
def test_the_catalogue_fits_the_terminal(columns: int) -> None:
    lines = in_a_terminal(columns, "signals", "list", "Vehicle.Cabin.HVAC").splitlines()
    assert max(map(len, lines)) <= columns
    fan = next(i for i, line in enumerate(lines) if "Row1.Driver.FanSpeed" in line)
    entry = " ".join(" ".join(lines[fan : fan + 3]).split())
    assert "Row1.Driver.FanSpeed actuator uint8 percent 0 … 100 Fan of the front driver-side zone" in entry


def test_a_listing_in_a_pipe_is_made_of_whole_lines() -> None:
    lines = alpenglow("signals", "list", "Vehicle.Cabin.HVAC").stdout.splitlines()
    fan = next(line for line in lines if "Row1.Driver.FanSpeed" in line)
    assert fan.split()[1:6] == ["actuator", "uint8", "percent", "0", "…"]
    assert fan.endswith("0 off, 100 strongest.")
