"""A language's file: what it says is known to the car, and a misspelt entry is an error that says where."""

from pathlib import Path

import pytest

from alpenglow.assistant.language.pack import PackError, load_packs, load_words, parse_effect
from tests.assistant.speaking import functions, packs


def written(folder: Path, text: str) -> Path:
    (folder / "xx.toml").write_text(f'language = "xx"\n{text}', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ('[acts]\nopne = ["open"]', "opne"),
        ('[places]\nbehind = ["behind"]', "behind"),
        ('[marks]\nnever = ["never"]', "never"),
        ('[does]\n"Vehicle.Body.Horn.IsActive blow" = ["toot"]', "blow"),
        ('[names]\n"Vehicle.Body.Horn" = ["..."]', "Vehicle.Body.Horn"),
        ('[nouns]\nx = ["y"]', "nouns"),
        ("[names", "xx.toml"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, tells: str) -> None:
    with pytest.raises(PackError, match=tells):
        load_packs(functions(), written(tmp_path, text))


def test_a_part_that_this_car_lacks_is_known_as_lacking(tmp_path: Path) -> None:
    folder = written(tmp_path, '[names]\n"Vehicle.Cabin.Fridge" = ["fridge"]')
    assert load_packs(functions(), folder)["xx"].skipped == ["Vehicle.Cabin.Fridge"]


def test_files_of_one_language_are_one(tmp_path: Path) -> None:
    first, second = tmp_path / "xx.toml", tmp_path / "xx.more.toml"
    first.write_text('language = "xx"\n[acts]\non = ["on"]', encoding="utf-8")
    second.write_text('language = "xx"\n[acts]\noff = ["off"]', encoding="utf-8")
    assert load_words(first, second).acts == {"on": ["on"], "off": ["off"]}


def test_an_effect_is_a_setting_with_an_act_or_a_value() -> None:
    assert parse_effect("Vehicle.X on").act == "on"
    assert parse_effect("Vehicle.X =12").value == 12
    assert parse_effect("Vehicle.X =true").value is True
    assert parse_effect("Vehicle.X =SPORT").key == "Vehicle.X =SPORT"


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_every_language_has_every_reply_of_the_first(language: str) -> None:
    assert set(packs()["en"].words.replies) <= set(packs()[language].words.replies)
