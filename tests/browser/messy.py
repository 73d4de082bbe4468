"""A workbook as a department sends it: titles, a stacked header, a total, and planted faults."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import qiantang.packs

SAMPLE = Path(qiantang.packs.__file__).parent / "data-commons/samples/legal_entities_delivery.csv"
HEADING = "字号"
"""A heading that the reader does not know: a person says that it is the name."""
GROUPS = (
    ("主体", ("统一社会信用代码", HEADING, "市场主体类型", "法定代表人", "注册资本（元）")),
    ("登记", ("成立日期", "经营期限止", "登记状态", "行业门类", "登记区划")),
    ("联系", ("住所", "经营范围", "联系电话", "更新日期")),
)
ROWS = 30
BAD = (4, 11)
"""Rows (from 0) whose credit code has a wrong check character."""
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def firms(path: Path, *, offset: int = 0, bad: tuple[int, ...] = BAD) -> Path:
    """Write the workbook; ``offset`` takes other firms of the sample."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "企业名录"
    sheet.append(["全省市场主体登记信息表"])
    sheet.merge_cells("A1:N1")
    sheet.append(["报送单位：省市场监督管理局", None, None, "2026年10月"])
    _header(sheet)
    rows = _rows(offset)
    for n, row in enumerate(rows):
        sheet.append(_spoilt(n, row, bad))
    sheet.append(["合计", f"{len(rows)} 户", None, None, 123456789])
    sheet.append(["制表人：张三", None, "审核人：李四"])
    notes = book.create_sheet("说明")
    notes.append(["本表由各市汇总。"])
    book.save(path)
    return path


def right_code(n: int, offset: int = 0) -> str:
    """The true credit code of a row."""
    return str(_rows(offset)[n][0])


def _header(sheet: Any) -> None:
    top: list[str | None] = []
    for name, columns in GROUPS:
        top += [name, *[None] * (len(columns) - 1)]
    sheet.append(top)
    sheet.append([column for _, columns in GROUPS for column in columns])
    start = 1
    for _, columns in GROUPS:
        end = start + len(columns) - 1
        sheet.merge_cells(start_row=3, end_row=3, start_column=start, end_column=end)
        start = end + 1


def _rows(offset: int) -> list[list[str]]:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return lines[offset : offset + ROWS]


def _spoilt(n: int, row: list[str], bad: tuple[int, ...]) -> list[Any]:
    """Yuan instead of ten thousand yuan, full-width digits, 万, Chinese dates, wrong codes."""
    made: list[Any] = list(row)
    capital = row[4] or "0"
    made[4] = f"{capital}万" if n % 3 == 0 else f"{int(float(capital) * 10_000):,}"
    if n % 4 == 1:
        made[12] = str(row[12]).translate(FULL_WIDTH)
        year, month, day = row[5].split("-")
        made[5] = f"{year}年{int(month)}月{int(day)}日"
    if n in bad:
        made[0] = _spoilt_code(row[0])
    return made


def wrong_code(n: int, offset: int = 0) -> str:
    """The code that stands in the sheet where the row is spoilt."""
    return _spoilt_code(right_code(n, offset))


def _spoilt_code(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")
