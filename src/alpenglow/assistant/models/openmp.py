"""How native threads wait for each other: asleep. To be called before the first library that uses OpenMP is loaded.

By default they spin. On two cores of which others need one, the spinning thread keeps the one it waits for from
running: a call of the 1.5B model then took 8 s, and takes 1.2 s asleep.
"""

import os


def wait_asleep() -> None:
    """libgomp reads this once, when it is loaded. A setting of the user's own stays."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
