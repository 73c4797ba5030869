"""The process table: every process of the car on one screen.

Each domain is an operating-system process with its own identity (its name), limits and restart policy, so that
the instrument cluster lives while anything else dies. Processes meet through the fabric alone.

Rules that always hold:
- The first process opens the fabric as its router and serves the cluster; it and `vehicle` hold no third-party code.
- A process that is silent for `alive_s` is killed and started again; one that never gets ready within `ready_s` too.
- All are spawned at once: a client of the fabric retries until the router listens, so nothing waits for its turn.
"""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

type When = Literal["always", "no real car"]


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `name` is the identity on the fabric; a page's port is the stack's base port plus `port`."""

    name: str
    module: str
    when: When = "always"
    critical: bool = False  # restarted within a second for ever; stopped last; the kernel takes its memory last
    ready_s: float = 20.0  # start -> READY=1
    alive_s: float = 3.0  # longest silence between two WATCHDOG=1
    memory_mb: int
    cpu_weight: int  # share of a busy processor, 100 being the ordinary one (cgroup v2's scale)
    nice: int  # used where no cgroup can be made
    port: int | None = None
    pages: tuple[str, ...] = ()


# fmt: off
PROCESSES: tuple[Process, ...] = (
    Process(name="safety",  module="alpenglow.safety.process",  critical=True, alive_s=2.0,
            memory_mb=256, cpu_weight=1000, nice=0, port=1, pages=("cluster",)),
    Process(name="vehicle", module="alpenglow.vehicle.process", critical=True, alive_s=2.0,
            memory_mb=384, cpu_weight=800, nice=0),
    Process(name="cockpit", module="alpenglow.cockpit.process",
            memory_mb=384, cpu_weight=100, nice=5, port=2, pages=("centre", "signals")),
    Process(name="assistant", module="alpenglow.assistant.process", ready_s=60.0, alive_s=10.0,
            memory_mb=2600, cpu_weight=30, nice=15),
    Process(name="navigation", module="alpenglow.navigation.process", alive_s=10.0,
            memory_mb=768, cpu_weight=60, nice=10),
    Process(name="desk",    module="alpenglow.vehicle.desk", when="no real car",
            memory_mb=256, cpu_weight=50, nice=10, port=0, pages=("desk",)),
)
# fmt: on

ROUTER = PROCESSES[0].name


def wanted(source: str) -> tuple[Process, ...]:
    """The rows that run when signals come from `source` (simulation, replay or bus)."""
    return tuple(row for row in PROCESSES if row.when == "always" or source != "bus")


def people() -> tuple[str, ...]:
    """Identities of the fabric that are no process: who works at the command line.

    Read from the fabric's table directly; importing the fabric would double what the supervisor weighs.
    """
    table = tomllib.loads((Path(__file__).parent.parent / "fabric" / "identities.toml").read_text())
    return tuple(name for name in table if name not in {row.name for row in PROCESSES})
