"""What wraps every answer: the content security policy and the language of Django's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]

_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class ContentSecurityMiddleware:
    """Only our own scripts run, and none writes code at run time.

    Charts need no exception: Vega runs with its interpreter instead of compiling expressions.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        return response


class DjangoLanguageMiddleware:
    """Lets Django's own messages (forms, passwords) speak the language the reader chose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        locale = "en" if getattr(request, "lang", "zh") == "en" else "zh-hans"
        with translation.override(locale):
            return self.get_response(request)


class OutageMiddleware:
    """Answers faults of the machine (database busy or away, disk full) with their page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        from qiantang.doors.portal.errors import error_page
        from qiantang.rooms.journal.outage import as_ours

        ours = as_ours(error)
        return error_page(request, ours) if ours else None
