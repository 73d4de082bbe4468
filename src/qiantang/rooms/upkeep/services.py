"""The room's verbs: tend tables now or in the background, say how long versions stay."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.workers import Workers
from qiantang.rooms.upkeep import policy, tending
from qiantang.rooms.upkeep.errors import AlreadyTending, BrokenOff, VerbUnknown
from qiantang.rooms.upkeep.events import TableDamaged
from qiantang.rooms.upkeep.models import TendRun
from qiantang.rooms.upkeep.selectors import AT_WORK, due, run_view
from qiantang.rooms.upkeep.shapes import VERBS, RunView

EVERY_SECONDS: Final = 3600.0
ARGUMENT: Final = "upkeep"
Told = Callable[[RunView], None]
_WORKERS: Final = Workers(ARGUMENT)


def tend(
    actor: Actor,
    table: str | None = None,
    verbs: Sequence[str] | None = None,
    *,
    told: Told = lambda run: None,
) -> tuple[RunView, ...]:
    """Carry out ``verbs`` on a table, on every table without one; without verbs, what is due.

    A verb that fails is recorded with its error and the next one follows. ``told`` hears of each
    run when it begins and when it ends. Raises `NotTender`, `VerbUnknown`, `TableUnknown`,
    `AlreadyTending`.
    """
    policy.require_tender(actor)
    for verb in verbs or ():
        _known(verb)
    names = [table] if table is not None else shelf.lake().tables()
    if table is not None:
        shelf.lake().schema(table)
    with tending.alone():
        _mark_broken_off()
        if verbs is None:
            wanted = [(d.table, d.verb) for d in due() if d.table in names]
        else:
            wanted = [(name, verb) for name in names for verb in verbs]
        return tuple(_done(actor, name, verb, told) for name, verb in wanted)


@transaction.atomic
def ask(actor: Actor, table: str, verb: str) -> RunView:
    """Leave ``verb`` for the background process and start it; asking twice asks once.

    Raises `NotTender`, `VerbUnknown`, `TableUnknown`.
    """
    policy.require_tender(actor)
    _known(verb)
    shelf.lake().schema(table)
    known = TendRun.objects.filter(table=table, verb=verb, outcome="waiting").first()
    if known is not None:
        return run_view(known)
    row = TendRun.objects.create(
        table=table, verb=verb, outcome="waiting", asked_by=actor.key, asked_at=datetime.now(UTC)
    )
    record(actor, "upkeep.asked", f"table:{table}", {"verb": verb})
    transaction.on_commit(lambda: wake() and None)
    return run_view(row)


@transaction.atomic
def set_keeping(actor: Actor, table: str, retention: str) -> None:
    """For how long earlier versions stay readable (``P3Y``); empty: as the resource declares.

    Raises `NotTender`, `RetentionInvalid`, `TableUnknown`.
    """
    policy.require_tender(actor)
    before = shelf.lake().retention(table)
    shelf.lake().keep_for(table, retention.strip())
    detail = {"retention": retention.strip(), "before": before}
    record(actor, "upkeep.keeping_set", f"table:{table}", detail)


def work(told: Told = lambda run: None) -> int:
    """In the background process: what was asked for, then what is due; how many runs.

    None when somebody else is tending: they look for what was asked for before they end.
    """
    done = 0
    try:
        with tending.alone():
            _mark_broken_off()
            while (row := TendRun.objects.filter(outcome="waiting").last()) is not None:
                _carry_out(SYSTEM, row, told)
                done += 1
            for need in due():
                _done(SYSTEM, need.table, need.verb, told)
                done += 1
    except AlreadyTending:
        return done
    return done


def wake() -> bool:
    """Start the background process where there is work for it; whether it was started.

    There is when somebody asked for something, and once an hour. Reads no table.
    """
    return _WORKERS.may_start() and _is_time() and _WORKERS.start()


def _is_time() -> bool:
    if TendRun.objects.filter(outcome="waiting").exists():
        return True
    try:
        last = tending.lock_file().stat().st_mtime
    except FileNotFoundError:
        last = 0.0
    return time.time() - last > EVERY_SECONDS and bool(shelf.lake().tables())


def _known(verb: str) -> None:
    if verb not in VERBS:
        raise VerbUnknown(found=verb, expected=", ".join(VERBS))


def _mark_broken_off() -> None:
    """Whoever holds the lock is alone: a run that is said to be under way is not."""
    error = {**BrokenOff().problem("zh")}
    rows = TendRun.objects.filter(outcome="running")
    rows.update(outcome="failed", ended_at=datetime.now(UTC), error=error)


def _done(actor: Actor, table: str, verb: str, told: Told) -> RunView:
    waiting = TendRun.objects.filter(table=table, verb=verb, outcome="waiting").first()
    row = waiting or TendRun(
        table=table, verb=verb, asked_by=actor.key, asked_at=datetime.now(UTC), outcome="running"
    )
    return _carry_out(actor, row, told)


def _carry_out(actor: Actor, row: TendRun, told: Told) -> RunView:
    row.outcome, row.started_at = "running", datetime.now(UTC)
    row.save()
    told(run_view(row))
    figures: Any = {}
    error: dict[str, Any] | None = None
    try:
        outcome, figures = tending.carry_out(row.table, row.verb)
    except QiantangError as wrong:
        outcome, error = "failed", wrong.problem("zh")
    with transaction.atomic():
        row.outcome, row.figures, row.error = outcome, figures, error
        row.ended_at = datetime.now(UTC)
        row.save()
        if outcome != "nothing":
            plain = {k: v for k, v in figures.items() if k != "problems"}
            detail = {"outcome": outcome, **plain}
            record(actor, f"upkeep.{_PAST[row.verb]}", f"table:{row.table}", detail)
        if outcome == "problems":
            emit(TableDamaged(row.table, int(figures["grave"])))
    told(run_view(row))
    return run_view(row)


_PAST: Final = {
    "compact": "compacted",
    "expire": "expired",
    "sweep": "swept",
    "verify": "verified",
}
__all__ = ["ARGUMENT", "AT_WORK", "ask", "set_keeping", "tend", "wake", "work"]
