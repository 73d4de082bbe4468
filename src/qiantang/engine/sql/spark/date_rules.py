"""Dates and times: boundaries counted, weeks by ISO, times without zone kept without zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from qiantang.engine.sql import families as f
from qiantang.engine.sql.spark import refusals
from qiantang.engine.sql.spark.building import (
    call,
    cast,
    constant,
    name_of,
    number,
    text,
    whole,
    wrapped,
)
from qiantang.engine.sql.spark.formats import for_reading, for_writing
from qiantang.engine.sql.spark.number_rules import Family, Rule
from qiantang.engine.sql.spark.refusals import NotPortable

NTZ: Final = "TIMESTAMP_NTZ"
_SECONDS: Final = {"hour": 3600, "minute": 60, "second": 1}
_PARTS: Final = {
    "year": "YEAR", "month": "MONTH", "day": "DAY", "quarter": "QUARTER", "hour": "HOUR",
    "minute": "MINUTE", "second": "SECOND", "week": "WEEKOFYEAR", "doy": "DAYOFYEAR",
    "dayofyear": "DAYOFYEAR", "weekofyear": "WEEKOFYEAR",
}  # fmt: skip
_UNITS: Final = frozenset({"quarter", "week", "year", "month", "day", *_SECONDS})


def get_part(part: str, of: exp.Expr, written: exp.Expr) -> exp.Expr:
    """One part of a date; a week is ISO's, Sunday is 0 (``dow``) or 7 (``isodow``)."""
    if part in ("dow", "dayofweek", "weekday"):
        return wrapped(exp.Sub, call("DAYOFWEEK", of), number(1))
    if part in ("isodow", "dayofweekiso", "dayofweek_iso"):
        return wrapped(exp.Add, call("WEEKDAY", of), number(1))
    if part not in _PARTS:
        raise NotPortable(f"{name_of(written)}({part})", refusals.EPOCH)
    return call(_PARTS[part], of)


def extract(node: exp.Expr, family: Family) -> exp.Expr:
    return get_part(_unit(node.this), node.expression, node)


def week(node: exp.Expr, family: Family) -> exp.Expr:
    return get_part("week", node.this, node)


def day_of_week(node: exp.Expr, family: Family) -> exp.Expr:
    return get_part("dow", node.this, node)


def iso_day(node: exp.Expr, family: Family) -> exp.Expr:
    return get_part("isodow", node.this, node)


def full_name(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = "MMMM" if isinstance(node, exp.Monthname) else "EEEE"
    return call("DATE_FORMAT", node.this, text(pattern))


def truncate(node: exp.Expr, family: Family) -> exp.Expr:
    return _truncated(_known_unit(node.args.get("unit"), node), node.this)


def _truncated(unit: str, of: exp.Expr) -> exp.Expr:
    """Spark's date_trunc gives a time with zone; back to one without, in the session's UTC."""
    return cast(call("DATE_TRUNC", text(unit.upper()), of), NTZ)


def difference(node: exp.Expr, family: Family) -> exp.Expr:
    """DuckDB counts the boundaries crossed, Spark the whole periods elapsed."""
    unit = _known_unit(node.args.get("unit"), node)
    return _boundaries(unit, node.expression, node.this)


def _boundaries(unit: str, start: exp.Expr, stop: exp.Expr) -> exp.Expr:
    if unit == "day":
        return call("DATEDIFF", cast(stop, "DATE"), cast(start, "DATE"))
    if unit == "week":
        raise NotPortable("date_diff(week)", refusals.WEEKS)
    if unit in _SECONDS:
        ends = [_seconds(unit, end) for end in (stop, start)]
        return exp.paren(
            exp.IntDiv(this=wrapped(exp.Sub, *ends), expression=number(_SECONDS[unit]))
        )
    return wrapped(exp.Sub, _ordinal(unit, stop), _ordinal(unit, start))


def _seconds(unit: str, of: exp.Expr) -> exp.Expr:
    return call("UNIX_SECONDS", call("DATE_TRUNC", text(unit.upper()), of))


def _ordinal(unit: str, of: exp.Expr) -> exp.Expr:
    """How many of the unit since year 0: 12 * year + month, and the like."""
    year = call("YEAR", of)
    per_year = {"month": 12, "quarter": 4}
    if unit == "year":
        return year
    return wrapped(exp.Add, wrapped(exp.Mul, year, number(per_year[unit])), call(_PARTS[unit], of))


def whole_periods(node: exp.Expr, family: Family) -> exp.Expr:
    unit, start, stop = node.expressions
    named = _known_unit(unit, node)
    if named in ("year", "quarter", "month"):
        raise NotPortable("datesub", refusals.WHOLE_PERIODS)
    ends = [call("UNIX_SECONDS", cast(end, "TIMESTAMP")) for end in (stop, start)]
    seconds = {**_SECONDS, "day": 86_400, "week": 604_800}[named]
    return exp.paren(exp.IntDiv(this=wrapped(exp.Sub, *ends), expression=number(seconds)))


def read_time(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = for_reading(constant(node.args.get("format"), node), "strptime")
    return call("TO_TIMESTAMP_NTZ", node.this, text(pattern))


def write_time(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = for_writing(constant(node.args.get("format"), node), "strftime")
    return call("DATE_FORMAT", node.this, text(pattern))


def anonymous(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Calls that the parser knows by name only."""
    name = node.name.lower()
    if name == "date_part":
        unit, of = node.expressions
        return get_part(constant(unit, node).lower(), of, node)
    if name == "datesub":
        return whole_periods(node, family)
    if name == "try_strptime":
        of, written = node.expressions
        pattern = for_reading(constant(written, node), name)
        return cast(call("TRY_TO_TIMESTAMP", of, text(pattern)), NTZ)
    return None


def add(node: exp.Expr, family: Family) -> exp.Expr | None:
    """A date and an interval give a time; a date less a date gives days."""
    left, right = family(node.this), family(node.expression)
    if isinstance(node, exp.Sub) and left == right == f.DATE:
        return call("DATEDIFF", node.this, node.expression)
    if isinstance(node, exp.Sub) and left == right and left in (f.TIMESTAMP, f.ZONED):
        raise NotPortable(name_of(node), refusals.INTERVALS)
    if right == f.INTERVAL and left == f.DATE:
        node.set("this", cast(node.this, NTZ))
    elif left == f.INTERVAL and right == f.DATE:
        node.set("expression", cast(node.expression, NTZ))
    return None


def interval(node: exp.Expr, family: Family) -> None:
    if not isinstance(node.this, exp.Literal) and whole(node.this) is None:
        raise NotPortable(name_of(node), refusals.INTERVAL_FIXED)


def _unit(node: exp.Expr | None) -> str:
    return node.name.lower() if node is not None else "day"


def _known_unit(node: exp.Expr | None, written: exp.Expr) -> str:
    unit = _unit(node)
    if unit not in _UNITS:
        raise NotPortable(f"{name_of(written)}({unit})", refusals.EPOCH)
    return unit


DATE_RULES: Final[Mapping[type[exp.Expr], Rule]] = {
    exp.Extract: extract,
    exp.Week: week,
    exp.DayOfWeek: day_of_week,
    exp.DayOfWeekIso: iso_day,
    exp.Monthname: full_name,
    exp.Dayname: full_name,
    exp.TimestampTrunc: truncate,
    exp.DateDiff: difference,
    exp.StrToTime: read_time,
    exp.TimeToStr: write_time,
    exp.Anonymous: anonymous,
    exp.Add: add,
    exp.Sub: add,
    exp.Interval: interval,
}
