"""The catalogue and the table of latest values, inside one process."""

import subprocess
import sys
import time
import timeit

from alpenglow.signals import Quality, Sample, Table, load_catalogue
from benchmarks.table import Row, at_most

_LOAD = "import time; t = time.perf_counter(); from alpenglow.signals import load_catalogue; load_catalogue(); print(time.perf_counter() - t)"  # noqa: E501


def run() -> list[Row]:
    """Loading, reading one signal, a copy of all."""
    loads = [
        float(subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True).stdout) for _ in range(5)
    ]
    catalogue = load_catalogue()
    table = Table(catalogue)
    now = time.time_ns()
    table.put([Sample(i, 1.0, Quality.VALID, now) for i in range(len(catalogue.signals))], time.monotonic_ns())
    number = 200_000
    read_s = min(timeit.repeat(lambda: table.read("Vehicle.Speed"), number=number, repeat=5)) / number
    return [
        at_most("load the catalogue, with imports (new process)", sorted(loads)[2] * 1e3, 50, "ms"),
        at_most("read one signal", read_s * 1e6, 1, "µs"),
    ]
