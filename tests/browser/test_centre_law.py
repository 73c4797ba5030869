"""Driving state is law for every page, also for one that knows nothing of it or will not co-operate."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.panel import field

pytestmark = pytest.mark.browser

RESTRICTIONS = "Vehicle.Alpenglow.UxRestrictions"
PARKED, IDLING, MOVING = 0, 16 | 64, 511

# A page as a careless or stubborn maker would write it, put where the host draws pages.
STUBBORN = """() => {
  const page = document.createElement("div");
  page.id = "stubborn";
  page.innerHTML = `
    <input id="text" value="before"><textarea id="area"></textarea><div id="editable" contenteditable>rich</div>
    <input id="slider" type="range">
    <video id="film" muted loop></video>
    <ul role="list" data-long>${"<li><button>one</button></li>".repeat(9)}</ul>
    <div data-setup><button id="setup">Set up</button></div>`;
  document.querySelector(".stage").append(page);
  // It swallows events before they bubble, and takes the focus back.
  for (const type of ["focusin", "beforeinput", "keydown"]) page.addEventListener(type, (e) => e.stopPropagation());
  window.setups = 0;
  document.getElementById("setup").onclick = () => window.setups++;
  const canvas = document.createElement("canvas");
  const drawn = canvas.getContext("2d");
  setInterval(() => drawn.fillRect(Math.random() * 9, 0, 9, 9), 50);  // a film that has frames
  const film = document.getElementById("film");
  film.srcObject = canvas.captureStream(10);
  window.detached = document.createElement("video");
  window.detached.srcObject = canvas.captureStream(10);
}"""


class Road:
    """The driving state of the car, as it reaches the page."""

    def __init__(self, page: Page) -> None:
        self.bits: int | None = PARKED
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/ws"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self._sockets.append(socket)

        def hear(message: str | bytes) -> None:
            heard: dict[str, Any] = json.loads(message)
            if heard["op"] == "hello":
                heard["pages"].pop("desk", None)  # a real car
            if heard["op"] == "values" and (RESTRICTIONS in heard["values"] or self._told != self.bits):
                heard["values"][RESTRICTIONS] = [self.bits, 3 if self.bits is None else 0, 0]
                self._told = self.bits
            socket.send(json.dumps(heard))

        server.on_message(hear)

    _told: int | None = -1


@pytest.fixture
def road(page: Page, stack: Any) -> Road:
    road = Road(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(stack.centre_url)
    expect(page.locator("main .home")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-restricted", "")
    page.evaluate(STUBBORN)
    return road


def drives(page: Page, road: Road, bits: int | None, names: str = "keyboard video lists setup") -> None:
    road.bits = bits
    expect(page.locator("html")).to_have_attribute("data-restricted", names)


def test_parked_everything_goes(page: Page, road: Road) -> None:
    page.locator("#text").fill("after")
    expect(page.locator("#text")).to_have_value("after")
    page.evaluate("document.getElementById('film').play()")
    assert not page.evaluate("document.getElementById('film').paused")
    assert page.locator("#stubborn li:visible").count() == 9
    page.locator("#setup").click()
    assert page.evaluate("window.setups") == 1


@pytest.mark.parametrize("bits", [MOVING, None], ids=["moving", "unknown"])
@pytest.mark.parametrize("what", ["#text", "#area", "#editable"])
def test_no_text_is_focused_or_written_while_driving(page: Page, road: Road, bits: int | None, what: str) -> None:
    drives(page, road, bits)
    before = page.locator(what).evaluate("(e) => e.value ?? e.textContent")
    page.locator(what).click(force=True)
    page.keyboard.type("abc")
    page.locator(what).evaluate("(e) => e.focus()")
    page.keyboard.type("abc")
    page.keyboard.insert_text("abc")
    expect(page.locator(what)).not_to_be_focused()
    assert page.locator(what).evaluate("(e) => e.value ?? e.textContent") == before
    expect(field(page, "message")).to_contain_text("The keyboard is closed while you drive")


def test_who_writes_when_the_car_starts_to_move_is_stopped_and_told(page: Page, road: Road) -> None:
    page.locator("#text").click()
    page.keyboard.type("abc")
    drives(page, road, MOVING)
    expect(page.locator("#text")).not_to_be_focused()
    expect(field(page, "message")).to_contain_text("keyboard is closed")


def test_a_slider_is_no_text(page: Page, road: Road) -> None:
    drives(page, road, MOVING)
    page.locator("#slider").focus()
    expect(page.locator("#slider")).to_be_focused()


@pytest.mark.parametrize("bits", [IDLING, MOVING, None], ids=["idling", "moving", "unknown"])
def test_a_film_stops_and_does_not_start_again(page: Page, road: Road, bits: int | None) -> None:
    page.evaluate("document.getElementById('film').play()")
    assert not page.evaluate("document.getElementById('film').paused")
    drives(page, road, bits, "video setup" if bits == IDLING else "keyboard video lists setup")
    page.wait_for_function("document.getElementById('film').paused")
    expect(field(page, "message")).to_contain_text("Films are closed")
    for film in ("document.getElementById('film')", "window.detached"):
        assert page.evaluate(f"{film}.play().then(() => 'plays', (e) => e.name)") == "NotAllowedError"
        assert page.evaluate(f"{film}.paused")
    page.evaluate("document.getElementById('film').autoplay = true")
    page.evaluate("document.getElementById('film').load()")
    page.wait_for_timeout(300)
    assert page.evaluate("document.getElementById('film').paused")


def test_a_long_list_ends_after_six_and_says_where_the_rest_is(page: Page, road: Road) -> None:
    drives(page, road, MOVING)
    assert page.locator("#stubborn li:visible").count() == 6
    content = page.locator("#stubborn ul").evaluate("(e) => getComputedStyle(e, '::after').content")
    assert content == '"More when parked"'
    for row in page.locator("#stubborn li").all()[6:]:
        row.evaluate("(e) => (e.style.display = 'block')")
    assert page.locator("#stubborn li:visible").count() == 6
    drives(page, road, PARKED, "")
    assert page.locator("#stubborn li:visible").count() == 9


@pytest.mark.parametrize("bits", [IDLING, MOVING, None], ids=["idling", "moving", "unknown"])
def test_set_up_is_out_of_reach_and_says_why(page: Page, road: Road, bits: int | None) -> None:
    drives(page, road, bits, "video setup" if bits == IDLING else "keyboard video lists setup")
    part = page.locator("#stubborn [data-setup]")
    page.locator("#setup").click(force=True)
    page.evaluate("document.querySelector('#stubborn [data-setup]').inert = false")  # it would have none of it
    page.wait_for_function("document.querySelector('#stubborn [data-setup]').inert")
    page.locator("#setup").evaluate("(e) => e.focus()")
    page.keyboard.press("Enter")
    expect(page.locator("#setup")).not_to_be_focused()
    assert page.evaluate("window.setups") == 0
    content = part.evaluate("(e) => getComputedStyle(e, '::before').content")
    assert content == '"Opens when the car is parked"'
    drives(page, road, PARKED, "")
    page.locator("#setup").click()
    assert page.evaluate("window.setups") == 1


def test_set_up_that_is_drawn_later_is_closed_too(page: Page, road: Road) -> None:
    drives(page, road, MOVING)
    late = "<p data-setup id=late><button>x</button></p>"
    page.evaluate("(html) => document.getElementById('stubborn').insertAdjacentHTML('beforeend', html)", late)
    page.wait_for_function("document.getElementById('late').inert")


def test_a_page_that_is_set_up_closes_when_the_car_moves_and_opens_when_it_is_parked(page: Page, road: Road) -> None:
    page.locator('[data-tab="settings"]').click()
    expect(page.locator(".settings")).to_be_visible()
    drives(page, road, IDLING, "video setup")
    expect(page.locator(".settings")).to_have_count(0)
    expect(field(page, "closed")).to_have_text("Opens when the car is parked")
    drives(page, road, PARKED, "")
    expect(page.locator(".settings")).to_be_visible()


def test_passengers_write_and_read_on_their_own_screen_and_see_no_film_or_set_up(page: Page, stack: Any) -> None:
    road = Road(page)
    road.bits = MOVING
    page.set_viewport_size({"width": 1920, "height": 720})
    page.goto(stack.centre_url + "?screen=passenger")
    expect(page.locator("html")).to_have_attribute("data-restricted", "video setup")
    page.evaluate(STUBBORN)
    page.locator("#text").fill("after")
    expect(page.locator("#text")).to_have_value("after")
    assert page.locator("#stubborn li:visible").count() == 9
