"""The assistant on the centre page: people say something, see what the car did about it, and what is kept of it."""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser import standin
from tests.browser.panel import control, field, last, opened, say
from tests.running import Stack

pytestmark = pytest.mark.browser

SIZES = {"desk": (552, 356), "small": (466, 301), "narrow": (390, 780), "half": (1280, 720), "wide": (1920, 1080)}

# Contrast of every text with what is painted behind it; those below the ratio of WCAG 2.2, 1.4.3 (AA).
TOO_FAINT = """(root) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const texts = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    if (!text || element.closest(":disabled, .visually-hidden") || !element.checkVisibility()) continue;
    const behind = [];
    for (let each = element; each; each = each.parentElement) behind.unshift(getComputedStyle(each).backgroundColor);
    const style = getComputedStyle(element);
    const [a, b] = [luminance(paint(behind)), luminance(paint([...behind, style.color]))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push([text, ratio.toFixed(2)]);
  }
  return faint;
}"""

# The least target of a car's screen is 76 px at 1x; the page is scaled as a whole.
TOO_SMALL = """() => {
  const scale = Number(document.querySelector("#centre").style.zoom);
  return [...document.querySelectorAll("button, a, input")]
    .map((e) => [e.ariaLabel || e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && Math.min(box.height, box.width) / scale < 75.9)
    .map(([text, box]) => `${text}: ${box.width / scale} x ${box.height / scale}`);
}"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The simulated car, with an assistant that knows its answers by heart."""
    command = (sys.executable, "-m", standin.__name__, "drive", "--headless")
    with Stack(tmp_path_factory.mktemp("stack"), command=command) as stack:
        yield stack


@pytest.fixture
def centre(page: Page, stack: Stack) -> Page:
    page.set_viewport_size({"width": 1280, "height": 720})
    return opened(page, stack.centre_url)


def dome(page: Page) -> Locator:
    return page.locator(f'button[data-path="{standin.DOME}"]')


def test_what_is_said_is_done_shown_and_undone(centre: Page) -> None:
    say(centre, "dome light off")
    say(centre, "dome light on")
    expect(field(last(centre), "reply")).to_have_text("Dome light on.")
    expect(last(centre).locator('[data-done="confirmed"]')).to_have_text("Done")  # the reply has said what
    expect(field(centre, "spoken")).to_have_text("Dome light on.")
    expect(dome(centre)).to_have_attribute("aria-pressed", "true")
    control(centre, "undo").click()
    expect(field(last(centre), "reply")).to_have_text("I put it back.")
    expect(dome(centre)).to_have_attribute("aria-pressed", "false")


def test_why_tells_the_steps_the_time_and_that_nothing_left(centre: Page) -> None:
    say(centre, "dome light on")
    expect(field(centre, "why")).to_have_count(0)
    control(last(centre), "why").click()
    why = field(centre, "why")
    expect(why.locator("li")).to_have_text(standin.WHY)
    expect(why).to_contain_text("Sentence patterns")
    expect(why).to_contain_text("12 ms")
    expect(field(why, "bytes")).to_have_text("0 bytes: it stayed in the car")
    say(centre, "think hard")
    control(last(centre), "why").click()
    expect(field(last(centre), "bytes")).to_have_text("1.8 kB")


def test_a_question_is_answered_with_one_touch(centre: Page) -> None:
    say(centre, "close it")
    last(centre).locator("[data-choice]").nth(1).click()
    expect(field(last(centre), "said")).to_have_text("The right window")
    expect(field(last(centre), "reply")).to_have_text("The driver said: The right window")
    expect(centre.locator("[data-choice]")).to_have_count(0)


def test_the_answer_grows_and_meanwhile_nothing_written_is_lost(centre: Page) -> None:
    control(centre, "say").fill("tell me a story")
    control(centre, "say").press("Enter")
    control(centre, "say").fill("and now")
    control(centre, "say").press("Enter")
    expect(field(centre, "growing")).to_have_text(standin.STORY[:22])
    expect(field(centre, "growing")).to_have_text(standin.STORY[:60])
    expect(field(centre, "spoken")).to_have_text("")
    expect(field(last(centre), "reply")).to_have_text(standin.STORY)
    expect(field(centre, "spoken")).to_have_text(standin.STORY)
    expect(centre.locator("[data-exchange]")).to_have_count(1)
    expect(control(centre, "say")).to_have_value("and now")


def test_the_seat_that_speaks_counts(centre: Page) -> None:
    control(centre, "seat").click()
    centre.locator('[data-seat="rear-left"]').click()
    say(centre, "hello")
    expect(field(last(centre), "reply")).to_have_text("The rear-left said: hello")


def test_an_assistant_that_dies_costs_no_word_and_comes_back(centre: Page, stack: Stack) -> None:
    pid = stack.pid("assistant")
    control(centre, "say").fill("die")
    control(centre, "say").press("Enter")
    expect(field(last(centre), "problem")).to_have_text("The assistant is starting. Ask again in a moment.")
    expect(control(centre, "say")).to_have_value("die")
    stack.until_back("assistant", pid)
    expect(field(centre, "assistant-state")).to_have_text("Ready", timeout=15_000)
    say(centre, "hello")
    expect(field(last(centre), "reply")).to_have_text("The driver said: hello")


def test_an_assistant_that_hangs_is_told_of_until_it_is_back(centre: Page, stack: Stack) -> None:
    pid = stack.pid("assistant")
    os.kill(pid, signal.SIGSTOP)
    expect(field(centre, "assistant-state")).to_have_text("Starting")
    stack.until_back("assistant", pid)
    expect(field(centre, "assistant-state")).to_have_text("Ready", timeout=15_000)


def test_a_text_that_is_too_long_is_told_and_kept(centre: Page) -> None:
    text = "close the window " * 2000
    control(centre, "say").fill(text)
    control(centre, "say").press("Enter")
    expect(field(last(centre), "problem")).to_contain_text("too long")
    expect(control(centre, "say")).to_have_value(text)


def test_a_draft_is_changed_kept_run_and_deleted(centre: Page) -> None:
    say(centre, "make us fly")
    draft = centre.locator('form[data-draft="open"]')
    control(draft, "keep").click()
    expect(field(draft, "problem")).to_contain_text("Wings")
    control(draft, "discard").click()
    say(centre, "make a scene")
    expect(draft).to_contain_text("When it rains")
    control(draft, "scene_name").fill("Wet")
    control(draft, "remove").nth(1).click()
    control(draft, "keep").click()
    expect(centre.locator('[data-draft="kept"]')).to_have_text("Wet is kept.")
    control(centre, "scenes").click()
    scene = centre.locator("[data-scene]")
    expect(scene).to_have_text(re.compile(r"Wet\s+When it rains: Dome light on\s*$"))
    control(scene, "run").click()
    expect(field(last(centre), "said")).to_have_text("Wet")
    expect(last(centre).locator("[data-done]")).to_have_attribute("data-done", re.compile("confirmed|unchanged"))
    control(centre, "scenes").click()
    control(scene, "delete").click()
    expect(scene).to_have_count(0)


def test_a_draft_is_discarded(centre: Page) -> None:
    say(centre, "make a scene")
    control(centre, "discard").click()
    expect(centre.locator('[data-draft="discarded"]')).to_be_visible()
    control(centre, "scenes").click()
    expect(centre.locator(".scenes-list")).to_contain_text("None yet")


@pytest.mark.parametrize("answer", ["not_now", "accept"])
def test_a_suggestion_is_offered_wherever_one_is_and_goes_with_one_touch(centre: Page, answer: str) -> None:
    say(centre, "dome light off")
    say(centre, "suggest something")
    control(centre, "close").click()
    expect(field(centre, "suggestion")).to_have_text(standin.SUGGESTED)
    control(centre, answer).click()
    expect(centre.locator("[data-suggestion]")).to_have_count(0)
    expect(dome(centre)).to_have_attribute("aria-pressed", str(answer == "accept").lower())


def test_what_it_remembers_is_seen_taken_along_and_erased(centre: Page) -> None:
    control(centre, "privacy").click()
    memories = centre.locator("[data-memory]")
    expect(memories).to_have_count(2)
    with centre.expect_download() as download:
        control(centre, "export").click()
    assert [memory["id"] for memory in json.loads(Path(download.value.path()).read_text())] == ["name", "seat"]
    control(memories.first, "forget").click()
    expect(memories).to_have_count(1)
    control(centre, "forget_all").click()
    control(centre, "keep_all").click()
    expect(memories).to_have_count(1)
    control(centre, "forget_all").click()
    control(centre, "erase_all").click()
    expect(memories).to_have_count(0)
    expect(field(centre, "erased")).to_have_text("1 memory erased.")


def test_a_consent_is_given_and_withdrawn_and_the_ledger_is_open(centre: Page) -> None:
    control(centre, "privacy").click()
    consent = centre.locator("[data-consent]")
    expect(consent).to_contain_text("Hard questions may go to a model in the cloud, without names and places.")
    for granted in ("true", "false"):
        control(consent, "consent").click()
        expect(consent).to_have_attribute("data-granted", granted)
    expect(centre.locator("[data-entry] td").filter(has_text=re.compile("^(models|1|answered)"))).to_have_text(
        ["models.example", "1.8 kB", "1 name, 1 place", "answered"]
    )
    expect(field(centre, "total")).to_have_text("1.8 kB have left the car so far.")


def test_what_it_thinks_with_is_told_and_chosen(centre: Page) -> None:
    say(centre, "fetch")
    expect(field(centre, "assistant-state")).to_have_text("Fetching its model: 43 %")
    expect(centre.locator('[role="progressbar"]')).to_have_attribute("aria-valuenow", "43")
    control(centre, "thinking").click()
    expect(centre.locator('[data-tier="local"]')).to_contain_text("Fetching 43 %")
    say(centre, "fetched")
    expect(centre.locator('[role="progressbar"]')).to_have_count(0)
    control(centre, "thinking").click()
    expect(centre.locator('[data-tier="local"]')).to_have_attribute("data-state", "ready")
    centre.locator('[data-policy="balanced"]').click()
    expect(centre.locator('[data-policy="balanced"]')).to_have_attribute("aria-pressed", "true")
    centre.locator('[data-policy="private"]').click()


@pytest.mark.usefixtures("night_drive")
def test_a_driver_gets_short_lines_and_what_takes_reading_is_closed(centre: Page) -> None:
    say(centre, "hello")
    say(centre, "headlights off")
    expect(centre.locator("[data-exchange]")).to_have_count(1)
    expect(field(last(centre), "reply")).to_have_text("The headlights stay on while you drive in the dark.")
    expect(last(centre).locator('[data-done="refused"]')).to_contain_text("Not allowed")
    expect(control(centre, "undo")).to_have_count(0)
    expect(control(centre, "why")).to_have_count(0)
    say(centre, "make a scene")
    expect(control(centre, "scene_name")).to_be_disabled()
    expect(control(centre, "discard")).to_be_enabled()
    control(centre, "say").fill("word " * 50)
    control(centre, "say").press("Enter")
    expect(field(last(centre), "reply")).to_have_text(re.compile("^The driver said.{60,110}…$"))
    for view in ("privacy", "scenes", "thinking"):
        control(centre, view).click()
        expect(field(centre, "closed")).to_have_text(re.compile("opens when the car (stands|is parked)"))
        expect(centre.locator(".list")).to_have_count(0)


@pytest.mark.usefixtures("night_drive")
def test_in_a_real_car_that_moves_passengers_type_and_the_driver_does_not(page: Page, stack: Stack) -> None:
    def without_desk(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def hear(message: str | bytes) -> None:
            heard: dict[str, Any] = json.loads(message)
            if heard["op"] == "hello":
                heard["pages"].pop("desk")
            socket.send(json.dumps(heard))

        server.on_message(hear)

    page.route_web_socket(re.compile("/ws"), without_desk)
    opened(page, stack.centre_url)
    expect(control(page, "say")).to_have_attribute("readonly", "")
    expect(field(page, "closed")).to_contain_text("the keyboard is closed")
    control(page, "seat").click()
    page.locator('[data-seat="passenger"]').click()
    say(page, "hello")
    expect(field(last(page), "reply")).to_have_text("The passenger said: hello")
    say(page, "close it")
    control(page, "seat").click()
    page.locator('[data-seat="driver"]').click()
    expect(control(page, "say")).to_have_attribute("readonly", "")
    page.locator("[data-choice]").first.click()  # a touch is no typing
    expect(field(last(page), "reply")).to_have_text("The driver said: The left window")


def test_the_keyboard_alone_is_enough(centre: Page) -> None:
    say(centre, "dome light off")
    centre.keyboard.type("dome light on")
    centre.keyboard.press("Enter")
    expect(control(centre, "undo")).to_be_enabled()
    while centre.evaluate("document.activeElement.dataset.control") != "undo":
        centre.keyboard.press("Tab")  # the panel stands behind the field, the dock and the page
        assert centre.evaluate("document.activeElement !== document.body")
    centre.keyboard.press("Enter")
    expect(field(last(centre), "reply")).to_have_text("I put it back.")
    expect(centre.locator(".view")).to_be_focused()  # the button is gone, its place is not
    centre.keyboard.press("Escape")
    expect(centre.locator(".panel.assistant")).to_have_count(0)


@pytest.mark.parametrize("size", list(SIZES))
def test_it_fits_every_screen(page: Page, stack: Stack, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    opened(page, stack.centre_url)
    say(page, "make a scene")
    for view in ("talk", "scenes", "privacy", "thinking"):
        if view != "talk":
            control(page, view).click()
        wide = "(e) => e.scrollWidth > e.clientWidth"
        assert not page.locator("#centre").evaluate(wide), view
        assert not page.locator(".view > *").evaluate(wide), view
        expect(control(page, "say")).to_be_in_viewport(ratio=1)
        expect(control(page, "send")).to_be_in_viewport(ratio=1)
        assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("theme", ["day", "night"])
def test_it_can_be_read_by_day_and_by_night(page: Page, stack: Stack, theme: str, pictures: Path) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    opened(page, stack.centre_url, theme)
    for text in ("dome light off", "dome light on", "close it", "make a scene", "suggest something"):
        say(page, text)
        if text == "dome light on":
            control(last(page), "why").click()
    for view in ("talk", "scenes", "privacy", "thinking"):
        if view != "talk":
            control(page, view).click()
        page.mouse.move(5, 5)
        page.wait_for_timeout(300)  # colours fade from one state to another
        assert page.evaluate(TOO_FAINT, ".panel.assistant") == []
        page.screenshot(path=pictures / f"assistant-{view}-{theme}.png")
    assert page.evaluate(TOO_FAINT, ".status") == []
    control(page, "thinking").click()
    control(page, "not_now").click()
