"""What comes with the car fits its catalogue and has words in every language; what this car lacks is told."""

import json
from pathlib import Path

import pytest

from alpenglow.cockpit.scenes.presets import Parts, PresetError, called, lacking, load_presets
from alpenglow.fabric.room import line_catalogue
from alpenglow.signals import Catalogue
from tests.cockpit.scenes.car import CATALOGUE, DOME

ROOT = Path(__file__).parents[3]
LANGUAGES = ("en", "de", "zh", "ar")


@pytest.fixture(scope="module")
def aurora() -> Catalogue:
    return line_catalogue(ROOT / "src" / "alpenglow" / "lines" / "aurora")


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((ROOT / "web" / "words" / language / "scenes.json").read_text())
    return found


def test_every_preset_fits_the_simulated_car(aurora: Catalogue) -> None:
    presets = load_presets(aurora)
    assert list(presets) == ["nap", "pet", "car-wash", "camp", "school-run"]
    for preset in presets.values():
        assert lacking(preset.scene(), lambda path: path in aurora.index_of) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_offered_has_words(aurora: Catalogue, language: str) -> None:
    known = words(language)
    for preset in load_presets(aurora).values():
        name = preset.id.replace("-", "_")
        assert known[f"preset_{name}"] == preset.called[language]
        assert not preset.says or preset.says.removeprefix("scenes.") in known
        assert preset.needs is None or f"needs_{name}" in known
    parts = Parts(aurora).of(lambda _: True, "owner")
    for thing in parts.things:
        assert f"thing_{thing.name}" in known
        assert not thing.place or f"place_{thing.place}" in known
        assert all(f"choice_{choice}" in known for choice in thing.choices)
    assert all(f"trigger_{trigger.name}" in known for trigger in parts.triggers)


def test_only_what_this_car_has_is_offered_and_what_it_lacks_is_told(aurora: Catalogue) -> None:
    parts = Parts(aurora).of(lambda path: path == DOME, "")
    assert [thing.path for thing in parts.things] == [DOME]
    assert parts.triggers == ()
    nap = load_presets(aurora)["nap"]
    assert DOME not in lacking(nap.scene(), lambda path: path == DOME)
    assert len(lacking(nap.scene(), lambda path: path == DOME)) == len(nap.actions) - 1
    assert called(nap)[0] == "Nap"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ("value = 55 }", "preset nap: .*Recline"),
        ("called = { de", "preset nap: it has no English name"),
        ('op = "~"', "presets.toml: "),
    ],
)
def test_a_preset_that_is_wrong_is_named(changed: str, says: str) -> None:
    text = (ROOT / "src" / "alpenglow" / "cockpit" / "scenes" / "presets.toml").read_text()
    wrong = {
        "value = 55 }": text.replace("value = 55 }", 'value = "flat" }'),
        "called = { de": text.replace('en = "Nap", ', ""),
        'op = "~"': text.replace('op = "=="', 'op = "~"', 1),
    }[changed]
    assert wrong != text
    with pytest.raises(PresetError, match=says):
        load_presets(CATALOGUE, wrong)
