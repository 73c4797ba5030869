"""Makes `vss_6_0.tsv` from the VSS 6.0 catalogue and our own descriptions.

    python -m alpenglow.signals._make_table ../shared/data/vss

The catalogue's facts are carried over, its prose is not.
"""

import json
import sys
from pathlib import Path
from typing import Any

from alpenglow.signals.files import COLUMNS

_HERE = Path(__file__).parent
_NOTICE = """\
# The signals of COVESA Vehicle Signal Specification 6.0 (https://github.com/COVESA/vehicle_signal_specification),
# (c) its contributors: path, kind, datatype, unit, limits and allowed values. Descriptions are Alpenglow's own.
# This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not
# distributed with this file, you can obtain one at https://mozilla.org/MPL/2.0/.
# Made by `python -m alpenglow.signals._make_table`.
"""


def leaves(vss: Path) -> dict[str, dict[str, Any]]:
    """Path → leaf of a VSS JSON, in its order."""
    found: dict[str, dict[str, Any]] = {}

    def walk(path: str, node: dict[str, Any]) -> None:
        if node["type"] == "branch":
            for name, child in node["children"].items():
                walk(f"{path}.{name}" if path else name, child)
        else:
            found[path] = node

    walk("", {"type": "branch", "children": json.loads(vss.read_text(encoding="utf-8"))})
    return found


def table(leaves: dict[str, dict[str, Any]], descriptions: dict[str, str]) -> str:
    """The text of the table."""
    lines = ["\t".join(COLUMNS)]
    for path, leaf in leaves.items():
        cells = [path, leaf["type"], leaf["datatype"], leaf.get("unit", "")]
        cells += [repr(leaf[key]) if key in leaf else "" for key in ("min", "max")]
        cells += ["|".join(map(str, leaf.get("allowed", []))), "", descriptions.get(path, "")]
        lines.append("\t".join(cells).rstrip("\t"))
    return _NOTICE + "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Write the tables from the three catalogues in `folder`."""
    today = leaves(folder / "vss_6.0.json")
    (_HERE / "vss_6_0.tsv").write_text(table(today, {}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
