"""Data elements, how resources conform to them, and waivers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.routes.params import (
    DEFAULT_SIZE,
    Code,
    Day,
    Id,
    Number,
    PageNumber,
    PageSize,
)
from qiantang.doors.api.schemas import Bilingual, PageOf, Short, Words
from qiantang.packkit.compiled import Element
from qiantang.rooms.elements import selectors, services
from qiantang.rooms.elements.findings import RULE_NAMES, Finding, Rule
from qiantang.rooms.elements.selectors import Report, WaiverView
from qiantang.rooms.elements.services import Leave

router = Router(tags=["elements"])


class ElementOut(Schema):
    id: str
    name: Bilingual
    definition: Bilingual
    type: str
    unit: str | None
    codes: str | None
    identifier: str | None
    pattern: str | None
    personal: str
    standard: str
    verified: bool
    valid_from: date | None
    valid_to: date | None


class FindingOut(Schema):
    field: str
    rule: Rule
    rule_name: Bilingual
    element: str
    found: str
    expected: str
    waiver: int | None = None


class ReportOut(Schema):
    resource: str
    name: Bilingual
    on: date
    fields: int
    followed: int
    compared: int
    share: float | None
    findings: list[FindingOut]
    excused: list[FindingOut]


class WaiverIn(Schema):
    resource: Short
    field: Short
    rule: Rule
    reason: Words
    document: Short
    valid_from: date
    valid_to: date


class WaiverOut(WaiverIn):
    id: int
    state: str


class ReasonIn(Schema):
    reason: Words


@router.get("/elements", response=PageOf[ElementOut], summary="数据元 / Data elements")
def elements(
    request: HttpRequest,
    q: Code = "",
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """The registry; with ``q`` the elements whose names or definitions contain it."""
    found = list(selectors.elements(q).items())
    return slice_answer(request, found, lambda item: _element(*item), page=page, size=size)


@router.get("/elements/{id}", response=ElementOut, summary="一个数据元 / One data element")
def element(request: HttpRequest, id: Id) -> HttpResponse:
    """One element of the registry."""
    return json_answer(_element(id, selectors.element(id)))


@router.get("/resources/{id}/conformance", response=ReportOut, summary="规范符合性 / Conformance")
def conformance(request: HttpRequest, id: Id, on: Day | None = None) -> HttpResponse:
    """How a resource's fields conform to the data elements on a day (today)."""
    return json_answer(_report(selectors.report(actor_of(request), id, on)))


@router.get("/waivers", response=PageOf[WaiverOut], summary="豁免 / Waivers")
def waivers(
    request: HttpRequest,
    resource: Code = "",
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Waivers of resources that you may know of."""
    found = selectors.waivers(actor_of(request), resource)
    return slice_answer(request, found, _waiver, page=page, size=size)


@router.post("/waivers", response={201: WaiverOut}, summary="办理豁免 / Grant a waiver")
def grant_waiver(request: HttpRequest, payload: WaiverIn) -> HttpResponse:
    """Lets a difference stand until a day; for administrators above the resource's keeper."""
    granted = services.grant_waiver(actor_of(request), Leave(**payload.dict()))
    return json_answer(_waiver(granted), status=201)


@router.post("/waivers/{id}/withdraw", response=WaiverOut, summary="撤销豁免 / Withdraw a waiver")
def withdraw_waiver(request: HttpRequest, id: Number, payload: ReasonIn) -> HttpResponse:
    """Ends a waiver before its time."""
    return json_answer(_waiver(services.withdraw_waiver(actor_of(request), id, payload.reason)))


def _element(id: str, each: Element) -> dict[str, Any]:
    return {
        "id": id, "name": each.name, "definition": each.definition, "type": each.type.value,
        "unit": each.unit, "codes": each.codes, "identifier": each.identifier,
        "pattern": each.pattern, "personal": each.personal.value, "standard": each.standard,
        "verified": each.verified, "valid_from": each.valid_from, "valid_to": each.valid_to,
    }  # fmt: skip


def _report(report: Report) -> dict[str, Any]:
    return {
        "resource": report.resource, "name": report.name, "on": report.on,
        "fields": report.fields, "followed": report.followed, "compared": report.compared,
        "share": report.share,
        "findings": [_finding(f) for f in report.findings],
        "excused": [{**_finding(e.finding), "waiver": e.waiver.id} for e in report.excused],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "field": finding.field, "rule": finding.rule.value,
        "rule_name": RULE_NAMES[finding.rule], "element": finding.element,
        "found": finding.found, "expected": finding.expected,
    }  # fmt: skip


def _waiver(waiver: WaiverView) -> dict[str, Any]:
    return {
        "id": waiver.id, "state": waiver.state, "resource": waiver.resource,
        "field": waiver.field, "rule": waiver.rule.value, "reason": waiver.reason,
        "document": waiver.document, "valid_from": waiver.valid_from, "valid_to": waiver.valid_to,
    }  # fmt: skip
