"""End-to-end protection: what a receiver may trust, whatever the bus does to the frames."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.vehicle.e2e import (
    Profile,
    Protection,
    Receiver,
    State,
    StateMachine,
    Status,
    Window,
    counter_of,
    protect,
)

CYCLE_NS = 10_000_000
LENGTHS = {Profile.P04: 16, Profile.P07: 24}
COUNTERS = {
    Profile.P01: 15,
    Profile.P02: 16,
    Profile.P04: 1 << 16,
    Profile.P05: 256,
    Profile.P06: 256,
    Profile.P07: 1 << 32,
    Profile.P11: 15,
}
profiles = st.sampled_from(list(Profile))


def protection_of(profile: Profile, data_id: int = 0x123, **settings: object) -> Protection:
    ids = [(data_id + i) % 256 for i in range(16)] if profile is Profile.P02 else data_id
    return Protection(profile=profile, data_id=ids, length=LENGTHS.get(profile, 8), **settings)  # type: ignore[arg-type]


def frames(protection: Protection, count: int, payload: int = 0x5A) -> list[bytes]:
    """What a sender puts on the bus, one frame after another."""
    data = bytearray([payload] * protection.length)
    if protection.profile in (Profile.P01, Profile.P02, Profile.P11):
        data[1] &= 0xF0
    else:
        data[: len(data)] = bytes(len(data))
        data[-1] = payload
    sent = []
    for _ in range(count):
        protect(protection, data)
        sent.append(bytes(data))
    return sent


def trusting(protection: Protection) -> tuple[Receiver, list[bytes], int]:
    """A receiver that is VALID, the frames that follow, and the time of the next one (ns)."""
    receiver = Receiver(protection)
    sent = frames(protection, 60)
    for i, frame in enumerate(sent[:5]):
        receiver.receive(frame, i * CYCLE_NS)
    assert receiver.state is State.VALID
    return receiver, sent[5:], 5 * CYCLE_NS


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("nibble", [False, True])
def test_what_one_side_protects_the_other_trusts_from_the_second_frame_on(profile: Profile, nibble: bool) -> None:
    protection = protection_of(profile, nibble=nibble)
    receiver = Receiver(protection)
    trusted = [receiver.receive(f, i * CYCLE_NS) for i, f in enumerate(frames(protection, 300))]
    assert trusted == [False] + [True] * 299  # counters wrap on the way, but for the two long ones


@pytest.mark.parametrize("profile", Profile)
def test_the_counter_moves_by_one_and_wraps(profile: Profile) -> None:
    protection = protection_of(profile)
    counters = [counter_of(protection, f) for f in frames(protection, 40)]
    assert all((b - a) % COUNTERS[profile] == 1 for a, b in itertools.pairwise(counters))


@given(profile=profiles, data=st.data())
def test_a_frame_with_flipped_bits_is_never_trusted(profile: Profile, data: st.DataObject) -> None:
    receiver, coming, now = trusting(protection_of(profile))
    frame = bytearray(coming[0])
    # One or two flipped bits: each profile's CRC finds these for certain (Hamming distance of 3 or more).
    for bit in data.draw(st.sets(st.integers(0, len(frame) * 8 - 1), min_size=1, max_size=2)):
        frame[bit // 8] ^= 1 << bit % 8
    if profile is Profile.P02:
        # Its counter chooses the data ID, so an error there may meet another ID's checksum.
        frame[1] = frame[1] & 0xF0 | coming[0][1] & 0x0F
        if frame == coming[0]:
            return
    assert not receiver.receive(frame, now)


@given(profile=profiles, data=st.binary(max_size=40))
def test_no_bytes_at_all_can_crash_a_receiver(profile: Profile, data: bytes) -> None:
    receiver, _, now = trusting(protection_of(profile))
    receiver.receive(data, now)
    assert receiver.state in State


@pytest.mark.parametrize("profile", [p for p in Profile if p is not Profile.P02])
def test_another_message_with_a_right_checksum_of_its_own_is_not_trusted(profile: Profile) -> None:
    receiver, coming, now = trusting(protection_of(profile, 0x123))
    masked = frames(protection_of(profile, 0x456), 6)[5]
    assert counter_of(receiver.protection, masked) == counter_of(receiver.protection, coming[0])
    assert not receiver.receive(masked, now)


@pytest.mark.parametrize("profile", Profile)
def test_a_frozen_counter_is_not_trusted_and_ends_in_invalid(profile: Profile) -> None:
    receiver, coming, now = trusting(protection_of(profile))
    assert receiver.receive(coming[0], now)
    for i in range(1, 6):
        assert not receiver.receive(coming[0], now + i * CYCLE_NS)
    assert receiver.state is State.INVALID


@given(profile=profiles, lost=st.integers(0, 9), allowed=st.integers(1, 10))
def test_lost_frames_are_forgiven_up_to_the_window(profile: Profile, lost: int, allowed: int) -> None:
    receiver, coming, now = trusting(protection_of(profile, max_delta_counter=allowed))
    assert receiver.receive(coming[lost], now) == (lost + 1 <= allowed)


@pytest.mark.parametrize("profile", Profile)
def test_silence_ends_trust_and_three_right_frames_bring_it_back(profile: Profile) -> None:
    protection = protection_of(profile)
    receiver, coming, now = trusting(protection)
    deadline = int(protection.deadline_s * 1e9)
    assert receiver.elapse(now - CYCLE_NS + 3 * deadline - 1) is State.VALID
    assert receiver.elapse(now - CYCLE_NS + 3 * deadline) is State.INVALID
    now += 10 * deadline
    trusted = [receiver.receive(frame, now + i * CYCLE_NS) for i, frame in enumerate(coming[:4])]
    assert trusted == [False, False, True, True]


def test_a_year_of_silence_costs_no_time() -> None:
    receiver, _, now = trusting(protection_of(Profile.P05))
    assert receiver.elapse(now + 365 * 86400 * 10**9) is State.INVALID


def test_one_wrong_frame_is_dropped_and_two_in_three_end_trust() -> None:
    receiver, coming, now = trusting(protection_of(Profile.P05))
    broken = bytes([coming[0][0] ^ 1]) + coming[0][1:]
    assert not receiver.receive(broken, now)
    assert receiver.state is State.VALID
    assert receiver.receive(coming[1], now + CYCLE_NS)
    assert not receiver.receive(broken, now + 2 * CYCLE_NS)
    assert receiver.state is State.INVALID


def test_wrong_frames_from_the_start_are_never_trusted() -> None:
    receiver = Receiver(protection_of(Profile.P05))
    for i in range(20):
        assert not receiver.receive(bytes(8), i * CYCLE_NS)
    assert receiver.state is State.NO_DATA


def test_a_sender_that_only_repeats_itself_from_the_start_is_never_trusted() -> None:
    protection = protection_of(Profile.P05)
    receiver = Receiver(protection)
    frame = frames(protection, 1)[0]
    assert not any(receiver.receive(frame, i * CYCLE_NS) for i in range(20))
    assert receiver.state is State.INVALID


statuses = st.lists(st.sampled_from(list(Status)), max_size=40)


@given(statuses)
def test_valid_always_means_what_its_window_says(results: list[Status]) -> None:
    protection = protection_of(Profile.P05)
    machine = StateMachine(protection)
    for i, status in enumerate(results):
        state = machine.add(status)
        if state is not State.VALID:
            continue
        latest = results[: i + 1][-protection.valid.size :]
        right = sum(s in (Status.OK, Status.SOME_LOST) for s in latest)
        assert right >= protection.valid.least_ok
        assert latest.count(Status.WRONG_CHECKSUM) <= protection.valid.most_errors


@given(statuses)
def test_three_right_frames_in_a_row_always_bring_trust(results: list[Status]) -> None:
    machine = StateMachine(protection_of(Profile.P05))
    for status in results:
        machine.add(status)
    for _ in range(4):
        machine.add(Status.OK)
    assert machine.state is State.VALID


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"length": 2}, "needs 3 bytes"),
        ({"data_id": 0x10000}, "data ID of 0 to 65535"),
        ({"data_id": [1] * 16}, "data ID of 0 to 65535"),
        ({"profile": Profile.P02}, "list of 16"),
        ({"profile": Profile.P02, "data_id": [300] * 16}, "0 to 255"),
        ({"max_delta_counter": 0}, "max_delta_counter"),
        ({"deadline_s": 0.0}, "deadline_s"),
    ],
)
def test_a_protection_that_cannot_work_is_refused(settings: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Protection(**{"profile": Profile.P05, "data_id": 1, "length": 8} | settings)  # type: ignore[arg-type]


def test_a_window_that_cannot_work_is_refused() -> None:
    with pytest.raises(ValueError, match="least_ok"):
        Window(size=2, least_ok=3, most_errors=0)
