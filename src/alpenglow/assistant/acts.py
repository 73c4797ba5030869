"""What people do to a setting, whatever the language: the acts that words stand for.

An act says in which sense a setting shall change. `fits` names the roles and leaves it is said of ("louder" of a
volume), so that it helps to find the setting meant; `unnamed` is the function it is about where none is named.
"""

import msgspec

from alpenglow.assistant.functions import Function, Role


class Act(msgspec.Struct, frozen=True):
    """One act; `base` is what it comes to once the setting is known."""

    name: str
    base: str  # on off open close up down more less max min set …
    fits: frozenset[str] = frozenset()  # roles and leaves; empty: whatever has a use for the base
    of_all: bool = False  # it is said of others too, only less often
    unnamed: str = ""


_HVAC = "Vehicle.Cabin.HVAC"
_TEMPERATURE = f"{_HVAC}.Station.*.*.Temperature"
_FAN = f"{_HVAC}.Station.*.*.FanSpeed"
_VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
_WARM = "warmth Temperature IsHeatingOn"
_BRIGHT = "Intensity Brightness IsLightOn IsDomeOn DimmingLevel"

# name, base, fits (with ~: and all others), function where none is named
_TABLE: tuple[tuple[str, str, str, str], ...] = (
    ("on", "on", "", ""),
    ("off", "off", "", ""),
    ("open", "open", "opening", ""),
    ("close", "close", "opening", ""),
    ("up", "up", "~opening Height Volume FanSpeed Temperature", ""),
    ("down", "down", "~opening Height Volume FanSpeed Temperature", ""),
    ("more", "more", "", ""),
    ("less", "less", "", ""),
    ("max", "max", "", ""),
    ("min", "min", "", ""),
    ("set", "set", "", ""),
    ("lock", "on", "lock", "Vehicle.Cabin.Door.*.*.IsLocked"),
    ("unlock", "off", "lock", "Vehicle.Cabin.Door.*.*.IsLocked"),
    ("fold", "on", "fold", ""),
    ("unfold", "off", "fold", ""),
    ("heat", "heat", _WARM, _TEMPERATURE),
    ("cool", "cool", "warmth Temperature IsAirConditioningActive", _TEMPERATURE),
    ("warmer", "more", _WARM, _TEMPERATURE),
    ("cooler", "less", "warmth Temperature", _TEMPERATURE),
    ("louder", "more", "Volume", _VOLUME),
    ("quieter", "less", "Volume FanSpeed", _VOLUME),
    ("brighter", "more", _BRIGHT, ""),
    ("dimmer", "less", _BRIGHT, ""),
    ("blow-more", "more", "FanSpeed", _FAN),
    ("blow-less", "less", "FanSpeed", _FAN),
    ("faster", "more", "Mode Frequency Intensity SpeedSet FanSpeed PlaybackRate", ""),
    ("slower", "less", "Mode Frequency Intensity SpeedSet FanSpeed PlaybackRate", ""),
    ("stronger", "more", "level warmth Mode", ""),
    ("weaker", "less", "level warmth Mode", ""),
    ("higher", "more", "~Height", ""),
    ("lower", "less", "~Height", ""),
    ("raise", "up", "~opening Height Volume", ""),
    ("let-down", "down", "~opening Height", ""),
    ("forward", "forward", "~Position Recline Tilt Angle", ""),
    ("back", "backward", "~Position Recline Tilt Angle", ""),
    ("nearer", "nearer", "~Position Extension AdaptiveDistanceSet AdaptiveIntervalSet", ""),
    ("farther", "farther", "~Position Extension AdaptiveDistanceSet AdaptiveIntervalSet", ""),
    ("push-out", "more", "Extension Length LumbarSupport SideBolsterSupport", ""),
    ("pull-in", "less", "Extension Length LumbarSupport SideBolsterSupport", ""),
    ("upright", "upright", "Recline", ""),
    ("mute", "off", "Volume Mute", _VOLUME),
    ("unmute", "on", "Mute", ""),
    ("bigger", "more", "FontSize", "Vehicle.Cabin.Infotainment.HMI.FontSize"),
    ("smaller", "less", "FontSize", "Vehicle.Cabin.Infotainment.HMI.FontSize"),
    ("tilt", "tilt", "Tilt Recline Angle Position opening", ""),
    ("change", "change", "", ""),
    ("wipe", "on", "Mode", "Vehicle.Body.Windshield.Front.Wiping.Mode"),
    ("clear", "on", "IsHeatingOn IsFrontDefrosterActive IsRearDefrosterActive", f"{_HVAC}.IsFrontDefrosterActive"),
)
ACTS: dict[str, Act] = {
    name: Act(name, base, frozenset(fits.lstrip("~").split()), fits.startswith("~"), unnamed)
    for name, base, fits, unnamed in _TABLE
}

_BY_DEGREES = frozenset({"more", "less", "up", "down", "max", "min"})
_ORDERED = frozenset({"Mode", "FontSize"})  # modes whose words stand in an order

# What a base has a use for; a base that is missing here fits every role.
_USES: dict[str, frozenset[Role]] = {
    "open": frozenset({Role.OPENING, Role.LOCK, Role.FOLD}),
    "close": frozenset({Role.OPENING, Role.LOCK, Role.FOLD}),
    "up": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "down": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "more": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "less": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "max": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "min": frozenset({Role.OPENING, Role.LEVEL, Role.QUANTITY, Role.WARMTH, Role.MODE}),
    "heat": frozenset({Role.WARMTH, Role.QUANTITY, Role.SWITCH}),
    "cool": frozenset({Role.WARMTH, Role.QUANTITY, Role.SWITCH}),
    "forward": frozenset({Role.QUANTITY, Role.LEVEL, Role.MODE, Role.OPENING}),
    "backward": frozenset({Role.QUANTITY, Role.LEVEL, Role.MODE, Role.OPENING}),
    "nearer": frozenset({Role.QUANTITY, Role.LEVEL}),
    "farther": frozenset({Role.QUANTITY, Role.LEVEL}),
    "upright": frozenset({Role.QUANTITY}),
    "tilt": frozenset({Role.QUANTITY, Role.LEVEL, Role.OPENING}),
}


def fit(act: Act, function: Function) -> float:
    """How well `act` suits `function`: 2 it is said of just such, 1 it has a use, 0 hardly, -3 it has none."""
    leaf = "" if function.role is Role.OPENING else function.leaf
    if act.fits and (function.role.value in act.fits or leaf in act.fits):
        return 1.2 if function.role is Role.SWITCH and act.base in ("more", "less") else 2.0
    if function.role is Role.MODE and act.base in _BY_DEGREES and function.leaf not in _ORDERED:
        return -3.0
    if act.base in ("on", "off") and not act.fits and function.role is Role.SWITCH:
        return 1.4
    uses = _USES.get(act.base)
    if uses is None:
        return -1.0 if act.fits and not act.of_all else 1.0
    if function.role not in uses:
        return -3.0
    if act.of_all and function.role is Role.WARMTH:
        return 0.5  # "raise my seat" is about the seat, not its heating
    return -1.0 if act.fits and not act.of_all else 1.0
