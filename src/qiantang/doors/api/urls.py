"""The API's addresses, every one of them behind the gate."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from ninja.errors import HttpError, ValidationError

import qiantang
from qiantang.doors.api import docs, elements, lake, lineage
from qiantang.doors.api.answers import json_answer
from qiantang.doors.api.errors import MalformedBody, NoSuchAddress
from qiantang.doors.api.gate import gated, language_of
from qiantang.doors.api.openapi import DescribedAPI, known_parameters
from qiantang.doors.api.problems import bad_parameters
from qiantang.doors.api.routes import (
    catalogue,
    figures,
    indices,
    intake,
    query,
    shelf,
    sources,
    submissions,
    targets,
)

PREFIX = "api/v1"
_TAKES_FILES = ("deliveries",)
_READS_BY_POST = ("query",)

api = DescribedAPI(
    title="钱塘 Qiantang API",
    version=qiantang.__version__,
    description="数据、目标与结论 / figures, targets and verdicts",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for _router in (
    targets.router,
    figures.router,
    shelf.router,
    submissions.router,
    elements.router,
    lake.router,
    lineage.router,
    intake.router,
    sources.router,
    catalogue.router,
    query.router,
    indices.router,
):
    api.add_router("", _router)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    raise bad_parameters(error.errors)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    raise MalformedBody(found=str(error))


@api.exception_handler(Exception)
def _to_the_gate(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The OpenAPI description, made once."""
    return dict(api.get_openapi_schema(path_prefix=f"{PREFIX}/"))


def _openapi(request: HttpRequest) -> HttpResponse:
    return json_answer(schema())


def _docs(request: HttpRequest) -> HttpResponse:
    return HttpResponse(docs.page(schema(), language_of(request)))


def _unknown(request: HttpRequest) -> HttpResponse:
    raise NoSuchAddress(found=request.path)


def _gated_patterns() -> list[URLPattern | URLResolver]:
    known = known_parameters(schema())
    made: list[URLPattern | URLResolver] = []
    for pattern in api.urls[0]:
        route = str(pattern.pattern)
        if not isinstance(pattern, URLPattern) or pattern.name == "api-root":
            continue
        methods = known[f"/{PREFIX}/{_template(route)}"]
        view = gated(
            pattern.callback,
            methods,
            limited=route != "health",
            files=route in _TAKES_FILES,
            reads=route in _READS_BY_POST,
        )
        made.append(path(route, view, name=str(pattern.name)))
    return made


def _template(route: str) -> str:
    """``plans/<id>`` as the description writes it: ``plans/{id}``."""
    return route.replace("<", "{").replace(">", "}")


_READ = {"GET": frozenset[str]()}
_VERSION_1: list[URLPattern | URLResolver] = [
    path("openapi.json", gated(_openapi, _READ, limited=False), name="openapi"),
    path("docs", gated(_docs, _READ, limited=False), name="docs"),
    *_gated_patterns(),
]
app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(_VERSION_1)),
    re_path(r"^.*$", gated(_unknown, {}), name="unknown"),
]
