"""The cities on the map: which indicators are worth mapping, and each city's latest figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from qiantang.kernel.errors import NotFound
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import PeriodKind
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, Indicator
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf

MAPPED: Final = ("pop_census", "core_share", "core_va", "gdp", "zde_rank_city")
"""Indicators offered for the map when the installed packs have them, first one first."""


@dataclass(frozen=True, slots=True)
class CityFigure:
    """A city and its latest full-year (or census) figure; None where nothing is known."""

    division: Code
    observation: Observation | None


def divisions_now() -> tuple[Code, ...]:
    """The divisions in force today."""
    return tuple(shelf.divisions(date.today()))


def cities() -> tuple[Code, ...]:
    """The cities in force today, in the order of their codes."""
    found = (d for d in divisions_now() if division_level(d.code) == "city")
    return tuple(sorted(found, key=lambda d: d.code))


def map_measures() -> tuple[Indicator, ...]:
    known = shelf.indicators()
    return tuple(known[id] for id in MAPPED if id in known)


def measure_of(asked: str, offered: tuple[Indicator, ...]) -> Indicator | None:
    """The indicator asked for, else the first one offered."""
    return next((m for m in offered if m.id == asked), offered[0] if offered else None)


def city_figures(indicator: str, period: str = "") -> tuple[CityFigure, ...]:
    """Every city with its result in ``period``, else its latest; parts of a year and aims never
    stand on the map."""
    best: dict[str, Observation] = {}
    places = cities()
    found = indicators.figures(indicators=[indicator], divisions=[d.code for d in places])
    for o in indicators.newest_first(found):
        if period and str(o.period) != period:
            continue
        if o.kind in AIMS or o.period.kind in (PeriodKind.PART, PeriodKind.VAGUE):
            continue
        if o.source.grade == "D" or o.division in best:
            continue
        best[o.division] = o
    return tuple(CityFigure(d, best.get(d.code)) for d in places)


def of_earlier_area(division: Code, observation: Observation) -> bool:
    """Whether the figure was counted in the area that the code covered before it changed."""
    return division.valid_from is not None and observation.period.end < division.valid_from


def department(code: str) -> Text:
    """The department's name; its code when no pack names it."""
    try:
        found = shelf.code_list("geography.department").find(code)
    except NotFound:
        found = None
    return found.name if found else Text(code, code)


def all_observations(division: str) -> list[Observation]:
    """Every published figure in force of one division, the newest first."""
    found = indicators.figures(indicators=None, divisions=[division])
    return indicators.newest_first(found)
