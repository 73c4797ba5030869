"""What a page gets of a brand: data alone, never code. `fabric.brand.pack` makes it from a folder, checked."""

from typing import Literal

import msgspec

type Gauge = Literal["dials", "arc", "bars", "digits"]
type Dock = Literal["bottom", "side", "floating"]
type Wave = Literal["sine", "triangle", "square", "sawtooth"]
type DisplayLayout = Literal["wide", "landscape", "portrait", "passenger"]


class IconPath(msgspec.Struct, frozen=True):
    """One path of an icon."""

    d: str  # SVG path data
    even_odd: bool = False
    transform: str = ""  # SVG transform list, of the path and all groups around it


class BrandIcon(msgspec.Struct, frozen=True):
    """A brand's own drawing of an icon."""

    view: tuple[float, float, float, float]  # the viewBox
    paths: list[IconPath]


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One note of a sound cue."""

    frequency_hz: float
    start_ms: float = 0.0
    duration_ms: float
    gain: float  # 0 to 1
    wave: Wave = "sine"


class BrandLayout(msgspec.Struct, frozen=True):
    """Choices of the centre page's arrangement."""

    dock: Dock  # "side": the driver's side
    home: list[str]  # cards of the home page, the most important first


class BrandName(msgspec.Struct, frozen=True):
    """A brand that can be chosen."""

    name: str
    title: str


class Display(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screen of this line of cars."""

    name: str
    page: str
    inches: float  # diagonal
    width: int  # px
    height: int  # px
    layout: DisplayLayout


class LineFacts(msgspec.Struct, frozen=True):
    """What the pages need to know of the line of cars."""

    name: str
    title: str
    brand: str
    features: list[str]  # what this car has; what is not named here is not shown
    displays: list[Display]


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """A brand as the pages show it."""

    name: str
    title: str
    gauge: Gauge  # the cluster's face
    layout: BrandLayout
    icons: dict[str, BrandIcon]  # overridden ones alone
    sounds: dict[str, list[Note]]
    words: dict[str, dict[str, str]]  # language → key → the brand's own word
    brands: list[BrandName]  # all that can be chosen
    line: LineFacts
