"""Working days: Monday to Friday, less the holidays and with the working weekends that are given.

The holidays of China are fixed by the State Council year by year. None are built in: without them
only weekends are known, and whoever shows a day says so.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta

_NONE: Set[date] = frozenset()


def is_working(day: date, *, holidays: Set[date] = _NONE, made_up: Set[date] = _NONE) -> bool:
    """Whether work is done on ``day``; ``made_up`` are weekend days worked in exchange."""
    return day in made_up or (day.weekday() < 5 and day not in holidays)


def next_working(day: date, *, holidays: Set[date] = _NONE, made_up: Set[date] = _NONE) -> date:
    """``day``, or the first working day after it."""
    while not is_working(day, holidays=holidays, made_up=made_up):
        day += timedelta(days=1)
    return day
