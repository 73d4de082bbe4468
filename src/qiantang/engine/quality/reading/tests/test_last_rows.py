"""The end of a file in its sample: totals and notes stand there."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qiantang.engine.quality.reading import propose
from qiantang.engine.quality.reading.proposing import LAST, SAMPLE
from qiantang.engine.quality.tests.streams import field, resource

OF = resource(field("k", required=True), field("n"), grain=("k",))
END = [["合计", "9"], ["注：数据为快报数。", ""]]


def rows(count: int) -> list[list[str]]:
    return [["字段k", "字段n"], *([f"k{n}", str(n)] for n in range(count)), *END]


def text_file(folder: Path, count: int, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / "sent.csv"
    text = end.join(",".join(row) for row in rows(count))
    path.write_bytes((text + end).encode(encoding))
    return path


def workbook(folder: Path, count: int) -> Path:
    book = openpyxl.Workbook()
    for row in rows(count):
        book.active.append(row)
    path = folder / "sent.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("count", [30, 197, 198, 199, 5_000])
@pytest.mark.parametrize("made", [text_file, workbook])
def test_the_last_rows_are_shown_with_their_numbers(
    made: object, count: int, tmp_path: Path
) -> None:
    found = propose(made(tmp_path, count), OF)  # type: ignore[operator]
    last = found.sample.last
    assert len(last) == LAST
    assert [(r.row, r.cells[0]) for r in last[-3:]] == [
        (count + 1, f"k{count - 1}"), (count + 2, "合计"), (count + 3, "注：数据为快报数。")
    ]  # fmt: skip
    assert found.sheets[0].rows == count + 3


def test_a_file_that_is_shown_whole_has_no_other_end(tmp_path: Path) -> None:
    sample = propose(text_file(tmp_path, SAMPLE - 2), OF).sample
    assert (len(sample.rows), sample.last) == (SAMPLE, ())


@pytest.mark.parametrize(("encoding", "end"), [("utf-16", "\n"), ("utf-8", "\r")])
def test_rows_that_cannot_be_counted_cheaply_are_shown_without_a_number(
    encoding: str, end: str, tmp_path: Path
) -> None:
    found = propose(text_file(tmp_path, 5_000, encoding, end), OF)
    assert found.sheets[0].rows is None
    assert [(r.row, r.cells[0]) for r in found.sample.last[-2:]] == [
        (0, "合计"), (0, "注：数据为快报数。")
    ]  # fmt: skip


def test_gb18030_lines_are_counted(tmp_path: Path) -> None:
    found = propose(text_file(tmp_path, 5_000, "gb18030", "\r\n"), OF)
    assert found.sheets[0].rows == 5_003
    assert found.sample.last[-1].row == 5_003
