"""From a wish to what must be set: paths and values, given the car's state. Pure: it reads, and moves nothing.

Rules that always hold:
- every value lies within the signal's own limits and allowed values;
- what cannot be decided is asked, and what the car cannot do is said; nothing is guessed in silence.
"""

from collections.abc import Callable

import msgspec

from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Function, Functions, Role, Spot
from alpenglow.assistant.wishes import Amount, Wish, spots
from alpenglow.signals import Value

type Read = Callable[[str], Value | None]  # None: not known


class Move(msgspec.Struct, frozen=True):
    """Set `path` to `value`."""

    path: str
    value: Value


class Unclear(msgspec.Struct, frozen=True):
    """A wish that cannot be carried out as it stands. `kind`: which reply says so."""

    kind: str  # how-much, which-value, where, out-of-range, cannot
    function: Function
    detail: str = ""


# By how much a setting changes when no number is said: a little, unsaid, much. By unit or leaf.
_STEPS: dict[str, tuple[float, float, float]] = {
    "Temperature": (1.0, 2.0, 4.0),
    "Volume": (10.0, 10.0, 25.0),
    "FanSpeed": (10.0, 20.0, 40.0),
    "warmth": (33.0, 33.0, 66.0),
    "opening": (15.0, 25.0, 40.0),
    "level": (10.0, 20.0, 40.0),
    "degrees": (3.0, 5.0, 10.0),
    "mm": (20.0, 30.0, 80.0),
    "km/h": (5.0, 10.0, 20.0),
    "s": (10.0, 30.0, 60.0),
    "m": (10.0, 10.0, 20.0),
    "PlaybackRate": (0.25, 0.25, 0.5),
}
_ONE = (1.0, 1.0, 2.0)
# Limits that VSS leaves to the car: what a person can sensibly mean.
_LIMITS: dict[str, tuple[float, float]] = {
    "Temperature": (16.0, 30.0),
    "TargetTemperature": (0.0, 45.0),
    "SpeedSet": (30.0, 180.0),
    "AdaptiveIntervalSet": (1.0, 7.0),
    "AdaptiveDistanceSet": (10.0, 150.0),
    "Recline": (-10.0, 80.0),
    "Angle": (-20.0, 60.0),
    "Height": (0.0, 200.0),
    "Position": (0.0, 300.0),
    "Length": (0.0, 120.0),
    "LumbarHeight": (0.0, 150.0),
    "SeatBeltHeight": (0.0, 120.0),
    "Tilt": (-20.0, 30.0),
    "DisplayOffDuration": (0.0, 3600.0),
    "PlaybackRate": (0.25, 3.0),
}
_ORDERED = {
    "Wiping.Mode": ("OFF", "INTERVAL", "SLOW", "MEDIUM", "FAST"),
    "FontSize": ("STANDARD", "LARGE", "EXTRA_LARGE"),
    "AirDistribution": ("DOWN", "MIDDLE", "UP"),
    "Navigation.Mute": ("MUTED", "ALERT_ONLY", "UNMUTED"),
}
_OFF = ("OFF", "INACTIVE", "STOP", "NONE", "MUTED")
_ON = ("MEDIUM", "AUTO", "BEAM", "PLAY", "START", "ACTIVE", "UNMUTED", "START_TIME", "FAST_CHARGING_PREPARATION")
_UPRIGHT = 5.0  # degrees of a backrest that people sit straight in
_WARM = 67.0  # of three levels the second
_LEVEL_ON = 50.0
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}


def resolve(
    wish: Wish, seat: Seat, read: Read, functions: Functions, last: tuple[Spot, ...] = ()
) -> list[Move] | Unclear:
    """What to set for `wish`, said from `seat`; Unclear where something must be asked or cannot be."""
    at = spots(wish.function, wish.where, seat, last)
    if not at:
        return Unclear("where", wish.function)
    moves: list[Move] = []
    for spot in at:
        if wish.function.role is Role.OPENING:
            found = _opening(wish, spot, read, functions)
        else:
            path = wish.function.paths[spot]
            value = _value(wish, read(path))
            found = value if isinstance(value, Unclear) else [Move(path, value)]
        if isinstance(found, Unclear):
            return found
        moves += found
    return moves


def step_of(function: Function, degree: str) -> float:
    """By how much `function` changes for "a bit" (little), nothing said, or "a lot" (much)."""
    sizes = next((_STEPS[k] for k in (function.leaf, function.role.value, function.signal.unit) if k in _STEPS), _ONE)
    return sizes[{"little": 0, "crack": 0, "much": 2}.get(degree, 1)]


def limits_of(function: Function) -> tuple[float, float]:
    """The least and the greatest value that may be set."""
    low, high = _LIMITS.get(function.leaf, (-1e9, 1e9))
    if function.role in (Role.LEVEL, Role.WARMTH, Role.OPENING):
        low, high = (-100.0 if function.role is Role.WARMTH else 0.0), 100.0
    signal = function.signal
    if signal.minimum is not None:
        low = max(low, signal.minimum) if function.role is Role.QUANTITY else signal.minimum
    if signal.maximum is not None:
        high = min(high, signal.maximum) if function.role is Role.QUANTITY else signal.maximum
    if signal.datatype.startswith("uint"):
        low, high = max(low, 0.0), min(high, float(2 ** int(signal.datatype[4:]) - 1))
    return low, high


def _typed(function: Function, value: float) -> Value:
    low, high = limits_of(function)
    value = min(max(value, low), high)
    return round(value, 2) if function.signal.datatype in ("float", "double") else round(value)


def _number(amount: Amount, function: Function) -> float:
    """The amount in the signal's own unit."""
    value = amount.value
    if amount.share:
        low, high = limits_of(function)
        return max(low, 0.0) + value * (high - max(low, 0.0)) if high < 1e6 else value
    unit = function.signal.unit
    if unit == "Celsius" and (amount.unit == "fahrenheit" or (amount.unit != "celsius" and value >= 50)):
        return value / 1.8 if amount.relative else round((value - 32) / 1.8, 1)
    if amount.unit == "mph" and unit == "km/h":
        return value * 1.609
    if amount.unit == "centimetre" and unit == "mm":
        return value * 10
    if unit == "s" and amount.unit in _SECONDS:
        return value * _SECONDS[amount.unit]
    level = amount.unit in ("level", "step")
    if ((level or not amount.unit) and function.role is Role.WARMTH) or (level and function.role is Role.LEVEL):
        if value <= 3:
            return round(value * 100 / 3)
        return value * 10 if value <= 10 else value
    return value


def _value(wish: Wish, current: Value | None) -> Value | Unclear:
    """What one place of a setting (not an opening) shall be."""
    function, base = wish.function, wish.act.base
    match function.role:
        case Role.SWITCH | Role.LOCK | Role.FOLD:
            if base in ("change", "set") and wish.token is None:
                return Unclear("which-value", function)
            negative = base in ("off", "less", "min", "close" if function.role is Role.SWITCH else "", "cool")
            if function.role is Role.FOLD and base == "open":
                return False
            if function.role is Role.LOCK and base == "open":
                return False
            return not negative
        case Role.MODE:
            return _mode(wish, current)
        case Role.COLOUR:
            return wish.token if isinstance(wish.token, str) else Unclear("which-value", function)
        case Role.TEXT:
            return wish.token if isinstance(wish.token, str) else Unclear("cannot", function)
    return _quantity(wish, current)


def _mode(wish: Wish, current: Value | None) -> Value | Unclear:
    function, base = wish.function, wish.act.base
    allowed = function.signal.allowed
    if wish.token is not None:
        if wish.token in allowed:
            return wish.token
        return Unclear("which-value", function, ", ".join(str(a) for a in allowed))
    if base in ("off", "close"):
        return next((t for t in _OFF if t in allowed), Unclear("which-value", function))
    order = next((o for end, o in _ORDERED.items() if function.pattern.endswith(end)), ())
    if order and base in ("more", "less", "up", "down", "max", "min"):
        at = order.index(str(current)) if current in order else len(order) // 2
        steps = round(wish.amount.value) if wish.amount and wish.amount.unit in ("step", "level") else 1
        if base in ("max", "min"):
            at = len(order) - 1 if base == "max" else 0
        else:
            at += steps if base in ("more", "up") else -steps
        return order[min(max(at, 0), len(order) - 1)]
    if base in ("on", "open", "heat", "max", "more"):
        if current in allowed and current not in _OFF and current != "UNKNOWN":
            return current  # it is on already
        if (token := next((t for t in _ON if t in allowed), None)) is not None:
            return token
    if len(allowed) == 2 and current in allowed and base == "change":
        return next(a for a in allowed if a != current)
    return Unclear("which-value", function, ", ".join(str(a) for a in allowed))


def _quantity(wish: Wish, current: Value | None) -> Value | Unclear:
    """A level, a warmth or a number with a unit."""
    function, base, amount = wish.function, wish.act.base, wish.amount
    low, high = limits_of(function)
    if isinstance(wish.token, int | float) and not isinstance(wish.token, bool):
        return wish.token
    now = float(current) if isinstance(current, int | float) else _usual(function)
    up = base in ("more", "up", "heat", "on", "backward", "open", "farther")
    if function.leaf == "Recline" and base in ("up", "down"):
        up = base == "down"  # upright is less
    if function.leaf == "Extension" and base in ("nearer", "farther"):
        up = base == "nearer"  # of the wheel, to the one who holds it
    if function.leaf == "Angle":
        up = base != "backward" if base in ("forward", "backward") else up
    if amount is not None and amount.unit == "of-that":
        return _typed(function, now * amount.value)
    if amount is not None:
        value = _number(amount, function)
        if amount.relative and base not in ("on", "open"):
            if amount.unit in ("step", "level"):
                value = amount.value * step_of(function, "little")
            return _typed(function, now + (value if up or base == "set" else -value))
        if base == "cool" and function.role is Role.WARMTH:
            value = -abs(value)
        if not low <= value <= high:
            return Unclear("out-of-range", function, f"{_plain(low)} … {_plain(high)}")
        return _typed(function, value)
    if wish.degree == "half" and base not in ("more", "less"):
        return _typed(function, max(low, 0.0) / 2 + high / 2)
    if base in ("max", "min") or (wish.degree == "full" and base not in ("off", "close")):
        top = base == "max" or (base != "min" and up)
        if function.role is Role.WARMTH:
            return 100 if top else 0
        return _typed(function, high if top else low)
    if function.role is Role.WARMTH:
        return _warmth(function, base, wish.degree, now)
    if base in ("off", "close"):
        if function.signal.unit == "Celsius":
            return Unclear("how-much", function)
        return _typed(function, 0.0)
    if base in ("on", "open"):
        if function.role is Role.LEVEL and wish.degree == "little":
            return _typed(function, _LEVEL_ON / 2)
        if function.role is Role.LEVEL:
            return _typed(function, now if now > 0 else _LEVEL_ON)
        return Unclear("how-much", function)
    if base == "upright":
        return _typed(function, _UPRIGHT)
    if base in ("set", "change", "tilt"):
        return Unclear("how-much", function)
    return _typed(function, now + (1 if up else -1) * step_of(function, wish.degree))


def _warmth(function: Function, base: str, degree: str, now: float) -> Value | Unclear:
    step = step_of(function, degree)
    if base in ("heat", "on", "open"):
        return _typed(function, now if now > 0 else (33.0 if degree in ("little", "crack") else _WARM))
    if base == "cool":
        return _typed(function, now if now < 0 else (-33.0 if degree in ("little", "crack") else -_WARM))
    if base in ("off", "close"):
        return 0
    if base in ("more", "up"):
        return _typed(function, now + step)
    if base in ("less", "down"):
        return _typed(function, max(now - step, 0.0) if now > 0 else now - step)
    return Unclear("how-much", function)


def _usual(function: Function) -> float:
    """What a setting that nobody knows is taken for."""
    low, high = limits_of(function)
    if function.signal.unit == "Celsius":
        return 21.0
    if function.role is Role.WARMTH:
        return 0.0
    return (low + high) / 2 if high < 1e6 and low > -1e6 else 0.0


def _opening(wish: Wish, spot: Spot, read: Read, functions: Functions) -> list[Move] | Unclear:
    """A window, a lid, a shade: one of its three views (Position, IsOpen, Switch), whichever this car has."""
    function = wish.function
    views = {
        leaf: paths[spot]
        for leaf in ("Position", "IsOpen", "Switch")
        if (f := functions.by_pattern.get(f"{function.item}.{leaf}")) is not None
        and (paths := f.paths)
        and spot in paths
        and f.settable
    }
    if function.leaf not in ("Position", "IsOpen", "Switch"):
        views = {"IsOpen": function.paths[spot]}
    if "Switch" in views and wish.token in function.signal.allowed:
        return [Move(views["Switch"], str(wish.token))]
    opened = _opened(function, views, read)
    target = _share_open(wish, opened, function)
    if isinstance(target, Unclear):
        return target
    base = wish.act.base
    heard = [leaf for leaf, path in views.items() if read(path) is not None]
    whole = target in (0.0, 100.0)
    for leaf in [*heard, *views]:
        if leaf == "Position":
            return [Move(views[leaf], round(100 - target if function.drawn else target))]
        if leaf == "IsOpen" and (whole or "Position" not in views):
            return [Move(views[leaf], target > 0)]
        if (
            leaf == "Switch"
            and base == "tilt"
            and "TILT_UP" in (functions.by_pattern[f"{function.item}.Switch"].signal.allowed)
        ):
            return [Move(views[leaf], "TILT_UP")]
        if leaf == "Switch" and (whole or "Position" not in views):
            return [Move(views[leaf], "OPEN" if target > (opened or 0.0) or target == 100.0 else "CLOSE")]
    return Unclear("cannot", function)


def _opened(function: Function, views: dict[str, str], read: Read) -> float | None:
    """How far it is open now, in per cent."""
    base = next(iter(views.values())).rpartition(".")[0]
    position = read(f"{base}.Position")
    if isinstance(position, int | float) and not isinstance(position, bool):
        return 100.0 - position if function.drawn else float(position)
    is_open = read(views["IsOpen"]) if "IsOpen" in views else None
    return None if is_open is None else 100.0 * bool(is_open)


def _share_open(wish: Wish, now: float | None, function: Function) -> float | Unclear:
    """How far it shall be open, in per cent."""
    base, amount = wish.act.base, wish.amount
    lid = not any(step in function.pattern for step in (".Window", ".Shade", ".RearShade"))
    opens = base in ("open", "on", "more", "max", "tilt", "backward") or (
        base == ("down" if ".Window" in function.pattern else "up")
    )
    closes = base in ("close", "off", "less", "min", "forward") or (base in ("up", "down") and not opens)
    if lid and base == "down" and now == 0.0:
        opens, closes = True, False  # what is shut can only be dropped open: "drop the tailgate"
    opened = 50.0 if now is None else now
    if amount is not None and amount.unit not in ("minute", "second", "hour"):
        if amount.unit == "of-that":
            return opened * amount.value
        share = amount.value * 100 if amount.share else amount.value
        if amount.unit in ("centimetre", "millimetre"):
            share = min(amount.value * (3.0 if amount.unit == "centimetre" else 0.3), 100.0)
        if amount.unit in ("step", "level"):
            share, amount = amount.value * 10, msgspec.structs.replace(amount, relative=True)
        if not 0 <= share <= 100:
            return Unclear("out-of-range", function, "0 … 100 %")
        if amount.relative:
            return min(max(opened + (share if opens else -share), 0.0), 100.0)
        return 100.0 - share if closes else share
    match wish.degree:
        case "half":
            return 50.0
        case "crack":
            return 10.0 if not closes else max(opened - 10.0, 0.0)
        case "little" | "much" if not lid or base in ("more", "less"):
            step = step_of(function, wish.degree)
            return min(max(opened + (step if opens else -step), 0.0), 100.0)
    if base in ("more", "less"):
        step = step_of(function, wish.degree)
        return min(max(opened + (step if opens else -step), 0.0), 100.0)
    if opens:
        return 100.0
    if closes:
        return 0.0
    return Unclear("which-value", function)


def _plain(number: float) -> str:
    return f"{number:g}"
