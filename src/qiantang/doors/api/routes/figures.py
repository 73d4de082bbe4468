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
    KnownOn,
    Level,
    PageNumber,
    PageSize,
)
from qiantang.doors.api.schemas import (
    AggregateOut,
    DivisionDetail,
    DivisionOut,
    Figure,
    IndicatorDetail,
    IndicatorOut,
    ObservationDetail,
    PageOf,
    ReleaseOut,
    VintageList,
)
from qiantang.engine.aggregation import Way
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
def indicator(
    request: HttpRequest,
    id: Id,
    division: Division | None = None,
    as_of: KnownOn | None = None,
) -> HttpResponse:
    """An indicator with its series in one division (the zone's own without a choice), as it is now
    or as it was known on a day."""
    place = division or str(settings.QIANTANG_DIVISION)
    found = indicators.series(id, place, as_of)
    row = indicators.indicator_row(id, place, as_of)
    series = [forms.figure(o) for o in found.points]
    return json_answer({**forms.indicator(row), "division": place, "series": series})


@router.get(
    "/indicators/{id}/vintages", response=VintageList, summary="数据修订 / How figures were revised"
)
def vintages(request: HttpRequest, id: Id, division: Division | None = None) -> HttpResponse:
    """Figures of an indicator that were revised or withdrawn: every revision, and by how much the
    one in force differs from the first."""
    place = division or str(settings.QIANTANG_DIVISION)
    indicators.indicator(id)
    indicators.division(place)
    found = [forms.vintage(v) for v in indicators.vintages(id, place)]
    return json_answer({"indicator": id, "division": place, "vintages": found})


@router.get(
    "/indicators/{id}/aggregate",
    response=AggregateOut,
    summary="按区划汇总 / Parts brought together",
)
def aggregate(
    request: HttpRequest,
    id: Id,
    *,
    division: Division,
    period: Code,
    way: Way | None = None,
    weight: Code = "",
    as_of: KnownOn | None = None,
    areas_of_last_day: bool = False,
) -> HttpResponse:
    """A division's figure out of those of its parts in force on the period's last day. No value
    unless every part has one; a period within which boundaries changed is added up only with
    ``areas_of_last_day``, which says that the figures count the areas of its last day."""
    found = indicators.aggregated(
        id,
        division,
        period,
        way=way,
        weight=weight,
        as_of=as_of,
        areas_of_last_day=areas_of_last_day,
    )
    return json_answer({"indicator": id, "division": division, **forms.aggregate(period, found)})


@router.get("/releases", response=PageOf[ReleaseOut], summary="数据发布日程 / Release calendar")
def release_list(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """Which figures are due when and when they were out, latest due day first. Weekends move a due
    day to the next working day; public holidays are not known."""
    found = indicators.release_calendar()
    return slice_answer(request, found, lambda r: r.as_json(), page=page, size=size)


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
    as_of: KnownOn | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Published figures in force, newest period first; with ``as_of``, for an indicator or a
    division, as they were known on that day."""
    wanted = {
        "indicator": indicator,
        "division": division,
        "period": period,
        "grade": grade,
        "kind": kind.value if kind else None,
    }
    found = indicators.observations(**wanted, year=year, as_of=as_of, page=page, size=size)
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
