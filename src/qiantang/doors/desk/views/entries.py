"""Catalogue work: write an entry, submit it, compare versions, decide, withdraw, transfer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiantang.doors.desk.entry_form import (
    attribute_label,
    content_of,
    inputs,
    items,
    known_codes,
)
from qiantang.doors.desk.intake_words import ENTRY_STATES, PERSONAL
from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in, standing
from qiantang.doors.desk.views.resources import resource_page
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, Refused
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.attributes import FIELD_TYPES, empty_content
from qiantang.rooms.catalogue.errors import ContentInvalid, StaleEdit
from qiantang.rooms.catalogue.indexing import CLASSES
from qiantang.rooms.people import selectors as people

MOST_LISTED = 300
"""Organisations that are chosen from a list; of more the code is typed, with names to help."""
_WRITERS = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new entry of one of the organisations that the person writes for."""
    owners = _owners(actor_of(request))
    content: Mapping[str, Any] = {**empty_content(), "cadence": "P1Y"}
    if request.method != "POST":
        return _form(request, content, owners=owners)
    content = {**content, **content_of(request.POST, {}, declared=False)}
    try:
        made = services.draft(
            actor_of(request),
            request.POST.get("owner", ""),
            content_of(request.POST, {}, declared=False),
        )
    except (Invalid, Refused, Conflict, NotFound) as error:
        return _form(request, content, owners=owners, error=error)
    return _written(request, made.id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, id: str) -> HttpResponse:
    """Write in an entry's draft, or begin the draft of its next version."""
    actor = actor_of(request)
    found = selectors.resource(actor, id)
    content = _content(actor, id)
    declared = bool(found.pack)
    if request.method != "POST":
        return _form(request, content, found=found)
    typed = content_of(request.POST, content, declared=declared)
    seen = whole_number(request.POST.get("over") or request.POST.get("seen", ""))
    try:
        services.change(actor, id, typed, seen=seen, note=request.POST.get("note", ""))
    except StaleEdit as error:
        return _form(request, {**content, **typed}, found=found, error=error, saved=content)
    except (Invalid, Refused, Conflict) as error:
        return _form(request, {**content, **typed}, found=found, error=error)
    return _written(request, id)


def _written(request: HttpRequest, id: str) -> HttpResponse:
    """Saved; handed in as well where the person asked for it."""
    if "submit" not in request.POST:
        say(request, Text("草稿已保存，尚未提交审核。", "The draft is saved, not yet submitted."))
        return redirect("desk:entry", id=id)
    return _submitted(request, id)


@require_POST
@signed_in
def submit(request: HttpRequest, id: str) -> HttpResponse:
    """Hand the draft in for review."""
    return _submitted(request, id)


def _submitted(request: HttpRequest, id: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        services.submit(actor, id)
    except (Invalid, Refused, Conflict) as error:
        found = selectors.resource(actor, id)
        return _form(request, _content(actor, id), found=found, error=error)
    say(request, Text("已提交，由另一位审核员审核。", "Submitted; another person decides on it."))
    return redirect("desk:resource", id=id)


def _content(actor: Actor, id: str) -> Mapping[str, Any]:
    """The draft where there is one, else what is in force."""
    version = selectors.open_version(actor, id)
    if version is not None:
        return version.content
    published = [v for v in selectors.versions(actor, id) if v.state == "published"]
    return published[0].content if published else empty_content()


def _owners(actor: Actor) -> list[tuple[str, Text]]:
    """Whom the person may write for: the own organisation, and departments."""
    return [
        (code, name)
        for code, path, name in standing()
        if (code == actor.organisation or "-" in code)
        and any(actor.has(role, path) for role in _WRITERS)
    ]


def _form(
    request: HttpRequest,
    content: Mapping[str, Any],
    *,
    found: selectors.ResourceView | None = None,
    owners: list[tuple[str, Text]] | None = None,
    error: QiantangError | None = None,
    saved: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """``saved``: what somebody else has saved since the person looked; their own text would take
    its place only where they say so."""
    problems = error.problems if isinstance(error, ContentInvalid) else ()
    declared = bool(found and found.pack)
    lines = items(content, problems)
    version = selectors.open_version(actor_of(request), found.id) if found else None
    context = {
        "entry": found,
        "declared": declared,
        "inputs": inputs(content, declared=declared, problems=problems),
        "items": lines[:-3] if declared else lines,
        "known": known_codes(),
        "types": tuple(FIELD_TYPES.items()),
        "personal": tuple(PERSONAL.items()),
        "owners": owners or [],
        "owners_listed": len(owners or ()) <= MOST_LISTED,
        "classes_list": CLASSES,
        "owner": request.POST.get("owner", actor_of(request).organisation),
        "problems": [(attribute_label(where), text) for where, text in problems],
        "problem": error.problem(language_of(request)) if error else None,
        "open": version,
        "seen": request.POST.get("seen", "") if saved else found.edition if found else "",
        "overwritten": selectors.compared(saved, content) if saved else (),
        "note": request.POST.get("note", version.note if version else ""),
    }
    return desk_page(
        request, "desk/entry_edit.html", context, status=error.status if error else 200
    )


@require_safe
@signed_in
def versions(request: HttpRequest, id: str) -> HttpResponse:
    """Every version, and what differs between two of them; the decision beside a review."""
    return _versions(request, id)


def _versions(request: HttpRequest, id: str, error: QiantangError | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = selectors.resource(actor, id)
    all_versions = selectors.versions(actor, id)
    open_version = selectors.open_version(actor, id)
    numbers = [v.number for v in all_versions if v.number]
    older, newer = _asked(request, numbers, open_version)
    context = {
        "entry": found,
        "versions": [(v, ENTRY_STATES[v.state]) for v in all_versions],
        "numbered": numbers,
        "names": people.names(
            {k for v in all_versions for k in (v.drafted_by, v.submitted_by, v.decided_by) if k}
        ),
        "open": open_version,
        "older": older,
        "newer": newer,
        "difference": selectors.difference(actor, id, older, newer),
        "may_decide": _may_decide(actor, id, open_version),
        "why": selectors.why(actor, "publish", id).text,
        "problem": error.problem(language_of(request)) if error else None,
        "reason": request.POST.get("reason", ""),
    }
    return desk_page(
        request, "desk/entry_versions.html", context, status=error.status if error else 200
    )


def _asked(
    request: HttpRequest, numbers: list[int], version: selectors.VersionView | None
) -> tuple[int | None, int | None]:
    """The two versions asked for; by default what a reviewer or reader wants to see."""
    newest = None if version else max(numbers, default=0)
    said = request.GET.get("newer", "")
    newer = None if said == "draft" and version else whole_number(said) if said else newest
    before = max((n for n in numbers if newer is None or n < newer), default=0)
    older = whole_number(request.GET.get("older", ""))
    return (before if older is None else older), newer


def _may_decide(actor: Actor, id: str, version: selectors.VersionView | None) -> bool:
    if version is None or version.state != "review":
        return False
    return any(v.id == version.id for v in selectors.waiting_for(actor))


@require_POST
@signed_in
def decide(request: HttpRequest, id: str) -> HttpResponse:
    """Publish the version in review, or send it back with a reason."""
    actor = actor_of(request)
    seen = whole_number(request.POST.get("seen", ""))
    try:
        if request.POST.get("decision") == "publish":
            services.publish(actor, id, seen=seen)
            said = Text("已发布，目录已更新。", "Published; the catalogue is up to date.")
        else:
            services.send_back(actor, id, request.POST.get("reason", ""))
            said = Text("已退回，起草人会看到理由。", "Sent back; its author sees the reason.")
    except (Invalid, Refused, Conflict) as error:
        return _versions(request, id, error)
    say(request, said)
    return redirect("desk:resource", id=id)


@require_POST
@signed_in
def act(request: HttpRequest, id: str, verb: str) -> HttpResponse:
    """Discard a draft; withdraw an entry or restore it; offer it elsewhere; answer an offer."""
    if verb not in _ACTS:
        raise NoSuchPage(found=request.path)
    done, said = _ACTS[verb]
    try:
        made = done(actor_of(request), id, request)
    except (Invalid, Refused, Conflict, NotFound) as error:
        return resource_page(request, id, error)
    say(request, _handed_over(made) if verb == "transfer" else said)
    if verb in ("accept", "decline", "discard"):
        return redirect("desk:resources")
    return redirect("desk:resource", id=id)


def _handed_over(entry: selectors.ResourceView) -> Text:
    """Whether the other side still has to accept."""
    if entry.offered_to:
        said = Text("已提出移交，等待“{o}”接收。", "Offered; {o} has to accept it.")
    else:
        said = Text("已移交，今后由“{o}”负责。", "Handed over; {o} answers for it now.")
    return said.format(o=organisation_name(entry.offered_to or entry.owner))


def _reason(request: HttpRequest) -> str:
    return str(request.POST.get("reason", ""))


_ACTS: Mapping[str, tuple[Callable[[Actor, str, HttpRequest], Any], Text]] = {
    "discard": (
        lambda actor, key, request: services.discard(actor, key),
        Text(
            "草稿已放弃，仍留在版本记录中。", "The draft is given up; it stays among the versions."
        ),
    ),
    "withdraw": (
        lambda actor, key, request: services.withdraw(actor, key, _reason(request)),
        Text("已撤回，目录中标为已撤回。", "Withdrawn; the catalogue marks it so."),
    ),
    "restore": (
        lambda actor, key, request: services.restore(actor, key, _reason(request)),
        Text("已恢复，目录中重新列出。", "Restored; the catalogue lists it again."),
    ),
    "transfer": (
        lambda actor, key, request: services.transfer(
            actor, key, request.POST.get("to", "").strip(), _reason(request)
        ),
        Text("已移交。", "Handed over."),
    ),
    "accept": (
        lambda actor, key, request: services.accept_transfer(actor, key),
        Text("已接收，今后由本单位负责。", "Accepted; your organisation answers for it now."),
    ),
    "decline": (
        lambda actor, key, request: services.decline_transfer(actor, key, _reason(request)),
        Text("已谢绝，仍由原单位负责。", "Declined; it stays where it is."),
    ),
}
