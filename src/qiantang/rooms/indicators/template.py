"""The Excel workbook that an officer fills: entry sheet, indicator list, instructions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator
from qiantang.rooms.indicators import issued

_FONT: Final = "Microsoft YaHei"
_ROWS: Final = 500
_WIDTHS: Final = {"source_title": 36, "source_address": 36, "quote": 48, "indicator": 24}
_NOTES: Final = (
    Text(
        "第一行是列名，请勿改动；第二行是说明，可以保留。",
        "The first row names the columns: leave it. The second explains them; it may stay.",
    ),
    Text(
        "编号留空表示新增；填写已有编号表示更正。",
        "Leave the id empty to add a figure; give an existing id to correct one.",
    ),
    Text(
        "时期写作 2019、2019-01/2019-09、2019-12-31 或 2016/2020。",
        "Write periods as 2019, 2019-01/2019-09, 2019-12-31 or 2016/2020.",
    ),
    Text(
        "每个数值都要有来源标题；尽量摘录原文并注明发布日期。",
        "Every figure needs a source title; quote it and date it where you can.",
    ),
    Text(
        "预先填好指标、地区和时期的行，补上数值和来源即可；不报的行原样留着，上传时跳过并计数"
        "（请仍存为 .xlsx）。",
        "Rows that hold indicator, place and period already need figure and source; leave those "
        "that you do not send as they are: they are passed over and counted (keep it an .xlsx).",
    ),
    Text(
        "报送后须由另一位审核员批准才会公开。",
        "What you send becomes public only after another person approves it.",
    ),
)


Shape = tuple[Sequence[Indicator], Sequence[str], Mapping[str, Text]]
"""Indicators, columns, and what the columns are called."""


def workbook(
    shape: Shape,
    lists: tuple[Sequence[str], Sequence[str]],
    prefilled: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """The template as .xlsx bytes. ``lists``: grades and kinds to choose from; ``prefilled``: rows
    below the header that wait for their figures."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    formats = {
        "head": book.add_format(
            {"bold": True, "font_name": _FONT, "bg_color": "#DCE6F1", "border": 1}
        ),
        "words": book.add_format({"italic": True, "font_name": _FONT, "font_color": "#666666"}),
        "text": book.add_format({"font_name": _FONT, "num_format": "@"}),
        "plain": book.add_format({"font_name": _FONT, "text_wrap": True, "valign": "top"}),
    }
    sheet = _entry(book, formats, shape, lists)
    for row, given in enumerate(prefilled, start=2):
        for index, column in enumerate(shape[1]):
            if given.get(column):
                sheet.write_string(row, index, given[column], formats["text"])
    _list(book, formats, shape[0])
    _instructions(book, formats)
    if prefilled:
        issued.mark(book, shape[1], prefilled)
    book.close()
    return buffer.getvalue()


def _entry(book: Any, formats: Mapping[str, Any], shape: Shape, lists: Any) -> Any:
    indicators, columns, names = shape
    grades, kinds = lists
    sheet = book.add_worksheet("数据 data")
    sheet.freeze_panes(2, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _WIDTHS.get(column, 14), formats["text"])
        sheet.write_string(0, index, column, formats["head"])
        sheet.write_string(1, index, names[column].zh, formats["words"])
    at = {column: index for index, column in enumerate(columns)}
    for column, choices in (("grade", list(grades)), ("kind", list(kinds))):
        _choose(sheet, at[column], {"validate": "list", "source": choices})
    last = len(indicators) + 1
    _choose(
        sheet, at["indicator"], {"validate": "list", "source": f"='指标 indicators'!$A$2:$A${last}"}
    )
    return sheet


def _choose(sheet: Any, column: int, rule: dict[str, Any]) -> None:
    sheet.data_validation(2, column, _ROWS, column, {**rule, "error_type": "warning"})


def _list(book: Any, formats: Mapping[str, Any], indicators: Sequence[Indicator]) -> None:
    sheet = book.add_worksheet("指标 indicators")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 44)
    for index, head in enumerate(("indicator", "名称", "name", "单位 unit", "责任部门 owner")):
        sheet.write_string(0, index, head, formats["head"])
    for row, found in enumerate(indicators, start=1):
        cells = (found.id, found.name.zh, found.name.en, found.unit, found.owner)
        for index, cell in enumerate(cells):
            sheet.write_string(row, index, cell, formats["text"])


def _instructions(book: Any, formats: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet("说明 notes")
    sheet.set_column(0, 1, 70)
    for row, note in enumerate(_NOTES):
        sheet.write_string(row, 0, note.zh, formats["plain"])
        sheet.write_string(row, 1, note.en, formats["plain"])
