"""Tables for people, in the terminal."""

import time

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .doctor import Finding
from .status import Status

_STATE_STYLE = {"running": "green", "starting": "yellow", "waiting": "yellow", "crash loop": "red", "stopped": "dim"}
_VERDICT_STYLE = {"works": "green", "optional": "yellow", "missing": "red"}


def status_table(status: Status) -> None:
    """Print a stack's status."""
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("process", "state", "pid", "up", "restarts", "CPU %", "memory MB", "heartbeat", "last end"):
        table.add_column(name, justify="left" if name in ("process", "state", "last end") else "right")
    for process in status.processes:
        style = _STATE_STYLE.get(process.state, "")
        table.add_row(
            process.name,
            f"[{style}]{process.state}[/]" if style else process.state,
            "" if process.pid is None else str(process.pid),
            "" if process.up_s is None else f"{process.up_s:.0f} s",
            str(process.restarts),
            "" if process.cpu_percent is None else f"{process.cpu_percent:.0f}",
            "" if process.memory_mb is None else f"{process.memory_mb:.0f}",
            "" if process.heartbeat_age_s is None else f"{process.heartbeat_age_s:.1f} s",
            escape(process.last_exit),
        )
    console.print(table)
    console.print(
        f"{status.url}  line {status.line}, {status.platform}, pid {status.pid}, {status.memory_mb:.0f} MB in all, "
        f"{status.limits}\nlog {status.log}",
        highlight=False,
        soft_wrap=True,
    )
    if status.stale:
        age_s = time.time() - status.written
        console.print(f"[red]The supervisor has been silent for {age_s:.0f} s; these figures are old.[/]")


def doctor_table(findings: list[Finding]) -> None:
    """Print what the doctor found."""
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "what", "found", "to put it right"):
        table.add_column(name, overflow="fold")
    for finding in findings:
        style = _VERDICT_STYLE[finding.verdict]
        table.add_row(f"[{style}]{finding.verdict}[/]", finding.what, escape(finding.found), escape(finding.remedy))
    console.print(table)
