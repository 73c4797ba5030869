"""The cluster page in Chromium: start to first speed, frames, signal to pixel; the same while a language model thinks.

Software rendering, and Chromium shares the two cores with the car: a cockpit computer has a GPU and more cores.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.running import Stack

from alpenglow.assistant import api as assistant
from alpenglow.assistant.models.store import Store
from alpenglow.cli.car import running_car
from benchmarks.stack import apart
from benchmarks.table import Row, at_most, quantile

_STARTS = 5
_WATCHED_S = 12.0
_PORT = 28700
_MODEL = "coder-1.5b"
_HAZARD = "Vehicle.Body.Lights.Hazard.IsSignaling"
_LIGHTINGS = 20

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

# Notes when the lamp of the hazard lights had been painted.
_LAMP = """() => {
  window.__lit = [];
  const lamp = document.querySelector('[data-telltale="TurnLeft"]');
  new MutationObserver(() => {
    if (lamp.dataset.state === "OFF") return;
    requestAnimationFrame(() => window.__lit.push(performance.timeOrigin + performance.now()));
  }).observe(lamp, { attributes: true, attributeFilter: ["data-state"] });
}"""


def run() -> list[Row]:
    """Start, frames, latency; and beside a model."""
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
            *_drive(context.new_page(), _MODEL),
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


def _drive(page: Page, model: str = "none") -> list[Row]:
    """Frames, latency, telltales of a drive; with a model, while it writes on all cores all the time."""
    if model != "none" and Store().record(model) is None:
        return [Row("cluster page while the model thinks", float("nan"), "", note=f"alpenglow models add {model}")]
    beside = "" if model == "none" else f", {model} thinking"
    words = ("--option", "demo=drive", "--option", f"model={model}", "--option", "meaning=none")
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), *words, thinking=True) as stack:
        page.goto(stack.cluster_url)
        page.wait_for_function("() => Number(document.documentElement.dataset.speed) > 5", polling=100, timeout=30_000)
        with contextlib.nullcontext([]) if model == "none" else _thinking(stack.run_dir) as answers:
            time.sleep(2)
            page.evaluate("() => { window.__alpenglow.frames.length = 0; window.__probe.latency.length = 0; }")
            time.sleep(_WATCHED_S)
            measured: dict[str, Any] = page.evaluate(
                "() => ({ frames: window.__alpenglow.frames, latency: window.__probe.latency })"
            )
            page.evaluate(_LAMP)
            asked = apart(_light(stack.run_dir))
            lit: list[float] = page.evaluate("() => window.__lit")
        page.close()
    frames, latency = measured["frames"], measured["latency"]
    lamps = [min(at for at in lit if at > since) - since for since in asked if any(at > since for at in lit)]
    note = f"{len(frames)} frames" + (f", {len(answers)} answers written meanwhile" if beside else "")
    return [
        Row(f"cluster page{beside}: frame, p50", quantile(frames, 0.5), "ms", note=note),
        at_most(f"cluster page{beside}: frame, p95", quantile(frames, 0.95), 17, "ms"),
        Row(f"signal at its source to pixel{beside}, p50", quantile(latency, 0.5), "ms", note=f"{len(latency)} values"),
        at_most(f"signal at its source to pixel{beside}, p95", quantile(latency, 0.95), 50, "ms"),
        at_most(f"hazard lights asked for to their telltale's pixel{beside}, longest", max(lamps), 200, "ms",
                f"{len(lamps)} of {len(asked)}"),
    ]  # fmt: skip


async def _light(run_dir: Path) -> list[float]:
    """Switch the hazard lights on and off; when each was asked for, ms since 1970."""
    asked = []
    async with running_car(run_dir) as car:
        for _ in range(_LIGHTINGS):
            asked.append(time.time() * 1000)
            await car.fabric.actuate(_HAZARD, True)
            await asyncio.sleep(0.4)
            await car.fabric.actuate(_HAZARD, False)
            await asyncio.sleep(0.35)
    return asked


@contextlib.contextmanager
def _thinking(run_dir: Path) -> Iterator[list[str]]:
    """Keeps the model writing; yields the answers, as they come."""
    answers: list[str] = []
    ready, enough = threading.Event(), threading.Event()

    async def talk() -> None:
        async with running_car(run_dir) as car:
            while not ready.is_set():
                status = await car.fabric.call(assistant.status)
                if any(t.tier == "local" and t.state == "ready" for t in status.tiers):
                    ready.set()
                await asyncio.sleep(0.5)
            while not enough.is_set():
                answer = await car.fabric.call(assistant.ask, f"Tell me a story about {len(answers) + 2} dogs.")
                answers.append(answer.reply)

    thread = threading.Thread(target=asyncio.run, args=(talk(),))
    thread.start()
    try:
        if not ready.wait(240):
            raise RuntimeError("the model did not get ready")
        yield answers
    finally:
        enough.set()
        thread.join()
