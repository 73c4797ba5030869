"""`python -m benchmarks [NAME …] [--out FILE]`: run some or all measurements and print one table."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks.table import Row, machine, show

NAMES = (
    "signals",
    "decode",
    "fabric",
    "live",
    "stack",
    "cluster",
    "centre",
    "music",
    "templates",
    "ask",
    "maps",
    "mappage",
    "routes",
    "search",
    "trips",
    "guidance",
)


def main() -> None:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what Alpenglow promises.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--out", type=Path, help="write the table to this file as well")
    given = parser.parse_args()
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"no measurement {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    rows: list[Row] = []
    for name in given.names or NAMES:
        print(f"measuring {name} …", file=sys.stderr)
        rows += importlib.import_module(f"benchmarks.{name}").run()
    table = show(rows, f"{time.strftime('%Y-%m-%d')}, {machine()}")
    print(table)
    if given.out:
        given.out.write_text(table + "\n")


main()
