"""One text in two languages: choosing, filling in, joining."""

from __future__ import annotations

import pytest

from qiantang.kernel.text import DEFAULT_LANGUAGE, Text, join, lang_of


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("zh", "结论"),
        ("en", "verdict"),
        ("en-gb", "verdict"),
        ("EN", "verdict"),
        ("zh-hans", "结论"),
        ("fr", "结论"),
        ("", "结论"),
    ],
)
def test_anything_but_english_reads_chinese(asked: str, said: str) -> None:
    assert Text("结论", "verdict").in_(asked) == said


def test_a_text_inside_a_text_speaks_the_language_of_the_outer_one() -> None:
    outer = Text("目标“{name}”共 {count} 项", 'target "{name}", {count} items')
    filled = outer.format(name=Text("增加值", "value added"), count=3)
    assert filled == Text("目标“增加值”共 3 项", 'target "value added", 3 items')


def test_a_value_with_braces_is_not_read_as_a_template() -> None:
    assert Text("“{found}”", '"{found}"').format(found="{0} {x}").en == '"{0} {x}"'


def test_a_missing_field_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        Text("{a}", "{a}").format(b=1)


def test_sentences_join_without_a_space_in_chinese_and_with_one_in_english() -> None:
    texts = [Text("甲。", "A."), Text("乙。", "B.")]
    assert join(texts) == Text("甲。乙。", "A. B.")
    assert join(()) == Text("", "")


def test_the_json_form_keeps_both_languages() -> None:
    assert Text("甲", "A").as_dict() == {"zh": "甲", "en": "A"}


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("en_GB.UTF-8", "en"), ("zh_CN", "zh"), ("C", "zh"), ("", "zh"), (None, DEFAULT_LANGUAGE)],
)
def test_a_locale_names_a_house_language(locale: str | None, lang: str) -> None:
    assert lang_of(locale) == lang


def test_texts_are_values() -> None:
    assert {Text("甲", "A"), Text("甲", "A")} == {Text("甲", "A")}
    with pytest.raises(AttributeError):
        Text("甲", "A").zh = "乙"  # type: ignore[misc]
