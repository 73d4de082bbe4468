"""A line among the rows that states another unit: what follows it is never read in the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.engine.quality.reading import Recipe, RowStream, csv_table, open_rows, propose
from qiantang.engine.quality.reading.errors import SecondTableFound
from qiantang.engine.quality.reading.tests.conftest import all_rows, codes, declared, resource_of
from qiantang.packkit.compiled import FieldType

FIRMS = resource_of(
    declared("code", "编号", "Code", required=True),
    declared("name", "名称", "Name"),
    declared("money", "投资额", "Money", FieldType.DECIMAL, unit="元"),
    declared("note", "备注", "Note"),
)
HEAD = "编号,名称,投资额,备注\n"


def body(first: int, rows: int = 5) -> str:
    return "".join(f"A{n},项目{n},{n}00,\n" for n in range(first, first + rows))


def written(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def opened(path: Path, how: str = "ask") -> RowStream:
    body = {**propose(path, FIRMS).recipe.to_json(), "second_table": how}
    return open_rows(path, Recipe.from_json(body), FIRMS)


ANOTHER = [
    "单位：万元,,,",
    ",,,单位：万元",
    "（万元）,,,",
    "编制单位：市财政局,,,单位：万元",
    "注：以下金额单位为万元,,,",
    "以下均以万元为单位,,,",
    "二、支出部分（万元）,,,",
    "Unit: million yuan,,,",
    "金额单位：标煤,,,",
    "\n单位：万美元,,,\n",
]


@pytest.mark.parametrize("line", ANOTHER)
@pytest.mark.parametrize("top", ["", "单位：元,,,\n"])
def test_rows_behind_a_line_with_another_unit_are_asked_about(
    tmp_path: Path, line: str, top: str
) -> None:
    path = written(tmp_path, top + HEAD + body(0) + line + "\n" + body(5))
    proposal = propose(path, FIRMS)
    (doubt,) = [d for d in proposal.doubts if d.code == "second_table"]
    row = 7 + bool(top) + line.startswith("\n")
    assert f"第 {row} 行" in doubt.text.zh
    assert max((c for c in line.strip().split(",")), key=len)[:20] in doubt.text.en
    assert all_rows(open_rows(path, proposal.recipe, FIRMS))["code"].to_list() == [
        f"A{n}" for n in range(5)
    ]
    with pytest.raises(SecondTableFound, match=f"row {row}"):
        list(opened(path))
    assert set(all_rows(opened(path, "read"))["code"]) >= {f"A{n}" for n in range(10)}


@pytest.mark.parametrize(
    "line",
    [
        "单位：元,,,",
        "编制单位：市财政局,,,单位：元",
        "填报单位：市财政局,,,",
        "注：含在建,,,",
        "小计,,1000,单位：万元",
        "（元）,,,",
        "第2页,,,单位：人民币元",
    ],
)
def test_lines_that_state_no_other_unit_change_nothing(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, HEAD + body(0) + line + "\n" + body(5))
    assert not codes(propose(path, FIRMS).doubts) & {"second_table"}
    assert set(all_rows(opened(path))["code"]) >= {f"A{n}" for n in range(10)}


@pytest.mark.parametrize("text", ["单位：万元", "合同金额单位：万元", "（万元）"])
def test_what_a_row_of_data_says_of_units_is_its_own(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, HEAD + body(0) + f"A5,,600,{text}\n" + body(6))
    assert not codes(propose(path, FIRMS).doubts) & {"second_table"}
    assert len(all_rows(opened(path))) == 11


def test_a_unit_below_the_last_row_speaks_of_the_whole_table(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + body(0) + "单位：万元,,,\n合计,,1000,\n注：快报数,,,\n")
    assert codes(propose(path, FIRMS).doubts) == {"unit_factor"}
    assert len(all_rows(opened(path))) == 5


def test_a_line_with_another_unit_is_found_wherever_the_pieces_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, HEAD + body(0, 300) + "单位：万元,,,\n" + body(300))
    assert not propose(path, FIRMS).doubts
    for size in range(20, 400, 37):
        monkeypatch.setattr(csv_table, "_BLOCK", size)
        with pytest.raises(SecondTableFound, match="row 302"):
            list(opened(path))
        stream = opened(path, "end")
        assert (len(all_rows(stream)), stream.skipped["second-table"]) == (300, 6), size
