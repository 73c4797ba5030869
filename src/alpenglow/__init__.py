"""Alpenglow, an open intelligent-cockpit stack for software-defined vehicles.

One package, one room per concern; `docs/design.md` shows the house.
"""

__version__ = "0.1.0"
