"""How a view answers: a page in the reader's language, its JSON form, or a safe CSV.

Templates always get ``lang``, ``actor``, the address of the other language and of the JSON form,
so that no context processor is needed and error pages render alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from qiantang.doors.portal import language
from qiantang.doors.reports.cells import csv_bytes
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.kernel.text import Lang, Text


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Falls back to the public when the middleware did not run."""
    return getattr(request, "actor", ANONYMOUS)


def wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format") == "json" or (
        request.headers.get("Accept", "").startswith("application/json")
    )


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template with what every page needs."""
    lang = language.language_of(request)
    other: Lang = "en" if lang == "zh" else "zh"
    query = request.GET.copy()
    query["format"] = "json"
    shared: dict[str, Any] = {
        "lang": lang,
        "html_lang": language.HTML_CODES[lang],
        "other_lang": other,
        "other_html_lang": language.HTML_CODES[other],
        "other_address": language.switched(request, other),
        "json_address": f"{request.path}?{query.urlencode()}",
        "path": request.path,
    }
    return render(request, template, {**shared, **context}, status=status)


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], data: Mapping[str, Any]
) -> HttpResponse:
    """The page, or ``data`` for ``?format=json``."""
    if wants_json(request):
        return JsonResponse(plain(data), json_dumps_params={"ensure_ascii": False})
    return render_page(request, template, context)


def plain(value: Any) -> Any:
    """``value`` as JSON carries it: numbers stay numbers, texts give both languages."""
    if isinstance(value, Text):
        return value.as_dict()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download whose cells no spreadsheet program will run."""
    written = ([v.value if isinstance(v, Enum) else v for v in row] for row in rows)
    response = HttpResponse(csv_bytes(header, written), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
