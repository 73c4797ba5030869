"""A page is right before its scripts run: language, direction, theme, words, icons."""

import re

from hypothesis import given
from hypothesis import strategies as st

from alpenglow.fabric.brand.look import BrandIcon, IconPath
from alpenglow.fabric.first_paint import Read, drawn, dressed, language_in, worded
from alpenglow.signals import Quality, Reading, Value

SPEAKS = '<!doctype html><html lang="en" dir="ltr" data-theme="night">'
ENGLISH = '<!doctype html><html lang="en" data-theme="night">'


def car(
    language: Value | None = None, theme: Value | None = None, light: Value | None = None, beam: Value | None = None
) -> Read:
    says = {"CurrentLanguage": language, "Theme": theme, "LightIntensity": light, "IsOn": beam}

    def read(path: str) -> Reading:
        value = says[path.rsplit(".", 1)[1]]
        return Reading(value, Quality.UNAVAILABLE if value is None else Quality.VALID, 0.0, 0, value)

    return read


def test_the_language_has_its_direction() -> None:
    assert '<html lang="ar" dir="rtl"' in dressed(SPEAKS, car(language="ar"))
    assert '<html lang="de" dir="ltr"' in dressed(SPEAKS, car(language="de-CH"))
    assert '<html lang="en" dir="ltr"' in dressed(SPEAKS, car())


def test_a_page_in_english_alone_says_so_whatever_the_car_speaks() -> None:
    assert '<html lang="en" data' in dressed(ENGLISH, car(language="ar"))


def test_the_theme_is_chosen_by_people_first_then_by_the_light() -> None:
    assert 'data-theme="day"' in dressed(ENGLISH, car(theme="DAY", light=0))
    assert 'data-theme="night"' in dressed(ENGLISH, car(theme="NIGHT", light=100))
    assert 'data-theme="day"' in dressed(ENGLISH, car(theme="AUTO", light=80, beam=True))
    assert 'data-theme="day"' in dressed(ENGLISH, car(beam=False))
    assert 'data-theme="night"' in dressed(ENGLISH, car())
    assert 'data-theme="day"' in dressed(ENGLISH, car(theme="NIGHT"), forced_theme="day")


@given(language=st.text(), theme=st.text(), forced=st.text())
def test_nothing_that_the_car_or_the_address_says_becomes_markup(language: str, theme: str, forced: str) -> None:
    html = dressed(SPEAKS, car(language=language, theme=theme), forced)
    assert re.fullmatch(r'<!doctype html><html lang="[a-z]{2,3}" dir="(ltr|rtl)" data-theme="(day|night)">', html)


TAB = (
    '<a href="#home"><span class="icon" data-icon="home"><svg viewBox="0 0 24 24"><path d="M1 1"/></svg></span>'
    '<span data-word="common.home">Home</span></a>'
)


def test_words_are_put_where_the_page_has_places_for_them() -> None:
    assert '<span data-word="common.home">Start</span>' in worded(TAB, {"common.home": "Start", "common.car": "Auto"})
    assert worded(TAB, {}) == TAB


def test_a_brands_word_comes_instead_of_the_languages_own() -> None:
    assert ">Heim & Herd<" not in worded(TAB, {"common.home": "Heim & Herd"})
    twice = worded(worded(TAB, {"common.home": "Heim & Herd"}), {})
    assert twice == worded(TAB, {"common.home": "Heim & Herd"}) == TAB.replace(">Home<", ">Heim &amp; Herd<")


@given(word=st.text())
def test_no_word_becomes_markup(word: str) -> None:
    assert worded(TAB, {"common.home": word}).count("<") == TAB.count("<")


def test_a_brands_icon_is_drawn_and_the_others_stay() -> None:
    own = BrandIcon((0.0, 0.0, 48.0, 48.0), [IconPath("M2 2h4", even_odd=True, transform="scale(2)")])
    page = drawn(TAB + TAB.replace("home", "car"), {"home": own})
    assert 'viewBox="0 0 48 48"><path d="M2 2h4" fill-rule="evenodd" transform="scale(2)"/></svg>' in page
    assert page.count('<path d="M1 1"/>') == 1
    assert drawn(page, {"home": own}) == page


def test_the_language_is_read_from_the_page() -> None:
    assert language_in(dressed(SPEAKS, car(language="zh-Hans"))) == "zh"
    assert language_in("<p>no page</p>") == "en"
