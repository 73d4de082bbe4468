"""The data dictionary of a resource: its fields as rows for CSV and Excel, in both languages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from qiantang.doors.portal.catalogue import words
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.selectors import ResourceView

_HEADS: Final = (
    Text("序号", "No."),
    Text("字段", "Field"),
    Text("中文名称", "Name (Chinese)"),
    Text("英文名称", "Name (English)"),
    Text("类型", "Type"),
    Text("计量单位", "Unit"),
    Text("必填", "Required"),
    Text("唯一", "Unique"),
    Text("主键", "Key"),
    Text("代码表", "Code list"),
    Text("标识规则", "Identifier"),
    Text("数据元", "Data element"),
    Text("格式", "Pattern"),
    Text("最小值", "Minimum"),
    Text("最大值", "Maximum"),
    Text("个人信息", "Personal data"),
    Text("说明", "Description"),
)
_WIDTHS: Final = (6, 22, 24, 28, 12, 10, 8, 8, 8, 26, 18, 28, 20, 12, 12, 16, 40)
_YES: Final = Text("是", "yes")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heads(lang: str) -> list[str]:
    return [head.in_(lang) for head in _HEADS]


def rows(view: ResourceView, lang: str) -> list[list[str]]:
    """A row for each field, in their order; closed values in the reader's language."""
    return [[str(n), *_row(view, field, lang)] for n, field in enumerate(view.fields, 1)]


def workbook(view: ResourceView, lang: str) -> bytes:
    """The dictionary as an ``.xlsx`` file. Every cell is written as a string, which no program
    runs: it needs no apostrophe, and one would be shown."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, plain)
    sheet = book.add_worksheet(Text("数据字典", "Data dictionary").in_(lang))
    strong = book.add_format({"bold": True, "bg_color": "#1f5f8b", "font_color": "#ffffff"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{view.name.in_(lang)} · {view.code or view.id}")
    for at, (head, width) in enumerate(zip(heads(lang), _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, head, strong)
    for down, row in enumerate(rows(view, lang), 2):
        for at, cell in enumerate(row):
            sheet.write_string(down, at, cell.replace("\x00", ""), wrapped)
    sheet.freeze_panes(2, 2)
    book.close()
    return out.getvalue()


def _row(view: ResourceView, field: Mapping[str, Any], lang: str) -> list[str]:
    name, said = field.get("name") or {}, field.get("description") or {}

    def told(key: str) -> str:
        return str(field.get(key) or "")

    def yes(holds: object) -> str:
        return _YES.in_(lang) if holds else ""

    return [
        *(told("id"), str(name.get("zh", "")), str(name.get("en", ""))),
        *(words.word_of("type", told("type")).in_(lang), told("unit")),
        *(yes(field.get("required")), yes(field.get("unique"))),
        yes(field.get("id") in view.grain),
        *(told(key) for key in ("codes", "identifier", "element", "pattern")),
        *("" if field.get(k) is None else str(field[k]) for k in ("minimum", "maximum")),
        words.word_of("personal", told("personal") or "none").in_(lang),
        str(said.get(lang) or said.get("zh") or ""),
    ]
