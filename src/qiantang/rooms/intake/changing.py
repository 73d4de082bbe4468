"""Changing a source: what it is told, never whose it is. Kind, resource and division stay.

A password goes only where its keeper sent it: when the address changes, it is given again, or
somebody who may name any password (an administrator of the zone) does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.intake import credentials, schedule, spool
from qiantang.rooms.intake.errors import SourceBusy, SourceInvalid, SourceWaits
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.intake.ownership import home_of
from qiantang.rooms.intake.receiving import OPEN, checked_mode
from qiantang.rooms.intake.shapes import SourceView
from qiantang.rooms.intake.sources import (
    cadence_of,
    checked_column,
    checked_config,
    checked_credential,
    fetch_lock,
    for_the_zone,
    kept_source,
    own_credential,
)
from qiantang.rooms.intake.views import source_view
from qiantang.rooms.journal.services import record

_SENT_TO: Final = ("engine", "host", "port", "url")
"""Settings that say where a password is sent."""
_ROWS_OF: Final = ("engine", "database", "file", "table")
"""Settings after whose change a watermark says nothing of the rows that came."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What changes; None stays. A setting of ``config`` that is None or empty is taken away; an
    empty ``every`` is the resource's cadence again, an empty ``credential`` none."""

    config: Mapping[str, Any] | None = None
    credential: str | None = None
    password: str = field(default="", repr=False)
    mode: str | None = None
    every: str | None = None
    watermark_column: str | None = None


def change_source(actor: Actor, id: str, change: SourceChange) -> SourceView:
    """Change what a source is told; it is looked at anew. Another table or watermark column begins
    at its first row.

    Raises `SourceUnknown`, `NotSourceKeeper`, `ServerPathForbidden`, `SourceInvalid`, `ModeUnfit`,
    `AddressForbidden`, `SourceBusy` while it is being fetched, `SourceWaits` where the rows would
    begin anew while a run of it is not finished.
    """
    kept_source(actor, id)
    with spool.locked(fetch_lock(id), wait=False) as got:
        if not got:
            raise SourceBusy(found=id)
        with transaction.atomic():
            source = Source.objects.select_for_update().get(pk=id)
            _apply(actor, source, change)
            source.save()
            detail = {
                "config": source.config,
                "mode": source.mode,
                "every": source.every,
                "watermark_column": source.watermark_column,
                "login_changed": bool(change.password) or change.credential is not None,
            }
            record(actor, "intake.source_changed", f"source:{id}", detail)
            if change.password:
                credentials.keep(f"source-{id}", change.password)
    return source_view(source)


def _apply(actor: Actor, source: Source, change: SourceChange) -> None:
    home = home_of(actor, source.resource, source.division)
    given = source.config
    if change.config is not None:
        given = checked_config(actor, source.kind, {**source.config, **change.config})
    differ = {
        name for name in {*given, *source.config} if given.get(name) != source.config.get(name)
    }
    source.credential = _credential(
        actor, source, change, moved=bool(differ.intersection(_SENT_TO))
    )
    source.mode = checked_mode(home, change.mode or source.mode)
    told = change.watermark_column
    column = source.watermark_column if told is None else told
    column = checked_column(source.kind, source.mode, column)
    if column != source.watermark_column or differ.intersection(_ROWS_OF):
        _begin_anew(source)
    if "url" in differ:
        source.etag = source.last_modified = ""
    source.config, source.watermark_column = given, column
    if change.every is not None:
        _reschedule(source, schedule.checked(change.every or cadence_of(home)))
    source.next_try, source.failures, source.error = datetime.now(UTC), 0, None


def _credential(actor: Actor, source: Source, change: SourceChange, *, moved: bool) -> str:
    if change.password:
        return own_credential(source.id)
    wanted = source.credential if change.credential is None else change.credential
    if moved and wanted and not for_the_zone(actor):
        raise SourceInvalid(
            field="password",
            found="-",
            expected=Text("重新填写的口令", "the password, given again"),
        )
    return wanted if wanted == source.credential else checked_credential(actor, source.id, wanted)


def _begin_anew(source: Source) -> None:
    waiting = Run.objects.filter(source=source, status__in=OPEN).first()
    if waiting is not None:
        raise SourceWaits(source=source.id, found=waiting.id)
    source.watermark = None


def _reschedule(source: Source, cycle: str) -> None:
    """Due a cycle after the last success, or from now; what is late by the new cycle is found so by
    the next round."""
    now = datetime.now(UTC)
    source.every = cycle
    source.next_due = schedule.later(source.last_ok_at or now, cycle)
    if source.next_due > now:
        source.overdue_since = None
