"""Fetching from a source: what came is delivered and worked on like any other file."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.problems import kept_problem
from qiantang.packkit.compiled import Mode
from qiantang.rooms.intake import credentials, spool
from qiantang.rooms.intake.errors import FetchFailed, FilesPutAway, SourceBusy, SourceWaits
from qiantang.rooms.intake.fetching import Fetched, tables, web
from qiantang.rooms.intake.fetching.folder import Unsteady
from qiantang.rooms.intake.fetching.marks import Mark
from qiantang.rooms.intake.from_folder import take_files
from qiantang.rooms.intake.known_again import known_again_by
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.intake.ownership import home_of
from qiantang.rooms.intake.receiving import OPEN, Arrived, enter, largest
from qiantang.rooms.intake.schedule import later, next_look
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.sources import fetch_lock, kept_source
from qiantang.rooms.intake.working import Progress, work
from qiantang.rooms.journal.outage import as_ours

log = logging.getLogger(__name__)
Kind = Source.Kind


def fetch(
    actor: Actor,
    source_id: str,
    *,
    progress: Progress = lambda stage, rows: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[RunView, ...]:
    """Fetch what is new from a source and work on it; no run when nothing is new.

    Raises `SourceUnknown`, `NotSourceKeeper`, `SourceBusy`, `SourceWaits`, `SourceRefused`,
    `SourceGone`, `CredentialMissing`, `AddressForbidden`, `WatermarkUnordered`, `RowsJoined`,
    `RowsValueless`, `FetchFailed`. A failure, of whatever kind, is kept at the source.
    """
    source = kept_source(actor, source_id)
    with spool.locked(fetch_lock(source.id), wait=False) as got:
        if not got:
            raise SourceBusy(found=source.id)
        source.refresh_from_db()
        try:
            runs, trouble = _taken(actor, source, progress, cancelled)
        except QiantangError as error:
            _note(source, error, came=False)
            raise
        except Exception as error:
            told = _in_our_words(source.id, error)
            _note(source, told, came=False)
            raise told from error
        _note(source, trouble, came=bool(runs))
        return tuple(runs)


def fetch_due() -> int:
    """Fetch from every source that is due; how many were looked at. Failures are kept there."""
    now = datetime.now(UTC)
    due = Source.objects.filter(removed_at=None, paused=False, next_try__lte=now)
    done = 0
    for id in list(due.order_by("next_try").values_list("pk", flat=True)):
        try:
            fetch(SYSTEM, id)
        except QiantangError as error:
            log.info("source %s: %s", id, error)
        except Exception:
            log.exception("source %s failed", id)
        done += 1
    return done


def _in_our_words(source_id: str, error: Exception) -> QiantangError:
    """A failure as it is kept at the source; what nobody expected goes to the log by number."""
    if ours := as_ours(error):
        log.warning("source %s, %s: %s", source_id, ours.code, error)
        return ours
    number = secrets.token_hex(4)
    log.exception("source %s failed, number %s", source_id, number)
    return FetchFailed(source=source_id, found=type(error).__name__, number=number)


def _taken(
    actor: Actor, source: Source, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[list[RunView], QiantangError | None]:
    """The runs of what came, and what is to be told beside them."""

    def deliver(found: Fetched) -> RunView:
        run = _delivered(actor, source, found)
        if run.repeated and not run.is_working:
            return run
        return work(run.id, progress=progress, cancelled=cancelled)

    if source.kind == Kind.UPLOAD:
        return [], None
    if source.kind == Kind.FOLDER:
        done = take_files(source, deliver, cancelled)
        return done.runs, done.trouble(source.id)
    _refuse_waiting(source)
    target = spool.arriving()
    try:
        found = _fetched(source, target)
        if found is None or (found.rows == 0 and not _empties(source)):
            return [], None
        run = _delivered(actor, source, found)
    finally:
        target.unlink(missing_ok=True)
    _keep_validators(source, found)
    if not run.repeated:
        run = work(run.id, progress=progress, cancelled=cancelled)
    return [run], None


def _fetched(source: Source, target: Path) -> Fetched | None:
    password = credentials.look_up(source.credential)
    if source.kind == Kind.DATABASE:
        again = source.mode in (Mode.UPSERT, Mode.DELETE)
        told_by = known_again_by(source, again=again)
        mark = Mark(source.watermark_column, source.watermark, again, told_by)
        return tables.fetch(source.id, source.config, password, target, mark=mark)
    known = (source.etag, source.last_modified)
    return web.fetch(source.id, source.config, password, target, largest=largest(), known=known)


def _delivered(actor: Actor, source: Source, found: Fetched) -> RunView:
    """The run of what was fetched. Raises `Unsteady` where the file changed while it was read."""
    home = home_of(SYSTEM, source.resource, source.division)
    digest, size = spool.store(found.file, found.name, largest())
    if not found.still():
        raise Unsteady(found.name)
    return enter(
        actor,
        Arrived(
            home=home,
            name=found.name[:255],
            digest=digest,
            size=size,
            mode=source.mode,
            options={"publish": True} | ({"empty": True} if found.rows == 0 else {}),
            source=source,
            watermark=found.watermark,
        ),
    )


def _empties(source: Source) -> bool:
    """Whether a table without rows takes the rows away that came before."""
    if source.kind != Kind.DATABASE or source.mode != Mode.REPLACE:
        return False
    came = Run.objects.filter(
        resource=source.resource, division=source.division, status=Run.Status.PUBLISHED
    )
    last = came.order_by("-finished_at").first()
    return last is not None and not (last.mode == Mode.REPLACE and last.accepted == 0)


def _refuse_waiting(source: Source) -> None:
    waiting = Run.objects.filter(source=source, status__in=OPEN).first()
    if waiting is not None:
        raise SourceWaits(source=source.id, found=waiting.id)


def _keep_validators(source: Source, found: Fetched) -> None:
    if found.etag or found.last_modified:
        Source.objects.filter(pk=source.pk).update(
            etag=found.etag, last_modified=found.last_modified
        )


def _note(source: Source, error: QiantangError | None, *, came: bool) -> None:
    """When the source was tried, with what outcome, and when it is tried again."""
    now = datetime.now(UTC)
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        row.last_tried_at = now
        row.failures = row.failures + 1 if error else 0
        # Files that were put away stay named until something comes.
        if error or came or (row.error or {}).get("code") != FilesPutAway.code:
            row.error = kept_problem(error) if error else None
        row.next_try = next_look(row, now, came=came, failures=row.failures)
        if came and row.kind != Kind.FOLDER:
            row.next_try = max(row.next_try, min(row.next_due, later(now, row.every)))
        row.save(update_fields=["last_tried_at", "failures", "error", "next_try"])
