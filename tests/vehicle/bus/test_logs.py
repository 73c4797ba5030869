"""Recorded logs: every format gives the same frames, and a damaged one says where."""

import gzip
from pathlib import Path

import can
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.vehicle.batch import ANY_CHANNEL, decode_log
from alpenglow.vehicle.candump import BadLine, Candump
from alpenglow.vehicle.dbc import Dbc
from alpenglow.vehicle.frames import FD_LENGTHS, Frame
from alpenglow.vehicle.logs import LogError, LogReader
from alpenglow.vehicle.third_party import mdf_reader

T = 1_700_000_000_000_000_000
FRAMES = [
    Frame(T, "can0", 0x123, b"\x01\x02\x03"),
    Frame(T + 1_000_000, "can0", 0x18FEF100, bytes(range(8)), extended=True),
    Frame(T + 2_000_000, "can1", 0x7FF, b""),
    Frame(T + 3_000_000, "can1", 0x10, bytes(range(64)), fd=True),
    Frame(T + 4_000_000, "can0", 0x123, b"\xff"),
]


def line(frame: Frame) -> str:
    """As `candump -l` writes it."""
    seconds, rest = divmod(frame.time_ns, 10**9)
    can_id = f"{frame.can_id:08X}" if frame.extended else f"{frame.can_id:03X}"
    mark = "##1" if frame.fd else "#"
    return f"({seconds}.{rest // 1000:06d}) {frame.channel} {can_id}{mark}{frame.data.hex().upper()}\n"


def candump(path: Path, frames: list[Frame] = FRAMES, extra: str = "") -> Path:
    path.write_text("".join(map(line, frames)) + extra)
    return path


def frames_of(path: Path) -> list[Frame]:
    with LogReader(path) as reader:
        return list(reader)


def test_candump_is_read_plain_and_gzipped(tmp_path: Path) -> None:
    plain = candump(tmp_path / "a.log")
    packed = tmp_path / "a.log.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()[:100]) + gzip.compress(plain.read_bytes()[100:]))
    assert frames_of(plain) == FRAMES
    assert frames_of(packed) == FRAMES


def test_columns_are_the_same_frames(tmp_path: Path) -> None:
    with LogReader(candump(tmp_path / "a.log")) as reader:
        [columns] = reader.columns()
    assert columns.frames() == FRAMES
    assert columns.data.shape == (5, 64)
    assert columns.time_ns.dtype == np.int64


def test_remote_and_error_frames_are_counted_and_not_yielded(tmp_path: Path) -> None:
    extra = "(1.000000) can0 123#R\n(1.0) can0 123#R8\n(1.000000) can0 20000004#0000000000000000\n\n# remark\r\n"
    with LogReader(candump(tmp_path / "a.log", extra=extra)) as reader:
        assert list(reader) == FRAMES
        assert (reader.remote_frames, reader.error_frames) == (2, 1)


@pytest.mark.parametrize("suffix", [".asc", ".blf", ".trc", ".mf4"])
@pytest.mark.parametrize("packed", [False, True])
def test_other_formats_give_the_same_frames(tmp_path: Path, suffix: str, packed: bool) -> None:
    path = tmp_path / f"a{suffix}"
    classic = [f for f in FRAMES if not f.fd] if suffix == ".trc" else FRAMES
    mdf_reader()  # python-can may have been imported without its MF4 part
    kinds = {".asc": can.ASCWriter, ".blf": can.BLFWriter, ".trc": can.TRCWriter, ".mf4": can.io.mf4.MF4Writer}
    with kinds[suffix](str(path)) as writer:
        for frame in classic:
            writer.on_message_received(
                can.Message(
                    timestamp=frame.time_ns / 1e9,
                    channel=int(frame.channel[-1]),
                    arbitration_id=frame.can_id,
                    is_extended_id=frame.extended,
                    is_fd=frame.fd,
                    data=frame.data,
                )
            )
    if packed:
        zipped = tmp_path / f"a{suffix}.gz"
        zipped.write_bytes(gzip.compress(path.read_bytes()))
        path = zipped
    got = frames_of(path)
    assert [f[2:] for f in got] == [f[2:] for f in classic]
    steps = np.diff([f.time_ns for f in got])
    np.testing.assert_allclose(steps, np.diff([f.time_ns for f in classic]), atol=1_100_000)
    with LogReader(path) as reader:
        assert [f for block in reader.columns() for f in block.frames()] == got


def test_mf4_without_its_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.mf4").write_bytes(b"MDF     4.10    ")
    monkeypatch.setitem(__import__("sys").modules, "asammdf", None)
    with pytest.raises(LogError, match=r"a\.mf4: MF4 needs asammdf: pip install 'alpenglow\[mdf\]'"):
        frames_of(tmp_path / "a.mf4")


@pytest.mark.parametrize(
    "bad",
    [
        "(1.000000) can0 123\n",
        "(1.000000) can0 12#00\n",
        "(1.000000) can0 FFF#00\n",
        "(1.0) can0 123#0\n",
        "(x) can0 123#00\n",
        "(1.000000) can0 123#0G\n",
        "(1.000000) can0 123#001122334455667788\n",
        "(1.000000) can0 80000123#00\n",
        "(1.000000) can0 123##1001122334455667788\n",
        "nonsense\n",
    ],
)
def test_a_damaged_line_is_named_and_what_stands_before_is_whole(tmp_path: Path, bad: str) -> None:
    whole = frames_of(candump(tmp_path / "whole.log"))
    path = candump(tmp_path / "a.log", extra=bad)
    before: list[Frame] = []
    with LogReader(path) as reader, pytest.raises(LogError) as error:
        before.extend(iter(reader))  # a list takes what comes before the error
    assert before == whole
    assert str(error.value).startswith(f"{path}:6: not a candump line: ")


def test_a_file_with_endless_channels_is_no_log(tmp_path: Path) -> None:
    path = candump(tmp_path / "a.log", [FRAMES[0]._replace(channel=f"can{i:04}") for i in range(300)])
    with pytest.raises(LogError, match=r"a\.log:257: .*more channels than a car has"):
        frames_of(path)


def test_a_truncated_gzip_gives_what_is_whole_and_then_says_so(tmp_path: Path) -> None:
    many = [FRAMES[0]._replace(time_ns=T + i * 1000, can_id=i % 0x7FF) for i in range(5000)]
    packed = gzip.compress(candump(tmp_path / "a.log", many).read_bytes())
    path = tmp_path / "cut.log.gz"
    path.write_bytes(packed[: len(packed) // 2])
    got = []
    with (
        pytest.raises(LogError, match=r"cut\.log\.gz: its gzip data ends too early \(after line \d+\)"),
        LogReader(path) as reader,
    ):
        got.extend(reader)
    assert 100 < len(got) < 5000
    assert got == many[: len(got)]
    path.write_bytes(packed[:1000] + b"\0" * 50 + packed[1050:])
    with pytest.raises(LogError, match=r"cut\.log\.gz"):
        frames_of(path)


@pytest.mark.parametrize("suffix", [".asc", ".blf", ".trc", ".mf4", ".log", ".log.gz", ".blf.gz"])
@given(content=st.binary(max_size=200))
@settings(max_examples=25)
def test_random_bytes_are_frames_or_a_log_error(
    suffix: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    path.write_bytes(content)
    said = str(path)
    try:
        frames_of(path)
    except LogError as error:
        said = str(error)
    assert said.startswith(str(path))
    assert "\n" not in said


def test_what_cannot_be_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"a log's name ends in \.log, "):
        LogReader(tmp_path / "a.pdf")
    with pytest.raises(LogError, match="No such file"):
        LogReader(tmp_path / "a.log")


DATA = st.sampled_from(FD_LENGTHS).flatmap(lambda n: st.binary(min_size=n, max_size=n))
ANY = st.builds(
    lambda time, channel, extended, number, data, fd: Frame(
        time * 1000,
        channel,
        number if extended else number & 0x7FF,
        data if fd else data[:8],
        extended,
        fd,
    ),
    st.integers(0, 4_000_000_000_000_000),
    st.sampled_from(["can0", "can1", "vcan12", "slcan0"]),
    st.booleans(),
    st.integers(0, 0x1FFFFFFF),
    DATA,
    st.booleans(),
)


@given(st.lists(ANY, max_size=40))
def test_any_frames_written_as_candump_come_back(frames: list[Frame]) -> None:
    assert Candump().parse("".join(map(line, frames)).encode()).frames() == frames


@given(st.lists(ANY, min_size=1, max_size=8), st.data())
def test_a_changed_character_is_never_read_as_an_impossible_frame(frames: list[Frame], data: st.DataObject) -> None:
    text = bytearray("".join(map(line, frames)).encode())
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        got = Candump().parse(bytes(text)).frames()
    except BadLine as error:
        assert 0 <= error.number <= len(frames)  # noqa: PT017
        return
    for frame in got:
        assert frame.can_id <= (0x1FFFFFFF if frame.extended else 0x7FF)
        assert len(frame.data) in FD_LENGTHS
        assert frame.fd or len(frame.data) <= 8


def test_the_recorded_drive_decodes_to_its_answer_key(rav4: Path, rav4_dbcs: dict[str, Dbc], tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = decode_log(
        rav4 / "drive.log.gz", rav4_dbcs, tmp_path / "x.parquet", lambda done, of: seen.append((done, of))
    )
    assert (summary.frames, summary.decoded, summary.samples) == (98_800, 76_140, 385_851)
    assert seen[-1][0] == seen[-1][1]
    assert [p.name for p in tmp_path.iterdir()] == ["x.parquet"]
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.column_names == ["time", "channel", "message", "signal", "value"]
    time, value = table["time"].to_numpy(), table["value"].to_numpy()
    names = {}
    for name in ("channel", "message", "signal"):
        codes = table[name].unify_dictionaries().combine_chunks()
        names[name] = np.array(codes.dictionary.to_pylist())[codes.indices.to_numpy()]
    assert (np.diff(time) >= 0).all()
    key = np.load(rav4 / "reference.npz")

    def column(message: str, signal: str) -> np.ndarray:
        return value[(names["message"] == message) & (names["signal"] == signal)]

    wheels = np.stack([column("WHEEL_SPEEDS", f"WHEEL_SPEED_{w}") for w in ("FL", "FR", "RL", "RR")], axis=1) / 3.6
    np.testing.assert_allclose(wheels, key["wheel_speed"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(wheels.mean(axis=1), key["speed"][:, 0], rtol=0, atol=1e-9)
    angle = column("STEER_ANGLE_SENSOR", "STEER_ANGLE") + column("STEER_ANGLE_SENSOR", "STEER_FRACTION")
    np.testing.assert_allclose(angle, key["steering_angle"], rtol=0, atol=1e-9)
    radar = []
    for number in range(16):
        track = f"TRACK_A_{number}"
        valid = column(track, "VALID") == 1
        when = time[(names["message"] == track) & (names["signal"] == "VALID")][valid]
        forward, left, speed = (column(track, s)[valid] for s in ("LONG_DIST", "LAT_DIST", "REL_SPEED"))
        radar.append(np.stack([when, np.full(len(when), 0x210 + number), forward + 2.7, -left, speed], axis=1))
    ours = np.concatenate(radar)
    theirs = np.column_stack([key["radar_t"], key["radar"][:, 3], key["radar"][:, :3]])
    assert ours.shape == theirs.shape
    for address in np.unique(theirs[:, 1]):
        mine, wanted = ours[ours[:, 1] == address], theirs[theirs[:, 1] == address]
        np.testing.assert_allclose(mine[:, 2:], wanted[:, 2:], rtol=0, atol=1e-9)


def test_a_damaged_log_is_decoded_up_to_its_damage(tmp_path: Path, rav4_dbcs: dict[str, Dbc]) -> None:
    whole = [Frame(T, "can0", 0xAA, bytes(8))] * 3
    log = candump(tmp_path / "a.log", whole)
    log.write_text(log.read_text() + "nonsense\n")
    with pytest.raises(LogError, match=r"a\.log:4"):
        decode_log(log, {ANY_CHANNEL: rav4_dbcs["can0"]}, tmp_path / "x.parquet")
    assert (tmp_path / "x.parquet").exists()
