"""One delivery's processing: progress, counts, verdict, findings, and what people do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from qiantang.doors.desk.intake_words import (
    DIMENSIONS,
    GRADES,
    HEADER,
    LEFT_OUT,
    MODES,
    PERSONAL,
    rule_name,
)
from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in
from qiantang.doors.portal.answers import actor_of, download
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Conflict, Invalid, QiantangError, Refused
from qiantang.kernel.text import Text
from qiantang.packkit import personal_kinds
from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.shapes import ProblemCount, ProblemView, RunView
from qiantang.rooms.shelf import selectors as shelf

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE: Final = 50
STAGES: Final = ("received", "reading", "checking", "publishing", "published")


@require_safe
@signed_in
def run(request: HttpRequest, id: str) -> HttpResponse:
    """The run's page; while a worker has it in hand the page asks again."""
    return _page(request, id)


@require_safe
@signed_in
def set_aside(request: HttpRequest, id: str) -> HttpResponse:
    """The rows set aside as a workbook, the reasons beside the cells."""
    path = selectors.rejects(actor_of(request), id, language_of(request))
    return download(path.read_bytes(), f"{id}-set-aside.xlsx", XLSX)


@require_safe
@signed_in
def report(request: HttpRequest, id: str) -> HttpResponse:
    """All findings as a workbook, warnings among them."""
    path = selectors.report(actor_of(request), id, language_of(request))
    return download(path.read_bytes(), f"{id}-findings.xlsx", XLSX)


@require_POST
@signed_in
def decide(request: HttpRequest, id: str) -> HttpResponse:
    """Publish a held run, or refuse it whole."""
    decision = request.POST.get("decision", "")
    said = (
        Text("已决定入库，正在写入。", "To be published; it is being written.")
        if decision == "publish"
        else Text("已整批拒收，交付人会看到理由。", "Refused; its sender sees the reason.")
    )
    reason, over = request.POST.get("reason", ""), request.POST.get("over", "")
    as_declared = request.POST.getlist("as_declared")
    return _acted(
        request,
        id,
        lambda: services.decide(
            actor_of(request), id, decision, reason, over=over, as_declared=as_declared
        ),
        said,
    )


@require_POST
@signed_in
def cancel(request: HttpRequest, id: str) -> HttpResponse:
    said = Text("已要求取消，没有数据入库。", "Asked to cancel; nothing comes in.")
    return _acted(request, id, lambda: services.cancel(actor_of(request), id), said)


@require_POST
@signed_in
def retry(request: HttpRequest, id: str) -> HttpResponse:
    said = Text("已重新排队，从头处理。", "Queued again from the start.")
    return _acted(request, id, lambda: services.retry(actor_of(request), id), said)


def _acted(request: HttpRequest, id: str, verb: Callable[[], RunView], said: Text) -> HttpResponse:
    try:
        verb()
    except (Invalid, Conflict, Refused) as error:
        return _page(request, id, error)
    services.wake()
    say(request, said)
    return redirect("desk:run", id=id)


def _page(request: HttpRequest, id: str, error: QiantangError | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = selectors.run(actor, id)
    resource = shelf.resources().get(found.resource)
    context: dict[str, Any] = {
        "run": found,
        "owner": organisation_name(found.organisation),
        "division": _division(found.division),
        "mode": MODES[found.mode],
        "stages": _stages(found),
        "problem": error.problem(language_of(request)) if error else None,
        "said": (found.error or {}).get("messages"),
        "comparison": (found.error or {}).get("comparison"),
        "parent": selectors.run(actor, found.parent) if found.parent else None,
        "resends": selectors.resends(actor, id),
        "given_reason": request.POST.get("reason", ""),
        "named_fields": request.POST.getlist("as_declared"),
        "since": [{**s, "at": datetime.fromisoformat(s["at"])} for s in found.since],
    }
    if found.verdict is not None:
        context |= _verdict(found, resource) | _problems(request, found, resource)
        context["changed"] = selectors.changed(actor, id)
    status = error.status if error else 200
    return desk_page(request, "desk/intake_run.html", context, status=status)


def _division(code: str) -> Text | None:
    """The division that keeps this part, by name; its code when it is gone."""
    known = next((d.name for d in shelf.divisions() if d.code == code), Text(code, code))
    return known if code else None


def _stages(run: RunView) -> list[dict[str, Any]]:
    """The way of a run, with where it stands."""
    names = [
        Text("接收", "received"),
        Text("读取", "reading"),
        Text("检查", "checking"),
        Text("入库", "publishing"),
    ]
    at = STAGES.index(run.status) if run.status in STAGES else None
    if at is None:
        return []
    return [
        {"name": name, "done": n < at, "now": n == at and run.is_working}
        for n, name in enumerate(names)
    ]


def _verdict(run: RunView, resource: Resource | None) -> dict[str, Any]:
    verdict: Mapping[str, Any] = run.verdict or {}
    bars = [
        {
            "name": DIMENSIONS.get(id, Text(id, id)),
            "share": d["share"],
            "tone": _tone(d["share"]),
            "width": f"{100 * (d['share'] or 0):.2f}%",
            **d,
        }
        for id, d in verdict.get("dimensions", {}).items()
    ]
    fields = {f.id: f.name for f in resource.fields} if resource else {}
    return {
        "bars": bars,
        "grade": GRADES.get(run.grade),
        "reasons": _remarks(run),
        "left_out": _left_out(run),
        "late_days": verdict.get("late_days", 0),
        "afterwards": [f for f in verdict.get("sql", []) if f.get("failed") or f.get("error")],
        "personal": [_personal(p, fields) for p in run.personal],
    }


def _remarks(run: RunView) -> list[Mapping[str, str]]:
    """The verdict's remarks; why it is or was held stands beside the decision."""
    because = [reason.as_dict() for reason in run.because]
    return [each for each in (run.verdict or {}).get("reasons", []) if each not in because]


def _left_out(run: RunView) -> dict[str, Any]:
    """The rows that are no data, by reason; the header, which every table has, is none of them."""
    reasons = [(r, n) for r, n in run.left_out["reasons"].items() if r != HEADER and n]
    return {
        "count": sum(n for _, n in reasons),
        "reasons": [(LEFT_OUT.get(r, Text(r, r)), n) for r, n in reasons],
        "rows": [row for row in run.left_out["rows"] if row["reason"] != HEADER],
    }


def _tone(share: float | None) -> str:
    if share is None:
        return "none"
    return "good" if share >= 0.99 else "warn" if share >= 0.9 else "bad"


def _personal(found: Mapping[str, Any], fields: Mapping[str, Text]) -> dict[str, Any]:
    id, kind = str(found["field"]), str(found["kind"])
    return {
        **found,
        "name": fields.get(id, Text(id, id)),
        "what": personal_kinds.name_of(kind),
        "declared_name": PERSONAL.get(str(found["declared"]), Text("", "")),
    }


def _problems(request: HttpRequest, run: RunView, resource: Resource | None) -> dict[str, Any]:
    actor = actor_of(request)
    counts = selectors.problem_counts(actor, run.id)
    rule, column = (request.GET.get(name, "") for name in ("rule", "column"))
    page = whole_number(request.GET.get("page", "1")) or 1
    shown = selectors.problems(actor, run.id, page=page, size=PAGE, rule=rule, column=column)
    called, lists = _column_names(run, resource), _code_lists(run, resource)
    columns: Counter[str] = Counter()
    for each in counts:
        columns[each.column] += each.count
    return {
        "shown": shown,
        "lines": [(p, called(p.column), lists(p)) for p in shown.items],
        "rules": _by_rule(counts, resource, called),
        "columns": [(id, called(id), n) for id, n in columns.most_common() if id],
        "rule": rule,
        "column": column,
        "all_problems": sum(c.count for c in counts),
    }


def _code_lists(run: RunView, resource: Resource | None) -> Callable[[ProblemView], str]:
    """The code list of a finding that asks for one of its codes; empty for any other finding."""
    columns = (run.recipe or {}).get("columns", ())
    fields = {str(c.get("source", "")): c.get("field") for c in columns}
    codes = {f.id: f.codes or "" for f in resource.fields} if resource else {}

    def found(problem: ProblemView) -> str:
        if problem.code not in _OF_CODES:
            return ""
        return codes.get(str(fields.get(problem.column, problem.column)), "")

    return found


_OF_CODES: Final = ("code_unknown", "code_not_in_force")


def _column_names(run: RunView, resource: Resource | None) -> Callable[[str], Text]:
    """What to call a column: its heading, or the name of the field where the file has no column
    for it and its id stands in the place of a heading."""
    headings = {str(c.get("source", "")) for c in (run.recipe or {}).get("columns", ())}
    fields = {f.id: f.name for f in resource.fields} if resource else {}
    names = {id: name for id, name in fields.items() if id not in headings}
    return lambda column: names.get(column, Text(column, column))


def _by_rule(
    counts: tuple[ProblemCount, ...], resource: Resource | None, called: Callable[[str], Text]
) -> list[dict[str, Any]]:
    """One line for each rule: its name, columns, dimension and count."""
    lines: dict[str, dict[str, Any]] = {}
    for each in counts:
        line = lines.setdefault(
            each.rule,
            {
                "rule": each.rule,
                "name": rule_name(resource, each.rule, each.code),
                "dimension": DIMENSIONS.get(each.dimension, Text("", "")),
                "warns": each.severity == "warn",
                "columns": [],
                "count": 0,
            },
        )
        line["count"] += each.count
        if each.column:
            line["columns"].append(called(each.column))
    found = sorted(lines.values(), key=lambda line: -line["count"])
    most = found[0]["count"] if found else 1
    for line in found:
        line["width"] = f"{100 * line['count'] / most:.1f}%"
    return found
