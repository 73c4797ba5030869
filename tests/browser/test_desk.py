"""The desk: what a person does there is what the car does, and both screens show it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

pytestmark = pytest.mark.browser

SIZES = [(1366, 768), (1920, 1080)]


class Desk:
    """The desk page with a car that stands in P, whole, by day."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.gear = page.locator('[data-control="gear"]')
        expect(self.gear).to_have_attribute("data-engaged", re.compile("[PRND]"))
        expect(self.speed).to_have_text(re.compile(r"\d"))
        self.reset()

    def reset(self) -> None:
        """Stop, select P, let go of everything, repair everything, make it day."""
        page = self.page
        page.keyboard.press("Escape")
        with self.holding("s"):
            expect(self.speed).to_have_text("0", timeout=15_000)
            # Also where P is engaged: a lever that was refused still waits in D for the brake.
            page.keyboard.press("p")
            expect(self.gear.locator('[data-gear="P"]')).to_have_attribute("aria-pressed", "true")
            expect(self.gear).to_have_attribute("data-engaged", "P")
        self.tab("faults")
        if self.control("clear_faults").is_enabled():
            self.control("clear_faults").click()
        self.tab("world")
        self.control("daylight").fill("80")
        self.tab("body")
        for name in ("door_rear_right", "hazard"):
            if self.control(name).get_attribute("aria-pressed") == "true":
                self.control(name).click()

    @property
    def cluster(self) -> FrameLocator:
        return self.page.frame_locator('iframe[data-page="cluster"]')

    @property
    def centre(self) -> FrameLocator:
        return self.page.frame_locator('iframe[data-page="centre"]')

    @property
    def speed(self) -> Locator:
        return self.cluster.locator('[data-field="speed"]')

    def telltale(self, name: str) -> Locator:
        return self.cluster.locator(f'[data-telltale="{name}"]')

    def control(self, name: str) -> Locator:
        return self.page.locator(f'[data-control="{name}"]')

    def tab(self, name: str) -> None:
        """Show one of the panels that share a place where the screen is narrow."""
        button = self.page.locator(f'.tabs [data-tab="{name}"]')
        if button.is_visible():
            button.click()

    def holding(self, key: str) -> "_Held":
        return _Held(self.page, key)

    def select_drive(self) -> None:
        with self.holding("s"):
            expect(self.control("brake")).to_have_attribute("aria-valuenow", "100")
            self.page.keyboard.press("Shift+D")
            expect(self.gear).to_have_attribute("data-engaged", "D")


class _Held:
    """A key that is down for as long as the block lasts."""

    def __init__(self, page: Page, key: str) -> None:
        self.page, self.key = page, key

    def __enter__(self) -> None:
        self.page.keyboard.down(self.key)

    def __exit__(self, *_: object) -> None:
        self.page.keyboard.up(self.key)


@pytest.fixture
def desk(page: Page, stack: Any) -> Iterator[Desk]:
    page.set_viewport_size({"width": 1366, "height": 768})
    desk = Desk(page, stack.desk_url)
    yield desk
    desk.reset()


def test_both_screens_show_the_car(desk: Desk) -> None:
    expect(desk.speed).to_have_text("0")
    expect(desk.centre.locator('[data-tab="climate"]')).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_screens_and_driving_controls_fit_without_scrolling(desk: Desk, width: int, height: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": height})
    hidden = desk.page.evaluate(
        """() => {
          const outside = (e) => {
            const box = e.getBoundingClientRect();
            return box.width === 0 || box.left < 0 || box.top < 0
              || box.right > innerWidth || box.bottom > innerHeight;
          };
          const panel = document.querySelector(".driving").getBoundingClientRect();
          const spilt = (e) => e.getBoundingClientRect().right > panel.right;
          const names = (list) => [...list].map((e) => e.dataset.control ?? e.title);
          const driving = [...document.querySelectorAll(".driving [data-control]")];
          return names([...document.querySelectorAll("iframe"), ...driving].filter(outside))
            .concat(names(driving.filter(spilt)));
        }"""
    )
    assert hidden == []


@pytest.mark.parametrize("panel", ["home", "climate"])
def test_the_centres_targets_stay_large_enough_for_a_mouse(desk: Desk, panel: str) -> None:
    """The frame shows the car's screen much smaller: 24 px are left of its 80 (WCAG 2.2, 2.5.8)."""
    desk.centre.locator(f'[data-tab="{panel}"]').click()
    expect(desk.centre.locator("main")).to_have_attribute("data-page", panel)
    boxes = [(e.inner_text(), e.bounding_box()) for e in desk.centre.locator("button:visible, a:visible").all()]
    assert len(boxes) > 10
    assert [text for text, box in boxes if box is None or min(box["width"], box["height"]) < 24] == []
    assert not desk.centre.locator("main").evaluate("(e) => e.scrollWidth > e.clientWidth + 1")


def test_the_lever_stays_in_park_without_the_brake_and_the_desk_says_why(desk: Desk) -> None:
    desk.page.keyboard.press("d")
    expect(desk.page.locator('[data-field="hint"]')).to_contain_text("brake")
    expect(desk.gear).to_have_attribute("data-engaged", "P")


def test_the_accelerator_key_drives_the_car_and_its_release_lifts_the_foot(desk: Desk) -> None:
    desk.select_drive()
    with desk.holding("w"):
        expect(desk.control("accelerator")).to_have_attribute("aria-valuenow", "100")
        expect(desk.speed).to_have_text(re.compile(r"^[2-9]\d"), timeout=15_000)
    expect(desk.control("accelerator")).to_have_attribute("aria-valuenow", "0")


def test_a_pedal_takes_the_finger_at_its_place(desk: Desk) -> None:
    box = desk.control("brake").bounding_box()
    assert box is not None
    mouse = desk.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7)
    mouse.down()
    expect(desk.control("brake")).to_have_attribute("aria-valuenow", re.compile(r"^[1-4]\d$"))
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 4)
    expect(desk.control("brake")).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)$"))
    mouse.up()
    expect(desk.control("brake")).to_have_attribute("aria-valuenow", "0")


def test_a_window_that_loses_the_keyboard_lets_go_of_the_pedals(desk: Desk) -> None:
    desk.page.keyboard.down("s")
    expect(desk.control("brake")).to_have_attribute("aria-valuenow", "100")
    desk.page.evaluate("dispatchEvent(new Event('blur'))")
    expect(desk.control("brake")).to_have_attribute("aria-valuenow", "0")
    desk.page.keyboard.press("d")
    expect(desk.page.locator('[data-field="hint"]')).to_contain_text("brake")  # the car knows it too
    expect(desk.gear).to_have_attribute("data-engaged", "P")


def test_the_car_goes_on_while_somebody_writes_on_a_screen(desk: Desk) -> None:
    desk.select_drive()
    desk.page.keyboard.down("w")
    expect(desk.speed).to_have_text(re.compile(r"^[4-9]\d"), timeout=15_000)
    words = desk.centre.locator('[data-control="say"]')
    words.click()
    desk.page.keyboard.up("w")
    hint = desk.page.locator('[data-field="hint"]')
    expect(hint).to_have_text(re.compile(r"^Your foot keeps \d+ km/h"))
    desk.page.mouse.move(5, 5)  # off the screen: who writes there goes on writing
    desk.page.keyboard.type("spark", delay=300)
    expect(words).to_have_value("spark")
    expect(desk.gear).to_have_attribute("data-engaged", "D")
    expect(desk.speed).to_have_text(re.compile(r"^\d\d"))
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("iframe:focus")).to_have_count(0)  # the keyboard is the desk's again
    expect(hint).to_have_text(re.compile("^Your foot keeps"))
    with desk.holding("s"):
        expect(hint).not_to_have_text(re.compile("^Your foot keeps"))
        expect(desk.speed).to_have_text("0", timeout=15_000)
    expect(desk.control("accelerator")).to_have_attribute("aria-valuenow", "0")


def test_the_wheel_turns_with_the_hand_and_centres_itself(desk: Desk) -> None:
    wheel = desk.control("steering")
    box = wheel.bounding_box()
    assert box is not None
    x, y, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] * 0.43
    mouse = desk.page.mouse
    mouse.move(x, y - radius)
    mouse.down()
    mouse.move(x + radius * 0.7, y - radius * 0.7)
    mouse.move(x + radius, y)
    expect(wheel).to_have_attribute("aria-valuenow", re.compile(r"^[56]\d$"))  # 90° of 150°
    mouse.up()
    expect(wheel).to_have_attribute("aria-valuenow", "0")


def test_an_open_door_lights_its_telltale(desk: Desk) -> None:
    desk.control("door_rear_right").click()
    expect(desk.telltale("DoorOpen")).not_to_have_attribute("data-state", "OFF")
    desk.control("door_rear_right").click()
    expect(desk.telltale("DoorOpen")).to_have_attribute("data-state", "OFF")


def test_the_hazard_key_flashes_both_sides(desk: Desk) -> None:
    desk.page.keyboard.press("h")
    expect(desk.control("hazard")).to_have_attribute("aria-pressed", "true")
    for side in ("Left", "Right"):
        expect(desk.telltale(f"Turn{side}")).not_to_have_attribute("data-state", "OFF")


def test_a_fault_lights_its_telltale_until_it_is_cleared(desk: Desk) -> None:
    desk.tab("faults")
    desk.page.locator('[data-fault="abs"]').click()
    expect(desk.telltale("ABS")).to_have_attribute("data-state", "ON")
    desk.control("clear_faults").click()
    expect(desk.telltale("ABS")).to_have_attribute("data-state", "OFF")
    expect(desk.page.locator('[data-fault="abs"]')).to_have_attribute("aria-pressed", "false")


def test_night_falls_on_every_page(desk: Desk) -> None:
    desk.tab("world")
    desk.control("daylight").fill("0")
    for page in (desk.page, desk.cluster, desk.centre):
        expect(page.locator("html")).to_have_attribute("data-theme", "night")


def test_traffic_is_put_on_the_road_by_degrees_and_taken_off(desk: Desk) -> None:
    desk.tab("world")
    slider = desk.control("traffic")
    for percent, said in (("0", "Off"), ("100", "Dense"), ("40", "Busy")):
        slider.fill(percent)
        expect(slider).to_have_attribute("aria-valuetext", said)


def test_the_help_names_the_keys(desk: Desk) -> None:
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog")).to_contain_text("Parking brake")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_be_hidden()


def test_every_control_has_a_name(desk: Desk) -> None:
    nameless = desk.page.evaluate(
        """() => [...document.querySelectorAll("button, input, [role=slider]")]
          .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
