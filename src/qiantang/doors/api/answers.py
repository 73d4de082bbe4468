"""How the API answers: JSON with a strong ETag, pages with links, problems as RFC 9457."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse

from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

T = TypeVar("T")
PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json; charset=utf-8"


def json_answer(data: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """``data`` as JSON; the gate adds ETag, language and caching."""
    return HttpResponse(_dumped(data), content_type=JSON, status=status)


def page_answer(
    request: HttpRequest, items: Sequence[Any], *, page: int, size: int, total: int
) -> HttpResponse:
    """One page of a list, with the addresses of its neighbours in the body and in ``Link``."""
    pages = max(1, -(-total // size))
    following = _address(request, page + 1) if page < pages else None
    previous = _address(request, min(page - 1, pages)) if page > 1 else None
    response = json_answer(
        {
            "items": list(items),
            "total": total,
            "page": page,
            "size": size,
            "next": following,
            "previous": previous,
        }
    )
    links = [("next", following), ("prev", previous)]
    said = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links if address)
    if said:
        response.headers["Link"] = said
    return response


def slice_answer(
    request: HttpRequest,
    found: Sequence[T],
    form: Callable[[T], Any],
    *,
    page: int,
    size: int,
) -> HttpResponse:
    """A page cut from a list that is whole in memory."""
    shown = found[(page - 1) * size : page * size]
    return page_answer(
        request, [form(item) for item in shown], page=page, size=size, total=len(found)
    )


def problem_answer(error: QiantangError, lang: str) -> HttpResponse:
    """The problem document of an error."""
    response = HttpResponse(_dumped(error.problem(lang)), content_type=PROBLEM, status=error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="qiantang"'
    if error.transient:
        response.headers["Retry-After"] = str(error.fields.get("seconds", 30))
    response.headers["Cache-Control"] = "no-store"
    return response


def etag_of(content: bytes) -> str:
    """A strong validator: equal exactly when the bytes are."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def matches(header: str | None, etag: str) -> bool:
    """Whether ``If-None-Match`` names this version (weak comparison, RFC 9110 13.1.2)."""
    if not header:
        return False
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in named or etag in named


def plain(value: Any) -> Any:
    """What JSON has no form for, in the form the API documents."""
    match value:
        case Text():
            return value.as_dict()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted(value)
        case Mapping():
            return dict(value)
    raise TypeError(type(value).__name__)


def _dumped(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=plain)
    return text.encode("utf-8", "replace")


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"
