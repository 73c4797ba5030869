"""The catalogue and the table of latest values, inside one process."""

import subprocess
import sys
import time
import timeit

from alpenglow.signals import Quality, Sample, Table, load_catalogue
from benchmarks.table import Row, at_most, quantile

_LOAD = """
import time
began = time.perf_counter()
from alpenglow.signals import load_catalogue
imported = time.perf_counter()
load_catalogue()
print(imported - began, time.perf_counter() - imported)
"""


def run() -> list[Row]:
    """Loading, reading one signal, a copy of all."""
    runs = [subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True).stdout for _ in range(7)]
    imports, loads = zip(*(map(float, out.split()) for out in runs), strict=True)
    catalogue = load_catalogue()
    table = Table(catalogue)
    now = time.time_ns()
    table.put([Sample(i, 1.0, Quality.VALID, now) for i in range(len(catalogue.signals))], time.monotonic_ns())
    number = 200_000
    read_s = min(timeit.repeat(lambda: table.read("Vehicle.Speed"), number=number, repeat=5)) / number
    return [
        at_most("load the catalogue, the first time in a process", quantile(list(loads), 0.5) * 1e3, 50, "ms"),
        Row("import the room signals and what it needs", quantile(list(imports), 0.5) * 1e3, "ms"),
        at_most("read one signal", read_s * 1e6, 1, "µs"),
    ]
