"""Everybody can read and reach every page of the centre, day and night: WCAG 2.2 AA, and the sizes a car needs."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pictures import check

pytestmark = pytest.mark.browser

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

# At 1x (2560 x 1440): targets ≥ 76 px, text ≥ 24 px (Google, Design for Driving).
TOO_SMALL = """() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".visually-hidden, .inspect");
  const targets = [...document.querySelectorAll("button, a[href], input, select, textarea, [role=button], [role=tab]")]
    .filter(shown)
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 75.9)
    .map(([e, { width, height }]) => [e.ariaLabel || e.textContent.trim() || e.className, width, height])
    .map(([name, width, height]) => `target ${name}: ${Math.round(width)} x ${Math.round(height)}`);
  const texts = [];
  const walk = document.createTreeWalker(document.getElementById("centre"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (!text || !shown(element)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < 24) texts.push(`text "${text.slice(0, 40)}": ${size} px`);
  }
  return [...targets, ...texts];
}"""


def pages_of(page: Page) -> list[str]:
    """The names of all pages in the dock."""
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    return [tab.get_attribute("data-tab") or "" for tab in page.locator(".dock [data-tab]").all()]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", ["day", "night"])
def test_every_page_is_readable_reachable_and_as_pictured(page: Page, stack: Any, theme: str) -> None:
    page.emulate_media(reduced_motion="reduce")  # colours do not fade from one state to another
    page.set_viewport_size({"width": 2560, "height": 1440})
    page.goto(f"{stack.centre_url}?theme={theme}")
    names = pages_of(page)
    assert "home" in names
    wrong: dict[str, object] = {}
    for name in names:
        page.locator(f'.dock [data-tab="{name}"]').click()
        expect(page.locator("main")).to_have_attribute("data-page", name)
        expect(page.locator("main > *").first).to_be_visible()
        page.mouse.move(5, 5)
        page.wait_for_timeout(100)  # values that have just arrived are painted
        found = Axe().run(page, options=_RULES).response["violations"]
        bad = [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:5]]
        bad += page.evaluate(TOO_SMALL)
        if bad:
            wrong[name] = bad
    assert wrong == {}


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize(("screen", "width", "height"), [("wide", 2560, 1440), ("tall", 1200, 1920)])
@pytest.mark.parametrize("tab", ["home", "settings"])
def test_the_shells_pages_look_as_pictured(
    page: Page, stack: Any, tab: str, screen: str, width: int, height: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{stack.centre_url}?theme={theme}#{tab}")
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    expect(page.locator(f"main .{tab}")).to_be_visible()
    expect(page.locator('[data-field="charge"]')).to_contain_text("%")
    check(page, f"centre-{tab}-{screen}-{theme}")
