"""`alpenglow drive` with victims in the place of the processes that are not safety's or the vehicle's."""

import sys

import msgspec

from alpenglow.platform import processes

processes.PROCESSES = tuple(
    row if row.critical else msgspec.structs.replace(row, module="tests.system.victim") for row in processes.PROCESSES
)

from alpenglow.cli import main  # noqa: E402 - it takes in the table

if __name__ == "__main__":
    sys.argv.insert(1, "drive")
    main()
