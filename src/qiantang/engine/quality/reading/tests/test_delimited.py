"""CSV and its relatives as departments send them."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.quality.reading import (
    Hints,
    ReadingLimits,
    Recipe,
    digest_of,
    open_rows,
    propose,
)
from qiantang.engine.quality.reading.errors import (
    EncodingBroken,
    FileEmpty,
    HeaderMissing,
    LineTooLong,
    QuoteUnclosed,
    RowsMissing,
    TooManyColumns,
)
from qiantang.engine.quality.reading.tests.conftest import FIRMS, all_rows, codes

HEAD = "统一社会信用代码,企业名称,成立日期,注册资本,从业人数\n"
ROW_A = "91330106MA2ABCDE1X,杭州云谷科技有限公司,2017年4月,1000000,12\n"
ROW_B = "91330106MA2ABCDE2Y,宁波港通物流有限公司,2018-05-06,2000000,30\n"
A = ("91330106MA2ABCDE1X", "杭州云谷科技有限公司", "2017年4月", "1000000", "12")
B = ("91330106MA2ABCDE2Y", "宁波港通物流有限公司", "2018-05-06", "2000000", "30")


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_is_told_and_read(tmp_path: Path, read: Any, encoding: str, named: str):
    rows, stream = read(written(tmp_path, HEAD + ROW_A + ROW_B, encoding))
    assert rows == [(*A, 2), (*B, 3)]
    assert stream.recipe.encoding == named
    assert stream.sent == 2


def test_traditional_text_is_told_to_be_big5(tmp_path: Path):
    text = HEAD + "91330106MA2ABCDE1X,臺北與杭州貿易有限公司的電腦設備,2017,1,2\n" * 3
    text = text.replace("统", "統").replace("会", "會").replace("码", "碼").replace("业", "業")
    text = text.replace("称", "稱").replace("册", "冊").replace("资", "資").replace("从", "從")
    text = text.replace("数", "數")
    path = written(tmp_path, text, "big5")
    hints = Hints(columns={"統一社會信用代碼": "code", "企業名稱": "name"})
    proposal = propose(path, FIRMS, hints=hints)
    assert proposal.recipe.encoding == "big5"
    assert "encoding_guessed" in codes(proposal.doubts)
    assert proposal.sample.rows[0].cells[1] == "臺北與杭州貿易有限公司的電腦設備"


def test_a_buffer_cut_inside_a_character_does_not_mislead(tmp_path: Path, read: Any):
    for shift in range(4):
        filler = "x" * (2**20 - len((HEAD + ROW_A).encode()) - 10 + shift)
        long = ROW_A.replace("杭州", filler + "杭州" * 20)
        rows, stream = read(written(tmp_path, HEAD + ROW_A + long + ROW_B))
        assert stream.recipe.encoding == "utf-8"
        assert rows[2] == (*B, 4)
        rows, stream = read(written(tmp_path, HEAD + ROW_A + long + ROW_B, "gb18030"))
        assert stream.recipe.encoding == "gb18030"
        assert rows[2] == (*B, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_late_byte_that_breaks_the_encoding_is_named_with_line_and_offset(
    tmp_path: Path, encoding: str
):
    body = (HEAD + ROW_A * 30_000).encode(encoding)
    path = tmp_path / "a.csv"
    path.write_bytes(body + b"91,\xff\xff,2017,1,2\n" + ROW_B.encode(encoding))
    with pytest.raises(EncodingBroken) as caught:
        propose(path, FIRMS)
    error = caught.value
    assert error.place.line == 30_002
    assert error.fields["offset"] == len(body) + 3
    assert error.fields["encoding"] == encoding.upper()
    assert "ff" in error.message("zh")


def test_chinese_far_down_an_english_file_is_read_in_its_encoding(tmp_path: Path, read: Any):
    text = "code,name,founded,capital,staff\n" + "1,Alpha,2017,1,2\n" * 200_000 + ROW_A
    rows, stream = read(written(tmp_path, text, "gb18030"))
    assert stream.recipe.encoding == "gb18030"
    assert rows[-1] == (*A, 200_002)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_the_delimiter_is_found(tmp_path: Path, read: Any, delimiter: str):
    text = (HEAD + ROW_A + ROW_B).replace(",", delimiter)
    rows, stream = read(written(tmp_path, text))
    assert rows == [(*A, 2), (*B, 3)]
    assert stream.recipe.delimiter == delimiter


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(tmp_path: Path, read: Any, end: str):
    rows, _ = read(written(tmp_path, (HEAD + ROW_A + ROW_B).replace("\n", end)))
    assert rows == [(*A, 2), (*B, 3)]


def test_a_quoted_line_end_stays_in_its_cell_and_rows_keep_their_first_line(
    tmp_path: Path, read: Any
):
    text = HEAD + '91,"甲\n乙, ""丙""\n丁",2017,1,2\n' + ROW_B
    rows, _ = read(written(tmp_path, text))
    assert rows == [("91", '甲\n乙, "丙"\n丁', "2017", "1", "2", 2), (*B, 5)]


def test_rows_keep_their_lines_across_many_blocks(tmp_path: Path):
    many = HEAD + "".join(f'{i},"名{i}\n{"长" * 30}",2017,{i},1\n' for i in range(120_000))
    path = written(tmp_path, many)
    recipe = propose(path, FIRMS).recipe
    frame = all_rows(open_rows(path, recipe, FIRMS, batch_rows=7_000))
    assert frame["_row"].to_list() == [2 + 2 * i for i in range(120_000)]
    assert frame["code"].to_list() == [str(i) for i in range(120_000)]


def test_batches_have_the_size_that_was_asked_for(tmp_path: Path):
    path = written(tmp_path, HEAD + ROW_A * 250)
    stream = open_rows(path, propose(path, FIRMS).recipe, FIRMS, batch_rows=100)
    assert [f.height for f in stream] == [100, 100, 50]


def test_a_stray_quotation_mark_is_read_literally_and_told(tmp_path: Path, read: Any):
    text = HEAD + '1,3" 管道公司,2017,1,2\n' + '2,"引号,公司",2018,3,4\n' + '3,丙 5" 6",2019,5,6\n'
    rows, stream = read(written(tmp_path, text))
    assert [r[1] for r in rows] == ['3" 管道公司', "引号,公司", '丙 5" 6"']
    assert [r[-1] for r in rows] == [2, 3, 4]
    assert "stray_quotes" in codes(stream.doubts)


def test_a_quotation_mark_never_closed_is_named_with_its_line(tmp_path: Path):
    path = written(tmp_path, HEAD + ROW_A * 300 + '9,"没有闭合,2017,1,2\n' + ROW_B * 3)
    recipe = propose(path, FIRMS).recipe
    with pytest.raises(QuoteUnclosed) as caught:
        all_rows(open_rows(path, recipe, FIRMS))
    assert caught.value.place.line == 302


def test_titles_totals_notes_blanks_and_repeated_headers_are_left_out_with_reasons(
    tmp_path: Path, read: Any
):
    text = (
        "2024年企业登记情况表\n单位：万元\n\n"
        + HEAD
        + ROW_A
        + "\n小计,,,1000000,\n"
        + HEAD
        + ROW_B
        + "合 计,,,3000000,42\n注：资本为注册资本。\n制表人：张三,,审核人：李四,,\n"
    )
    rows, stream = read(written(tmp_path, text))
    assert rows == [(*A, 5), (*B, 9)]
    assert [(s.row, s.reason) for s in stream.skipped_rows] == [
        (1, "title"),
        (2, "title"),
        (3, "title"),
        (4, "heading"),
        (6, "blank"),
        (7, "total"),
        (8, "heading-again"),
        (10, "total"),
        (11, "footnote"),
        (12, "footnote"),
    ]
    assert stream.skipped_rows[5].cells[3] == "1000000"
    assert stream.sent == 2
    assert stream.factors == {"capital": 10_000}


def test_columns_and_fields_left_over_on_both_sides_are_a_doubt_that_names_them(tmp_path: Path):
    path = written(tmp_path, HEAD.replace("注册资本", "实收资金").replace("从业", "备注") + ROW_A)
    (doubt,) = propose(path, FIRMS).doubts
    assert doubt.code == "columns_unmapped"
    for word in ("“实收资金”", "“备注人数”", "注册资本、从业人数", "“备注人数”列与字段“从业人数”"):
        assert word in doubt.text.zh
    assert '"实收资金"' in doubt.text.en


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("从业人数", "从业人数,备注"),
        HEAD.replace(",从业人数", ""),
        HEAD.replace("从业人数", "序号"),
        HEAD.replace("从业人数", "备 注"),
    ],
)
def test_columns_only_extra_or_only_missing_are_no_doubt(tmp_path: Path, head: str):
    assert not propose(written(tmp_path, head + ROW_A), FIRMS).doubts


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("统一社会信用代码,企业名称", False),
        ("序号,统一社会信用代码,企业名称", False),
        ("统一社会信用代码,企业名称,备注", False),
        ("企业名称,甲,乙", True),
    ],
)
def test_few_columns_that_are_all_known_are_a_whole_header(
    tmp_path: Path, head: str, *, asked: bool
):
    path = written(tmp_path, f"{head}\n91,92,93\n")
    assert ("header_partly" in codes(propose(path, FIRMS).doubts)) is asked


def test_a_column_that_a_person_left_out_is_no_doubt(tmp_path: Path):
    path = written(tmp_path, HEAD.replace("注册资本", "总额") + ROW_A)
    assert codes(propose(path, FIRMS).doubts) == {"columns_unmapped"}
    assert not propose(path, FIRMS, hints=Hints(columns={"总额": ""})).doubts


def test_a_firm_whose_name_begins_like_a_total_is_data(tmp_path: Path, read: Any):
    text = (
        HEAD
        + "1,合计科技有限公司,2017,1,2\n合计科技,总计公司,2017,1,2\n注册1:2,说明公司,2017,1,2\n"
    )
    rows, stream = read(written(tmp_path, text))
    assert len(rows) == 3
    assert not set(stream.skipped) - {"heading"}


def test_stacked_header_is_flattened_to_its_leaves(tmp_path: Path, read: Any):
    text = (
        "登记信息,,,经营信息,\n统一社会信用代码,企业名称,成立日期,注册资本（万元）,从业人数\n"
        + ROW_A
    )
    rows, stream = read(written(tmp_path, text))
    assert rows == [(*A, 3)]
    assert [c.field for c in stream.recipe.columns] == [f.id for f in FIRMS.fields]
    assert stream.factors == {"capital": 10_000}


def test_a_row_of_column_numbers_under_the_header_is_no_data(tmp_path: Path, read: Any):
    rows, stream = read(written(tmp_path, HEAD + "甲,乙,1,2,3\n" + ROW_A))
    assert rows == [(*A, 3)]
    assert [s.reason for s in stream.skipped_rows] == ["heading", "heading"]


def test_names_then_ids_under_them_are_both_header(tmp_path: Path, read: Any):
    rows, _ = read(written(tmp_path, HEAD + "code,name,founded,capital,staff\n" + ROW_A))
    assert rows == [(*A, 3)]


def test_headers_are_known_by_id_name_width_spaces_and_brackets(tmp_path: Path, read: Any):
    text = "CODE,*企 业 名 称：,成立日期(年月日),Registered Capital（元）,从业人数\n" + ROW_A
    rows, stream = read(written(tmp_path, text))
    assert rows == [(*A, 2)]
    assert not codes(stream.doubts)


def test_a_name_alike_is_taken_as_a_doubt(tmp_path: Path):
    text = HEAD.replace("从业人数", "从业人员数") + ROW_A
    proposal = propose(written(tmp_path, text), FIRMS)
    assert "close_match" in codes(proposal.doubts)
    assert proposal.recipe.columns[4].field == "staff"


def test_doubled_headers_are_told_apart_with_a_doubt(tmp_path: Path):
    text = HEAD.replace("成立日期", "企业名称") + ROW_A
    proposal = propose(written(tmp_path, text), FIRMS)
    assert {"duplicate_header"} <= codes(proposal.doubts)
    assert [c.source for c in proposal.recipe.columns][1:3] == ["企业名称", "企业名称#2"]
    assert [c.field for c in proposal.recipe.columns][1:3] == ["name", None]
    assert proposal.unknown == ("企业名称#2",)
    assert proposal.missing == ("founded",)


def test_hints_override_what_the_reader_finds(tmp_path: Path):
    text = "说明\n甲列,乙列,丙列,丁列,戊列\n" + ROW_A
    hints = Hints(header_first=2, columns={"甲列": "code", "乙列": "name", "丙列": ""})
    proposal = propose(written(tmp_path, text), FIRMS, hints=hints)
    assert [c.field for c in proposal.recipe.columns] == ["code", "name", None, None, None]
    assert proposal.recipe.data_first == 3


def test_without_header_columns_go_by_position_as_a_doubt(tmp_path: Path, read: Any):
    path = written(tmp_path, ROW_A + ROW_B)
    assert "no_header" in codes(propose(path, FIRMS).doubts)
    rows, _ = read(path)
    assert rows == [(*A, 1), (*B, 2)]


def test_without_header_and_with_other_width_nothing_is_guessed(tmp_path: Path):
    with pytest.raises(HeaderMissing) as caught:
        propose(written(tmp_path, "1,2,3\n4,5,6\n"), FIRMS)
    assert "统一社会信用代码" in caught.value.message("zh")


def test_rows_shorter_are_filled_and_longer_ones_are_marked(tmp_path: Path, read: Any):
    text = (
        HEAD + "1,甲\n" + "2,杭州,滨江公司,2017,1,2\n" + "3,乙,2018,1,2,\n" + "4,丙,2018,1,2,,,末\n"
    )
    rows, stream = read(written(tmp_path, text))
    assert rows[0] == ("1", "甲", None, None, None, 2)
    assert set(stream.misshapen) == {3, 5}
    assert stream.misshapen[3].cells == ("2", "杭州", "滨江公司", "2017", "1", "2")
    assert stream.sent == 4
    assert "more_cells" in codes(stream.doubts)


def test_blanks_of_unmerged_keys_are_a_doubt_and_filled_when_the_recipe_says_so(tmp_path: Path):
    text = HEAD + "91,甲,2017,1,2\n,乙,2017,1,2\n,丙,2017,1,2\n92,丁,2017,1,2\n,戊,2017,1,2\n"
    path = written(tmp_path, text)
    proposal = propose(path, FIRMS)
    assert "blank_keys" in codes(proposal.doubts)
    body = proposal.recipe.to_json() | {"fill_down": ["统一社会信用代码"]}
    frame = all_rows(open_rows(path, Recipe.from_json(body), FIRMS, batch_rows=2))
    assert frame["code"].to_list() == ["91", "91", "91", "92", "92"]


def test_unit_in_the_header_gives_the_factor_and_a_doubt(tmp_path: Path):
    for unit, factor in (("万元", 10_000), ("亿元", 100_000_000), ("千元", 1_000), ("元", 1)):
        text = HEAD.replace("注册资本", f"注册资本（{unit}）") + ROW_A
        proposal = propose(written(tmp_path, text), FIRMS)
        assert proposal.recipe.columns[3].factor == factor
        assert ("unit_factor" in codes(proposal.doubts)) == (factor != 1)
        assert proposal.recipe.columns[3].field == "capital"


def test_a_unit_of_another_kind_is_no_factor(tmp_path: Path):
    proposal = propose(
        written(tmp_path, HEAD.replace("注册资本", "注册资本（公里）") + ROW_A), FIRMS
    )
    assert proposal.recipe.columns[3].factor == 1
    assert "unit_unlike" in codes(proposal.doubts)


def test_packed_files_are_read_as_if_unpacked(tmp_path: Path, read: Any):
    body = (HEAD + ROW_A).encode("gb18030")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(body))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("数据/企业.csv", body)
        archive.writestr("__MACOSX/._企业.csv", b"x")
        archive.writestr("readme.md", b"about")
    for name in ("a.csv.gz", "a.zip"):
        rows, stream = read(tmp_path / name)
        assert rows == [(*A, 2)]
    assert stream.recipe.member == "数据/企业.csv"


def test_a_digest_is_of_the_bytes(tmp_path: Path):
    path = written(tmp_path, "abc")
    assert digest_of(path).startswith("ba7816bf")


def test_empty_blank_and_header_only_files_are_refused(tmp_path: Path):
    with pytest.raises(FileEmpty):
        propose(written(tmp_path, ""), FIRMS)
    for text in (HEAD, HEAD + "\n,,\n"):
        with pytest.raises(RowsMissing):
            propose(written(tmp_path, text), FIRMS)
    with pytest.raises((RowsMissing, HeaderMissing)):
        propose(written(tmp_path, "\n\n \n"), FIRMS)


def test_a_record_beyond_the_limit_is_refused_without_being_loaded(tmp_path: Path):
    limits = ReadingLimits(record=2**20)
    path = written(tmp_path, HEAD + ROW_A)
    recipe = propose(path, FIRMS).recipe
    with path.open("ab") as file:
        for _ in range(40):
            file.write(b"x" * 2**20)
    with pytest.raises(LineTooLong) as caught:
        all_rows(open_rows(path, recipe, FIRMS, limits=limits))
    assert caught.value.place.line == 3
    with pytest.raises(LineTooLong):
        propose(path, FIRMS, limits=limits)


def test_too_many_columns_are_refused(tmp_path: Path):
    text = ",".join(f"c{i}" for i in range(10_000)) + "\n" + "1," * 9_999 + "1\n"
    with pytest.raises(TooManyColumns) as caught:
        propose(written(tmp_path, text), FIRMS)
    assert caught.value.fields["found"] == 10_000
