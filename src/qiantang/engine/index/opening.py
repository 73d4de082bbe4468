"""Opens the workbooks of an index, and measures a sheet before any of it is laid out.

Readers of workbooks lay out every cell up to the farthest one, so a sheet that holds only A1 and
XFD1048576 would take hundreds of gigabytes. Here a sheet is refused by what its XML says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from qiantang.engine.index.errors import SheetTooLarge
from qiantang.engine.quality.reading.excel_parts import Cell, Parts, SheetPart, letters_of
from qiantang.engine.quality.reading.extent import Extent
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.shapes import MIB, ReadingLimits
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 2_000_000
"""More is a mistake of formatting, not an index: the widest has a column for each indicator."""
_LIMITS: Final = ReadingLimits(workbook=128 * MIB, cells=2**40)
"""Cells are bounded by those that are filled: formats alone may reach anywhere."""
_ENDINGS: Final = (".xlsx", ".xlsm")
_OTHER: Final = Text("不是 .xlsx 或 .xlsm 文件", "it is no .xlsx or .xlsm file")


class Opened:
    """A workbook whose sheets are measured first."""

    def __init__(self, file: str, parts: Parts, book: CalamineWorkbook) -> None:
        self.file, self.names = file, tuple(book.sheet_names)
        self._parts, self._book = parts, book

    def rows(self, name: str) -> list[list[Any]]:
        """Every cell of the sheet ``name`` from A1. Raises `SheetTooLarge`."""
        for sheet in self._sheets(name):
            self._check(name, self._parts.extent(sheet))
        return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def unvalued(self, name: str) -> Cell | None:
        """The first formula of the sheet without a stored result: row from 1, column from 0."""
        found = (cell for s in self._sheets(name) for cell in self._parts.marks(s).unvalued)
        return next(found, None)

    def _sheets(self, name: str) -> Iterator[SheetPart]:
        return (sheet for sheet in self._parts.sheets() if sheet.name == name)

    def _check(self, name: str, extent: Extent) -> None:
        if extent.columns > MOST_COLUMNS or extent.cells > MOST_CELLS:
            raise SheetTooLarge(
                place=Place(file=self.file, sheet=name),
                found=f"{extent.rows:,} × {extent.columns:,}",
                last=f"{letters_of(extent.columns - 1)}{extent.rows}",
                columns=f"{MOST_COLUMNS:,}",
                expected=f"{MOST_CELLS:,}",
            )


@contextmanager
def opened(path: Path, unreadable: Callable[[Text], QiantangError]) -> Iterator[Opened]:
    """The workbook at ``path``. Raises what ``unreadable`` makes of the reason where it is none,
    and errors of `quality.reading` where it is damaged, locked or too large unfolded."""
    with SentFile(path, _LIMITS) as sent:
        if sent.kind != "xlsx" or sent.packed or path.suffix.lower() not in _ENDINGS:
            raise unreadable(_OTHER)
        parts = Parts(sent)
        try:
            parts.check()
            yield Opened(path.name, parts, _book(path, unreadable))
        finally:
            parts.close()


def _book(path: Path, unreadable: Callable[[Text], QiantangError]) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise unreadable(Text(str(error), str(error))) from None
