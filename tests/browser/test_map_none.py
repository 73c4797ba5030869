"""A car without a map: it says how to get one, and nothing of a map is fetched."""

import pytest
from playwright.sync_api import Page, expect

from tests.running import Stack

pytestmark = pytest.mark.browser


def test_without_a_map_the_page_says_how_to_add_one_and_fetches_nothing_of_it(page: Page, stack: Stack) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{stack.centre_url}#home")
    expect(page.locator('[data-card="car"]')).to_be_visible(timeout=20_000)
    page.goto(f"{stack.centre_url}#map")
    told = page.locator('[data-field="no_map"]')
    expect(told).to_contain_text("alpenglow map fetch", timeout=20_000)
    expect(told).to_contain_text("alpenglow map add")
    page.goto(f"{stack.centre_url}#home")
    expect(page.locator('[data-card="car"]')).to_be_visible()
    page.wait_for_timeout(1500)  # home asks for its map after everything else
    assert page.locator('[data-card="map"]').count() == 0
    assert not [url for url in fetched if "library-" in url or "maplibre" in url or ".pmtiles" in url]
