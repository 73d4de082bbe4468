"""My resources, what is still to be registered, and one resource as its people see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from qiantang.doors.desk.entry_form import declared_content
from qiantang.doors.desk.intake_words import (
    DUTY_STATES,
    ENTRY_STATES,
    FRESHNESS,
    GRADES,
    WAIVER_STATES,
)
from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in, standing
from qiantang.doors.desk.views.intake_deliver import delivering
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, Refused, Unavailable
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue import services as catalogue_services
from qiantang.rooms.catalogue.cycles import cycle_name
from qiantang.rooms.elements import policy as element_policy
from qiantang.rooms.elements import selectors as elements
from qiantang.rooms.elements import services as element_services
from qiantang.rooms.elements.findings import RULE_NAMES, Rule
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

PAGE: Final = 50
DUTIES_SHOWN: Final = 60
_OWED: Final = ("missing", "drafted", "late")


@dataclass(frozen=True, slots=True)
class Line:
    """One resource in the list."""

    entry: catalogue.ResourceView
    run: RunView | None
    delivers: bool

    @property
    def state(self) -> tuple[Text, str]:
        return ENTRY_STATES.get(self.entry.status, (Text("", ""), ""))

    @property
    def grade(self) -> tuple[Text, str] | None:
        return GRADES.get(self.entry.quality.grade)

    @property
    def fresh(self) -> tuple[Text, str]:
        return FRESHNESS[self.entry.freshness.state]

    @property
    def cycle(self) -> Text:
        return cycle_name(self.entry.cadence)


@require_safe
@signed_in
def resources(request: HttpRequest) -> HttpResponse:
    """The resources of my organisation and those that I deliver, the overdue first."""
    actor = actor_of(request)
    query, state = (request.GET.get(name, "").strip() for name in ("q", "state"))
    delivered = {d.resource for d in intake.deliverables(actor)}
    known = _mine(actor, delivered)
    wanted = [e for e in known if _matches(e, query, state)]
    page = min(
        max(whole_number(request.GET.get("page", "1")) or 1, 1), -(-len(wanted) // PAGE) or 1
    )
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    runs = intake.latest_runs(actor, [e.declared or e.id for e in shown])
    duties = _duties(actor)
    context = {
        "lines": [
            Line(e, runs.get(e.declared or e.id), (e.declared or e.id) in delivered) for e in shown
        ],
        "total": len(wanted),
        "page": page,
        "pages": max(1, -(-len(wanted) // PAGE)),
        "q": query,
        "state": state,
        "tallies": _tallies(known),
        "duties": [(d, DUTY_STATES[d.state]) for d in duties[:DUTIES_SHOWN]],
        "duties_more": max(0, len(duties) - DUTIES_SHOWN),
        "reviews": [
            (v, catalogue.resource(actor, v.resource)) for v in catalogue.waiting_for(actor)
        ],
        "organisation": actor.organisation,
    }
    return desk_page(request, "desk/resources.html", context)


def _mine(actor: Actor, delivered: set[str]) -> list[catalogue.ResourceView]:
    """My organisation's entries, and those that I may deliver to."""
    found = {e.id: e for e in catalogue.mine(actor)}
    wanted = delivered - set(found)
    for pack in {id.rpartition(".")[0] for id in wanted}:
        for entry in catalogue.resources(actor, pack=pack):
            if entry.id in wanted:
                found[entry.id] = entry
    return sorted(found.values(), key=_urgency)


def _urgency(entry: catalogue.ResourceView) -> tuple[int, str]:
    order = {"overdue": 0, "fresh": 1, "never": 2, "no-cycle": 3}
    return order.get(entry.freshness.state, 4), entry.name.zh


def _matches(entry: catalogue.ResourceView, query: str, state: str) -> bool:
    words = f"{entry.name.zh} {entry.name.en} {entry.id} {entry.code}".casefold()
    if query and query.casefold() not in words:
        return False
    return not state or state in (entry.freshness.state, entry.status)


def _tallies(known: list[catalogue.ResourceView]) -> list[tuple[str, Text, int]]:
    said = [
        ("overdue", FRESHNESS["overdue"][0]),
        ("fresh", FRESHNESS["fresh"][0]),
        ("never", FRESHNESS["never"][0]),
        ("draft", ENTRY_STATES["draft"][0]),
        ("review", ENTRY_STATES["review"][0]),
    ]
    counted = [(id, name, sum(_matches(e, "", id) for e in known)) for id, name in said]
    return [line for line in counted if line[2]]


def _duties(actor: Actor) -> list[catalogue.DutyView]:
    """What my organisation (a government: its departments at its own level) still owes."""
    if not actor.organisation:
        return []
    division, _, department = actor.organisation.partition("-")
    own = [o.code for o in people.organisations(division) if o.department]
    owing = [actor.organisation] if department else own
    order = {state: n for n, state in enumerate(_OWED)}
    owed = [d for code in owing for d in catalogue.duties(actor, code) if d.state in order]
    return sorted(owed, key=lambda d: (order[d.state], d.organisation, d.id))


@require_POST
@signed_in
def fulfil(request: HttpRequest) -> HttpResponse:
    """Register what a duty asks for: a division's own copy at once, anything else as a draft."""
    actor = actor_of(request)
    declared, owner = (request.POST.get(name, "") for name in ("resource", "organisation"))
    resource = shelf.resources().get(declared)
    organisation = people.organisation(owner)
    if resource is not None and resource.per_division:
        made = catalogue_services.take(actor, declared, organisation.division)
        say(request, Text("已登记，可以开始交付数据。", "Registered; data can be delivered now."))
        return redirect("desk:resource", id=made.id)
    content = declared_content(resource) if resource is not None else {}
    made = catalogue_services.draft(actor, owner, content, fulfils=declared)
    said = Text(
        "已按领域包起草，请核对后提交审核。",
        "Drafted from the pack; check it and submit it for review.",
    )
    say(request, said)
    return redirect("desk:entry", id=made.id)


@require_safe
@signed_in
def resource(request: HttpRequest, id: str) -> HttpResponse:
    """One resource at the desk: state, deliveries, conformance, versions, what may be done."""
    return resource_page(request, id)


def resource_page(
    request: HttpRequest, id: str, error: QiantangError | None = None
) -> HttpResponse:
    """The page, with what was refused where something was."""
    actor = actor_of(request)
    plan = delivering(actor, id)
    entry = plan.entry
    path = people.organisation(entry.owner).path if entry.owner else ""
    open_version = catalogue.open_version(actor, id)
    may = _may(actor, entry, open_version)
    context: dict[str, Any] = {
        "plan": plan,
        "entry": entry,
        "line": Line(entry, None, plan.may),
        "owner": organisation_name(entry.owner) if entry.owner else entry.provider,
        "offered": organisation_name(entry.offered_to) if entry.offered_to else None,
        **_offer(actor, id),
        "completeness": catalogue.completeness(entry),
        "runs": intake.runs(actor, resource=plan.id, size=8),
        "shared": _shared_keys(actor, id),
        "trend": [(p, GRADES.get(p.grade)) for p in intake.trend(actor, id, last=12)]
        if plan.resource
        else [],
        "sources": intake.sources(actor, resource=plan.id),
        "open": open_version,
        "open_state": ENTRY_STATES.get(open_version.state) if open_version else None,
        "may": may,
        "receivers": [(code, name) for code, _, name in standing()] if may["transfer"] else [],
        "problem": error.problem(language_of(request)) if error else None,
        "given": request.POST,
        **_conformance(actor, id, path),
    }
    status = error.status if error else 200
    return desk_page(request, "desk/resource.html", context, status=status)


def _may(
    actor: Actor, entry: catalogue.ResourceView, version: catalogue.VersionView | None
) -> dict[str, bool]:
    def can(verb: str) -> bool:
        try:
            return bool(catalogue.why(actor, verb, entry.id))
        except NotFound:
            return False

    alive = entry.status != "retired" and entry.origin is None
    return {
        "edit": alive and can("edit") and (version is None or version.state == "draft"),
        "submit": version is not None and version.state == "draft" and can("submit"),
        "decide": version is not None and version.state == "review" and can("publish"),
        "discard": version is not None and can("discard"),
        "withdraw": entry.status == "published" and can("withdraw"),
        "restore": entry.status == "retired" and can("restore"),
        "transfer": alive and can("transfer"),
        "answer": bool(entry.offered_to) and can("accept"),
    }


def _offer(actor: Actor, id: str) -> dict[str, Any]:
    """The words of the latest offer, and who it was made to."""
    offer = catalogue.offer(actor, id)
    return {"offer": offer, "asked": organisation_name(offer.to) if offer else None}


def _field_names(actor: Actor, id: str) -> Callable[[str], Text]:
    """What people call a field of the entry; its id where it is not declared any more."""
    entry = catalogue.resource(actor, id)
    declared = shelf.resources().get(entry.declared or entry.id)
    names = {f.id: f.name for f in declared.fields} if declared else {}
    return lambda field: names.get(field, Text(field, field))


def _shared_keys(actor: Actor, id: str) -> Any:
    """None where a table is too large to be told while a page waits."""
    try:
        return intake.shared_keys(actor, id)
    except Unavailable:
        return None


def _conformance(actor: Actor, id: str, path: str) -> dict[str, Any]:
    report = elements.report(actor, id)
    called = _field_names(actor, id)
    return {
        "report": report,
        "findings": [(f, RULE_NAMES[f.rule], called(f.field)) for f in report.findings],
        "excused": [
            (e.finding, RULE_NAMES[e.finding.rule], called(e.finding.field), e.waiver.valid_to)
            for e in report.excused
        ],
        "waivers": [
            (w, WAIVER_STATES[w.state], RULE_NAMES[w.rule], called(w.field))
            for w in elements.waivers(actor, id)
        ],
        "may_waive": element_policy.may_waive(actor, path),
        "today": date.today(),
    }


@require_POST
@signed_in
def waive(request: HttpRequest, id: str) -> HttpResponse:
    """Let a difference stand until a day."""
    try:
        element_services.grant_waiver(actor_of(request), _leave(request, id))
    except (Invalid, Refused, Conflict) as error:
        return resource_page(request, id, error)
    say(request, Text("已豁免；到期后差异会重新列出。", "Waived; it is listed again when it ends."))
    return redirect("desk:resource", id=id)


def _leave(request: HttpRequest, id: str) -> element_services.Leave:
    from qiantang.rooms.elements.errors import WaiverIncomplete

    field, _, rule = request.POST.get("point", "").partition(" ")
    try:
        point = Rule(rule)
        until = date.fromisoformat(request.POST.get("valid_to", ""))
    except ValueError:
        said = Text("截止日", "an end")
        raise WaiverIncomplete(
            field="valid_to", found=Text("空白", "empty"), expected=said
        ) from None
    return element_services.Leave(
        resource=id,
        field=field,
        rule=point,
        reason=request.POST.get("reason", ""),
        document=request.POST.get("document", ""),
        valid_from=date.today(),
        valid_to=until,
    )


@require_POST
@signed_in
def unwaive(request: HttpRequest, id: str, waiver: int) -> HttpResponse:
    """End a waiver before its time."""
    try:
        element_services.withdraw_waiver(actor_of(request), waiver, request.POST.get("reason", ""))
    except (Invalid, Conflict, Refused) as error:
        return resource_page(request, id, error)
    say(request, Text("豁免已撤销。", "The waiver is withdrawn."))
    return redirect("desk:resource", id=id)
