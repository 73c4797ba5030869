"""A brand's tokens as CSS variables, for `web/shared/theme.css` and all that builds on it.

Everything written here is a checked number or colour, or comes from `base.toml`; nothing of a pack is copied as text.
"""

from alpenglow.fabric.brand.base import Tokens, base

# More specific than theme.css's own selectors, so that the order of style sheets does not matter.
_NIGHT = 'html:root,html:root[data-theme="night"]'
_DAY = 'html:root[data-theme="day"]'
# Roles between two others.
_BETWEEN = (
    "--line-strong:color-mix(in srgb,var(--line) 70%,var(--text-2));"
    "--text-3:color-mix(in srgb,var(--text-2) 60%,var(--bg));"
)


def stylesheet(tokens: Tokens) -> str:
    """The style sheet."""
    night, day = _colours(tokens.night), _colours(tokens.day)
    return (
        f"html:root{{{_shared(tokens)}}}"
        f"{_NIGHT}{{{night}{_BETWEEN}--bg-2:color-mix(in srgb,var(--bg) 50%,var(--surface));}}"
        f"{_DAY}{{{day}{_BETWEEN}--bg-2:color-mix(in srgb,var(--bg) 60%,var(--surface-3));}}"
        "@media (prefers-reduced-motion:reduce){html:root{--motion-fast:0s;--motion-slow:0s}}"
    )


def _shared(tokens: Tokens) -> str:
    typefaces, kind, ease = base().typefaces, tokens.type, tokens.motion["ease"]
    text, display = typefaces[str(kind["text"])], typefaces[str(kind["display"])]
    low, high = display.weights
    weight = min(high, max(low, float(kind["display_weight"])))
    curve = ",".join(f"{part:g}" for part in ease) if isinstance(ease, list) else ""
    return (
        f'--brand-font:"{text.family}";'
        f'--font-display:"{display.family}",var(--font);'
        f"--display-weight:{weight:g};--display-tracking:{float(kind['display_tracking']):g}em;"
        f"--title-case:{'uppercase' if kind['capitals'] else 'none'};font-stretch:{float(kind['width']):g}%;"
        # A page for a laptop (desk, signals) is drawn smaller than a car's screen, and says so.
        + "".join(
            f"--{key.replace('_', '-')}:calc({value:g}px*var(--radius-scale,1));" for key, value in tokens.shape.items()
        )
        + f"--radius:var(--radius-m);--ease:cubic-bezier({curve});"
        f"--motion-fast:{tokens.motion['fast']:g}ms;--motion-slow:{tokens.motion['slow']:g}ms;"
    )


def _colours(colours: dict[str, str]) -> str:
    names = {"glow": "brand-glow"}
    return "".join(f"--{names.get(role, role.replace('_', '-'))}:{colour};" for role, colour in colours.items())
