"""What signals read as, once and as they change: in a terminal as a table in place, for programs as lines."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from alpenglow.cli.tables import show
from alpenglow.fabric import Fabric
from alpenglow.signals import Quality, Reading, Signal, Value

COLUMNS = ("path", "value", "unit", "quality", "age")
_SETTLE_S = 0.3  # signals that come all the time have come by then
_REFRESH_S = 0.1  # of the table; and how soon a signal that went stale is told


async def settled(fabric: Fabric, indexes: list[int]) -> dict[Signal, Reading]:
    """The readings of these signals, after a short wait for those that come all the time but have not come yet."""
    deadline = time.monotonic() + _SETTLE_S
    while time.monotonic() < deadline and any(not _known(fabric, i) for i in indexes[:50]):
        await asyncio.sleep(0.02)
    return {fabric.catalogue.signals[i]: fabric.table.read_index(i) for i in indexes}


def print_readings(readings: dict[Signal, Reading]) -> None:
    """A table of readings."""
    show(COLUMNS, [_cells(signal, reading) for signal, reading in readings.items()])


async def watch_lines(fabric: Fabric, indexes: list[int], write: Callable[[Signal, Reading], None]) -> None:
    """Call `write` with each signal's reading now, and then whenever its value or its quality has become another."""
    follower = fabric.follower(*(fabric.catalogue.signals[i].path for i in indexes))
    said: dict[int, tuple[Value | None, Quality]] = {}
    try:
        while True:
            for index in indexes:
                reading = fabric.table.read_index(index)
                now = (reading.value, reading.quality)
                if said.get(index, (None, Quality.UNAVAILABLE)) != now:
                    said[index] = now
                    write(fabric.catalogue.signals[index], reading)
            sys.stdout.flush()
            follower.take_indexes()
            try:
                async with asyncio.timeout(_REFRESH_S):
                    await follower.changed.wait()
            except TimeoutError:
                pass  # silence may have made something stale
    finally:
        fabric.unfollow(follower)


def write_json(signal: Signal, reading: Reading) -> None:
    """One JSON line."""
    print(json.dumps({"path": signal.path, **as_json(reading)}))


def write_text(signal: Signal, reading: Reading) -> None:
    """One line of text: time of day, path, value, unit, and the quality where it is not valid."""
    value, unit = shown(reading.value), signal.unit if reading.value is not None else ""
    quality = "" if reading.quality is Quality.VALID else reading.quality.name.lower()
    clock = time.strftime("%H:%M:%S", time.localtime(reading.time_ns / 1e9))
    print("  ".join(filter(None, (clock, signal.path, value, unit, quality))))


async def watch_table(fabric: Fabric, indexes: list[int]) -> None:
    """A table that is drawn again and again in the same place."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from alpenglow.cli.tables import lay_out

    console = Console(highlight=False)
    with Live(console=console, refresh_per_second=10, screen=True) as live:
        while True:
            known = [i for i in indexes if _known(fabric, i)]
            rows = [_cells(fabric.catalogue.signals[i], fabric.table.read_index(i)) for i in known]
            lines = lay_out(COLUMNS, rows, console.width)
            if len(lines) > console.height:
                lines[console.height - 1 :] = [f"{len(known)} signals; name fewer, or make the terminal taller"]
            elif not known:
                lines.append("nothing yet")
            live.update(Text("\n".join(lines)))
            await asyncio.sleep(_REFRESH_S)


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading for programs: value, quality, age_s [s], time [s since 1970]."""
    return {
        "value": reading.value,
        "quality": reading.quality.name,
        "age_s": round(reading.age_s, 3) if reading.time_ns else None,
        "time": reading.time_ns / 1e9 if reading.time_ns else None,
    }


def shown(value: Value | None) -> str:
    """A value for people, as `signals set` would take it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, str):
        return value or '""'
    return json.dumps(value, ensure_ascii=False)


def _known(fabric: Fabric, index: int) -> bool:
    return fabric.table.read_index(index).quality is not Quality.UNAVAILABLE


def _cells(signal: Signal, reading: Reading) -> tuple[str, str, str, str, str]:
    age = f"{reading.age_s:.1f} s" if reading.time_ns else ""
    return signal.path, shown(reading.value), signal.unit, reading.quality.name.lower(), age
