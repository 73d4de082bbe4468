"""Three thin layers around every page: language, actor, and errors as pages.

Order in settings: after sessions, authentication and django-htmx. The API and the standards'
endpoints have their own way with actors, languages and errors: their addresses pass untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from qiantang.doors.portal import language
from qiantang.kernel.errors import QiantangError

Handler = Callable[[HttpRequest], HttpResponse]
_MACHINES: Final = ("/api/", "/dcat/", "/data/", "/sdmx/")


def _for_machines(request: HttpRequest) -> bool:
    return request.path == "/oai" or request.path.startswith(_MACHINES)


def _too_large(request: HttpRequest) -> HttpResponse | None:
    """The answer to an address with more parameters than Django reads, before anything reads it."""
    try:
        _ = request.GET
    except TooManyFieldsSent as error:
        from qiantang.doors.portal.errors import bad_request

        request.GET = QueryDict()
        return bad_request(request, error)
    return None


class LanguageMiddleware:
    """Sets ``request.lang``; keeps a language that the address asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _for_machines(request):
            request.lang = language.DEFAULT_LANGUAGE  # type: ignore[attr-defined]
            return self.get_response(request)
        if too_large := _too_large(request):
            return too_large
        request.lang = language.chosen(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        language.keep(request, response)
        response.headers.setdefault(
            "Content-Language", language.HTML_CODES[language.language_of(request)]
        )
        patch_vary_headers(response, ["Cookie"])
        return response


class ActorMiddleware:
    """Sets ``request.actor`` from the session's account, looked up only when it is used."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from qiantang.rooms.people import selectors as people

        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: people.actor_of(request.user)
        )
        return self.get_response(request)


class ErrorPagesMiddleware:
    """Answers an error of ours with its page (or, for HTMX, the message alone)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Characters that one of the databases could not store reach no view."""
        if _for_machines(request):
            return None
        from qiantang.doors.portal.errors import error_page, unreadable

        error = unreadable(request)
        return error_page(request, error) if error else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, QiantangError) and not _for_machines(request):
            from qiantang.doors.portal.errors import error_page

            return error_page(request, error)
        return None
