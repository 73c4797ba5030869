"""PINs: what is kept of them, and how often one may guess."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.cockpit.profiles.pin import FREE_TRIES, Lock, Pin, Tries, hashed, matches

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_pin_matches_itself_alone_and_is_never_kept_in_clear() -> None:
    kept = hashed("2468")
    again = msgspec.json.decode(msgspec.json.encode(kept), type=Pin)
    assert matches(again, "2468")
    assert not matches(again, "2469")
    assert b"2468" not in msgspec.json.encode(kept)
    assert hashed("2468").digest != kept.digest, "each has a salt of its own"


@given(st.lists(st.integers(0, 5000), max_size=30))
def test_guessing_gets_slower_and_slower(pauses_s: list[int]) -> None:
    """Whoever tries as soon as it is permitted gets at most so many tries in a day."""
    tries, now, looked_at = Tries(), NOON, 0
    for pause in [*pauses_s, *[0] * 200]:
        now += timedelta(seconds=pause + tries.wait_s(now))
        tries = tries.one_more(now)
        looked_at += 1
        if now - NOON > timedelta(days=1):
            break
    assert looked_at <= FREE_TRIES + 7 + 24 + 1


@given(st.integers(1, 100), st.timedeltas(timedelta(days=-1000), timedelta(days=1000)))
def test_a_clock_that_is_set_never_makes_the_wait_longer_than_an_hour(wrong: int, jump: timedelta) -> None:
    tries = Tries()
    for _ in range(wrong):
        tries = tries.one_more(NOON)
    assert 0 <= tries.wait_s(NOON + jump) <= 3600
    assert (tries.wait_s(NOON) > 0) == (wrong >= FREE_TRIES)


async def test_a_wrong_try_is_written_down_before_it_is_answered_and_many_at_once_are_worth_no_more() -> None:
    kept, written = hashed("2468"), [Tries()]
    lock = Lock(lambda: NOON)

    async def guess(pin: str) -> bool:
        check = await lock.check(kept, pin, lambda: written[-1], written.append)
        return check.right

    guesses = await asyncio.gather(*(guess(f"{n:04d}") for n in range(12)))
    assert not any(guesses)
    assert written[-1].wrong == FREE_TRIES
    assert len(written) == 1 + FREE_TRIES
    assert not await guess("2468"), "also the right one waits"
    written.append(Tries())
    assert await guess("2468")
    assert written[-1] == Tries()


async def test_no_pin_is_no_guess() -> None:
    written: list[Tries] = []
    check = await Lock(lambda: NOON).check(hashed("2468"), "", Tries, written.append)
    assert not check.right
    assert not written
