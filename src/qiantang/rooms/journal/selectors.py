"""The journal's reads: entries for a reader, the state of the outbox and of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from qiantang.kernel.actors import Actor
from qiantang.rooms.journal import policy
from qiantang.rooms.journal.models import AuditEntry, ChainHead, OutboxItem

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as a reader sees it. ``actor`` is a key; people's selectors give the names."""

    seq: int
    at: datetime
    actor: str
    path: str
    token: str
    verb: str
    subject: str
    detail: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries, newest first; iterates over its entries."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    total: int

    def __iter__(self) -> Any:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class StuckNews:
    """News whose reaction has failed so far."""

    event: str
    reaction: str
    attempts: int
    error: str
    emitted_at: datetime
    due_at: datetime


def entries(
    actor: Actor, *, subject: str | None = None, verb: str | None = None, page: int = 1
) -> EntryPage:
    """The entries the actor may read, newest first, 50 a page."""
    rows = AuditEntry.objects.filter(policy.visible_to(actor)).order_by("-seq")
    if subject:
        rows = rows.filter(subject=subject)
    if verb:
        rows = rows.filter(verb=verb)
    total = rows.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return EntryPage(tuple(_entry(row) for row in shown), page, pages, total)


def verbs(actor: Actor) -> tuple[str, ...]:
    """The verbs that occur among the entries the actor may read, for a filter."""
    rows = AuditEntry.objects.filter(policy.visible_to(actor)).order_by("verb")
    return tuple(rows.values_list("verb", flat=True).distinct())


def head() -> tuple[int, str]:
    """How many entries the chain has and its last digest, to be noted outside the machine."""
    row = ChainHead.objects.filter(pk=1).first() or ChainHead()
    return row.seq, row.digest


def stuck(limit: int = 20) -> tuple[StuckNews, ...]:
    """News whose reaction failed at least once and is still waiting, for ``qiantang doctor``."""
    rows = OutboxItem.objects.filter(delivered_at__isnull=True, attempts__gt=0)[:limit]
    return tuple(
        StuckNews(r.event, r.reaction, r.attempts, r.error, r.emitted_at, r.due_at) for r in rows
    )


def waiting() -> int:
    """How much news is not delivered yet."""
    return OutboxItem.objects.filter(delivered_at__isnull=True).count()


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        path=row.path,
        token=row.token,
        verb=row.verb,
        subject=row.subject,
        detail=row.detail,
        digest=row.digest,
    )
