"""The profiles page, used as people in the car would."""

import pytest
from playwright.sync_api import Page, expect

from alpenglow.assistant import api as assistant
from alpenglow.cockpit import api
from tests.cockpit.riding import Rider

ID = "Vehicle.Alpenglow.Cockpit.Profile.Id"


@pytest.fixture(scope="module")
def rider(rider: Rider) -> Rider:
    rider.call(assistant.ask, text="Hello.")  # what it knows of people goes with them: it has to be there
    return rider


@pytest.fixture
def centre(page: Page, rider: Rider) -> Page:
    """The page on the car's own screen, in a car where nobody but the owner is known."""
    rider.ready()
    if rider.call(api.profiles).kind == "VALET":
        rider.call(api.end_valet, pin="9753")
    if rider.value(ID) != "owner":
        rider.call(api.switch_profile, profile="owner")
    for person in rider.call(api.profiles).profiles:
        if person.id != "owner":
            rider.call(api.delete_profile, profile=person.id, pin="2468" if person.has_pin else "")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{rider.stack.centre_url}#profiles")
    expect(page.locator("[data-field=people]")).to_be_visible()
    return page


def press(page: Page, *controls: str) -> None:
    for control in controls:
        page.locator(f"[data-control={control}]").click()


def pin(page: Page, digits: str) -> None:
    press(page, *(f"digit-{digit}" for digit in digits), "enter")


def test_a_new_person_is_one_touch_from_having_the_car(centre: Page, rider: Rider) -> None:
    press(centre, "new")
    centre.locator("[data-control=name]").fill("Kim Larsen")
    press(centre, "keep-name")
    card = centre.locator("[data-control=person]", has_text="Kim Larsen")
    expect(card.locator(".face")).to_have_text("KL")
    card.click()
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(centre.locator("[data-field=mine]")).to_have_text("Kim Larsen")
    assert rider.value(ID) != "owner"
    press(centre, "delete", "delete-now")
    expect(card).to_have_count(0)
    rider.until(lambda: rider.value(ID) == "owner")


def test_a_pin_is_asked_for_and_a_wrong_one_counted(centre: Page, rider: Rider) -> None:
    kim = rider.call(api.create_profile, name="Kim", pin="2468")
    card = centre.locator(f"[data-profile={kim.id}]")
    card.click()
    pin(centre, "1111")
    expect(centre.locator("[data-field=pin-problem]")).to_contain_text("3")
    assert rider.value(ID) == "owner"
    centre.locator(".pad [data-control=digit-1]").focus()
    centre.keyboard.type("2468")
    centre.keyboard.press("Enter")
    expect(card).to_have_attribute("aria-pressed", "true")
    assert rider.value(ID) == kim.id


def test_a_name_is_text_whatever_it_says(centre: Page, rider: Rider) -> None:
    name = "<img src=x onerror=alert(1)>"
    rider.call(api.create_profile, name=name)
    expect(centre.locator("[data-control=person] .name", has_text=name)).to_be_visible()
    assert centre.locator(".person img").count() == 0


def test_a_valet_sees_no_names_and_the_pin_ends_it(centre: Page, rider: Rider) -> None:
    rider.call(api.create_profile, name="Kim")
    press(centre, "valet", "limit-30", "start-valet")
    pin(centre, "9753")
    pin(centre, "9754")
    expect(centre.locator("[data-field=pin-problem]")).not_to_be_empty()
    pin(centre, "9753")
    pin(centre, "9753")
    expect(centre.locator("[data-field=valet]")).to_be_visible()
    rider.until(lambda: rider.value(ID) == "valet")
    expect(centre.locator("[data-field=limit]")).to_have_text("30 km/h")
    assert "Kim" not in centre.inner_text("body")
    press(centre, "end-valet")
    pin(centre, "9753")
    expect(centre.locator("[data-field=people]")).to_contain_text("Kim")
    expect(centre.locator("[data-field=last-valet]")).to_be_visible()


def test_while_driving_faces_can_be_touched_and_nothing_be_set_up(centre: Page, rider: Rider) -> None:
    kim = rider.call(api.create_profile, name="Kim", pin="2468")
    lee = rider.call(api.create_profile, name="Lee")
    rider.drive(10)
    expect(centre.locator(f"[data-profile={kim.id}]")).to_be_disabled()
    expect(centre.locator("[data-control=new]")).to_be_disabled()
    centre.locator(f"[data-profile={lee.id}]").click()
    rider.until(lambda: rider.value(ID) == lee.id)
    rider.park()
    expect(centre.locator("[data-control=new]")).to_be_enabled()
