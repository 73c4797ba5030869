"""Driving state is law for every page, also for one that knows nothing of it or will not co-operate."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from alpenglow.fabric.web import BUILT_PAGES
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


# In place of the page's server: it says what a test wants of the driving state, and that nobody else is there.
CAR = """() => {
  window.bits = 0;
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 1;
    constructor() {
      this.seq = 0;
      setTimeout(() => this.onopen?.());
      this.say({ op: "hello", identity: "cockpit", version: "0", line: "", pages: {} });
      setInterval(() => {
        const reading = [window.bits, window.bits === null ? 3 : 0, 0];
        this.say({ op: "values", seq: ++this.seq, time: 0, missed: 0, values: { "RESTRICTIONS": reading } });
      }, 50);
    }
    say(message) { setTimeout(() => this.onmessage?.({ data: JSON.stringify(message) })); }
    send(text) {
      const { op, id } = JSON.parse(text);
      if (op === "call") this.say({ op: "error", id, error: { kind: "NoProvider", message: "nobody is there" } });
    }
    close() {}
  };
}""".replace("RESTRICTIONS", RESTRICTIONS)

ADDRESS = "http://car.test/"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


class Road:
    """The centre page on a screen of a car, whose driving state the test chooses."""

    def __init__(self, page: Page, query: str = "") -> None:
        self._page = page
        page.route(ADDRESS + "**", self._serve)
        page.add_init_script(f"({CAR})()")
        page.goto(f"{ADDRESS}centre.html{query}")
        expect(page.locator("main .home")).to_be_visible()

    def says(self, bits: int | None) -> None:
        """What is restricted now; None: nobody knows."""
        self._page.evaluate("(bits) => { window.bits = bits; }", bits)

    @staticmethod
    def _serve(route: Route) -> None:
        file = BUILT_PAGES / urlsplit(route.request.url).path.lstrip("/")
        if file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream"))
        else:
            route.fulfill(status=404)


@pytest.fixture
def road(page: Page) -> Road:
    if not (BUILT_PAGES / "centre.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    page.set_viewport_size({"width": 1280, "height": 720})
    road = Road(page)
    expect(page.locator("html")).to_have_attribute("data-restricted", "")
    page.evaluate(STUBBORN)
    return road


def drives(page: Page, road: Road, bits: int | None, names: str = "keyboard video lists setup") -> None:
    road.says(bits)
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


def test_passengers_write_and_read_on_their_own_screen_and_see_no_film_or_set_up(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 720})
    road = Road(page, "?screen=passenger")
    drives(page, road, MOVING, "video setup")
    page.evaluate(STUBBORN)
    page.locator("#text").fill("after")
    expect(page.locator("#text")).to_have_value("after")
    assert page.locator("#stubborn li:visible").count() == 9
