"""Reads of the harvest room, always from what the actor may know of."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.harvest import policy
from qiantang.rooms.harvest.errors import UpstreamUnknown
from qiantang.rooms.harvest.models import HarvestRun, Instance, Upstream

NOTHING: Final = Text("", "")
FIRST_RETRY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class UpstreamView:
    """An upstream as others see it; ``due`` is when it is to be harvested next, ``failures`` how
    often in a row it could not be, with the last ``error``."""

    id: str
    name: Text
    kind: str
    address: str
    owner: str
    division: str
    every_hours: int
    private: bool
    active: bool
    harvested_at: datetime | None
    due: datetime | None
    failures: int = 0
    error: Text = NOTHING


@dataclass(frozen=True, slots=True)
class RunView:
    """A run; ``number`` counts those of its upstream, ``id`` those of all. ``counts``: entries by
    outcome (new, changed, same, conflict, back, outside, unread, withdrawn); ``gone``: no longer
    offered upstream; ``problems``: the first hundred."""

    id: int
    upstream: str
    state: str
    cursor: str
    started_at: datetime
    finished_at: datetime | None
    pages: int
    seen: int
    counts: Mapping[str, int]
    gone: int
    problems: tuple[Mapping[str, Any], ...]
    error: str
    error_text: Text
    number: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.id,
            "number": self.number,
            "upstream": self.upstream,
            "state": self.state,
            "pages": self.pages,
            "seen": self.seen,
            "counts": dict(self.counts),
            "gone": self.gone,
            "problems": [dict(p) for p in self.problems],
            "error": self.error,
        }


def instance() -> str:
    """This instance's name in the world, given at the first asking: ``urn:uuid:...``."""
    row = Instance.objects.order_by("pk").first()
    if row is not None:
        return row.urn
    with transaction.atomic():
        made = Instance(pk=1, urn=uuid.uuid4().urn, since=datetime.now(UTC))
        Instance.objects.bulk_create([made], ignore_conflicts=True)
    return Instance.objects.order_by("pk")[0].urn


def upstreams(actor: Actor) -> tuple[UpstreamView, ...]:
    """The upstreams the actor may know of, by id."""
    rows = Upstream.objects.filter(policy.visible_to(actor))
    return tuple(upstream_view(row) for row in rows)


def upstream(actor: Actor, id: str) -> UpstreamView:
    """One upstream. Raises `UpstreamUnknown`."""
    return upstream_view(visible_upstream(actor, id))


def due(actor: Actor, now: datetime | None = None) -> tuple[UpstreamView, ...]:
    """The upstreams whose turn has come."""
    at = now or datetime.now(UTC)
    return tuple(u for u in upstreams(actor) if u.active and u.due is not None and u.due <= at)


def runs(actor: Actor, upstream: str, limit: int = 20) -> tuple[RunView, ...]:
    """The upstream's runs, the newest first. Raises `UpstreamUnknown`."""
    row = visible_upstream(actor, upstream)
    newest = row.runs.count()
    found = row.runs.order_by("-pk")[:limit]
    return tuple(run_view(each, newest - n) for n, each in enumerate(found))


def visible_upstream(actor: Actor, id: str) -> Upstream:
    row = Upstream.objects.filter(policy.visible_to(actor), pk=id).first()
    if row is None:
        raise UpstreamUnknown(found=id)
    return row


def upstream_view(row: Upstream) -> UpstreamView:
    return UpstreamView(
        id=row.id,
        name=Text(row.name_zh, row.name_en),
        kind=row.kind,
        address=row.address,
        owner=row.owner_id or "",
        division=row.division,
        every_hours=row.every_hours,
        private=row.private,
        active=row.active,
        harvested_at=row.harvested_at,
        due=_due(row),
        failures=row.failures if row.error_zh else 0,
        error=Text(row.error_zh, row.error_en),
    )


def run_view(row: HarvestRun, number: int = 0) -> RunView:
    return RunView(
        id=row.pk,
        upstream=row.upstream_id,
        state=row.state,
        cursor=row.cursor,
        started_at=row.started_at,
        finished_at=row.finished_at,
        pages=row.pages,
        seen=row.seen,
        counts=dict(row.counts),
        gone=row.gone,
        problems=tuple(row.problems),
        error=row.error,
        error_text=Text(row.error_zh, row.error_en),
        number=number
        or HarvestRun.objects.filter(upstream=row.upstream_id, pk__lte=row.pk).count(),
    )


def _due(row: Upstream) -> datetime | None:
    """An interval after the last success; after failures sooner, but each time four times later:
    1, 4, 16 ... minutes, the interval at most."""
    if not row.every_hours:
        return None
    interval = timedelta(hours=row.every_hours)
    if row.failures and row.tried_at:
        pause: timedelta = FIRST_RETRY * int(4 ** min(row.failures - 1, 8))
        return row.tried_at + min(interval, pause)
    last = max(filter(None, (row.harvested_at, row.tried_at)), default=None)
    return last + interval if last else row.added_at
