"""Statistical periods: the stretch of time that a figure speaks of.

Written as ISO 8601 reads best: ``2019`` (a full year), ``2019-01/2019-09`` (part of a year),
``2019-12-31`` (a moment), ``2016/2020`` (several years). A period whose source is vague keeps
the year and says so with a leading ``~``: ``~2016``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from enum import StrEnum
from typing import Final

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text

CHINA_TIME: Final = timezone(timedelta(hours=8))
"""Moments are shown and days are cut in it, wherever the server stands."""


class PeriodKind(StrEnum):
    """How a period may be compared: only years and moments form a series."""

    YEAR = "year"
    PART = "part"
    MOMENT = "moment"
    SPAN = "span"
    VAGUE = "vague"


class BadPeriod(Invalid):
    code = "kernel.bad_period"
    title = Text(zh="时期格式错误", en="Malformed period")
    detail = Text(zh="“{found}”不是有效的时期。", en='"{found}" is not a period.')
    hint = Text(
        zh="请写成 2019、2019-03、2019-01/2019-09、2019-12-31、2016/2020 或 ~2016。",
        en="Write 2019, 2019-03, 2019-01/2019-09, 2019-12-31, 2016/2020 or ~2016.",
    )


class WeekNoPeriod(BadPeriod):
    """Weeks cross months and years, so that no series of periods can hold them."""

    code = "kernel.week_no_period"
    title = Text(zh="时期不能是周", en="A week is no period")
    detail = Text(
        zh="“{found}”是一周，时期只能是日、月、季、年或其区间。",
        en='"{found}" is a week; a period is a day, months, a year or several.',
    )
    hint = Text(
        zh="请改用月份（2020-01），或写出所指的那一天（2019-12-30）。",
        en="Give the month (2020-01), or the day that is meant (2019-12-30).",
    )


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}", re.ASCII)
WEEK: Final = r"\d{4}(?:-?W\d{1,2}(?:-?[1-7])?|年?第\d{1,2}周)"
"""A week as ISO 8601 and as people write it."""
_WEEK = re.compile(WEEK, re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"(~?)(\d{4})", re.ASCII)
_SPAN = re.compile(r"(\d{4})/(\d{4})", re.ASCII)
_MONTHS = re.compile(r"(\d{4})-(\d{2})(?:/(\d{4})-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, both included, and the kind."""

    start: date
    end: date
    kind: PeriodKind

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read the written form. Raises `BadPeriod`, for weeks `WeekNoPeriod`."""
        text = text.strip()
        if _WEEK.fullmatch(text):
            raise WeekNoPeriod(found=text)
        try:
            return _parse(text)
        except ValueError:
            raise BadPeriod(found=text) from None

    @classmethod
    def year_of(cls, year: int) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31), PeriodKind.YEAR)

    @property
    def year(self) -> int:
        """The year in which the period ends."""
        return self.end.year

    @property
    def months(self) -> int:
        """Calendar months touched, both ends included."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.YEAR:
                return f"{self.end.year:04d}"
            case PeriodKind.VAGUE:
                return f"~{self.end.year:04d}"
            case PeriodKind.MOMENT:
                return self.end.isoformat()
            case PeriodKind.SPAN if self._whole_years:
                return f"{self.start.year:04d}/{self.end.year:04d}"
            case _:
                return f"{self.start.isoformat()[:7]}/{self.end.isoformat()[:7]}"

    @property
    def _whole_years(self) -> bool:
        return (self.start.month, self.end.month) == (1, 12)

    def as_text(self) -> Text:
        """As a reader says it: 2019年 / 2019; 2019年1—9月 / Jan-Sep 2019."""
        match self.kind:
            case PeriodKind.YEAR:
                return Text(f"{self.year}年", f"{self.year}")
            case PeriodKind.VAGUE:
                return Text(f"约{self.year}年", f"about {self.year}")
            case PeriodKind.MOMENT:
                return Text(f"{self.end.year}年{self.end.month}月{self.end.day}日", f"{self.end}")
            case PeriodKind.SPAN if self._whole_years:
                return Text(
                    f"{self.start.year}—{self.year}年", f"{self.start.year}\N{EN DASH}{self.year}"
                )
            case PeriodKind.SPAN:
                ends = (self.start, self.end)
                return Text(
                    "—".join(f"{day.year}年{day.month}月" for day in ends),
                    "\N{EN DASH}".join(f"{calendar.month_abbr[d.month]} {d.year}" for d in ends),
                )
            case _:
                first, last = (calendar.month_abbr[d.month] for d in (self.start, self.end))
                en = first if first == last else f"{first}\N{EN DASH}{last}"
                zh = (
                    f"{self.start.month}—{self.end.month}" if first != last else f"{self.end.month}"
                )
                return Text(f"{self.year}年{zh}月", f"{en} {self.year}")


def _parse(text: str) -> Period:
    if m := _YEAR.fullmatch(text):
        whole = Period.year_of(int(m[2]))
        return whole if not m[1] else Period(whole.start, whole.end, PeriodKind.VAGUE)
    if m := _SPAN.fullmatch(text):
        if m[1] == m[2]:
            return Period.year_of(int(m[1]))
        return _ordered(date(int(m[1]), 1, 1), date(int(m[2]), 12, 31), PeriodKind.SPAN)
    if m := _MONTHS.fullmatch(text):
        first = date(int(m[1]), int(m[2]), 1)
        year, month = (int(m[3]), int(m[4])) if m[3] else (first.year, first.month)
        last = date(year, month, calendar.monthrange(year, month)[1])
        if (first.year, first.month, last.month) == (last.year, 1, 12):
            return Period.year_of(first.year)
        return _ordered(first, last, PeriodKind.PART if first.year == year else PeriodKind.SPAN)
    day = day_of(text)
    return Period(day, day, PeriodKind.MOMENT)


def day_of(text: str) -> date:
    """A day written 2019-12-31 or 20191231. Raises `ValueError`, for weeks (2020-W01) too, which
    ISO 8601 would take for their first day."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"no day: {text!r}")
    return date.fromisoformat(text)


def _ordered(start: date, end: date, kind: PeriodKind) -> Period:
    if end < start:
        raise ValueError(f"{end} before {start}")
    return Period(start, end, kind)
