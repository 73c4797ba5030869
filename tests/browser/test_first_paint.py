"""The first paint is the page's own: it needs no more than the page, its style and where its parts stand."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"
BRAND = "Vehicle.Alpenglow.Cockpit.Brand"
DOCK = """() => [...document.querySelectorAll(".dock .tab")].filter((tab) => tab.checkVisibility()).map((tab) => {
  const { x, y, width, height } = tab.getBoundingClientRect();
  return [tab.textContent.trim(), ...[x, y, width, height].map(Math.round)];
})"""


@pytest.fixture(autouse=True)
def as_found(stack: Any) -> Iterator[None]:
    yield
    for path, value in ((LANGUAGE, "en"), (BRAND, "")):
        stack.run("signals", "set", path, value)


def without_scripts(page: Page) -> None:
    """Nothing runs but what comes before the first paint."""

    def refuse(route: Route) -> None:
        if "/first-" in route.request.url:
            route.continue_()
        else:
            route.abort()

    page.route("**/*.js", refuse)


@pytest.mark.parametrize(
    ("language", "brand", "size", "query"),
    [
        ("en", "", (1280, 720), ""),
        ("de", "ardente", (2560, 1440), ""),
        ("ar", "pomelo", (1280, 720), ""),
        ("en", "", (600, 960), ""),
        ("zh", "lyng", (1920, 720), "screen=passenger"),
    ],
)
def test_the_dock_is_painted_where_the_scripts_leave_it(
    page: Page, stack: Any, language: str, brand: str, size: tuple[int, int], query: str
) -> None:
    for path, value in ((LANGUAGE, language), (BRAND, brand)):
        stack.run("signals", "set", path, value)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    url = stack.centre_url + (("&" if "?" in stack.centre_url else "?") + query if query else "")
    without_scripts(page)
    page.goto(url)
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    page.evaluate("() => document.fonts.ready")
    first = page.evaluate(DOCK)
    assert len(first) >= 5
    assert all(name for name, *_ in first)

    page.unroute("**/*.js")
    page.reload()
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    expect(page.locator(".climate-bar")).to_be_visible()
    page.evaluate("() => document.fonts.ready")
    offered = {name for name, *_ in page.evaluate(DOCK)}
    assert [tab for tab in first if tab[0] in offered] == page.evaluate(DOCK)


def test_the_desk_has_its_frame_before_its_scripts(page: Page, stack: Any) -> None:
    without_scripts(page)
    page.goto(stack.desk_url)
    expect(page.locator(".sky h1")).to_have_text("Alpenglow")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    box = page.locator(".dashboard").bounding_box()
    assert box is not None
    assert box["height"] > 100
