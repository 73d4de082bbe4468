"""Cells of a delivered sheet as text, and what is wrong with a cell, a column or a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qiantang.kernel.text import Text

_EXCEL_ERROR: Final = re.compile(
    r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!).*", re.I
)


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with a cell, and what would be right."""

    code: str
    found: str
    expected: Text
    text: Text


def clean(cell: object) -> str:
    """The cell as text: whole floats lose their ``.0``, dates read as ISO, blanks are gone."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat()
            if not cell.time().isoformat("seconds").strip("0:")
            else str(cell)
        )
    return str(cell).strip()


def bad(code: str, found: str, expected: Text, text: Text) -> BadCell:
    shown = found if len(found) <= 60 else found[:57] + "..."
    return BadCell(code, shown, expected, text.format(found=shown, expected=expected))


def excel_error(text: str) -> BadCell | None:
    if not _EXCEL_ERROR.fullmatch(text):
        return None
    return bad(
        "excel_error",
        text,
        Text("单元格的值", "a value in the cell"),
        Text(
            "单元格是电子表格错误值“{found}”，请填写数值。",
            'The cell holds the spreadsheet error "{found}"; give a value.',
        ),
    )


def empty() -> BadCell:
    return bad(
        "empty", "", Text("必填", "a value"), Text("必填项为空。", "A required cell is empty.")
    )


def duplicate(identity: str, row: int) -> BadCell:
    return bad(
        "duplicate_id",
        identity,
        Text("不重复的编号", "an id that stands once"),
        Text(
            f"编号“{{found}}”已在第 {row} 行出现。",
            f'The id "{{found}}" already stands in row {row}.',
        ),
    )


def missing_column(name: str) -> BadCell:
    return bad(
        "missing_column",
        "",
        Text(name, name),
        Text("缺少必需的列“{expected}”。", 'The required column "{expected}" is missing.'),
    )


def unknown_column(name: str, known: Iterable[str]) -> BadCell:
    names = list(known)
    return bad(
        "unknown_column",
        name,
        Text("、".join(names), ", ".join(names)),
        Text(
            "不认识的列“{found}”，可用的列：{expected}。",
            'Unknown column "{found}"; the columns are: {expected}.',
        ),
    )


def surplus(row: Mapping[str, object]) -> BadCell | None:
    """CSV readers put cells beyond the header under the key None."""
    extra = {name: cell for name, cell in row.items() if name is None}
    if not extra:
        return None
    return bad(
        "too_many_cells",
        str(next(iter(extra.values()))),
        Text("与表头列数一致", "as many cells as the header"),
        Text("本行单元格多于表头：{found}。", "The row has more cells than the header: {found}."),
    )
