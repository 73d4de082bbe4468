"""The doubts whether rows or the file are whole, each in both languages with what to do."""

from __future__ import annotations

from typing import Final

from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.kernel.text import Text

FEWER_CELLS: Final = "fewer_cells"
FILE_CUT: Final = "file_cut"


def fewer_cells(row: int, count: int) -> Doubt:
    return Doubt(
        FEWER_CELLS,
        Text(
            f"有 {count} 行的单元格少于表头列数（首个为第 {row} 行），缺少的按空值读取。",
            f"{count} rows have fewer cells than the header (first: row {row}); the missing ones "
            "are read as empty.",
        ),
        Text("请核对这些行是否完整。", "Look whether these rows are complete."),
    )


def file_cut(row: int) -> Doubt:
    return _cut(row, "单元格也少于其他行", "fewer cells than others")


def value_cut(row: int) -> Doubt:
    return _cut(row, "最后一个值也短于其他各行的", "a last value shorter than all others")


def line_cut(row: int) -> Doubt:
    return _cut(row, "也不是完整的 JSON 对象", "is no whole JSON object")


def _cut(row: int, zh: str, en: str) -> Doubt:
    return Doubt(
        FILE_CUT,
        Text(
            f"文件的最后一行（第 {row} 行）没有换行，{zh}：文件可能没有写完或传完。",
            f"The last line (row {row}) has no line end and {en}: the file may have been cut off.",
        ),
        Text("请与来源核对，不完整的应重新取数。", "Compare with the source; fetch it again."),
    )
