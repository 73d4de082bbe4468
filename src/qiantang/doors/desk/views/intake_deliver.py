"""Sending a file for a resource; what becomes of it is shown on the run's page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from qiantang.doors.desk.intake_words import MODES
from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, Refused, TooLarge
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Mode, Resource
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake import policy, selectors, services
from qiantang.rooms.intake.errors import FileEmpty, FileTooLarge
from qiantang.rooms.intake.receiving import deliverer_home, largest
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

UNITS = (("GB", 2**30), ("MB", 2**20), ("KB", 2**10))


@dataclass(frozen=True, slots=True)
class Delivering:
    """What the form for a resource needs to know. ``resource`` is None where no pack declares a
    schema; ``divisions`` are those that the actor may deliver for."""

    entry: catalogue.ResourceView
    resource: Resource | None
    id: str
    division: str
    divisions: tuple[tuple[str, Text], ...]
    may: bool

    @property
    def modes(self) -> list[dict[str, Any]]:
        """The ways in which a delivery can be taken; the declared one first."""
        if self.resource is None:
            return []
        fit = [m for m in Mode if self.resource.grain or m in (Mode.APPEND, Mode.REPLACE)]
        own = Mode(self.resource.mode)
        ordered = sorted(fit, key=lambda m: m != own)
        return [
            {"id": m.value, "name": MODES[m.value][0], "why": MODES[m.value][1], "own": m == own}
            for m in ordered
        ]


def delivering(actor: Actor, id: str) -> Delivering:
    """Raises `ResourceUnknown`."""
    entry = catalogue.resource(actor, id)
    resource = shelf.resources().get(entry.declared or entry.id)
    divisions = _divisions(actor, resource) if resource and resource.per_division else ()
    own = entry.division if "@" in entry.id else ""
    if own:
        divisions = tuple(d for d in divisions if d[0] == own)
    return Delivering(
        entry=entry,
        resource=resource,
        id=f"{resource.pack}.{resource.id}" if resource else entry.id,
        division=own or _own_division(actor, divisions),
        divisions=divisions,
        may=_may(actor, entry, resource, divisions),
    )


def _may(
    actor: Actor,
    entry: catalogue.ResourceView,
    resource: Resource | None,
    divisions: tuple[tuple[str, Text], ...],
) -> bool:
    if resource is None or entry.status == "retired":
        return False
    if resource.per_division:
        return bool(divisions)
    return bool(entry.owner) and policy.may_deliver(actor, people.organisation(entry.owner).path)


def _divisions(actor: Actor, resource: Resource) -> tuple[tuple[str, Text], ...]:
    if not actor.scopes(Role.OFFICER):
        return ()
    names = {d.code: d.name for d in shelf.divisions()}
    return tuple(
        (o.division, names.get(o.division, o.name))
        for o in people.organisations()
        if o.department == resource.owner and policy.may_deliver(actor, o.path)
    )


def _own_division(actor: Actor, divisions: tuple[tuple[str, Text], ...]) -> str:
    own = actor.organisation.partition("-")[0]
    known = [code for code, _ in divisions]
    return own if own in known else known[0] if known else ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, id: str) -> HttpResponse:
    """The form, and taking the file: streamed to the disk, then read by a worker."""
    plan = delivering(actor_of(request), id)
    if request.method != "POST":
        return _form(request, plan)
    try:
        run = _receive(request, plan)
    except (Invalid, TooLarge, Conflict, Refused, NotFound) as error:
        return _form(request, plan, error)
    services.wake()
    if run.repeated:
        say(
            request,
            Text(
                "同样的文件此前已交付，数据没有变化；这是当时的运行。",
                "The same file had come before and nothing was changed; this is its run.",
            ),
        )
    return redirect("desk:run", id=run.id)


def in_units(size: int) -> str:
    """A size in the largest unit of which it is one or more: 20 GB, 1.5 GB, 500 MB."""
    unit, each = next(((u, n) for u, n in UNITS if size >= n), ("B", 1))
    return f"{size / each:.1f}".removesuffix(".0") + f" {unit}"


def _receive(request: HttpRequest, plan: Delivering) -> RunView:
    # Who may not is told so, not that the file is missing: it was not taken.
    deliverer_home(actor_of(request), plan.id, plan.division)
    file = request.FILES.get("file")
    if file is None and int(request.META.get("CONTENT_LENGTH") or 0) > largest():
        limit = in_units(largest())
        raise FileTooLarge(found=f"> {limit}", expected=limit)
    if file is None:
        raise FileEmpty(found="—")
    path, passing = _on_disk(file)
    try:
        return services.receive(
            actor_of(request),
            plan.id,
            path,
            name=str(file.name or "upload"),
            mode=request.POST.get("mode") or None,
            division=request.POST.get("division") or plan.division,
            publish="hold" not in request.POST,
            resend_of=request.POST.get("resend_of", ""),
        )
    finally:
        if passing:
            path.unlink(missing_ok=True)


def _on_disk(file: UploadedFile) -> tuple[Path, bool]:
    """The upload as a file, and whether it is ours to delete: large ones are on the disk."""
    if isinstance(file, TemporaryUploadedFile):
        return Path(file.temporary_file_path()), False
    return services.take_pieces(iter(file.chunks())), True


def _key(resource: Resource | None) -> list[Field]:
    """The fields by which rows are told apart."""
    return [f for f in resource.fields if f.id in resource.grain] if resource else []


def _form(
    request: HttpRequest, plan: Delivering, error: QiantangError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "plan": plan,
        "entry": plan.entry,
        "largest": in_units(largest()),
        "chosen": request.POST.get("mode", ""),
        "recipes": selectors.recipes(actor, plan.id)[:3],
        "problem": error.problem(language_of(request)) if error else None,
        "key": _key(plan.resource),
        "needed": [f for f in plan.resource.fields if f.required] if plan.resource else [],
    }
    status = error.status if error else 200
    return desk_page(request, "desk/intake_deliver.html", context, status=status)
