"""The map as people use it: look for a place, plan with a charging stop, be guided and driven there."""

import io
import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Page, expect

from alpenglow.navigation import api
from tests.cockpit.riding import Rider
from tests.conftest import ROOT
from tests.maps import CANILLO, MERITXELL, lend
from tests.running import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NAVIGATION = "Vehicle.Alpenglow.Navigation"
LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"
DRAWN_MS = 60_000  # by a computer without a graphics processor that does other things as well
PASS = "Pas de la Casa"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, andorra: Path) -> Iterator[Stack]:
    """Aurora in Andorra with so little charge that it has to stop on the way."""
    folder = tmp_path_factory.mktemp("map")
    lend(andorra, folder / "state")
    line = folder / "aurora"
    shutil.copytree(ROOT / "src/alpenglow/lines/aurora", line)
    car = (line / "car.toml").read_text()
    assert tomllib.loads(car)["start"]["charge"] == 0.78
    (line / "car.toml").write_text(car.replace("charge = 0.78", "charge = 0.16"))
    with Stack(folder, "--line", str(line)) as stack:
        yield stack


@pytest.fixture(scope="module")
def rider(stack: Stack) -> Iterator[Rider]:
    with Rider(stack) as rider:
        rider.ready()
        rider.until(lambda: rider.value(f"{NAVIGATION}.Position.Source") == "MATCHED")
        yield rider


@pytest.fixture
def free(rider: Rider) -> Iterator[Rider]:
    """Nobody is guided before and after."""
    rider.call(api.stop_guidance)
    yield rider
    rider.call(api.stop_guidance)


@pytest.fixture
def at_the_map(page: Page, stack: Stack, free: Rider) -> Page:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{stack.centre_url}#map")
    expect(control(page, "category-cafe")).to_be_visible(timeout=DRAWN_MS)
    return page


def control(page: Page, name: str) -> Any:
    return page.locator(f'[data-control="{name}"]')


def field(page: Page, name: str) -> Any:
    return page.locator(f'.stage [data-field="{name}"]')


def is_drawn(page: Page) -> None:
    page.locator('.map-view[data-drawn="true"]').wait_for(state="attached", timeout=DRAWN_MS)


def look_for(page: Page, text: str) -> None:
    field(page, "search").fill(text)
    expect(control(page, "place").first).to_be_visible(timeout=DRAWN_MS)


def plan_to(page: Page, text: str) -> None:
    """Look for a place, take the best, and plan the way there."""
    look_for(page, text)
    control(page, "place").first.click()
    control(page, "plan").click()
    expect(page.locator('[data-control="start"], .stage [data-field="problem"]').first).to_be_visible(timeout=DRAWN_MS)


def percent(text: str) -> int:
    found = re.search(r"(\d+)", text)
    assert found, text
    return int(found[1])


def test_the_car_stands_where_the_map_says(free: Rider) -> None:
    """The first of all: later ones drive it away."""
    assert free.value(f"{NAVIGATION}.Map") == "andorra"
    assert free.value(f"{NAVIGATION}.Position.Latitude") == pytest.approx(MERITXELL[0], abs=0.01)


def test_a_jam_that_the_desk_puts_ahead_is_drawn_and_cleared_again(at_the_map: Page, stack: Stack, free: Rider) -> None:
    trip = free.call(api.plan_trip, destination=api.Position(latitude=CANILLO[0], longitude=CANILLO[1]))
    free.call(api.start_guidance, trip=trip.id)
    expect(field(at_the_map, "maneuver")).to_be_visible(timeout=DRAWN_MS)
    control(at_the_map, "overview").click()
    is_drawn(at_the_map)
    desk = at_the_map.context.new_page()
    desk.goto(stack.desk_url)
    control(desk, "jam_ahead").click(timeout=DRAWN_MS)
    expect(control(desk, "jam_ahead")).to_have_attribute("aria-pressed", "true", timeout=DRAWN_MS)
    (jam,) = free.call(api.traffic)
    assert (jam.source, jam.speed_factor) == ("desk", 0.3)
    assert jam.length_m == pytest.approx(2000.0, abs=200.0)
    at_the_map.bring_to_front()
    free.until(lambda: red(at_the_map) > 100)
    control(desk, "jam_ahead").click()
    expect(control(desk, "jam_ahead")).to_have_attribute("aria-pressed", "false", timeout=DRAWN_MS)
    assert free.call(api.traffic) == []
    free.until(lambda: red(at_the_map) < 20)


def red(page: Page) -> int:
    """How many of the map's dots are the colour of danger."""
    picture = Image.open(io.BytesIO(page.locator(".map-view").screenshot())).convert("RGB")
    return sum(
        number
        for number, (r, g, b) in picture.getcolors(picture.width * picture.height)
        if r > 170 and g < 60 and b < 60
    )


def test_a_place_is_found_as_it_is_typed_even_with_a_wrong_letter(at_the_map: Page) -> None:
    look_for(at_the_map, "Canil")
    expect(at_the_map.locator(".places .name").first).to_have_text("Canillo")
    field(at_the_map, "search").fill("Canillu")
    expect(at_the_map.locator(".places .name").first).to_have_text("Canillo")
    field(at_the_map, "search").fill("zzzzqqqq")
    expect(field(at_the_map, "nothing_found")).to_contain_text("zzzzqqqq")
    control(at_the_map, "clear-search").click()
    expect(field(at_the_map, "search")).to_have_value("")


def test_chargers_are_told_by_how_far_they_are_and_by_what_they_have(at_the_map: Page) -> None:
    control(at_the_map, "category-charger").click()
    expect(control(at_the_map, "place").first).to_be_visible(timeout=DRAWN_MS)
    control(at_the_map, "place").first.click()
    expect(at_the_map.locator(".charger .facts").first).to_contain_text("kW")
    expect(at_the_map.locator(".charger-state")).to_be_visible()


def test_the_map_is_drawn_in_the_colours_of_day_and_night_and_names_its_source(at_the_map: Page, stack: Stack) -> None:
    is_drawn(at_the_map)
    expect(field(at_the_map, "attribution")).to_have_text("© OpenStreetMap contributors")
    brightness = {}
    for theme in ("day", "night"):
        at_the_map.goto(f"{stack.centre_url}?theme={theme}#map")
        is_drawn(at_the_map)
        brightness[theme] = average(at_the_map)
    assert brightness["day"] > 160, brightness
    assert brightness["night"] < 70, brightness


def average(page: Page) -> float:
    """How bright the map is, 0…255; fails where it is one colour."""
    box = page.locator(".map-view").bounding_box()
    assert box
    clip = {"x": box["x"] + box["width"] * 0.5, "y": box["y"] + 40, "width": box["width"] * 0.4, "height": 300}
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as picture:
        grey = picture.convert("L")
        assert len(grey.getcolors(256) or []) > 30, "nothing is drawn"
        return ImageStat.Stat(grey).mean[0]


def test_the_view_is_zoomed_turned_tilted_and_comes_back_to_the_car(at_the_map: Page) -> None:
    is_drawn(at_the_map)
    expect(control(at_the_map, "recentre")).to_have_count(0)
    box = at_the_map.locator(".map-view").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5
    at_the_map.mouse.move(x, y)
    at_the_map.mouse.down()
    at_the_map.mouse.move(x + 120, y + 60, steps=4)
    at_the_map.mouse.up()
    expect(control(at_the_map, "recentre")).to_be_visible()
    control(at_the_map, "recentre").click()
    expect(control(at_the_map, "recentre")).to_have_count(0)
    for name in ("north", "tilt"):
        control(at_the_map, name).click()
        expect(control(at_the_map, name)).to_have_attribute("aria-pressed", "true")
    control(at_the_map, "zoom-in").press("Enter")
    at_the_map.keyboard.press("-")
    expect(control(at_the_map, "recentre")).to_have_count(0)


def test_while_the_car_stands_nothing_is_drawn(at_the_map: Page) -> None:
    is_drawn(at_the_map)
    at_the_map.wait_for_timeout(2000)
    drawn = at_the_map.evaluate("""async () => {
        const { prototype } = WebGL2RenderingContext;
        const { drawElements } = prototype;
        let count = 0;
        prototype.drawElements = function (...those) {
            count++;
            return drawElements.apply(this, those);
        };
        await new Promise((resolve) => setTimeout(resolve, 3000));
        return count;
    }""")
    assert drawn == 0


def test_a_finger_on_the_map_chooses_a_point_to_go_to(at_the_map: Page) -> None:
    is_drawn(at_the_map)
    box = at_the_map.locator(".map-view").bounding_box()
    assert box
    at_the_map.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.6)
    expect(field(at_the_map, "place")).to_be_visible()
    control(at_the_map, "plan").click()
    expect(control(at_the_map, "start")).to_be_visible(timeout=DRAWN_MS)


def test_how_far_the_battery_goes_is_shown_on_the_roads(at_the_map: Page) -> None:
    is_drawn(at_the_map)
    control(at_the_map, "reach").click()
    expect(control(at_the_map, "reach")).to_have_attribute("aria-pressed", "true")
    expect(control(at_the_map, "recentre")).to_be_visible(timeout=DRAWN_MS)  # all of it is brought into view
    control(at_the_map, "reach").click()
    expect(control(at_the_map, "reach")).to_have_attribute("aria-pressed", "false")


def test_a_place_is_kept_as_home_and_forgotten(at_the_map: Page) -> None:
    look_for(at_the_map, "Ordino")
    name = at_the_map.locator(".places .name").first.text_content()
    control(at_the_map, "place").first.click()
    control(at_the_map, "keep-home").click()
    control(at_the_map, "back").click()
    control(at_the_map, "clear-search").click()
    home = at_the_map.locator(".places li", has_text="Home")
    expect(home.locator(".where")).to_have_text(name or "")
    home.locator("button").click()
    control(at_the_map, "forget").click()
    control(at_the_map, "back").click()
    expect(home).to_have_count(0)


def test_wishes_change_the_plan_and_one_that_cannot_be_done_says_what_would_help(at_the_map: Page) -> None:
    plan_to(at_the_map, "Canillo")
    control(at_the_map, "options").click()
    expect(control(at_the_map, "prefer-fastest")).to_have_attribute("aria-pressed", "true")
    control(at_the_map, "prefer-economical").click()
    expect(control(at_the_map, "prefer-economical")).to_have_attribute("aria-pressed", "true")
    expect(field(at_the_map, "duration")).not_to_have_text("–", timeout=DRAWN_MS)
    arrival = percent(field(at_the_map, "arrival_charge").text_content(timeout=DRAWN_MS) or "")
    assert arrival >= 10
    control(at_the_map, "reserve").fill("50")
    expect(field(at_the_map, "planning")).to_have_count(0, timeout=DRAWN_MS)
    expect(page_says_more(at_the_map)).to_be_visible(timeout=DRAWN_MS)


def page_says_more(page: Page) -> Any:
    """A charging stop, or why it cannot be done."""
    return page.locator('.timeline [data-stop], .stage [data-field="problem"]').first


def test_from_search_to_arrival_with_a_charging_stop(at_the_map: Page, free: Rider, stack: Stack) -> None:
    page = at_the_map
    plan_to(page, PASS)
    stops = page.locator(".timeline [data-stop]")
    expect(stops.first).to_be_visible()
    expect(stops.first.locator(".where")).to_have_text(re.compile(r"\d+\s%.* → .*\d+\s%"))
    assert percent(field(page, "arrival_charge").text_content() or "") >= 10
    control(page, "start").click()
    expect(field(page, "maneuver")).to_be_visible(timeout=DRAWN_MS)
    expect(field(page, "next_stop")).to_be_visible()
    control(page, "list").click()
    expect(page.locator(".directions li").nth(2)).to_be_visible()
    control(page, "explain").click()
    expect(field(page, "explanation").locator("p").first).to_be_visible(timeout=DRAWN_MS)

    cluster = page.context.new_page()
    cluster.goto(stack.cluster_url)
    free.call(api.follow_route, active=True, pace=60)
    expect(field(page, "simulated")).to_be_visible(timeout=DRAWN_MS)
    expect(cluster.locator("#turn")).to_have_attribute("data-shown", "true", timeout=DRAWN_MS)
    expect(cluster.locator('[data-field="turn-distance"]')).to_have_text(re.compile(r"^[\d.]+ k?m$"))
    expect(cluster.locator("#sign")).to_have_attribute("data-shown", "true", timeout=DRAWN_MS)
    expect(field(page, "maneuver")).to_have_attribute("data-kind", "arrive", timeout=400_000)
    expect(field(page, "maneuver")).to_contain_text("arrived", timeout=400_000)
    free.call(api.follow_route, active=False)
    assert free.value("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed") >= 5
    control(page, "stop").click()
    expect(field(page, "search")).to_be_visible()


def test_while_it_drives_nobody_types_and_the_wishes_are_closed(at_the_map: Page, stack: Stack) -> None:
    plan_to(at_the_map, "Encamp")
    control(at_the_map, "options").click()
    expect(control(at_the_map, "prefer-fastest")).to_be_enabled()
    with Rider(stack) as driver:  # the desk that waited through other tests has been given up
        driver.drive(20)
        expect(at_the_map.locator(".wishes")).to_have_attribute("inert", "", timeout=DRAWN_MS)
        control(at_the_map, "back").click()
        control(at_the_map, "back").click()
        expect(field(at_the_map, "search")).to_have_attribute("data-shut", "")
        control(at_the_map, "clear-search").click()
        control(at_the_map, "category-restaurant").click()  # a touch is allowed
        expect(control(at_the_map, "place").first).to_be_visible(timeout=DRAWN_MS)
        assert at_the_map.locator(".places li:visible").count() <= 6
        driver.park()


def test_in_arabic_the_panel_stands_on_the_right(at_the_map: Page, free: Rider) -> None:
    free.set(LANGUAGE, "ar")
    try:
        expect(at_the_map.locator("html")).to_have_attribute("dir", "rtl")
        expect(control(at_the_map, "category-parking")).to_have_text("موقف")
        panel, stage = at_the_map.locator(".panel").bounding_box(), at_the_map.locator(".map").bounding_box()
        assert panel
        assert stage
        assert panel["x"] > stage["x"] + stage["width"] / 2
        expect(field(at_the_map, "attribution")).to_be_visible()
    finally:
        free.set(LANGUAGE, "en")


def test_home_shows_the_map_small_and_opens_it(at_the_map: Page, stack: Stack) -> None:
    at_the_map.goto(f"{stack.centre_url}#home")
    expect(at_the_map.locator('[data-card="map"] .attribution')).to_have_text(
        "© OpenStreetMap contributors", timeout=DRAWN_MS
    )
    expect(at_the_map.locator('[data-card="car"]')).to_be_visible()
    is_drawn(at_the_map)
    control(at_the_map, "open-map").click()
    expect(field(at_the_map, "search")).to_be_visible()


def test_a_screen_that_cannot_draw_says_so_and_plans_all_the_same(
    playwright: Any, browser: Browser, stack: Stack, free: Rider
) -> None:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
    with playwright.chromium.launch(executable_path=path_of(browser), args=arguments) as blind:
        page = blind.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{stack.centre_url}#map")
        expect(field(page, "no_picture")).to_contain_text("cannot draw", timeout=DRAWN_MS)
        plan_to(page, "Encamp")
        control(page, "start").click()
        control(page, "list").click(timeout=DRAWN_MS)
        expect(page.locator(".directions li").first).to_be_visible()


def path_of(browser: Browser) -> str | None:
    return os.environ.get("ALPENGLOW_CHROMIUM") or shutil.which("chromium") or None


def test_the_words_of_the_categories_are_those_that_the_search_knows() -> None:
    known = tomllib.loads((ROOT / "src/alpenglow/navigation/search/categories.toml").read_text(encoding="utf-8"))
    for language in ("en", "de", "zh", "ar"):
        words = json.loads((ROOT / f"web/words/{language}/map.json").read_text(encoding="utf-8"))
        for key, word in words.items():
            if name := key.removeprefix("category_") if key.startswith("category_") else "":
                assert word.casefold() in [each.casefold() for each in known[name][language]], (language, name, word)
