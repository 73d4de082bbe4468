"""The reads of intake; runs, sources and recipes start from `policy.visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.paging import Page
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake import policy
from qiantang.rooms.intake.code_lists import code_names
from qiantang.rooms.intake.errors import RunUnknown, SourceUnknown
from qiantang.rooms.intake.exposing import exposed
from qiantang.rooms.intake.findings import (
    delivered_texts,
    problem_counts,
    problems,
    rejects,
    report,
    sender,
)
from qiantang.rooms.intake.models import Recipe, Run, Source
from qiantang.rooms.intake.ownership import home_of
from qiantang.rooms.intake.sampling import labelled_end, labelled_rows
from qiantang.rooms.intake.shapes import (
    WORKING,
    Changed,
    Deliverable,
    RecipeView,
    Reminder,
    RunView,
    SourceView,
    TrendPoint,
)
from qiantang.rooms.intake.shared import SharedKeys, shared_keys
from qiantang.rooms.intake.views import name_of, recipe_view, run_view, source_view, trend_point
from qiantang.rooms.shelf import selectors as shelf

__all__ = [
    "SharedKeys",
    "changed",
    "code_names",
    "deliverables",
    "delivered_texts",
    "labelled_end",
    "labelled_rows",
    "latest_runs",
    "overdue",
    "problem_counts",
    "problems",
    "recipes",
    "rejects",
    "reminders",
    "report",
    "resends",
    "run",
    "runs",
    "sender",
    "shared_keys",
    "source",
    "sources",
    "to_decide",
    "trend",
    "waiting_runs",
]
LARGEST_PAGE = 500
S = Run.Status


def runs(
    actor: Actor,
    *,
    resource: str | None = None,
    status: str | None = None,
    source: str | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[RunView]:
    """The runs the actor may know of, newest first."""
    found = _visible(actor)
    for field, value in (("resource", resource), ("status", status), ("source_id", source)):
        if value:
            found = found.filter(**{field: value})
    size = min(max(size, 1), LARGEST_PAGE)
    page = max(page, 1)
    shown = found[(page - 1) * size : page * size]
    return Page(tuple(run_view(r, actor) for r in shown), page, size, found.count())


def run(actor: Actor, id: str) -> RunView:
    """One run. Raises `RunUnknown`, also where the actor may not know of it."""
    return run_view(visible_run(actor, id), actor)


def latest_runs(actor: Actor, resources: Iterable[str]) -> Mapping[str, RunView]:
    """The newest run of each resource that has one."""
    alike = _visible(actor).filter(resource=OuterRef("resource")).order_by("-received_at", "-pk")
    newest = Subquery(alike.values("pk")[:1])
    found = _visible(actor).filter(resource__in=list(resources), pk=newest)
    return {r.resource: run_view(r, actor) for r in found}


def resends(actor: Actor, run_id: str) -> tuple[RunView, ...]:
    """The runs that were sent to mend another's set-aside rows, newest first."""
    return tuple(run_view(r, actor) for r in _visible(actor).filter(parent_id=run_id))


def to_decide(actor: Actor) -> int:
    """How many held runs the actor may decide on."""
    scopes = actor.scopes(Role.APPROVER)
    if not scopes or not actor.may_use("write"):
        return 0
    mine = Q(pk__in=[])
    for scope in scopes:
        mine |= Q(owner_path__startswith=scope) if scope else Q(pk__isnull=False)
    held = Run.objects.filter(mine, status=S.HELD).exclude(verdict=None)
    return held.exclude(received_by=actor.key).count()


def changed(actor: Actor, run_id: str) -> Changed | None:
    """What a published run did to its table; None before, and when that version has expired."""
    run = visible_run(actor, run_id)
    if run.snapshot is None:
        return None
    lake = shelf.lake()
    kept = lake.snapshots(run.resource) if run.resource in lake.tables() else ()
    found = next((s for s in kept if s.id == run.snapshot), None)
    if found is None:
        return None
    noted = {k: int(v) for k, v in found.note.items() if k in ("inserted", "updated", "deleted")}
    return Changed(
        found.id,
        found.committed_at,
        found.rows,
        noted.get("inserted"),
        noted.get("updated"),
        noted.get("deleted"),
    )


def visible_run(actor: Actor, id: str) -> Run:
    found = _visible(actor).filter(pk=id).first()
    if found is None:
        raise RunUnknown(found=id)
    return found


def sources(actor: Actor, *, resource: str | None = None) -> tuple[SourceView, ...]:
    """The sources of the actor's organisations, by id."""
    found = _visible_sources(actor)
    if resource:
        found = found.filter(resource=resource)
    return tuple(source_view(s) for s in found)


def source(actor: Actor, id: str) -> SourceView:
    """One source. Raises `SourceUnknown`."""
    return source_view(visible_source(actor, id))


def visible_source(actor: Actor, id: str) -> Source:
    found = Source.objects.filter(policy.visible_to(actor), removed_at=None, pk=id).first()
    if found is None:
        raise SourceUnknown(found=id)
    return found


def overdue(actor: Actor) -> tuple[SourceView, ...]:
    """The sources from which nothing came in time, the longest overdue first."""
    found = _visible_sources(actor).filter(overdue_since__isnull=False)
    return tuple(source_view(s) for s in found.order_by("overdue_since"))


def reminders(actor: Actor) -> tuple[Reminder, ...]:
    """What waits for the actor: late sources, checked runs to decide on, readings to confirm, runs
    that failed."""
    late = [_late(s) for s in overdue(actor)]
    open_runs = _visible(actor).filter(status__in=(S.HELD, S.FAILED))[:LARGEST_PAGE]
    return tuple(late + [note for r in open_runs if (note := _note(r, actor)) is not None])


def recipes(actor: Actor, resource: str | None = None) -> tuple[RecipeView, ...]:
    """The kept recipes of the actor's organisations, newest first within a resource."""
    found = Recipe.objects.filter(policy.visible_to(actor))
    if resource:
        found = found.filter(resource=resource)
    return tuple(recipe_view(r) for r in found)


def trend(actor: Actor, resource: str, *, last: int = 50) -> tuple[TrendPoint, ...]:
    """The finished runs of a resource, or of a division's own copy, oldest first. Counts and grades
    of what was published are shown to everyone who may know of the resource; which run it was, and
    what was held or refused, only to those who may know of its runs. Runs of divisions whose own
    copies the actor may not read are not among those of the whole table."""
    entry = catalogue.resource(actor, resource)
    delivered = {"resource": resource}
    barred = catalogue.kept_back(actor, resource)
    if entry.pack and entry.declared not in ("", entry.id):
        delivered = {"resource": entry.declared, "division": entry.division}
    known = policy.visible_to(actor)
    told = (S.PUBLISHED, S.REFUSED, S.HELD)
    shown = Q(status=S.PUBLISHED) & ~Q(division__in=barred) | Q(status__in=told) & known
    newest = list(Run.objects.filter(shown, **delivered, verdict__isnull=False)[:last])
    of_these = Run.objects.filter(known, pk__in=[run.pk for run in newest])
    theirs = set(of_these.values_list("pk", flat=True))
    return tuple(trend_point(run, named=run.pk in theirs) for run in reversed(newest))


def deliverables(actor: Actor) -> tuple[Deliverable, ...]:
    """The resources to which the actor may deliver."""
    if not (actor.scopes(Role.OFFICER) and actor.may_use("write")):
        return ()
    found = []
    for id in shelf.resources():
        try:
            home = home_of(actor, id)
        except QiantangError:
            continue
        if policy.may_deliver(actor, home.path):
            resource = home.resource
            found.append(
                Deliverable(
                    id,
                    resource.name,
                    Mode(resource.mode).value,
                    home.division,
                    home.organisation,
                    resource.per_division,
                )
            )
    return tuple(found)


def waiting_runs() -> QuerySet[Run]:
    """Runs that a worker should take up, oldest first; those in a worker's hands among them."""
    ready = Q(retry_at=None) | Q(retry_at__lte=datetime.now(UTC))
    return Run.objects.filter(ready, status__in=WORKING).order_by("received_at", "pk")


def due_sources() -> int:
    """How many sources are due now; for the rounds of the site."""
    found = Source.objects.filter(removed_at=None, paused=False, next_try__lte=datetime.now(UTC))
    return found.count()


def _visible_sources(actor: Actor) -> QuerySet[Source]:
    """With the status of the newest run of each."""
    newest = Run.objects.filter(source=OuterRef("pk")).order_by("-received_at", "-pk")
    found = Source.objects.filter(policy.visible_to(actor), removed_at=None)
    return found.annotate(last_status=Subquery(newest.values("status")[:1]))


def _visible(actor: Actor) -> QuerySet[Run]:
    return Run.objects.filter(policy.visible_to(actor))


def _late(source: SourceView) -> Reminder:
    name = source.resource_name
    assert source.overdue_since is not None
    return Reminder(
        "overdue",
        source.id,
        source.resource,
        name,
        Text(
            f"“{name.zh}”逾期未更新（数据来源 {source.id}）。",
            f'"{name.en}" is overdue (source {source.id}).',
        ),
        source.overdue_since,
    )


def _note(run: Run, actor: Actor) -> Reminder | None:
    """What a run asks of the actor; None where it asks others."""
    name = name_of(run.resource)
    delivers = policy.may_deliver(actor, run.owner_path)
    decides = policy.may_decide(actor, run.owner_path) and actor.key != run.received_by
    if run.status == S.FAILED and delivers:
        kind = "failed"
        text = Text(f"“{name.zh}”的交付处理失败。", f'A delivery of "{name.en}" failed.')
    elif run.status == S.HELD and run.verdict is None and delivers:
        kind = "reading"
        text = Text(
            f"“{name.zh}”的文件 {run.file_name} 需要确认读取方案。",
            f'The reading of {run.file_name} for "{name.en}" needs confirmation.',
        )
    elif run.status == S.HELD and run.verdict is not None and decides:
        kind, text = "decide", _to_be_decided(run, name)
    else:
        return None
    return Reminder(kind, run.id, run.resource, name, text, run.finished_at or run.received_at)


def _to_be_decided(run: Run, name: Text) -> Text:
    fields = exposed(run)
    zh = f"，{len(fields)} 个字段中有未声明的个人信息" if fields else ""
    en = f", fields with undeclared personal data: {len(fields)}" if fields else ""
    return Text(
        f"“{name.zh}”的交付 {run.file_name}：合格 {run.accepted} 行，剔出 {run.set_aside} 行{zh}。",
        f'Delivery {run.file_name} of "{name.en}": {run.accepted} rows sound, '
        f"{run.set_aside} set aside{en}.",
    )
