"""Update cycles: ISO 8601 durations in words, and the day on which the next delivery is due.

An entry of which nobody knows when its data comes next says so: its cycle is `IRREGULAR`. One that
says nothing has no cycle either, but lacks it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from qiantang.kernel.text import Text

_UNITS: Final = (Text("年", "year"), Text("个月", "month"), Text("周", "week"), Text("天", "day"))
IRREGULAR: Final = "irregular"
NO_CYCLE: Final = -1
NOTHING_YET: Final = 0
_DURATION: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T(?:\d+[HMS])+)?", re.ASCII
)
_HOURS: Final = re.compile(r"PT(\d+)H", re.ASCII)
_LONGER_THAN_NOTHING: Final = re.compile(r"[1-9]")
_NAMES: Final = {
    "P1D": Text("每日", "Daily"),
    "P1W": Text("每周", "Weekly"),
    "P7D": Text("每周", "Weekly"),
    "P1M": Text("每月", "Monthly"),
    "P3M": Text("每季度", "Quarterly"),
    "P6M": Text("每半年", "Half-yearly"),
    "P1Y": Text("每年", "Yearly"),
    IRREGULAR: Text("不定期", "Irregular"),
    "": Text("未说明", "Not stated"),
}
CHOICES: Final = (
    *(
        "PT1M",
        "PT1H",
        "P1D",
        "P1W",
        "P2W",
        "P1M",
        "P2M",
        "P3M",
        "P6M",
        "P1Y",
        "P2Y",
        "P3Y",
        "P5Y",
        "P10Y",
    ),
    IRREGULAR,
)
"""The cycles that people choose from; any other duration is as good."""


def cycle_name(cadence: str) -> Text:
    """A cycle in words; one without a name of its own is counted out."""
    if cadence in _NAMES:
        return _NAMES[cadence]
    hours = _HOURS.fullmatch(cadence)
    if hours and int(hours[1]):
        n = int(hours[1])
        return Text("每小时", "Hourly") if n == 1 else Text(f"每 {n} 小时", f"Every {n} hours")
    if cadence.startswith("PT"):
        return Text("实时", "Real time")
    match = _DURATION.fullmatch(cadence)
    if match is None or not has_cycle(cadence):
        return _NAMES[IRREGULAR]
    parts = [(int(n), unit) for n, unit in zip(match.groups()[:4], _UNITS, strict=True) if n]
    zh = "".join(f"{n} {unit.zh}" for n, unit in parts)
    en = " ".join(f"{n} {unit.en}{'' if n == 1 else 's'}" for n, unit in parts)
    return Text(f"每 {zh}", f"Every {en}")


def has_cycle(cadence: str) -> bool:
    """Whether it is a duration of some length."""
    match = _DURATION.fullmatch(cadence)
    return match is not None and any(
        part and _LONGER_THAN_NOTHING.search(part) for part in match.groups()
    )


def next_due(cadence: str, after: date) -> date | None:
    """The last day on which the next delivery is in time; None without a cycle. Cycles below a day
    count as one."""
    match = _DURATION.fullmatch(cadence)
    if match is None or not has_cycle(cadence):
        return None
    years, months, weeks, days = (int(part or 0) for part in match.groups()[:4])
    month = after.year * 12 + after.month - 1 + years * 12 + months
    year, month = divmod(month, 12)
    if year > date.max.year - 1:
        return None
    day = min(after.day, calendar.monthrange(year, month + 1)[1])
    step = weeks * 7 + days + (1 if match.group(5) else 0)
    return date(year, month + 1, day) + timedelta(days=step)


def due_number(cadence: str, due: date | None) -> int:
    """How the index keeps it: the day's ordinal, `NOTHING_YET` or `NO_CYCLE`."""
    if not has_cycle(cadence):
        return NO_CYCLE
    return due.toordinal() if due else NOTHING_YET
