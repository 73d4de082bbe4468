"""Confidentiality at the desk: records that a person may read become a table that may be published.

The address holds the whole question, so that a colleague with the same rights sees the same table;
nothing is kept. Who may not read the records gets no table, as through the API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from qiantang.doors.desk.pages import desk_page, signed_in
from qiantang.doors.portal.answers import actor_of, download
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.doors.reports.publishable import (
    Heads,
    publishable_csv,
    publishable_workbook,
    rules_said,
    why_said,
)
from qiantang.doors.turns import turn
from qiantang.engine.disclosure import ToldCell, Why, lines_of
from qiantang.kernel.errors import Invalid, NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import CodeList, Field
from qiantang.rooms.indicators import disclosing
from qiantang.rooms.indicators.disclosing import PublishableTable
from qiantang.rooms.shelf import selectors as shelf

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ASKED: Final = ("rows", "columns", "value", "reporter")
COUNTED: Final = Text("记录数", "Records")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the page: what it says, and why it says nothing."""

    cell: ToldCell
    why: str

    @property
    def primary(self) -> bool:
        """Whether the cell itself would tell of a reporter."""
        return self.cell.suppressed not in (None, Why.SECONDARY)


@require_safe
@signed_in
def publishable(request: HttpRequest) -> HttpResponse:
    """Choose a resource, then its fields; the table, its hidden cells marked with their reasons."""
    actor, lang = actor_of(request), language_of(request)
    id, asked = request.GET.get("resource", "").strip(), _asked(request)
    context: dict[str, Any] = {
        "resources": disclosing.resources_to_choose(actor),
        "id": id,
        "asked": asked,
        "rules": rules_said(disclosing.rules_in_force()),
        "verified": disclosing.rules_verified(),
    }
    status = 200
    if id:
        context["choices"] = disclosing.choices(actor, id)
    if id and asked["rows"] and asked["reporter"]:
        try:
            context |= _table(_made(request, id), lang)
            context["query"] = urlencode({"resource": id, **asked})
        except Invalid as error:
            context["problem"], status = error.problem(lang), error.status
    return desk_page(request, "desk/publishable.html", context, status=status)


@require_safe
@signed_in
def file(request: HttpRequest, form: str) -> HttpResponse:
    """The table as CSV or Excel. Raises what making the table raises, `NoSuchPage`."""
    lang, id = language_of(request), request.GET.get("resource", "").strip()
    made = _made(request, id)
    heads = _heads(made, lang)
    name = f"{id}-publishable.{form}"
    if form == "csv":
        return download(publishable_csv(made.published, heads, lang), name, "text/csv")
    if form == "xlsx":
        raw = publishable_workbook(made.published, heads, made.rules, lang)
        return download(raw, name, _EXCEL)
    raise NoSuchPage(found=request.path)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in _ASKED}


def _made(request: HttpRequest, id: str) -> PublishableTable:
    with turn():  # the proof takes seconds
        return disclosing.publishable_table(actor_of(request), id, **_asked(request))


def _table(made: PublishableTable, lang: str) -> dict[str, Any]:
    lines = lines_of(made.published)
    heads = _heads(made, lang)
    columns = [None if c.column is None else heads.column(c.column) for c in lines[0]]
    hidden = made.published.suppressed.values()
    return {
        "heads": heads,
        "columns": columns if made.columns else [heads.value],
        "lines": [
            (
                None if line[0].row is None else heads.row(line[0].row),
                [Shown(cell, why_said(cell, lang)) for cell in line],
            )
            for line in lines
        ],
        "counted": bool(made.published.table.rows),
        "cells": len(made.published.table.cells),
        "primary": sum(why is not Why.SECONDARY for why in hidden),
        "secondary": sum(why is Why.SECONDARY for why in hidden),
        "reasons": _reasons(lines, lang),
        "rules": rules_said(made.rules),
    }


def _reasons(lines: Iterable[Iterable[ToldCell]], lang: str) -> list[tuple[bool, str, int]]:
    """Each reason that hid a cell, and how many it hid; the primary ones first."""
    found = Counter(
        (c.suppressed is Why.SECONDARY, why_said(c, lang))
        for line in lines
        for c in line
        if c.suppressed
    )
    return [(not secondary, said, count) for (secondary, said), count in sorted(found.items())]


def _heads(made: PublishableTable, lang: str) -> Heads:
    rows, columns = _codes(made.rows), _codes(made.columns)
    return Heads(
        title=made.resource.name.in_(lang),
        rows=made.rows.name.in_(lang),
        columns=made.columns.name.in_(lang) if made.columns else "",
        value=(made.value.name if made.value else COUNTED).in_(lang),
        row=lambda code: _called(rows, code, lang),
        column=lambda code: _called(columns, code, lang),
    )


def _codes(field: Field | None) -> CodeList | None:
    if field is None or not field.codes:
        return None
    try:
        return shelf.code_list(field.codes)
    except NotFound:
        return None


def _called(codes: CodeList | None, code: str, lang: str) -> str:
    """A code with its name, of several the latest."""
    found = codes.find(code) if codes else None
    return f"{found.name.in_(lang)} ({code})" if found else code
