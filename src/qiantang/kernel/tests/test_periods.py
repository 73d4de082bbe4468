"""Periods: the written form is read exactly, and nothing else is."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.kernel.periods import BadPeriod, Period, PeriodKind, WeekNoPeriod, day_of

years = st.integers(min_value=1, max_value=9999)
months = st.integers(min_value=1, max_value=12)


@pytest.mark.parametrize(
    ("written", "start", "end", "kind"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), PeriodKind.YEAR),
        ("~2016", date(2016, 1, 1), date(2016, 12, 31), PeriodKind.VAGUE),
        ("2019-01/2019-09", date(2019, 1, 1), date(2019, 9, 30), PeriodKind.PART),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), PeriodKind.PART),
        ("2019-12-31", date(2019, 12, 31), date(2019, 12, 31), PeriodKind.MOMENT),
        ("2016/2020", date(2016, 1, 1), date(2020, 12, 31), PeriodKind.SPAN),
        ("2019-11/2020-02", date(2019, 11, 1), date(2020, 2, 29), PeriodKind.SPAN),
        (" 2019 ", date(2019, 1, 1), date(2019, 12, 31), PeriodKind.YEAR),
    ],
)
def test_a_written_period_has_its_first_and_last_day(
    written: str, start: date, end: date, kind: PeriodKind
) -> None:
    period = Period.parse(written)
    assert (period.start, period.end, period.kind) == (start, end, kind)


def test_january_to_december_is_the_year() -> None:
    assert Period.parse("2019-01/2019-12") == Period.parse("2019")


@pytest.mark.parametrize(
    "written",
    [
        "", "~", "19", "2019年", "2019-13", "2019-00", "2019-02-30", "2019-09/2019-01", "2020/2016",
        "2019/", "/2019", "0000", "2019-1", "2019-01/2019", "~2019-01", "2019-01-01/2019-02-01",
        "Jan-Sep 2019", "二〇一九", "２０１９",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_that_are_right(written: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        Period.parse(written)
    assert "2019-01/2019-09" in caught.value.message("zh")
    assert caught.value.fields["found"] == written


@pytest.mark.parametrize(
    "written", ["2020-W01", "2020W01", "2020-W01-3", "2020-w53", "2020年第1周"]
)
def test_a_week_is_refused_with_the_reason(written: str) -> None:
    with pytest.raises(WeekNoPeriod) as caught:
        Period.parse(written)
    assert written in caught.value.message("zh")
    assert written in caught.value.message("en")
    with pytest.raises(ValueError, match="no day"):
        day_of(written)


def test_days_are_written_with_strokes_or_without() -> None:
    assert day_of("2019-12-31") == day_of("20191231") == date(2019, 12, 31)


@given(st.text(max_size=20))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        period = Period.parse(text)
    except BadPeriod:
        return
    assert period.start <= period.end


@given(years)
def test_years_and_vague_years_read_back_as_written(year: int) -> None:
    for written in (f"{year:04d}", f"~{year:04d}"):
        assert str(Period.parse(written)) == written
    assert Period.parse(f"{year:04d}") == Period.year_of(year)


@given(st.dates())
def test_moments_read_back_as_written(day: date) -> None:
    period = Period.parse(day.isoformat())
    assert str(period) == day.isoformat()
    assert (period.start, period.end, period.months) == (day, day, 1)


@given(years, months, years, months)
def test_stretches_of_months_read_back_or_are_refused(y1: int, m1: int, y2: int, m2: int) -> None:
    written = f"{y1:04d}-{m1:02d}/{y2:04d}-{m2:02d}"
    if (y1, m1) > (y2, m2):
        with pytest.raises(BadPeriod):
            Period.parse(written)
        return
    period = Period.parse(written)
    assert period.start == date(y1, m1, 1)
    assert period.end == date(y2, m2, calendar.monthrange(y2, m2)[1])
    assert period.months == (y2 - y1) * 12 + m2 - m1 + 1
    assert (period.kind is PeriodKind.PART) <= (y1 == y2)
    if period.kind is PeriodKind.PART:
        assert str(period) == written


@given(years, years)
def test_several_years_read_back_or_are_refused(first: int, last: int) -> None:
    written = f"{first:04d}/{last:04d}"
    if first > last:
        with pytest.raises(BadPeriod):
            Period.parse(written)
    elif first == last:
        assert Period.parse(written) == Period.year_of(first)
    else:
        assert str(Period.parse(written)) == written
        assert Period.parse(written).months == (last - first + 1) * 12


@given(years, months, years, months)
def test_every_stretch_of_months_survives_being_written_and_read(
    y1: int, m1: int, y2: int, m2: int
) -> None:
    if (y1, m1) <= (y2, m2):
        period = Period.parse(f"{y1:04d}-{m1:02d}/{y2:04d}-{m2:02d}")
        assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("2019", "2019年", "2019"),
        ("~2016", "约2016年", "about 2016"),
        ("2019-12-31", "2019年12月31日", "2019-12-31"),
        ("2016/2020", "2016—2020年", "2016\N{EN DASH}2020"),
        ("2019-01/2019-09", "2019年1—9月", "Jan\N{EN DASH}Sep 2019"),
        ("2019-05", "2019年5月", "May 2019"),
        ("2019-11/2020-02", "2019年11月—2020年2月", "Nov 2019\N{EN DASH}Feb 2020"),
    ],
)
def test_a_reader_sees_the_period_in_words(written: str, zh: str, en: str) -> None:
    said = Period.parse(written).as_text()
    assert (said.zh, said.en) == (zh, en)
