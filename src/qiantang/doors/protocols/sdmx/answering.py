"""What the SDMX endpoints have in common: header, validators, errors in SDMX's own messages."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

from qiantang.doors import other_sites
from qiantang.doors.protocols.answering import (
    etag,
    ours,
    require_readable,
    shared,
    told_when,
    unchanged,
    validated,
)
from qiantang.doors.protocols.sdmx import lists, providing
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text, lang_of
from qiantang.standards.sdmx.failures import error_json, error_xml
from qiantang.standards.sdmx.forms import Form
from qiantang.standards.sdmx.model import Header

View = Callable[..., HttpResponseBase]
NEW: Final = "3.0"
OLD: Final = "2.1"


def spoken(version: str) -> Callable[[View], View]:
    """A view of one interface: GET and HEAD; errors as messages of SDMX, in both languages."""

    def made(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
            if refused := other_sites.not_read(request):
                return shared(refused)
            try:
                require_readable(request)
                answer = view(request, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - the last resort, logged with a number
                answer = failure(request, ours(error, request), version)
            patch_vary_headers(answer, ["Accept-Language"])  # type: ignore[arg-type]
            return shared(answer)

        return answered

    return made


def header(request: HttpRequest) -> Header:
    """The header of a message to this reader."""
    name: Text = settings.QIANTANG_NAME
    return Header(
        id=f"M{secrets.token_hex(8)}",
        prepared=datetime.now(UTC).replace(microsecond=0),
        sender=lists.agency(),
        sender_name=name,
        lang=lang_of(request.headers.get("Accept-Language", "zh")),
    )


def sent(
    request: HttpRequest, actor: Actor, form: Form, make: Callable[[], Iterable[bytes]]
) -> HttpResponseBase:
    """The answer in pieces, or 304 when the reader has it. ``make`` checks before it gives the
    first piece, so that what is wrong is told as an error."""
    lang = lang_of(request.headers.get("Accept-Language", "zh"))
    tag = etag("sdmx", providing.state(actor), request.get_full_path(), form.media, lang, actor.key)
    if same := unchanged(request, tag):
        return same
    pieces = make()
    empty = request.method == "HEAD"
    answer = StreamingHttpResponse((b"",) if empty else pieces, content_type=form.media)
    return validated(answer, tag)  # type: ignore[arg-type, return-value]


def failure(request: HttpRequest, error: QiantangError, version: str) -> HttpResponse:
    """An error as SDMX says it; JSON or XML as the reader's wishes and the interface have it."""
    title, told = error.title, Text(error.message("zh"), error.message("en"))
    wished = f"{request.headers.get('Accept', '')} {request.GET.get('format', '')}".lower()
    old = version == OLD
    if "json" in wished or (not old and "xml" not in wished):
        body = error_json(header(request), error.status, title, told, old=old)
        media = f"application/vnd.sdmx.data+json;version={'1.0.0' if old else '2.0.0'}"
    else:
        body = error_xml(error.status, told, "2.1" if old else "3.0")
        media = "application/xml; charset=utf-8"
    answer = HttpResponse(body, content_type=media, status=error.status)
    answer.headers["Cache-Control"] = "no-store"
    return told_when(answer, error)
