"""DBC files as they are found: they load with a word on what was mended, or one line says what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.vehicle import dbc as module
from alpenglow.vehicle.dbc import Dbc, DbcError, load_dbc, parse_dbc, pgn

HEAD = 'VERSION ""\n\nBU_: ECU\n\n'
MESSAGE = 'BO_ 100 M: 8 ECU\n SG_ A : 0|8@1+ (1,0) [0|0] "" ECU\n'


def test_every_dbc_of_opendbc_loads(opendbc: dict[str, bytes]) -> None:
    assert len(opendbc) == 58
    for name, content in opendbc.items():
        dbc = parse_dbc(content, name)
        assert dbc.messages
        for warning in dbc.warnings:
            assert warning.startswith(f"{name}:")
            assert "\n" not in warning


def test_what_was_mended_in_opendbc_means_what_its_author_meant(opendbc: dict[str, bytes]) -> None:
    gm = parse_dbc(opendbc["gm_global_a_lowspeed.dbc"], "gm.dbc")
    assert gm.find(0x10630000, extended=True) is gm.by_name["DriverDoorStatus"]
    psa = parse_dbc(opendbc["psa_aee2010_r3.dbc"], "psa.dbc")
    assert any(s.name == "_0_COUNTER" for m in psa.messages for s in m.signals)
    mazda = parse_dbc(opendbc["mazda_2017.dbc"], "mazda.dbc")
    assert mazda.by_name["_2017_5"].can_id == 1275
    radar = parse_dbc(opendbc["toyota_radar_dsu_tssp.dbc"], "radar.dbc")
    assert "CLUSTER_F" in radar.by_name  # stands behind a comment that lost its semicolon


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + MESSAGE + ' SG_ B : 8|x@1+ (1,0) [0|0] "" ECU\n', 7, "not understood"),
        (HEAD + "BO_ 100 M 8 ECU\n", 5, "not understood"),
        (HEAD + MESSAGE + "nonsense\n", 7, "not understood"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DbcError) as error:
        parse_dbc(text.encode(), "car.dbc")
    assert str(error.value).startswith(f"car.dbc:{line}: ")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_dbc_says_so(tmp_path: Path) -> None:
    with pytest.raises(DbcError, match="holds no message"):
        parse_dbc(b"", "empty.dbc")
    with pytest.raises(DbcError, match=r"missing\.dbc: No such file"):
        load_dbc(tmp_path / "missing.dbc")
    with pytest.raises(DbcError):
        load_dbc(tmp_path)


def test_windows_text_and_line_ends_are_read(make_dbc: Callable[[str], Dbc]) -> None:
    text = HEAD + MESSAGE.replace('[0|0] ""', '[0|0] "°C"')
    for content in (
        text.encode("cp1252"),
        text.encode(),
        text.replace("\n", "\r\n").encode("utf-8-sig"),
        text.encode("utf-16"),
    ):
        assert parse_dbc(content, "x.dbc").messages[0].signals[0].unit == "°C"


def test_a_signal_outside_its_message_is_left_out_with_a_warning(make_dbc: Callable[[str], Dbc]) -> None:
    dbc = make_dbc(MESSAGE + ' SG_ Far : 60|8@1+ (1,0) [0|0] "" ECU')
    assert [s.name for s in dbc.messages[0].signals] == ["A"]
    assert "Far does not fit in the 8 bytes of M: left out" in dbc.warnings[0]


def test_an_infinite_factor_is_left_out_with_a_warning(make_dbc: Callable[[str], Dbc]) -> None:
    dbc = make_dbc(MESSAGE + ' SG_ B : 8|8@1+ (1e999,0) [0|0] "" ECU')
    assert [s.name for s in dbc.messages[0].signals] == ["A"]
    assert "B has the factor inf" in dbc.warnings[0]


def test_j1939_matches_by_parameter_group(make_dbc: Callable[[str], Dbc]) -> None:
    lines, formats = [], ['BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";']
    for can_id, name in ((0x0CF004FE, "EEC1"), (0x18FEF100, "CCVS"), (0x18EF00FE, "PEER")):
        lines.append(f'BO_ {can_id | 0x80000000} {name}: 8 ECU\n SG_ {name}S : 0|8@1+ (1,0) [0|0] "" ECU\n')
        formats.append(f'BA_ "VFrameFormat" BO_ {can_id | 0x80000000} 3;')
    dbc = make_dbc("\n".join(lines + formats))
    assert pgn(0x0CF00400) == 0xF004
    assert pgn(0x18EF2155) == 0xEF00  # below 240 the low byte is a destination
    assert dbc.find(0x18F00433, extended=True) is dbc.by_name["EEC1"]  # other priority and source
    assert dbc.find(0x0CFEF100, extended=True) is dbc.by_name["CCVS"]
    assert dbc.find(0x18FEF121, extended=True) is None  # the DBC names the source 0
    assert dbc.find(0x18EF2155, extended=True) is dbc.by_name["PEER"]
    assert dbc.find(0x004, extended=False) is None


def test_what_was_parsed_once_is_read_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "car.dbc"
    file.write_text(HEAD + MESSAGE)
    first = load_dbc(file, tmp_path / "cache")
    monkeypatch.setattr(module, "parse_dbc", lambda *_: pytest.fail("parsed again"))
    assert load_dbc(file, tmp_path / "cache") == first
    monkeypatch.undo()
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"damaged")
    assert load_dbc(file, tmp_path / "cache") == first
    file.write_text(HEAD + MESSAGE.replace("A :", "B :"))
    assert load_dbc(file, tmp_path / "cache").messages[0].signals[0].name == "B"


WORDS = st.sampled_from(
    [
        "BO_ ",
        "SG_ ",
        "CM_ ",
        "VAL_ ",
        "BA_ ",
        "BU_:",
        '"',
        ";",
        ":",
        "100",
        "M",
        "8",
        "0|8@1+",
        "(1,0)",
        "[0|0]",
        " ",
        "\n",
        "\x85",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.lists(WORDS, max_size=40).map(lambda w: "".join(w).encode())))
def test_whatever_is_in_the_file_only_a_dbc_error_comes_out(content: bytes) -> None:
    try:
        assert parse_dbc(content, "fuzz.dbc").messages
        said = "fuzz.dbc:"
    except DbcError as error:
        said = str(error)
    assert said.startswith("fuzz.dbc:")
    assert "\n" not in said


@settings(max_examples=150)
@given(at=st.integers(0, len(HEAD + MESSAGE)), junk=st.binary(max_size=4), drop=st.integers(0, 6))
def test_a_damaged_dbc_is_read_or_refused(at: int, junk: bytes, drop: int) -> None:
    text = (HEAD + MESSAGE).encode()
    said = "fuzz.dbc:"
    try:
        parse_dbc(text[:at] + junk + text[at + drop :], "fuzz.dbc")
    except DbcError as error:
        said = str(error)
    assert said.startswith("fuzz.dbc:")
