"""What scripts of other sites may do here (CORS, the Fetch standard): read what everybody may read,
or what a token of theirs opens. No cookie ever counts for them, and nothing is written."""

from __future__ import annotations

from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)
_MAY_SEND: Final = (
    "Authorization, X-CKAN-API-Key, Accept, Accept-Language, Content-Type, If-None-Match, "
    "If-Modified-Since"
)
_MAY_READ: Final = "ETag, Last-Modified, Retry-After, Content-Disposition, Content-Language, Link"
SAID: Final = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
"""What `readable` adds to an answer."""
_ASKS_AGAIN: Final = 86_400
"""Seconds after which a browser asks again; browsers have shorter limits of their own."""


def not_read(request: HttpRequest, also: str = "") -> HttpResponse | None:
    """The answer to a request that reads nothing: 204 to ``OPTIONS``, by which a browser asks first
    (preflight), 405 to methods that are not served; None to what reads. ``also``: a method beside
    GET and HEAD by which this address is read."""
    allowed = [method for method in ("GET", "HEAD", also, "OPTIONS") if method]
    if request.method == "OPTIONS":
        return preflight(allowed)
    if request.method in allowed:
        return None
    return HttpResponse(status=405, headers={"Allow": ", ".join(allowed)})


def preflight(allowed: list[str]) -> HttpResponse:
    """Which of our methods and headers a script may use."""
    said = ", ".join(allowed)
    answer = readable(HttpResponse(status=204, headers={"Allow": said}))
    del answer.headers["Content-Type"]
    answer.headers["Access-Control-Allow-Methods"] = said
    answer.headers["Access-Control-Allow-Headers"] = _MAY_SEND
    answer.headers["Access-Control-Max-Age"] = str(_ASKS_AGAIN)
    return answer


def readable(answer: Answer) -> Answer:
    """Let scripts of any site read the answer. Browsers keep from them what a cookie opened, as
    long as no answer names the site or allows credentials."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = _MAY_READ
    return answer
