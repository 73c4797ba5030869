"""How native threads wait for each other: they spin for a moment only, then sleep.

By default they spin for milliseconds. Where others need a core too, the spinning thread keeps the one it waits for from
running: with one of two cores taken the 1.5B model wrote 2.6 tokens a second, and writes 20 so. With both cores to
itself it writes 25 instead of 35; where that is certain, GOMP_SPINCOUNT=3000 in the environment gets the rest.
"""

import os


def spin_briefly() -> None:
    """To be called before the first library that uses OpenMP is loaded; a setting of the user's own stays."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "100")
