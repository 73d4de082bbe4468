"""Functions on dates and times. Times without zone stay without zone on both engines."""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.entry import Function, Gives, Kind, Maker

_ = Maker(Kind.SCALAR)

DATES: Final[tuple[Function, ...]] = (
    _.rewritten(
        "extract", "Extract", Gives.INTEGER, "extract(year from day)", "extract(week from day)",
        "extract(dow from day)", "extract(isodow from day)", "extract(second from ts)",
        "extract(doy from ts)", "extract(quarter from day)", how="year(x), weekofyear(x) ...",
    ),
    _.rewritten(
        "date_part", "", Gives.INTEGER, "date_part('year', day)", "date_part('month', ts)",
        how="year(x), month(x) ...",
    ),
    _.same("year", "Year", Gives.INTEGER, "year(day)", "year(ts)"),
    _.same("month", "Month", Gives.INTEGER, "month(day)"),
    _.same("day", "Day", Gives.INTEGER, "day(day)"),
    _.same("quarter", "Quarter", Gives.INTEGER, "quarter(day)"),
    _.rewritten("week", "Week", Gives.INTEGER, "week(day)", how="weekofyear(x)"),
    _.rewritten("dayofweek", "DayOfWeek", Gives.INTEGER, "dayofweek(day)",
        how="dayofweek(x) - 1"),
    _.rewritten("isodow", "DayOfWeekIso", Gives.INTEGER, "isodow(day)", how="weekday(x) + 1"),
    _.same("dayofyear", "DayOfYear", Gives.INTEGER, "dayofyear(day)"),
    _.same("hour", "Hour", Gives.INTEGER, "hour(ts)"),
    _.same("minute", "Minute", Gives.INTEGER, "minute(ts)"),
    _.same("second", "Second", Gives.INTEGER, "second(ts)"),
    _.rewritten("monthname", "Monthname", Gives.TEXT, "monthname(day)",
        how="date_format(x, 'MMMM')"),
    _.rewritten("dayname", "Dayname", Gives.TEXT, "dayname(day)", how="date_format(x, 'EEEE')"),
    _.rewritten(
        "date_trunc", "TimestampTrunc", Gives.TIMESTAMP, "date_trunc('month', ts)",
        "date_trunc('week', day)", "date_trunc('hour', ts)", "date_trunc('quarter', day)",
        how="cast(date_trunc(unit, x) as timestamp_ntz)",
    ),
    _.rewritten(
        "date_diff", "DateDiff", Gives.INTEGER, "date_diff('day', day, date '2021-01-01')",
        "date_diff('month', day, date '2021-01-01')", "date_diff('year', day, ts)",
        "date_diff('hour', ts, timestamp '2020-03-29 04:00:00')",
        how="年月之差，而非整月数 differences of years and months, not whole ones elapsed",
    ),
    _.rewritten(
        "datesub", "", Gives.INTEGER, "datesub('day', day, date '2021-01-01')",
        "datesub('hour', ts, timestamp '2020-03-29 04:00:00')", how="timestampdiff(unit, a, b)",
    ),
    _.same("last_day", "LastDay", Gives.DATE, "last_day(day)"),
    _.same("make_date", "DateFromParts", Gives.DATE, "make_date(2020, 2, id)"),
    _.rewritten(
        "strptime", "StrToTime", Gives.TIMESTAMP,
        "strptime('2020年03月29日 02:30', '%Y年%m月%d日 %H:%M')",
        "strptime(strftime(day, '%Y%m%d'), '%Y%m%d')", how="to_timestamp_ntz(s, pattern)",
    ),
    _.rewritten(
        "try_strptime", "", Gives.TIMESTAMP, "try_strptime(s, '%Y-%m-%d')",
        how="try_to_timestamp(s, pattern)",
    ),
    _.rewritten(
        "strftime", "TimeToStr", Gives.TEXT, "strftime(day, '%Y年%-m月')",
        "strftime(ts, '%Y-%m-%dT%H:%M:%S')", how="date_format(x, pattern)",
    ),
)  # fmt: skip
