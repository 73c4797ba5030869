"""The process's one structured log.

structlog imports rich for its coloured console, which no process of the car has: a fifth of a start. So it is imported
here first, as if rich were absent.
"""

import sys

_rich = sys.modules.get("rich")
if _rich is None:
    sys.modules["rich"] = None  # type: ignore[assignment]  # the import system's mark for "cannot be imported"
try:
    import structlog
finally:
    if _rich is None:
        del sys.modules["rich"]

__all__ = ["structlog"]
