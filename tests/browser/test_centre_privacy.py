"""The privacy page, used as people in the car would."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from tests.cockpit.riding import Rider


@pytest.fixture(scope="module")
def rider(rider: Rider) -> Rider:
    rider.call(assistant.ask, text="Hello.")  # what it keeps of people is listed: it has to be there
    return rider


@pytest.fixture
def centre(page: Page, rider: Rider) -> Page:
    """The page on the car's own screen."""
    if rider.call(api.profiles).kind == "GUEST":
        rider.call(api.switch_profile, profile="owner")
    rider.call(api.set_region, region="gdpr")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{rider.stack.centre_url}#privacy")
    expect(page.locator("[data-field=kept]")).to_be_visible()
    return page


def test_consent_is_a_switch_and_stricter_rules_ask_by_itself(centre: Page, rider: Rider) -> None:
    switch = centre.locator("[data-control=consent]")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    centre.locator("[data-control=region-pipl]").click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(centre.locator("[data-field=demands]")).to_contain_text("PIPL Art. 28, 29")
    switch.click()
    assert not rider.call(api.privacy).consents[0].granted
    centre.locator("[data-control=agree]").click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert rider.call(api.privacy).consents[0].granted


def test_what_is_kept_can_be_taken_along_and_erased(centre: Page, rider: Rider, tmp_path: Path) -> None:
    rider.call(assistant.ask, text="Remember that the sunglasses are in the blue box.")
    expect(centre.locator("[data-field=recipients]")).to_contain_text("Nobody")
    with centre.expect_download() as coming:
        centre.locator("[data-control=export]").click()
    coming.value.save_as(tmp_path / "mine.json")
    assert "blue box" in (tmp_path / "mine.json").read_text()
    assert json.loads((tmp_path / "mine.json").read_text())["profile"] == "owner"
    centre.locator("[data-control=erase]").click()
    centre.locator("[data-control=erase-not]").click()
    assert rider.call(assistant.memories)
    centre.locator("[data-control=erase]").click()
    centre.locator("[data-control=erase-now]").click()
    rider.until(lambda: rider.call(assistant.memories) == [])
    expect(centre.locator("[data-kind=fact]")).to_have_count(0)


def test_a_guest_sees_nothing_of_it(centre: Page, rider: Rider) -> None:
    rider.call(api.switch_profile, profile="guest")
    expect(centre.locator("[data-field=kept]")).to_have_count(0)
