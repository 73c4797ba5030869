"""Decoding without the fabric: a whole log at once, frame by frame in the live path, and encoding.

All times are processor time, best of several runs; the two sides of a ratio take turns, so that a busy machine slows
both.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cantools
import numpy as np

from alpenglow.signals import load_catalogue
from alpenglow.vehicle.batch import Decoding, Samples, decode_log
from alpenglow.vehicle.codec import compile_decoder, compile_encoder
from alpenglow.vehicle.dbc import Dbc, load_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.logs import LogReader
from alpenglow.vehicle.mapping import load_mapping
from alpenglow.vehicle.third_party import import_can
from benchmarks.table import Row, at_least, at_most

_ROUNDS = 7
_ROOT = Path(__file__).parent.parent
_RAV4 = Path(os.environ.get("ALPENGLOW_SHARED", _ROOT.parent / "shared")) / "data/rav4"
_LINE = _ROOT / "src/alpenglow/lines/rav4"


def run() -> list[Row]:
    """All measurements over the recorded RAV4 drive; one row that says so where it is absent."""
    if not _RAV4.is_dir():
        return [Row("decode", 0, "", note="no recorded drive: set ALPENGLOW_SHARED to the folder that holds data/")]
    dbc = load_dbc(_RAV4 / "toyota.dbc")
    with LogReader(_RAV4 / "drive.log.gz") as reader:
        frames = [f for f in reader if f.channel == "can0"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "can0.log"
        log.write_text("".join(map(_candump, frames)))
        return _batch(log, frames, dbc) + _live(frames, dbc)


def _candump(frame: Frame) -> str:
    seconds, rest = divmod(frame.time_ns, 10**9)
    return f"({seconds}.{rest // 1000:06d}) {frame.channel} {frame.can_id:03X}#{frame.data.hex().upper()}\n"


def _best(*sides: Callable[[], object]) -> list[float]:
    """The least processor time of several runs of each side, in seconds; the sides take turns."""
    best = [float("inf")] * len(sides)
    for _ in range(_ROUNDS):
        for number, side in enumerate(sides):
            start = time.process_time()
            side()
            best[number] = min(best[number], time.process_time() - start)
    return best


def _batch(log: Path, frames: list[Frame], dbc: Dbc) -> list[Row]:
    database: Any = cantools.database.load_file(_RAV4 / "toyota.dbc", strict=False)
    known = {m.frame_id for m in database.messages}
    can = import_can()
    with LogReader(log) as reader:
        blocks = list(reader.columns())

    def ours() -> list[Samples]:
        decoding = Decoding({"can0": dbc})
        return [decoding.decode(block) for block in blocks]

    def theirs() -> None:
        for frame in frames:
            if frame.can_id in known:
                database.decode_message(frame.can_id, frame.data, decode_choices=False)

    def ours_from_file() -> None:
        decoding = Decoding({"can0": dbc})
        with LogReader(log) as reader:
            for block in reader.columns():
                decoding.decode(block)

    def theirs_from_file() -> None:
        for message in can.LogReader(str(log)):
            if message.arbitration_id in known:
                database.decode_message(message.arbitration_id, message.data, decode_choices=False)

    batch, single, batch_file, single_file = _best(ours, theirs, ours_from_file, theirs_from_file)
    out = log.with_suffix(".parquet")
    [to_parquet] = _best(lambda: decode_log(log, {"can0": dbc}, out))
    times = f"{batch * 1e3:.1f} ms against {single * 1e3:.0f} ms for {len(frames):,} frames"
    from_file = single_file / batch_file
    file_times = f"{batch_file * 1e3:.0f} ms against {single_file * 1e3:.0f} ms"
    return [
        at_least("batch decode, frames in memory, against cantools", single / batch, 10, "times", times),
        Row("from the log file, against python-can and cantools", from_file, "times", note=file_times),
        Row("log file to Parquet", to_parquet, "s"),
        at_most("wheel speeds' difference from the answer key", _difference(dbc), 1e-9, "m/s"),
    ]


def _difference(dbc: Dbc) -> float:
    key = np.load(_RAV4 / "reference.npz")["wheel_speed"]
    decoding = Decoding({"can0": dbc})
    with LogReader(_RAV4 / "drive.log.gz") as reader:
        blocks = [decoding.decode(block) for block in reader.columns()]
    worst = 0.0
    for column, wheel in enumerate(("FL", "FR", "RL", "RR")):
        code = decoding.signals.index(f"WHEEL_SPEED_{wheel}")
        ours = np.concatenate([block.value[block.signal == code] for block in blocks]) / 3.6
        worst = max(worst, float(np.abs(ours - key[:, column]).max()))
    return worst


def _live(frames: list[Frame], dbc: Dbc) -> list[Row]:
    catalogue = load_catalogue(_LINE / "overlay.tsv")
    mapping = load_mapping(_LINE / "rav4.map.json", dbc, catalogue)
    decoder = Decoder({"can0": dbc}, {"can0": mapping}, catalogue)
    wheels = [f for f in frames if f.can_id == dbc.by_name["WHEEL_SPEEDS"].can_id]
    strange = [f._replace(can_id=0x7FE) for f in frames]
    message = dbc.by_name["WHEEL_SPEEDS"]
    encode, values = compile_encoder(message), compile_decoder(message)(wheels[0].data)
    whole, one, miss, out = _best(
        lambda: decoder.feed_all(frames),
        lambda: decoder.feed_all(wheels),
        lambda: decoder.feed_all(strange),
        lambda: [encode(values) for _ in range(10_000)],
    )
    return [
        at_least("live decoder alone, the log's own mix", len(frames) / whole, 40_000, "frames/s"),
        at_most("live decoder, one frame that gives 5 samples", one / len(wheels) * 1e6, 5, "µs"),
        Row("live decoder, one frame that nothing maps", miss / len(strange) * 1e6, "µs"),
        Row("encoding one frame of 4 signals", out / 10_000 * 1e6, "µs"),
    ]
