"""Redaction: what is private does not leave, in any of the ways in which people write or say it, and comes back."""

import re

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alpenglow.assistant.cloud.redaction import Redactor, counted, redact_messages

CONTACTS = ["Kim Müller", "José", "王小明", "Will Smith", "Mary-Ann O'Neil"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # numbers that one can call
        ("call 0176 1234567 now", "call ⟨phone 1⟩ now"),
        ("ring +49 (89) 555-1234", "ring ⟨phone 1⟩"),
        ("dial (555) 123-4567", "dial ⟨phone 1⟩"),
        ("089/1234567 anrufen", "⟨phone 1⟩ anrufen"),
        ("给13800138000打电话", "给⟨phone 1⟩打电话"),
        ("拨打138 0013 8000", "拨打⟨phone 1⟩"),
        ("１３８００１３８０００", "⟨phone 1⟩"),
        ("1​38001​38000", "⟨phone 1⟩"),
        ("call 12345", "call ⟨number 1⟩"),
        ("Nummer 4711 22", "Nummer ⟨number 1⟩"),
        ("five five five, one two three four", "⟨number 1⟩"),
        ("null eins sieben sechs - eins zwei drei", "⟨number 1⟩"),
        ("我的号码是幺三八零零一二三四五六", "我的号码是⟨number 1⟩"),
        # mail, money, cars
        ("write to kim.lee+car@mail.example.co.uk.", "write to ⟨email 1⟩."),
        ("kim dot lee at example dot com", "⟨email 1⟩"),
        ("kim ät beispiel punkt de", "⟨email 1⟩"),
        ("DE89 3704 0044 0532 0130 00", "⟨iban 1⟩"),
        ("pay from gb82west12345698765432 please", "pay from ⟨iban 1⟩ please"),
        ("card 4111-1111-1111-1111", "card ⟨card 1⟩"),
        ("the VIN is wvwzzz1jzxw000001", "the VIN is ⟨vin 1⟩"),
        ("M-AB 1234", "⟨plate 1⟩"),
        ("das Kennzeichen lautet b xy 77", "das Kennzeichen lautet ⟨plate 1⟩"),
        ("my licence plate is 7ABC123", "my licence plate is ⟨plate 1⟩"),
        ("AB12 CDE", "⟨plate 1⟩"),
        ("车牌是沪A·D12345", "车牌是⟨plate 1⟩"),
        ("京A12345在前面", "⟨plate 1⟩在前面"),
        # places
        ("go to 48.137154, 11.575490", "go to ⟨coordinates 1⟩"),
        ("48,13715; 11,57549", "⟨coordinates 1⟩"),
        ("at 48°8'14\"N 11°34'31\"E", "at ⟨coordinates 1⟩"),
        ('{"Vehicle.CurrentLocation.Latitude": 48.13}', '{"Vehicle.CurrentLocation.Latitude": ⟨coordinates 1⟩}'),
        ("纬度 31.2304", "纬度 ⟨coordinates 1⟩"),
        ("navigate to 12 Main Street", "navigate to ⟨address 1⟩"),
        ("10 Downing St", "⟨address 1⟩"),
        ("fahr zur Berliner Straße 5a", "fahr zur ⟨address 1⟩"),
        ("Leopoldstr. 12, 80331 München", "⟨address 1⟩"),
        ("Unter den Linden 77", "⟨address 1⟩"),
        ("导航到北京路12号", "导航到⟨address 1⟩"),
        ("去长安大街一百号3单元", "去⟨address 1⟩"),
        # people
        ("tell Kim Müller", "tell ⟨name 1⟩"),
        ("is kim's seat warm", "is ⟨name 1⟩'s seat warm"),
        ("Kims Sitz wärmen", "⟨name 1⟩s Sitz wärmen"),
        ("MUELLER anrufen", "⟨name 1⟩ anrufen"),
        ("tell jose", "tell ⟨name 1⟩"),
        ("给王小明发消息", "给⟨name 1⟩发消息"),
        ("Will you ask mr smith", "⟨name 1⟩ you ask mr ⟨name 2⟩"),
    ],
)
def test_what_is_private_is_found(text, left):
    redactor = Redactor(names=CONTACTS)
    assert redactor.redact(text) == left
    assert redactor.leak(left) is None


@pytest.mark.parametrize(
    "text",
    [
        "set it to 21.5 degrees and the fan to 3",
        "at 10:30 on 2026-11-22, and at 2026-11-22T10:30:00Z",
        "am 22.11.2026 um 8 Uhr",
        "120 km/h, 250 kPa, 80 %, 12345 km, 12345.67 km",
        "kimono, josefine, willing",
        "will you open the window a bit, will you",
        "3 km down the road, 20 percent",
        "Parkplatz 3, Umweg 5 km",
        "wi-fi 50 und USB-C 10",
        "把温度调到二十二度",
        "one two three go",
        "level 1, 2, 3, 4, 5, 6, 7, 8",
        "",
    ],
)
def test_what_people_say_to_a_car_stays_as_it_is(text):
    assert Redactor(names=CONTACTS).redact(text) == text


def test_a_long_fraction_is_cut_so_that_it_names_no_door():
    assert Redactor().redact("x is 48.1371548 and y 0.30000000000000004") == "x is 48.13 and y 0.30"


def test_what_the_car_knows_to_be_private_need_not_look_so():
    redactor = Redactor(known={"place": ["Grandma's house"], "plate": ["KIM 1"]})
    assert redactor.redact("from grandma's house with KIM 1") == "from ⟨place 1⟩ with ⟨plate 1⟩"
    with pytest.raises(ValueError, match="there are"):
        Redactor(known={"shoe size": ["43"]})


def test_a_placeholder_keeps_its_meaning_through_a_conversation():
    redactor = Redactor(names=CONTACTS)
    assert redactor.redact("Kim: 0176 1234567") == "⟨name 1⟩: ⟨phone 1⟩"
    assert redactor.redact("José: 0176 7654321, Kim: 0176 1234567") == "⟨name 2⟩: ⟨phone 2⟩, ⟨name 1⟩: ⟨phone 1⟩"


def test_what_was_found_once_is_private_where_nothing_shows_it():
    messages = [{"role": "user", "content": "is 12345 right?"}, {"role": "user", "content": "then call 12345"}]
    first, second = redact_messages(Redactor(), messages)
    assert first["content"] == "is ⟨number 1⟩ right?"
    assert second["content"] == "then call ⟨number 1⟩"


def test_nobody_can_smuggle_in_a_placeholder():
    redactor = Redactor()
    redactor.redact("call 0176 1234567")
    assert redactor.restore(redactor.redact("say ⟨phone 1⟩")) == "say ‹phone 1›"


@pytest.mark.parametrize(
    "answered", ["⟨phone 1⟩", "⟨Phone 1⟩", "<phone 1>", "[phone_1]", "〈phone1〉", "《 phone 1 》"]
)
def test_an_answer_may_have_other_brackets(answered):
    redactor = Redactor()
    redactor.redact("call 0176 1234567")
    assert redactor.restore(f"Calling {answered}.") == "Calling 0176 1234567."


def test_a_placeholder_that_nobody_gave_out_stays():
    assert Redactor().restore("⟨phone 7⟩ <b> [name 1]") == "⟨phone 7⟩ <b> [name 1]"


def test_kinds_are_counted_once_for_each_thing():
    assert counted("⟨phone 1⟩ ⟨phone 2⟩ ⟨phone 1⟩ ⟨name 1⟩ phone 3") == {"name": 1, "phone": 2}


def test_a_leak_is_told_by_its_kind():
    redactor = Redactor()
    redactor.redact("kim@example.com")
    assert redactor.leak('{"x": "KIM@example.com"}') == "email"
    assert redactor.leak('{"x": "⟨email 1⟩"}') is None


digits = st.text("0123456789", min_size=6, max_size=12)
separators = st.sampled_from(["", " ", "-", "/", ".", " - "])


@st.composite
def phones(draw):
    number = draw(st.sampled_from(["+49", "0", "+86", "(0)", "139"])) + draw(digits)
    size = draw(st.integers(2, 5))
    return draw(separators).join(number[at : at + size] for at in range(0, len(number), size))


mails = st.from_regex(r"[a-z][a-z0-9._]{0,10}[a-z0-9]@[a-z][a-z0-9-]{0,8}[a-z0-9]\.(com|de|cn)", fullmatch=True)
plates = st.from_regex(r"[A-Z]{1,3}-[A-Z]{1,2} [1-9][0-9]{1,3}", fullmatch=True)
names = st.sampled_from(["Kim Müller", "José", "王小明", "kim", "Müller"])
streets = st.from_regex(r"[A-Z][a-z]{3,9}(straße|weg|allee) [1-9][0-9]{0,2}", fullmatch=True).filter(
    lambda street: not re.search(r"(?i)platz|(vor|hin|rück|um)weg|unterweg", street)
)
coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(lambda pair: f"{pair[0]:.5f}, {pair[1]:.5f}")
secrets = phones() | mails | plates | names | streets | coordinates
words = st.sampled_from(
    ["please call", "navigiere zu", "and then", "到", "is it", "um 8 Uhr", "— so", "(see", ":", "\n", '"']
) | st.text(st.characters(exclude_categories=["Nd", "C"]), max_size=12)


@given(st.lists(st.tuples(words, secrets), min_size=1, max_size=6))
@example([("call", "(0 - )0 - 00 - 00 - 0")])
def test_no_secret_is_in_the_bytes_that_leave_and_all_are_in_what_comes_back(parts):
    redactor = Redactor(names=CONTACTS)
    text = " ".join(f"{around} , {secret} ," for around, secret in parts)
    body = msgspec.json.encode(redact_messages(redactor, [{"role": "user", "content": text}])).decode()
    for _, secret in parts:
        assert not re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", body), (secret, body)
    assert redactor.leak(body) is None
    restored = redactor.restore(redactor.redact(text)).casefold()
    for _, secret in parts:
        assert secret.casefold() in restored


@given(st.text(max_size=200))
def test_any_text_can_be_redacted_and_a_second_time_changes_nothing_more(text):
    redactor = Redactor(names=CONTACTS)
    once = redactor.redact(text)
    assert redactor.redact(text) == once
    once.encode()


@given(st.text("⟨⟩<[phone name12 x", max_size=60), st.integers(1, 7))
@example("⟨phone 1⟩⟨name 1⟩ ⟨", 1)
def test_where_an_answer_is_cut_into_pieces_makes_no_difference(text, size):
    redactor = Redactor(names=CONTACTS)
    redactor.redact("Kim: 0176 1234567")
    restoring = redactor.restoring()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(map(restoring.feed, pieces)) + restoring.close() == redactor.restore(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 50_000,
        "a.b@" * 25_000,
        "a-" * 50_000,
        "12 a b c d " * 9_000,
        "straße 1 " * 11_000,
        "DE12 " * 20_000,
        "N 1.11 " * 14_000,
        "one " * 25_000,
        "路1号" * 30_000,
        "((" * 50_000,
        "call 12345 " * 9_000,
        "".join(f"call {number} " for number in range(10_000, 18_000)),
    ],
)
@pytest.mark.timeout(20)
def test_a_long_and_hostile_text_does_not_stop_the_car_thinking(text):
    messages = [{"role": "user", "content": text}]
    redact_messages(Redactor(names=CONTACTS), messages)
