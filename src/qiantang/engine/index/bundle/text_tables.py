"""The CSV files of a bundle, written so that equal values give equal bytes, and read back.

Numbers are written with the fewest digits that read back to the same double (at most 17), whole
ones without a point; lines end with a line feed; a missing value is an empty cell.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.bundle.archive import unreadable
from qiantang.engine.index.data import Data
from qiantang.engine.index.tables import written
from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.text import Text

GROUP: Final = "group_"
Row = Mapping[str, str]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def rows_of(raw: bytes, file: str, needed: Sequence[str]) -> tuple[list[str], list[Row]]:
    """Header and rows. Raises `BundleUnreadable` where a column is missing or a row is ragged."""
    try:
        lines = list(csv_rows(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise unreadable(Text(f"{file} 不是 CSV", f"{file} is no CSV"), error) from error
    header = lines[0] if lines else []
    for column in needed:
        if column not in header:
            raise unreadable(Text(f"{file} 缺少列", f"{file} lacks a column"), column)
    if twice := next((c for c in header if header.count(c) > 1), None):
        raise unreadable(Text(f"{file} 有重复的列", f"{file} has a column twice"), twice)
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            said = Text(f"{file} 第 {number} 行长度不对", f"{file}: row {number} is ragged")
            raise unreadable(said, len(cells))
    return header, [dict(zip(header, cells, strict=True)) for cells in lines[1:]]


def table_bytes(data: Data) -> bytes:
    """Units (and years) by columns."""
    head = ["unit", *(["year"] if data.times else [])]
    return csv_bytes(
        [*head, *data.columns],
        ([*_label(data, row), *map(written, map(float, data.values[row]))]
         for row in range(len(data.units))),
    )  # fmt: skip


def results_bytes(index: Index) -> bytes:
    """Score and rank of every element, one line each: the form that spreadsheets filter."""
    scores = index.scores
    return csv_bytes(
        ["unit", *(["year"] if scores.times else []), "element", "score", "rank"],
        (
            [*_label(scores, row), code, written(float(scores.values[row, place])),
             written(float(index.ranks[row, place]))]
            for place, code in enumerate(scores.columns)
            for row in range(len(scores.units))
        ),
    )  # fmt: skip


def filled_bytes(index: Index) -> bytes:
    """The cells that imputation filled, for ever marked, with value and method."""
    timed = bool(index.steps["raw"].times)
    return csv_bytes(
        ["unit", *(["year"] if timed else []), "indicator", "value", "method"],
        (
            [unit, *([year] if timed else []), code, written(value), method]
            for unit, year, code, value, method in index.filled_cells()
        ),
    )


def units_bytes(data: Data, names: Mapping[str, Text]) -> bytes:
    """Who the units are: names in both languages and the groups in which they are compared."""
    groups = sorted(data.groups)
    lines = []
    for row, unit in enumerate(data.units):
        name = names.get(unit) or Text(*(2 * [data.names[row] if data.names else unit]))
        lines.append([*_label(data, row), name.zh, name.en, *(data.groups[g][row] for g in groups)])
    head = ["unit", *(["year"] if data.times else []), "zh", "en"]
    return csv_bytes([*head, *(f"{GROUP}{g}" for g in groups)], lines)


def table_of(raw: bytes, file: str) -> Data:
    """A table of units by columns, back from its bytes. Raises `BundleUnreadable`."""
    header, rows = rows_of(raw, file, ("unit",))
    timed = "year" in header
    columns = [c for c in header if c not in ("unit", "year")]
    values = [[number(row[c], file, c) for c in columns] for row in rows]
    return Data(
        units=tuple(row["unit"] for row in rows),
        columns=tuple(columns),
        values=np.array(values, dtype=float).reshape(len(rows), len(columns)),
        times=tuple(whole(row["year"], file, "year") for row in rows) if timed else (),
    )


def number(text: str, file: str, column: str) -> float:
    try:
        return float(text) if text else math.nan
    except ValueError:
        raise _no_number(text, file, column) from None


def whole(text: str, file: str, column: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _no_number(text, file, column) from None


def _no_number(text: str, file: str, column: str) -> Exception:
    said = Text(f"{file} 的列 {column} 中有非数值", f"{file}, column {column}: no number")
    return unreadable(said, text)


def _label(data: Data, row: int) -> list[object]:
    return [data.units[row], *([data.times[row]] if data.times else [])]
