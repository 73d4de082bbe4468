"""Workbooks as tables: bulk reading with fastexcel, what it drops put back from the marks.

A sheet is held in memory whole (bounded by `ReadingLimits.cells`); dates become ISO text, whole
numbers have no ``.0``, other figures have Excel's 15 digits, errors stay as Excel writes them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.biff_formats import old_forms
from qiantang.engine.quality.reading.errors import (
    FileDamaged,
    PasswordProtected,
    SheetTooLarge,
    SheetUnknown,
    TooManyColumns,
)
from qiantang.engine.quality.reading.excel_parts import (
    Parts,
    SheetMarks,
    SheetPart,
    letters_of,
)
from qiantang.engine.quality.reading.excel_styles import OCTOBER, Shown, as_kept, as_shown
from qiantang.engine.quality.reading.figures import LARGE, excel_text
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.number_formats import UnitForm
from qiantang.engine.quality.reading.shapes import Doubt, RawRow, SheetInfo
from qiantang.engine.quality.reading.tables import MORE, ROW, TAIL_ROWS, nulled
from qiantang.kernel.text import Text

_SLICE: Final = 100_000
_DAY: Final = r"^\d{4}-\d\d-\d\d$"
_OCTOBER: Final = re.compile(OCTOBER)
_ERROR: Final = re.compile(r"got 'Error\((\w+)\)'")
_ERRORS: Final = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
"""What Excel shows for the errors that the bulk reader names."""


class Workbook:
    """An XLSX or XLS file, checked for safety before any reader opens it."""

    def __init__(self, sent: SentFile) -> None:
        self.sent = sent
        self.parts: Parts | None = None
        if sent.kind == "xlsx":
            self.parts = Parts(sent)
            try:
                self.parts.check()
                self.listed = self.parts.sheets()
            except BaseException:
                self.parts.close()
                raise
        else:
            self.listed = tuple(_old_sheets(sent))
        self._tables: dict[str, SheetTable] = {}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(s.name for s in self.listed)

    def table(self, name: str | None) -> SheetTable:
        """The table of a sheet; None: the first. Raises `SheetUnknown`."""
        chosen = name if name is not None else self.sheet_names[0]
        if chosen not in self.sheet_names:
            names = self.sheet_names
            expected = Text("、".join(names), ", ".join(names))
            raise SheetUnknown(found=chosen, expected=expected, place=self.sent.place)
        if chosen not in self._tables:
            part = next(s for s in self.listed if s.name == chosen)
            self._tables[chosen] = SheetTable(self, part)
        return self._tables[chosen]


class SheetTable:
    """One sheet, read whole on first use."""

    names: tuple[str, ...] | None = None

    def __init__(self, book: Workbook, part: SheetPart) -> None:
        self.book, self.part, self.format = book, part, book.sent.kind
        self._frame: pl.DataFrame | None = None
        self.marks = SheetMarks()
        self.beside = 0
        """Rows with values to the right of the header's last column."""
        self.formats: dict[int, dict[tuple[str, int], list[int]]] = {}
        """Position -> (unit, power of ten that figures are shown divided by) -> rows (from 1) with
        such a format whose figures stand as they are stored."""
        self.coarse: dict[int, dict[Shown, list[int]]] = {}
        """Position -> month or year -> rows (from 1) with a day that their cells show as such."""
        self.forms_known = True
        """Whether the number formats of its cells could be read."""
        self.left = 0
        """Columns left of the first used one, which the reader does not give."""

    @property
    def frame(self) -> pl.DataFrame:
        """Columns ``c0`` .. and ``_row``, all rows of the sheet from its first."""
        if self._frame is None:
            load = _load_new if self.book.parts else _load_old
            self._frame = load(self)
        return self._frame

    def release(self) -> None:
        """Let the cells go now: table and workbook hold each other."""
        self._frame = None

    @property
    def width(self) -> int:
        return self.frame.width - 1

    def head(self) -> tuple[RawRow, ...]:
        return _raw(self.frame.head(self.book.sent.limits.head_rows))

    def tail(self) -> tuple[RawRow, ...]:
        if self.frame.height <= self.book.sent.limits.head_rows:
            return ()
        return _raw(self.frame.tail(TAIL_ROWS))

    def frames(self, width: int) -> Iterator[pl.DataFrame]:
        kept = [f"c{i}" for i in range(min(width, self.width))]
        lacking = [pl.lit(None, pl.String).alias(f"c{i}") for i in range(self.width, width)]
        extra = [f"c{i}" for i in range(width, self.width)]
        beside = (
            self.frame.select(pl.any_horizontal(pl.col(extra).is_not_null())) if extra else None
        )
        self.beside = 0 if beside is None else int(beside.to_series().sum())
        # Values in a sheet cannot shift: what stands beside the table is told, not set aside.
        nothing = pl.lit(None, pl.String).alias(MORE)
        for start in range(0, self.frame.height, _SLICE):
            yield self.frame.slice(start, _SLICE).select(*kept, *lacking, ROW, nothing)

    def sheets(self) -> tuple[SheetInfo, ...]:
        return (SheetInfo(self.part.name, self.frame.height, self.width, self.part.visible, True),)

    def merged(self) -> dict[tuple[int, int], str]:
        """The text of each merged range for every cell in it, near the top of the sheet."""
        texts: dict[tuple[int, int], str] = {}
        if not self.frame.height:
            return texts
        last = self.book.sent.limits.head_rows
        for top, left, bottom, right in self.marks.merges:
            if top > last:
                continue
            text = self._text(top, left)
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, min(right, left + 2000) + 1):
                    texts[row, column - self.left] = text
        return texts

    def _text(self, row: int, column: int) -> str:
        name = f"c{column - self.left}"
        first = self.frame[ROW][0] if self.frame.height else 1
        at = row - int(first)
        if name not in self.frame.columns or not 0 <= at < self.frame.height:
            return ""
        return self.frame[name][at] or ""

    def doubts(self) -> tuple[Doubt, ...]:
        found = []
        if self.marks.unvalued:
            found.append(
                say.formulas_without_values(
                    len(self.marks.unvalued), _cell_name(self.marks.unvalued[0])
                )
            )
        if self.marks.lost:
            found.append(say.digits_lost(len(self.marks.lost), _cell_name(self.marks.lost[0])))
        found += _about_runs(self.marks)
        if self.beside:
            found.append(say.beside_table(self.beside))
        if not self.part.visible:
            found.append(say.hidden_sheet(self.part.name))
        return tuple(found)


def _about_runs(marks: SheetMarks) -> Iterator[Doubt]:
    """What was left out of cells, or stands struck out in them."""
    if marks.noted:
        at, note = next(iter(marks.noted.items()))
        yield say.notes_left_out(len(marks.noted), _cell_name(at), note)
    if marks.struck:
        at, struck = next(iter(marks.struck.items()))
        yield say.struck_left_out(len(marks.struck), _cell_name(at), struck)
    if marks.cancelled:
        yield say.struck_cells(len(marks.cancelled), _cell_name(next(iter(marks.cancelled))))


def _raw(rows: pl.DataFrame) -> tuple[RawRow, ...]:
    cells = rows.drop(ROW).rows()
    return tuple(RawRow(n, c) for n, c in zip(rows[ROW].to_list(), cells, strict=True))


def _cell_name(cell: tuple[int, int]) -> str:
    return f"{letters_of(cell[1])}{cell[0]}"


def _load_new(table: SheetTable) -> pl.DataFrame:
    import fastexcel

    book, sent = table.book, table.book.sent
    assert book.parts is not None
    table.marks = book.parts.marks(table.part)
    _check_columns(table.marks.columns, sent)
    if table.marks.unplaced:
        return _load_old(table)
    try:
        reader = fastexcel.read_excel(str(sent.on_disk()))
        sheet = reader.load_sheet(table.part.name, header_row=None, skip_rows=0, dtypes="string")
        frame = sheet.to_polars() if sheet.height and sheet.width else pl.DataFrame()
    except fastexcel.FastExcelError as error:
        raise FileDamaged(kind="XLSX", found=_first_line(error), place=sent.place) from error
    _check_columns(frame.width, sent)
    if table.marks.placed:
        table.left = 0 if table.marks.first_column_used else _left(table)
    return _patched(_shown(_kept(_dated(_numbered(frame)), table), table), table)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    names = [f"c{i}" for i in range(frame.width)]
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    rows = pl.Series(ROW, range(1, frame.height + 1), pl.Int64)
    return (nulled(frame, names) if names else frame).with_columns(rows)


def _dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates without midnight, times without Excel's day zero."""
    midnight, day_zero = r"^(\d{4}-\d\d-\d\d) 00:00:00$", r"^1899-12-3[01] (\d\d:\d\d:\d\d.*)$"
    texts = [c for c in frame.columns if c != ROW]
    if not texts or not frame.height:
        return frame
    zero = pl.col(texts).str.contains(r"^\d{4}-\d\d-\d\d \d\d:")
    dated = frame.select(zero.any())
    touched = [c for c in texts if dated[c][0]]
    return frame.with_columns(
        [pl.col(c).str.replace(midnight, "$1").str.replace(day_zero, "$1") for c in touched]
    )


def _kept(frame: pl.DataFrame, table: SheetTable) -> pl.DataFrame:
    """Figures with the digits that Excel keeps, where the bulk reader gives others."""
    for column, figures in table.marks.long.items():
        name = f"c{column - table.left}"
        if name in frame.columns:
            frame = frame.with_columns(as_kept(frame[name], figures.rows, figures.values))
    return frame


def _shown(frame: pl.DataFrame, table: SheetTable) -> pl.DataFrame:
    """Percentages, months, years and units as the sheet shows them."""
    first = int(frame[ROW][0]) if frame.height else 1
    for kind, cells in table.marks.shown.items():
        by_column: dict[str, list[int]] = {}
        for row, column in cells:
            if first <= row < first + frame.height:
                by_column.setdefault(f"c{column - table.left}", []).append(row - first)
        for name, rows in by_column.items():
            if name not in frame.columns:
                continue
            if isinstance(kind, UnitForm) and kind.mark:
                marked = table.formats.setdefault(int(name[1:]), {})
                marked.setdefault(kind.mark, []).extend(row + first for row in rows)
            if not isinstance(kind, UnitForm) or kind.written:
                frame = frame.with_columns(as_shown(frame[name], kind, rows))
            if kind is Shown.MONTH or kind is Shown.YEAR:
                days = frame[name].gather(rows).str.contains(_DAY).fill_null(value=False)
                kept = [rows[i] + first for i in days.arg_true()]
                table.coarse.setdefault(int(name[1:]), {})[kind] = kept
    return frame


def _patched(frame: pl.DataFrame, table: SheetTable) -> pl.DataFrame:
    """The texts that the bulk reader lost, put back."""
    by_column: dict[str, dict[int, str]] = {}
    for (row, column), text in table.marks.texts.items():
        name = f"c{column - table.left}"
        if name in frame.columns and 1 <= row <= frame.height:
            by_column.setdefault(name, {})[row - 1] = text
    for name, texts in by_column.items():
        values = frame[name].scatter(list(texts), list(texts.values()))
        frame = frame.with_columns(values)
    return frame


def _left(table: SheetTable) -> int:
    """The first used column, asked of the reader that knows it."""
    start = _calamine_sheet(table).start
    return int(start[1]) if start else 0


def _calamine_sheet(table: SheetTable) -> Any:
    import python_calamine

    book = python_calamine.load_workbook(str(table.book.sent.on_disk()))
    return book.get_sheet_by_name(table.part.name)


def _old_sheets(sent: SentFile) -> Iterator[SheetPart]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(sent.on_disk()))
    except python_calamine.PasswordError as error:
        raise PasswordProtected(kind="Excel", place=sent.place) from error
    except python_calamine.CalamineError as error:
        if "password" in str(error).lower():
            raise PasswordProtected(kind="Excel", place=sent.place) from error
        raise FileDamaged(kind="XLS", found=_first_line(error), place=sent.place) from error
    for sheet in book.sheets_metadata:
        visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
            yield SheetPart(sheet.name, "", visible)


def _load_old(table: SheetTable) -> pl.DataFrame:
    import python_calamine

    sent = table.book.sent
    try:
        sheet = _calamine_sheet(table)
        _check_columns(sheet.width, sent)
        _check_cells(sheet.total_height, sheet.width, sent)
        rows = sheet.to_python(skip_empty_area=True)
    except python_calamine.CalamineError as error:
        raise FileDamaged(kind="XLS", found=_first_line(error), place=sent.place) from error
    top, table.left = sheet.start or (0, 0)
    merges = sheet.merged_cell_ranges or []
    table.marks.merges = [(a + 1, b, c + 1, d) for (a, b), (c, d) in merges]
    width = max((len(r) for r in rows), default=0)
    columns = [[] for _ in range(width)]  # type: list[list[str | None]]
    octobers = set()
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            columns[c].append(text := cell_text(value))
            if isinstance(value, float) and abs(value) >= LARGE:
                table.marks.lost.append((top + r + 1, table.left + c))
            if isinstance(value, float) and text and _OCTOBER.fullmatch(text):
                octobers.add((top + r + 1, table.left + c))
    numbers = pl.Series(ROW, range(top + 1, top + 1 + len(rows)), pl.Int64)
    texts = [pl.Series(f"c{i}", column, pl.String) for i, column in enumerate(columns)]
    frame = pl.DataFrame([*texts, numbers])
    if sent.kind == "xls":
        forms = old_forms(sent.on_disk().read_bytes(), table.part.name, octobers)
        table.forms_known, table.marks.shown = forms is not None, forms or {}
        frame = _shown(frame, table)
    return _with_errors(frame, table, top) if _may_hold_errors(frame) else frame


def _may_hold_errors(frame: pl.DataFrame) -> bool:
    """Error cells come as empty ones."""
    return any(frame[name].null_count() for name in frame.columns)


def _with_errors(frame: pl.DataFrame, table: SheetTable, top: int) -> pl.DataFrame:
    """The error cells of a sheet, asked of the reader that tells them."""
    import fastexcel

    try:
        reader = fastexcel.read_excel(str(table.book.sent.on_disk()))
        sheet = reader.load_sheet(table.part.name, header_row=None, skip_rows=0, dtypes="string")
        _, told = sheet.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise FileDamaged(
            kind="XLS", found=_first_line(error), place=table.book.sent.place
        ) from error
    by_column: dict[str, dict[int, str]] = {}
    for each in told.errors if told else ():
        failed = _ERROR.search(each.detail)
        row, column = each.offset_position
        if failed:
            by_column.setdefault(f"c{column}", {})[row - top] = _ERRORS.get(failed[1], "#VALUE!")
    for name, texts in by_column.items():
        frame = frame.with_columns(frame[name].scatter(list(texts), list(texts.values())))
    return frame


def cell_text(value: object) -> str | None:
    """A cell's value as text, a figure as Excel shows it; None for an empty one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return excel_text(value)
    if isinstance(value, dt.datetime):
        text = value.isoformat(sep=" ")
        return text.removesuffix(" 00:00:00")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _check_columns(width: int, sent: SentFile) -> None:
    if width > sent.limits.columns:
        raise TooManyColumns(found=width, expected=sent.limits.columns, place=sent.place)


def _check_cells(rows: int, columns: int, sent: SentFile) -> None:
    if rows * columns > sent.limits.cells:
        limit = f"{sent.limits.cells:,}"
        raise SheetTooLarge(found=f"{rows} × {columns}", expected=limit, place=sent.place)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
