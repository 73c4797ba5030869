"""Pictures of screens as tests: `check(page, name)` compares with tests/browser/pictures/<name>.png.

A picture is kept small (at most 640 px, few colours, 40 kB) and compared with a tolerance, since another Chromium
draws letters a little differently; a moved, missing or miscoloured part is far beyond it. What differs is written to
test-results/. `ALPENGLOW_PICTURES=write` records the pictures anew: look at them before you commit them.
"""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page

PICTURES = Path(__file__).parent / "pictures"
RESULTS = Path(__file__).parents[2] / "test-results"

_LONGEST_PX = 640
_LIMIT_BYTES = 40_000
_FEWEST_COLOURS = 8
# A pixel differs by this much of 255 in a channel: more than fewer colours and smoothed letters make.
_DIFFERENCE = 40
_TOLERATED = 0.015  # of all pixels
_PATIENCE_S = 5.0  # for values that are on their way to the page

# What is never twice the same.
_STILL = """
  [data-field="time"], [data-changing], .notices { visibility: hidden !important; }
  *, *::before, *::after { animation: none !important; transition: none !important; }
"""


def check(page: Page, name: str) -> None:
    """Fail where the page does not look as its picture does; without a picture, too."""
    if said := differences(page, name):
        pytest.fail(said[0])


def differences(page: Page, name: str, longest_px: int = _LONGEST_PX) -> list[str]:
    """What is wrong with how the page looks beside its picture, in the end: one sentence, or none."""
    file = PICTURES / f"{name}.png"
    if os.environ.get("ALPENGLOW_PICTURES") == "write":
        page.wait_for_timeout(1000)
        _record(_taken(page, longest_px), file)
        return []
    if not file.is_file():
        return [f"there is no picture {file.name}: record it with ALPENGLOW_PICTURES=write, and look at it"]
    with Image.open(file) as picture:
        kept = picture.convert("RGB")
    end = time.monotonic() + _PATIENCE_S
    while (part := differing(taken := _taken(page, longest_px), kept)) > _TOLERATED and time.monotonic() < end:
        page.wait_for_timeout(200)
    if part <= _TOLERATED:
        return []
    result = RESULTS / f"{name}.taken.png"
    result.parent.mkdir(parents=True, exist_ok=True)
    taken.save(result)
    return [f"{name}: {part:.1%} of the picture differ from {file}; see {result}"]


def differing(one: Image.Image, other: Image.Image) -> float:
    """Which part (0…1) of the pixels of two pictures differs; 1 where they differ in size."""
    if one.size != other.size:
        return 1.0
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    above = sum(most.histogram()[_DIFFERENCE:])
    return above / (one.width * one.height)


def _taken(page: Page, longest_px: int) -> Image.Image:
    return _small(page.screenshot(style=_STILL, animations="disabled"), longest_px)


def _small(png: bytes, longest_px: int) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        full = picture.convert("RGB")
    scale = min(1.0, longest_px / max(full.size))
    return full.resize((round(full.width * scale), round(full.height * scale)), Image.Resampling.LANCZOS)


def _record(picture: Image.Image, file: Path) -> None:
    """Write it with as many colours as fit into the limit."""
    file.parent.mkdir(parents=True, exist_ok=True)
    colours = 128
    while True:
        drawn = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(drawn, "PNG", optimize=True)
        if drawn.tell() <= _LIMIT_BYTES or colours <= _FEWEST_COLOURS:
            break
        colours //= 2
    file.write_bytes(drawn.getvalue())
