"""What a page says before any script has run: its language, theme, words and icons, so that nothing flashes.

The page keeps them right from then on (web/shared/{words,theme}.ts); both sides decide alike.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from alpenglow.fabric.brand.look import BrandIcon
from alpenglow.signals import Reading

type Read = Callable[[str], Reading]

_LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"
_THEME = "Vehicle.Alpenglow.Cockpit.Theme"
_LIGHT = "Vehicle.Exterior.LightIntensity"
_LOW_BEAM = "Vehicle.Body.Lights.Beam.Low.IsOn"
_DAY_ABOVE = 35  # percent of full light; web/shared/theme.ts has the rest

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}\b", re.IGNORECASE)
_PAGE_LANGUAGE = re.compile(r'<html lang="([a-z]{2,3})"')
_WORD = re.compile(r'(<span data-word="([\w.]+)">)([^<]*)(?=</span>)')
_ICON = re.compile(r'(<span class="icon" data-icon="(\w+)">)(<svg .*?</svg>)(?=</span>)', re.DOTALL)


def dressed(html: str, read: Read, forced_theme: str = "") -> str:
    """The page with its language, where it has more than one (its `<html>` says `dir`), and its theme.

    `forced_theme`: "day" or "night", from the page's address.
    """
    language = language_of(read)
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    html = html.replace('<html lang="en" dir="ltr"', f'<html lang="{language}" dir="{direction}"', 1)
    theme = forced_theme if forced_theme in ("day", "night") else theme_of(read)
    return html.replace('data-theme="night"', f'data-theme="{theme}"', 1)


def language_in(html: str) -> str:
    """The language that a page's `<html>` names."""
    found = _PAGE_LANGUAGE.search(html)
    return found[1] if found else "en"


def worded(html: str, words: Mapping[str, str]) -> str:
    """The page with `words`, by key, where it has places for them; what is not among them stays as it was built."""
    return _WORD.sub(lambda found: found[1] + escape(words.get(found[2], unescape(found[3]))), html)


def drawn(html: str, icons: Mapping[str, BrandIcon]) -> str:
    """The page with a brand's own icons where it has places for them."""
    return _ICON.sub(lambda found: found[1] + (_svg(icons[found[2]]) if found[2] in icons else found[3]), html)


def _svg(icon: BrandIcon) -> str:
    """As web/shared/brand.ts draws it."""
    paths = "".join(
        f'<path d="{escape(path.d)}" fill-rule="{"evenodd" if path.even_odd else "nonzero"}"'
        f' transform="{escape(path.transform)}"/>'
        for path in icon.paths
    )
    view = " ".join(f"{number:g}" for number in icon.view)
    return f'<svg aria-hidden="true" fill="currentColor" viewBox="{view}">{paths}</svg>'


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
