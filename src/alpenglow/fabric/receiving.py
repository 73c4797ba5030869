"""What arrives from other processes: is it whole, whose is it, is anything missing, who wants it.

Rules that always hold:
- a signal is taken from its owner only, whoever else the router may have let through;
- what cannot be read, or was made with another catalogue, is refused whole and counted;
- a gap in an owner's sequence numbers is noticed, counted, and told to everybody who follows its signals.
"""

from collections.abc import Sequence

import msgspec

from alpenglow.fabric.following import Follower, Stream
from alpenglow.fabric.log import structlog
from alpenglow.fabric.wire import Clocks, decode_batch, decode_snapshot
from alpenglow.signals import Sample, Table

log = structlog.get_logger("fabric")


class Receiver:
    """Brings what arrives into the table and to those who follow it."""

    def __init__(self, table: Table, owners: Sequence[str | None]) -> None:
        """`owners`: of every signal, by index."""
        self.feeds: list[Follower | Stream] = []
        self.refused_batches = 0
        self.refused_samples = 0  # of signals that their sender does not own
        self.missed_batches = 0
        self._table = table
        self._fingerprint = table.catalogue.fingerprint
        self._owners = owners
        self._masks: dict[str, bytearray] = {}
        self._sources: dict[str, tuple[int, int]] = {}  # owner → (session, last seq)
        self._clocks = Clocks()

    def owned_by(self, identity: str) -> bytearray:
        """For every signal, by index, whether `identity` owns it."""
        mask = self._masks.get(identity)
        if mask is None:
            mask = self._masks[identity] = bytearray(owner == identity for owner in self._owners)
        return mask

    def take(self, samples: Sequence[Sample], stamp_ns: int) -> None:
        """Take over samples that are as old as `stamp_ns` (ns, monotonic clock of this machine)."""
        self._table.put(samples, stamp_ns)
        for feed in self.feeds:
            feed.feed(samples)

    def batch(self, owner: str, payload: bytes) -> bool:
        """Take a batch as it arrived; False where an earlier one of its owner's did not arrive."""
        try:
            batch = decode_batch(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._refuse(owner, "is malformed")
            return True
        if batch.catalogue != self._fingerprint:
            self._refuse(owner, "was made with another catalogue")
            return True
        session, last = self._sources.get(owner, (0, 0))
        self._sources[owner] = (batch.session, batch.seq)
        missing = session != 0 and (batch.session != session or batch.seq > last + 1)
        if missing:
            self.missed_batches += 1 if batch.session != session else batch.seq - last - 1
            for feed in self.feeds:
                feed.lost(self.owned_by(owner))
        stamp_ns = self._clocks.stamp_ns(batch.clock, batch.mono_ns, batch.mono_ns)
        self.take(self._owned(owner, batch.samples), stamp_ns)
        return not missing

    def snapshot(self, owner: str, payload: bytes) -> None:
        """Take of a snapshot what is newer than what is known."""
        try:
            snapshot = decode_snapshot(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._refuse(owner, "is malformed")
            return
        if snapshot.catalogue != self._fingerprint:
            self._refuse(owner, "was made with another catalogue")
            return
        clocks, table, size = self._clocks, self._table, len(self._owners)
        for index, value, quality, time_ns, row_stamp_ns in snapshot.rows:
            stamp_ns = clocks.stamp_ns(snapshot.clock, snapshot.mono_ns, row_stamp_ns)
            if 0 <= index < size and stamp_ns > table.stamp_ns(index):
                self.take(self._owned(owner, [Sample(index, value, quality, time_ns)]), stamp_ns)

    def _owned(self, owner: str, samples: list[Sample]) -> list[Sample]:
        mask = self.owned_by(owner)
        size = len(mask)
        owned = [s for s in samples if 0 <= s[0] < size and mask[s[0]]]
        if len(owned) != len(samples):
            if not self.refused_samples:
                log.warning("signals refused: not their owner", sender=owner)
            self.refused_samples += len(samples) - len(owned)
        return owned

    def _refuse(self, owner: str, why: str) -> None:
        if not self.refused_batches:
            log.warning("batch refused", sender=owner, why=why)
        self.refused_batches += 1
