"""Words first, meaning where they are not sure: and neither makes a wish of what is none."""

from collections.abc import Sequence

import pytest

from alpenglow.assistant.language.pack import parse_effect
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.meaning import ASK, TALK, Meant
from alpenglow.assistant.understanding import Understanding, Understood
from tests.assistant.speaking import functions, packs

HOOD = "Vehicle.Body.Hood.Position open"
LIGHT = "Vehicle.Cabin.Light.IsDomeOn on"
WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling heat"


class Comparing:
    """Stands for the comparison with sentences, whose own tests are in test_meaning: it answers what it is given."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores

    def meant(self, said: str, named: Sequence[str] = (), most: int = 8, *_: object, **__: object) -> list[Meant]:
        keys = {"hood": HOOD, "light": LIGHT, "wheel": WHEEL, "talk": TALK, "ask": ASK}
        found = []
        for name, score in self._scores.items():
            key = keys[name]
            found.append(Meant(key, score, () if key in (TALK, ASK) else (parse_effect(key),)))
        return sorted(found, key=lambda m: -m.score)


def understood(said: str, **scores: float) -> Understood:
    meaning = Comparing(**scores)
    return Understanding(functions(), meaning).understand(hear(said), packs()["en"], ())  # type: ignore[arg-type]


def patterns(found: Understood) -> list[str]:
    return [w.function.pattern for w in found.parsed.wishes] if found.parsed.kind == "command" else []


def test_what_the_words_say_needs_no_comparison() -> None:
    found = understood("turn on the dome light", hood=0.9, talk=0.1)
    assert (found.tier, patterns(found)) == ("grammar", ["Vehicle.Cabin.Light.IsDomeOn"])


def test_what_the_words_do_not_say_is_what_comes_nearest() -> None:
    found = understood("brr my knuckles", wheel=0.8, talk=0.1)
    assert (found.tier, patterns(found)) == ("meaning", ["Vehicle.Chassis.SteeringWheel.HeatingCooling"])


@pytest.mark.parametrize("nearest", ["talk", "ask"])
def test_talk_and_what_says_too_little_move_nothing(nearest: str) -> None:
    found = understood("brr my knuckles", **{"talk": 0.2, nearest: 0.8, "wheel": 0.3})
    assert not found.parsed.wishes
    assert found.parsed.kind == {"talk": "nothing", "ask": "unclear"}[nearest]


def test_what_the_car_can_only_tell_is_not_answered_with_the_nearest_thing() -> None:
    found = understood("Top up the washer fluid for me", hood=0.9, talk=0.1)
    assert patterns(found) == []


def test_a_setting_that_is_only_named_to_be_changed_is_asked_about() -> None:
    found = understood("Change the drive mode", hood=0.9, talk=0.1)
    assert patterns(found) == ["Vehicle.Powertrain.Transmission.PerformanceMode"]
    assert found.parsed.vague


def test_the_words_turn_what_comes_nearest() -> None:
    found = understood("kill that glimmering thing overhead", light=0.8, talk=0.1)
    assert [w.act.base for w in found.parsed.wishes] == ["off"]
