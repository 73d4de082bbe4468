"""Raised, lowered and struck-out parts of the text in Excel cells."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.reading import propose
from qiantang.engine.quality.reading.tests.conftest import FIRMS, codes

HEADER = ["统一社会信用代码", "企业名称", "成立日期", "注册资本", "从业人数"]


def shared(path: Path, rows: list[list[Any]]) -> Path:
    """Texts as Excel keeps them; a list is a text with runs, each (style, text)."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("企业")
    looks = {
        "up": book.add_format({"font_script": 1}),
        "down": book.add_format({"font_script": 2}),
        "struck": book.add_format({"font_strikeout": True}),
        "bold": book.add_format({"bold": True}),
    }
    for r, row in enumerate([HEADER, *rows]):
        for c, value in enumerate(row):
            if isinstance(value, list):
                parts = [
                    p for look, text in value for p in ([looks[look]] if look else []) + [text]
                ]
                assert page.write_rich_string(r, c, *parts) == 0
            else:
                page.write(r, c, value)
    book.close()
    return path


def inline(path: Path, rows: list[list[Any]]) -> Path:
    """The same as texts inside the cells."""
    fonts = {
        "up": InlineFont(vertAlign="superscript"),
        "down": InlineFont(vertAlign="subscript"),
        "struck": InlineFont(strike=True),
        "bold": InlineFont(b=True),
    }
    book = openpyxl.Workbook()
    page = book.active
    page.title = "企业"
    for r, row in enumerate([HEADER, *rows], 1):
        for c, value in enumerate(row, 1):
            if isinstance(value, list):
                blocks = [TextBlock(fonts[look], t) if look else t for look, t in value]
                page.cell(r, c).value = CellRichText(*blocks)
            else:
                page.cell(r, c, value)
    book.save(path)
    return path


ROWS = [
    ["91", [("", "杭州甲"), ("up", "1)")], "2017", [("", "1000"), ("up", "1)")], 1],
    ["92", [("struck", "旧名"), ("", "新名")], "2017", [("", "10"), ("up", "5")], 2],
    ["93", [("", "占地100m"), ("up", "2")], "2017", [("struck", "5"), ("", "6")], 3],
    ["94", [("", "CO"), ("down", "2"), ("", "厂")], "2017", [("bold", "1"), ("", "2")], 4],
    ["95", [("", "乙"), ("up", "2")], "2017", 7, 5],
    ["96", "丙", "2017", 8, 6],
]
READ = [
    ("91", "杭州甲", "2017", "1000¹⁾", "1", 2),
    ("92", "新名", "2017", "10⁵", "2", 3),
    ("93", "占地100m²", "2017", "6", "3", 4),
    ("94", "CO₂厂", "2017", "12", "4", 5),
    ("95", "乙", "2017", "7", "5", 6),
    ("96", "丙", "2017", "8", "6", 7),
]


@pytest.mark.parametrize("write", [shared, inline])
def test_raised_and_struck_out_runs_become_no_digits_and_no_names(
    tmp_path: Path, read: Any, write: Any
):
    rows, stream = read(write(tmp_path / "a.xlsx", ROWS))
    assert rows == READ
    assert {"notes_left_out", "struck_left_out"} <= codes(stream.doubts)
    said = {d.code: d.text for d in stream.doubts}
    assert "2 个" in said["notes_left_out"].zh
    assert "B2" in said["notes_left_out"].en
    assert "1)" in said["notes_left_out"].en
    assert "B3" in said["struck_left_out"].zh
    assert "旧名" in said["struck_left_out"].zh


def test_a_figure_with_a_raised_mark_is_refused(tmp_path: Path, read: Any):
    rows, _ = read(shared(tmp_path / "a.xlsx", ROWS))
    import polars as pl

    capital = next(f for f in FIRMS.fields if f.id == "capital")
    found = clean(pl.Series([row[3] for row in rows[:3]]), capital)
    (finding,) = found.findings
    assert (finding.code, list(finding.rows)) == ("figure_marked", [0, 1])
    assert finding.expected is not None
    assert list(finding.expected) == ["1000", "10"]


def test_cells_that_are_struck_out_as_a_whole_are_a_doubt(tmp_path: Path, read: Any):
    rows: list[list[Any]] = [["91", "甲", "2017", 1, 1], ["92", "乙", "2017", 2, 2]]
    path = inline(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for cell in book.active[3]:
        cell.font = Font(strike=True)
    book.active.cell(9, 1).font = Font(strike=True)
    book.save(path)
    found, stream = read(path)
    assert [row[0] for row in found] == ["91", "92"]
    (doubt,) = [d for d in stream.doubts if d.code == "struck_cells"]
    assert "5 个" in doubt.text.zh
    assert "A3" in doubt.text.en


def test_strings_of_other_writers_keep_their_numbers(tmp_path: Path):
    """Empty items count, prefixes and readings aids are passed over."""
    path = shared(tmp_path / "a.xlsx", [["91", "甲", "2017", 1, 1]])
    strings = (
        '<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si/>'
        "<x:si><x:t>91</x:t></x:si><x:si><x:r><x:t>甲</x:t></x:r><x:r><x:rPr><x:vertAlign "
        'val="superscript"/></x:rPr><x:t>①</x:t></x:r><x:rPh sb="0" eb="1"><x:t>jia</x:t></x:rPh>'
        "</x:si></x:sst>"
    )
    from qiantang.engine.quality.reading.excel_runs import Runs, shared_runs

    whole = strings.encode()
    for size in (17, 100, 10_000):
        pieces = [whole[i : i + size] for i in range(0, len(whole), size)]
        assert shared_runs(pieces) == {2: Runs("甲", note="①")}
    assert zipfile.is_zipfile(path)
    assert propose(path, FIRMS).doubts == ()
