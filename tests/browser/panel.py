"""The assistant's panel as a person uses it, on the centre page or on the desk's screen."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

type Place = Page | FrameLocator | Locator


def opened(page: Page, url: str, theme: str = "") -> Page:
    """The centre page, once it knows the car and the assistant."""
    page.goto(url + (("&" if "?" in url else "?") + f"theme={theme}" if theme else ""))
    expect(page.locator("main")).to_have_attribute("data-connection", "live")
    if not page.locator(".panel.assistant").is_visible():
        control(page, "assistant").click()
    expect(field(page, "assistant-state")).to_have_text(re.compile("Ready|model"))
    return page


def control(place: Place, name: str) -> Locator:
    return place.locator(f'[data-control="{name}"]')


def field(place: Place, name: str) -> Locator:
    return place.locator(f'[data-field="{name}"]')


def last(place: Place) -> Locator:
    """The last exchange."""
    return place.locator('[data-exchange][data-last="true"]')


def say(place: Place, text: str) -> None:
    """Type it, send it, and wait for the answer."""
    control(place, "say").fill(text)
    control(place, "say").press("Enter")
    expect(field(last(place), "said")).to_have_text(text)
    expect(control(place, "send")).to_have_attribute("data-busy", "false", timeout=15_000)
