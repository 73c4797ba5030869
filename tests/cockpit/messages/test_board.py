"""What parts post is told, kept and given out, and survives a restart; nobody's own things reach a guest."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alpenglow.cockpit.messages.board import Board
from alpenglow.fabric.store import Store


class Car:
    """A board with a clock that stands still until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0
        self.began = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
        self.person: str | None = "owner"
        self.revisions = 0
        self.start()

    def start(self) -> None:
        self.store = Store(self.folder, "cockpit")
        self.board = Board(
            self.store,
            self.count,
            lambda: self.person,
            clock=lambda: self.seconds,
            now=lambda: self.began + timedelta(seconds=self.seconds),
        )

    def count(self) -> None:
        self.revisions += 1

    def pass_(self, seconds: float) -> None:
        for _ in range(round(seconds * 5)):
            self.seconds += 0.2
            self.board.look(False)

    def states(self) -> dict[str, str]:
        return {m.cause: m.state for m in self.board.messages(100)}


@pytest.fixture
def car(tmp_path: Path) -> Car:
    return Car(tmp_path)


def test_a_message_is_shown_then_listed_then_history(car: Car) -> None:
    car.board.look(False)
    car.board.post("flap", "notice", "messages.flap_open")
    assert car.states() == {"flap": "shown"}
    car.pass_(9.0)
    assert car.states() == {"flap": "told"}
    car.board.clear("flap")
    [told] = car.board.messages(100)
    assert (told.state, told.over) == ("over", "2026-03-02T07:30:09+00:00")


def test_a_condition_ends_its_message(car: Car) -> None:
    holds = True
    car.board.post("pet", "info", "messages.pet", until=lambda: not holds)
    car.pass_(10.0)
    assert car.states() == {"pet": "told"}
    holds = False
    car.pass_(0.2)
    assert car.states() == {"pet": "over"}


def test_the_same_cause_told_again_is_one_line_of_history(car: Car) -> None:
    for percent in (20, 19, 18):
        car.board.post("charge", "notice", "messages.charge", {"percent": percent})
        car.pass_(1.0)
    [message] = car.board.messages(100)
    assert message.args == {"percent": 18}


def test_screens_are_told_when_something_changes_and_only_then(car: Car) -> None:
    car.board.look(False)
    before = car.revisions
    car.board.post("flap", "notice", "messages.flap_open")
    assert car.revisions == before + 1
    car.pass_(3.0)
    assert car.revisions == before + 1
    car.pass_(8.0)
    assert car.revisions == before + 2


def test_history_survives_a_restart_and_what_held_then_is_over(car: Car) -> None:
    car.board.post("brakes", "stop", "messages.brakes")
    car.store.close()
    car.start()
    assert car.states() == {"brakes": "over"}


def test_history_is_bounded(car: Car) -> None:
    for number in range(210):
        car.board.post(f"cause.{number}", "info", "messages.flap_open")
        car.board.clear(f"cause.{number}")
        car.seconds += 100.0
    assert len(car.board.messages(400)) <= 200


def test_what_is_a_persons_own_is_hidden_from_guest_and_valet_and_not_kept_of_them(car: Car) -> None:
    car.board.post("suggestion", "info", "messages.suggestion", {"text": "Call Kim?"}, elsewhere=True, personal=True)
    car.board.post("tyre", "warning", "messages.tyre", elsewhere=True)
    assert set(car.states()) == {"suggestion", "tyre"}
    car.person = None
    assert set(car.states()) == {"tyre"}
    car.board.clear("suggestion")
    car.pass_(60.0)
    car.board.post("suggestion", "info", "messages.suggestion", {"text": "Guest"}, elsewhere=True, personal=True)
    assert b"Guest" not in car.store.export("owner")
    car.person = "owner"
    assert b"Call Kim?" in car.store.export("owner")


def test_acknowledging_is_kept_and_what_is_over_cannot_be(car: Car) -> None:
    car.board.post("brakes", "stop", "messages.brakes")
    [message] = car.board.messages(100)
    assert car.board.acknowledge(message.id)
    assert [m.acknowledged for m in car.board.messages(100)] == [True]
    car.board.clear("brakes")
    assert [m.acknowledged for m in car.board.messages(100)] == [True]
    assert not car.board.acknowledge("nothing")


def test_one_of_two_screens_plays_the_chime(car: Car) -> None:
    car.board.look(False)
    car.board.post("flap", "notice", "messages.flap_open")
    [message] = car.board.messages(100)
    assert [car.board.claim_chime(message.id).cue for _ in range(2)] == ["notice", ""]
    assert car.board.claim_chime("nothing").cue == ""


def test_a_store_that_cannot_be_written_holds_up_no_message(car: Car) -> None:
    car.store.close()
    (car.folder / "cockpit.sqlite").unlink()
    car.start()
    car.store._db.execute("PRAGMA query_only = ON")  # a full disk, as far as this file is concerned
    car.board.post("brakes", "stop", "messages.brakes")
    assert car.states() == {"brakes": "shown"}
