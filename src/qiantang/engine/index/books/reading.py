"""Reads the workbook of an index: texts of cells with the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from qiantang.engine.index.books.layout import (
    FIGURES,
    METHOD,
    STRUCTURE,
    UNIT_COLUMNS,
    VALUE,
    is_group,
)
from qiantang.engine.index.errors import BookUnreadable
from qiantang.engine.index.opening import Opened, opened
from qiantang.engine.index.tables import written
from qiantang.engine.quality.reading.excel_parts import letters_of
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its cells by column key, and its number as Excel counts."""

    sheet: str
    number: int
    cells: dict[str, str]

    @property
    def filled(self) -> bool:
        """Whether the row holds more than what names its unit."""
        named = ("unit", "zh", "en", "year")
        return any(v for k, v in self.cells.items() if k not in named and not is_group(k))

    def place(self, file: str, column: str = "") -> Place:
        return Place(file=file, sheet=self.sheet, row=self.number, column=column or None)


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook says: rows of structure and figures, headers, and the method by key."""

    file: str
    structure: tuple[Line, ...]
    columns: tuple[str, ...]
    """Keys of the structure's columns, as they stand."""
    figures: tuple[Line, ...]
    figure_columns: tuple[str, ...]
    method: dict[str, Line] = field(default_factory=dict)

    @property
    def leaves(self) -> tuple[str, ...]:
        """Columns of the figures that hold an indicator or a size."""
        return tuple(c for c in self.figure_columns if c not in UNIT_COLUMNS and not is_group(c))

    def said(self, key: str) -> str:
        """The value of a row of the method; nothing where it is empty or absent."""
        line = self.method.get(key)
        return line.cells[VALUE] if line else ""


def read_book(path: Path) -> Book:
    """The workbook at ``path``. Raises `BookUnreadable`, naming the sheet, `SheetTooLarge`, and
    errors of `quality.reading` for damaged files."""

    def unreadable(found: Text) -> BookUnreadable:
        reason = Text("不是可以读取的 Excel 工作簿（{found}）", "It is no Excel workbook ({found})")
        return BookUnreadable(
            place=Place(file=path.name), reason=reason.format(found=found), expected=_HOW
        )

    with opened(path, unreadable) as book:
        columns, structure = _table(book, STRUCTURE)
        figure_columns, figures = _table(book, FIGURES)
        _, method = _table(book, METHOD, needed=("key", VALUE))
    return Book(
        path.name, structure, columns, figures, figure_columns,
        {line.cells["key"]: line for line in method if line.cells["key"]},
    )  # fmt: skip


_HOW: Final = Text(
    "请用 qiantang index template 写出模板再填写。",
    "Write a template with qiantang index template and fill it.",
)


def _table(
    book: Opened, name: str, needed: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """The keys of the header and every row that is not blank."""
    rows = _rows(book, name)
    header = tuple(_key(cell) for cell in rows[0]) if rows else ()
    named = [key for key in header if key]
    twice = next((key for key in named if named.count(key) > 1), "")
    absent = next((key for key in needed if key not in named), "")
    if not named or twice or absent:
        reason = Text("表头为空", "The header is empty")
        if twice:
            reason = Text(f"“{twice}”列出现两次", f'The column "{twice}" stands twice')
        elif absent:
            reason = Text(f"缺少“{absent}”列", f'The column "{absent}" is missing')
        place = Place(file=book.file, sheet=name, row=1, column=twice or absent or None)
        raise BookUnreadable(place=place, reason=reason, expected=_HOW)
    return tuple(named), tuple(_lines(rows, header, name))


def _rows(book: Opened, name: str) -> list[list[Any]]:
    """The cells of the sheet whose name has the Chinese or the English word of ``name``."""
    words = [word.casefold() for word in name.split(" ")]
    found = next((s for s in book.names if any(w in s.casefold() for w in words)), None)
    if found is None:
        said = "、".join(book.names)
        raise BookUnreadable(
            place=Place(file=book.file),
            reason=Text(
                f"没有工作表“{name}”，现有：{said}", f'No sheet "{name}"; there are: {said}'
            ),
            expected=_HOW,
        )
    rows = book.rows(found)
    _need_results(book, found)
    return rows


def _need_results(book: Opened, sheet: str) -> None:
    """Refuse formulas that were written but never computed: they would be read as gaps."""
    if (cell := book.unvalued(sheet)) is not None:
        raise BookUnreadable(
            place=Place(file=book.file, sheet=sheet, row=cell[0], column=letters_of(cell[1])),
            reason=Text("公式没有计算结果", "A formula has no stored result"),
            expected=Text(
                "请在 Excel 中打开并保存，或改填数值。",
                "Open and save the workbook in Excel, or write the figure.",
            ),
        )


def _lines(rows: list[list[Any]], header: tuple[str, ...], name: str) -> Iterator[Line]:
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: text(cell) for key, cell in zip(header, row, strict=False) if key}
        if any(cells.values()):
            yield Line(name, number, cells)


def _key(cell: object) -> str:
    """The last line of a header."""
    lines = text(cell).splitlines()
    return lines[-1].strip() if lines else ""


def text(cell: object) -> str:
    """A cell as text: whole numbers without a point, others so that they read back the same."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return written(float(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell).strip() if cell is not None else ""
