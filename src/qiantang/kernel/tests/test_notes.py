"""Remarks that carry both languages in one cell are told in one."""

from __future__ import annotations

import pytest

from qiantang.kernel.notes import twin_note


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        ("已四舍五入 (rounded)", "已四舍五入", "rounded"),
        ("推算：2854÷40154 (2854 / 40154)", "推算：2854÷40154", "2854 / 40154"),
        (
            "镜像文字；数据日期不确定 (mirror text; date of the figures uncertain)",
            "镜像文字；数据日期不确定",
            "mirror text; date of the figures uncertain",
        ),
        (
            "来源写明时为可比价 (comparable prices)；发布日期取自网址 (read from the address)",
            "来源写明时为可比价；发布日期取自网址",
            "comparable prices; read from the address",
        ),
        (
            "乌镇指数(CIDI)，网络空间研究院；参评单位31个 (of 31)",
            "乌镇指数(CIDI)，网络空间研究院；参评单位31个",
            "乌镇指数(CIDI)，网络空间研究院; of 31",
        ),
        (
            "“超过”；日期不精确 (“more than”; date not exact)",
            "“超过”；日期不精确",
            "“more than”; date not exact",
        ),
        (
            "不可比（已变） (not comparable (system changed))",
            "不可比（已变）",
            "not comparable (system changed)",
        ),
    ],
)
def test_chinese_with_its_english_behind_it(note: str, zh: str, en: str) -> None:
    assert twin_note(note).zh == zh
    assert twin_note(note).en == en


@pytest.mark.parametrize(
    "note",
    [
        "",
        "“接近”",
        "见附件 (GDP)",
        "统计年鉴 (2019)",
        "only English (in brackets)",
        "括号没有闭合 (never closed",
        "后面还有话 (more words) 不是结尾",
    ],
)
def test_any_other_note_stays_as_written(note: str) -> None:
    assert (twin_note(note).zh, twin_note(note).en) == (note, note)
