"""One leaf of the catalogue: what a signal is called, what may be done with it, which values it can have."""

from enum import StrEnum

import msgspec

from alpenglow.signals.values import Scalar


class Kind(StrEnum):
    """What may be done with a signal (VSS node types)."""

    SENSOR = "sensor"
    ACTUATOR = "actuator"
    ATTRIBUTE = "attribute"


class Signal(msgspec.Struct, frozen=True):
    """One leaf of the catalogue."""

    path: str
    kind: Kind
    datatype: str  # a VSS datatype; "[]" at the end means a list
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Scalar, ...] = ()
    age_limit_s: float | None = None  # None: what was once said stays true
    description: str = ""
