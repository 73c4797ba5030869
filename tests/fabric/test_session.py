"""Two real processes' worth of fabric in one test: a router and clients, over a unix socket, with access control."""

import asyncio
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.fabric import (
    Fabric,
    NoProvider,
    NotPermitted,
)
from alpenglow.fabric.wire import Batch, decode_batch, encode
from alpenglow.signals import BadValue, Quality, Sample, UnknownSignal, Value, load_catalogue

from .conftest import IDENTITIES, SPEED, Car, double

GEAR = "Vehicle.Powertrain.Transmission.CurrentGear"
VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"


async def until(true: object, timeout_s: float = 3.0) -> None:
    """Wait until `true()` holds; fail after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.005)


async def test_what_the_owner_publishes_reads_everywhere(car: Car) -> None:
    safety, vehicle, app = await car.open("safety"), await car.open("vehicle"), await car.open("app")
    vehicle.publish({SPEED: 57.5, GEAR: 1})
    for fabric in (safety, app, vehicle):
        await until(lambda f=fabric: f.read(SPEED).value == 57.5)
        assert fabric.read(SPEED).quality is Quality.VALID


async def test_a_late_starter_gets_what_was_said_before_and_its_true_age(car: Car) -> None:
    await car.open("safety")
    vehicle = await car.open("vehicle")
    vehicle.publish({"Vehicle.TraveledDistance": 1234500})
    await asyncio.sleep(0.3)
    late = await car.open("app")
    reading = late.read("Vehicle.TraveledDistance")
    assert reading.value == 1234500
    assert reading.age_s >= 0.3


async def test_a_follower_sees_changes_of_what_it_follows_only(car: Car) -> None:
    await car.open("safety")
    vehicle, app = await car.open("vehicle"), await car.open("app")
    follow = app.follow("Vehicle.Powertrain")
    first = asyncio.ensure_future(anext(follow))
    await asyncio.sleep(0.05)
    vehicle.publish({SPEED: 10.0})
    vehicle.publish({GEAR: -1})
    changes = await asyncio.wait_for(first, 2)
    assert {p: r.value for p, r in changes.readings.items()} == {GEAR: -1}


async def test_a_slow_follower_learns_that_it_missed_values_and_holds_up_nobody(car: Car) -> None:
    await car.open("safety")
    vehicle, app = await car.open("vehicle"), await car.open("app")
    follower = app.follower(SPEED)
    for speed in range(100):
        vehicle.publish({SPEED: float(speed)})
    await until(lambda: app.read(SPEED).value == 99.0)
    changes = follower.take()
    assert changes.readings[SPEED].value == 99.0
    assert changes.missed == 99


async def test_a_stream_has_every_sample_in_order(car: Car) -> None:
    await car.open("safety")
    vehicle, app = await car.open("vehicle"), await car.open("app")
    seen: list[Value | None] = []

    async def collect() -> None:
        async for samples, missed in app.stream(SPEED):
            assert missed == 0
            seen.extend(s.value for s in samples)

    task = asyncio.ensure_future(collect())
    await asyncio.sleep(0.05)
    for speed in range(200):
        vehicle.publish({SPEED: float(speed)})
    await until(lambda: len(seen) == 200)
    task.cancel()
    assert seen == [float(s) for s in range(200)]


async def test_lost_batches_are_noticed_and_mended_by_a_snapshot(car: Car) -> None:
    await car.open("safety")
    vehicle, app = await car.open("vehicle"), await car.open("app")
    vehicle.publish({SPEED: 1.0})
    await until(lambda: app.read(SPEED).value == 1.0)
    publisher, vehicle._publisher = vehicle._publisher, None
    vehicle.publish({GEAR: -1})  # goes nowhere
    vehicle._publisher = publisher
    vehicle.publish({SPEED: 2.0})
    await until(lambda: app.read(GEAR).value == -1)
    assert app.received.missed_batches == 1


async def test_a_service_answers_with_the_callers_proven_identity(car: Car) -> None:
    safety, test = await car.open("safety"), await car.open("test")
    callers: list[str] = []

    async def answer(caller: str, number: int, times: int = 1) -> int:
        callers.append(caller)
        return number * 2**times

    await test.serve(double, answer)
    await asyncio.sleep(0.1)
    assert await safety.call(double, 4) == 8
    assert await safety.call(double, number=4, times=3) == 32
    assert await test.call(double, 1) == 2
    assert callers == ["safety", "safety", "test"]


async def test_a_call_that_the_router_dropped_as_too_early_is_made_again(car: Car) -> None:
    safety, test = await car.open("safety"), await car.open("test")
    asked: list[int] = []

    async def answer(_caller: str, number: int, times: int = 1) -> int:
        asked.append(number)
        return number * 2**times

    await safety.serve(double, answer)
    await asyncio.sleep(0.1)
    # The first goes past the library's own pacing, so that the router sees both at once.
    early = test._get("call/test/double/test", double.pack(1), 1.0)
    assert (await asyncio.gather(early, test.call(double, 4)))[1] == 8
    assert asked == [1, 4]


async def test_a_call_that_finds_nobody_asks_the_router_who_serves_it(
    car: Car, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a client never learns of a queryable cannot be provoked: empty answers stand for it."""
    safety, test = await car.open("safety"), await car.open("test")
    answers = [False, False, False, True]  # whether one of them gets through

    async def answer(_caller: str, number: int, times: int = 1) -> int:
        return number * 2**times

    await safety.serve(double, answer)
    await asyncio.sleep(0.1)
    real = test._get

    async def get(*arguments: Any, **words: Any) -> Any:
        return await real(*arguments, **words) if answers.pop(0) else []

    monkeypatch.setattr(test, "_get", get)
    assert await test.call(double, 4) == 8
    assert answers == []


async def test_a_call_without_a_provider_says_so_quickly(car: Car) -> None:
    safety = await car.open("safety")
    with pytest.raises(NoProvider):
        await safety.call(double, 4)


async def test_an_identity_without_permission_cannot_publish_call_or_write(car: Car) -> None:
    """Round the library's own checks, straight through Zenoh: the router is what refuses."""
    safety, vehicle, app = await car.open("safety"), await car.open("vehicle"), await car.open("app")
    moved: list[object] = []

    async def write(path: str, value: Value) -> None:
        moved.append((path, value))

    await vehicle.provide(write)
    await asyncio.sleep(0.1)
    with pytest.raises(NotPermitted):
        app.publish({SPEED: 99.0})
    with pytest.raises(NotPermitted):
        await app.call(double, 1)
    with pytest.raises(NotPermitted):
        await app.actuate("Vehicle.Body.Hood.IsOpen", True)

    assert app._session is not None
    batch = Batch(
        app.catalogue.fingerprint, 1, 1, 0, time.monotonic_ns(),
        [Sample(app.catalogue.index_of[SPEED], 250.0, Quality.VALID, 1)],
    )  # fmt: skip
    for key in ("signals/vehicle", "signals/app", "signals/safety"):
        app._session.put(key, encode(batch))
    for key in (
        "write/vehicle/safety",
        "write/vehicle/app",
        "write/*/*",
        "call/test/double/app",
        "call/test/double/safety",
    ):
        assert await app._get(key, encode(["Vehicle.Body.Hood.IsOpen", True]), 0.5) == []
    await asyncio.sleep(0.1)
    assert safety.read(SPEED).value is None
    assert vehicle.read(SPEED).value is None
    assert moved == []

    await safety.write("Vehicle.Body.Hood.IsOpen", True)
    assert moved == [("Vehicle.Body.Hood.IsOpen", True)]


async def test_an_owner_cannot_publish_another_owners_signal(car: Car) -> None:
    safety, test = await car.open("safety"), await car.open("test")
    batch = Batch(
        test.catalogue.fingerprint, 1, 1, 0, time.monotonic_ns(),
        [Sample(test.catalogue.index_of[SPEED], 250.0, Quality.VALID, 1),
         Sample(test.catalogue.index_of[VOLUME], 7, Quality.VALID, 1)],
    )  # fmt: skip
    assert test._publisher is not None
    test._publisher.put(encode(batch))
    await until(lambda: safety.read(VOLUME).value == 7)
    assert safety.read(SPEED).value is None
    assert safety.received.refused_samples == 1


async def test_a_wrong_password_does_not_get_in(car: Car) -> None:
    await car.open("safety")
    with pytest.raises(TimeoutError):
        await car.open("vehicle", secret="guess")


async def test_bad_values_are_refused_whole(car: Car) -> None:
    safety, vehicle = await car.open("safety"), await car.open("vehicle")
    with pytest.raises(BadValue):
        vehicle.publish({SPEED: 3.0, GEAR: "first"})
    with pytest.raises(UnknownSignal):
        vehicle.publish({"Vehicle.Sped": 3.0})
    await asyncio.sleep(0.05)
    assert safety.read(SPEED).quality is Quality.UNAVAILABLE


async def test_a_flood_from_one_identity_does_not_reach_the_others(car: Car) -> None:
    safety, test = await car.open("safety"), await car.open("test")
    got = 0

    async def answer(caller: str, number: int, times: int = 1) -> int:
        nonlocal got
        got += 1
        return number

    await safety.serve(double, answer)
    double_key = "call/test/double/test"
    await asyncio.sleep(0.1)
    assert test._session is not None
    started = time.monotonic()
    sent = 0
    while time.monotonic() - started < 1.0:
        test._session.get(double_key, lambda _: None, payload=double.pack(1), timeout=0.5)
        test._session.put("signals/test", b"x" * 100)
        sent += 2
    await asyncio.sleep(0.3)
    assert sent > 2000
    assert got < 700  # twice the identity's 200 a second, and a margin
    assert safety.received.refused_batches < 700


async def test_a_restarted_router_is_found_again(car: Car) -> None:
    safety = await car.open("safety")
    vehicle = await car.open("vehicle")
    vehicle.publish({SPEED: 1.0})
    await until(lambda: safety.read(SPEED).value == 1.0)
    await safety.close()
    await asyncio.sleep(0.2)
    again = await car.open("safety")
    speed = 2.0
    deadline = time.monotonic() + 5
    while again.read(SPEED).value is None and time.monotonic() < deadline:
        vehicle.publish({SPEED: speed})
        await asyncio.sleep(0.05)
    assert again.read(SPEED).value == speed


@given(st.binary(max_size=200))
def test_random_payloads_are_refused_and_nothing_else(payload: bytes) -> None:
    async def receive() -> None:
        fabric = Fabric("app", _CATALOGUE, IDENTITIES)
        fabric.received.batch("vehicle", payload)
        assert fabric.snapshot() == {}

    asyncio.run(receive())


_CATALOGUE = load_catalogue()
_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.text(max_size=5))


@given(
    st.integers(0, 2**32),
    st.lists(st.tuples(st.integers(-(2**62), 2**62), _VALUES, st.integers(-2, 6), st.integers(0, 2**62)), max_size=5),
)
def test_well_formed_nonsense_never_shows_as_somebody_elses_value(fingerprint: int, rows: list[object]) -> None:
    async def receive() -> None:
        fabric = Fabric("safety", _CATALOGUE, IDENTITIES)
        for made_with in (fingerprint, _CATALOGUE.fingerprint):
            fabric.received.batch("app", encode([made_with, 1, 1, 0, 5, rows]))
        assert fabric.snapshot() == {}

    asyncio.run(receive())


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1000), _VALUES.filter(lambda v: v == v), st.sampled_from(Quality), st.integers(0, 2**62)
        )
    )
)
def test_a_batch_arrives_as_it_was_sent(rows: list[tuple[int, Value, Quality, int]]) -> None:
    samples = [Sample(*row) for row in rows]
    assert decode_batch(encode(Batch(1, 2, 3, 4, 5, samples))).samples == samples
