"""Chinese: sentences of each kind are read as people mean them, though nothing tells where a word ends."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from alpenglow.assistant.api import Seat
from alpenglow.assistant.functions import Functions, Spot
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.language.parsed import Parsed, Past
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.wishes import Wish, spots
from alpenglow.signals import load_catalogue

TEMPERATURE = "Vehicle.Cabin.HVAC.Station.*.*.Temperature"
FAN = "Vehicle.Cabin.HVAC.Station.*.*.FanSpeed"
AIR_CONDITIONING = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
SEAT_WARMTH = "Vehicle.Cabin.Seat.*.*.HeatingCooling"
WHEEL_WARMTH = "Vehicle.Chassis.SteeringWheel.HeatingCooling"
WINDOW = "Vehicle.Cabin.Door.*.*.Window"
VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume"
MEDIA = "Vehicle.Cabin.Infotainment.Media.Action"

LEFT, RIGHT = Spot(1, "left"), Spot(1, "right")
REAR_LEFT, REAR_RIGHT = Spot(2, "left"), Spot(2, "right")


@cache
def car() -> tuple[Functions, Pack]:
    functions = Functions(load_catalogue())
    return functions, load_packs(functions)["zh"]


def read(said: str, past: tuple[Past, ...] = ()) -> Parsed:
    functions, pack = car()
    return parse(hear(said), pack, functions, past)


def wishes(said: str) -> tuple[Wish, ...]:
    parsed = read(said)
    assert parsed.kind == "command", (said, parsed)
    return parsed.wishes


def wish(said: str) -> Wish:
    found = wishes(said)
    assert len(found) == 1, (said, found)
    return found[0]


def at(said: str, seat: Seat = "driver") -> set[Spot]:
    found = wish(said)
    return set(spots(found.function, found.where, seat))


def test_every_word_of_the_file_belongs_to_something_that_the_catalogue_knows() -> None:
    _, pack = car()
    assert pack.skipped == ["Vehicle.Cabin.Seat.*.*.IsOccupied"]  # a sensor that this catalogue does not have


@pytest.mark.parametrize(
    ("said", "pattern", "base"),
    [
        ("打开阅读灯", "Vehicle.Cabin.Light.Spotlight", "on"),
        ("把阅读灯打开", "Vehicle.Cabin.Light.Spotlight", "on"),
        ("阅读灯关掉", "Vehicle.Cabin.Light.Spotlight", "off"),
        ("麻烦帮我把天窗打开一下", "Vehicle.Cabin.Sunroof", "open"),
        ("能把天窗关上吗？", "Vehicle.Cabin.Sunroof", "close"),
        ("锁车门", "Vehicle.Cabin.Door.*.*.IsLocked", "on"),
        ("后视镜折叠起来", "Vehicle.Body.Mirrors.*.IsFolded", "on"),
        ("关闭座椅通风", SEAT_WARMTH, "off"),
        ("打开座椅通风", SEAT_WARMTH, "cool"),
        ("按一下喇叭", "Vehicle.Body.Horn", "on"),
    ],
)
def test_the_thing_decides_whether_a_word_opens_or_switches_on(said: str, pattern: str, base: str) -> None:
    found = wish(said)
    assert found.function.pattern.startswith(pattern)
    assert found.act.base == base


@pytest.mark.parametrize(
    ("asks", "complains", "pattern"),
    [
        ("温度高一点", "温度太高了", TEMPERATURE),
        ("热一点", "有点热", TEMPERATURE),
        ("音量大一点", "音量有点大", VOLUME),
        ("大声点", "别那么大声", VOLUME),
        ("屏幕亮一点", "屏幕太亮了", "Vehicle.Cabin.Infotainment.HMI.Brightness"),
        ("风大一点", "风太大了", FAN),
        ("雨刮快一点", "雨刮太快了", "Vehicle.Body.Windshield.*.Wiping.Mode"),
    ],
)
def test_a_complaint_asks_for_the_opposite(asks: str, complains: str, pattern: str) -> None:
    more, less = wish(asks), wish(complains)
    assert more.function.pattern == less.function.pattern == pattern
    assert (more.act.base, less.act.base) == ("more", "less")
    assert less.token is None  # 太快 is not the mode "fast"


@pytest.mark.parametrize(
    ("said", "value", "share"),
    [
        ("温度调到二十二度", 22, False),
        ("温度调到22度", 22, False),
        ("温度二十二度半", 22.5, False),
        ("温度设为十九点五度", 19.5, False),
        ("音量调到百分之二十", 0.2, True),
        ("音量调到20%", 20, False),
        ("车窗开三分之一", 1 / 3, True),
        ("车窗开两成", 0.2, True),
        ("车窗开一半", 0.5, True),
        ("座椅加热开到二档", 2, False),
        ("巡航速度一百二", 120, False),
    ],
)
def test_numbers_and_shares_in_words_and_digits(said: str, value: float, share: bool) -> None:
    amount = wish(said).amount
    assert amount is not None
    assert amount.value == pytest.approx(value)
    assert amount.share is share


_WORDS = RbnfEngine.for_language("zh")


@given(st.integers(16, 30), st.sampled_from(["温度调到{}度", "把空调设为{}度", "帮我把温度改成{}度吧", "空调{}度"]))
def test_a_temperature_in_words_is_that_in_digits(degrees: int, sentence: str) -> None:
    in_words = wish(sentence.format(_WORDS.format_number(degrees).text))
    in_digits = wish(sentence.format(degrees))
    assert in_words == in_digits
    assert in_words.function.pattern == TEMPERATURE
    assert in_words.amount is not None
    assert in_words.amount.value == degrees
    assert not in_words.amount.relative


@given(st.integers(1, 5))
def test_by_how_much_is_not_to_how_much(degrees: int) -> None:
    amount = wish(f"温度调低{degrees}度").amount
    assert amount is not None
    assert amount.relative


@pytest.mark.parametrize(
    ("said", "seat", "where"),
    [
        ("打开车窗", "driver", {LEFT}),
        ("打开我的车窗", "rear-right", {REAR_RIGHT}),
        ("打开副驾车窗", "driver", {RIGHT}),
        ("左后车窗打开", "driver", {REAR_LEFT}),
        ("右后玻璃降下来", "driver", {REAR_RIGHT}),
        ("后排车窗都关上", "driver", {REAR_LEFT, REAR_RIGHT}),
        ("所有车窗全部打开", "driver", {LEFT, RIGHT, REAR_LEFT, REAR_RIGHT}),
        ("我后面的车窗关上", "driver", {REAR_LEFT}),
        ("把我老婆那边的车窗关上", "driver", {RIGHT}),
        ("除了副驾，其他车窗都关掉", "driver", {LEFT, REAR_LEFT, REAR_RIGHT}),
    ],
)
def test_places(said: str, seat: Seat, where: set[Spot]) -> None:
    assert wish(said).function.pattern.startswith(WINDOW)
    assert at(said, seat) == where


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("把座椅加热和方向盘加热都关掉", {(SEAT_WARMTH, "off"), (WHEEL_WARMTH, "off")}),
        ("打开空调并把温度设为二十度", {(AIR_CONDITIONING, "on"), (TEMPERATURE, "set")}),
        ("关窗开空调", {(f"{WINDOW}.Position", "close"), (AIR_CONDITIONING, "on")}),
        ("音量调小，然后放下一首", {(VOLUME, "less"), (MEDIA, "set")}),
    ],
)
def test_several_at_once(said: str, wanted: set[tuple[str, str]]) -> None:
    assert {(w.function.pattern, w.act.base) for w in wishes(said)} == wanted


@pytest.mark.parametrize(
    "said",
    [
        "别开空调",
        "不用关窗",
        "先不要打开后备箱",
        "天窗别关，吹着挺舒服的",
        "我昨天忘了关车窗",
        "电影里他打开车门跳了下去",
        "我朋友说他的车天窗漏水",
        "有首歌叫打开车窗",
        "他说把窗户打开会凉快",
        "打开冰箱门",
        "车窗开着挺好的",
        "他把车门关上走了",
        "老师让我们开窗通风",
        "把电视关了",
    ],
)
def test_what_is_denied_told_or_of_another_place_moves_nothing(said: str) -> None:
    assert not read(said).wishes


@given(
    st.sampled_from(["别", "不要", "不用", "先别", "千万别", "不需要"]),
    st.sampled_from(["打开", "关掉", "开", "关"]),
    st.sampled_from(["空调", "车窗", "天窗", "座椅加热", "阅读灯", "音乐", "后备箱", "雾灯", "雨刮"]),
)
def test_a_denied_act_moves_nothing(no: str, act: str, thing: str) -> None:
    parsed = read(no + act + thing)
    assert parsed.kind != "command", parsed


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ("电量还剩多少", "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed"),
        ("还能跑多少公里", "Vehicle.Powertrain.TractionBattery.Range"),
        ("外面多少度", "Vehicle.Exterior.AirTemperature"),
        ("左前轮胎压是多少", "Vehicle.Chassis.Axle.*.Wheel.*.Tire.Pressure"),
        ("空调开着吗", AIR_CONDITIONING),
        ("现在音量是多少", VOLUME),
    ],
)
def test_questions_ask_at_the_end(said: str, pattern: str) -> None:
    parsed = read(said)
    assert parsed.kind == "question"
    assert parsed.question is not None
    assert parsed.question.function.pattern == pattern


def test_how_something_is_done_is_a_matter_for_the_handbook() -> None:
    assert read("怎么打开雾灯").kind == "how-to"
    assert not read("怎么打开雾灯").wishes


@pytest.mark.parametrize("said", ["下雨的时候关上天窗", "如果下雨，就关上天窗", "一下雨就关天窗"])
def test_a_condition_is_kept_for_later(said: str) -> None:
    parsed = read(said)
    assert parsed.kind == "later"
    assert parsed.when is not None
    assert [c.path for c in parsed.when.conditions if hasattr(c, "path")] == ["Vehicle.Body.Raindetection.Intensity"]
    assert [w.act.base for w in parsed.wishes] == ["close"]


def test_rain_that_falls_now_is_no_condition() -> None:
    assert wish("下雨了，关上天窗").act.base == "close"


@given(st.integers(2, 59), st.sampled_from(["分钟后", "分钟以后", "分钟之后"]))
def test_a_delay_stands_behind_its_number(minutes: int, later: str) -> None:
    parsed = read(f"{_WORDS.format_number(minutes).text}{later}关掉空调")
    assert parsed.kind == "later"
    assert parsed.when is not None
    assert parsed.when.after_s == minutes * 60


def test_what_was_said_before_is_gone_on_with() -> None:
    before = (Past(wish("打开副驾座椅加热"), (RIGHT,)),)
    also = read("左后的也打开", before)
    assert also.kind == "command"
    assert also.wishes[0].function.pattern == SEAT_WARMTH
    assert set(spots(also.wishes[0].function, also.wishes[0].where, "driver")) == {REAR_LEFT}
    assert read("撤销", before).kind == "undo"


def test_latin_letters_beside_chinese_ones_are_no_disguise() -> None:
    assert not hear("挂到P挡").disguised
    assert wish("挂到P挡").token == 126
    assert wish("切到USB").token == "USB"


@given(st.text(alphabet="开关把车窗灯空调一二三半点度分之不别了吗的左右前后我大小高低再和，。", max_size=30))
def test_any_characters_are_read_without_an_error(said: str) -> None:
    parsed = read(said)
    assert 0 <= parsed.sure <= 1
