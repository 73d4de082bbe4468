"""Line ends that change within a file, and quotation marks that are meant as they stand."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.reading import csv_table
from qiantang.engine.quality.reading.csv_records import Framing, exact_records, one_line_end
from qiantang.engine.quality.reading.errors import QuoteUnclosed

HEAD = "code,name,founded,capital,staff"
FRAMING = Framing(",", 2**20, "a.csv")


def records(text: str, size: int = 7) -> list[tuple[int, tuple[str | None, ...]]]:
    data = text.encode()
    return list(exact_records((data[i : i + size] for i in range(0, len(data), size)), FRAMING))


@pytest.mark.parametrize("block", [16, 2**20])
def test_line_ends_may_change_within_a_file(
    tmp_path: Path, read: Any, monkeypatch: pytest.MonkeyPatch, block: int
):
    monkeypatch.setattr(csv_table, "_BLOCK", block)
    path = tmp_path / "a.csv"
    body = f'{HEAD}\r\n91,甲,2017,1,1\n92,乙,2017,2,2\r93,"丙\r丁",2017,3,3\r\r\n94,戊,2017,4,4\r'
    path.write_bytes(body.encode())
    rows, stream = read(path)
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        *[("91", "甲", 2), ("92", "乙", 3), ("93", "丙\n丁", 4), ("94", "戊", 6)]
    ]
    assert not stream.misshapen


def test_a_field_with_something_behind_its_closing_mark_keeps_its_marks(tmp_path: Path, read: Any):
    path = tmp_path / "a.csv"
    path.write_text(
        f'{HEAD}\n91,"甲"乙,2017,1,1\n92,"甲,""a"""乙,2017,2,2\n93,"丙" ,2017,"3",3\n', "utf-8"
    )
    rows, stream = read(path)
    assert [row[1] for row in rows] == ['"甲"乙', '"甲,""a"""乙', "丙 "]
    assert [row[3] for row in rows] == ["1", "2", "3"]
    assert "stray_quotes" in {d.code for d in stream.doubts}


def test_marks_inside_a_field_and_over_lines_are_read(tmp_path: Path):
    found = records('a,3" 管,"x\ny ""z"",",\n\n"",b\n')
    assert found == [(1, ("a", '3" 管', 'x\ny "z",', "")), (3, ()), (4, ("", "b"))]


def test_a_mark_that_is_never_closed_is_told_with_its_line():
    with pytest.raises(QuoteUnclosed) as caught:
        records('a,b\nc,"d\ne,f\n')
    assert caught.value.place.line == 2


@settings(deadline=None)
@given(st.lists(st.lists(st.text(st.sampled_from('a甲",\n ')), min_size=2), min_size=1))
def test_well_formed_text_is_read_as_any_reader_reads_it(rows: list[list[str]]):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    assert [list(cells) for _, cells in records(out.getvalue())] == rows


@settings(deadline=None)
@given(st.text(st.sampled_from("a\r\n")), st.integers(1, 4))
def test_no_line_ends_with_cr_alone_wherever_the_text_is_cut(text: str, size: int):
    data = text.encode()
    made = b"".join(one_line_end(data[i : i + size] for i in range(0, len(data), size)))
    assert made.count(b"\r") == made.count(b"\r\n")
    assert made.replace(b"\r", b"").replace(b"\n", b"") == data.replace(b"\r", b"").replace(
        b"\n", b""
    )
