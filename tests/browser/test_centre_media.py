"""The media page and the card on the home page, as people use them: choose, play, skip, search, mark; nothing leaks."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cockpit.media.conftest import SCRIPT, music
from tests.running import Stack

pytestmark = pytest.mark.browser

MEDIA = "Vehicle.Cabin.Infotainment.Media"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A car with music and without sound."""
    folder = tmp_path_factory.mktemp("media")
    with Stack(folder, "--option", f"media={music(folder / 'music')}", "--option", "sound=none") as stack:
        yield stack


@pytest.fixture
def media(page: Page, stack: Any) -> Page:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{stack.centre_url}#media")
    expect(page.locator(".tile").first).to_be_visible(timeout=20_000)
    return page


def control(page: Page, name: str) -> Any:
    return page.locator(f'[data-control="{name}"]')


def field(page: Page, name: str) -> Any:
    return page.locator(f'[data-field="{name}"]')


def play_album(page: Page, title: str) -> None:
    control(page, "tab-albums").click()
    page.locator(".tile", has_text=title).click()
    control(page, "play-all").click()


def test_an_album_is_chosen_played_held_and_skipped(media: Page) -> None:
    play_album(media, "Album 1")
    expect(field(media, "title")).to_have_text("Song 1 of 1")
    expect(field(media, "artist")).to_have_text("Band 1 · Album 1")
    expect(control(media, "play")).to_have_attribute("aria-label", "Pause")
    expect(field(media, "position")).to_have_text("0:02", timeout=15_000)
    control(media, "play").click()
    expect(control(media, "play")).to_have_attribute("aria-label", "Play")
    control(media, "next").click()
    expect(field(media, "title")).to_have_text("Song 2 of 1")
    expect(field(media, "duration")).to_have_text("0:20")
    control(media, "previous").click()
    expect(field(media, "title")).to_have_text("Song 1 of 1")


def test_the_cover_is_the_one_of_what_plays(media: Page) -> None:
    play_album(media, "Album 2")
    expect(field(media, "title")).to_have_text("Song 1 of 2")
    image = media.locator(".playing img.cover")
    expect(image).to_have_attribute("src", re.compile(r"^cover/[0-9a-f]{24}$"))
    media.wait_for_function("document.querySelector('.playing img.cover')?.naturalWidth === 64")


def test_a_track_is_put_next_moved_and_taken_out(media: Page) -> None:
    play_album(media, "Album 0")
    expect(field(media, "title")).to_have_text("Song 1 of 0")
    media.locator(".row", has_text="Song 4 of 0").locator('[data-control="add"]').click()
    expect(field(media, "message")).to_contain_text("Song 4 of 0")
    control(media, "tab-queue").click()
    titles = media.locator(".rows .title")
    expect(titles).to_have_text([f"Song {n} of 0" for n in (1, 4, 2, 3, 4)])
    media.locator(".row").nth(3).locator('[data-control="soon"]').click()
    expect(titles).to_have_text([f"Song {n} of 0" for n in (1, 3, 4, 2, 4)])
    media.locator(".row").nth(1).locator('[data-control="remove"]').click()
    expect(titles).to_have_text([f"Song {n} of 0" for n in (1, 4, 2, 4)])
    media.locator(".row").nth(2).locator('[data-control="track"]').click()
    expect(field(media, "title")).to_have_text("Song 2 of 0")
    control(media, "clear").click()
    expect(titles).to_have_text(["Song 2 of 0"])


def test_searching_finds_and_plays(media: Page) -> None:
    field(media, "search").fill("short t")
    expect(media.locator(".row .title")).to_have_text(["Short two"])
    media.locator(".row").locator('[data-control="track"]').click()
    expect(field(media, "title")).to_have_text("Short two")
    field(media, "search").fill("nothing like this")
    expect(field(media, "nothing_found")).to_contain_text("nothing like this")
    control(media, "clear-search").click()
    expect(media.locator(".tile").first).to_be_visible()


def test_a_favourite_is_kept_and_shown(media: Page) -> None:
    play_album(media, "Album 1")
    expect(field(media, "title")).to_have_text("Song 1 of 1")
    heart = control(media, "favourite")
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    control(media, "tab-favourites").click()
    expect(media.locator(".row .title")).to_have_text(["Song 1 of 1"])
    heart.click()
    expect(media.locator(".row")).to_have_count(0)


def test_shuffle_and_repeat_show_what_is_in_force(media: Page) -> None:
    play_album(media, "Album 0")
    for label in ("Repeat: all", "Repeat: this track", "Repeat: off"):
        control(media, "repeat").click()
        expect(control(media, "repeat")).to_have_attribute("aria-label", label)
    control(media, "shuffle").click()
    expect(control(media, "shuffle")).to_have_attribute("aria-pressed", "true")
    control(media, "shuffle").click()
    expect(control(media, "shuffle")).to_have_attribute("aria-pressed", "false")


def test_dragging_the_place_goes_there(media: Page) -> None:
    play_album(media, "Album 0")
    expect(field(media, "duration")).to_have_text("0:20")
    control(media, "play").click()
    expect(control(media, "play")).to_have_attribute("aria-label", "Play")
    control(media, "seek").fill("15")
    expect(field(media, "position")).to_have_text("0:15")


def test_the_volume_goes_through_the_door(media: Page) -> None:
    slider = media.locator(f'.playing [data-path="{MEDIA}.Volume"] input')
    slider.fill("64")
    expect(media.locator(f'.playing [data-path="{MEDIA}.Volume"] output')).to_have_text("64 %")


def test_tags_that_would_be_a_program_are_shown_as_text(media: Page) -> None:
    asked: list[str] = []
    media.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    field(media, "search").fill("onerror")
    row = media.locator(".row")
    expect(row.locator(".title")).to_have_text(SCRIPT)
    row.locator('[data-control="track"]').click()
    expect(field(media, "title")).to_have_text(SCRIPT)
    assert media.locator("img[src=x]").count() == 0
    control(media, "tab-queue").click()
    expect(media.locator(".row .title")).to_have_text([SCRIPT])
    media.goto(media.url.replace("#media", "#home"))
    expect(field(media, "card_title")).to_have_text(SCRIPT)
    assert asked == []


def test_the_card_on_the_home_page_plays_and_opens_the_page(media: Page) -> None:
    play_album(media, "Album 2")
    expect(field(media, "title")).to_have_text("Song 1 of 2")
    media.evaluate("location.hash = 'home'")
    expect(field(media, "card_title")).to_have_text("Song 1 of 2")
    expect(field(media, "card_artist")).to_have_text("Band 2")
    control(media, "next").click()
    expect(field(media, "card_title")).to_have_text("Song 2 of 2")
    control(media, "play").click()
    expect(control(media, "play")).to_have_attribute("aria-label", "Play")
    control(media, "media").click()
    expect(field(media, "title")).to_have_text("Song 2 of 2")


def test_all_can_be_done_by_keyboard(media: Page) -> None:
    control(media, "tab-albums").focus()
    media.keyboard.press("Enter")
    media.locator(".tile", has_text="Album 0").focus()
    media.keyboard.press("Enter")
    control(media, "play-all").focus()
    media.keyboard.press("Enter")
    expect(field(media, "title")).to_have_text("Song 1 of 0")


def test_what_cannot_be_played_is_listed_with_its_reason(media: Page) -> None:
    control(media, "tab-titles").click()
    control(media, "troubles").click()
    expect(media.locator(".trouble .title").first).to_have_text("broken.mp3")


@pytest.mark.parametrize(("width", "height", "query"), [(1200, 1920, ""), (1920, 720, "screen=passenger")])
def test_nothing_lies_over_another_on_other_screens(
    page: Page, stack: Any, width: int, height: int, query: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    url = stack.centre_url
    page.goto(f"{url}{'&' if '?' in url else '?'}{query}#media")
    expect(page.locator(".tile").first).to_be_visible(timeout=20_000)
    boxes = {
        name: page.locator(selector).bounding_box()
        for name, selector in {
            "cover": ".playing .cover", "about": ".playing .about", "seek": ".playing .seek",
            "transport": ".playing .transport", "library": ".library",
        }.items()
    }  # fmt: skip
    for one, first in boxes.items():
        assert first is not None, one
        assert first["x"] >= 0
        assert first["x"] + first["width"] <= width + 1, one
        for other, second in boxes.items():
            if one >= other or second is None:
                continue
            apart = (
                first["x"] + first["width"] <= second["x"] + 1
                or second["x"] + second["width"] <= first["x"] + 1
                or first["y"] + first["height"] <= second["y"] + 1
                or second["y"] + second["height"] <= first["y"] + 1
            )
            assert apart, f"{one} lies over {other}: {first} {second}"
