"""The generated codec gives what cantools gives, for random messages and for a real car's frames."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cantools
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.vehicle.batch import decode_message
from alpenglow.vehicle.codec import EncodeError, compile_decoder, compile_encoder
from alpenglow.vehicle.dbc import Dbc, parse_dbc
from alpenglow.vehicle.logs import LogReader
from tests.vehicle.bus.random_messages import RandomMessage, messages


def same(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Equal to the last bit; "not a number" equals itself."""
    return ours.keys() == theirs.keys() and all(
        ours[k] == theirs[k] or (math.isnan(ours[k]) and math.isnan(theirs[k])) for k in ours
    )


def cantools_decode(database: Any, message: Any, data: bytes) -> dict[str, Any] | None:
    try:
        decoded: dict[str, Any] = message.decode(data, decode_choices=False, allow_truncated=True)
    except cantools.database.errors.DecodeError:
        return None  # a multiplexer value that selects nothing is an error to cantools
    return decoded


@given(random=messages(), data=st.data())
def test_a_frame_decodes_as_with_cantools(random: RandomMessage, data: st.DataObject) -> None:
    message = parse_dbc(random.text.encode(), "random.dbc").messages[0]
    theirs = cantools.database.load_string(random.text, "dbc", strict=False).messages[0]
    decode = compile_decoder(message)
    for size in (random.length, data.draw(st.integers(0, random.length))):
        frame = data.draw(st.binary(min_size=size, max_size=size))
        expected = cantools_decode(None, theirs, frame)
        if expected is not None:
            assert same(decode(frame), expected)


@given(random=messages(), data=st.data())
def test_what_was_decoded_encodes_to_the_same_bits(random: RandomMessage, data: st.DataObject) -> None:
    message = parse_dbc(random.text.encode(), "random.dbc").messages[0]
    theirs = cantools.database.load_string(random.text, "dbc", strict=False).messages[0]
    frame = data.draw(st.binary(min_size=random.length, max_size=random.length))
    expected = cantools_decode(None, theirs, frame)
    if expected is None or any(isinstance(v, float) and not math.isfinite(v) for v in expected.values()):
        return
    # Scaled 64-bit integers lose bits in a float on either side: they cannot come back the same.
    if any(s.length > 48 and not s.is_float for s in message.signals):
        return
    try:
        again = theirs.encode(expected, strict=False)
    except (OverflowError, cantools.database.errors.EncodeError):
        return
    assert bytes(compile_encoder(message)(expected)) == again


@given(random=messages(), data=st.data())
def test_the_batch_decodes_as_frame_by_frame(random: RandomMessage, data: st.DataObject) -> None:
    message = parse_dbc(random.text.encode(), "random.dbc").messages[0]
    frames = data.draw(st.lists(st.binary(max_size=random.length), min_size=1, max_size=5))
    width = 64 if random.length > 8 else 8
    matrix = np.frombuffer(b"".join(f.ljust(width, b"\0") for f in frames), np.uint8).reshape(-1, width)
    lengths = np.array([len(f) for f in frames], np.uint8)
    got: list[dict[str, float]] = [{} for _ in frames]
    for signal, mask, values in decode_message(message, matrix, lengths):
        rows = np.arange(len(frames)) if mask is None else np.flatnonzero(mask)
        for row, value in zip(rows.tolist(), values.tolist(), strict=True):
            got[row][signal.name] = value
    decode = compile_decoder(message)
    for ours, frame in zip(got, frames, strict=True):
        assert same(ours, {k: pytest.approx(float(v), rel=1e-12) if v == v else v for k, v in decode(frame).items()})


def test_a_real_drive_decodes_as_with_cantools(rav4: Path, rav4_dbcs: dict[str, Dbc]) -> None:
    database = cantools.database.load_file(rav4 / "toyota.dbc", strict=False)
    decoders = {m.can_id: compile_decoder(m) for m in rav4_dbcs["can0"].messages}
    seen = 0
    for frame in LogReader(rav4 / "drive.log.gz"):
        if frame.channel == "can0" and frame.can_id in decoders:
            theirs = database.decode_message(frame.can_id, frame.data, decode_choices=False)
            assert decoders[frame.can_id](frame.data) == theirs
            seen += 1
    assert seen == 37740


def test_a_value_beyond_the_bits_is_refused_or_saturates(make_dbc: Callable[[str], Dbc]) -> None:
    message = make_dbc(
        'BO_ 1 M: 2 ECU\n SG_ T : 0|8@1+ (0.5,-40) [0|0] "degC" ECU\n SG_ U : 8|8@1- (1,0) [0|0] "" ECU'
    ).messages[0]
    with pytest.raises(EncodeError, match=r"T carries -40 to 87.5 degC, not 90"):
        compile_encoder(message)({"T": 90})
    with pytest.raises(EncodeError):
        compile_encoder(message)({"T": math.nan})
    assert compile_encoder(message, saturate=True)({"T": 90, "U": -1000}) == b"\xff\x80"


def test_a_signal_with_the_factor_0_can_be_read_but_not_written(make_dbc: Callable[[str], Dbc]) -> None:
    message = make_dbc('BO_ 1 M: 1 ECU\n SG_ T : 0|8@1+ (0,5) [0|0] "" ECU').messages[0]
    assert compile_decoder(message)(b"\x07") == {"T": 5}
    assert compile_encoder(message)({}) == b"\0"
    with pytest.raises(EncodeError):
        compile_encoder(message, saturate=True)({"T": 5})


def test_extended_multiplexing_follows_the_chain(make_dbc: Callable[[str], Dbc]) -> None:
    text = """BO_ 1 M: 4 ECU
 SG_ Outer M : 0|8@1+ (1,0) [0|0] "" ECU
 SG_ Inner m1M : 8|8@1+ (1,0) [0|0] "" ECU
 SG_ Deep m2 : 16|8@1+ (1,0) [0|0] "" ECU
 SG_ Range m5 : 16|8@1+ (2,0) [0|0] "" ECU

SG_MUL_VAL_ 1 Inner Outer 1-1;
SG_MUL_VAL_ 1 Deep Inner 2-2;
SG_MUL_VAL_ 1 Range Outer 5-9;"""
    message = make_dbc(text).messages[0]
    decode, encode = compile_decoder(message), compile_encoder(message)
    assert decode(bytes([1, 2, 7, 0])) == {"Outer": 1, "Inner": 2, "Deep": 7}
    assert decode(bytes([1, 3, 7, 0])) == {"Outer": 1, "Inner": 3}
    assert decode(bytes([8, 2, 7, 0])) == {"Outer": 8, "Range": 14}
    assert decode(bytes([0, 2, 7, 0])) == {"Outer": 0}
    assert encode({"Outer": 1, "Inner": 2, "Deep": 7, "Range": 14}) == bytes([1, 2, 7, 0])
    assert encode({"Outer": 6, "Inner": 2, "Deep": 7, "Range": 14}) == bytes([6, 0, 7, 0])
