"""The rows of a CSV table with the numbers that a spreadsheet gives them; each complete or refused.

A row that ends early may be a file cut off in the middle, one that is too long holds a stray comma:
in neither can it be known which cell belongs to which column.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qiantang.engine.index.errors import (
    CellEmpty,
    CellNotWhole,
    CellUnreadable,
    ColumnMissing,
    ColumnRepeated,
    RowTooLong,
    RowTooShort,
    TableUnreadable,
)
from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.places import Place

MISSING: Final = frozenset({"", "NA", "NaN", "nan", "N/A", "-", "—", "…", ".."})


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells by column. ``number`` counts from 1, the header and blank rows too."""

    file: str
    number: int
    cells: dict[str, str]

    def place(self, column: str) -> Place:
        return Place(file=self.file, row=self.number, column=column)

    def text(self, column: str) -> str:
        """The trimmed cell; empty where there is no such column."""
        return self.cells.get(column, "").strip()

    def needed(self, column: str) -> str:
        """As `text`. Raises `CellEmpty`."""
        found = self.text(column)
        if not found:
            raise CellEmpty(place=self.place(column))
        return found

    def number_in(self, column: str) -> float:
        """The number; NaN where it is missing. Raises `CellUnreadable`."""
        said = self.text(column)
        if said in MISSING:
            return math.nan
        try:
            found = float(said)
        except ValueError:
            found = math.inf
        if not math.isfinite(found):
            raise CellUnreadable(place=self.place(column), found=said)
        return found

    def whole(self, column: str, default: int | None = None) -> int:
        """The whole number, ``default`` where it is missing. Raises `CellNotWhole`."""
        found = self.number_in(column)
        if math.isnan(found) and default is not None:
            return default
        if not found.is_integer():
            raise CellNotWhole(place=self.place(column), found=self.text(column) or '""')
        return int(found)


def records(path: Path, needed: Sequence[str]) -> tuple[tuple[str, ...], tuple[Record, ...]]:
    """The header and every row that is not blank. Raises `TableUnreadable`, `ColumnMissing`,
    `ColumnRepeated`, `RowTooLong`, `RowTooShort`."""
    lines = _lines(path)
    _, first = next(lines, (1, []))
    header = tuple(cell.strip() for cell in first)
    _check_header(header, needed, Place(file=path.name, row=1))
    return header, tuple(_record(path.name, number, header, cells) for number, cells in lines)


def _check_header(header: Sequence[str], needed: Sequence[str], place: Place) -> None:
    known = set(header)
    for column, times in Counter(header).items():
        if column and times > 1:
            raise ColumnRepeated(place=place, found=column)
    for column in needed:
        if column not in known:
            raise ColumnMissing(place=place, found=column, expected=", ".join(header[:20]) or "-")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with any words, and the header whatever it holds."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            for number, cells in enumerate(csv_rows(source), start=1):
                if number == 1 or any(cell.strip() for cell in cells):
                    yield number, cells
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable(place=Place(file=path.name), found=error) from error


def _record(file: str, number: int, header: Sequence[str], cells: list[str]) -> Record:
    """Empty cells beyond the header are nothing; a spreadsheet writes them for clearing."""
    last = max(at for at, cell in enumerate(cells, start=1) if cell.strip())
    if last > len(header):
        beyond = next(at for at in range(len(header), last) if cells[at].strip())
        raise RowTooLong(
            place=Place(file=file, row=number, column=str(beyond + 1)),
            found=len(cells), expected=len(header), cell=cells[beyond].strip(),
        )  # fmt: skip
    if len(cells) < len(header):
        raise RowTooShort(
            place=Place(file=file, row=number, column=header[len(cells)] or str(len(cells) + 1)),
            found=len(cells), expected=len(header),
        )  # fmt: skip
    return Record(file, number, dict(zip(header, cells, strict=False)))
