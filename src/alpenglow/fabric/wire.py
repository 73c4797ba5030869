"""What goes over the wire between processes, in msgpack.

Samples name signals by index, so both ends must have loaded the same catalogue: `catalogue` is its fingerprint, and a
batch with another one is refused. Ages cross machines: `mono_ns` is the sender's monotonic clock when the batch was
made, and `clock` says which machine's; see `Clocks`.
"""

import time
from pathlib import Path

import msgspec

from alpenglow.signals import Quality, Sample, Value


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """Samples of one owner, made in one go."""

    catalogue: int
    session: int  # random per session: a new one means that the owner restarted
    seq: int  # +1 per batch of a session; a gap means that batches were dropped
    clock: int
    mono_ns: int
    samples: list[Sample]


class Snapshot(msgspec.Struct, array_like=True, frozen=True):
    """All that an owner last said: per signal (index, value, quality, time_ns, stamp_ns)."""

    catalogue: int
    session: int
    seq: int  # of the last batch that is contained
    clock: int
    mono_ns: int
    rows: list[tuple[int, Value | None, Quality, int, int]]


def machine_clock() -> int:
    """A number for this boot of this machine: processes with the same one share a monotonic clock."""
    try:
        text = Path("/proc/sys/kernel/random/boot_id").read_text()
    except OSError:
        return 0
    return int(text.strip().replace("-", "")[:12], 16)


class Clocks:
    """Other machines' monotonic clocks in terms of ours.

    The offset is the least (arrival − sending) seen, that is, up to the shortest time a message ever took. So a
    sample from another machine never looks fresher than it is by more than that.
    """

    def __init__(self) -> None:
        self.ours = machine_clock()
        self._offsets_ns: dict[int, int] = {}

    def stamp_ns(self, clock: int, mono_ns: int, stamp_ns: int) -> int:
        """`stamp_ns` of the sender's clock in ours, never in the future; `mono_ns` is when it was sent."""
        now = time.monotonic_ns()
        if clock == self.ours:
            return min(stamp_ns, now)
        offset = min(now - mono_ns, self._offsets_ns.get(clock, now - mono_ns))
        self._offsets_ns[clock] = offset
        return min(stamp_ns + offset, now)


encode = msgspec.msgpack.Encoder().encode
decode_batch = msgspec.msgpack.Decoder(Batch).decode
decode_snapshot = msgspec.msgpack.Decoder(Snapshot).decode
