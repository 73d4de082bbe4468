"""All findings of an examination as a workbook: where, which value, what is wrong, what it did.

Beside the workbook of set-aside rows, which is for correcting and sending again: this one is for
reading, and names also what was accepted with a warning. All cells are text, so that the
spreadsheet changes no id and computes no formula.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from qiantang.engine.quality.headings import HOW_TO_FIX, PROBLEMS, SOURCE_ROW, SOURCE_SHEET
from qiantang.engine.quality.workbook import BOOK_OPTIONS, LONGEST_CELL, MOST_ROWS
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Severity

_SHEET: Final = Text("全部问题", "All findings")
_COLUMN: Final = Text("列", "Column")
_VALUE: Final = Text("值", "Value")
_EFFECT: Final = Text("处理", "Effect")
_CODE: Final = Text("代码", "Code")
_EFFECTS: Final = {
    Severity.SET_ASIDE.value: Text("剔出", "set aside"),
    Severity.WARN.value: Text("提醒，行已接受", "warning, row accepted"),
}
_HEADINGS: Final = (
    *((SOURCE_SHEET, 16), (SOURCE_ROW, 12), (_COLUMN, 18), (_VALUE, 24), (PROBLEMS, 50)),
    *((HOW_TO_FIX, 50), (_EFFECT, 18), (_CODE, 22)),
)


def findings_workbook(problems_file: Path, path: Path, lang: str = "zh") -> Path:
    """Write the findings of ``problems_file`` to ``path``, in the order in which they are kept.

    Findings beyond what a sheet holds are left out.
    """
    from xlsxwriter import Workbook

    suffix = "en" if lang.lower().startswith("en") else "zh"
    with Workbook(str(path), BOOK_OPTIONS) as book, pq.ParquetFile(problems_file) as parquet:
        sheet = book.add_worksheet(_SHEET.in_(lang))
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for place, (heading, width) in enumerate(_HEADINGS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading.in_(lang), head)
        sheet.freeze_panes(1, 0)
        line = 0
        for batch in parquet.iter_batches():
            for finding in batch.to_pylist()[: MOST_ROWS - line]:
                line += 1
                for place, cell in enumerate(_cells(finding, suffix, lang)):
                    sheet.write_string(line, place, cell[:LONGEST_CELL], text)
    return path


def _cells(finding: dict[str, object], suffix: str, lang: str) -> list[str]:
    effect = _EFFECTS.get(str(finding["severity"]))
    named = ("sheet", "row", "column", "value", f"text_{suffix}", f"hint_{suffix}")
    told = ["" if finding[name] is None else str(finding[name]) for name in named]
    return [*told, effect.in_(lang) if effect else "", str(finding["code"])]
