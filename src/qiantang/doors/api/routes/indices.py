"""Composite indices: ranks, units, elements, what-if, robustness, editions and their bundles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from qiantang.doors.api import index_forms as forms
from qiantang.doors.api import index_schemas as shapes
from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.errors import BadParameters
from qiantang.doors.api.gate import actor_of, person_of
from qiantang.doors.api.routes.params import (
    DEFAULT_SIZE,
    Code,
    Day,
    Id,
    PageNumber,
    PageSize,
)
from qiantang.doors.api.schemas import PageOf
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors, services
from qiantang.rooms.indices.shapes import Made

router = Router(tags=["indices"])
ZIP = "application/zip"
_BUNDLE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "复现包 / The bundle",
            "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
LARGEST_NUMBER = 2**31 - 1
Number = Annotated[int, Query(ge=1, le=LARGEST_NUMBER, description="版次 / edition's number")]
EditionNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Year = Annotated[
    int, Query(ge=1, le=9999, description="年份，默认最近一年 / year, else the latest")
]
Change = Annotated[
    list[Annotated[str, Query(max_length=420)]],
    Query(
        max_length=500,
        description="如 / such as weight.CODE=0.3, aggregate.method=geometric",
    ),
]


@router.get("/indices", response=PageOf[shapes.IndexOut], summary="综合指数 / Composite indices")
def index_list(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """Every index with its latest published edition."""
    found = selectors.indices(actor_of(request))
    return slice_answer(request, found, forms.index, page=page, size=size)


@router.get("/indices/{id}", response=shapes.IndexDetail, summary="一个指数 / One index")
def index_detail(request: HttpRequest, id: Id) -> HttpResponse:
    """One index, with the fingerprint of the key that signs its editions."""
    return json_answer(forms.index_detail(selectors.index_row(actor_of(request), id)))


@router.get("/indices/{id}/ranking", response=shapes.RankingOut, summary="排名 / Ranks")
def index_ranking(
    request: HttpRequest,
    id: Id,
    *,
    edition: Number | None = None,
    year: Year | None = None,
    element: Code | None = None,
) -> HttpResponse:
    """Scores and ranks in a year, what moved since the year before, and because of what."""
    made = _made(request, id, edition)
    return json_answer(forms.ranking(made, selectors.ranking(made, year, element), year, element))


@router.get("/indices/{id}/units/{unit}", response=shapes.ProfileOut, summary="评价单元 / One unit")
def index_unit(
    request: HttpRequest,
    id: Id,
    unit: Id,
    *,
    edition: Number | None = None,
    year: Year | None = None,
) -> HttpResponse:
    """A unit's score with what makes it, its indicators, peers and series."""
    made = _made(request, id, edition)
    return json_answer(forms.profile(selectors.profile(made, unit, year)))


@router.get(
    "/indices/{id}/elements/{element}",
    response=shapes.IndexElementOut,
    summary="指标 / One element",
)
def index_element(
    request: HttpRequest,
    id: Id,
    element: Id,
    *,
    edition: Number | None = None,
    year: Year | None = None,
) -> HttpResponse:
    """An indicator or aggregate over all units."""
    made = _made(request, id, edition)
    return json_answer(asdict(selectors.element_page(made, element, year)))


@router.get("/indices/{id}/comparison", response=shapes.ComparisonOut, summary="比较 / Comparison")
def index_comparison(
    request: HttpRequest,
    id: Id,
    *,
    one: Code,
    other: Code,
    edition: Number | None = None,
    year: Year | None = None,
    year_other: Year | None = None,
) -> HttpResponse:
    """Why one unit scores more or less than another, or than itself in another year."""
    made = _made(request, id, edition)
    return json_answer(asdict(selectors.compared(made, one, other, year, year_other)))


@router.get("/indices/{id}/what-if", response=shapes.WhatIfOut, summary="假设 / What if")
def index_what_if(
    request: HttpRequest,
    id: Id,
    *,
    change: Change = [],  # noqa: B006 - the framework copies it
    edition: Number | None = None,
    year: Year | None = None,
) -> HttpResponse:
    """The ranks with other weights and methods; the address holds the whole question."""
    made = _made(request, id, edition)
    return json_answer(forms.whatif(selectors.whatif(made, _changes(change), year)))


@router.get(
    "/indices/{id}/robustness", response=shapes.RobustnessOut, summary="稳健性 / Robustness"
)
def index_robustness(
    request: HttpRequest, id: Id, *, edition: Number | None = None
) -> HttpResponse:
    """Ranks over all ways to compute the index, and which choice moves them."""
    return json_answer(asdict(selectors.robustness(_made(request, id, edition))))


@router.get("/indices/{id}/method", response=shapes.MethodOut, summary="方法 / Method")
def index_method(request: HttpRequest, id: Id, *, edition: Number | None = None) -> HttpResponse:
    """The recipe of an edition and its elements with their weights."""
    return json_answer(forms.method(_made(request, id, edition)))


@router.get(
    "/indices/{id}/working", response=shapes.WorkingOut, summary="现时结果 / Present result"
)
def index_working(request: HttpRequest, id: Id, *, as_of: Day | None = None) -> HttpResponse:
    """The index of the figures in force, with its gaps; for its department and auditors."""
    made = selectors.working(person_of(request), id, as_of)
    return json_answer(forms.working(made))


@router.get("/indices/{id}/editions", response=PageOf[shapes.EditionOut], summary="版次 / Editions")
def index_editions(
    request: HttpRequest, id: Id, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """The editions that you may know of, newest first."""
    found = selectors.editions(actor_of(request), id)
    return slice_answer(request, found, forms.edition, page=page, size=size)


@router.get(
    "/indices/{id}/editions/{number}", response=shapes.EditionOut, summary="一个版次 / One edition"
)
def index_edition(request: HttpRequest, id: Id, number: EditionNumber) -> HttpResponse:
    """One edition with the digest of its bundle."""
    return json_answer(forms.edition(selectors.edition(actor_of(request), id, number)))


@router.get(
    "/indices/{id}/editions/{number}/bundle",
    response={200: None},
    summary="复现包 / Bundle",
    openapi_extra=_BUNDLE,
)
def index_bundle(request: HttpRequest, id: Id, number: EditionNumber) -> HttpResponse:
    """The signed bundle with which a stranger recomputes the edition."""
    view, raw = selectors.bundle(actor_of(request), id, number)
    response = HttpResponse(raw, content_type=ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{view.file}"'
    return response


@router.get(
    "/indices/{id}/editions/{number}/difference",
    response=shapes.DifferenceOut,
    summary="版次差异 / Difference",
)
def index_difference(request: HttpRequest, id: Id, number: EditionNumber) -> HttpResponse:
    """What an edition changes against the one published before it."""
    return json_answer(forms.difference(selectors.difference(actor_of(request), id, number)))


@router.post(
    "/indices/{id}/editions",
    response={201: shapes.EditionOut},
    summary="编制版次 / Plan an edition",
)
def plan_edition(request: HttpRequest, id: Id, payload: shapes.EditionIn) -> HttpResponse:
    """Freezes the present figures and results for an approver to look at."""
    made = services.plan_edition(
        person_of(request),
        id,
        title=Text(payload.title.zh, payload.title.en),
        note=payload.note,
        as_of=payload.as_of,
        corrects=payload.corrects,
        reason=payload.reason,
    )
    return json_answer(forms.edition(made), status=201)


@router.post(
    "/indices/{id}/editions/{number}/publish",
    response=shapes.EditionOut,
    summary="发布版次 / Publish an edition",
)
def publish_edition(request: HttpRequest, id: Id, number: EditionNumber) -> HttpResponse:
    """Gives a planned edition to the public; never by the one who planned it."""
    return json_answer(forms.edition(services.publish_edition(person_of(request), id, number)))


@router.post(
    "/indices/{id}/editions/{number}/discard",
    response=shapes.EditionOut,
    summary="放弃版次 / Discard an edition",
)
def discard_edition(
    request: HttpRequest, id: Id, number: EditionNumber, payload: shapes.DiscardIn
) -> HttpResponse:
    """Gives up a planned edition."""
    found = services.discard_edition(person_of(request), id, number, payload.reason)
    return json_answer(forms.edition(found))


def _made(request: HttpRequest, id: str, edition: int | None) -> Made:
    return selectors.made(actor_of(request), id, edition)


def _changes(told: list[str]) -> dict[str, str]:
    """``KEY=VALUE`` each; of two for one key the later counts."""
    found = {}
    for each in told:
        key, sign, value = each.partition("=")
        if not sign or not key:
            said = Text("应为 键=值", "should be KEY=VALUE")
            raise BadParameters([("change", said)])
        found[key] = value
    return found
