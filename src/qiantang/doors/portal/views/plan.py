"""The plan itself: what it is, its sections with targets, the systems it asks for, its report."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors import reports
from qiantang.doors.portal.answers import answer, download
from qiantang.doors.portal.asking import assessment_asked
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import NotFound
from qiantang.packkit.compiled import Code
from qiantang.packkit.plans import Plan
from qiantang.rooms.indicators.shapes import AssessmentView
from qiantang.rooms.shelf import selectors as shelf

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The outline: parts and sections, each with its targets and systems."""
    view = assessment_asked(request)
    words = request.GET.get("q", "").strip().lower()
    systems = [s for s in _codes(view.plan, "system") if _fits(s, words)]
    context = {
        "view": view,
        "plan": view.plan,
        "q": request.GET.get("q", ""),
        "parts": _outline(view, systems, words),
        "systems": systems,
        "all_systems": len(_codes(view.plan, "system")),
    }
    data = {
        "id": view.plan.id,
        "name": view.plan.name,
        "issuer": view.plan.issuer,
        "issued": view.plan.issued,
        "source": view.plan.source,
        "summary": view.plan.summary,
        "sections": [{"id": id, "name": name} for id, name in view.plan.sections],
        "targets": [t.id for t in view.plan.targets],
        "systems": [
            {"id": s.code, "name": s.name, "section": s.extra.get("section", "")} for s in systems
        ],
    }
    return answer(request, "portal/plan.html", context, data)


def _codes(plan: Plan, list_id: str) -> tuple[Code, ...]:
    """A code list of the plan's pack; nothing when the pack has none."""
    try:
        return shelf.code_list(f"{plan.pack}.{list_id}").codes
    except NotFound:
        return ()


def _fits(system: Code, words: str) -> bool:
    return words in f"{system.code} {system.name.zh} {system.name.en}".lower()


def _outline(view: AssessmentView, systems: list[Code], words: str) -> list[dict[str, Any]]:
    """Sections in the plan's order, parts first, with what belongs to each; empty ones left out."""
    listed = _codes(view.plan, "section")
    known = {c.code: c for c in listed}
    order = list(known) or [id for id, _ in view.plan.sections]
    named = dict(view.plan.sections)
    parts: dict[str, dict[str, Any]] = {}
    for code in order:
        rows = [r for r in view.rows if r.target.section == code and not words]
        asked = [s for s in systems if s.extra.get("section", "") == code]
        if not rows and not asked:
            continue
        part = _part_of(code, known)
        group = parts.setdefault(
            part, {"id": part, "name": known[part].name if part in known else None, "sections": []}
        )
        name = known[code].name if code in known else named[code]
        group["sections"].append({"id": code, "name": name, "rows": rows, "systems": asked})
    return list(parts.values())


def _part_of(code: str, known: dict[str, Code]) -> str:
    """The top of the outline above a section."""
    while code in known and known[code].parent:
        code = known[code].parent
    return code


@require_safe
def report(request: HttpRequest, form: str) -> HttpResponse:
    """The assessment as a workbook or as a PDF to print, in the reader's language."""
    if form not in {"xlsx", "pdf"}:
        raise NoSuchPage(found=request.path)
    view = assessment_asked(request)
    lang = language_of(request)
    name = f"{view.plan.id}-{view.as_of}-{lang}.{form}"
    if form == "xlsx":
        return download(reports.workbook(view, lang), name, _EXCEL)
    return download(reports.pdf(view, lang), name, "application/pdf")
