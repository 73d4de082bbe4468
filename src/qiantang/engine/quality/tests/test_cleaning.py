"""Texts as departments write them, and the values they stand for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.tests.streams import field
from qiantang.packkit.compiled import OPEN_END, Field, FieldType, Precision

MONEY = field("pay", FieldType.DECIMAL, unit="元")
SHARE = field("share", FieldType.DECIMAL)
PERCENT = field("share", FieldType.DECIMAL, unit="%")
WAN = field("pay", FieldType.DECIMAL, unit="万元")
COUNT = field("n", FieldType.INTEGER, unit="人")
DAY = field("day", FieldType.DATE)
YEAR = field("day", FieldType.DATE, precision=Precision.YEAR)
MOMENT = field("at", FieldType.DATETIME)
PERIOD = field("period", FieldType.PERIOD)
YES = field("open", FieldType.BOOLEAN)
TEXT = field("name")


def read(of: Field, text: str | None, **more: object) -> object:
    """The value, or the code of the refusal as a set."""
    found = clean(pl.Series([text], dtype=pl.String), of, **more)  # type: ignore[arg-type]
    codes = {each.code for each in found.findings}
    return codes or found.values[0]


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
    ("of", "text", "code"),
    [
        (MONEY, "一百", "not_a_number"),
        (MONEY, "100①", "figure_marked"),
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


def test_the_unit_in_the_heading_holds_for_bare_numbers_only() -> None:
    factor = Decimal(10_000)
    assert read(MONEY, "1.2", factor=factor) == Decimal(12000)
    assert read(MONEY, "1.2元", factor=factor) == Decimal("1.2")
    assert read(MONEY, "12", factor=Decimal("0.01")) == Decimal("0.12")
    assert read(MONEY, "12", factor=Decimal("7.5")) == Decimal(90)
    assert read(COUNT, "1.2", factor=factor) == 12000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100万", 1_000_000),
        ("150万元人民币", 1_500_000),
        ("1500000元人民币", 1_500_000),
        ("人民币1500000元", 1_500_000),
        ("1500000人民币元", 1_500_000),
        ("1.5亿元", 150_000_000),
        ("5人", {"unit_unfit"}),
        ("5%", {"unit_unfit"}),
    ],
)
@pytest.mark.parametrize("factor", ["1", "10000", "7.5"])
def test_a_figure_with_its_own_unit_is_not_multiplied_again(
    text: str, value: object, factor: str
) -> None:
    assert read(MONEY, text, factor=Decimal(factor)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "9258.75"),
        ("￥1 234.5", "9258.75"),
        ("（300）", "-2250"),
        ("-.5", "-3.75"),
        ("1.5E+3", "11250"),
        ("１，２３４．５", "9258.75"),
        ("1234567890123456789.5", "9259259175925925921.25"),
    ],
)
def test_any_bare_number_is_multiplied_by_any_factor(text: str, value: str) -> None:
    assert read(MONEY, text, factor=Decimal("7.5")) == Decimal(value)


def test_what_no_factor_helps_is_refused_as_before() -> None:
    assert read(MONEY, "1.23457E+17", factor=Decimal("7.5")) == {"digits_lost"}
    assert read(MONEY, "一百", factor=Decimal("7.5")) == {"not_a_number"}


def test_shares_and_points_keep_to_their_kind() -> None:
    points = field("p", FieldType.DECIMAL, unit="百分点")
    assert read(PERCENT, "5‰") == Decimal("0.5")
    assert read(points, "5个百分点") == Decimal(5)
    assert read(points, "5千分点") == Decimal("0.5")
    assert read(points, "5%") == {"unit_unfit"}
    assert read(PERCENT, "5百分点") == {"unit_unfit"}


amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=4, allow_nan=False)


@settings(deadline=None)
@given(amounts, st.sampled_from(["{:f}", "{:,f}", "￥{:f}", "{:f}元", " {:f}　"]))
def test_any_amount_comes_back_from_its_written_form(amount: Decimal, form: str) -> None:
    assert read(MONEY, form.format(amount)) == amount


@settings(deadline=None)
@given(amounts, st.sampled_from([("万", 4), ("亿", 8), ("千", 3), ("万亿", 12)]))
def test_multipliers_are_exact(amount: Decimal, unit: tuple[str, int]) -> None:
    word, power = unit
    large = abs(amount) * 10**power >= 10**20
    assert read(MONEY, f"{amount:f}{word}") == (
        {"number_too_large"} if large else amount.scaleb(power)
    )


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


FLOAT = field("x", FieldType.NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.123456789012345", 0.123456789012345),
        ("0.30000000000000004", 0.1 + 0.2),
        ("38.462453552342573", 38.46245355234257),
        ("14.004197599999998", 14.004197599999998),
        ("3.3010619900101126E+17", 330106199001011260.0),
        ("123456789012345680000", 1.2345678901234568e20),
        ("0.0000152587890625", 2.0**-16),
        ("0.1234567890123456789", "0.12345678901234568"),
        ("-12,345,678,901,234,567.89", "-12345678901234568"),
        ("9007199254740993", "9007199254740992"),
    ],
)
def test_a_number_that_a_float_cannot_keep_is_refused_with_what_would_be_kept(
    text: str, value: object
) -> None:
    found = clean(pl.Series([text, "1"]), FLOAT)
    if isinstance(value, float):
        assert (found.findings, found.values.to_list()) == ([], [value, 1.0])
        return
    (finding,) = found.findings
    assert finding.expected is not None
    assert (finding.code, finding.expected.to_list()) == ("digits_not_kept", [value])
    assert found.values.to_list() == [None, 1.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", "3"), ("1,234.5", "1851.75"), ("￥2", "3"), ("0.0000000002E+9", "0.3"), ("-2", "-3"),
     ("（2）", "-3"), ("2元", "2"), ("0.1万元", "1000")],
)  # fmt: skip
def test_every_bare_number_is_multiplied_however_it_is_written(text: str, value: str) -> None:
    assert read(MONEY, text, factor=Decimal("1.5")) == Decimal(value)


def test_products_of_a_factor_are_kept_as_near_as_a_float_goes() -> None:
    found = clean(pl.Series(["0.123456789012345"]), FLOAT, factor=Decimal("2.54"))
    assert (found.findings, found.values[0]) == ([], float(Decimal("0.3135802440913563")))


@pytest.mark.parametrize(
    ("of", "text", "value", "said"),
    [
        (MONEY, "0.333333333333333", Decimal("0.33333333"), "0.33333333"),
        (MONEY, "-2.000000005", Decimal("-2.00000001"), "-2.00000001"),
        (MONEY, "0.00000000001万", Decimal("0.0000001"), None),
        (COUNT, "2.9999999999", 3, "3"),
        (FLOAT, "0.1234567890123456789", 0.12345678901234568, "0.12345678901234568"),
        (MONEY, "1.5", Decimal("1.5"), None),
    ],
)
def test_numbers_are_rounded_where_a_person_settled_it_and_each_is_told(
    of: Field, text: str, value: object, said: str | None
) -> None:
    found = clean(pl.Series([text]), of, rounds=True)
    told = [
        (f.code, f.expected.to_list() if f.expected is not None else None) for f in found.findings
    ]
    assert found.values.to_list() == [value]
    assert told == ([] if said is None else [("rounded", [said])])


@pytest.mark.parametrize("text", ["1.2345678901234567E+16", "9.007199254740992E+15"])
def test_floats_that_do_not_tell_whole_numbers_apart_are_no_ids(text: str) -> None:
    assert read(COUNT, text) == {"digits_lost"}
    assert read(TEXT, text) == {"digits_lost"}


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
