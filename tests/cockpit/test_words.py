"""What the screens say is complete in every language, and says the same everywhere."""

import json
import re
import tomllib
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
WORDS = WEB / "words"
LANGUAGES = sorted(folder.name for folder in WORDS.iterdir())
PARTS = sorted(file.stem for file in (WORDS / "en").glob("*.json"))
INTERLOCKS = Path(__file__).parents[2] / "src/alpenglow/safety/interlocks.toml"

_ARGUMENT = re.compile(r"\{(\w+)\}")
# CLDR plural categories; a language has some of them.
_PLURALS = {"zero", "one", "two", "few", "many", "other"}


def words(language: str, part: str) -> dict[str, str]:
    """One file of words."""
    found: dict[str, str] = json.loads((WORDS / language / f"{part}.json").read_text(encoding="utf-8"))
    return found


def base(key: str) -> str:
    """The key without its plural form."""
    return key.partition("#")[0]


def test_four_languages_are_there_and_one_is_written_from_right_to_left() -> None:
    assert LANGUAGES == ["ar", "de", "en", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_files(language: str) -> None:
    assert sorted(file.stem for file in (WORDS / language).glob("*.json")) == PARTS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_said_in_every_language(language: str, part: str) -> None:
    said, english = words(language, part), words("en", part)
    plain = {key for key in said if "#" not in key}
    expected = {key for key in english if "#" not in key}
    assert plain == expected, f"{language}/{part}.json: missing {expected - plain}, too many {plain - expected}"
    assert {base(key) for key in said} == plain, "a plural form needs its plain key too"
    assert {key.partition("#")[2] for key in said if "#" in key} <= _PLURALS
    empty = [key for key, text in said.items() if not text.strip()]
    assert empty == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_sentences_take_the_same_arguments(language: str, part: str) -> None:
    english = words("en", part)
    differing = {
        key: text
        for key, text in words(language, part).items()
        if set(_ARGUMENT.findall(text)) - {"count"} != set(_ARGUMENT.findall(english[base(key)])) - {"count"}
    }
    assert differing == {}


@pytest.mark.parametrize("part", PARTS)
def test_chinese_is_in_chinese_and_arabic_in_arabic(part: str) -> None:
    """Words that are left in English by mistake: long ones, without a letter of the language's own script."""
    for language, script in (("zh", r"[\u4e00-\u9fff]"), ("ar", r"[\u0600-\u06ff]")):
        english = words("en", part)
        left = [
            key
            for key, text in words(language, part).items()
            if len(_ARGUMENT.sub("", text)) > 8 and text == english.get(base(key)) and not re.search(script, text)
        ]
        # The assistant does not understand Arabic: its examples are what it does understand.
        assert [key for key in left if not (language == "ar" and key.startswith("example_"))] == []


def test_every_refusal_of_the_door_is_said_in_every_language() -> None:
    rules = {rule["id"]: rule["says"] for rule in tomllib.loads(INTERLOCKS.read_text(encoding="utf-8"))["rule"]}
    assert words("en", "refusal") == rules
    for language in LANGUAGES:
        assert words(language, "refusal").keys() == rules.keys()


def test_the_type_check_knows_every_file() -> None:
    source = (WEB / "shared" / "words.ts").read_text(encoding="utf-8")
    assert sorted(re.findall(r'import type \w+ from "\.\./words/en/(\w+)\.json"', source)) == PARTS
