"""Contrast of a brand's colours, as WCAG 2.2 computes it (relative luminance, 1.4.3 and 1.4.11)."""

import re
from collections.abc import Iterator, Mapping

TEXT = 4.5  # WCAG 2.2, 1.4.3
GRAPHIC = 3.0  # WCAG 2.2, 1.4.11

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)
_SURFACES = ("bg", "surface", "surface_2", "surface_3")
# Role of a text, what it stands on, least contrast. `fixed` roles are looked up there.
_PAIRS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("text", (*_SURFACES, "accent_soft"), TEXT),
    ("text_2", _SURFACES, TEXT),
    ("accent", ("bg", "surface", "surface_2", "accent_soft"), TEXT),
    ("on_accent", ("accent",), TEXT),
    ("regen", ("bg", "surface"), TEXT),
    ("danger", ("bg", "surface", "surface_2"), TEXT),
    ("caution", ("bg", "surface", "surface_2"), TEXT),
    ("ok", ("bg", "surface", "surface_2"), TEXT),
    ("blue", ("bg", "surface"), GRAPHIC),
)


def is_colour(text: object) -> bool:
    """Whether it is #rrggbb, and nothing but that."""
    return isinstance(text, str) and _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), of two colours #rrggbb."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(colours: Mapping[str, str], fixed: Mapping[str, str]) -> Iterator[tuple[str, str, float, float]]:
    """Role, what it stands on, its contrast and the least one, of each pair that cannot be read."""
    for role, grounds, least in _PAIRS:
        for ground in grounds:
            found = contrast(colours.get(role) or fixed[role], colours[ground])
            if found < least:
                yield role, ground, found, least


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
