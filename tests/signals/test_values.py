"""A value is checked once, at its owner: nothing illegal passes, and nothing makes the check itself fail."""

import math
import struct
from enum import IntEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.signals import BadValue, Kind, Signal, check_value

INTEGERS = {f"{sign}int{bits}": bits for sign in ("", "u") for bits in (8, 16, 32, 64)}
SCALARS = [*INTEGERS, "float", "double", "boolean", "string"]


class Liar:
    """Says that it is an int, and falls over whenever it is asked for anything."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __hash__(self) -> int:
        raise RuntimeError("no")

    @property
    def __class__(self) -> type:  # type: ignore[override]
        return int


class OddText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        raise RuntimeError("no")

    __hash__ = str.__hash__


class OddFloat(float):
    __slots__ = ()

    def __float__(self) -> float:
        return math.nan

    def __le__(self, other: float) -> bool:
        return True


class OddInt(IntEnum):
    ONE = 1
    HUGE = 2**70


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**66), 2**66)
    | st.floats()
    | st.text()
    | st.characters(categories=["Cs"])
    | st.binary()
    | st.sampled_from([OddInt.ONE, OddInt.HUGE, OddFloat(1e300), int, 1j, {1, 2}]),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
signals = st.builds(
    Signal,
    path=st.just("Vehicle.X"),
    kind=st.sampled_from(Kind),
    datatype=st.sampled_from(SCALARS + [name + "[]" for name in SCALARS]),
    minimum=st.none() | st.integers(-300, 300) | st.floats(-1e9, 1e9),
    maximum=st.none() | st.integers(-300, 300) | st.floats(-1e9, 1e9),
    allowed=st.sampled_from([(), (), ("ON", "OFF"), (1, 2, 300)]),
)


def is_legal(signal: Signal, value: object) -> bool:
    """The rule of VSS, written independently of the check."""
    if signal.datatype.endswith("[]"):
        inner = msgspec.structs.replace(signal, datatype=signal.datatype[:-2])
        return type(value) is list and all(is_legal(inner, item) for item in value)
    if signal.allowed and value not in signal.allowed:
        return False
    if signal.datatype == "boolean":
        return type(value) is bool
    if signal.datatype == "string":
        return type(value) is str
    if signal.datatype in INTEGERS:
        if type(value) is not int:
            return False
        try:
            value.to_bytes(INTEGERS[signal.datatype] // 8, signed=not signal.datatype.startswith("u"))
        except OverflowError:
            return False
    else:
        if type(value) is not float or not math.isfinite(value):
            return False
        try:
            struct.pack("f" if signal.datatype == "float" else "d", value)
        except OverflowError:
            return False
    assert isinstance(value, int | float)
    return (signal.minimum is None or value >= signal.minimum) and (signal.maximum is None or value <= signal.maximum)


@settings(deadline=None)
@given(signals, anything)
def test_what_passes_is_legal_and_can_be_sent_and_everything_else_is_a_bad_value(signal: Signal, value: Any) -> None:
    message = ""
    try:
        checked = check_value(signal, value)
    except BadValue as error:
        message = str(error)
    if message:
        assert message.startswith("Vehicle.X takes ")
        assert "\n" not in message
        assert len(message) < 200
    else:
        assert is_legal(signal, checked)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(checked)) == checked


@pytest.mark.parametrize("datatype", SCALARS)
def test_odd_objects_and_endless_numbers_are_bad_values_and_no_other_error(datatype: str) -> None:
    # Hypothesis cannot draw these: it shows what it draws, and they do not let themselves be shown.
    signal = Signal("Vehicle.X", Kind.SENSOR, datatype)
    endless: list[Any] = []
    endless.append(endless)
    for value in (Liar(), [Liar()], 10**6000, -(10**6000), endless, object(), Liar, lambda: 1):
        for wanted in (signal, msgspec.structs.replace(signal, datatype=datatype + "[]")):
            with pytest.raises(BadValue):
                check_value(wanted, value)


@settings(deadline=None)
@given(signals, anything)
def test_a_checked_value_passes_again_unchanged(signal: Signal, value: Any) -> None:
    try:
        checked = check_value(signal, value)
    except BadValue:
        return
    assert check_value(signal, checked) == checked


@settings(deadline=None)
@given(st.sampled_from(list(INTEGERS)), st.integers())
def test_an_integer_passes_exactly_where_its_datatype_holds_it(datatype: str, value: int) -> None:
    signal = Signal("Vehicle.X", Kind.SENSOR, datatype)
    if is_legal(signal, value):
        assert check_value(signal, value) == value
    else:
        with pytest.raises(BadValue):
            check_value(signal, value)


@pytest.mark.parametrize("datatype", INTEGERS)
def test_the_ends_of_an_integer_type_pass_and_what_is_beyond_does_not(datatype: str) -> None:
    signal = Signal("Vehicle.X", Kind.SENSOR, datatype)
    bits = INTEGERS[datatype]
    low, high = (0, 2**bits - 1) if datatype.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    assert check_value(signal, low) == low
    assert check_value(signal, high) == high
    for beyond in (low - 1, high + 1, float(2**bits)):
        with pytest.raises(BadValue, match="takes"):
            check_value(signal, beyond)


def test_a_whole_float_is_an_integer_and_an_integer_is_a_float() -> None:
    whole = check_value(Signal("Vehicle.X", Kind.SENSOR, "uint8"), 7.0)
    assert (whole, type(whole)) == (7, int)
    real = check_value(Signal("Vehicle.X", Kind.SENSOR, "float"), 7)
    assert (real, type(real)) == (7.0, float)


@pytest.mark.parametrize("value", [True, "7", 7.5, None, [7], math.nan, math.inf])
def test_nothing_else_becomes_an_integer(value: object) -> None:
    with pytest.raises(BadValue):
        check_value(Signal("Vehicle.X", Kind.SENSOR, "uint8"), value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3.5e38, 10**400])
def test_a_float_is_finite_and_fits_binary32(value: float) -> None:
    with pytest.raises(BadValue):
        check_value(Signal("Vehicle.X", Kind.SENSOR, "float"), value)


@pytest.mark.parametrize("text", ["\ud800", "fine so far \udfff", "\U0001f600\ud83d"])
def test_half_a_character_is_no_text(text: str) -> None:
    # JSON can carry a lone surrogate into a process, and nothing can carry it out again.
    with pytest.raises(BadValue, match="not half a character"):
        check_value(Signal("Vehicle.X", Kind.SENSOR, "string"), text)


def test_text_of_any_script_passes() -> None:
    for text in ("", "Grüß Gott", "你好", "\U0001f600", "\ud7ff\ue000\x00"):
        assert check_value(Signal("Vehicle.X", Kind.SENSOR, "string"), text) == text


def test_a_double_may_be_larger_than_a_float() -> None:
    assert check_value(Signal("Vehicle.X", Kind.SENSOR, "double"), 1.7e308) == 1.7e308


def test_values_of_derived_classes_come_out_plain() -> None:
    text = check_value(Signal("Vehicle.X", Kind.SENSOR, "string"), OddText("ON"))
    assert type(text) is str
    number = check_value(Signal("Vehicle.X", Kind.SENSOR, "uint8"), OddInt.ONE)
    assert type(number) is int


@pytest.mark.parametrize(
    ("signal", "value", "message"),
    [
        (
            Signal("Vehicle.X", Kind.ACTUATOR, "uint8", "percent", 0, 100),
            101,
            "Vehicle.X takes 0 to 100 percent, not 101",
        ),
        (Signal("Vehicle.X", Kind.ACTUATOR, "float", "m", 0.0), -1, "Vehicle.X takes 0 m or more, not -1"),
        (Signal("Vehicle.X", Kind.ACTUATOR, "double", "", None, 5.5), 6, "Vehicle.X takes 5.5 or less, not 6"),
        (Signal("Vehicle.X", Kind.ACTUATOR, "int8"), 200, "Vehicle.X takes -128 to 127, not 200"),
        (
            Signal("Vehicle.X", Kind.ACTUATOR, "string", allowed=("ON", "OFF")),
            "on",
            "Vehicle.X takes one of ON, OFF, not 'on'",
        ),
        (Signal("Vehicle.X", Kind.ACTUATOR, "uint8", allowed=(1, 3)), 2, "Vehicle.X takes one of 1, 3, not 2"),
        (Signal("Vehicle.X", Kind.ACTUATOR, "boolean"), 1, "Vehicle.X takes true or false, not 1"),
        (Signal("Vehicle.X", Kind.ACTUATOR, "string[]"), "ON", "Vehicle.X takes a list of string, not 'ON'"),
    ],
)
def test_the_message_says_what_the_signal_takes(signal: Signal, value: object, message: str) -> None:
    with pytest.raises(BadValue) as caught:
        check_value(signal, value)
    assert str(caught.value) == message
