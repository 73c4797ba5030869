"""One line of the benchmark table."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """What was measured, and what was to be reached."""

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None  # None: nothing was promised
    note: str = ""


def at_most(what: str, value: float, limit: float, unit: str, note: str = "") -> Row:
    """A row whose value must not be above `limit`."""
    return Row(what, value, unit, f"≤ {limit:g} {unit}", value <= limit, note)


def at_least(what: str, value: float, limit: float, unit: str, note: str = "") -> Row:
    """A row whose value must not be below `limit`."""
    return Row(what, value, unit, f"≥ {limit:g} {unit}", value >= limit, note)


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine() -> str:
    """This machine in one line."""
    import os
    import platform
    from pathlib import Path

    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, Python {platform.python_version()}"  # noqa: E501


def show(rows: list[Row], heading: str) -> Any:
    """The rows as a Markdown table."""
    lines = [heading, "", "| what | measured | to reach | met |", "|---|---|---|---|"]
    for row in rows:
        value = f"{row.value:,.0f}" if abs(row.value) >= 1000 else f"{row.value:.3g}"
        met = {True: "yes", False: "**missed**", None: ""}[row.met]
        note = f" ({row.note})" if row.note else ""
        lines.append(f"| {row.what}{note} | {value} {row.unit} | {row.target} | {met} |")
    return "\n".join(lines)
