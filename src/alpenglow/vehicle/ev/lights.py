"""Exterior lamps, indicators and wipers: what the body control unit makes of switches, stalks and sensors."""

from alpenglow.vehicle.api import Indicators
from alpenglow.vehicle.ev.body import Body
from alpenglow.vehicle.ev.layout import Physical

_L = "Body.Lights"
_SWITCH = f"{_L}.LightSwitch"
_HIGH_SWITCH = f"{_L}.IsHighBeamSwitchOn"
_DARK, _BRIGHT = 25.0, 35.0  # percent of daylight: on below, off above
_FLASH_S = 2 / 3  # 90 flashes a minute; UN R48 6.5.9.1 asks for 60 to 120
_FAST_FLASH_S = 1 / 3  # a broken lamp is told by twice the rate

# Strokes a minute of each wiper mode; INTERVAL also by its intensity, RAIN_SENSOR by the rain.
_STROKES = {"OFF": 0.0, "SLOW": 40.0, "MEDIUM": 50.0, "FAST": 62.0}


class Lights:
    """Works out the lamps ten times a second or faster, and obeys commands for single lamps."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.indicators: Indicators = "OFF"
        self.hazard = False
        self.fog = {"Front": False, "Rear": False}
        self.dark = False
        self.broken: set[str] = set()  # lamps, as in "Beam.Low"
        self._flashing = 0.0  # s since the indicators began

    def command(self, path: str, value: Physical) -> bool:
        """Obey a command for a lamp; returns whether `path` is one."""
        lamp = path.removeprefix(f"{_L}.").removesuffix(".IsOn")
        put = self._body.put
        if lamp in ("Fog.Front", "Fog.Rear"):
            self.fog[lamp[4:]] = bool(value)
        elif lamp == "Beam.Low":
            put(_SWITCH, "BEAM" if value else "OFF")
        elif lamp == "Beam.High":
            put(_HIGH_SWITCH, value)
            if value and not self._body.on(f"{_L}.Beam.Low.IsOn"):
                put(_SWITCH, "BEAM")
        elif lamp in ("Parking", "LicensePlate"):
            put(_SWITCH, "POSITION" if value else "OFF")
        elif lamp == "Running":
            put(_SWITCH, "DAYTIME_RUNNING_LIGHTS" if value else "OFF")
        elif lamp == "Hazard.IsSignaling":
            self.hazard = bool(value)
        elif lamp == "DirectionIndicator.Left.IsSignaling":
            self.indicators = "LEFT" if value else "OFF"
        elif lamp == "DirectionIndicator.Right.IsSignaling":
            self.indicators = "RIGHT" if value else "OFF"
        else:
            return False
        return True

    def step(self, ready: bool, reverse: bool, braking: int, daylight: float, rain: float, dt: float) -> None:
        """`braking`: 0 no, 1 brake lights, 2 emergency (they flash as ADAPTIVE)."""
        body = self._body
        if daylight < _DARK:
            self.dark = True
        elif daylight > _BRIGHT:
            self.dark = False
        switch = body.values[_SWITCH]
        automatic = switch == "AUTO" and self.dark
        fog = self.fog["Front"] or self.fog["Rear"]
        low = ready and (switch == "BEAM" or automatic or (switch == "AUTO" and fog))
        position = switch in ("POSITION", "BEAM") or (automatic and ready) or fog
        lit = {
            "Beam.Low": low,
            "Beam.High": low and body.on(_HIGH_SWITCH),
            "Parking": position,
            "LicensePlate": position,
            "Running": ready and not low and switch in ("AUTO", "DAYTIME_RUNNING_LIGHTS"),
            "Fog.Front": self.fog["Front"],
            "Fog.Rear": self.fog["Rear"],
            "Backup": ready and reverse,
        }
        for lamp, on in lit.items():
            body.put(f"{_L}.{lamp}.IsOn", on)
        body.put(f"{_L}.Brake.IsActive", ("INACTIVE", "ACTIVE", "ADAPTIVE")[braking])
        self._flash(dt)
        for lamp in (*lit, "Brake", "DirectionIndicator.Left", "DirectionIndicator.Right", "Hazard"):
            body.put(f"{_L}.{lamp}.IsDefect", lamp in self.broken)
        self._wipe("Front", ready, rain)
        self._wipe("Rear", ready, rain)

    def _flash(self, dt: float) -> None:
        left = self.hazard or self.indicators == "LEFT"
        right = self.hazard or self.indicators == "RIGHT"
        fast = not self.hazard and (
            (left and "DirectionIndicator.Left" in self.broken) or (right and "DirectionIndicator.Right" in self.broken)
        )
        period = _FAST_FLASH_S if fast else _FLASH_S
        lit = self._flashing % period < period / 2
        self._flashing = self._flashing + dt if left or right else 0.0
        put = self._body.put
        put(f"{_L}.DirectionIndicator.Left.IsSignaling", left and lit)
        put(f"{_L}.DirectionIndicator.Right.IsSignaling", right and lit)
        put(f"{_L}.Hazard.IsSignaling", self.hazard and lit)

    def _wipe(self, place: str, ready: bool, rain: float) -> None:
        body = self._body
        wiping = f"Body.Windshield.{place}.Wiping"
        mode = str(body.values[f"{wiping}.Mode"])
        if mode == "INTERVAL":
            strokes = 6.0 + 2.5 * body.number(f"{wiping}.Intensity")
        elif mode == "RAIN_SENSOR":
            strokes = 0.0 if rain < 8.0 else 15.0 + 0.45 * rain
        else:
            strokes = _STROKES[mode]
        strokes = strokes if ready else 0.0
        body.put(f"{wiping}.System.IsWiping", strokes > 0.0)
        body.put(f"{wiping}.System.Frequency", float(round(strokes)))

    def power(self) -> float:
        """W that the lamps and wipers draw from the 12 V system."""
        on = self._body.on
        watts = 0.0
        for lamp, load in _WATTS.items():
            watts += load if on(f"{_L}.{lamp}.IsOn") else 0.0
        if on("Body.Windshield.Front.Wiping.System.IsWiping"):
            watts += 70.0
        return watts


_WATTS = {  # LED lamps of today
    "Beam.Low": 50.0,
    "Beam.High": 45.0,
    "Parking": 16.0,
    "Running": 22.0,
    "Fog.Front": 30.0,
    "Fog.Rear": 8.0,
}
