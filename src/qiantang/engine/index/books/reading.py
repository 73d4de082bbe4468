"""Reads the workbook of an index: texts of cells with the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from qiantang.engine.index.books.layout import (
    FIGURES,
    METHOD,
    STRUCTURE,
    UNIT_COLUMNS,
    VALUE,
    is_group,
)
from qiantang.engine.index.errors import BookUnreadable
from qiantang.engine.index.tables import written
from qiantang.engine.quality.reading.excel_parts import Parts, letters_of
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.shapes import ReadingLimits
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

MOST: Final = 2_000_000
"""Cells of a sheet that are read; more is a mistake of formatting, not an index."""


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
    """The workbook at ``path``. Raises `BookUnreadable`, naming the sheet."""
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise BookUnreadable(
            place=Place(file=path.name),
            reason=Text(
                f"不是可以读取的 Excel 工作簿（{error}）", f"It is no Excel workbook ({error})"
            ),
            expected=_HOW,
        ) from None
    _need_results(path)
    columns, structure = _table(book, STRUCTURE, path.name)
    figure_columns, figures = _table(book, FIGURES, path.name)
    _, method = _table(book, METHOD, path.name, needed=("key", VALUE))
    return Book(
        path.name, structure, columns, figures, figure_columns,
        {line.cells["key"]: line for line in method if line.cells["key"]},
    )  # fmt: skip


def _need_results(path: Path) -> None:
    """Refuse formulas that were written but never computed: they would be read as gaps."""
    with SentFile(path, ReadingLimits()) as sent:
        if sent.kind != "xlsx":
            return
        parts = Parts(sent)
        try:
            for sheet in parts.sheets():
                for row, column in parts.marks(sheet).unvalued[:1]:
                    letters = letters_of(column)
                    raise BookUnreadable(
                        place=Place(file=path.name, sheet=sheet.name, row=row, column=letters),
                        reason=Text("公式没有计算结果", "A formula has no stored result"),
                        expected=Text(
                            "请在 Excel 中打开并保存，或改填数值。",
                            "Open and save the workbook in Excel, or write the figure.",
                        ),
                    )
        finally:
            parts.close()


_HOW: Final = Text(
    "请用 qiantang index template 写出模板再填写。",
    "Write a template with qiantang index template and fill it.",
)


def _table(
    book: CalamineWorkbook, name: str, file: str, needed: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """The keys of the header and every row that is not blank."""
    rows = _rows(book, name, file)
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
        place = Place(file=file, sheet=name, row=1, column=twice or absent or None)
        raise BookUnreadable(place=place, reason=reason, expected=_HOW)
    return tuple(named), tuple(_lines(rows, header, name))


def _rows(book: CalamineWorkbook, name: str, file: str) -> list[list[Any]]:
    """The cells of the sheet whose name has the Chinese or the English word of ``name``."""
    words = [word.casefold() for word in name.split(" ")]
    found = next((s for s in book.sheet_names if any(w in s.casefold() for w in words)), None)
    if found is None:
        said = "、".join(book.sheet_names)
        raise BookUnreadable(
            place=Place(file=file),
            reason=Text(
                f"没有工作表“{name}”，现有：{said}", f'No sheet "{name}"; there are: {said}'
            ),
            expected=_HOW,
        )
    rows = book.get_sheet_by_name(found).to_python(skip_empty_area=False)
    if sum(len(row) for row in rows[:1]) * len(rows) > MOST:
        raise BookUnreadable(
            place=Place(file=file, sheet=name),
            reason=Text("单元格过多", "There are too many cells"),
            expected=Text("请删去空白的行列。", "Delete the blank rows and columns."),
        )
    return rows


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
