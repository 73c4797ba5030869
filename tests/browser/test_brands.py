"""Brands in a running car: right from the first paint, switched live on every page, and harmless whatever they say."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cockpit.riding import Rider
from tests.running import Stack

pytestmark = pytest.mark.browser

BRAND = "Vehicle.Alpenglow.Cockpit.Brand"
EVIL = """
title = "<img src=x onerror=pwned()>"
[night]
glow = "#010203"
[day]
glow = "#010203"
[words.en]
"common.comfort" = "<b>x</b>"
"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Vidde, of the make Lyng, with two packs of the user's: one that plays tricks, one that is broken."""
    brands = tmp_path_factory.mktemp("brands")
    (brands / "evil").mkdir()
    (brands / "evil" / "brand.toml").write_text(EVIL)
    (brands / "broken").mkdir()
    (brands / "broken" / "brand.toml").write_text('title = "Broken"\n[night]\nbg = "javascript:alert(1)"\n')
    with Stack(tmp_path_factory.mktemp("stack"), "--line", "vidde", "--option", f"brands_dir={brands}") as stack:
        yield stack


def choose(rider: Rider, name: str) -> None:
    assert rider.set(BRAND, name).state == "confirmed"


@pytest.fixture(autouse=True)
def as_found(rider: Rider) -> Iterator[None]:
    yield
    choose(rider, "")


def get(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read().decode()


def test_the_lines_brand_is_there_at_the_first_paint(page: Page, stack: Stack) -> None:
    page.route("**/*.js", lambda route: route.abort())  # nothing of the page runs
    for url in (stack.cluster_url, stack.centre_url):
        page.goto(url + "?theme=night")
        assert page.evaluate(BACKGROUND) == "rgb(16, 23, 26)"
        look = json.loads(page.locator("#brand").text_content() or "")
        assert (look["name"], look["gauge"], look["line"]["title"]) == ("lyng", "bars", "Vidde")


def test_a_switch_shows_on_cluster_and_centre_without_a_reload(page: Page, stack: Stack, rider: Rider) -> None:
    centre = page.context.new_page()
    page.goto(stack.cluster_url)
    centre.goto(stack.centre_url)
    for each in (page, centre):
        each.evaluate("window.sameDocument = true")
    expect(page.locator("#face")).to_have_attribute("data-gauge", "bars")
    for name, gauge, day_or_night in (
        ("pomelo", "digits", {"rgb(248, 242, 255)", "rgb(18, 10, 46)"}),
        ("ardente", "arc", {"rgb(241, 239, 236)", "rgb(7, 7, 8)"}),
        ("", "bars", {"rgb(245, 243, 238)", "rgb(16, 23, 26)"}),
    ):
        choose(rider, name)
        expect(page.locator("#face")).to_have_attribute("data-gauge", gauge, timeout=20_000)
        for each in (page, centre):
            each.wait_for_function(f"(colours) => colours.includes({BACKGROUND})", arg=list(day_or_night))
            assert each.evaluate("window.sameDocument")
    centre.close()


def test_the_desk_switches_the_brand_of_all_screens(page: Page, stack: Stack) -> None:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(stack.desk_url)
    switch = page.locator('[data-control="brand"]')
    expect(switch.locator('[data-value="lyng"]')).to_have_attribute("aria-pressed", "true")
    switch.locator('[data-value="ardente"]').click()
    expect(switch.locator('[data-value="ardente"]')).to_have_attribute("aria-pressed", "true")
    cluster = page.frame_locator('[data-page="cluster"]')
    expect(cluster.locator("#face")).to_have_attribute("data-gauge", "arc", timeout=20_000)
    expect(page.locator('[data-link="passenger"]')).to_have_attribute("href", re.compile("screen=passenger"))


@pytest.mark.parametrize("name", ["nobody", "broken", "../../lines", "<script>"])
def test_an_unknown_or_broken_brand_is_the_base_and_no_page_goes_without(
    page: Page, stack: Stack, rider: Rider, name: str
) -> None:
    page.goto(stack.cluster_url)
    choose(rider, name)
    expect(page.locator("#face")).to_have_attribute("data-gauge", "dials", timeout=20_000)
    expect(page.locator('[data-field="speed"]')).to_have_text(re.compile(r"^\d+$"))


def test_nothing_of_a_pack_becomes_markup(page: Page, stack: Stack, rider: Rider) -> None:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.add_init_script("window.pwned = () => { window.wasPwned = true; }")
    choose(rider, "evil")
    for url in (stack.cluster_url, stack.centre_url, stack.desk_url):
        page.goto(url)
        page.wait_for_function(
            "getComputedStyle(document.documentElement).getPropertyValue('--brand-glow').trim() === '#010203'"
        )
        page.wait_for_timeout(300)
        assert page.locator('img[src="x"], b:text-is("x")').count() == 0
        assert page.evaluate("window.wasPwned") is None
    expect(page.locator('[data-control="brand"] [data-value="evil"]')).to_have_text("<img src=x onerror=pwned()>")


def test_pages_stay_under_their_policy_and_load_nothing_from_elsewhere(page: Page, stack: Stack, rider: Rider) -> None:
    violations: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: asked.append(request.url))
    choose(rider, "pomelo")
    for url in (stack.cluster_url, stack.centre_url):
        page.goto(url)
        page.wait_for_timeout(500)
    assert violations == []
    own = {url.rsplit("/", 1)[0] for url in (stack.cluster_url, stack.centre_url)}
    assert [url for url in asked if not url.startswith((*own, "data:", *(o.replace("http", "ws") for o in own)))] == []


def test_brands_are_served_as_style_and_data(stack: Stack) -> None:
    origin = stack.cluster_url.rsplit("/", 1)[0]
    status, kind, css = get(f"{origin}/brand.css?brand=pomelo")
    assert (status, kind.split(";")[0]) == (200, "text/css")
    assert "--accent:#ff86cb" in css
    status, kind, text = get(f"{origin}/brand.json?brand=pomelo")
    look: dict[str, Any] = json.loads(text)
    assert (status, kind, look["name"]) == (200, "application/json", "pomelo")
    assert look["sounds"]["danger"]
    for name in ("../../etc/passwd", "%00", "x" * 3000, "broken"):
        status, _, text = get(f"{origin}/brand.json?brand={name}")
        assert (status, json.loads(text)["name"]) == (200, "alpenglow")
    for path in ("/brand.json/../../etc/passwd", "/brands/lyng/brand.toml", "/assets/../brand.toml"):
        assert get(origin + path)[0] == 404


def test_the_log_says_once_what_is_wrong_with_a_brand(stack: Stack, page: Page, rider: Rider) -> None:
    page.goto(stack.cluster_url)
    choose(rider, "broken")
    expect(page.locator("#face")).to_have_attribute("data-gauge", "dials", timeout=20_000)
    log = (stack.run_dir / "log.jsonl").read_text() if (stack.run_dir / "log.jsonl").is_file() else ""
    console = (Path(stack.folder) / "console.log").read_text()
    assert "brand broken: brand.toml: night.bg: 'javascript:alert(1)' is not a colour" in log + console
