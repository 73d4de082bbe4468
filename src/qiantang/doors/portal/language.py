"""Which of the two languages a reader gets, and how the choice is kept.

The address never changes with the language: ``?lang=en`` sets a cookie, the cookie decides, and
without either the page is Chinese.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from qiantang.kernel.text import DEFAULT_LANGUAGE, LANGUAGES, Lang

COOKIE: Final = "lang"
HTML_CODES: Final[dict[Lang, str]] = {"zh": "zh-Hans", "en": "en"}
_YEAR_OF_SECONDS: Final = 365 * 24 * 3600


def _known(code: str | None) -> Lang | None:
    return next((lang for lang in LANGUAGES if lang == code), None)


def asked(request: HttpRequest) -> Lang | None:
    """The language named in the address, when it is one of ours."""
    return _known(request.GET.get("lang"))


def chosen(request: HttpRequest) -> Lang:
    """The language of this answer."""
    return asked(request) or _known(request.COOKIES.get(COOKIE)) or DEFAULT_LANGUAGE


def language_of(request: HttpRequest) -> Lang:
    """The language the middleware settled on; works in error pages before it ran, too."""
    settled = _known(getattr(request, "lang", None))
    return settled or chosen(request)


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Remember a language that the address asked for."""
    lang = asked(request)
    if lang and request.COOKIES.get(COOKIE) != lang:
        response.set_cookie(
            COOKIE, lang, max_age=_YEAR_OF_SECONDS, samesite="Lax", secure=request.is_secure()
        )


def switched(request: HttpRequest, lang: str) -> str:
    """The address of the same page in ``lang``; everything else in the query stays."""
    query = request.GET.copy()
    query["lang"] = lang
    return f"{request.path}?{query.urlencode()}"
