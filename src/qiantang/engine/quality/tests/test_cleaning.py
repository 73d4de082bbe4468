"""Texts as departments write them, and the values they stand for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.tests.one_column import (
    COUNT,
    DAY,
    MOMENT,
    MONEY,
    PERCENT,
    PERIOD,
    SHARE,
    TEXT,
    WAN,
    YEAR,
    YES,
    read,
)
from qiantang.engine.quality.tests.streams import field
from qiantang.packkit.compiled import OPEN_END, Field, FieldType


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (MONEY, "1,234.5", Decimal("1234.5")),
        (MONEY, "１，２３４．５", Decimal("1234.5")),
        (MONEY, "￥１．２万", Decimal(12000)),
        (MONEY, "¥ 12 元", Decimal(12)),
        (MONEY, "人民币12.30元", Decimal("12.3")),
        (MONEY, "0.1亿元", Decimal(10_000_000)),
        (MONEY, "1234567890123456.78", Decimal("1234567890123456.78")),
        (MONEY, "12345678901234.56789万", Decimal("123456789012345678.9")),
        (MONEY, "（300）", Decimal(-300)),
        (MONEY, "-¥5", Decimal(-5)),
        (MONEY, "−5", Decimal(-5)),
        (MONEY, "1 234 567", Decimal(1234567)),
        (MONEY, "1.5E+3", Decimal(1500)),
        (MONEY, ".5", Decimal("0.5")),
        (MONEY, "3千", Decimal(3000)),
        (SHARE, "12.5%", Decimal("0.125")),
        (SHARE, "１２．５％", Decimal("0.125")),
        (SHARE, "3‰", Decimal("0.003")),
        (PERCENT, "12.5%", Decimal("12.5")),
        (PERCENT, "12.5", Decimal("12.5")),
        (WAN, "5万", Decimal(5)),
        (WAN, "50000元", Decimal(5)),
        (WAN, "0.5亿元", Decimal(5000)),
        (COUNT, "1.2万人", 12000),
        (COUNT, "5.0", 5),
        (COUNT, "007", 7),
        (DAY, "2017-4-1", date(2017, 4, 1)),
        (DAY, "2017/04/01", date(2017, 4, 1)),
        (DAY, "2017.4.1", date(2017, 4, 1)),
        (DAY, "20170401", date(2017, 4, 1)),
        (DAY, "2017年4月1日", date(2017, 4, 1)),
        (DAY, "２０１７年０４月０１日", date(2017, 4, 1)),
        (DAY, "二〇一七年四月一日", date(2017, 4, 1)),
        (DAY, "二零一七年十二月三十一日", date(2017, 12, 31)),
        (DAY, "2017-04-01T00:00:00", date(2017, 4, 1)),
        (DAY, "2017-04-01 00:00:00.000", date(2017, 4, 1)),
        (DAY, "2016-02-29", date(2016, 2, 29)),
        (MOMENT, "2017-04-01 08:30:00", datetime(2017, 4, 1, 8, 30)),
        (MOMENT, "2017-04-01T00:30:00Z", datetime(2017, 4, 1, 8, 30)),
        (MOMENT, "2017-04-01T09:30:00+09:00", datetime(2017, 4, 1, 8, 30)),
        (MOMENT, "2017年4月1日8时30分", datetime(2017, 4, 1, 8, 30)),
        (MOMENT, "2017-04-01", datetime(2017, 4, 1)),
        (PERIOD, "2019年1—9月", "2019-01/2019-09"),
        (PERIOD, "2019年上半年", "2019-01/2019-06"),
        (PERIOD, "2019年第3季度", "2019-07/2019-09"),
        (PERIOD, "2016-2020年", "2016/2020"),
        (PERIOD, "约2016年", "~2016"),
        (PERIOD, "201903", "2019-03/2019-03"),
        (PERIOD, "2019-7", "2019-07/2019-07"),
        (PERIOD, "2019M09", "2019-09/2019-09"),
        (PERIOD, "2019年1-2月累计", "2019-01/2019-02"),
        (PERIOD, "2019年1—2月（累计）", "2019-01/2019-02"),
        (PERIOD, "2019年9月份", "2019-09/2019-09"),
        (PERIOD, "20190301", "2019-03-01"),
        (YES, "√", True),
        (YES, "有", True),
        (YES, "无", False),
        (YES, "Ｎ", False),
        (TEXT, "　浙江（杭州）ＡＢ１２\u200b ", "浙江（杭州）AB12"),
        (TEXT, "无", None),
        (TEXT, " - ", None),
        (TEXT, "N/A", None),
        (MONEY, "NULL", None),
        (MONEY, None, None),
    ],
)
def test_written_forms_give_their_value(of: Field, text: str | None, value: object) -> None:
    assert read(of, text) == value


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (TEXT, '="00123"', "00123"),
        (TEXT, "'0012", "0012"),
        (TEXT, "'91330106MA2ABCDE1X", "91330106MA2ABCDE1X"),
        (TEXT, "'二十四节气'歌", "'二十四节气'歌"),
        (TEXT, "'90s music", "'90s music"),
        (COUNT, '="12"', 12),
        (COUNT, "1.5E+3", 1500),
        (COUNT, "1.23456789012E+11", 123456789012),
    ],
)
def test_guards_of_excel_are_taken_off_and_whole_numbers_are_kept(
    of: Field, text: str, value: object
) -> None:
    assert read(of, text) == value


@pytest.mark.parametrize(
    ("of", "text", "kept"),
    [
        (MONEY, "1,200.5**", Decimal("1200.5")),
        (MONEY, "100 注", 100),
        (MONEY, "100（注1）", 100),
        (MONEY, "1.2万元＊", 12_000),
        (MONEY, "(300)†", -300),
        (COUNT, "35①", 35),
        (COUNT, "35[2]", 35),
        (PERCENT, "12.5%*", Decimal("12.5")),
    ],
)
def test_marks_of_notes_behind_figures_go_where_a_person_settled_it(
    of: Field, text: str, kept: Any
) -> None:
    found = clean(pl.Series([text, "7"]), of, unmarked=True)
    assert found.values.to_list() == [kept, 7]
    (finding,) = found.findings
    assert (finding.code, list(finding.rows)) == ("mark_left_out", [0])
    assert clean(pl.Series([text]), of).findings[0].expected is not None


@pytest.mark.parametrize("text", ["5²", "10⁵", "12₃", "5公里*", "5*3", "一百*", "1,23*"])
def test_what_may_be_a_power_or_is_no_figure_is_refused_all_the_same(text: str) -> None:
    found = clean(pl.Series([text]), MONEY, unmarked=True)
    assert found.values.to_list() == [None]
    assert {f.code for f in found.findings} - {"mark_left_out"}


@pytest.mark.parametrize(
    ("of", "text", "code"),
    [
        (MONEY, "一百", "not_a_number"),
        (MONEY, "100①", "figure_marked"),
        (MONEY, "120*", "figure_marked"),
        (MONEY, "1,200.5**", "figure_marked"),
        (MONEY, "100 注", "figure_marked"),
        (MONEY, "100（注1）", "figure_marked"),
        (MONEY, "12†", "figure_marked"),
        (MONEY, "1.2万元＊", "figure_marked"),
        (MONEY, "-5※", "figure_marked"),
        (COUNT, "35[2]", "figure_marked"),
        (PERCENT, "12.5%*", "figure_marked"),
        (MONEY, "5*3", "not_a_number"),
        (MONEY, "约5*", "not_a_number"),
        (MONEY, "*", "not_a_number"),
        (MONEY, "5²", "figure_marked"),
        (MONEY, "⑴", "not_a_number"),
        (COUNT, "１０⁵", "figure_marked"),
        (COUNT, "12₃", "figure_marked"),
        (MONEY, "1,23", "not_a_number"),
        (MONEY, "1,2345", "not_a_number"),
        (MONEY, "(5", "not_a_number"),
        (MONEY, "12-15", "not_a_number"),
        (MONEY, "$5", "not_a_number"),
        (MONEY, "5公里", "unit_unfit"),
        (MONEY, "12%", "unit_unfit"),
        (PERCENT, "5万", "unit_unfit"),
        (MONEY, "0.123456789", "too_many_places"),
        (MONEY, "9" * 25, "number_too_large"),
        (MONEY, "1.23457E+17", "digits_lost"),
        (COUNT, "1.23457E+17", "digits_lost"),
        (COUNT, "1.23E+17", "digits_lost"),
        (COUNT, "2E+11", "digits_lost"),
        (COUNT, "5.5", "not_whole"),
        (COUNT, "9223372036854775808", "number_too_large"),
        (MONEY, "#REF!", "excel_error"),
        (DAY, "#VALUE!", "excel_error"),
        (TEXT, " #N/A ", "excel_error"),
        (TEXT, '=HYPERLINK("http://x")', "formula"),
        (TEXT, "=cmd|'/c calc'!A1", "formula"),
        (TEXT, "= 甲&乙", "formula"),
        (TEXT, "=合计(A1)", "formula"),
        (TEXT, "=甲表!A1", "formula"),
        (TEXT, "=A1-甲", "formula"),
        (TEXT, "=甲-$B$2", "formula"),
        (TEXT, "=SUM", "formula"),
        (MONEY, "=退款", "formula"),
        (TEXT, '="a"&"b"', "formula"),
        (TEXT, "+SUM(A1:A2)", "formula"),
        (TEXT, "-cmd|'/c calc'!A0", "formula"),
        (TEXT, "@SUM(1)", "formula"),
        (MONEY, "=1+2", "formula"),
        (DAY, "=TODAY()", "formula"),
        (TEXT, "Err:502", "excel_error"),
        (field("c", FieldType.CODE), "#SPILL!", "excel_error"),
        (DAY, "2017-02-30", "not_a_date"),
        (DAY, "0017-04-01", "not_a_date"),
        (DAY, "明天", "not_a_date"),
        (DAY, "17-4-1", "date_two_digit_year"),
        (DAY, "17年4月1日", "date_two_digit_year"),
        (DAY, "01/04/2017", "date_ambiguous"),
        (DAY, "42826", "date_serial"),
        (DAY, "2017年4月", "date_too_coarse"),
        (DAY, "2017-04-01 08:30", "date_has_time"),
        (MOMENT, "2017-04-01 25:00:00", "not_a_moment"),
        (PERIOD, "2019年13月", "not_a_period"),
        (PERIOD, "201913", "not_a_period"),
        (PERIOD, "201900", "not_a_period"),
        (PERIOD, "180003", "not_a_period"),
        (PERIOD, "210101", "not_a_period"),
        (PERIOD, "2019-13", "not_a_period"),
        (PERIOD, "2019-20", "not_a_period"),
        (PERIOD, "2019年9月累计", "not_a_period"),
        (YES, "也许", "not_a_boolean"),
        (PERIOD, "2020-W01", "period_is_week"),
        (PERIOD, "2020w53-7", "period_is_week"),
        (PERIOD, "2020年第1周", "period_is_week"),
        (DAY, "2020-W01", "not_a_date"),
        (MOMENT, "2020-W01-1", "not_a_date"),
        (TEXT, "1.23457E+17", "digits_lost"),
        (TEXT, "3.30102E+17", "digits_lost"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(of: Field, text: str, code: str) -> None:
    assert read(of, text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "=",
        "== 说明 ==",
        "+86 571",
        "-(暂缺)",
        "-50米",
        "@钱塘",
        "#1 楼",
        "甲=乙",
        "+",
        "A|B!",
        "@home",
        "=退款",
        "=A公司",
        "= 暂存款-待退",
        "=退款（线上）",
    ],
)
def test_signs_alone_make_no_formula(text: str) -> None:
    assert read(TEXT, text) == text


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2017年4月", date(2017, 4, 1), "month"),
        ("2017-04", date(2017, 4, 1), "month"),
        ("201704", date(2017, 4, 1), "month"),
        ("2017年", date(2017, 1, 1), "year"),
        ("2017年4月1日", date(2017, 4, 1), "day"),
        (None, None, None),
    ],
)
def test_a_coarse_date_keeps_its_precision(
    text: str | None, day: date | None, precision: str | None
) -> None:
    found = clean(pl.Series([text], dtype=pl.String), YEAR)
    assert found.precision is not None
    assert (found.values[0], found.precision[0]) == (day, precision)


def test_an_excel_day_number_is_refused_with_the_day_it_may_mean() -> None:
    found = clean(pl.Series(["42826"]), DAY).findings[0]
    assert found.expected is not None
    assert found.expected.to_list() == ["2017-04-01"]


def test_nothing_is_a_value_where_the_field_is_required() -> None:
    assert read(field("note", required=True), "无") == "无"


def test_a_code_that_looks_like_an_empty_cell_is_kept() -> None:
    assert read(field("country", FieldType.CODE), "NA", known=frozenset({"NA"})) == "NA"
    assert read(field("country", FieldType.CODE), "NA") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("330102.0", "330102"),
        ("330102.00", "330102"),
        ("330102.5", "330102.5"),
        ("330199.0", "330199.0"),
        ("1.0", "1.0"),
        ("２.０", "2"),
    ],
)
def test_a_code_that_became_a_number_is_the_code_again(text: str, value: str) -> None:
    known = frozenset({"330102", "1", "1.0", "2"})
    assert read(field("d", FieldType.CODE), text, known=known) == value
    assert read(TEXT, "330102.0") == "330102.0"


@settings(deadline=None)
@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(
        [
            "{0:04d}-{1}-{2}",
            "{0}/{1:02d}/{2:02d}",
            "{0}.{1}.{2}",
            "{0}{1:02d}{2:02d}",
            "{0}年{1}月{2}日",
        ]
    ),
)
def test_any_day_comes_back_from_its_written_form(day: date, form: str) -> None:
    assert read(DAY, form.format(day.year, day.month, day.day)) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("李👩\u200d⚕️医生", "李👩\u200d⚕️医生"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("杭\u200d州\u200c市", "杭州市"),
        ("ab\u200d12", "ab12"),
        ("\u200d甲\u200d", "甲"),
    ],
)
@pytest.mark.parametrize("of", [TEXT, field("c", FieldType.CODE)])
def test_joiners_stay_where_they_join(of: Field, text: str, value: str) -> None:
    assert read(of, text) == value


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_any_reader(text: str) -> None:
    for of in (
        MONEY,
        COUNT,
        SHARE,
        DAY,
        YEAR,
        MOMENT,
        PERIOD,
        YES,
        TEXT,
        field("x", FieldType.NUMBER),
    ):
        found = clean(pl.Series([text, None]), of)
        told = {row for each in found.findings for row in each.rows}
        assert told <= {0}
        assert not told or found.values[0] is None


ENDS = field("to", FieldType.DATE, open_end=True)


NO_END = ["长期", " 长期有效 ", "长期（无固定期限）", "永久", "无固定期限", "Permanent"]


@pytest.mark.parametrize("text", [*NO_END, "9999-12-31"])
def test_no_end_is_later_than_every_day_where_a_field_may_be_open_ended(text: str) -> None:
    assert read(ENDS, text) == OPEN_END == date(9999, 12, 31)
    assert read(ENDS, "2030-1-1") == date(2030, 1, 1)
    assert read(ENDS, "") is None


@pytest.mark.parametrize("text", NO_END)
def test_no_end_is_refused_where_a_day_is_needed(text: str) -> None:
    assert read(DAY, text) == {"date_open_ended"}


@pytest.mark.parametrize("text", ["长期以来", "2020-01-01至长期", "期限长", "永久路5号"])
def test_other_words_are_neither_a_day_nor_no_end(text: str) -> None:
    assert read(ENDS, text) == {"not_a_date"}
