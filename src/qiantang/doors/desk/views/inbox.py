"""What waits for a decision, what was sent, each submission, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from qiantang.doors.desk.comparing import changes_of
from qiantang.doors.desk.journal_words import act_name
from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import plans_now, whole_number
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.indices import selectors as editions
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.intake.shapes import Reminder
from qiantang.rooms.journal import selectors as journal_reads
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

STATES = ("pending", "approved", "rejected", "withdrawn")


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """To decide, and everything that one's organisation sent."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    sent = indicators.submissions(actor, state=state or None, page=_page(request), size=25)
    notes = intake.reminders(actor)
    context = {
        **_to_decide(actor, notes),
        "returned": [
            (v, catalogue.resource(actor, v.resource)) for v in catalogue.sent_back(actor)
        ],
        "conflicts": _conflicts(actor),
        "deliveries": [n for n in notes if n.kind in ("reading", "failed")],
        "overdue": [n for n in notes if n.kind == "overdue"],
        "sent": sent,
        "lines": [_line(s) for s in sent.items],
        "state": state,
        "states": STATES,
    }
    htmx = getattr(request, "htmx", None)
    partial = htmx and htmx.target == "inbox-lists"
    return desk_page(
        request, "desk/parts/inbox_lists.html" if partial else "desk/inbox.html", context
    )


def _to_decide(actor: Actor, notes: Iterable[Reminder]) -> dict[str, Any]:
    """Everything that waits for the actor's decision, of every kind, and how much it is."""
    found: dict[str, Any] = {
        "to_decide": [_line(s) for s in indicators.inbox(actor)],
        "checked": [n for n in notes if n.kind == "decide"],
        "reviews": [
            (v, catalogue.resource(actor, v.resource)) for v in catalogue.waiting_for(actor)
        ],
        "editions": editions.waiting(actor),
        "offers": [(e, organisation_name(e.offered_to)) for e in catalogue.offers(actor)],
    }
    return {**found, "decisions": sum(len(each) for each in found.values())}


def _conflicts(actor: Actor) -> int:
    """How many conflicts of harvested entries the actor may settle."""
    if not actor.scopes(Role.ADMINISTRATOR):
        return 0
    return catalogue.conflicts_to_settle(actor)


def _page(request: HttpRequest) -> int:
    return whole_number(request.GET.get("page", "1")) or 1


def _line(s: SubmissionView) -> dict[str, Any]:
    known = shelf.indicators().get(s.indicator)
    division = next((d for d in shelf.divisions() if d.code == s.division), None)
    return {
        "s": s,
        "indicator": known.name if known else None,
        "division": division.name if division else None,
        "row": s.payload[0] if s.rows == 1 and s.payload else None,
    }


@require_safe
@signed_in
def submission(request: HttpRequest, id: int) -> HttpResponse:
    """One submission: its rows, what would change, and the decision."""
    s = indicators.submission(actor_of(request), id)
    context = {
        **_line(s),
        "changes": changes_of(s),
        "shown": s.payload[:200],
        "bears": [
            t
            for plan in plans_now()
            for t in plan.targets
            if s.indicator and any(e.indicator == s.indicator for e in t.evidence)
        ],
        "names": {k: i.name for k, i in shelf.indicators().items()},
    }
    return desk_page(request, "desk/submission.html", context)


def _decided(
    request: HttpRequest, id: int, verb: Callable[[], SubmissionView], said: Text
) -> HttpResponse:
    verb()
    say(request, said)
    return redirect("desk:submission", id=id)


def _version(request: HttpRequest) -> int | None:
    """The version that the reader looked at; what is no number is no version of anything."""
    given = request.POST.get("version", "")
    return (whole_number(given) or 0) if given else None


@require_POST
@signed_in
def approve(request: HttpRequest, id: int) -> HttpResponse:
    """Publish it; the version says what the approver looked at."""
    actor = actor_of(request)
    return _decided(
        request,
        id,
        lambda: services.approve(actor, id, _version(request)),
        Text(
            "已通过，数据已发布，有关目标已重新判定。",
            "Approved: the figures are published and judged.",
        ),
    )


@require_POST
@signed_in
def reject(request: HttpRequest, id: int) -> HttpResponse:
    actor = actor_of(request)
    reason = request.POST.get("reason", "")
    return _decided(
        request,
        id,
        lambda: services.reject(actor, id, reason, _version(request)),
        Text("已退回，报送人会看到理由。", "Sent back; its sender sees the reason."),
    )


@require_POST
@signed_in
def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    actor = actor_of(request)
    return _decided(
        request, id, lambda: services.withdraw(actor, id), Text("已撤回。", "Withdrawn.")
    )


@require_safe
@signed_in
def journal(request: HttpRequest) -> HttpResponse:
    """The audit entries that the reader may see, newest first."""
    actor = actor_of(request)
    verb = request.GET.get("verb", "")
    subject = request.GET.get("subject", "").strip()
    found = journal_reads.entries(
        actor, verb=verb or None, subject=subject or None, page=_page(request)
    )
    context = {
        "entries": found,
        "acts": {e.verb: act_name(e.verb) for e in found.entries},
        "names": people.names(e.actor for e in found.entries),
        "verbs": [(v, act_name(v)) for v in journal_reads.verbs(actor)],
        "verb": verb,
        "subject": subject,
    }
    return desk_page(request, "desk/journal.html", context)
