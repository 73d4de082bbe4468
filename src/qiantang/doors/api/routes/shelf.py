"""Packs, information resources, and whether the zone is well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, Literal

from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import Router

import qiantang
from qiantang.doors.api import forms
from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Code, Id, PageNumber, PageSize
from qiantang.doors.api.schemas import (
    Health,
    PackDetail,
    PackOut,
    PageOf,
    ResourceDetail,
    ResourceOut,
    Start,
)
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf

log = logging.getLogger(__name__)
router = Router(tags=["shelf"])

Sharing = Literal["unconditional", "conditional", "withheld"]
_LINKS: Final = (
    *("targets", "plans", "indicators", "observations", "divisions"),
    *("packs", "resources", "catalogue", "elements", "lineage", "runs", "recipes", "sources"),
    *("lake/tables", "waivers", "indices", "releases", "submissions", "health", "docs"),
)


@router.get("/", response=Start, summary="入口 / Start")
def start(request: HttpRequest) -> HttpResponse:
    """Where to find what."""
    name = Text("钱塘接口", "Qiantang API")
    links = {link: f"/api/v1/{link}" for link in _LINKS} | {"openapi": "/api/v1/openapi.json"}
    return json_answer({"name": name.as_dict(), "version": qiantang.__version__, "links": links})


@router.get("/packs", response=PageOf[PackOut], summary="领域包 / Packs")
def packs(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """The packs in use."""
    found = [pack for _, pack in sorted(shelf.packs().items())]
    return slice_answer(request, found, forms.pack, page=page, size=size)


@router.get("/packs/{id}", response=PackDetail, summary="一个领域包 / One pack")
def pack(request: HttpRequest, id: Id) -> HttpResponse:
    """A pack with what it declares and the norms it ships."""
    return json_answer(forms.pack_detail(shelf.pack(id)))


@router.get("/resources", response=PageOf[ResourceOut], summary="信息资源 / Resources")
def resources(
    request: HttpRequest,
    pack: Code | None = None,
    sharing: Sharing | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """The information resources that you may know of."""
    found = catalogue.resources(actor_of(request), pack=pack, sharing=sharing)
    return slice_answer(request, found, forms.resource, page=page, size=size)


@router.get("/resources/{id}", response=ResourceDetail, summary="一个资源 / One resource")
def resource(request: HttpRequest, id: Id) -> HttpResponse:
    """A resource with its fields and conditions."""
    return json_answer(forms.resource_detail(catalogue.resource(actor_of(request), id)))


@router.get("/health", response={200: Health, 503: Health}, summary="运行状况 / Health")
def health(request: HttpRequest) -> HttpResponse:
    """200 when the control plane, the shelf and the lake answer; 503 names what does not."""
    checks = {
        "database": _works(_ask_database),
        "packs": _works(lambda: None if shelf.packs() else "no packs installed"),
        "lake": _works(lambda: indicators.observations(size=1) and None),
    }
    well = all(said == "ok" for said in checks.values())
    data = {
        "status": "ok" if well else "failing",
        "version": qiantang.__version__,
        "checks": checks,
    }
    return json_answer(data, status=200 if well else 503)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _works(check: Callable[[], Any]) -> str:
    """``ok``, what the check says is wrong, or ``failing`` (the log says why)."""
    try:
        return check() or "ok"
    except Exception:
        log.exception("health check failed")
        return "failing"
