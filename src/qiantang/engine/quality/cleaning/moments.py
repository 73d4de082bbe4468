"""Dates with a time of day, and periods."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import Cleaned, by_distinct, put, unread
from qiantang.engine.quality.cleaning.dates import (
    day_parts,
    iso_days,
    plain_digits,
    refuse_dates,
)
from qiantang.kernel.errors import Invalid
from qiantang.kernel.periods import WEEK, Period

MOMENT: Final = pl.Datetime("us")
HOME_OFFSET: Final = 8 * 60
"""Minutes by which the zone of all times without zone (Beijing) is ahead of UTC."""
_ISO: Final = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR: Final = re.compile(r"(~|约)?(\d{4})年?度?")
_MONTHS: Final = re.compile(
    r"(\d{4})年(\d{1,2})(?:月?[-—–~至到](\d{1,2})月份?(?:累计|\(累计\))?|月份?)"
)
_ACROSS: Final = re.compile(r"(\d{4})年(\d{1,2})月[-—–~至到](\d{4})年(\d{1,2})月")
_YEARS: Final = re.compile(r"(\d{4})年?[-—–~至到](\d{4})年")
_QUARTER: Final = re.compile(r"(\d{4})(?:年第?([一二三四1-4])季度?|-?Q([1-4]))", re.IGNORECASE)
_HALF: Final = re.compile(r"(\d{4})年(上|下)半年")
_FIRST_QUARTERS: Final = re.compile(r"(\d{4})年前([二三23])季度?")
_DAY: Final = re.compile(r"(\d{4})[年/.](\d{1,2})[月/.](\d{1,2})日?")
_MONTH: Final = re.compile(r"(\d{4})(?:[-/.M]|年)(\d{1,2})月?份?", re.IGNORECASE)
_COMPACT_MONTH: Final = re.compile(r"((?:19|20)\d{2}|2100)(0[1-9]|1[0-2])", re.ASCII)
"""201903; figures with other ends are no months."""


def read_moments(plain: pl.Series) -> Cleaned:
    """Moments in Beijing time; a time with another zone is brought there. A bare day is midnight.

    Codes as for dates, and ``not_a_moment`` where the time of day does not exist.
    """
    shaped = plain.str.replace("T", " ", literal=True)
    shaped = shaped.zip_with(
        shaped.str.contains(_ISO).fill_null(value=False), pl.Series([None], dtype=pl.String)
    )
    found = Cleaned(shaped.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"))
    rows = unread(plain, found.values)
    if rows.len():
        _read_rest(found, plain_digits(plain.gather(rows)), rows)
    return found


def _read_rest(found: Cleaned, texts: pl.Series, rows: pl.Series) -> None:
    parts = day_parts(texts)
    day = iso_days(parts)
    numbers = parts.select(
        *(pl.col(name).cast(pl.Int64, strict=False).fill_null(0) for name in ("h", "i", "s")),
        f=pl.col("f").fill_null("").str.pad_end(6, "0").str.head(6).cast(pl.Int64, strict=False),
        away=_offset(),
    )
    sound = numbers.select((pl.col("h") < 24) & (pl.col("i") < 60) & (pl.col("s") < 60)).to_series()
    seconds = numbers.select(
        pl.col("h") * 3600 + (pl.col("i") + HOME_OFFSET - pl.col("away")) * 60 + pl.col("s")
    ).to_series()
    micro = day.cast(MOMENT).cast(pl.Int64) + seconds * 1_000_000 + numbers["f"].fill_null(0)
    values = micro.cast(MOMENT).zip_with(sound, pl.Series([None], dtype=MOMENT))
    found.refuse("not_a_moment", day.is_not_null() & ~sound, rows)
    known = values.is_not_null().arg_true()
    found.values = put(found.values, rows.gather(known), values.gather(known))
    left = day.is_null()
    refuse_dates(found, texts.zip_with(left, pl.Series([None], dtype=pl.String)), rows)


def _offset() -> pl.Expr:
    """Minutes ahead of UTC, as written beside the time; without any, Beijing's."""
    zone = pl.col("z").str.replace(":", "", literal=True).str.replace("Z", "+0000", literal=True)
    hours, minutes = zone.str.slice(1, 2), zone.str.slice(3, 2)
    away = hours.cast(pl.Int64, strict=False) * 60 + minutes.cast(pl.Int64, strict=False)
    return pl.when(zone.str.starts_with("-")).then(-away).otherwise(away).fill_null(HOME_OFFSET)


def read_periods(plain: pl.Series) -> Cleaned:
    """Periods in the house's written form (`kernel.periods`). Codes: ``not_a_period``,
    ``period_is_week``."""
    found = Cleaned(by_distinct(plain, period_of))
    wrong = plain.is_not_null() & found.values.is_null()
    weeks = wrong & plain.str.contains(rf"(?i)^{WEEK}$")
    found.refuse("period_is_week", weeks)
    found.refuse("not_a_period", wrong & ~weeks)
    return found


def period_of(text: str) -> str | None:
    """The written form of a period as statistics say it; None when it is none.

    >>> period_of("2019年1—9月"), period_of("2019年上半年"), period_of("2019Q4")
    ('2019-01/2019-09', '2019-01/2019-06', '2019-10/2019-12')
    >>> period_of("201903"), period_of("2019-7"), period_of("2019年1-2月累计")
    ('2019-03/2019-03', '2019-07/2019-07', '2019-01/2019-02')
    """
    plain = text.replace(" ", "")
    try:
        return str(Period.parse(_house_form(plain)))
    except (Invalid, ValueError):
        return None


def _house_form(text: str) -> str:
    if m := _YEAR.fullmatch(text):
        return f"{'~' if m[1] else ''}{m[2]}"
    if m := _QUARTER.fullmatch(text):
        last = 3 * _QUARTERS[m[2] or m[3]]
        return _span(m[1], last - 2, last)
    if m := _HALF.fullmatch(text):
        return _span(m[1], 1, 6) if m[2] == "上" else _span(m[1], 7, 12)
    if m := _FIRST_QUARTERS.fullmatch(text):
        return _span(m[1], 1, 3 * _QUARTERS[m[2]])
    if m := _YEARS.fullmatch(text):
        return f"{m[1]}/{m[2]}"
    if m := _ACROSS.fullmatch(text):
        return f"{m[1]}-{int(m[2]):02d}/{m[3]}-{int(m[4]):02d}"
    if m := _DAY.fullmatch(text):
        return f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"
    if m := _MONTHS.fullmatch(text):
        return _span(m[1], int(m[2]), int(m[3] or m[2]))
    if m := _COMPACT_MONTH.fullmatch(text) or _MONTH.fullmatch(text):
        return f"{m[1]}-{int(m[2]):02d}"
    return text


def _span(year: str, first: int, last: int) -> str:
    return f"{year}-{first:02d}/{year}-{last:02d}"
