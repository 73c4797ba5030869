"""A handbook on disk: the car's own is whole, and a brand's bad file is told in one line."""

from pathlib import Path

import pytest

from alpenglow.assistant.handbook import Handbook, HandbookError
from alpenglow.assistant.handbook.passages import read
from alpenglow.assistant.handbook.retrieval import OWN
from alpenglow.assistant.handbook.words import sentences
from alpenglow.safety.telltales import TELLTALES

GOOD = "# Climate\n\n## Misted windows {#misted-windows}\nSwitch on the defroster.\nOpen a window.\nIndex: fog, steam\n"


def write(folder: Path, text: str, name: str = "climate.md", language: str = "en") -> Path:
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / name).write_text(text, "utf-8")
    return folder


def test_every_language_has_the_same_passages() -> None:
    ids = {lang: [p.id for p in read(OWN) if p.language == lang] for lang in ("en", "de", "zh")}
    assert len(ids["en"]) > 100
    assert ids["en"] == ids["de"] == ids["zh"]


def test_every_passage_can_be_found_by_other_words_and_is_short_enough_to_be_heard() -> None:
    for p in read(OWN):
        assert p.index, f"{p.language} {p.id} has no index words"
        assert len(p.text) <= 700, f"{p.language} {p.id} is too long"
        assert len(sentences(p.text)) <= 7, f"{p.language} {p.id} has too many sentences"


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_every_warning_lamp_of_the_cluster_has_its_passage(language: str) -> None:
    passages = {
        "Brake": "brake",
        "EVSystem": "ev-system",
        "MotorTemperature": "motor-temperature",
        "BatteryTemperature": "battery-temperature",
        "DoorOpen": "door-open",
        "ParkingBrake": "parking-brake",
        "Belt": "belt",
        "Airbag": "airbag",
        "ABS": "abs",
        "ESC": "esc",
        "ESCOff": "esc-off",
        "TyrePressure": "tyre-pressure",
        "Battery12V": "battery-12v",
        "LowCharge": "low-charge",
        "PowerLimited": "power-limited",
        "ChargeCable": "cable",
    }
    reported = {"TurnLeft", "TurnRight", "Hazard", "PositionLights", "DippedBeam", "MainBeam", "FrontFog", "RearFog"}
    lamps = {t.name for t in TELLTALES} - {""}
    assert lamps == set(passages) | reported | {"Ready"}
    book = Handbook.load()
    assert all(book.passage(f"warnings.{p}", language) for p in [*passages.values(), "reporting"])


def test_a_brand_brings_its_own_handbook(tmp_path: Path) -> None:
    book = Handbook.load(write(tmp_path, GOOD))
    passage = book.passage("climate.misted-windows", "en")
    assert passage is not None
    assert passage.text == "Switch on the defroster. Open a window."
    assert passage.index == "fog, steam"
    assert passage.source == "handbook"
    assert book.languages == ["en"]


def test_a_language_that_the_brand_lacks_gets_english(tmp_path: Path) -> None:
    book = Handbook.load(write(tmp_path, GOOD))
    assert book.search("defroster", "de")[0].passage.language == "en"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no sections"),
        ("## Misted windows {#misted}\nText\n", "1: a chapter begins with its title"),
        ("# Climate\n", "no sections"),
        ("# Climate\n\nText\n", "3: text before the first section"),
        ("# Climate\n## Misted windows\nText\n", "2: a section's heading is"),
        ("# Climate\n## Misted windows {#Misted Windows}\nText\n", "2: a section's heading is"),
        ("# Climate\n### Deep {#deep}\nText\n", "2: a section's heading is"),
        ("# Climate\n## Misted windows {#misted}\nIndex: fog\n", "2: nothing stands under this heading"),
        ("# Climate\n## A {#a}\nText\n## B {#a}\nText\n", "4: {#a} is used twice"),
        ("# Climate\n## A {#a}\nText\x1b[31m red\n", "3: control character U+001B"),
        ("# Climate\n## A {#a}\nText \u202e reversed\n", "3: control character U+202E"),
        ("# Climate\n## A {#a}\n" + "x" * 200_001, "longer than 200000 bytes"),
    ],
)
def test_a_bad_chapter_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(HandbookError) as error:
        Handbook.load(write(tmp_path, text))
    assert "climate.md" in str(error.value)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_chapter_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (write(tmp_path, GOOD) / "en" / "tyres.md").write_bytes(b"# Reifen\n## A {#a}\nF\xfcllen\n")
    with pytest.raises(HandbookError, match=r"tyres\.md: not UTF-8 at byte"):
        Handbook.load(tmp_path)


def test_a_chapter_with_a_name_that_cannot_be_an_id_is_told(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="the name of a chapter"):
        Handbook.load(write(tmp_path, GOOD, name="My Climate.md"))


@pytest.mark.parametrize("make", [False, True])
def test_a_folder_without_a_handbook_is_told(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "nobody"
    if make:
        folder.mkdir()
    with pytest.raises(HandbookError, match="nobody"):
        Handbook.load(folder)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It needs 7.2 kW. Then stop.", 2),
        ("Rechnen Sie z. B. mit ca. 10 Minuten. Dann los.", 2),
        ("先踩制动踏板。再按电源键！好了吗？", 3),
        ("One sentence", 1),
        ('Say "stop." Then wait.', 1),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, count: int) -> None:
    assert len(sentences(text)) == count
