"""The Excel workbook: sheets, words, formats, and texts that stay texts."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from qiantang.doors.reports import workbook
from qiantang.doors.reports.tests.sample import NAMES, bare, met, view
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.text import Text


def opened(lang: str = "zh", *more: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(view(*more), lang, NAMES)))


def column(sheet: Any, heading: str) -> list[Any]:
    heads = [cell.value for cell in sheet[1]]
    return [row[heads.index(heading)] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("zh", ["概要", "目标", "证据", "未采用", "方法"]),
        ("en", ["Summary", "Targets", "Evidence", "Set aside", "Method"]),
    ],
)
def test_the_five_sheets_are_named_in_the_reader_s_language(lang: str, names: list[str]) -> None:
    assert opened(lang).sheetnames == names


def test_the_summary_says_what_and_when_and_counts_every_target() -> None:
    sheet = opened()["概要"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value is not None}
    assert sheet["A1"].value == "浙江省国家信息经济示范区建设实施方案"
    assert said["总体结论"].startswith("8 项目标中")
    assert said["评估基准日"] == "2024-06-30"
    assert said["行政区划"] == "浙江省"
    assert said["计算时间"] == "2026-11-22 16:30"
    assert said[8] == "合计"


def test_targets_carry_figures_as_numbers_with_formats() -> None:
    sheet = opened()["目标"]
    value, gap = column(sheet, "数值")[0], column(sheet, "相对差距")[0]
    assert value.value == pytest.approx(6228.94)
    assert value.number_format == "#,##0.0#######"
    assert gap.value == pytest.approx(0.1325345)
    assert "%" in gap.number_format
    assert column(sheet, "数值")[1].value is None


def test_a_verdict_is_a_word_on_its_colour() -> None:
    verdicts = column(opened()["目标"], "结论")
    assert verdicts[0].value == "已实现"
    assert verdicts[0].fill.fgColor.rgb == "FF1B7F4D"
    assert verdicts[0].font.color.rgb == "FFFFFFFF"
    assert len({cell.fill.fgColor.rgb for cell in verdicts}) == len({c.value for c in verdicts})


def test_headers_are_frozen_filtered_and_printed_on_every_page() -> None:
    sheet = opened()["证据"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["A2"].font.name == "Microsoft YaHei"


def test_evidence_and_what_was_set_aside_keep_quote_source_and_reason() -> None:
    book = opened()
    assert "6228.94亿元" in column(book["证据"], "来源原文")[0].value
    assert column(book["证据"], "网址")[0].hyperlink.target == "https://tjj.zj.gov.cn/a.html"
    assert column(book["未采用"], "理由")[0].value == "是目标，不是结果"
    assert column(book["证据"], "指标")[0].value == "数字经济核心产业增加值"


def test_an_overrule_stands_beside_the_computed_verdict() -> None:
    sheet = opened()["目标"]
    assert column(sheet, "结论")[2].value == "未实现"
    assert column(sheet, "人工裁定")[2].value == "已实现：工信部文件确认（李审核，2026-11-20）"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "{="])
def test_a_text_is_never_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.example","x")'
    target = bare("T09", evil, evil, Verdict.MET, quote=evil, section=evil)
    sheet = opened("zh", target)["目标"]
    for heading in ("目标", "方案原文", "方案章节"):
        cell = column(sheet, heading)[-1]
        assert cell.data_type == "s"
        assert cell.hyperlink is None


def test_an_address_that_is_no_web_address_is_plain_text() -> None:
    from dataclasses import replace

    base = met()
    first = base.evidence[0]
    for address in ("javascript:alert(1)", "file:///etc/passwd", "https://x/" + "a" * 3000):
        source = replace(first.observation.source, address=address)
        changed = replace(first, observation=replace(first.observation, source=source))
        other = replace(base, evidence=(changed,), target=replace(base.target, id="T09"))
        cell = column(opened("zh", other)["证据"], "网址")[-1]
        assert cell.value == address
        assert cell.hyperlink is None


def test_the_method_names_figures_and_assumptions() -> None:
    said = " ".join(str(c.value) for row in opened("en")["Method"].iter_rows() for c in row)
    assert "unverified" in said
    assert "5%" in said
    assert "zone.about (overridden in this zone)" in said
    assert "zone.conflict " in said


def test_a_plan_without_targets_still_makes_a_workbook() -> None:
    from dataclasses import replace

    empty = replace(view(), assessments=(), headline=Text("没有目标。", "No targets."))
    book = openpyxl.load_workbook(io.BytesIO(workbook(empty, "zh", {})))
    assert book["目标"].max_row == 1
