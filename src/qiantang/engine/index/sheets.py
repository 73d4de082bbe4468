"""Cells of a workbook's sheet by row and column, with complaints that name the cell."""

from __future__ import annotations

from typing import Any, Final, NoReturn

import numpy as np

from qiantang.engine.index.errors import CoinToolUnreadable
from qiantang.engine.index.opening import Opened
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

Cell = tuple[int, int]
UNUSED: Final = frozenset({"", "--", "-", "n/a", "na", "#n/a"})
"""What stands in a place that the COIN Tool does not use."""


class Sheet:
    """Cells by row and column as Excel counts them."""

    def __init__(self, book: Opened, name: str) -> None:
        self.name, self.file = name, book.file
        if name not in book.names:
            raise CoinToolUnreadable(
                place=Place(file=book.file), found=", ".join(book.names),
                reason=Text(f"没有工作表“{name}”", f'There is no sheet "{name}"'),
                expected=Text("请使用 COIN Tool 的原始工作簿。",
                              "Use the COIN Tool's own workbook."),
            )  # fmt: skip
        self.rows = book.rows(name)
        self.width = max((len(row) for row in self.rows), default=0)

    def at(self, row: int, column: int) -> Any:
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else ""

    def text(self, row: int, column: int) -> str:
        """The cell's words; empty where the place is unused."""
        value = self.at(row, column)
        said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return "" if said.strip().lower() in UNUSED else said.strip()

    def number(self, row: int, column: int) -> float:
        """The cell's number; NaN where the place is unused."""
        said = self.text(row, column)
        try:
            found = float(said) if said else np.nan
        except ValueError:
            found = np.inf
        if np.isinf(found):
            self.refuse(
                (row, column),
                said,
                Text("单元格不是数值", "The cell is no number"),
                Text("请填数值，缺失的写 n/a。", "Write a number, or n/a when missing."),
            )
        return found

    def refuse(self, cell: Cell, found: str, reason: Text, expected: Text) -> NoReturn:
        place = Place(file=self.file, sheet=self.name, row=cell[0], column=letters(cell[1]))
        raise CoinToolUnreadable(place=place, found=found, reason=reason, expected=expected)


def letters(column: int) -> str:
    """5 is E, 28 is AB."""
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(65 + last)
