"""What there is to override: `brands/base.toml`, which comes with Alpenglow and is therefore trusted."""

import functools
import tomllib
from pathlib import Path

import msgspec

from alpenglow.fabric.brand.look import BrandLayout, Gauge, Note

BRANDS = Path(__file__).parent.parent.parent / "brands"
BASE_NAME = "alpenglow"


class Typeface(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A typeface that is built into the pages."""

    family: str  # its CSS name
    weights: tuple[int, int]
    widths: tuple[int, int]  # % of the normal width


class Tokens(msgspec.Struct, frozen=True):
    """Every token of a brand; the keys are those of brand.toml."""

    type: dict[str, str | float | bool]
    shape: dict[str, float]
    motion: dict[str, float | list[float]]
    day: dict[str, str]  # role → #rrggbb
    night: dict[str, str]


class ClusterChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What there is to choose of the cluster."""

    gauge: Gauge


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a car may have or lack."""

    title: str
    signals: list[str]  # patterns, as in `Catalogue.match`


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base brand, and the lists of what may be chosen."""

    title: str
    type: dict[str, str | float | bool]
    typefaces: dict[str, Typeface]
    shape: dict[str, float]
    motion: dict[str, float | list[float]]
    day: dict[str, str]
    night: dict[str, str]
    fixed: dict[str, dict[str, str]]  # theme → role → colour that no brand changes
    cluster: ClusterChoice
    centre: BrandLayout
    icons: dict[str, str]  # name → what it stands for
    sounds: dict[str, list[Note]]
    words: dict[str, dict[str, str]]  # language → key → word
    features: dict[str, Feature]

    @property
    def tokens(self) -> Tokens:
        """The base's own tokens."""
        return Tokens(self.type, self.shape, self.motion, self.day, self.night)


@functools.cache
def base() -> Base:
    """The base, read once."""
    return msgspec.convert(tomllib.loads((BRANDS / "base.toml").read_text(encoding="utf-8")), Base)
