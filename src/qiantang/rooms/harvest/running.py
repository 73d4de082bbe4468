"""One run through an upstream: page by page, each page with its place in one transaction.

Whoever is killed loses at most the page at hand; the next run goes on at the page that is kept in
the run's cursor, and taking the same page twice changes nothing. Only a run that went through all
pages knows what is gone upstream; if that is much, it stops and asks.

Pages that are numbered move together when an entry before them goes, so that the next one is met on
none: what a run through several such pages did not meet is looked for once more before it counts as
gone. Instances of ours go on after an entry, where nothing moves.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.rooms.harvest import policy
from qiantang.rooms.harvest.errors import (
    HarvestBusy,
    NothingToConfirm,
    NotKeeper,
    PagesGoRound,
    UpstreamAnswersWrong,
    UpstreamIsHere,
)
from qiantang.rooms.harvest.events import HarvestStopped, UpstreamHarvested
from qiantang.rooms.harvest.fetching import Fetcher, Page, host_of
from qiantang.rooms.harvest.kinds import first_address, read_page
from qiantang.rooms.harvest.models import HarvestRun, Upstream
from qiantang.rooms.harvest.selectors import RunView, due, instance, run_view, visible_upstream
from qiantang.rooms.harvest.taking import (
    Source,
    gone_identifiers,
    known,
    note_missed,
    take_page,
    withdraw,
)
from qiantang.rooms.journal.services import emit, record
from qiantang.standards.entries import ReadPage

State = HarvestRun.State
_ABANDONED: Final = Text(
    "进程中断，由下一次汇聚重新开始。", "Its process was killed; the next run began anew."
)
Progress = Callable[[RunView, int | None], None]
_SILENT: Final = timedelta(minutes=5)
"""A worker on another machine that has kept no page for so long is taken for dead."""
_OLD: Final = timedelta(days=2)
"""After so long an unfinished run is not continued: begin again."""
GONE_SHARE: Final = 0.2
MISSING: Final = "missing"
"""Counted with a run: what it did not meet and the next one looks for again."""
GONE_ALWAYS: Final = 5
"""Up to so many withdrawals never ask; above, no more than this share of what was known."""


def harvest(
    actor: Actor,
    upstream: str,
    *,
    progress: Progress = lambda _run, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunView:
    """Go through an upstream's pages, continuing a run that was interrupted.

    What stops it is kept with the run (state ``failed``) and raised: `UpstreamAway`,
    `UpstreamAnswersWrong`, `AddressForbidden`, `PageTooLarge`, `UpstreamIsHere`, `PagesGoRound`,
    the codecs' errors. Raises `UpstreamUnknown`, `NotKeeper`, `HarvestBusy` before it begins.
    """
    row = visible_upstream(actor, upstream)
    if not policy.keeps(actor, row.owner_path):
        raise NotKeeper(found=upstream)
    run = _gone_through(actor, row, progress, cancelled)
    if run.counts.get(MISSING) and not cancelled():
        run = _gone_through(actor, row, progress, cancelled)
    return run_view(run)


def _gone_through(
    actor: Actor, row: Upstream, progress: Progress, cancelled: Callable[[], bool]
) -> HarvestRun:
    run = _begun(row)
    try:
        with Fetcher(inside=host_of(row.address) if row.private else "") as fetcher:
            _Passage(actor, row, run, fetcher, progress).go(cancelled)
    except QiantangError as error:
        _failed(run, error)
        text = error.text()
        Upstream.objects.filter(pk=row.pk).update(error_zh=text.zh, error_en=text.en)
        raise
    run.refresh_from_db()
    return run


def harvest_due(actor: Actor) -> tuple[RunView, ...]:
    """Harvest every upstream whose turn has come; one that fails stops no other."""
    done = []
    for each in due(actor):
        try:
            done.append(harvest(actor, each.id))
        except QiantangError:
            row = HarvestRun.objects.filter(upstream=each.id).first()
            done += [run_view(row)] if row else []
    return tuple(done)


def confirm_withdrawals(actor: Actor, upstream: str) -> RunView:
    """Withdraw what the latest run found gone and did not dare to withdraw by itself.

    Raises `UpstreamUnknown`, `NotKeeper`, `NothingToConfirm`."""
    row = visible_upstream(actor, upstream)
    if not policy.keeps(actor, row.owner_path):
        raise NotKeeper(found=upstream)
    with transaction.atomic():
        run = row.runs.select_for_update().order_by("-pk").first()
        if run is None or run.state != State.STOPPED:
            raise NothingToConfirm(found=upstream)
        _finish(actor, row, run)
    return run_view(run)


def _begun(upstream: Upstream) -> HarvestRun:
    """The run to continue, or a new one; ours from now on. Raises `HarvestBusy`."""
    now = datetime.now(UTC)
    with transaction.atomic():
        Upstream.objects.select_for_update().get(pk=upstream.pk)
        last = upstream.runs.order_by("-pk").first()
        if last is not None and last.state == State.RUNNING and _alive(last, now):
            raise HarvestBusy(found=upstream.pk)
        unfinished = last is not None and last.state in {State.RUNNING, State.FAILED}
        if last is None or not unfinished or not last.cursor or last.started_at < now - _OLD:
            last = HarvestRun(upstream=upstream, started_at=now)
        last.state, last.worker, last.beat_at = State.RUNNING, _worker(), now
        last.error = last.error_zh = last.error_en = ""
        last.save()
        _end_abandoned(upstream, last, now)
        Upstream.objects.filter(pk=upstream.pk).update(
            tried_at=now, failures=F("failures") + 1, error_zh="", error_en=""
        )
    return last


def _end_abandoned(upstream: Upstream, run: HarvestRun, now: datetime) -> None:
    """Mark what was killed and is not continued as ended: another run takes its place."""
    text = _ABANDONED
    upstream.runs.filter(state=State.RUNNING).exclude(pk=run.pk).update(
        state=State.FAILED,
        error="harvest.abandoned",
        error_zh=text.zh,
        error_en=text.en,
        cursor="",
        finished_at=now,
    )


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _alive(run: HarvestRun, now: datetime) -> bool:
    host, _, number = run.worker.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return run.beat_at > now - _SILENT
    if int(number) == os.getpid():
        return run.beat_at > now - _SILENT
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return run.beat_at > now - _SILENT


@dataclass(slots=True)
class _Passage:
    """The way through the pages; the next one is fetched while this one is stored."""

    actor: Actor
    upstream: Upstream
    run: HarvestRun
    fetcher: Fetcher
    progress: Progress

    def go(self, cancelled: Callable[[], bool]) -> None:
        kind = self.upstream.kind
        fresh = not self.run.cursor
        address = self.run.cursor or first_address(kind, self.upstream.address)
        seen: set[str] = set()
        with ThreadPoolExecutor(1) as pool:
            coming: Future[Page] = pool.submit(
                self.fetcher.page, address, self.upstream.etag if fresh else ""
            )
            while True:
                page = coming.result()
                if page.unchanged:
                    _unchanged(self.actor, self.upstream, self.run)
                    return
                read = read_page(kind, page)
                self._check(read, page, seen)
                if read.next and not cancelled():
                    coming = pool.submit(self.fetcher.page, read.next)
                with transaction.atomic():
                    # Killed between the two, a run would have no place to go on from.
                    self._keep(read, page)
                    if not read.next:
                        certain = self.run.pages == 1 or bool(
                            read.catalogue and read.catalogue.instance
                        )
                        _complete(self.actor, self.upstream, self.run, certain=certain)
                self.progress(run_view(self.run), read.total)
                if not read.next:
                    return
                if cancelled():
                    _pause(self.run)
                    return

    def _check(self, read: ReadPage, page: Page, seen: set[str]) -> None:
        if read.catalogue is None and not read.entries:
            raise UpstreamAnswersWrong(found=page.address, cause="no dcat:Catalog")
        if read.catalogue and read.catalogue.instance == instance():
            raise UpstreamIsHere(found=page.address)
        if read.next in seen or read.next == page.address:
            raise PagesGoRound(found=read.next)
        seen.add(page.address)

    def _keep(self, read: ReadPage, page: Page) -> None:
        """A page's entries and the place of the next one, together or not at all."""
        run = self.run
        source = Source.of(self.upstream, read.catalogue)
        if not run.pages and source.instance:
            # Only one of ours promises that its first page's ETag speaks for the whole.
            run.etag = page.etag
        with transaction.atomic():
            taken = take_page(self.actor, source, run, read)
            run.pages += 1
            run.seen += len(read.entries)
            for outcome, number in taken.counts.items():
                run.counts[outcome] = run.counts.get(outcome, 0) + number
            run.problems = [*run.problems, *taken.problems][:100]
            run.cursor = read.next
            run.beat_at = datetime.now(UTC)
            run.save()


def _complete(actor: Actor, upstream: Upstream, run: HarvestRun, *, certain: bool) -> None:
    """All pages are through: withdraw what is gone, or stop and ask when it is much. ``certain``:
    what was not met is gone; else only what the run before did not meet, either."""
    with transaction.atomic():
        missing = note_missed(upstream, run, certain=certain)
        if missing:
            run.counts[MISSING] = missing
        gone, all_known = len(gone_identifiers(upstream, run)), known(upstream)
        run.gone = gone
        if gone > GONE_ALWAYS and gone > GONE_SHARE * all_known:
            run.state, run.finished_at = State.STOPPED, datetime.now(UTC)
            run.save()
            Upstream.objects.filter(pk=upstream.pk).update(failures=0)
            detail = {"gone": gone, "known": all_known}
            record(actor, "harvest.stopped", f"upstream:{upstream.pk}", detail)
            emit(HarvestStopped(upstream.pk, run.pk, gone, all_known))
            return
        _finish(actor, upstream, run)


def _finish(actor: Actor, upstream: Upstream, run: HarvestRun) -> None:
    gone = gone_identifiers(upstream, run)
    run.gone = len(gone)
    told = run.counts.get("withdrawn", 0)
    run.counts["withdrawn"] = told + withdraw(actor, upstream, gone)
    _close(upstream, run)
    record(actor, "harvest.harvested", f"upstream:{upstream.pk}", {**run.counts, "seen": run.seen})
    changed = run.counts.get("new", 0) + run.counts.get("changed", 0)
    emit(UpstreamHarvested(upstream.pk, run.pk, run.seen, changed, run.counts["withdrawn"]))


@transaction.atomic
def _unchanged(actor: Actor, upstream: Upstream, run: HarvestRun) -> None:
    run.etag = upstream.etag
    _close(upstream, run)
    record(actor, "harvest.unchanged", f"upstream:{upstream.pk}")


def _close(upstream: Upstream, run: HarvestRun) -> None:
    now = datetime.now(UTC)
    run.state, run.finished_at, run.cursor = State.DONE, now, ""
    run.save()
    upstream.etag, upstream.harvested_at, upstream.failures = run.etag, now, 0
    upstream.save(update_fields=["etag", "harvested_at", "instance", "failures"])


def _failed(run: HarvestRun, error: QiantangError) -> None:
    """Kept with its place, so that the next run goes on there; where the place itself is wrong, a
    new run begins at the first page."""
    text = error.text()
    HarvestRun.objects.filter(pk=run.pk).update(
        state=State.FAILED,
        error=error.code,
        error_zh=text.zh,
        error_en=text.en,
        finished_at=datetime.now(UTC),
        **({} if error.transient else {"cursor": ""}),
    )


def _pause(run: HarvestRun) -> None:
    run.state, run.finished_at = State.FAILED, datetime.now(UTC)
    run.error, run.error_zh, run.error_en = "harvest.cancelled", "已取消。", "Cancelled."
    run.save()
    Upstream.objects.filter(pk=run.upstream_id).update(failures=0)
