"""What every page looks like in every brand, by day and by night: as pictured, and with a contrast ≥ 4.5:1.

`ALPENGLOW_PICTURES=write make test ARGS=tests/browser/test_looks.py` records them anew; look at them then.
"""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alpenglow.fabric.brand.base import BRANDS
from tests.browser.pictures import differences
from tests.browser.riders import SOON_MS, WIDE, open_page
from tests.cockpit.riding import Rider

pytestmark = pytest.mark.browser

BRAND = "Vehicle.Alpenglow.Cockpit.Brand"
BUILT_IN = ["", *sorted(file.parent.name for file in BRANDS.glob("*/brand.toml"))]  # "": the line's own
PAGES = sorted(file.parent.name for file in (Path(__file__).parents[2] / "web/centre").glob("*/page.ts"))
FACE = (1920, 720)
GROWING = {"privacy"}  # lists what the car has kept so far, which is more every minute
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@pytest.fixture(params=BUILT_IN, ids=lambda name: name or "base", scope="module")
def brand(request: pytest.FixtureRequest, rider: Rider) -> str:
    assert rider.set(BRAND, request.param).state == "confirmed"
    return str(request.param)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", ["day", "night"])
def test_the_centre_looks_as_it_did_and_can_be_read(theme: str, brand: str, page: Page, stack: Any) -> None:
    page.emulate_media(reduced_motion="reduce")  # nothing glides or fades: what is drawn is drawn
    open_page(page, stack, "home", WIDE, theme=theme)
    wrong = []
    for name in PAGES:
        page.evaluate("(name) => { location.hash = name; }", name)
        expect(page.locator(f'.stage[data-page="{name}"]')).to_be_visible(timeout=SOON_MS)
        expect(page.locator('.stage [data-field="closed"]')).to_have_count(0)  # else the page would be pictured shut
        page.evaluate("document.fonts.ready")
        if name not in GROWING:
            wrong += differences(page, f"looks/{brand or 'base'}-{name}-{theme}", 480)
        found = Axe().run(page, options=CONTRAST).response["violations"]
        wrong += [f"{name}: hard to read: {node['html'][:160]}" for each in found for node in each["nodes"]]
    assert wrong == []


@pytest.mark.parametrize("theme", ["day", "night"])
def test_the_cluster_looks_as_it_did(theme: str, brand: str, page: Page, stack: Any) -> None:
    page.set_viewport_size({"width": FACE[0], "height": FACE[1]})
    page.goto(stack.cluster_url + ("&" if "?" in stack.cluster_url else "?") + f"theme={theme}")
    expect(page.locator('[data-field="speed"]')).to_have_text("0", timeout=SOON_MS)
    page.evaluate("document.fonts.ready")
    assert differences(page, f"looks/{brand or 'base'}-cluster-{theme}", 480) == []
