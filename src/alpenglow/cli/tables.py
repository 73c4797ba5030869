"""Tables for people. A terminal gets lines of its own width; a pipe gets one line a row, whole, for grep and cut."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest

_WIDEST = 24  # a cell between the first and the last column; a longer one is folded, or in a pipe overhangs
_NARROWEST = 30  # of the last column: with less, a row's cells come below each other
_GAP = "  "
_INDENT = 4


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], footer: str = "") -> None:
    """Print a table. The last column takes what room is left."""
    terminal = sys.stdout.isatty()
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if terminal and not os.environ.get("NO_COLOR") else ("",) * 3
    head, *body = lay_out(columns, rows, shutil.get_terminal_size().columns if terminal else None)
    print(f"{bold}{head}{plain}")
    for line in body:
        print(line)
    if footer:
        print(f"{dim}{footer}{plain}")


def lay_out(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int | None) -> list[str]:
    """The lines of a table, the header first, none longer than `width` where its words allow; None: no limit."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    widths[1:-1] = [min(width, _WIDEST) for width in widths[1:-1]]
    if width is not None:
        room = width - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)
        if room < min(widths[-1], _NARROWEST):
            return _below_each_other(columns, rows, width)
        widths[-1] = min(widths[-1], room)
    lines = [_line(columns, widths)]
    for row in rows:
        if width is None:
            lines.append(_line(row, widths))
            continue
        cells = [textwrap.wrap(cell, wide) or [""] for cell, wide in zip(row, widths, strict=True)]
        lines += [_line(parts, widths) for parts in zip_longest(*cells, fillvalue="")]
    return lines


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(cell.ljust(wide) for cell, wide in zip(cells, widths, strict=True)).rstrip()


def _below_each_other(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Each row's first cell on a line of its own, the others below it."""
    indent = " " * _INDENT
    lines = [_GAP.join(columns)]
    for first, *others in rows:
        lines.append(first)
        lines += textwrap.wrap(_GAP.join(filter(None, others)), width, initial_indent=indent, subsequent_indent=indent)
    return lines
