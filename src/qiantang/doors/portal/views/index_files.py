"""What leaves an index as a file: charts and their figures, bundles, reports, and the card."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, csv_answer, download
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.indices.asking import asked
from qiantang.doors.portal.indices.drawings import drawing
from qiantang.doors.portal.indices.editions import file_name
from qiantang.doors.portal.indices.printing import index_pdf, index_workbook
from qiantang.doors.portal.language import HTML_CODES, language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.rooms.indices import selectors as indices

EMBEDDED: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""The card alone may stand in other sites' pages; it runs no script and sends no form."""
SHOWN: Final = 7
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def chart(request: HttpRequest, id: str, kind: str, form: str) -> HttpResponse:
    """A chart of the index: its specification, a picture, or its figures as CSV. Raises
    `NoSuchPage` for a kind that the index does not have."""
    ask = asked(request, id)
    made = drawing(request, ask, kind)
    name = f"{id}-{kind}"
    if form == "csv":
        return csv_answer(f"{name}.csv", made.header, made.rows)
    if made.spec is None:
        raise NoSuchPage(found=request.path)
    return chart_answer(request, made.spec, form, name)


@require_safe
def bundle(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """The signed bundle of an edition as it was published."""
    edition, content = indices.bundle(actor_of(request), id, number)
    return download(content, file_name(id, edition.number), "application/zip")


@require_safe
def report(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The edition as Excel or PDF in the page's language."""
    ask = asked(request, id)
    lang = language_of(request)
    name = f"{id}-{ask.number}-{lang}.{form}"
    if form == "xlsx":
        return download(index_workbook(ask.made, ask.year, lang), name, _EXCEL)
    if form == "pdf":
        return download(index_pdf(ask.made, ask.year, lang), name, "application/pdf")
    raise NoSuchPage(found=request.path)


@require_safe
@xframe_options_exempt
def card(request: HttpRequest, id: str) -> HttpResponse:
    """A small page for other sites: the first ranks and, with ``?unit=``, one unit among them."""
    ask = asked(request, id)
    made, lang = ask.made, language_of(request)
    rows = [r for r in indices.ranking(made, ask.year) if r.rank is not None]
    own = next((r for r in rows if r.unit == request.GET.get("unit", "")), None)
    top = rows[:SHOWN]
    if own is not None and own not in top:
        top = [*top[:-1], own]
    most = max((r.score or 0 for r in rows), default=0) or 1
    context: dict[str, Any] = {
        "lang": lang,
        "html_lang": HTML_CODES[lang],
        "declared": made.declared,
        "edition": made.edition,
        "year": ask.year,
        "own": own,
        "count": len(rows),
        "artificial": made.declared.note is not None,
        "top": [
            {
                "unit": r.unit,
                "name": r.name,
                "rank": r.rank,
                "score": r.score,
                "wide": f"{max(0.0, 100 * (r.score or 0) / most):.1f}",
            }
            for r in top
        ],
        "address": request.build_absolute_uri(reverse("portal:index", args=[ask.key]) + ask.tail),
    }
    response = HttpResponse(render_to_string("portal/indices/card.html", context, request))
    response.headers["Content-Security-Policy"] = EMBEDDED
    return response
