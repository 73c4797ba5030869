"""End-to-end protection of safety-relevant frames: AUTOSAR "E2E Protocol Specification" (FO PRS, R22-11).

The profiles' checksums come from the library `autosar-e2e`; counter window and state machine are here.

Rules that always hold:
- a frame is trusted only if its checksum, length and data ID are right, its counter has moved by 1 to
  `max_delta_counter`, and the state machine is VALID (PRS_E2E chapter "E2E state machine");
- silence counts: every deadline that passes without a frame is a check with the result NO_NEW_DATA;
- nothing here reads a clock or a bus: the caller says what arrived and when.
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import NamedTuple, assert_never

import msgspec
from e2e import p01, p02, p04, p05, p06, p07, p11


class Profile(StrEnum):
    """The E2E profiles for frames of fixed layout (PRS_E2E chapters on profiles 1 to 11)."""

    P01 = "P01"  # CRC-8 SAE J1850, counter of 4 bits
    P02 = "P02"  # CRC-8 0x2F, counter of 4 bits, one data ID per counter value
    P04 = "P04"  # CRC-32, length, counter of 16 bits, data ID in the frame
    P05 = "P05"  # CRC-16, counter of 8 bits
    P06 = "P06"  # CRC-16, length, counter of 8 bits
    P07 = "P07"  # CRC-64, length, counter and data ID of 32 bits
    P11 = "P11"  # CRC-8 SAE J1850, counter of 4 bits, as profile 1


class Status(IntEnum):
    """What one check found (E2E_PCheckStatusType)."""

    OK = 0
    SOME_LOST = 1  # right, but frames between this and the last are missing; still within the window
    REPEATED = 2
    WRONG_SEQUENCE = 3
    WRONG_CHECKSUM = 4  # checksum, length or data ID
    NO_NEW_DATA = 5


class State(IntEnum):
    """How far the communication is trusted (E2E_SMStateType)."""

    NO_DATA = 0
    INIT = 1
    VALID = 2
    INVALID = 3


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the last `size` checks must hold: `least_ok` right ones, at most `most_errors` wrong checksums."""

    size: int
    least_ok: int
    most_errors: int

    def __post_init__(self) -> None:
        if not 1 <= self.least_ok <= self.size or not 0 <= self.most_errors < self.size:
            raise ValueError(f"a window needs 1 ≤ least_ok ≤ size and 0 ≤ most_errors < size, not {self}")


class Protection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one frame is protected. `data_id`: a number, for P02 a list of 16; `length`, `offset` in bytes."""

    profile: Profile
    data_id: int | list[int]
    length: int
    offset: int = 0  # of the E2E header; P02 has it at 0
    nibble: bool = False  # P01 and P11: the data ID's high byte is sent, in half a byte (mode NIBBLE), not all implied
    max_delta_counter: int = 2
    deadline_s: float = 0.05  # the longest gap between two frames that is no error; about two cycles
    init: Window = Window(size=2, least_ok=2, most_errors=0)
    valid: Window = Window(size=3, least_ok=1, most_errors=1)
    invalid: Window = Window(size=3, least_ok=3, most_errors=0)

    def __post_init__(self) -> None:
        layout = _LAYOUTS[self.profile]
        if not layout.header <= self.length - self.offset:
            raise ValueError(f"E2E {self.profile} needs {layout.header} bytes after its offset, not {self.length}")
        if self.profile is Profile.P02:
            if not isinstance(self.data_id, list) or len(self.data_id) != 16:
                raise ValueError("E2E P02 takes a list of 16 data IDs, one for each counter value")
            if not all(0 <= i <= 0xFF for i in self.data_id) or self.offset:
                raise ValueError("E2E P02 takes data IDs of 0 to 255 and its header at offset 0")
        elif not isinstance(self.data_id, int) or not 0 <= self.data_id <= layout.largest_id:
            raise ValueError(f"E2E {self.profile} takes a data ID of 0 to {layout.largest_id}, not {self.data_id}")
        if not 1 <= self.max_delta_counter < layout.counters:
            raise ValueError(f"max_delta_counter must be 1 to {layout.counters - 1}, not {self.max_delta_counter}")
        if not self.deadline_s > 0:
            raise ValueError(f"deadline_s must be above 0, not {self.deadline_s}")


class _Layout(NamedTuple):
    header: int  # least bytes from the offset on
    counters: int  # how many values the counter has
    counter_at: int  # first byte of the counter
    counter_bytes: int  # 0: the low half of one byte
    length_at: int | None  # first byte of the length, which has as many bytes as `length_bytes`
    length_bytes: int
    largest_id: int


_LAYOUTS = {
    Profile.P01: _Layout(2, 15, 1, 0, None, 0, 0xFFFF),  # PRS_E2E: the value 15 stands for "no signal yet"
    Profile.P02: _Layout(2, 16, 1, 0, None, 0, 0),
    Profile.P04: _Layout(12, 1 << 16, 2, 2, 0, 2, 0xFFFF_FFFF),
    Profile.P05: _Layout(3, 1 << 8, 2, 1, None, 0, 0xFFFF),
    Profile.P06: _Layout(5, 1 << 8, 4, 1, 2, 2, 0xFFFF),
    Profile.P07: _Layout(20, 1 << 32, 12, 4, 8, 4, 0xFFFF_FFFF),
    Profile.P11: _Layout(2, 15, 1, 0, None, 0, 0xFFFF),
}


def protect(protection: Protection, data: bytearray) -> None:
    """Move the counter in `data` on by one and write the header in place; `data` is sent as it is then."""
    _protecting(protection)(data)


def _protecting(p: Protection) -> Callable[[bytearray], object]:
    n, at = p.length, p.offset
    # A CRC over the data ID needs it as a number everywhere but in P02; `Protection` has checked that.
    number = p.data_id if isinstance(p.data_id, int) else 0
    match p.profile:
        case Profile.P01:
            mode = p01.E2E_P01_DATAID_NIBBLE if p.nibble else p01.E2E_P01_DATAID_BOTH
            return lambda d: p01.e2e_p01_protect(d, number, data_id_mode=mode, length=n, offset=at)
        case Profile.P02:
            ids = bytes(p.data_id) if isinstance(p.data_id, list) else b""
            return lambda d: p02.e2e_p02_protect(d, ids, length=n)
        case Profile.P04:
            return lambda d: p04.e2e_p04_protect(d, number, length=n, offset=at)
        case Profile.P05:
            return lambda d: p05.e2e_p05_protect(d, number, length=n, offset=at)
        case Profile.P06:
            return lambda d: p06.e2e_p06_protect(d, number, length=n, offset=at)
        case Profile.P07:
            return lambda d: p07.e2e_p07_protect(d, number, length=n, offset=at)
        case Profile.P11:
            mode = p11.E2E_P11_DATAID_NIBBLE if p.nibble else p11.E2E_P11_DATAID_BOTH
            return lambda d: p11.e2e_p11_protect(d, number, data_id_mode=mode, length=n, offset=at)
        case never:
            assert_never(never)


def _checking(p: Protection) -> Callable[[bytearray], bool]:
    n, at = p.length, p.offset
    number = p.data_id if isinstance(p.data_id, int) else 0
    match p.profile:
        case Profile.P01:
            mode = p01.E2E_P01_DATAID_NIBBLE if p.nibble else p01.E2E_P01_DATAID_BOTH
            return lambda d: p01.e2e_p01_check(d, number, data_id_mode=mode, length=n, offset=at)
        case Profile.P02:
            ids = bytes(p.data_id) if isinstance(p.data_id, list) else b""
            return lambda d: p02.e2e_p02_check(d, ids, length=n)
        case Profile.P04:
            return lambda d: p04.e2e_p04_check(d, number, length=n, offset=at)
        case Profile.P05:
            return lambda d: p05.e2e_p05_check(d, number, length=n, offset=at)
        case Profile.P06:
            return lambda d: p06.e2e_p06_check(d, number, length=n, offset=at)
        case Profile.P07:
            return lambda d: p07.e2e_p07_check(d, number, length=n, offset=at)
        case Profile.P11:
            mode = p11.E2E_P11_DATAID_NIBBLE if p.nibble else p11.E2E_P11_DATAID_BOTH
            return lambda d: p11.e2e_p11_check(d, number, data_id_mode=mode, length=n, offset=at)
        case never:
            assert_never(never)


def counter_of(protection: Protection, data: bytes | bytearray) -> int:
    """The counter in a frame's header."""
    layout = _LAYOUTS[protection.profile]
    start = protection.offset + layout.counter_at
    if not layout.counter_bytes:
        return data[start] & 0x0F
    return int.from_bytes(data[start : start + layout.counter_bytes], "big")


class StateMachine:
    """The E2E state machine over the results of the checks (PRS_E2E, E2E_SMCheck).

    REPEATED, WRONG_SEQUENCE and NO_NEW_DATA are no errors of the window, but they are not right either: they
    push the right ones out of it.
    """

    def __init__(self, protection: Protection) -> None:
        self.state = State.NO_DATA
        self._windows = {
            State.INIT: protection.init,
            State.VALID: protection.valid,
            State.INVALID: protection.invalid,
        }
        self.memory = max(w.size for w in self._windows.values())  # as many results as any window looks at
        self._results: deque[Status] = deque(maxlen=self.memory)

    def add(self, status: Status) -> State:
        """Take one check's result; returns the state that holds from now on."""
        self._results.append(status)
        if self.state is State.NO_DATA:
            if status not in (Status.WRONG_CHECKSUM, Status.NO_NEW_DATA):
                self.state = State.INIT
            return self.state
        window = self._windows[self.state]
        latest = list(self._results)[-window.size :]
        right = latest.count(Status.OK) + latest.count(Status.SOME_LOST)
        few_errors = latest.count(Status.WRONG_CHECKSUM) <= window.most_errors
        if few_errors and right >= window.least_ok:
            self.state = State.VALID
        elif self.state is State.VALID or not few_errors or len(latest) == window.size:
            # An INIT that has filled its window without enough right results has failed too, so that a sender
            # that only repeats itself does not stay in INIT for ever.
            self._leave()
        return self.state

    def _leave(self) -> None:
        if self.state is not State.INVALID:
            self._results.clear()  # ClearToInvalid: what led here must not count towards the way back
        self.state = State.INVALID


class Receiver:
    """One protected frame as its receiver sees it. Not thread-safe."""

    def __init__(self, protection: Protection) -> None:
        self.protection = protection
        self._layout = _LAYOUTS[protection.profile]
        self._right = _checking(protection)
        self._machine = StateMachine(protection)
        self._deadline_ns = int(protection.deadline_s * 1e9)
        self._counter: int | None = None
        self._heard_ns: int | None = None

    @property
    def state(self) -> State:
        """How far the communication is trusted after the last frame or deadline."""
        return self._machine.state

    def receive(self, data: bytes | bytearray, now_ns: int) -> bool:
        """Check a frame that arrived at `now_ns` (any monotonic clock); returns whether it may be trusted."""
        self.elapse(now_ns)
        self._heard_ns = now_ns
        status = self.check(data)
        return self._machine.add(status) is State.VALID and status <= Status.SOME_LOST

    def elapse(self, now_ns: int) -> State:
        """Count the deadlines that have passed since the last frame; call it about once per deadline."""
        if self._heard_ns is None:
            self._heard_ns = now_ns
        missed = (now_ns - self._heard_ns) // self._deadline_ns
        if missed > 0:
            self._heard_ns += missed * self._deadline_ns
            for _ in range(min(missed, self._machine.memory)):  # more would change nothing
                self._machine.add(Status.NO_NEW_DATA)
        return self._machine.state

    def check(self, data: bytes | bytearray) -> Status:
        """What is wrong with `data` alone and against the last right frame; does not move the state machine.

        The first right frame has nothing to be compared with and is OK; the state machine keeps it from being
        trusted alone.
        """
        layout, p = self._layout, self.protection
        if len(data) < p.length:
            return Status.WRONG_CHECKSUM
        frame = bytearray(data)
        if layout.length_at is not None:
            start = p.offset + layout.length_at
            if int.from_bytes(frame[start : start + layout.length_bytes], "big") != p.length:
                return Status.WRONG_CHECKSUM
        if not self._right(frame):
            return Status.WRONG_CHECKSUM
        counter = counter_of(p, frame)
        if counter >= layout.counters:
            return Status.WRONG_CHECKSUM
        last, self._counter = self._counter, counter
        if last is None:
            return Status.OK
        moved = (counter - last) % layout.counters
        if moved == 0:
            return Status.REPEATED
        if moved == 1:
            return Status.OK
        return Status.SOME_LOST if moved <= p.max_delta_counter else Status.WRONG_SEQUENCE
