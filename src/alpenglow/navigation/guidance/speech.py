"""What guidance says, in the language of the displays: `words/<language>.toml`."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from alpenglow.navigation.api import Maneuver, ManeuverKind

LANGUAGES = ("en", "de", "zh", "ar")
type Units = Literal["metric", "imperial"]

_FOLDER = Path(__file__).parent / "words"
_MILE_M = 1609.344
_FOOT_M = 0.3048


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language. `{…}` stand for what is put in."""

    now: str
    soon: str
    then: str
    onward: str
    end: str
    metres: str
    kilometre: str
    kilometres: str
    feet: str
    mile: str
    miles: str
    exits: list[str]
    lanes_left: str
    lanes_left_n: str
    lanes_right: str
    lanes_right_n: str
    lanes_middle: str
    lanes_middle_n: str
    rerouting: str
    no_way: str
    tunnel: str
    low: str
    jam: str
    faster: str
    plain: dict[str, str]  # by kind of manoeuvre
    street: dict[str, str]
    reached: dict[str, str]


@cache
def words(language: str) -> Words:
    """The words of a language; English where there are none ("de-CH" is German)."""
    name = language.partition("-")[0].lower()
    file = _FOLDER / f"{name if name in LANGUAGES else 'en'}.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Words)


def instruction(kind: ManeuverKind, street: str, exit_: int, name: str, language: str) -> str:
    """What to do, without where: "turn left into Carrer Major". `name`: of what is reached."""
    said = words(language)
    form: str = kind
    if kind == "roundabout" and 0 < exit_ <= len(said.exits):
        form = "roundabout_exit"
    text = said.street[form] if street and form in said.street else said.plain[form]
    ordinal = said.exits[exit_ - 1] if form == "roundabout_exit" else ""
    return _filled(text, street=street, exit=ordinal, name=name)


def announcement(
    maneuver: Maneuver, distance_m: float | None, following: Maneuver | None, language: str, units: Units = "metric"
) -> str:
    """A whole sentence. `distance_m`: None where it is now; `following`: what comes right after it."""
    said = words(language)
    what = maneuver.text
    if distance_m is not None:
        what = _filled(said.soon, distance=distance(distance_m, language, units), what=what)
    elif maneuver.kind in said.reached:
        what = _filled(said.reached[maneuver.kind], name=maneuver.street)
    if following is not None:
        what = _filled(said.then, first=what, second=following.text)
    sentence = _sentence(what, said)
    lanes = lane_advice(maneuver.lanes, language)
    return f"{sentence} {_sentence(lanes, said)}" if lanes and distance_m is not None else sentence


def onward(distance_m: float, language: str, units: Units = "metric") -> str:
    """That nothing is to be done for a while."""
    said = words(language)
    return _sentence(_filled(said.onward, distance=distance(distance_m, language, units)), said)


def remark(which: Literal["rerouting", "no_way", "tunnel", "low"], language: str) -> str:
    """Something about guidance itself."""
    said = words(language)
    return _sentence(getattr(said, which), said)


def delayed(which: Literal["jam", "faster"], seconds: float, language: str) -> str:
    """What traffic costs, or a way around it saves."""
    said = words(language)
    return _sentence(_filled(getattr(said, which), n=str(max(2, round(seconds / 60.0)))), said)


def distance(metres: float, language: str, units: Units = "metric") -> str:
    """As people say it: rounded, in words that go after "in"."""
    said = words(language)
    if units == "imperial":
        if metres < 0.2 * _MILE_M:
            return _filled(said.feet, n=str(max(50, round(metres / _FOOT_M / 50) * 50)))
        miles = round(metres / _MILE_M * 4) / 4 if metres < 3 * _MILE_M else round(metres / _MILE_M)
        return said.mile if miles == 1 else _filled(said.miles, n=_number(miles, language))
    if metres < 950.0:
        step = 10 if metres < 100.0 else 50
        return _filled(said.metres, n=str(max(step, round(metres / step) * step)))
    kilometres = round(metres / 500.0) / 2 if metres < 5000.0 else round(metres / 1000.0)
    return said.kilometre if kilometres == 1 else _filled(said.kilometres, n=_number(kilometres, language))


def lane_advice(lanes: list[str], language: str) -> str:
    """Which lanes to be in; "" where all will do or the map does not say."""
    good = [i for i, lane in enumerate(lanes) if lane.startswith("!")]
    if not good or len(good) == len(lanes) or good[-1] - good[0] != len(good) - 1:
        return ""
    side = "left" if good[0] == 0 else "right" if good[-1] == len(lanes) - 1 else "middle"
    said = words(language)
    text: str = getattr(said, f"lanes_{side}" if len(good) == 1 else f"lanes_{side}_n")
    return _filled(text, n=str(len(good)))


def _number(value: float, language: str) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if language.startswith("de") else text


def _filled(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _sentence(text: str, said: Words) -> str:
    return text[:1].upper() + text[1:] + said.end if text else ""
