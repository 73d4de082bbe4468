"""The Excel workbook of an assessment: summary, targets, evidence, set aside, method.

Texts are written as texts, never as formulas. The font named is one that Chinese Windows has;
other systems put their own Chinese font in its place.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qiantang.doors.charts.theme import VERDICT_COLOURS, ink_on
from qiantang.doors.reports import sheets
from qiantang.doors.reports.sheets import Column
from qiantang.doors.reports.view import Assessed, Names, names_on_shelf
from qiantang.doors.reports.words import WORDS
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.periods import CHINA_TIME

FONT: Final = "Microsoft YaHei"
_HEAD: Final = "#1f5f8b"


@dataclass(slots=True)
class _Book:
    """A workbook being written, with its formats made once each."""

    book: Any
    lang: str
    formats: dict[tuple[tuple[str, Any], ...], Any]

    def style(self, **wanted: Any) -> Any:
        look = {"font_name": FONT, "font_size": 10, "valign": "top", **wanted}
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def word(self, key: str) -> str:
        return WORDS[key].in_(self.lang)


def workbook(view: Assessed, lang: str = "zh", names: Names | None = None) -> bytes:
    """The workbook as bytes of an ``.xlsx`` file."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    data = view.as_json()
    known = names_on_shelf() if names is None else names
    made = _Book(book, lang, {})
    _properties(made, view)
    _summary(made, view, data, known)
    _table(made, "targets", sheets.TARGETS, sheets.target_rows(view, data, lang))
    _table(made, "evidence", sheets.EVIDENCE, sheets.evidence_rows(data, lang, known))
    _table(made, "set_aside", sheets.SET_ASIDE, sheets.set_aside_rows(data, lang, known))
    _method(made, view)
    book.close()
    return out.getvalue()


def _properties(made: _Book, view: Assessed) -> None:
    made.book.set_properties(
        {
            "title": f"{view.plan.name.in_(made.lang)} {made.word('report')}",
            "comments": view.headline.in_(made.lang),
            "created": view.computed_at.astimezone(CHINA_TIME).replace(tzinfo=None),
        }
    )


def _summary(made: _Book, view: Assessed, data: Mapping[str, Any], names: Names) -> None:
    sheet = _sheet(made, "summary", landscape=False)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 76)
    sheet.set_row(0, 32)
    title = made.style(font_size=17, bold=True, font_color=_HEAD, valign="vcenter")
    sheet.write_string(0, 0, view.plan.name.in_(made.lang), title)
    sheet.write_string(1, 0, made.word("report"), made.style(font_size=12, font_color="#5f6b7a"))
    label, wrapped = made.style(font_color="#5f6b7a"), made.style(text_wrap=True)
    line = 3
    for key, value in sheets.facts(view, data, made.lang, names):
        sheet.write_string(line, 0, made.word(key), label)
        sheet.write_string(line, 1, value, wrapped)
        if key == "headline":
            sheet.set_row(line, 18 * max(1, -(-sheets.width(value) // 74)))
        line += 1
    _counts(made, sheet, data, line + 1)


def _counts(made: _Book, sheet: Any, data: Mapping[str, Any], line: int) -> None:
    head = made.style(bold=True, font_color="#ffffff", bg_color=_HEAD)
    sheet.write_string(line, 0, made.word("count"), head)
    sheet.write_string(line, 1, made.word("verdict"), head)
    rows = sheets.counts(data, made.lang)
    for offset, (verdict, name, count) in enumerate(rows, start=1):
        sheet.write_number(line + offset, 0, count, made.style(num_format="0", align="left"))
        sheet.write_string(line + offset, 1, name, _verdict_style(made, verdict))
    end = line + len(rows) + 1
    total = made.style(bold=True, top=1, align="left")
    sheet.write_number(end, 0, sum(count for _, _, count in rows), total)
    sheet.write_string(end, 1, made.word("all"), total)


def _table(
    made: _Book, name: str, columns: Sequence[Column], rows: Sequence[Sequence[sheets.Value]]
) -> None:
    sheet = _sheet(made, name, landscape=True)
    head = made.style(
        bold=True, font_color="#ffffff", bg_color=_HEAD, text_wrap=True, valign="vcenter"
    )
    sheet.set_row(0, 30)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, made.word(column.key), head)
    for line, row in enumerate(rows, start=1):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(made, sheet, (line, index), column, value)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    sheet.repeat_rows(0)


def _write(
    made: _Book, sheet: Any, at: tuple[int, int], column: Column, value: sheets.Value
) -> None:
    line, index = at
    if isinstance(value, sheets.VerdictCell):
        sheet.write_string(line, index, value.name, _verdict_style(made, value.verdict))
    elif isinstance(value, date):
        look = made.style(num_format="yyyy-mm-dd", align="left")
        sheet.write_datetime(line, index, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(line, index, value, made.style(num_format=_digits(column, value)))
    elif value and column.key == "address" and value.startswith(("http://", "https://")):
        _write_address(made, sheet, at, value)
    elif value:
        sheet.write_string(line, index, value, made.style(text_wrap=True))
    else:
        sheet.write_blank(line, index, None, made.style())


def _write_address(made: _Book, sheet: Any, at: tuple[int, int], address: str) -> None:
    """A link where Excel takes it (it refuses very long ones), else the text."""
    look = made.style(font_color="#1f5f8b", underline=1)
    if len(address) > 2000 or sheet.write_url(*at, address, look, string=address) != 0:
        sheet.write_string(*at, address, made.style(text_wrap=True))


def _digits(column: Column, value: float) -> str:
    if column.format:
        return column.format
    return "#,##0" if float(value).is_integer() else "#,##0.0#######"


def _method(made: _Book, view: Assessed) -> None:
    sheet = _sheet(made, "method", landscape=False)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 52)
    wrapped = made.style(text_wrap=True)
    line = 0
    for sentence in sheets.method(made.lang):
        sheet.merge_range(line, 0, line, 1, sentence, wrapped)
        sheet.set_row(line, 16 * -(-sheets.width(sentence) // 92))
        line += 1
    for name, value, source in sheets.rule_figures(view, made.lang):
        line += 1
        sheet.write_string(line, 0, f"{name}: {value}" if value else name, wrapped)
        sheet.write_string(line, 1, source, wrapped)


def _sheet(made: _Book, name: str, *, landscape: bool) -> Any:
    sheet = made.book.add_worksheet(made.word(name)[:31])
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    (sheet.set_landscape if landscape else sheet.set_portrait)()
    sheet.set_footer(f'&L&"{FONT}"&8&A&R&8&P / &N')
    return sheet


def _verdict_style(made: _Book, verdict: str) -> Any:
    colour = VERDICT_COLOURS[Verdict(verdict)]
    return made.style(bg_color=colour, font_color=ink_on(colour), text_wrap=True)
