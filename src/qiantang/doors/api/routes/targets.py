"""Plans, their targets and how they stand."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from ninja import Router

from qiantang.doors.api import forms
from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.routes.params import (
    DEFAULT_SIZE,
    Code,
    Day,
    Division,
    Id,
    PageNumber,
    PageSize,
)
from qiantang.doors.api.schemas import (
    Assessment,
    PageOf,
    PlanDetail,
    PlanOut,
    Target,
    VerdictEntry,
)
from qiantang.engine.targets.verdicts import Verdict
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.errors import NoSuchTarget
from qiantang.rooms.indicators.shapes import AssessmentView, TargetRow
from qiantang.rooms.shelf import selectors as shelf

router = Router(tags=["targets"])


@router.get("/plans", response=PageOf[PlanOut], summary="规划 / Plans")
def plans(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """The plans whose targets this zone judges."""
    found = sorted(shelf.plans().values(), key=lambda p: p.id)
    return slice_answer(request, found, forms.plan, page=page, size=size)


@router.get("/plans/{id}", response=PlanDetail, summary="一个规划 / One plan")
def plan(request: HttpRequest, id: Id) -> HttpResponse:
    """A plan with its sections and targets as declared."""
    return json_answer(forms.plan_detail(shelf.plan(id)))


@router.get("/plans/{id}/assessment", response=Assessment, summary="规划评估 / Assessment")
def assessment(
    request: HttpRequest, id: Id, as_of: Day | None = None, division: Division | None = None
) -> HttpResponse:
    """Every target judged: the same object as ``qiantang plan assess --format json``."""
    return json_answer(_assessed(id, as_of, division).as_json())


@router.get("/targets", response=PageOf[Target], summary="目标 / Targets")
def targets(
    request: HttpRequest,
    *,
    plan: Code | None = None,
    section: Code | None = None,
    verdict: Verdict | None = None,
    as_of: Day | None = None,
    division: Division | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Targets of all plans with their verdicts, in the order of the plans."""
    found = [
        (plan_id, row)
        for plan_id, row in _rows(plan, as_of, division)
        if (verdict is None or row.verdict == verdict.value)
        and (section is None or row.target.section == section)
    ]
    return slice_answer(request, found, lambda at: forms.target(*at), page=page, size=size)


@router.get("/targets/{id}", response=Target, summary="一个目标 / One target")
def target(
    request: HttpRequest,
    id: Id,
    plan: Code | None = None,
    as_of: Day | None = None,
    division: Division | None = None,
) -> HttpResponse:
    """One target; ``plan`` says which, where two plans use the same number."""
    return json_answer(forms.target(*_row(id, plan, as_of, division)))


@router.get(
    "/targets/{id}/history", response=PageOf[VerdictEntry], summary="结论历史 / Past verdicts"
)
def history(
    request: HttpRequest,
    id: Id,
    *,
    plan: Code | None = None,
    division: Division | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Every verdict that a target has had, newest first, and when each was superseded."""
    plan_id, _ = _row(id, plan, None, None)
    entries = indicators.target_history(plan_id, id, division)
    return slice_answer(request, entries, lambda e: e.as_json(), page=page, size=size)


def _assessed(id: str, as_of: Day | None, division: str | None) -> AssessmentView:
    shelf.plan(id)
    if division is not None:
        indicators.division(division)
    return indicators.assessment(id, as_of, division)


def _rows(
    plan: str | None, as_of: Day | None, division: str | None
) -> Iterator[tuple[str, TargetRow]]:
    for plan_id in [plan] if plan is not None else sorted(shelf.plans()):
        for row in _assessed(plan_id, as_of, division).rows:
            yield plan_id, row


def _row(
    id: str, plan: str | None, as_of: Day | None, division: str | None
) -> tuple[str, TargetRow]:
    for plan_id, row in _rows(plan, as_of, division):
        if row.id == id:
            return plan_id, row
    ids = [t.id for p in shelf.plans().values() for t in p.targets]
    raise NoSuchTarget(found=id, expected="、".join(ids))
