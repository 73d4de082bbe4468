"""Headings of the columns that the platform adds to a workbook of set-aside rows.

A reader of files ignores columns under these headings, in either language, so that a corrected
workbook can be sent again as it is.
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text

PROBLEMS: Final = Text("问题说明 Problems", "Problems 问题说明")
HOW_TO_FIX: Final = Text("修改建议 How to fix", "How to fix 修改建议")
SOURCE_SHEET: Final = Text("原工作表 Source sheet", "Source sheet 原工作表")
SOURCE_ROW: Final = Text("原行号 Source row", "Source row 原行号")
ADDED_HEADINGS: Final = (PROBLEMS, HOW_TO_FIX, SOURCE_SHEET, SOURCE_ROW)
IGNORED_HEADINGS: Final = frozenset(text for each in ADDED_HEADINGS for text in (each.zh, each.en))


def is_ignored(heading: str) -> bool:
    """Whether a column under ``heading`` was added by the platform and carries no data."""
    return " ".join(heading.split()) in IGNORED_HEADINGS
