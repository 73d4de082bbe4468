"""A CSV file with a header: rows by column name, each with the row that Excel shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.parser_words import csv_cause
from qiantang.packkit.problems import nearest

if TYPE_CHECKING:
    from qiantang.packkit.files import PackFiles

A_DATE: Final = Text("日期（如 2017-04-27）", "a date (such as 2017-04-27)")
A_NUMBER: Final = Text("数字", "a number")


@dataclass(frozen=True, slots=True)
class Row:
    """One record; ``number`` counts from 1 with the header as row 1."""

    number: int
    cells: Mapping[str, str]
    sheet: Sheet

    def place(self, column: str) -> Place:
        return self.sheet.files.place(self.sheet.name, row=self.number, column=column)

    def problem(self, code: str, column: str, *, near: str = "", **fields: Any) -> None:
        self.sheet.files.findings.add(code, self.place(column), near=near, **fields)

    def text(self, column: str, *, required: bool = True) -> str:
        value = self.cells.get(column, "").strip()
        if required and not value and column in self.sheet.header:
            self.problem("pack.cell_empty", column)
        return value

    def day(self, column: str, *, required: bool = False) -> date | None:
        value = self.text(column, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.problem("pack.cell_malformed", column, found=value, expected=A_DATE)
            return None

    def decimal(self, column: str) -> Decimal | None:
        value = self.text(column)
        number = decimal_of(value)
        if value and number is None:
            self.problem("pack.cell_malformed", column, found=value, expected=A_NUMBER)
        return number

    def choice(self, column: str, valid: Sequence[str]) -> str:
        """One of ``valid``, else nothing and a problem."""
        value = self.text(column)
        if value and value not in valid:
            self.problem("pack.value_not_allowed", column, key=column, found=value,
                         expected=", ".join(valid), near=nearest(value, valid))  # fmt: skip
            return ""
        return value


@dataclass(slots=True)
class Sheet:
    """The header and the records of a CSV file."""

    files: PackFiles
    name: str
    header: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    complete: bool = True
    """False when a row had to be left out."""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def require(self, columns: Iterable[str], allowed: Iterable[str] | None = None) -> bool:
        """Whether the header has ``columns``; with ``allowed``, nothing but those two."""
        wanted = list(columns)
        missing = [c for c in wanted if c not in self.header]
        for column in missing:
            self._problem("pack.column_missing", column, near=nearest(column, self.header),
                          expected=", ".join(wanted))  # fmt: skip
        if allowed is not None:
            valid = [*wanted, *allowed]
            for column in self.header:
                if column not in valid:
                    self._problem("pack.column_unknown", column, near=nearest(column, valid),
                                  expected=", ".join(valid))  # fmt: skip
        return not missing

    def _problem(self, code: str, column: str, *, near: str = "", **fields: Any) -> None:
        place = self.files.place(self.name, row=1, column=column)
        self.files.findings.add(code, place, near=near, found=column, **fields)


def read_sheet(text: str, files: PackFiles, name: str) -> Sheet | None:
    """Read CSV text; ragged rows are reported and left out, blank ones passed over."""
    reader = csv_rows(io.StringIO(text, newline=""), strict=True)
    sheet: Sheet | None = None
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if sheet is None:
                sheet = Sheet(files, name, _header(cells, files, name))
            elif len(cells) != len(sheet.header):
                sheet.complete = False
                files.findings.add("pack.row_ragged", files.place(name, row=number),
                                   found=len(cells), expected=len(sheet.header))  # fmt: skip
            else:
                sheet.rows.append(Row(number, dict(zip(sheet.header, cells, strict=True)), sheet))
    except csv.Error as error:
        place = files.place(name, row=number + 1)
        files.findings.add("pack.broken_csv", place, cause=csv_cause(str(error)), reason=error)
        return None
    return sheet


def decimal_of(text: str) -> Decimal | None:
    """A finite number in plain digits, or None; thousands separators are not numbers."""
    try:
        number = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _header(cells: list[str], files: PackFiles, name: str) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in cells)
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            place = files.place(name, row=1, column=column)
            files.findings.add("pack.column_repeated", place, found=column)
    return header
