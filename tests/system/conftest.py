"""What the cluster shows, watched from outside while things go wrong.

Times are those that the cluster's server gives its messages, so that a slow test process blames nobody.
"""

import itertools
import json
import threading
import time
from typing import Self

from websockets.sync.client import connect

SPEED = "Vehicle.Speed"


class ClusterWatch:
    """Follows the speed as the cluster page does, and keeps what came when."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.messages: list[float] = []  # when each message was sent, s since 1970
        self.readings: list[tuple[float, float | None, int, int]] = []  # sent, speed [km/h], quality, age [ms]
        self.failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def _run(self) -> None:
        try:
            with connect(self._url) as page:
                page.send(json.dumps({"op": "follow", "paths": [SPEED]}))
                while not self._stop.is_set():
                    message = json.loads(page.recv(timeout=5))
                    if message["op"] != "values":
                        continue
                    page.send(json.dumps({"op": "ack", "seq": message["seq"]}))
                    self.messages.append(message["time"])
                    if SPEED in message["values"]:
                        self.readings.append((message["time"], *message["values"][SPEED]))
        except BaseException as failure:
            self.failure = failure

    def until_live(self, timeout_s: float = 10.0) -> None:
        """Wait until a valid speed above zero has come."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.readings and self.readings[-1][2] == 0 and (self.readings[-1][1] or 0) > 0:
                return
            time.sleep(0.02)
        raise AssertionError(f"no live speed: {self.readings[-3:]}, {self.failure!r}")

    def qualities_since(self, since: float) -> set[int]:
        """Qualities of the readings that came after `since`."""
        return {quality for at, _, quality, _ in self.readings if at >= since}

    def longest_silence_s(self, since: float) -> float:
        """The longest time without a message after `since`."""
        times = [since, *(at for at in self.messages if at > since)]
        return max(b - a for a, b in itertools.pairwise(times)) if len(times) > 1 else float("inf")
