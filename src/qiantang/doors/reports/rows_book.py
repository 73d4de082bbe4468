"""Rows as one sheet of a workbook, written row by row in bounded memory.

Texts stay texts, ids among them: nothing is run as a formula or taken for a number. Excel keeps
fifteen digits of a number; one with more is written as text, so that none is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from qiantang.doors.reports.errors import TooMuchForExcel
from qiantang.doors.reports.tables_book import FONT
from qiantang.kernel.digits import digits
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text

MOST_ROWS: Final = 1_048_575
"""Of a sheet's 1,048,576 the first holds the names (Excel specifications and limits)."""
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767
_DIGITS: Final = 15
_FIRST_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""


def write_rows(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]], count: int) -> None:
    """Write the ``.xlsx`` file; ``count`` rows are announced. Raises `TooMuchForExcel`, after which
    the file is not to be used."""
    import xlsxwriter

    _allow(count, MOST_ROWS, Text("行", "rows"))
    _allow(len(names), MOST_COLUMNS, Text("列", "columns"))
    safe = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    options = {"constant_memory": True, "tmpdir": str(path.parent), **safe}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = _Sheet(book)
        sheet.head(names)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.put(line, column, value)


class _Sheet:
    """One sheet with the looks of its cells."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet()
        plain = {"font_name": FONT, "font_size": 10}
        self._bold = book.add_format({**plain, "bold": True})
        self._words = book.add_format({**plain, "num_format": "@"})
        self._figure = book.add_format(plain)
        self._day = book.add_format({**plain, "num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({**plain, "num_format": "yyyy-mm-dd hh:mm:ss"})

    def head(self, names: Sequence[str]) -> None:
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            self._text(0, column, name, self._bold)

    def put(self, line: int, column: int, value: Any) -> None:
        match value:
            case None:
                return
            case bool():
                self._sheet.write_boolean(line, column, value, self._figure)
            case int() | float() | Decimal() if _is_kept(value):
                self._sheet.write_number(line, column, value, self._figure)
            case datetime() if value.date() >= _FIRST_DAY:
                self._sheet.write_datetime(line, column, _local(value), self._moment)
            case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
                self._sheet.write_datetime(line, column, value, self._day)
            case Decimal():
                self._text(line, column, digits(value), self._words)
            case _:
                self._text(line, column, str(value), self._words)

    def _text(self, line: int, column: int, text: str, look: Any) -> None:
        _allow(len(text), MOST_CHARACTERS, Text("个字符的单元格内容", "characters in one cell"))
        self._sheet.write_string(line, column, text, look)


def _is_kept(value: float | Decimal) -> bool:
    """Whether Excel keeps every digit of the number; it knows no infinity."""
    if isinstance(value, float):
        return value - value == 0
    exact = Decimal(value)
    return exact.is_finite() and len(exact.normalize().as_tuple().digits) <= _DIGITS


def _local(value: datetime) -> datetime:
    """China's time; Excel knows no zones."""
    return value.astimezone(CHINA_TIME).replace(tzinfo=None) if value.tzinfo else value


def _allow(found: int, most: int, what: Text) -> None:
    if found > most:
        raise TooMuchForExcel(found=f"{found:,}", expected=f"{most:,}", what=what)
