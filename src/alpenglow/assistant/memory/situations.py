"""Situations: what about a moment may explain that somebody sets something.

A place is a cell of about 250 m, never a position; two places are alike where their cells touch, so that a parking
space on the border of two cells is one place.
"""

import math
from datetime import datetime
from enum import IntFlag

import msgspec

from alpenglow.assistant.memory.words import joined, say
from alpenglow.signals import Value
from alpenglow.signals.conditions import Read, number

type Cell = tuple[int, int]

_CELL_DEGREES = 0.00225  # 250 m of latitude
_ALIKE_MINUTES = 45
_ALIKE_CELSIUS = 5.0
_DAY_MINUTES = 1440
_OTHER_SEATS = (
    "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus",
    "Vehicle.Cabin.Seat.Row2.DriverSide.OccupancyStatus",
    "Vehicle.Cabin.Seat.Row2.Middle.OccupancyStatus",
    "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus",
)


class Feature(IntFlag):
    """What two situations may have in common."""

    TIME = 1
    PLACE = 2
    WEATHER = 4
    TEMPERATURE = 8
    DAY = 16
    COMPANY = 32


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """One moment; None is what the car did not know."""

    minute: int  # of the day, local time
    weekend: bool
    place: Cell | None  # where the car last stood parked
    rain: bool | None
    temperature: float | None  # °C outside, whole degrees
    company: bool | None  # somebody sits in the car besides the driver


def situation(read: Read, now: datetime, parked: Cell | None) -> Situation:
    """The situation now; `now` in local time, `parked` as from `cell`."""
    rain = number(read("Vehicle.Body.Raindetection.Intensity"))
    celsius = number(read("Vehicle.Exterior.AirTemperature"))
    return Situation(
        minute=now.hour * 60 + now.minute,
        weekend=now.weekday() >= 5,
        place=parked,
        rain=None if rain is None else rain > 0,
        temperature=None if celsius is None else float(round(celsius)),
        company=_company([read(seat) for seat in _OTHER_SEATS]),
    )


def cell(read: Read) -> Cell | None:
    """The cell in which the car is now; None: not known."""
    latitude = number(read("Vehicle.CurrentLocation.Latitude"))
    longitude = number(read("Vehicle.CurrentLocation.Longitude"))
    if latitude is None or longitude is None:
        return None
    # Wide as they are high, by the middle of the whole degree: cells of one neighbourhood line up.
    narrowing = math.cos(math.radians(min(89.0, abs(math.floor(latitude) + 0.5))))
    return math.floor(latitude / _CELL_DEGREES), math.floor(longitude * narrowing / _CELL_DEGREES)


def alike(a: Situation, b: Situation) -> Feature:
    """What the two have in common. What one of them does not know they do not have in common."""
    found = Feature(0)
    apart = abs(a.minute - b.minute)
    if min(apart, _DAY_MINUTES - apart) <= _ALIKE_MINUTES:
        found |= Feature.TIME
    if a.place is not None and b.place is not None and _touch(a.place, b.place):
        found |= Feature.PLACE
    if a.rain is not None and a.rain is b.rain:
        found |= Feature.WEATHER
    if a.temperature is not None and b.temperature is not None and abs(a.temperature - b.temperature) <= _ALIKE_CELSIUS:
        found |= Feature.TEMPERATURE
    if a.weekend is b.weekend:
        found |= Feature.DAY
    if a.company is not None and a.company is b.company:
        found |= Feature.COMPANY
    return found


def changed(before: Situation, now: Situation) -> bool:
    """Whether now is another occasion: weather, place or company have changed. The time alone makes none."""
    known = Feature(0)
    if before.place is not None and now.place is not None:
        known |= Feature.PLACE
    if before.rain is not None and now.rain is not None:
        known |= Feature.WEATHER
    if before.temperature is not None and now.temperature is not None:
        known |= Feature.TEMPERATURE
    if before.company is not None and now.company is not None:
        known |= Feature.COMPANY
    return alike(before, now) & known != known


def described(this: Situation, features: Feature) -> dict[str, str]:
    """The features of a situation in words: "around 7:30, on workdays"."""
    parts: list[dict[str, str]] = []
    if Feature.TIME in features:
        near = round(this.minute / 30) * 30 % _DAY_MINUTES
        parts.append(say("time", value=f"{near // 60}:{near % 60:02}"))
    if Feature.DAY in features:
        parts.append(say("weekend" if this.weekend else "workday"))
    if Feature.PLACE in features:
        parts.append(say("place"))
    if Feature.WEATHER in features:
        parts.append(say("rain" if this.rain else "dry"))
    if Feature.TEMPERATURE in features and this.temperature is not None:
        parts.append(say("temperature", value=f"{this.temperature:.0f}"))
    if Feature.COMPANY in features:
        parts.append(say("company" if this.company else "alone"))
    return joined(parts)


def _touch(a: Cell, b: Cell) -> bool:
    return abs(a[0] - b[0]) <= 1 and abs(a[1] - b[1]) <= 1


def _company(seats: list[Value | None]) -> bool | None:
    if "OCCUPIED" in seats:
        return True
    return False if "EMPTY" in seats else None
