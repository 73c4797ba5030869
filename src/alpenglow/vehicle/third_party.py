"""python-can and cantools without what they drag in.

Both import asammdf where it is installed (it reads MF4 logs), and with it pandas and polars: half a second at every
start of a process that never sees an MF4 file. Here they are imported as if asammdf were absent; `logs` undoes that
when somebody opens an MF4 log.
"""

import importlib
import sys
from types import ModuleType
from typing import Any


def import_can() -> ModuleType:
    """The module `can`."""
    return _without_asammdf("can")


def cantools_dbc(text: str) -> Any:
    """cantools' database of a DBC file's `text`, with the checks left out that reject usable files."""
    _without_asammdf("can")
    database = _without_asammdf("cantools.database")
    return database.load_string(text, "dbc", strict=False)


def mdf_reader() -> Any:
    """python-can's reader of MF4 logs; ImportError where asammdf is not installed."""
    importlib.import_module("asammdf")
    import_can()
    module = importlib.import_module("can.io.mf4")
    if getattr(module, "asammdf", None) is None:
        module = importlib.reload(module)
    return module.MF4Reader


def _without_asammdf(name: str) -> ModuleType:
    if name in sys.modules or "asammdf" in sys.modules:
        return importlib.import_module(name)
    sys.modules["asammdf"] = None  # type: ignore[assignment]  # the import system's mark for "cannot be imported"
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules["asammdf"]
