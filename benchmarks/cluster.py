"""The cluster page in Chromium: start to first speed, frames, signal to pixel.

Software rendering, and Chromium shares the two cores with the car: a cockpit computer has a GPU and more cores.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.running import Stack

from benchmarks.table import Row, at_most, quantile

_STARTS = 5
_WATCHED_S = 12.0
_PORT = 28700

# Notes when each message came and which source time its speed had, and when the page had painted it.
_PROBE = """
window.__probe = { sent: {}, latency: [] };
const Native = window.WebSocket;
window.WebSocket = class extends Native {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      const speed = message.op === "values" ? message.values["Vehicle.Speed"] : undefined;
      if (speed && speed[1] === 0) window.__probe.sent[message.seq] = message.time * 1000 - speed[2];
    });
  }
};
new MutationObserver(() => {
  const seq = document.documentElement.dataset.seq;
  const at = window.__probe.sent[seq];
  if (at === undefined) return;
  delete window.__probe.sent[seq];
  // The frame that is being made now is on the screen at the next one.
  requestAnimationFrame(() => window.__probe.latency.push(performance.timeOrigin + performance.now() - at));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-seq"] });
"""


def run() -> list[Row]:
    """Start, frames, latency."""
    path = os.environ.get("ALPENGLOW_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        context = browser.new_context(viewport={"width": 1920, "height": 720})
        context.add_init_script(_PROBE)
        starts = [_start(context.new_page()) for _ in range(_STARTS)]
        rows = [
            at_most("start to live speed on the cluster page, median", quantile(starts, 0.5), 2, "s", f"of {_STARTS}"),
            Row("start to live speed on the cluster page, longest", max(starts), "s"),
            *_drive(context.new_page()),
        ]  # fmt: skip
        browser.close()
    return rows


def _start(page: Page) -> float:
    """Seconds from starting the process `alpenglow` to a speed on the page, which waits for the server."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "alpenglow", "drive", "--headless", "--port", str(_PORT),
             "--run-dir", f"{folder}/run", "--state-dir", f"{tempfile.gettempdir()}/alpenglow-bench-state"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", _PORT + 1)).close()
                    break
                time.sleep(0.01)
            page.goto(f"http://127.0.0.1:{_PORT + 1}/cluster", wait_until="commit")
            page.wait_for_function("() => (document.documentElement.dataset.speed ?? '') !== ''", polling=20)
            return time.perf_counter() - began
        finally:
            page.close()
            process.terminate()
            process.wait()


def _drive(page: Page) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), "--option", "demo=drive") as stack:
        page.goto(stack.cluster_url)
        page.wait_for_function("() => Number(document.documentElement.dataset.speed) > 5", polling=100, timeout=30_000)
        time.sleep(2)
        page.evaluate("() => { window.__alpenglow.frames.length = 0; window.__probe.latency.length = 0; }")
        time.sleep(_WATCHED_S)
        measured: dict[str, Any] = page.evaluate(
            "() => ({ frames: window.__alpenglow.frames, latency: window.__probe.latency })"
        )
        page.close()
    frames, latency = measured["frames"], measured["latency"]
    return [
        Row("cluster page: frame, p50", quantile(frames, 0.5), "ms", note=f"{len(frames)} frames"),
        at_most("cluster page: frame, p95", quantile(frames, 0.95), 17, "ms"),
        Row("signal at its source to pixel, p50", quantile(latency, 0.5), "ms", note=f"{len(latency)} values"),
        at_most("signal at its source to pixel, p95", quantile(latency, 0.95), 50, "ms"),
    ]
