"""German: sentences of each kind are read as people mean them."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.language.parsed import Parsed
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.wishes import Wish
from alpenglow.signals import load_catalogue

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.*.*.Temperature"
FAN = "Vehicle.Cabin.HVAC.Station.*.*.FanSpeed"
SEAT_HEATING = "Vehicle.Cabin.Seat.*.*.HeatingCooling"
WINDOW = "Vehicle.Cabin.Door.*.*.Window"
DOME = "Vehicle.Cabin.Light.IsDomeOn"


@cache
def car() -> tuple[Functions, Pack]:
    functions = Functions(load_catalogue())
    return functions, load_packs(functions)["de"]


def read(said: str) -> Parsed:
    functions, pack = car()
    return parse(hear(said), pack, functions)


def wish(said: str) -> Wish:
    parsed = read(said)
    assert parsed.kind == "command", (said, parsed)
    assert len(parsed.wishes) == 1, (said, parsed.wishes)
    return parsed.wishes[0]


def test_every_word_of_the_file_belongs_to_something_that_the_catalogue_knows() -> None:
    _, pack = car()
    assert pack.skipped == ["Vehicle.Cabin.Seat.*.*.IsOccupied"]  # a sensor that this catalogue does not have


@pytest.mark.parametrize(
    ("said", "pattern", "base"),
    [
        ("Mach das Innenlicht an.", DOME, "on"),
        ("Schalte das Innenlicht ein", DOME, "on"),
        ("Könntest du das Innenlicht ausmachen?", DOME, "off"),
        ("Du darfst das Innenlicht jetzt ausschalten", DOME, "off"),
        ("Öffne das Schiebedach", "Vehicle.Cabin.Sunroof", "open"),
        ("Schiebedach zu!", "Vehicle.Cabin.Sunroof", "close"),
        ("Lass mein Fenster runter", WINDOW, "down"),
        ("Verriegle die Türen", "Vehicle.Cabin.Door.*.*.IsLocked", "on"),
        ("Klapp die Außenspiegel ein", "Vehicle.Body.Mirrors.*.IsFolded", "on"),
        ("Die Musik ist mir zu laut", "Vehicle.Cabin.Infotainment.Media.Volume", "less"),
        ("Etwas wärmer bitte", TEMPERATURE, "more"),
        ("Mir ist kalt", TEMPERATURE, "more"),
    ],
)
def test_verbs_and_their_particles_say_what_shall_be_done(said: str, pattern: str, base: str) -> None:
    found = wish(said)
    assert found.function.pattern.startswith(pattern)
    assert found.act.base == base


@pytest.mark.parametrize(
    ("said", "value", "relative"),
    [
        ("Stell die Temperatur auf einundzwanzigeinhalb Grad", 21.5, False),
        ("Temperatur auf zweiundzwanzig Komma fünf", 22.5, False),
        ("Temperatur auf 20,5 Grad", 20.5, False),
        ("Anderthalb Grad kälter", 1.5, True),
        ("Temperatur um zwei Grad runter", 2.0, True),
    ],
)
def test_numbers_are_read_as_they_are_spoken(said: str, value: float, relative: bool) -> None:
    found = wish(said)
    assert found.function.pattern == TEMPERATURE
    assert found.amount is not None
    assert (found.amount.value, found.amount.relative) == (value, relative)


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ("Mein Fenster zu einem Drittel öffnen", 1 / 3),
        ("Mein Fenster drei Viertel auf", 0.75),
        ("Fahr meine Scheibe zwo Drittel runter", 2 / 3),
        ("Mein Fenster halb öffnen", 0.5),
    ],
)
def test_parts_of_a_whole_are_read_and_to_is_not_shut(said: str, share: float) -> None:
    found = wish(said)
    assert found.amount is not None
    assert found.amount.share
    assert found.amount.value == pytest.approx(share, abs=0.01)
    assert found.act.base in ("open", "down")


@given(st.integers(15, 30))
def test_each_temperature_is_the_same_in_words_and_in_digits(degrees: int) -> None:
    word = RbnfEngine.for_language("de").format_number(degrees).text.replace("\u00ad", "")
    spoken, written = wish(f"Temperatur auf {word} Grad"), wish(f"Temperatur auf {degrees} Grad")
    assert spoken.amount == written.amount
    assert spoken.amount is not None
    assert spoken.amount.value == degrees


@given(st.integers(101, 199))
def test_hundred_is_spoken_without_its_one(kmh: int) -> None:
    word = RbnfEngine.for_language("de").format_number(kmh).text.replace("\u00ad", "")
    found = wish(f"Tempomat auf {word.removeprefix('ein')}")
    assert found.amount is not None
    assert found.amount.value == kmh


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Beifahrersitzheizung an", {"passenger"}),
        ("Fahrersitzheizung an", {"driver"}),
        ("Sitzheizung hinten links an", {"rear", "left"}),
        ("Heiz den Sitz hinter mir", {"behind-me"}),
        ("Die Sitzheizung für meine Frau an", {"beside-me"}),
        ("Sitzheizung bei mir an", {"mine"}),
    ],
)
def test_places_are_found_in_words_of_their_own_and_in_compounds(said: str, codes: set[str]) -> None:
    found = wish(said)
    assert found.function.pattern == SEAT_HEATING
    assert found.where.codes == codes


def test_the_article_tells_one_window_from_all() -> None:
    assert wish("Mach die Fenster zu").where.plural
    assert not wish("Mach das Fenster zu").where.plural
    assert "both" in wish("Mach beide Fenster hinten zu").where.codes
    assert "all" in wish("Alle Fenster hoch").where.codes


def test_two_places_with_two_sides_are_two_wishes() -> None:
    parsed = read("Mach vorne links und hinten rechts das Fenster auf")
    assert [set(w.where.codes) for w in parsed.wishes] == [{"front", "left"}, {"rear", "right"}]


def test_several_things_at_once_keep_their_own_acts() -> None:
    parsed = read("Schalt das Fernlicht aus und das Innenlicht ein")
    assert [(w.function.pattern, w.act.base) for w in parsed.wishes] == [
        ("Vehicle.Body.Lights.Beam.High.IsOn", "off"),
        (DOME, "on"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Mach bloß nicht das Licht aus!",
        "Lass das Fenster zu.",
        "Das Fenster kannst du ruhig offen lassen.",
        "Das Innenlicht kann anbleiben.",
        "Ich möchte nicht, dass du das Dach öffnest.",
        "Die Heizung brauchst du nicht anzumachen.",
        "Im Lied heißt es: mach das Licht aus.",
        "Mein Kumpel fährt immer mit offenem Fenster.",
        "Gestern hab ich das Fenster aufgemacht.",
    ],
)
def test_what_is_denied_left_alone_or_told_is_no_command(said: str) -> None:
    assert read(said).kind == "nothing"


@given(
    st.sampled_from(
        ["das Innenlicht", "das Schiebedach", "die Klimaanlage", "das Fenster", "die Sitzheizung", "die Umluft"]
    ),
    st.sampled_from(["an", "aus", "auf", "zu"]),
    st.sampled_from(
        ["Mach {} nicht {}!", "Mach bloß nicht {} {}", "Bitte mach {} auf keinen Fall {}", "{} nicht {}machen"]
    ),
)
def test_no_setting_is_moved_by_a_sentence_that_forbids_it(thing: str, particle: str, sentence: str) -> None:
    assert read(sentence.format(thing, particle)).kind != "command"


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ("Wie weit komme ich noch?", "Vehicle.Powertrain.TractionBattery.Range"),
        ("Wie kalt ist es draußen?", "Vehicle.Exterior.AirTemperature"),
        ("Sag mir, wie kalt es draußen ist", "Vehicle.Exterior.AirTemperature"),
        ("Welcher Fahrmodus ist eingestellt?", "Vehicle.Powertrain.Transmission.PerformanceMode"),
        ("Läuft die Klimaanlage?", "Vehicle.Cabin.HVAC.IsAirConditioningActive"),
        ("Wie viel Luft ist im Reifen hinten links?", "Vehicle.Chassis.Axle.*.Wheel.*.Tire.Pressure"),
    ],
)
def test_questions_are_about_the_signal_that_knows(said: str, pattern: str) -> None:
    parsed = read(said)
    assert parsed.kind == "question"
    assert parsed.question is not None
    assert parsed.question.function.pattern == pattern


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß ,.!?-'0123456789", max_size=80))
def test_no_text_makes_the_reader_stumble(said: str) -> None:
    assert read(said).sure >= 0.0


def test_words_that_are_only_joined_by_chance_stay_whole() -> None:
    _, pack = car()
    for word in ("Sitzung", "Fensterbank", "Lichtjahr", "Radiosender"):
        assert [t.text for t in pack.split_compounds(hear(word).tokens)] == [word.casefold()]
    assert [t.text for t in pack.split_compounds(hear("auszuschalten").tokens)] == ["aus", "schalten"]
