"""The energy page: the range with reasons that add up as they are read, charging, its plan, and trips."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import connect

from tests.browser.riders import WIDE
from tests.running import Stack

pytestmark = pytest.mark.browser

LIMIT = "Vehicle.Powertrain.TractionBattery.Charging.ChargeLimit"
UNITS = "Vehicle.Cabin.Infotainment.HMI.DistanceUnit"
LANGUAGE = "Vehicle.Cabin.Infotainment.HMI.CurrentLanguage"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A car that drives laps by itself."""
    with Stack(tmp_path_factory.mktemp("energy"), "--option", "demo=drive") as stack:
        yield stack


@pytest.fixture(scope="module")
def parked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A car that stands in P."""
    with Stack(tmp_path_factory.mktemp("parked")) as stack:
        yield stack


def call(stack: Stack, service: str, page: str = "centre", **arguments: Any) -> None:
    with connect(stack.websocket_url(page)) as server:
        server.send(json.dumps({"op": "call", "id": 1, "service": service, "args": arguments}))
        while (message := json.loads(server.recv(timeout=20)))["op"] not in ("result", "error", "problem"):
            pass
        assert message["op"] == "result", message


def opened(page: Page, stack: Stack, view: str = "overview") -> Page:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.goto(f"{stack.centre_url}#energy")
    page.locator(f'[data-control="view_{view}"]').click()
    return page


def figure(page: Page, field: str) -> int:
    text = page.locator(f'[data-field="{field}"]').first.inner_text()
    found = re.search(r"[\d,]+", text)
    assert found, text
    return int(found[0].replace(",", ""))


def test_what_is_read_adds_up(page: Page, stack: Stack) -> None:
    opened(page, stack)
    expect(page.locator('[data-cause="speed"]')).to_be_visible(timeout=60_000)
    read = page.evaluate(
        """() => ["reference", "reason", "sum"].map((field) =>
          [...document.querySelectorAll(`[data-field="${field}"]`)].map((e) =>
            Number(e.textContent.replace("−", "-").replace(/[^0-9-]/g, ""))))"""
    )
    (reference,), reasons, (shown,) = read
    assert reference + sum(reasons) == shown


def test_the_plot_is_drawn_of_the_road_behind(page: Page, stack: Stack) -> None:
    opened(page, stack)
    canvas = page.locator(".energy-used canvas")
    expect(canvas).to_be_visible(timeout=60_000)
    page.locator('[data-control="over_10"]').click()
    drawn = canvas.evaluate(
        """(canvas) => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let drawn = 0; for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0; return drawn; }"""
    )
    assert drawn > 1000


def test_miles_are_read_everywhere(page: Page, stack: Stack) -> None:
    opened(page, stack)
    expect(page.locator('[data-field="range"] + .unit')).to_have_text("km")
    km = figure(page, "range")
    call(stack, "safety.actuate", path=UNITS, value="MILES")
    try:
        expect(page.locator('[data-field="range"] + .unit')).to_have_text("mi")
        assert figure(page, "range") == pytest.approx(km / 1.609344, abs=4)
        expect(page.locator('[data-field="sum"]')).to_contain_text("mi")
        page.locator('[data-control="view_trips"]').click()
        expect(page.locator('[data-meter="charge"]')).to_contain_text("mi/kWh")
    finally:
        call(stack, "safety.actuate", path=UNITS, value="KILOMETERS")


def test_a_trip_under_way_is_listed_and_a_meter_is_set_back_by_two_touches(page: Page, stack: Stack) -> None:
    opened(page, stack, "trips")
    expect(page.locator("[data-trip]")).to_have_count(1, timeout=60_000)
    expect(page.locator("[data-trip]")).to_contain_text("Under way")
    meter = page.locator('[data-meter="a"]')
    expect(meter.locator('[data-field="meter_distance"]')).to_have_text(re.compile(r"0\.[1-9]|[1-9]"), timeout=60_000)
    reset = page.locator('[data-control="reset_a"]')
    reset.click()
    expect(reset).to_have_text("Really?")
    reset.click()
    expect(meter.locator('[data-field="meter_distance"]')).to_have_text("0.0 km")
    expect(reset).to_have_text("Set back")


def test_while_driving_the_plan_is_closed(page: Page, stack: Stack) -> None:
    opened(page, stack, "charging")
    mode = page.locator('[data-control="plan_hours"]')
    expect(mode).to_be_visible()
    expect(page.locator("[data-restricted~='setup'] .energy-plan")).to_be_visible(timeout=30_000)


def test_the_limit_is_set_in_the_car(page: Page, parked: Stack) -> None:
    opened(page, parked, "charging")
    slider = page.locator(f'[data-path="{LIMIT}"]')
    expect(slider.locator('[data-field="current"]')).to_have_text("80 %")
    slider.locator("input").fill("90")
    expect(slider.locator('[data-field="current"]')).to_have_text("90 %")
    expect(slider).to_have_attribute("data-state", "known")


def test_a_plan_is_made_by_touch_and_is_there_on_the_other_screen(page: Page, parked: Stack) -> None:
    opened(page, parked, "charging")
    other = page.context.new_page()
    opened(other, parked, "charging")
    page.locator('[data-control="plan_ready_by"]').click()
    expect(page.locator('[data-field="ready_by"]')).to_have_text("7:00")
    page.locator('[data-control="ready_by_earlier"]').click()
    expect(page.locator('[data-field="ready_by"]')).to_have_text("6:45")
    expect(other.locator('[data-field="ready_by"]')).to_have_text("6:45")
    other.locator('[data-control="plan_off"]').click()
    expect(page.locator('[data-field="ready_by"]')).to_have_count(0)
    other.close()


def test_a_car_that_charges_says_how_fast_and_stops_and_starts_by_touch(page: Page, parked: Stack) -> None:
    opened(page, parked)
    call(parked, "vehicle.set_controls", page="desk", changes={"ready": False, "charge_cable": "DC"})
    status = page.locator('[data-field="charging_status"]')
    expect(status).to_have_text("Charging", timeout=15_000)
    expect(page.locator('[data-field="charging_power"]')).to_have_text(re.compile(r"^[1-9]\d*\.\d kW"))
    expect(page.locator('[data-field="until_limit"]')).to_have_text(re.compile(r"to \d+ %"))
    page.locator('[data-control="charge_stop"]').click()
    expect(status).to_have_text("Charging is stopped", timeout=15_000)
    page.locator('[data-control="charge_now"]').click()
    expect(status).to_have_text("Charging", timeout=15_000)
    call(parked, "vehicle.set_controls", page="desk", changes={"charge_cable": "NONE"})
    expect(status).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize("language", ["de", "zh", "ar"])
def test_the_page_speaks(page: Page, parked: Stack, language: str) -> None:
    opened(page, parked)
    call(parked, "safety.actuate", path=LANGUAGE, value=language)
    try:
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".energy-why h2")).not_to_contain_text("Why")
        inside = page.locator(".energy").evaluate(
            "(e) => { const box = e.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; }"
        )
        assert inside
    finally:
        call(parked, "safety.actuate", path=LANGUAGE, value="en")


@pytest.mark.parametrize("size", [(2560, 1440), (1200, 1920)])
def test_all_can_be_touched_and_read(page: Page, parked: Stack, size: tuple[int, int]) -> None:
    opened(page, parked)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    small = {view: too_small(page, view) for view in ("overview", "charging", "trips")}
    assert small == {"overview": [], "charging": [], "trips": []}


def too_small(page: Page, view: str) -> list[str]:
    """What of a view cannot be touched or read, or is not on the screen."""
    page.locator(f'[data-control="view_{view}"]').click()
    expect(page.locator(f'[data-control="view_{view}"]')).to_have_attribute("aria-pressed", "true")
    found: list[str] = page.locator(".energy").evaluate(
        """(root) => [...root.querySelectorAll("*")].filter((e) => {
          const box = e.getBoundingClientRect();
          if (!box.width) return false;
          const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
          const size = parseFloat(getComputedStyle(e).fontSize);
          const touch = e.matches("button, input") && (box.height < 76 || box.width < 76);
          return touch || (text && size < 24) || box.right > innerWidth + 1 || box.left < -1;
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found
