"""What the endpoints have in common: who asks, validators, 304, errors as problem documents."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

import qiantang
from qiantang.doors import other_sites
from qiantang.doors.protocols import limits
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import lang_of
from qiantang.rooms.journal.outage import as_ours
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.errors import ScopeMissing
from qiantang.standards.errors import ArgumentWrong

log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Whoever the token names (``Bearer``, or bare as CKAN's clients send it), else the public.

    Raises `TokenInvalid`, `TokenExpired`, `ScopeMissing`; `TooManyRequests` for the public."""
    given = request.headers.get("Authorization") or request.headers.get("X-CKAN-API-Key") or ""
    scheme, _, token = given.partition(" ")
    raw = (token if scheme.lower() == "bearer" else given).strip()
    if not raw:
        limits.admit(request)
        return ANONYMOUS
    actor = people.actor_of_token(raw)
    if not actor.may_use("read"):
        raise ScopeMissing(expected="read")
    return actor


def read_only(view: View) -> View:
    """GET and HEAD; errors of ours as problem documents; open to scripts of other sites."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if refused := other_sites.not_read(request):
            return shared(refused)
        try:
            require_readable(request)
            return shared(view(request, *args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the last resort, logged with a number
            return shared(problem(request, ours(error, request)))

    return answered


def require_readable(request: HttpRequest) -> None:
    """Raise `ArgumentWrong` for more arguments than are read, and for a null character, which one
    of the databases cannot even compare."""
    try:
        given = request.GET.lists()
    except TooManyFieldsSent as error:
        raise ArgumentWrong(
            parameter="…", found="…", expected=f"≤ {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}"
        ) from error
    said = [("path", request.path), *((name, "".join((name, *values))) for name, values in given)]
    for name, text in said:
        if "\x00" in text:
            parameter = name.replace("\x00", "\\0")
            raise ArgumentWrong(parameter=parameter, found="\\0", expected="abc ...")


def ours(error: Exception, request: HttpRequest) -> QiantangError:
    """The error in the house's words; what has none goes to the log under a number."""
    if isinstance(error, QiantangError):
        return error
    if known := as_ours(error):
        return known
    number = secrets.token_hex(4)
    log.exception("protocol answer failed, number %s, path %s", number, request.path)
    return QiantangError(number=number)


def problem(request: HttpRequest, error: QiantangError) -> HttpResponse:
    lang = lang_of(request.headers.get("Accept-Language", "zh"))
    body = json.dumps(error.problem(lang), ensure_ascii=False, default=str)
    answer = HttpResponse(body, content_type="application/problem+json", status=error.status)
    answer.headers["Cache-Control"] = "no-store"
    return told_when(answer, error)


def told_when(answer: HttpResponse, error: QiantangError) -> HttpResponse:
    """With what HTTP wants beside the status: the seconds to wait, how to be known (RFC 9110)."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="qiantang"'
    if seconds := error.fields.get("seconds"):
        answer.headers["Retry-After"] = str(seconds)
    return answer


def shared(answer: HttpResponseBase) -> HttpResponseBase:
    """Scripts of any site may read what is public anyway; no cookie ever counts."""
    patch_vary_headers(answer, ["Authorization", "Accept"])  # type: ignore[arg-type]
    return other_sites.readable(answer)


def etag(*parts: object) -> str:
    """A validator of everything that an answer depends on, the version of the house included."""
    said = b"\x00".join(
        part if isinstance(part, bytes) else str(part).encode()
        for part in (qiantang.__version__, *parts)
    )
    return f'"{hashlib.sha256(said).hexdigest()[:32]}"'


def unchanged(
    request: HttpRequest, tag: str, modified: datetime | None = None
) -> HttpResponse | None:
    """304 when the reader already has this version (RFC 9110 section 13.2.2)."""
    named = request.headers.get("If-None-Match")
    if named is not None:
        held = {part.strip().removeprefix("W/") for part in named.split(",")}
        same = "*" in held or tag.removeprefix("W/") in held
    else:
        since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        same = modified is not None and since is not None and _dated(modified) <= since
    return validated(HttpResponse(status=304), tag, modified) if same else None


def validated(answer: HttpResponse, tag: str, modified: datetime | None = None) -> HttpResponse:
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    if modified is not None and _dated(modified) <= time.time():
        answer.headers["Last-Modified"] = http_date(_dated(modified))
    return answer


def _dated(modified: datetime) -> int:
    """The end of the second of a change, which is told only when it is over: HTTP's dates have no
    parts of seconds, and what is changed twice in one must not look the same (section 8.8.2.2)."""
    return int(modified.timestamp()) + 1
