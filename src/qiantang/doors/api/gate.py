"""What every address of the API has in common, in one place around all of them.

Who asks (bearer token, else session), in which language, how often; unknown parameters refused;
every failure as a problem document; ETag and 304 for reads; HEAD for every GET.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.cache import patch_vary_headers
from ninja.utils import check_csrf

from qiantang.doors import other_sites
from qiantang.doors.api import limits
from qiantang.doors.api.answers import etag_of, matches, problem_answer
from qiantang.doors.api.errors import (
    BadParameters,
    BodyTooLarge,
    Failed,
    FormTokenMissing,
    MalformedRequest,
    MethodNotAllowed,
    NoSuchAddress,
    NotJson,
)
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError, SignInRequired
from qiantang.kernel.text import DEFAULT_LANGUAGE, Lang, Text, lang_of
from qiantang.rooms.intake.errors import OfficersOnly
from qiantang.rooms.intake.policy import sends_files
from qiantang.rooms.journal.outage import as_ours
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.errors import ScopeMissing, TokenInvalid

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
_READS: Final = frozenset({"GET", "HEAD"})
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
JSON: Final = "application/json"
FILES: Final = "multipart/form-data"
_CODES: Final[dict[Lang, str]] = {"zh": "zh-Hans", "en": "en"}


def gated(
    view: View,
    parameters: dict[str, frozenset[str]],
    *,
    limited: bool = True,
    files: bool = False,
    reads: bool = False,
) -> View:
    """``view`` behind the gate. ``parameters``: method to the query parameters it knows;
    ``files``: it takes a form with files instead of JSON; ``reads``: a POST that changes nothing,
    for which the right to read is enough."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lang = language_of(request)
        readable = [*(["GET", "HEAD"] if "GET" in parameters else []), *(["POST"] if reads else [])]
        if request.method == "OPTIONS" and readable:
            return other_sites.preflight([*readable, "OPTIONS"])
        try:
            body = FILES if files else JSON
            scope = "read" if reads else "write"
            _admit(request, parameters, limited=limited, body=body, scope=scope)
            response = _asked(request, view, args, kwargs)
        except Exception as error:  # noqa: BLE001 - the API's last resort, logged with a number
            response = problem_answer(_as_ours(error, request), lang)
        return _finished(request, response, lang)

    through.csrf_exempt = True  # type: ignore[attr-defined]
    return through


def language_of(request: HttpRequest) -> Lang:
    """The better liked of our languages in ``Accept-Language``; Chinese without a wish."""
    best: tuple[float, Lang] = (0.0, DEFAULT_LANGUAGE)
    for part in str(request.headers.get("Accept-Language", "")).split(",")[:20]:
        code, _, weight = part.strip().partition(";q=")
        if code[:2].lower() not in {"zh", "en"}:
            continue
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            continue
        if best[0] < liked <= 1.0:
            best = (liked, lang_of(code))
    return best[1]


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the gate settled it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def person_of(request: HttpRequest) -> Actor:
    """Who asks, where only people who are signed in may. Raises `SignInRequired`."""
    actor = actor_of(request)
    if actor.is_anonymous:
        raise SignInRequired()
    return actor


def _admit(
    request: HttpRequest,
    parameters: dict[str, frozenset[str]],
    *,
    limited: bool,
    body: str,
    scope: str,
) -> None:
    """Settle who asks; refuse what no view needs to see."""
    actor = _actor(request)
    request.actor = actor  # type: ignore[attr-defined]
    if limited and actor.is_anonymous:
        limits.admit(request)
    method = _method(request)
    if parameters and method not in parameters:
        raise _not_allowed(request, parameters)
    _check_parameters(request, parameters.get(method))
    if method in _WRITES:
        _check_write(request, actor, body, scope)
    elif not actor.may_use("read"):
        raise ScopeMissing(expected="read")


def _asked(
    request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    """The view's answer; for HEAD the one that GET would give."""
    method = request.method
    request.method = _method(request)
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def _method(request: HttpRequest) -> str:
    return "GET" if request.method == "HEAD" else str(request.method)


def _actor(request: HttpRequest) -> Actor:
    given = str(request.headers.get("Authorization", ""))
    if given:
        scheme, _, raw = given.partition(" ")
        if scheme.lower() != "bearer" or not raw.strip():
            raise TokenInvalid()
        return people.actor_of_token(raw.strip())
    return people.actor_of(getattr(request, "user", None))


def _check_parameters(request: HttpRequest, known: frozenset[str] | None) -> None:
    if known is None:
        return
    expected = ", ".join(sorted(known)) or "-"
    said = Text(f"未知参数，可用参数：{expected}", f"unknown parameter; known are {expected}")
    wrong = [(name, said) for name in request.GET if name not in known]
    zero = Text("含有空字符", "holds a null character")
    wrong += [(name, zero) for name, values in request.GET.lists() if "\x00" in "".join(values)]
    if "\x00" in request.path:
        wrong.append(("path", zero))
    if wrong:
        raise BadParameters(wrong)


def _check_write(request: HttpRequest, actor: Actor, body: str, scope: str) -> None:
    if not actor.may_use(scope):
        raise ScopeMissing(expected=scope)
    if body == FILES:
        _check_files(request, actor)
    if not actor.is_anonymous and not actor.token and check_csrf(request) is not None:
        raise FormTokenMissing()
    if body == FILES:
        return
    if request.content_type != JSON and (request.content_type or request.body):
        raise NotJson(found=request.content_type or "-", expected=JSON)


def _check_files(request: HttpRequest, actor: Actor) -> None:
    """Before a byte of a file is read: who sends, in what form, how much."""
    if actor.is_anonymous:
        raise SignInRequired()
    if not sends_files(actor):
        raise OfficersOnly()
    if request.content_type != FILES:
        raise NotJson(found=request.content_type or "-", expected=FILES)
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    largest = int(settings.QIANTANG_INTAKE_LARGEST)
    if said.isdigit() and int(said) > largest + 2**20:
        raise BodyTooLarge(expected=f"{largest // 2**20} MB")


def _not_allowed(request: HttpRequest, parameters: dict[str, frozenset[str]]) -> MethodNotAllowed:
    methods = sorted({*parameters, *(["HEAD"] if "GET" in parameters else [])})
    return MethodNotAllowed(found=request.method, expected=", ".join(methods))


def _as_ours(error: Exception, request: HttpRequest) -> QiantangError:
    match error:
        case QiantangError():
            return error
        case Http404():
            return NoSuchAddress(found=request.path)
        case RequestDataTooBig():
            return BodyTooLarge(expected="5 MB")
        case SuspiciousOperation() | BadRequest() | UnreadablePostError() | UnicodeError():
            return MalformedRequest()
    if ours := as_ours(error):
        log.warning("request failed, %s, path %s: %s", ours.code, request.path, error)
        return ours
    number = secrets.token_hex(4)
    log.exception("request failed, number %s, path %s", number, request.path)
    return Failed(number=number)


def _finished(request: HttpRequest, response: HttpResponse, lang: Lang) -> HttpResponse:
    patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
    other_sites.readable(response)
    response.headers["Content-Language"] = _CODES[lang]
    if response.status_code == 405 and "Allow" not in response.headers:
        response.headers["Allow"] = _allowed(response)
    if request.method in _READS and response.status_code == 200:
        etag = etag_of(response.content)
        response.headers.setdefault("Cache-Control", "no-cache")
        if matches(request.headers.get("If-None-Match"), etag):
            response = _unchanged(response)
        response.headers["ETag"] = etag
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _unchanged(response: HttpResponse) -> HttpResponse:
    kept = ("Cache-Control", "Vary", "Content-Language", "Link", *other_sites.SAID)
    short = HttpResponse(status=304)
    del short.headers["Content-Type"]
    for name in kept:
        if name in response.headers:
            short.headers[name] = response.headers[name]
    return short


def _allowed(response: HttpResponse) -> str:
    import json

    return str(json.loads(response.content).get("expected", ""))
