"""The egress ledger: nothing leaves unwritten, and nothing that is written can be changed unseen."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from alpenglow.assistant.cloud.errors import NotRecorded
from alpenglow.assistant.cloud.ledger import Ledger, Retention

from .recorder import recording, streams

BODY = b'{"messages": []}'


def send(ledger: Ledger, body: bytes = BODY, *, out: int = 100) -> int:
    """Something that left and was answered."""
    entry = ledger.begin(
        purpose="assistant.cloud_model", recipient="cloud.example:443", method="POST", body=body, redacted={"name": 2}
    )
    ledger.complete(entry, bytes_out=out, bytes_in=7, outcome="answered")
    return entry


def tamper(ledger: Ledger, *statements: str) -> None:
    """Change the file behind the ledger's back, as somebody with the file could."""
    with closing(sqlite3.connect(ledger._path)) as db:
        db.executescript(";".join(["DROP TRIGGER no_change", "DROP TRIGGER no_removal", *statements]))


def test_an_entry_says_what_left_when_to_whom_for_what_and_what_was_taken_out(ledger):
    before = datetime.now(UTC)
    send(ledger)
    (entry,) = ledger.entries()
    assert before <= datetime.fromisoformat(entry.time) <= datetime.now(UTC)
    assert (entry.purpose, entry.recipient, entry.method) == ("assistant.cloud_model", "cloud.example:443", "POST")
    assert (entry.bytes_out, entry.bytes_in, entry.outcome) == (100, 7, "answered")
    assert entry.redacted_says == "2 name"
    assert entry.body == BODY.decode()


def test_entries_come_newest_first_and_not_more_than_asked_for(ledger):
    numbers = [send(ledger) for _ in range(5)]
    assert [entry.id for entry in ledger.entries(limit=2)] == [numbers[4], numbers[3]]


def test_the_sum_is_of_what_left_since_then(tmp_path):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with closing(Ledger(tmp_path / "l", now=lambda: now)) as ledger:
        send(ledger, out=100)
        now += timedelta(days=1)
        send(ledger, out=30)
        assert ledger.bytes_out() == 130
        assert ledger.bytes_out(now - timedelta(hours=1)) == 30


def test_every_write_is_on_the_disk_before_anything_leaves(ledger):
    assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_untouched_ledger_is_whole_also_after_it_was_opened_again(ledger):
    assert ledger.verify() == []
    send(ledger)
    with closing(Ledger(ledger._path)) as again:
        send(again)
        assert again.verify() == []
        assert len(again.entries()) == 2


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE rows SET record = replace(record, 'cloud', 'other') WHERE seq = 3", "row 3 was changed"),
        ("UPDATE rows SET record = replace(record, '100', '0') WHERE seq = 4", "row 4 was changed"),
        ("UPDATE rows SET kind = 'other' WHERE seq = 1", "row 1 was changed"),
        ("UPDATE rows SET entry = 1 WHERE seq = 4", "row 4 was changed"),
        ("UPDATE rows SET hash = 'x' WHERE seq = 2", "row 2 was changed"),
        ("UPDATE rows SET record = 'not JSON' WHERE seq = 3", "row 3 was changed"),
        ("DELETE FROM rows WHERE seq = 1", "rows 1 to 1 are missing"),
        ("DELETE FROM rows WHERE seq IN (3, 4)", "rows 3 to 4 are missing"),
        ("DELETE FROM rows WHERE seq > 4", "rows 5 to 6 are missing"),
        ("DELETE FROM rows", "rows 1 to 6 are missing"),
        ("UPDATE bodies SET body = 'nothing' WHERE entry = 3", "what is kept of entry 3 was changed"),
        ("DELETE FROM bodies WHERE entry = 3", "what was sent by entry 3 is missing"),
    ],
)
def test_a_changed_or_missing_row_is_found(ledger, change, found):
    for _ in range(3):
        send(ledger)
    tamper(ledger, change)
    assert found in ledger.verify()


def test_a_chain_made_anew_is_found_with_a_head_that_was_noted(ledger, tmp_path):
    send(ledger)
    head = ledger.head()
    assert ledger.verify(head) == []
    with closing(Ledger(tmp_path / "forged")) as forged:
        send(forged, b"{}")
        assert forged.verify() == []
        assert forged.verify(head) != []


def test_rows_cannot_be_changed_by_accident(ledger):
    send(ledger)
    with closing(sqlite3.connect(ledger._path)) as db, pytest.raises(sqlite3.IntegrityError, match="only added"):
        db.execute("UPDATE rows SET record = ''")


def test_bodies_are_kept_for_a_time_and_the_entries_for_ever(tmp_path):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with closing(Ledger(tmp_path / "l", retention=Retention(days=30, bytes=100), now=lambda: now)) as ledger:
        send(ledger, b"old")
        now += timedelta(days=31)
        send(ledger, b"a" * 60)
        send(ledger, b"b" * 60)
        assert [entry.body for entry in ledger.entries()] == ["b" * 60, None, None]
        assert ledger.verify() == []


def test_people_can_have_the_bodies_forgotten(ledger):
    send(ledger, b"a secret that nobody recognised")
    assert ledger.drop_bodies() == 1
    assert ledger.entries()[0].body is None
    assert ledger.verify() == []
    ledger.close()
    folder = ledger._path.parent
    assert not any(b"nobody recognised" in path.read_bytes() for path in folder.iterdir())


def test_the_export_can_be_checked_by_anybody(ledger):
    send(ledger)
    content = msgspec.json.decode(ledger.export())
    assert [row["kind"] for row in content["rows"]] == ["intent", "completed"]
    assert content["rows"][-1]["hash"] == ledger.head()[1]
    assert list(content["bodies"].values()) == [BODY.decode()]


def test_the_file_is_its_owners_alone(ledger):
    send(ledger)
    for path in ledger._path.parent.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_is_no_ledger_is_left_alone_and_told(tmp_path):
    path = tmp_path / "ledger"
    path.write_bytes(b"not a database, but somebody's file" * 100)
    with pytest.raises(NotRecorded, match="nothing was sent"):
        Ledger(path)
    assert path.read_bytes().startswith(b"not a database")


def test_two_processes_may_write_one_chain(ledger):
    with closing(Ledger(ledger._path)) as other:
        for _ in range(3):
            send(ledger)
            send(other)
    assert ledger.verify() == []
    assert len(ledger.entries()) == 6


CHILD = """
import asyncio, sys
from pathlib import Path
from alpenglow.assistant.cloud.client import Cloud
from alpenglow.assistant.cloud.consent import CLOUD_MODEL, Consents
from alpenglow.assistant.cloud.endpoint import Endpoint
from alpenglow.assistant.cloud.ledger import Ledger
from alpenglow.assistant.cloud.redaction import Redactor
from alpenglow.assistant.cloud.request import Request

folder, url = Path(sys.argv[1]), sys.argv[2]
consents = Consents(folder / "consents")
consents.set("owner", CLOUD_MODEL, True)
cloud = Cloud(Endpoint(url=url, model="m"), ledger=Ledger(folder / "ledger"), consents=consents)
request = Request(messages=[{"role": "user", "content": "Will it rain?"}])
asyncio.run(cloud.complete(request, profile="owner", redactor=Redactor()))
"""


async def test_a_process_that_is_killed_while_it_asks_leaves_an_entry_of_unknown_outcome(tmp_path: Path):
    async with recording(streams(end=False)) as recorder:
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path), recorder.url])
        try:
            await asyncio.wait_for(recorder.asked.wait(), 60)
        finally:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        with closing(Ledger(tmp_path / "ledger")) as ledger:
            (entry,) = ledger.entries()
            assert entry.outcome.startswith("unknown")
            assert entry.body == recorder.texts[0]
            assert ledger.bytes_out() == len(recorder.texts[0])
            assert ledger.verify() == []
            send(ledger)
            assert ledger.verify() == []
