"""What a page's `<html>` says before any script has run: its language and its theme, so that nothing flashes.

The page keeps them right from then on (web/shared/{words,theme}.ts); both sides decide alike.
"""

import re
from collections.abc import Callable

from alpenglow.signals import Reading

type Read = Callable[[str], Reading]

_LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"
_THEME = "Vehicle.Alpenglow.Cockpit.Theme"
_LIGHT = "Vehicle.Exterior.LightIntensity"
_LOW_BEAM = "Vehicle.Body.Lights.Beam.Low.IsOn"
_DAY_ABOVE = 35  # percent of full light; web/shared/theme.ts has the rest

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}\b", re.IGNORECASE)


def dressed(html: str, read: Read, forced_theme: str = "") -> str:
    """The page with its language, where it has more than one (its `<html>` says `dir`), and its theme.

    `forced_theme`: "day" or "night", from the page's address.
    """
    language = language_of(read)
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    html = html.replace('<html lang="en" dir="ltr"', f'<html lang="{language}" dir="{direction}"', 1)
    theme = forced_theme if forced_theme in ("day", "night") else theme_of(read)
    return html.replace('data-theme="night"', f'data-theme="{theme}"', 1)


def language_of(read: Read) -> str:
    """The language subtag (BCP 47) of the screens; "en" where nobody says or what they say is none."""
    said = read(_LANGUAGE).value
    tag = _LANGUAGE_TAG.match(said) if isinstance(said, str) else None
    return tag.group().lower() if tag else "en"


def theme_of(read: Read) -> str:
    """As people chose, else by the light outside, else by the low beam: "day" or "night", this where nobody says."""
    chosen, light, beam = read(_THEME).value, read(_LIGHT).value, read(_LOW_BEAM).value
    if chosen in ("DAY", "NIGHT"):
        return str(chosen).lower()
    if isinstance(light, int | float) and not isinstance(light, bool):
        return "day" if light > _DAY_ABOVE else "night"
    return "day" if beam is False else "night"
