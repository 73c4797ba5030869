"""Which scene set what, and lately: whether a scene was set off by another, so that none sets itself off in a circle.

Rules that always hold:
- a scene is the cause of a value only while the value is the one that it set, or is on its way there;
- however scenes set each other off, each of them runs at most once in a chain, and at most so often at all.
"""

from collections import deque
from datetime import datetime

import msgspec

from alpenglow.cockpit.api import Scene
from alpenglow.signals import Catalogue, Value
from alpenglow.signals.actions import equal
from alpenglow.signals.conditions import Read, paths

CAUSED_S = 30.0  # what becomes true so long after a scene set it was its doing
MOST_RUNS, RUNS_IN_S = 6, 600.0  # of one scene by its condition
LONGEST_CHAIN = 5


class _Trace(msgspec.Struct):
    value: Value
    chain: tuple[str, ...]
    at_s: float
    arrived: bool = False


class Traces:
    """What scenes have set lately."""

    def __init__(self, catalogue: Catalogue, read: Read) -> None:
        self._catalogue, self._read = catalogue, read
        self._traces: dict[str, _Trace] = {}
        self._runs: dict[str, deque[float]] = {}

    def leave(self, path: str, value: Value, chain: tuple[str, ...], now: datetime) -> None:
        """The last scene of `chain` sets `path` now; the others set it off."""
        self._traces[path] = _Trace(value, chain, now.timestamp())

    def look(self, now: datetime) -> None:
        """See what has arrived, and forget what is long ago."""
        now_s = now.timestamp()
        self._traces = {p: t for p, t in self._traces.items() if 0 <= now_s - t.at_s < 10 * CAUSED_S}
        for path, trace in self._traces.items():
            trace.arrived = trace.arrived or self._there(path, trace)

    def causes(self, scene: Scene, now: datetime) -> tuple[str, ...]:
        """The scenes that made true what sets this one off, in their order; () where none did."""
        if scene.when is None:
            return ()
        now_s = now.timestamp()
        found = [
            trace
            for path in paths(scene.when)
            if (trace := self._traces.get(path)) is not None
            and 0 <= now_s - trace.at_s <= CAUSED_S + scene.hold_s
            and (self._there(path, trace) or not trace.arrived)
        ]
        return max(found, key=lambda t: (len(t.chain), t.at_s)).chain if found else ()

    def circles(self, scene: Scene, chain: tuple[str, ...], now: datetime) -> tuple[str, ...]:
        """The scenes that go round in a circle with this one if it is set off now; () where it may be."""
        if scene.id in chain:
            return chain[chain.index(scene.id) :]
        if len(chain) >= LONGEST_CHAIN:
            return chain
        runs = self._runs.setdefault(scene.id, deque(maxlen=MOST_RUNS))
        now_s = now.timestamp()
        if len(runs) == MOST_RUNS and 0 <= now_s - runs[0] < RUNS_IN_S:
            return (scene.id,)
        runs.append(now_s)
        return ()

    def rivals(self, scene: Scene, now: datetime) -> set[str]:
        """The scenes that set something of this one to another value a moment ago."""
        now_s = now.timestamp()
        return {
            trace.chain[-1]
            for action in scene.actions
            if (trace := self._traces.get(action.path)) is not None
            and 0 <= now_s - trace.at_s <= CAUSED_S
            and trace.chain[-1] != scene.id
            and not equal(self._catalogue[action.path], trace.value, action.value)
        }

    def _there(self, path: str, trace: _Trace) -> bool:
        current = self._read(path)
        return current is not None and equal(self._catalogue[path], current, trace.value)
