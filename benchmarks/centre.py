"""The centre page in Chromium: its weight, its first paint, whether it keeps up, how soon a finger moves the car.

Software rendering, and Chromium shares the two cores with the car. With ALPENGLOW_BENCH_MINUTES=10 in the environment
the growth of the page's heap is watched for so long; else for one minute, which says little; 0 leaves it out.
"""

import asyncio
import contextlib
import gzip
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, Response, sync_playwright
from tests.running import Stack

from alpenglow.cli.car import running_car
from alpenglow.cockpit import api as cockpit
from alpenglow.fabric import Endpoint, Fabric, load_identities
from alpenglow.fabric.room import Settings, line_catalogue
from alpenglow.fabric.web import BUILT_PAGES
from alpenglow.platform.ports import free_base
from alpenglow.signals import Catalogue, Value
from benchmarks.stack import _LINE, apart
from benchmarks.table import Row, at_most, quantile

_PAGES = ("cluster", "centre", "signals", "desk")
_PAINTS = 5
_WATCHED_S = 12.0
_TOUCHES = 40
_RATE_HZ = 60
_AC = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
_SWITCHES = 3
_SEAT = "Vehicle.Cabin.Seat.Row1.DriverSide"
_OTHERWISE: dict[str, Value] = {
    "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature": 19.0,
    "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed": 70,
    f"{_SEAT}.HeatingCooling": 67,
    f"{_SEAT}.Position": 180,
    "Vehicle.Body.Mirrors.DriverSide.Pan": 20,
    "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage": "de",
    "Vehicle.Cabin.Infotainment.HMI.TemperatureUnit": "F",
    "Vehicle.Cabin.Infotainment.Media.Volume": 12,
}
_WIDE = {"width": 2560, "height": 1440}

# Notes every frame's length and every task of more than 50 ms.
_WATCH = """() => {
  window.__watch = { frames: [], long: [] };
  let last = performance.now();
  const step = (now) => { window.__watch.frames.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
  new PerformanceObserver((list) => list.getEntries().forEach((e) => window.__watch.long.push(e.duration)))
    .observe({ type: "longtask" });
}"""

# Lets the page follow further signals beside its own.
_FOLLOW = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  const message = JSON.parse(text);
  if (message.op === "follow") message.paths.push(...EXTRA);
  send.call(this, JSON.stringify(message));
};
"""

# Touches a control and waits until it shows the car's new value and that frame is painted; the milliseconds.
_TOUCH = """(control) => new Promise((resolve) => {
  const node = document.querySelector(control);
  const before = node.getAttribute("aria-pressed");
  const began = performance.now();
  const look = new MutationObserver(() => {
    if (node.getAttribute("aria-pressed") === before) return;
    look.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - began));
  });
  look.observe(node, { attributes: true, attributeFilter: ["aria-pressed"] });
  node.click();
})"""


def run() -> list[Row]:
    """All of it."""
    path = os.environ.get("ALPENGLOW_CHROMIUM") or shutil.which("chromium")
    rows: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-precise-memory-info"],
        )
        with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), "--option", "demo=drive") as stack:
            rows += _weights(browser, stack)
            rows += [_paint(browser, page, stack.pages[page]) for page in _PAGES]
            rows += _touch(browser, stack)
            rows += _profile()
            rows += _screens(browser, stack)
            rows += _heap(browser, stack)
        rows += _flood(browser)
        browser.close()
    return rows


def _weights(browser: Browser, stack: Stack) -> list[Row]:
    """All JavaScript that a page loads until every part of it was opened, without a map; and its data beside it."""
    cluster, centre = _fetched(browser, stack.cluster_url, [""]), _fetched(browser, stack.centre_url, _parts())
    words = {file.name.split("-")[1]: _kb(file.read_bytes()) for file in BUILT_PAGES.glob("assets/words-*.json")}
    heaviest = max(words, key=lambda language: words[language])
    plot = next(kb for name, kb in centre.items() if "/uPlot" in name)
    what = "JavaScript of the centre page with all its pages, gzipped"
    return [
        at_most("JavaScript of the cluster page, gzipped", _sum(cluster, ".js"), 25, "kB"),
        at_most(what, _sum(centre, ".js"), 90, "kB", f"{plot:.0f} kB of it for plots"),
        Row("beside it: words of one language, gzipped", words[heaviest], "kB", note=f"the heaviest, {heaviest}"),
        Row("beside it: icons of all pages, one picture, gzipped", _sum(centre, ".svg"), "kB"),
    ]


def _parts() -> list[str]:
    """The pages of the centre, home first."""
    pages = (file.parent.name for file in (Path(__file__).parents[1] / "web" / "centre").glob("*/page.ts"))
    return ["", *sorted(set(pages) - {"map"})]


def _sum(files: dict[str, float], ending: str) -> float:
    return sum(kb for name, kb in files.items() if name.endswith(ending))


def _fetched(browser: Browser, url: str, parts: Sequence[str]) -> dict[str, float]:
    """Every file that was fetched while these parts were opened, each compressed by itself [10^3 bytes]."""
    page = browser.new_context(viewport=_WIDE).new_page()
    files: dict[str, float] = {}

    def weigh(response: Response) -> None:
        name = response.url.partition("?")[0]
        if name.endswith((".js", ".svg")):
            files[name] = _kb(response.body())

    page.on("response", weigh)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for part in parts:
        page.evaluate("(part) => { location.hash = part; }", part)
        page.wait_for_timeout(400)
        if part == "energy":
            page.wait_for_selector(".uplot", timeout=120_000)  # drawn once the car has driven a little
    page.context.close()
    return files


def _kb(content: bytes) -> float:
    """Gzipped [10^3 bytes]."""
    return len(gzip.compress(content, 9)) / 1e3


def _paint(browser: Browser, name: str, url: str) -> Row:
    """From the request to the first paint, each time with an empty cache."""
    took = []
    for _ in range(_PAINTS):
        context = browser.new_context(viewport=_WIDE if name == "centre" else {"width": 1920, "height": 720})
        page = context.new_page()
        page.goto(url)
        page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0", polling=20)
        took.append(page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        context.close()
    return at_most(f"{name} page: first paint, median", quantile(took, 0.5), 300, "ms", f"longest {max(took):.0f} ms")


def _centre(browser: Browser, url: str, where: str = "home", extra: Sequence[str] = ()) -> Page:
    page = browser.new_context(viewport=_WIDE).new_page()
    if extra:
        page.add_init_script(_FOLLOW.replace("EXTRA", json.dumps(list(extra))))
    page.goto(f"{url}#{where}")
    page.wait_for_selector('[data-connection="live"]')
    time.sleep(1.5)
    return page


def _touch(browser: Browser, stack: Stack) -> list[Row]:
    page = _centre(browser, stack.centre_url, "climate")
    control = f'button[data-path="{_AC}"]'
    page.wait_for_selector(control)
    took = []
    for _ in range(_TOUCHES):
        took.append(page.evaluate(_TOUCH, control))
        time.sleep(0.2)
    page.context.close()
    return [
        Row("finger to actuator confirmed to pixel, p50", quantile(took, 0.5), "ms", note=f"A/C, {_TOUCHES} touches"),
        at_most("finger to actuator confirmed to pixel, p95", quantile(took, 0.95), 150, "ms"),
    ]


def _profile() -> list[Row]:
    """Switching between two people who have set the car differently."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        switched = apart(_switch(stack.run_dir))
    took, settings = [ms for ms, _ in switched], {count for _, count in switched}
    note = f"{len(took)} switches of up to {max(settings)} settings; motors are on their way then"
    return [
        Row("profile switch to every setting confirmed or moving, p50", quantile(took, 0.5), "ms", note=note),
        at_most("profile switch to every setting confirmed or moving, longest", max(took), 500, "ms"),
    ]


async def _switch(run_dir: Path) -> list[tuple[float, int]]:
    """Time of each switch [ms], and how many settings it set."""
    took = []
    async with running_car(run_dir) as car:
        fabric = car.fabric
        await asyncio.sleep(2)  # the car stands parked a second after it was first heard
        other = await fabric.call(cockpit.create_profile, "Kim")
        for path, value in _OTHERWISE.items():
            await fabric.actuate(path, value)
        await asyncio.sleep(3)  # until what was set has been remembered
        for _ in range(_SWITCHES):
            for profile in (other.id, "owner"):
                began = time.perf_counter()
                result = await fabric.call(cockpit.switch_profile, profile)
                count = len(result.confirmed) + len(result.moving)
                took.append(((time.perf_counter() - began) * 1000, count))
                await asyncio.sleep(4)
    return took


def _frames(page: Page) -> tuple[list[float], list[float]]:
    page.evaluate(_WATCH)
    time.sleep(_WATCHED_S)
    seen = page.evaluate("() => window.__watch")
    return seen["frames"][1:], seen["long"]


def _screens(browser: Browser, stack: Stack) -> list[Row]:
    """The cluster's frames alone, and while a second screen and three followers are connected."""
    cluster = browser.new_context(viewport={"width": 1920, "height": 720}).new_page()
    cluster.goto(stack.cluster_url)
    cluster.wait_for_function("() => (document.documentElement.dataset.speed ?? '') !== ''", polling=50)
    alone, _ = _frames(cluster)
    other = _centre(browser, stack.centre_url)
    with _followers(stack, 3):
        beside, _ = _frames(cluster)
    other.context.close()
    cluster.context.close()
    return [
        Row("cluster page alone: frame, p95", quantile(alone, 0.95), "ms"),
        at_most("cluster page beside a centre and three followers: frame, p95", quantile(beside, 0.95), 17, "ms"),
    ]


@contextlib.contextmanager
def _followers(stack: Stack, count: int) -> Iterator[None]:
    """So many pages' worth of WebSockets that follow everything."""
    from websockets.sync.client import connect

    enough = threading.Event()

    def follow() -> None:
        with connect(stack.websocket_url("centre"), max_size=None) as socket:
            socket.send(json.dumps({"op": "follow", "paths": ["Vehicle"]}))
            while not enough.is_set():
                message = json.loads(socket.recv(timeout=5))
                if message["op"] == "values":
                    socket.send(json.dumps({"op": "ack", "seq": message["seq"]}))

    threads = [threading.Thread(target=follow) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _heap(browser: Browser, stack: Stack) -> list[Row]:
    """Growth of what is still reachable after the garbage is collected, from the second minute on."""
    minutes = float(os.environ.get("ALPENGLOW_BENCH_MINUTES", "1"))
    if not minutes:
        return []
    page = _centre(browser, stack.centre_url, "drive")
    session = page.context.new_cdp_session(page)

    def used_mb() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    time.sleep(20)
    before = used_mb()
    time.sleep(60 * minutes)
    grown = used_mb() - before
    page.context.close()
    what = f"centre page: heap growth over {minutes:g} min of driving"
    if minutes < 10:
        return [Row(what, grown, "MB", note="the promise is ≤ 2 MB over 10 min")]
    return [at_most(what, grown, 2, "MB")]


def _flood(browser: Browser) -> list[Row]:
    """60 signals at 60 Hz from their owner, all followed by the page."""
    catalogue = line_catalogue(_LINE)
    ours = load_identities()
    floats = [s.path for s in catalogue.signals if s.datatype == "float" and ours.owner_of(s.path) == "vehicle"]
    others = floats[: 60 - len(_around(0.0))]
    with (
        tempfile.TemporaryDirectory() as name,
        _servers(Path(name)) as (endpoint, url),
        _driving(endpoint, catalogue, others) as sent,
    ):
        page = _centre(browser, url, "drive", others)
        before, began = len(sent), time.monotonic()
        frames, long = _frames(page)
        rate_hz = (len(sent) - before) / (time.monotonic() - began)
        page.context.close()
    what = f"centre page at 60 signals × {_RATE_HZ} Hz, drive view"
    return [
        Row(f"{what}: frame, p50", quantile(frames, 0.5), "ms", note=f"{len(frames)} frames; sent at {rate_hz:.0f} Hz"),
        at_most(f"{what}: frame, p95", quantile(frames, 0.95), 17, "ms"),
        at_most(f"{what}: tasks over 50 ms", len(long), 0, "tasks", f"longest {max(long, default=0):.0f} ms"),
    ]


def _around(now: float) -> dict[str, Any]:
    """What the drive view shows."""
    return {
        "Vehicle.Speed": 100 + 10 * math.sin(now),
        "Vehicle.Alpenglow.SpeedLimit": 120,
        "Vehicle.Alpenglow.Perception.LaneWidth": 3.5,
        "Vehicle.Alpenglow.Perception.LaneOffset": 0.2 * math.sin(now),
        "Vehicle.Alpenglow.Perception.LaneCurvature": 0.001 * math.sin(now / 3),
        "Vehicle.Alpenglow.Perception.Objects": [
            number
            for each in range(12)
            for number in (
                each + 1.0, 15.0 + 9 * each + 4 * math.sin(now + each), 3.5 * (each % 3 - 1), math.cos(now + each),
                1.0 + each % 3,
            )
        ],
    }  # fmt: skip


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[tuple[Endpoint, str]]:
    """The real processes `safety` and `cockpit`, without a car; the endpoint of one, and the centre page's address."""
    fabric = f"unixsock-stream/{folder}/fabric.sock"
    base = free_base([1, 2], "127.0.0.1")
    (folder / "run").mkdir()
    running = []
    for offset, identity in ((1, "safety"), (2, "cockpit")):
        settings = Settings(
            identity=identity, run_dir=str(folder / "run"), state_dir=str(folder), line=str(_LINE), secret="bench",
            listen=(fabric,) if identity == "safety" else (), connect=() if identity == "safety" else (fabric,),
            users=dict.fromkeys(("vehicle", "cockpit", "safety"), "bench") if identity == "safety" else {},
            web_port=base + offset,
        )  # fmt: skip
        file = folder / f"{identity}.json"
        file.write_bytes(msgspec.json.encode(settings))
        environment = {**os.environ, "ALPENGLOW_SETTINGS": str(file)}
        command = [sys.executable, "-m", f"alpenglow.{identity}.process"]
        running.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
    try:
        _until_served(base + 2)
        yield Endpoint(connect=(fabric,), secret="bench"), f"http://127.0.0.1:{base + 2}/centre"
    finally:
        for process in running:
            process.terminate()
            process.wait()


def _until_served(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    raise RuntimeError("the cockpit does not serve its pages")


@contextlib.contextmanager
def _driving(endpoint: Endpoint, catalogue: Catalogue, others: Sequence[str]) -> Iterator[list[float]]:
    """An owner that publishes 60 signals 60 times a second; yields when it did."""
    enough = threading.Event()
    sent: list[float] = []

    async def publish() -> None:
        async with await Fabric.open("vehicle", endpoint, catalogue) as fabric:
            began = time.monotonic()
            while not enough.is_set():
                now = time.monotonic()
                fabric.publish(_around(now) | {path: 20 + math.sin(now) for path in others})
                sent.append(now)
                await asyncio.sleep(max(0.0, began + len(sent) / _RATE_HZ - time.monotonic()))

    thread = threading.Thread(target=asyncio.run, args=(publish(),))
    thread.start()
    try:
        yield sent
    finally:
        enough.set()
        thread.join()
