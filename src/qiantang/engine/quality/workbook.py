"""The set-aside rows as a workbook: the raw cells, what is wrong and how to mend it beside them.

All cells are text, so that the spreadsheet changes no id and computes no formula. The workbook
has the source's headings and can be corrected and sent again as it is: readers leave out the
columns named in `headings`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.examination import Examination, load_examination
from qiantang.engine.quality.headings import HOW_TO_FIX, PROBLEMS, SOURCE_ROW, SOURCE_SHEET
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource

MOST_ROWS: Final = 1_048_575
"""What a sheet holds below its heading."""
MOST_COMMENTS: Final = 2_000
LONGEST_CELL: Final = 32_767
BOOK_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SLICE: Final = 10_000
_SHEET: Final = Text("剔出行", "Set-aside rows")
_HOW: Final = Text(
    "请在原列中修改标红的单元格，然后直接重新提交本文件；后四列由平台添加，提交时会被忽略。",
    "Correct the red cells in their columns and send this file again as it is; the last four "
    "columns were added by the platform and are ignored.",
)
_KEY: Final = ["_sheet", "_row"]


def set_aside_workbook(folder: Path, resource: Resource, path: Path, lang: str = "zh") -> Path:
    """Write the workbook of an examination's set-aside rows to ``path``.

    Rows beyond what a sheet holds are left out. Raises `ExaminationMissing`.
    """
    found = load_examination(folder, resource)
    with book_at(path) as book:
        _Sheet(book, found, resource, lang).fill()
    return path


@contextmanager
def book_at(path: Path) -> Iterator[Any]:
    """A workbook to fill, whose file is written at the end and in one go: one that finds no room
    on the disk is an error of the system like any other (the writer has errors of its own, and
    tries aloud to close what it could not write)."""
    from xlsxwriter import Workbook

    held = io.BytesIO()
    with Workbook(held, BOOK_OPTIONS) as book:
        yield book
    path.write_bytes(held.getbuffer())


class _Sheet:
    """The one sheet of the workbook."""

    def __init__(self, book: Any, found: Examination, resource: Resource, lang: str) -> None:
        self._found, self._resource, self._lang = found, resource, lang
        self._fields = list(found.columns) or [field.id for field in resource.fields]
        self._headings = [found.columns.get(name) or self._name(name) for name in self._fields]
        self._sheet = book.add_worksheet(_SHEET.in_(lang))
        self._text = book.add_format({"num_format": "@"})
        self._bad = book.add_format({"num_format": "@", "bg_color": "#F8CBAD", "bold": True})
        self._note = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
        self._added = book.add_format({"num_format": "@", "bold": True, "bg_color": "#FFF2CC"})
        self._comments = 0

    def fill(self) -> None:
        self._top()
        line = 0
        for rows, problems in self._slices():
            for row in rows.iter_rows(named=True):
                line += 1
                self._row(line, row, problems.get((row["_sheet"], row["_row"]), []))

    def _top(self) -> None:
        width = len(self._fields)
        self._sheet.set_column(0, width - 1, 18, self._text)
        self._sheet.set_column(width, width + 1, 50, self._text)
        self._sheet.set_column(width + 2, width + 3, 14, self._text)
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading, self._head)
        for place, added in enumerate((PROBLEMS, HOW_TO_FIX, SOURCE_SHEET, SOURCE_ROW)):
            self._sheet.write_string(0, width + place, added.in_(self._lang), self._added)
        self._sheet.write_comment(0, width, _HOW.in_(self._lang), {"x_scale": 3})
        self._sheet.freeze_panes(1, 0)

    def _row(self, line: int, row: Mapping[str, Any], problems: list[Mapping[str, Any]]) -> None:
        wrong: dict[str, list[str]] = {}
        for problem in problems:
            wrong.setdefault(problem["field"], []).append(problem[f"text_{self._suffix}"])
        for place, name in enumerate(self._fields):
            value = (row[name] or "")[:LONGEST_CELL]
            if value or name in wrong:
                style = self._bad if name in wrong else self._text
                self._write(line, place, value, style)
            if name in wrong and self._comments < MOST_COMMENTS:
                self._comments += 1
                self._sheet.write_comment(line, place, "\n".join(wrong[name]), {"x_scale": 2})
        width = len(self._fields)
        texts = list(dict.fromkeys(p[f"text_{self._suffix}"] for p in problems))
        hints = list(dict.fromkeys(p[f"hint_{self._suffix}"] for p in problems))
        notes = (_lines(texts), _lines(hints), row["_sheet"] or "", str(row["_row"]))
        for place, note in enumerate(notes):
            self._sheet.write_string(line, width + place, note[:LONGEST_CELL], self._note)

    def _write(self, line: int, place: int, value: str, style: Any) -> None:
        if value:
            self._sheet.write_string(line, place, value, style)
        else:
            self._sheet.write_blank(line, place, None, style)

    def _slices(self) -> Iterator[tuple[pl.DataFrame, Mapping[tuple[str, int], list[Any]]]]:
        """The rows in the order of the source, some at a time, with their problems."""
        rows = pl.scan_parquet(self._found.rows_file)
        places = rows.select(_KEY).with_row_index("at").sort(_KEY).head(MOST_ROWS).collect()
        shown = ("sheet", "row", "field", f"text_{self._suffix}", f"hint_{self._suffix}")
        problems = (
            pl.scan_parquet(self._found.problems_file).filter(severity="set-aside").select(shown)
        )
        for start in range(0, places.height, _SLICE):
            wanted = places.slice(start, _SLICE)
            part = rows.with_row_index("at").join(wanted.lazy().select("at"), on="at", how="semi")
            found = problems.join(
                wanted.lazy().rename({"_sheet": "sheet", "_row": "row"}),
                on=["sheet", "row"],
                how="semi",
                nulls_equal=True,
            )
            by_row: dict[tuple[str, int], list[Any]] = {}
            for problem in found.collect().iter_rows(named=True):
                by_row.setdefault((problem["sheet"], problem["row"]), []).append(problem)
            yield part.collect().sort(_KEY), by_row

    @property
    def _suffix(self) -> str:
        return "en" if self._lang.lower().startswith("en") else "zh"

    def _name(self, id: str) -> str:
        field = self._resource.field(id)
        return field.name.in_(self._lang) if field else id


def _lines(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return "\n".join(f"{n}. {text}" for n, text in enumerate(texts, start=1))
