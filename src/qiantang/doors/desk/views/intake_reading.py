"""How a file is read: proposed, looked at, corrected, confirmed and kept as a recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in
from qiantang.doors.desk.readings import (
    DELIMITERS,
    ENCODINGS,
    SECOND_TABLE,
    Wishes,
    applied,
    columns_of,
    repaired,
    unseen_factors,
    wishes_from,
    wishes_of,
)
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Conflict, Invalid, QiantangError, TooLarge, Unavailable
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import NotDeliverer
from qiantang.rooms.intake.keeping import must_come
from qiantang.rooms.intake.shapes import Reading, RunView
from qiantang.rooms.shelf import selectors as shelf

MOST_SHEETS = 200
AS_IT_WAITS = ("reading.unit_unsettled", "reading.second_table")
"""What stopped a reading that people had settled: the rest of it stays."""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, id: str) -> HttpResponse:
    """The proposed reading; posting it reads the file so, from the start."""
    run = selectors.run(actor_of(request), id)
    if not run.allowed.correct_reading:
        if request.method == "POST" or run.masked:
            raise NotDeliverer(
                found=run.resource,
                name=run.resource_name,
                owner=organisation_name(run.organisation),
            )
        return redirect("desk:run", id=id)
    if request.method != "POST":
        return _page(request, run, _first(run))
    wishes = wishes_of(request.POST)
    try:
        found = services.propose_reading(actor_of(request), id, wishes.hints)
        recipe = applied(found.recipe, wishes)
        if unseen_factors(recipe, wishes):
            return _page(request, run, wishes)
        services.confirm_reading(actor_of(request), id, recipe, keep="keep" in request.POST)
    except (Invalid, Conflict, TooLarge, Unavailable) as error:
        return _page(request, run, wishes, error)
    services.wake()
    say(
        request,
        Text("读取方案已确认，正在处理。", "The reading is confirmed; it is being worked on."),
    )
    return redirect("desk:run", id=id)


@require_POST
@signed_in
def preview(request: HttpRequest, id: str) -> HttpResponse:
    """The same form with what the changes make of the file; nothing is kept."""
    run = selectors.run(actor_of(request), id)
    return _page(request, run, wishes_of(request.POST), partial=True)


def _first(run: RunView) -> Wishes:
    """What was in use, else what the sender said, else the reader's own finding."""
    if run.recipe is not None:
        return wishes_from(run.recipe)
    if run.proposal and run.error_code in AS_IT_WAITS:
        return wishes_from(run.proposal["recipe"])
    hints = {k: v for k, v in run.options.items() if k in ("sheet", "member") and v}
    return Wishes(hints, {})


def _page(
    request: HttpRequest,
    run: RunView,
    wishes: Wishes,
    error: QiantangError | None = None,
    *,
    partial: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "run": run,
        "wishes": wishes,
        "hints": wishes.hints,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "second_tables": SECOND_TABLE,
        "comparison": (run.error or {}).get("comparison"),
        "members": (),
        "known": request.POST.getlist("known")[:MOST_SHEETS],
        "keep": request.method != "POST" or "keep" in request.POST,
    }
    try:
        found = services.propose_reading(actor_of(request), run.id, wishes.hints)
        context |= _shown(run, found, wishes)
    except (Invalid, TooLarge, Conflict, Unavailable) as refused:
        error = error or refused
        context["members"] = getattr(refused, "members", ())
    if len(context.get("sheets", ())) > 1:
        context["known"] = [sheet["name"] for sheet in context["sheets"]]
    context["problem"] = error.problem(language_of(request)) if error else None
    status = error.status if error and not partial else 200
    name = "desk/parts/intake_reading.html" if partial else "desk/intake_reading.html"
    return desk_page(request, name, context, status=status)


def _shown(run: RunView, found: Reading, wishes: Wishes) -> dict[str, Any]:
    resource = shelf.resources().get(run.resource)
    recipe = applied(found.recipe, wishes)
    shown = repaired(recipe)
    rows = selectors.labelled_rows(shown, found.sample, resource) if resource else ()
    last = selectors.labelled_end(shown, found.sample, resource) if resource else ()
    data = [row.cells for row in rows if row.kind == "data"]
    columns = columns_of(recipe, data, resource) if resource else []
    if resource:
        columns = [
            replace(c, pairs=selectors.code_names(resource, c.field, c.examples)) for c in columns
        ]
    used = {c.field for c in columns if c.field}
    lacking = (
        [f for f in resource.fields if must_come(resource, run.mode, f) and f.id not in used]
        if resource
        else []
    )
    return {
        "reading": found,
        "recipe": recipe,
        "rows": rows,
        "last": [(row, len(last) - n) for n, row in enumerate(last)],
        "counted": next((s["rows"] for s in found.sheets if s["chosen"]), None),
        "head": _head((*rows, *last), columns, resource),
        "columns": columns,
        "fields": resource.fields if resource else (),
        "lacking": lacking,
        "unused": [f for f in resource.fields if f.id not in used] if resource else [],
        "wrong": [c for c in columns if c.wrong],
        "sheets": found.sheets,
        "text_file": found.recipe["format"] == "csv",
        "has_rows": found.recipe["format"] in ("csv", "xlsx", "xls"),
    }


def _head(rows: Any, columns: Any, resource: Resource | None) -> list[Text]:
    """Above each column of the grid, the field that it gives."""
    width = max((len(row.cells) for row in rows), default=0)
    names = {f.id: f.name for f in resource.fields} if resource else {}
    nothing = Text("不导入", "left out")
    head = [nothing] * max([width, *(c.position + 1 for c in columns)])
    for column in columns:
        head[column.position] = names.get(column.field, nothing)
    return head
