"""Which setting is meant: all words of a clause count, and a number finds the setting that takes one."""

import pytest

from tests.assistant.speaking import read


@pytest.mark.parametrize(
    ("said", "leaf"),
    [
        ("cruise control on", "CruiseControl.IsActive"),
        ("cruise control at 110", "CruiseControl.SpeedSet"),
        ("keep a gap of sixty metres to the car ahead", "CruiseControl.AdaptiveDistanceSet"),
        ("make the reading light dimmer", "Spotlight.*.*.Intensity"),
        ("reading light on", "Spotlight.*.*.IsLightOn"),
        ("ambient light blue", "AmbientLight.*.*.Color"),
        ("lower the door window", "Window.Position"),
        ("raise my seat", "Seat.*.*.Height"),
        ("slide my seat back", "Seat.*.*.Position"),
        ("heat my seat", "Seat.*.*.HeatingCooling"),
        ("nineteen degrees for my seat", "Station.*.*.Temperature"),
        ("clear the mist off the back window", "Windshield.*.IsHeatingOn"),
        ("charge the battery to 80 percent", "Charging.ChargeLimit"),
        ("make the screen darker", "HMI.Brightness"),
        ("night mode", "HMI.DayNightMode"),
        ("louder", "Media.Volume"),
        ("bigger letters", "HMI.FontSize"),
    ],
)
def test_the_setting_that_all_words_fit_is_chosen(said: str, leaf: str) -> None:
    (wish,) = read(said).wishes
    assert wish.function.pattern.endswith(leaf)


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("my window is too far down", "more"),
        ("the screen is too bright", "dimmer"),
        ("the music is too loud", "quieter"),
    ],
)
def test_too_much_of_something_asks_for_less_of_it(said: str, act: str) -> None:
    (wish,) = read(said).wishes
    assert wish.act.name == act


@pytest.mark.parametrize("said", ["the bonnet open please", "bonnet release", "unlatch the bonnet"])
def test_a_part_that_only_opens_is_opened(said: str) -> None:
    (wish,) = read(said).wishes
    assert (wish.function.item, wish.act.base) == ("Vehicle.Body.Hood", "open")
