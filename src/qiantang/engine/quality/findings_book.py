"""All findings of an examination as a workbook: where, which value, what is wrong, what it did.

Beside the workbook of set-aside rows, which is for correcting and sending again: this one is for
reading, and names also what was accepted with a warning. All cells are text, so that the
spreadsheet changes no id and computes no formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from qiantang.engine.quality.workbook import LONGEST_CELL, MOST_ROWS, book_at
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Severity

_SHEET: Final = Text("全部问题", "All findings")
_EFFECTS: Final = {
    Severity.SET_ASIDE.value: Text("剔出", "set aside"),
    Severity.WARN.value: Text("提醒，不影响入库", "warning, sets nothing aside"),
}
_HEADINGS: Final = (
    (Text("工作表", "Sheet"), 16),
    (Text("行号", "Row"), 12),
    (Text("列", "Column"), 18),
    (Text("值", "Value"), 24),
    (Text("问题", "Problem"), 50),
    (Text("修改建议", "How to fix"), 50),
    (Text("处理", "Effect"), 18),
    (Text("代码", "Code"), 22),
)
_PLACE: Final = ["sheet", "row"]
_SLICE: Final = 20_000


def findings_workbook(problems_file: Path, path: Path, lang: str = "zh") -> Path:
    """Write the findings of ``problems_file`` to ``path``, in the order of the delivered file.

    Findings beyond what a sheet holds are left out.
    """
    suffix = "en" if lang.lower().startswith("en") else "zh"
    with book_at(path) as book:
        sheet = book.add_worksheet(_SHEET.in_(lang))
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for place, (heading, width) in enumerate(_HEADINGS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading.in_(lang), head)
        sheet.freeze_panes(1, 0)
        for line, finding in enumerate(_in_file_order(problems_file), start=1):
            for place, cell in enumerate(_cells(finding, suffix, lang)):
                sheet.write_string(line, place, cell[:LONGEST_CELL], text)
    return path


def _in_file_order(problems_file: Path) -> Iterator[dict[str, object]]:
    """The findings as the file's rows come, some at a time: only their places are held whole."""
    found = pl.scan_parquet(problems_file).with_row_index("at")
    ordered = found.select("at", *_PLACE).sort(_PLACE, maintain_order=True).head(MOST_ROWS)
    places = ordered.collect()
    for start in range(0, places.height, _SLICE):
        wanted = places.slice(start, _SLICE)
        part = found.join(wanted.lazy().select("at"), on="at", how="semi").collect()
        yield from part.sort([*_PLACE, "at"]).iter_rows(named=True)


def _cells(finding: dict[str, object], suffix: str, lang: str) -> list[str]:
    effect = _EFFECTS.get(str(finding["severity"]))
    named = ("sheet", "row", "column", "value", f"text_{suffix}", f"hint_{suffix}")
    told = ["" if finding[name] is None else str(finding[name]) for name in named]
    return [*told, effect.in_(lang) if effect else "", str(finding["code"])]
