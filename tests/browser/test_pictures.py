"""Pictures of every page by day and by night, for people to look at; the desk's own stands in the README.

They go to test-results/. `ALPENGLOW_PICTURES=write make test ARGS=tests/browser/test_pictures.py` writes the README's
picture anew.
"""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Stack

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
DESK = (1600, 1000)
README_LIMIT_BYTES = 400_000
SIZES = {"cluster": (1920, 720), "centre": (1280, 720), "signals": (1366, 768), "desk": (1366, 768)}

# Width, height and the number of different colours of a PNG.
MEASURE = """async (png) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  return [image.width, image.height, new Set(pixels).size];
}"""


@pytest.fixture(scope="module")
def drive(browser: Browser, stack: Stack) -> Iterator[Page]:
    """The desk of a car that drives at night, in no hurry: a finger holds the accelerator half way."""
    page = browser.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    page.goto(stack.desk_url)
    speed = page.frame_locator('iframe[data-page="cluster"]').locator('[data-field="speed"]')
    page.locator('.tabs [data-tab="world"]').click()
    page.locator('[data-control="speed_limit_100"]').click()
    page.locator('[data-control="daylight"]').fill("0")
    page.locator('.tabs [data-tab="body"]').click()
    page.keyboard.down("s")
    expect(page.locator('[data-control="brake"]')).to_have_attribute("aria-valuenow", "100")
    page.keyboard.press("Shift+D")
    expect(page.locator('[data-control="gear"]')).to_have_attribute("data-engaged", "D")
    page.keyboard.up("s")
    pedal = page.locator('[data-control="accelerator"]').bounding_box()
    assert pedal is not None
    page.mouse.move(pedal["x"] + pedal["width"] / 3, pedal["y"] + pedal["height"] * 0.5)
    page.mouse.down()
    expect(speed).to_have_text(re.compile(r"^[5-9]\d"), timeout=40_000)
    yield page
    page.close()


def colours(browser: Browser, png: bytes, size: tuple[int, int]) -> int:
    """How many colours a picture of this size has."""
    page = browser.new_page()
    width, height, count = page.evaluate(MEASURE, base64.b64encode(png).decode())
    page.close()
    assert (width, height) == size
    return int(count)


def test_the_desk_of_a_car_that_drives(drive: Page, browser: Browser, pictures: Path) -> None:
    for page in (drive, *(drive.frame_locator(f'iframe[data-page="{name}"]') for name in ("cluster", "centre"))):
        expect(page.locator("html")).to_have_attribute("data-theme", "night")
    speed = drive.frame_locator('iframe[data-page="cluster"]').locator('[data-field="speed"]')
    assert int(speed.text_content() or "") > 0
    folder = DOCS if os.environ.get("ALPENGLOW_PICTURES") == "write" else pictures
    png = drive.screenshot(path=folder / "desk.png")
    assert colours(browser, png, DESK) > 500
    assert len(png) < README_LIMIT_BYTES


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize("name", list(SIZES))
def test_every_page_by_day_and_by_night(
    name: str, theme: str, drive: Page, browser: Browser, stack: Stack, pictures: Path
) -> None:
    url = stack.pages[name]
    width, height = SIZES[name]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(url + ("&" if "?" in url else "?") + f"theme={theme}")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    if name == "signals":
        page.locator('[data-path="Vehicle.ADAS.ABS.IsEnabled"]').click()
    page.wait_for_timeout(800)  # fonts are there, needles have arrived
    png = page.screenshot(path=pictures / f"{name}-{theme}.png")
    page.close()
    assert colours(browser, png, (width, height)) > 100
