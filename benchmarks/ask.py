"""The assistant: how much it understands, how fast it acts, what it weighs.

The judge of a suite is its own `score.py` (beside the sample, in ../shared); the suites in benchmarks/assistant are
ours: `suite_dev` and `suite_dev_2` were looked at while the assistant was built, `suite_held_out_2` was not. With a
language model the same is measured again, if it is installed (`alpenglow models add coder-1.5b`).
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.running import Stack

from alpenglow.assistant import api
from alpenglow.assistant.models.store import Store
from alpenglow.cli.car import running_car
from alpenglow.fabric import Fabric
from alpenglow.signals import Quality
from benchmarks.stack import pss_mb
from benchmarks.table import Row, at_least, at_most, quantile

_SHARED = Path(__file__).parents[2] / "shared" / "data" / "assistant"
_OURS = Path(__file__).parent / "assistant"
_MODEL = "coder-1.5b"
_SAYINGS = (
    "dome light on", "dome light off", "volume to {n}", "hazard lights on", "hazard lights off", "fan to {m} percent",
    "set the temperature to {t} degrees", "it is like an oven in here", "brrr, I'm shivering", "a bit louder, please",
    "turn on the rear defroster", "switch the rear defroster off", "I can hardly hear the music",
    "screen brightness {n} percent",
)  # fmt: skip
_ROUNDS = 8
_CHATS = 5


def run() -> list[Row]:
    """All of it."""
    rows = [*_suite("sample", _SHARED / "commands_sample.jsonl", "none", promised=0.80)]
    for name in ("suite_dev", "suite_dev_2", "suite_held_out_2"):
        rows += _suite(name, _OURS / f"{name}.jsonl", "none")
    rows += _carbench()
    rows += asyncio.run(_live("none"))
    if Store().record(_MODEL) is None:
        note = f"not installed: alpenglow models add {_MODEL}"
        return [*rows, Row("with the 1.5B model", float("nan"), "", note=note)]
    rows += _suite("sample", _SHARED / "commands_sample.jsonl", _MODEL, promised=0.93)
    rows += _suite("suite_held_out_2", _OURS / "suite_held_out_2.jsonl", _MODEL)
    return [*rows, *asyncio.run(_live(_MODEL))]


def _suite(name: str, suite: Path, model: str, promised: float | None = None) -> list[Row]:
    """Share right, unsafe actuations, small talk that moves something; with `score.py`."""
    tiers = "tiers 0–2" if model == "none" else f"with {model}"
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.jsonl"
        command = [sys.executable, "-m", "alpenglow", "ask", "--batch", str(suite), "--out", str(results)]
        subprocess.run([*command, "--model", model], check=True, stdout=subprocess.DEVNULL)
        scored = subprocess.run(
            [sys.executable, str(_SHARED / "score.py"), str(results), str(suite), "--json"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        score: dict[str, Any] = json.loads(scored.stdout)
        latencies = [json.loads(line)["latency_ms"] for line in results.read_text().splitlines()]
        items = {i["id"]: i for i in map(json.loads, suite.read_text().splitlines())}
    talk = [i for i in items.values() if i["category"] == "none" or i.get("kind") == "none"]
    moved = sum(1 for i in talk if i["id"] in score["unsafe_ids"])
    share, note = 100 * score["overall"], f"{score['right']} of {score['items']}"
    handled = 100 * (1 - score["egress_items"] / score["items"])
    right = f"{name}, {tiers}: right"
    by_language = ", ".join(f"{k} {100 * v:.0f} %" for k, v in score["languages"].items())
    rows = [
        at_least(right, share, 100 * promised, "%", note) if promised else Row(right, share, "%", note=note),
        Row(f"{name}, {tiers}: p95 of an item", quantile(latencies, 0.95), "ms", note=by_language),
        at_most(f"{name}, {tiers}: unsafe actuations", score["unsafe_actuations"], 0, "items"),
        at_most(f"{name}, {tiers}: small talk that moves something", 100 * moved / len(talk), 2, "%"),
    ]
    if promised:
        rows.append(
            at_least(f"{name}, {tiers}: handled in the car", handled, 95, "%", f"{score['egress_bytes']} bytes left")
        )
    return rows


def _carbench() -> list[Row]:
    """The vehicle tasks derived from CAR-bench, with a scripted user: no score of that benchmark."""
    command = [sys.executable, "-m", "benchmarks.carbench", str(_SHARED / "carbench")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rows = []
    for kind, promised in (("base", 70), ("hallucination", 100), ("disambiguation", 50)):
        found = re.search(rf"{kind}: (\d+) of (\d+)", done.stdout)
        assert found is not None
        right, count = int(found[1]), int(found[2])
        what = f"CAR-bench-derived, scripted user: {kind}, no model"
        rows.append(at_least(what, 100 * right / count, promised, "%", f"{right} of {count} of its train split"))
    return rows


async def _live(model: str) -> list[Row]:
    """On the running car: text in to actuator confirmed, and memory."""
    words = ("--option", "demo=drive", "--option", f"model={model}", "--option", "fetch=no")
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), *words, thinking=True) as stack:
        async with running_car(stack.run_dir) as car:
            await _ready(car.fabric, "meaning", 240)
            if model != "none":
                await _ready(car.fabric, "local", 240)
            rows = await _act(car.fabric) if model == "none" else await _talk(car.fabric)
        used = pss_mb(stack.pid("assistant"), children=True)
    limit = 350 if model == "none" else 2300
    return [
        *rows,
        at_most(f"process assistant, {'tiers 0–2' if model == 'none' else model}: memory", used, limit, "MB"),
    ]


async def _ready(fabric: Fabric, tier: str, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        status = await fabric.call(api.status)
        if any(t.tier == tier and t.state == "ready" for t in status.tiers):
            return
        await asyncio.sleep(0.5)
    raise RuntimeError(f"the tier {tier} did not get ready: {status}")


async def _act(fabric: Fabric) -> list[Row]:
    took: list[float] = []
    for turn in range(_ROUNDS):
        for saying in _SAYINGS:
            said = saying.format(n=20 + turn, m=20 + 10 * turn, t=18 + turn)
            began = time.perf_counter()
            answer = await fabric.call(api.ask, said)
            if any(d.state == "confirmed" for d in answer.did):
                took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.05)
    note = f"{len(took)} of {_ROUNDS * len(_SAYINGS)} moved something"
    return [
        Row("said to actuator confirmed, tiers 0–2, p50", quantile(took, 0.5), "ms", note=note),
        at_most("said to actuator confirmed, tiers 0–2, p95", quantile(took, 0.95), 50, "ms"),
    ]


async def _talk(fabric: Fabric) -> list[Row]:
    """What tier 3 takes: to its first word, and to the end of a choice among commands."""
    first: list[float] = []
    whole: list[float] = []
    reply = "Vehicle.Alpenglow.Assistant.Reply"
    for turn in range(_CHATS):
        began = time.perf_counter()
        asking = asyncio.ensure_future(fabric.call(api.ask, f"Tell me a short joke about the number {turn + 3}."))
        while not asking.done():
            reading = fabric.read(reply)
            if reading.quality is Quality.VALID and reading.value and reading.age_s < time.perf_counter() - began:
                first.append(time.perf_counter() - began)
                break
            await asyncio.sleep(0.01)
        await asking
    for said in _HARD:
        began = time.perf_counter()
        answer = await fabric.call(api.ask, said)
        if answer.tier == "local" and answer.did:
            whole.append(time.perf_counter() - began)
    rows = [at_most("tier 3: first streamed word, p50", quantile(first, 0.5), 0.5, "s", f"{len(first)} answers")]
    if whole:
        rows.append(
            at_most("tier 3: said to actuator confirmed, p50", quantile(whole, 0.5), 1.2, "s", f"of {len(whole)}")
        )
    return rows


# What words and meaning leave to the model more often than not.
_HARD = (
    "This tin can is rattling my ears off", "Give the folks behind some breeze", "Let there be light in here",
    "My fingers are about to fall off", "That pane is all fog", "I feel like a roast chicken", "Calm the speakers",
    "Everything outside is a blur of water",
)  # fmt: skip
