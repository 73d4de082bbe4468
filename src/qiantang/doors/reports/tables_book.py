"""A workbook of plain tables: a first sheet that says what it is, then one sheet for each table.

Texts are written as texts, never as formulas.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from qiantang.doors.reports.sheets import width

FONT: Final = "Microsoft YaHei"
_HEAD: Final = "#1f5f8b"
_SOFT: Final = "#5f6b7a"
_MARKED: Final = "#fdf3dd"
_WIDEST: Final = 44
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A figure that a reader must know was not observed; its cell has a ground of its own."""

    value: Value


@dataclass(frozen=True, slots=True)
class TableSheet:
    """``fixed``: columns that stay in view; figures are shown with ``places`` decimals and kept
    whole."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Value | Marked]]
    fixed: int = 1
    places: int = 2


def tables_workbook(
    title: str, about: Sequence[tuple[str, str]], sheets: Sequence[TableSheet], first: str
) -> bytes:
    """An ``.xlsx`` file. ``first`` names the first sheet, which holds ``about``."""
    import xlsxwriter

    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True, **safe})
    _about(book, title, about, first)
    used = {first[:31].casefold()}
    for sheet in sheets:
        _table(book, sheet, _free(sheet.name, used))
    book.close()
    return out.getvalue()


def _about(book: Any, title: str, about: Sequence[tuple[str, str]], first: str) -> None:
    sheet = book.add_worksheet(_sheet_name(first))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 84)
    head = book.add_format({"font_name": FONT, "font_size": 17, "bold": True, "font_color": _HEAD})
    label = book.add_format({"font_name": FONT, "font_color": _SOFT, "valign": "top"})
    text = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, title, head)
    for line, (name, value) in enumerate(about, start=2):
        sheet.write_string(line, 0, name, label)
        sheet.write_string(line, 1, value, text)


def _table(book: Any, table: TableSheet, name: str) -> None:
    sheet = book.add_worksheet(name)
    head = {"font_name": FONT, "bold": True, "font_color": "#ffffff", "bg_color": _HEAD}
    top = book.add_format({**head, "text_wrap": True, "valign": "vcenter"})
    number = "#,##0" + ("." + "0" * table.places if table.places else "")
    plain = {"font_name": FONT, "font_size": 10, "valign": "top"}
    looks = {
        marked: (
            book.add_format({**plain, **ground}),
            book.add_format({**plain, **ground, "num_format": number}),
            book.add_format({**plain, **ground, "num_format": "0"}),
        )
        for marked, ground in ((False, {}), (True, {"bg_color": _MARKED}))
    }
    for column, text in enumerate(table.header):
        sheet.write_string(0, column, text, top)
        sheet.set_column(column, column, _column_width(table, column))
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            marked = isinstance(cell, Marked)
            value = cell.value if isinstance(cell, Marked) else cell
            words, figure, whole = looks[marked]
            if value is None or value == "":
                sheet.write_blank(line, column, None, words)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value, whole if type(value) is int else figure)
            else:
                sheet.write_string(line, column, value, words)
    sheet.freeze_panes(1, table.fixed)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _column_width(table: TableSheet, column: int) -> int:
    cells = (row[column] for row in table.rows[:200])
    texts = [cell for cell in cells if isinstance(cell, str)]
    return min(_WIDEST, max([8, width(table.header[column]) // 2, *map(width, texts)]) + 2)


def _free(name: str, used: set[str]) -> str:
    """A name that Excel takes and that no sheet has yet."""
    base, number = _sheet_name(name), 2
    found = base
    while found.casefold() in used:
        found = f"{base[:27]} ({number})"
        number += 1
    used.add(found.casefold())
    return found


def _sheet_name(name: str) -> str:
    kept = "".join(" " if c in "[]:*?/\\" else c for c in name).strip("' ")[:31]
    return kept or "-"
