"""Writes samples to a file as they come: Parquet, CSV or JSON lines.

The file appears under its name only when it is whole; until then it is `NAME.partial`, of which CSV and JSON lines are
readable as far as they go.
"""

import csv
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from alpenglow.cli.problems import Problem
from alpenglow.fabric import Streamed
from alpenglow.signals import Catalogue, Sample, Value

_ROWS_AT_ONCE = 20_000


class Recorder:
    """One recording: columns time [s since 1970, or of the log's clock], signal, value, quality."""

    def __init__(self, out: Path, catalogue: Catalogue) -> None:
        writers: dict[str, type[_Parquet | _Csv | _JsonLines]] = {
            ".parquet": _Parquet,
            ".csv": _Csv,
            ".jsonl": _JsonLines,
        }
        if out.suffix not in writers:
            raise Problem(f"{out}: the name must end in .parquet, .csv or .jsonl")
        self.rows = 0
        self.missed = 0
        self._out, self._partial = out, out.with_name(out.name + ".partial")
        self._paths = [s.path for s in catalogue.signals]
        self._writer = writers[out.suffix](self._partial)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None:
            with suppress(Exception):  # a full disk is full for the rest, too: what counts is the first error
                self._writer.close()
            return
        self._writer.close()
        self._partial.replace(self._out)

    async def take_all(self, stream: AsyncIterator[Streamed]) -> None:
        """Record until cancelled."""
        async for samples, missed in stream:
            self.missed += missed
            self.take(samples)

    def take(self, samples: list[Sample]) -> None:
        """Record some samples."""
        self._writer.write([(s.time_ns / 1e9, self._paths[s.index], s.value, s.quality.name) for s in samples])
        self.rows += len(samples)


type Row = tuple[float, str, Value | None, str]


class _JsonLines:
    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("w")

    def write(self, rows: list[Row]) -> None:
        for time, signal, value, quality in rows:
            row = {"time": time, "signal": signal, "value": value, "quality": quality}
            self._file.write(json.dumps(row) + "\n")

    def close(self) -> None:
        _sync(self._file)


class _Csv:
    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("w", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(["time", "signal", "value", "quality"])

    def write(self, rows: list[Row]) -> None:
        self._csv.writerows((time, signal, _text(value), quality) for time, signal, value, quality in rows)

    def close(self) -> None:
        _sync(self._file)


class _Parquet:
    """Numbers and booleans go to `value`, everything else to `text`: a Parquet column has one type."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._pa = pa
        self._schema = pa.schema(
            [
                ("time", pa.float64()),
                ("signal", pa.dictionary(pa.int32(), pa.string())),
                ("value", pa.float64()),
                ("text", pa.string()),
                ("quality", pa.dictionary(pa.int32(), pa.string())),
            ]
        )
        self._writer = pq.ParquetWriter(str(path), self._schema)
        self._rows: list[Row] = []

    def write(self, rows: list[Row]) -> None:
        self._rows += rows
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        numbers = [float(v) if isinstance(v, bool | int | float) else None for _, _, v, _ in rows]
        texts = [None if n is not None else _text(v) for n, (_, _, v, _) in zip(numbers, rows, strict=True)]
        columns = [[r[0] for r in rows], [r[1] for r in rows], numbers, texts, [r[3] for r in rows]]
        arrays = [self._pa.array(c, type=f.type) for c, f in zip(columns, self._schema, strict=True)]
        self._writer.write_table(self._pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._flush()
        self._writer.close()


def _text(value: Value | None) -> str | None:
    """A value in a column of text, as `signals set` would take it."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _sync(file: IO[str]) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
