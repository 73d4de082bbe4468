"""The house's periods as SDMX writes time, and SDMX's time as days.

SDMX 3.0 section 6, 4.2.1 (time formats) and the cross-domain code list CL_FREQ. A year, half-year,
quarter or month that begins where the calendar's does has its own form; every other stretch, such
as the cumulative January to September of Chinese statistics, is a time range (start and duration)
of frequency ``_O`` (other). A moment is a day of frequency ``_Z`` (does not apply: a state, no
flow); a period that its source leaves vague is a year of frequency ``_U`` (not specified).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from qiantang.kernel.periods import Period, PeriodKind

OTHER: Final = "_O"
MOMENT: Final = "_Z"
VAGUE: Final = "_U"
_PARTS: Final = {1: ("M", "{year:04d}-{month:02d}"), 3: ("Q", "{year:04d}-Q{part}"),
                 6: ("S", "{year:04d}-S{part}")}  # fmt: skip
_REPORTING: Final = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
_KEPT: Final = 4096
"""Periods are few and come again with every series."""
_FIRST_YEAR, _LAST_YEAR = 2, 9998
_YEAR: Final = re.compile(r"(\d{4})(?:-A1)?", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_PART: Final = re.compile(r"(\d{4})-([STQMWD])(\d{1,3})", re.ASCII)
_RANGE: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}:\d{2})?/P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", re.ASCII
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """First and last day, both included."""

    start: date
    end: date


@lru_cache(maxsize=_KEPT)
def time_of(period: Period) -> tuple[str, str]:
    """FREQ and TIME_PERIOD of a period."""
    match period.kind:
        case PeriodKind.YEAR:
            return "A", f"{period.year:04d}"
        case PeriodKind.VAGUE:
            return VAGUE, f"{period.year:04d}"
        case PeriodKind.MOMENT:
            return MOMENT, period.end.isoformat()
    start, months = period.start, period.months
    if months in _PARTS and (start.month - 1) % months == 0:
        freq, form = _PARTS[months]
        part = (start.month - 1) // months + 1
        return freq, form.format(year=start.year, month=start.month, part=part)
    lasts = f"P{months // 12}Y" if months % 12 == 0 else f"P{months}M"
    return OTHER, f"{start.isoformat()}/{lasts}"


def period_of(freq: str, time: str) -> Period:
    """The period that `time_of` wrote so. Raises ValueError for what it never writes."""
    span = span_of(time)
    if freq == VAGUE:
        return Period(span.start, span.end, PeriodKind.VAGUE)
    if freq == MOMENT:
        return Period(span.end, span.end, PeriodKind.MOMENT)
    if freq == "A":
        return Period.year_of(span.start.year)
    same = span.start.year == span.end.year
    return Period(span.start, span.end, PeriodKind.PART if same else PeriodKind.SPAN)


@lru_cache(maxsize=_KEPT)
def span_of(text: str) -> Span:
    """The days of a time in any of SDMX's forms (a moment with an hour counts as its day).

    Raises ValueError.
    """
    if m := _YEAR.fullmatch(text):
        return Span(date(int(m[1]), 1, 1), date(int(m[1]), 12, 31))
    if m := _MONTH.fullmatch(text):
        return _months(int(m[1]), int(m[2]), 1)
    if m := _PART.fullmatch(text):
        return _reporting(int(m[1]), m[2], int(m[3]))
    if m := _RANGE.fullmatch(text):
        try:
            return _range(date.fromisoformat(m[1]), *(int(part or 0) for part in m.groups()[1:]))
        except OverflowError as error:
            raise ValueError(f"a range beyond the calendar: {text[:40]}") from error
    day = datetime.fromisoformat(text).date()
    return Span(day, day)


def moment_of(text: str) -> datetime:
    """A dateTime; a plus sign that the query's encoding turned into a space is put back.

    Raises ValueError.
    """
    moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:  # other zones' clocks must still reach it
        raise ValueError(f"a moment beyond the calendar: {text[:40]}")
    return moment


def _months(year: int, month: int, count: int) -> Span:
    last = month + count - 1
    return Span(date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _reporting(year: int, letter: str, number: int) -> Span:
    """A reporting period of a year that begins on the first of January."""
    if letter == "D":
        day = date(year, 1, 1) + timedelta(days=number - 1)
        if day.year != year:
            raise ValueError(f"{year} has no day {number}")
        return Span(day, day)
    if letter == "W":
        return Span(date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7))
    months = _REPORTING[letter]
    if not 1 <= number <= 12 // months:
        raise ValueError(f"no period {number} of {months} months")
    return _months(year, (number - 1) * months + 1, months)


def _range(start: date, years: int, months: int, days: int) -> Span:
    if not years + months + days:
        raise ValueError("a range without a duration")
    count = start.month - 1 + years * 12 + months
    year, month = start.year + count // 12, count % 12 + 1
    last = calendar.monthrange(year, month)[1]
    after = date(year, month, min(start.day, last)) + timedelta(days=days)
    return Span(start, after - timedelta(days=1))
