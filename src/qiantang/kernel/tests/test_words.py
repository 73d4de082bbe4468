"""Text as search sees it."""

from __future__ import annotations

import pytest

from qiantang.kernel.han import folded, spellings
from qiantang.kernel.words import is_han, joined, phrases, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017年4月", ["2017", "年", "4", "月"]),
        ("ＧＤＰ数据", ["gdp", "数", "据"]),
        ("PM2.5浓度", ["pm2", "5", "浓", "度"]),
        ("企业上云（试点）", ["企", "业", "上", "云", "试", "点"]),
        ("Café ÉCOLE", ["café", "école"]),
        ("a_b-c", ["a", "b", "c"]),
        ("𬭎", ["𬭎"]),
        ("〇二〇年", ["〇", "二", "〇", "年"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_chinese_characters_stand_alone_and_latin_words_stay_whole(
    text: str, expected: list[str]
) -> None:
    assert tokens(text) == expected


def test_spaces_and_punctuation_part_the_phrases_of_a_query() -> None:
    assert phrases("环境 空气质量，GDP") == (("环", "境"), ("空", "气", "质", "量"), ("gdp",))
    assert phrases("  、 ") == ()
    assert phrases("水 水") == (("水",),)


def test_compatibility_characters_are_the_ones_that_people_type() -> None:
    assert tokens("\uf9dd\u2f00") == tokens("利一")


def test_traditional_characters_are_the_simplified_ones_that_stand_for_them() -> None:
    assert tokens("戶籍與資料庫") == tokens("户籍与资料库")
    assert tokens("發展") == tokens("发展")
    assert tokens("理髮") == tokens("理发")
    assert folded("臺灣、後面、皇后") == "台湾、后面、皇后"
    assert set(spellings("发")) == set("发發髮")
    assert spellings("水") == "水"


def test_folding_keeps_lengths_and_folds_once() -> None:
    every = "".join(map(chr, range(0x3400, 0xA000)))
    once = folded(every)
    assert len(once) == len(every)
    assert folded(once) == once


def test_tokens_join_as_they_were_written() -> None:
    assert joined(tokens("GDP open data 数据2020年")) == "gdp open data数据2020年"
    assert is_han("水")
    assert not is_han("a")
