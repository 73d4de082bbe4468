"""Indicators, observations and divisions."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from qiantang.doors.api import forms
from qiantang.doors.api.answers import json_answer, page_answer, slice_answer
from qiantang.doors.api.routes.params import (
    DEFAULT_SIZE,
    Code,
    Day,
    Division,
    Id,
    Level,
    PageNumber,
    PageSize,
)
from qiantang.doors.api.schemas import (
    DivisionDetail,
    DivisionOut,
    Figure,
    IndicatorDetail,
    IndicatorOut,
    ObservationDetail,
    PageOf,
)
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import ObservationKind
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf

router = Router(tags=["figures"])
Year = Annotated[
    int, Query(ge=1900, le=2100, description="时期结束的年份 / year of the period's end")
]


@router.get("/indicators", response=PageOf[IndicatorOut], summary="指标 / Indicators")
def indicator_list(
    request: HttpRequest,
    division: Division | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Every indicator with its latest result and number of observations, in one division or all."""
    if division is not None:
        indicators.division(division)
    rows = indicators.indicator_rows(division)
    return slice_answer(request, rows, forms.indicator, page=page, size=size)


@router.get("/indicators/{id}", response=IndicatorDetail, summary="一个指标 / One indicator")
def indicator(request: HttpRequest, id: Id, division: Division | None = None) -> HttpResponse:
    """An indicator with its series in one division (the zone's own without a choice)."""
    place = division or str(settings.QIANTANG_DIVISION)
    found = indicators.series(id, place)
    row = indicators.indicator_row(id, place)
    series = [forms.figure(o) for o in found.points]
    return json_answer({**forms.indicator(row), "division": place, "series": series})


@router.get("/observations", response=PageOf[Figure], summary="数据 / Observations")
def observation_list(  # noqa: PLR0913 - each is a query parameter
    request: HttpRequest,
    *,
    indicator: Code | None = None,
    division: Division | None = None,
    year: Year | None = None,
    period: Code | None = None,
    grade: Code | None = None,
    kind: ObservationKind | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Published figures in force, newest period first."""
    wanted = {
        "indicator": indicator,
        "division": division,
        "period": period,
        "grade": grade,
        "kind": kind.value if kind else None,
    }
    found = indicators.observations(**wanted, year=year, page=page, size=size)
    items = [forms.figure(o) for o in found.items] if page <= found.pages else []
    return page_answer(request, items, page=page, size=size, total=found.total)


@router.get("/observations/{id}", response=ObservationDetail, summary="一个数据 / One observation")
def observation(request: HttpRequest, id: Id) -> HttpResponse:
    """A figure with every revision, newest first, and who recorded it."""
    found = indicators.observation(id)
    return json_answer(forms.figure_with_revisions(found, indicators.revisions(id)))


@router.get("/divisions", response=PageOf[DivisionOut], summary="行政区划 / Divisions")
def division_list(
    request: HttpRequest,
    *,
    level: Level | None = None,
    parent: Division | None = None,
    on: Day | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Divisions in force on a day; without one, every row, abolished divisions included."""
    found = [
        c
        for c in shelf.divisions(on)
        if (level is None or division_level(c.code) == level)
        and (parent is None or c.parent == parent)
    ]
    return slice_answer(request, found, forms.division, page=page, size=size)


@router.get("/divisions/{code}", response=DivisionDetail, summary="一个区划 / One division")
def division(request: HttpRequest, code: Id) -> HttpResponse:
    """What is known of a division and which indicators are missing."""
    return json_answer(forms.profile(indicators.division_profile(code)))
