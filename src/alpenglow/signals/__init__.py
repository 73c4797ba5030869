"""What can the car say?

The catalogue of signals (COVESA VSS 6.0 plus overlays), typed values with quality and age, and the table of latest
values that every process keeps. Pure data: nothing here opens a socket or starts a task.
"""

from alpenglow.signals.catalogue import Catalogue, UnknownSignal, load_catalogue
from alpenglow.signals.files import CatalogueError
from alpenglow.signals.leaf import Kind, Signal
from alpenglow.signals.table import Table
from alpenglow.signals.values import BadValue, Quality, Reading, Sample, Value, check_value

__all__ = [
    "BadValue",
    "Catalogue",
    "CatalogueError",
    "Kind",
    "Quality",
    "Reading",
    "Sample",
    "Signal",
    "Table",
    "UnknownSignal",
    "Value",
    "check_value",
    "load_catalogue",
]
