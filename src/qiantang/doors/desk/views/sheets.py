"""Excel and CSV sheets: the template, the upload, and errors cell by cell."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from qiantang.doors.desk.fields import reach_of
from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of, download
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Conflict, Invalid, Refused, TooLarge
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services
from qiantang.rooms.indicators.errors import NothingToSubmit, RowsInvalid, SheetTooLarge
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.intake.errors import OfficersOnly
from qiantang.rooms.intake.policy import sends_files

_LARGEST: Final = 10 * 1024 * 1024
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN: Final = 200


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """All rows of one file as one submission; with any error nothing is stored."""
    if request.method != "POST":
        return desk_page(request, "desk/sheets.html", {"reach": reach_of(actor_of(request))})
    try:
        made = _submit(request)
    except RowsInvalid as error:
        context = {"cells": error.problems[:_SHOWN], "count": len(error.problems)}
        return _refused(request, context, error)
    except (Invalid, TooLarge, Refused, Conflict) as error:
        return _refused(request, {}, error)
    said = Text("已报送 {n} 行，等待审核。", "{n} rows sent; they wait for approval.")
    if made.unfilled:
        left = Text("另有 {left} 行未填，已跳过。", " {left} rows left unfilled were skipped.")
        said = Text(said.zh + left.zh, said.en + left.en)
    say(request, said.format(n=made.rows, left=made.unfilled))
    return redirect("desk:submission", id=made.id)


def _submit(request: HttpRequest) -> SubmissionView:
    if not sends_files(actor_of(request)):
        raise OfficersOnly()
    file = request.FILES.get("sheet")
    if file is None:
        raise NothingToSubmit()
    name = file.name or "sheet"
    if file.size is not None and file.size > _LARGEST:
        raise SheetTooLarge(name=name, found=f"{file.size / 2**20:.1f} MB", expected="10 MB")
    return services.submit_sheet(
        actor_of(request),
        file.read(),
        name,
        note=request.POST.get("note", ""),
        document=request.POST.get("document", ""),
    )


def _refused(
    request: HttpRequest, context: dict[str, object], error: Invalid | TooLarge | Refused | Conflict
) -> HttpResponse:
    shared = {
        "reach": reach_of(actor_of(request)),
        "problem": error.problem(language_of(request)),
        "note": request.POST.get("note", ""),
        "document": request.POST.get("document", ""),
    }
    return desk_page(request, "desk/sheets.html", {**shared, **context}, status=error.status)


@require_safe
@signed_in
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill, for one indicator or all of them."""
    subject = request.GET.get("indicator", "").strip()
    name = f"qiantang-{subject or 'figures'}.xlsx"
    return download(indicators.template(subject), name, _EXCEL)
