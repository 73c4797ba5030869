"""The text of a new pack: every entry that there is, commented out, with what it is now."""

from alpenglow.fabric.brand.base import BRANDS, base

_HEAD = """\
# Take away the # before what this brand does its own way; everything else stays as it is in Alpenglow's base.
# `alpenglow brand check` tells what is wrong. An icon is a file in icons/, as in: climate = "climate.svg".
title = "{title}"
"""
# What is no brand's to change.
_LEFT_OUT = ("[typefaces]", "[fixed.", "[features]")


def starting_pack(name: str) -> str:
    """The content of brand.toml for a pack of that name."""
    text = (BRANDS / "base.toml").read_text(encoding="utf-8")
    out = [_HEAD.format(title=name.replace("-", " ").title())]
    section, kept = "", False
    for line in text.splitlines():
        if line.startswith("["):
            section = line.split("  #")[0]
            kept = not section.startswith(_LEFT_OUT)
            if kept:
                out += ["", line]
        elif line.startswith("#") or not kept or not line:
            continue
        elif section == "[icons]":
            icon, _, meaning = line.partition(" = ")
            out.append(f'# {icon} = "{icon}.svg"  # {meaning.strip(chr(34))}')
        else:
            out.append(f"# {line}".replace("[typefaces]", ", ".join(base().typefaces)))
    return "\n".join(out) + "\n"
