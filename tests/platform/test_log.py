"""One log: every process's lines with their fields, the console only with what a person should act on."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.platform.log import Log, Words

_HARD_LINES = [b'{"event":"x"}\n', b'{"event":1,"level":[]}\n', b'{"event":1e999}\n', b"[1]\n", b"[" * 9000 + b"\n"]


@pytest.fixture
def console() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(tmp_path: Path, console: io.StringIO) -> Log:
    return Log(tmp_path / "log", console=console)


def lines(log: Log) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.path.read_text().splitlines()]


def test_a_line_keeps_its_fields_and_gains_its_process(log: Log) -> None:
    log.take("vehicle", b'{"event":"bus up","level":"info","bus":"can0","process":"forged"}')
    (line,) = lines(log)
    assert (line["process"], line["event"], line["bus"]) == ("vehicle", "bus up", "can0")


def test_the_console_shows_warnings_and_worse_only(log: Log, console: io.StringIO) -> None:
    for level in ("debug", "info", "warning", "error"):
        log.take("vehicle", json.dumps({"event": f"an {level}", "level": level}).encode())
    log.take("vehicle", b"Traceback (most recent call last):")
    shown = console.getvalue().splitlines()
    assert [line.split()[1:] for line in shown] == [
        ["vehicle", "warning", "an", "warning"],
        ["vehicle", "error", "an", "error"],
    ]
    assert len(lines(log)) == 5


@given(pieces=st.lists(st.binary(max_size=200) | st.sampled_from(_HARD_LINES)))
def test_whatever_a_process_writes_each_line_of_the_log_is_an_object(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    log = Log(tmp_path_factory.mktemp("log") / "log", console=io.StringIO())
    words = Words(log, "vehicle")
    for piece in pieces:
        words(piece)
    words.end()
    log.close()
    content = log.path.read_bytes()
    found = [msgspec.json.decode(line) for line in content.splitlines()]
    assert all(line["process"] == "vehicle" and "event" in line for line in found)
    assert len(found) == sum(bool(line.strip()) for line in b"".join(pieces).split(b"\n"))


def test_a_line_arrives_whole_however_it_was_cut(log: Log) -> None:
    words = Words(log, "vehicle")
    for piece in (b'{"event":"bus', b' up","level":"info"}\n{"event":"ne', b'xt"}\n'):
        words(piece)
    assert [line["event"] for line in lines(log)] == ["bus up", "next"]
    assert words.last == "next"


def test_a_process_that_prints_in_a_loop_cannot_fill_the_log(log: Log) -> None:
    words = Words(log, "vehicle")
    for _ in range(100):
        words(b"again\n" * 1000)
    log.close()
    assert len(lines(log)) < 20_000


def test_the_log_rotates_by_size_and_stays_private(tmp_path: Path, console: io.StringIO) -> None:
    log = Log(tmp_path / "log", console=console, size=1000, keep=2)
    for number in range(100):
        log.say(f"line {number}")
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["log", "log.1", "log.2"]
    assert all(path.stat().st_size <= 1000 and path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert lines(log)[-1]["event"] == "line 99"
