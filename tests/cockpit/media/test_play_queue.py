"""The queue keeps its rules whatever is done to it, and does what people expect."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alpenglow.cockpit.media.play_queue import PlayQueue


def queue(uris: Sequence[str], at: int = 0) -> PlayQueue:
    made = PlayQueue(random.Random(7))
    made.replace(list(uris), at)
    return made


def played(q: PlayQueue) -> str:
    return "".join(entry.uri for entry in q.order)


def test_it_plays_on_and_ends() -> None:
    q = queue("abc")
    assert q.current is not None
    assert [q.skip(1), q.skip(1), q.skip(1)] == [q.order[1], q.order[2], None]
    assert q.current == q.order[2]


def test_next_goes_behind_what_plays_and_add_to_the_end() -> None:
    q = queue("abc", 1)
    q.add("xy", soon=True)
    q.add("z")
    assert played(q) == "abxycz"


def test_repeat_one_repeats_by_itself_but_not_by_hand() -> None:
    q = queue("ab")
    q.repeat = "one"
    first = q.order[0]
    assert q.after(first.id) == first
    assert q.skip(1) == q.order[1]
    assert q.skip(1) == first


def test_repeat_all_begins_again() -> None:
    q = queue("ab", 1)
    q.repeat = "all"
    assert q.after(q.order[1].id) == q.order[0]
    assert q.skip(1) == q.order[0]
    assert q.skip(-1) == q.order[1]


def test_shuffle_keeps_what_plays_and_can_be_undone() -> None:
    q = queue("abcdefgh", 3)
    q.set_shuffle(True)
    assert q.at == 0
    assert q.current is not None
    assert q.current.uri == "d"
    assert sorted(played(q)) == list("abcdefgh")
    q.add("x")
    q.set_shuffle(False)
    assert played(q) == "abcdefghx"
    assert q.at == 3


def test_taking_out_what_plays_lets_the_next_play() -> None:
    q = queue("abc", 1)
    q.remove(q.order[1].id)
    assert q.current is not None
    assert q.current.uri == "c"
    q.remove(q.current.id)
    assert q.current.uri == "a"
    q.remove(q.current.id)
    assert q.current is None


@given(st.text("abcd", min_size=1, max_size=30), st.integers(0, 40), st.booleans())
def test_skipping_to_the_end_plays_every_entry_once(uris: str, seed: int, shuffle: bool) -> None:
    q = PlayQueue(random.Random(seed))
    q.shuffle = shuffle
    q.replace(list(uris))
    seen = [q.current]
    while (entry := q.skip(1)) is not None:
        seen.append(entry)
    assert sorted(e.uri for e in seen if e) == sorted(uris)


class Listener(RuleBasedStateMachine):
    """Somebody who presses everything."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = PlayQueue(random.Random(1))
        self.put: list[str] = []  # what should be in it, in any order

    def any_id(self, pick: int) -> int:
        return self.queue.order[pick % len(self.queue)].id if len(self.queue) else -1

    @rule(uris=st.lists(st.sampled_from("abc"), max_size=6), at=st.integers(-2, 9))
    def replace(self, uris: list[str], at: int) -> None:
        self.queue.replace(uris, at)
        self.put = list(uris)

    @rule(uris=st.lists(st.sampled_from("xyz"), max_size=3), soon=st.booleans())
    def add(self, uris: list[str], soon: bool) -> None:
        self.queue.add(uris, soon=soon)
        self.put += uris

    @rule(pick=st.integers(0, 50))
    def remove(self, pick: int) -> None:
        entry = self.queue.find(self.any_id(pick))
        assert self.queue.remove(self.any_id(pick)) == (entry is not None)
        if entry is not None:
            self.put.remove(entry.uri)

    @rule(pick=st.integers(0, 50), to=st.integers(-3, 60))
    def move(self, pick: int, to: int) -> None:
        before = self.queue.current
        self.queue.move(self.any_id(pick), to)
        assert self.queue.current == before

    @rule()
    def clear(self) -> None:
        self.queue.clear()
        self.put = [self.queue.current.uri] if self.queue.current else []

    @rule(on=st.booleans())
    def shuffle(self, on: bool) -> None:
        before = self.queue.current
        self.queue.set_shuffle(on)
        assert self.queue.current == before

    @rule(repeat=st.sampled_from(["off", "all", "one"]))
    def repeat(self, repeat: str) -> None:
        self.queue.repeat = repeat  # type: ignore[assignment]

    @rule(by=st.sampled_from([1, -1]))
    def skip(self, by: int) -> None:
        self.queue.skip(by)  # type: ignore[arg-type]

    @rule(pick=st.integers(0, 50))
    def go(self, pick: int) -> None:
        self.queue.go(self.any_id(pick))

    @invariant()
    def holds(self) -> None:
        q = self.queue
        assert sorted(entry.uri for entry in q.order) == sorted(self.put)
        assert len({entry.id for entry in q.order}) == len(q.order)
        assert sorted(q._put) == sorted(entry.id for entry in q.order)
        assert (q.current is None) == (len(q) == 0)
        assert q.current is None or q.current in q.order
        if not q.shuffle:
            assert q._put == [entry.id for entry in q.order]
        for entry in q.order:
            following = q.after(entry.id)
            assert following is None or following in q.order


TestListener = Listener.TestCase


@pytest.mark.parametrize("entry", [0, -1, 99])
def test_an_entry_that_is_not_there_changes_nothing(entry: int) -> None:
    q = queue("ab")
    assert not q.remove(entry)
    assert not q.move(entry, 0)
    assert q.go(entry) is None
    assert q.after(entry) is None
    assert played(q) == "ab"
