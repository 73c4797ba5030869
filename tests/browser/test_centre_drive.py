"""The centre's driving page: it shows the road users that the radar sees, and says so when it sees none."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.running import Stack

pytestmark = pytest.mark.browser

CRUISE = "Vehicle.ADAS.CruiseControl"
PATIENCE_MS = 30_000  # of a loaded machine


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The simulated car, driving laps by itself."""
    with Stack(tmp_path_factory.mktemp("driving"), "--option", "demo=drive") as stack:
        yield stack


class Driving:
    """The driving page, and what the desk does to the world around."""

    def __init__(self, page: Page, stack: Stack, desk: ClientConnection) -> None:
        self.page = page
        self.stack = stack
        self._desk = desk
        self._calls = 0
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{stack.centre_url}#drive")
        expect(self.field("speed")).to_have_text(re.compile(r"^\d"), timeout=PATIENCE_MS)

    def field(self, name: str) -> Any:
        return self.page.locator(f'.drive [data-field="{name}"]')

    def warning(self, name: str) -> Any:
        return self.page.locator(f'[data-warning="{name}"]')

    def _call(self, service: str, **args: Any) -> Any:
        self._calls += 1
        self._desk.send(json.dumps({"op": "call", "id": self._calls, "service": service, "args": args}))
        while True:
            answer = json.loads(self._desk.recv(timeout=PATIENCE_MS / 1000))
            if answer.get("id") == self._calls:
                assert answer["op"] == "result", answer
                return answer["result"]

    def world(self, **changes: float) -> None:
        self._call("vehicle.set_world", changes=changes)

    def fault(self, name: str, active: bool = True) -> None:
        self._call("vehicle.inject_fault", fault=name, active=active)

    def drives_at(self, least: int) -> None:
        expect(self.field("speed")).to_have_text(re.compile(rf"^([{least // 10}-9]\d|1\d\d)$"), timeout=60_000)

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait for what no locator can tell (the pages' policy forbids that the browser evaluates it)."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < end, f"waited in vain until {what}"
            self.page.wait_for_timeout(50)

    def picture(self) -> bytes:
        return self.page.locator("canvas.picture").screenshot()

    def frames(self) -> int:
        return int(self.page.evaluate("window.__alpenglow.frames.length"))


@pytest.fixture
def driving(page: Page, stack: Stack) -> Iterator[Driving]:
    with connect(stack.websocket_url("desk"), origin=Origin(stack.desk_url.rsplit("/", 1)[0])) as desk:
        driving = Driving(page, stack, desk)
        yield driving
        driving.world(traffic=40, speed_limit=0, daylight=80)
        for fault in ("radar_silent", "camera_silent"):
            driving.fault(fault, False)


def test_those_around_are_counted_and_the_one_ahead_has_distance_and_gap(driving: Driving) -> None:
    driving.world(traffic=100)
    driving.drives_at(30)
    expect(driving.field("around")).to_have_text(re.compile(r"^\d+ around$"), timeout=PATIENCE_MS)
    expect(driving.field("lead")).to_have_text("Car ahead", timeout=60_000)
    expect(driving.field("distance")).to_have_text(re.compile(r"^\d+$"))
    expect(driving.field("gap")).to_have_text(re.compile(r"^\d+\.\d$"))


def test_an_empty_road_is_said_to_be_free(driving: Driving) -> None:
    driving.world(traffic=0)
    expect(driving.field("lead")).to_have_text("Nobody ahead", timeout=PATIENCE_MS)
    expect(driving.field("around")).to_have_text("0 around")
    expect(driving.field("distance")).to_have_text("–")
    expect(driving.field("gap")).to_have_text("–")


def test_a_silent_radar_is_not_taken_for_a_free_road(driving: Driving) -> None:
    driving.world(traffic=100)
    expect(driving.field("around")).to_have_text(re.compile(r"^[1-9]"), timeout=PATIENCE_MS)
    driving.fault("radar_silent")
    expect(driving.warning("radar_lost")).to_be_visible(timeout=PATIENCE_MS)
    expect(driving.field("lead")).to_have_text("Cars around are not seen")
    expect(driving.field("around")).to_have_text("")
    expect(driving.field("distance")).to_have_text("–", timeout=PATIENCE_MS)
    driving.fault("radar_silent", False)
    expect(driving.warning("radar_lost")).to_have_count(0, timeout=PATIENCE_MS)
    expect(driving.field("around")).to_have_text(re.compile(r"^[1-9]"))


def test_a_silent_camera_takes_the_lane_lines_away_and_the_page_says_so(driving: Driving) -> None:
    expect(driving.warning("no_lines")).to_have_count(0)
    driving.fault("camera_silent")
    expect(driving.warning("no_lines")).to_have_text("Lane lines are not seen", timeout=PATIENCE_MS)


def test_the_limit_is_a_sign_and_passing_it_a_warning(driving: Driving) -> None:
    expect(driving.field("limit")).to_have_count(0)
    driving.drives_at(40)
    driving.world(speed_limit=30)
    expect(driving.field("limit")).to_have_text("30", timeout=PATIENCE_MS)
    expect(driving.warning("limit")).to_be_visible(timeout=60_000)


def test_a_car_that_says_nothing_more_leaves_nobody_on_the_road(driving: Driving) -> None:
    driving.world(traffic=100)
    expect(driving.field("around")).to_have_text(re.compile(r"^[1-9]"), timeout=PATIENCE_MS)
    pid = driving.stack.pid("vehicle")
    os.kill(pid, signal.SIGSTOP)
    try:
        expect(driving.field("lead")).to_have_text("Cars around are not seen", timeout=PATIENCE_MS)
        expect(driving.field("speed")).to_have_text("–", timeout=PATIENCE_MS)
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(driving.field("speed")).to_have_text(re.compile(r"^\d"), timeout=PATIENCE_MS)


def test_cruise_control_is_set_through_the_door_and_says_what_it_does(driving: Driving) -> None:
    switch = driving.page.locator(f'[data-path="{CRUISE}.IsEnabled"]')
    expect(driving.field("cruise")).to_have_text("Cruise control is off", timeout=PATIENCE_MS)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    expect(driving.field("cruise")).to_have_text("Cruise control is ready")
    interval = driving.page.locator(f'[data-path="{CRUISE}.AdaptiveIntervalSet"]')
    interval.locator('[data-value="1"]').click()
    expect(interval.locator('[data-value="1"]')).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    switch.click()
    expect(driving.field("cruise")).to_have_text("Cruise control is off", timeout=PATIENCE_MS)


def test_the_road_moves_under_a_car_that_drives_and_rests_while_the_page_is_shut(driving: Driving) -> None:
    driving.drives_at(20)
    before = driving.picture()
    driving.page.wait_for_timeout(400)
    assert driving.picture() != before
    assert driving.frames() > 0
    driving.page.locator('[data-tab="climate"]').click()
    expect(driving.page.locator(".climate")).to_be_visible()
    counted = driving.frames()
    driving.page.wait_for_timeout(400)
    assert driving.frames() == counted
    driving.page.locator('[data-tab="drive"]').click()
    driving.until("it paints again", lambda: driving.frames() > 3)


def test_day_and_night_colour_the_road(driving: Driving) -> None:
    corner = """() => {
        const canvas = document.querySelector("canvas.picture");
        return [...canvas.getContext("2d").getImageData(4, canvas.height - 4, 1, 1).data].slice(0, 3);
    }"""
    driving.world(daylight=0)
    driving.until("the road is dark", lambda: max(driving.page.evaluate(corner)) < 80)
    driving.world(daylight=90)
    driving.until("the road is light", lambda: min(driving.page.evaluate(corner)) > 150)


def test_every_control_of_the_page_has_a_name(driving: Driving) -> None:
    nameless = driving.page.evaluate(
        """() => [...document.querySelectorAll(".drive button, .drive canvas, .drive [role=img]")]
          .filter((e) => !(e.ariaLabel || e.textContent.trim())).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
