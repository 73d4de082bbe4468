"""The room's reads: how tables are, what was done, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qiantang.engine.lake.errors import Damaged
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.upkeep import policy
from qiantang.rooms.upkeep.models import TendRun
from qiantang.rooms.upkeep.shapes import Due, RunView, TableHealth
from qiantang.rooms.upkeep.thresholds import (
    DEEP,
    MERGEABLE,
    SPARE_VERSIONS,
    SWEEP_EVERY,
    VERIFY_EVERY,
    ZONE_MINUTES,
    expiring,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Condition, Snapshot

AT_WORK = ("waiting", "running")
_OWN: Final = {"observations": Text(zh="已公布的观测值", en="Published observations")}
"""Tables that are no resource's."""


def health(actor: Actor) -> tuple[TableHealth, ...]:
    """Every table of the lake, also those that cannot be read. Raises `NotTender`."""
    policy.require_looker(actor)
    return tuple(map(_health_or_damage, shelf.lake().tables()))


def table_health(actor: Actor, table: str) -> TableHealth:
    """One table. Raises `NotTender`, `TableUnknown`."""
    policy.require_looker(actor)
    return _health(table)


def history(actor: Actor, table: str) -> list[Snapshot]:
    """The versions of a table that can be read, oldest first. Raises `NotTender`."""
    policy.require_looker(actor)
    return shelf.lake().snapshots(table)


def rows(actor: Actor, table: str, *, at: datetime | None = None) -> pa.RecordBatchReader:
    """Every row of a table, whoever it belongs to, in batches. Raises `NotTender`."""
    policy.require_tender(actor)
    return shelf.lake().reader(table, at=at)


def runs(actor: Actor, table: str | None = None, *, limit: int = 50) -> tuple[RunView, ...]:
    """What was done, newest first."""
    policy.require_looker(actor)
    rows = TendRun.objects.filter(policy.visible_to(actor))
    if table is not None:
        rows = rows.filter(table=table)
    return tuple(run_view(row) for row in rows[:limit])


def retention_of(table: str, noted: str) -> str:
    """What an administrator set, else what the resource declares, else nothing: for ever."""
    resource = shelf.resources().get(table)
    return noted or (resource.retention if resource and resource.retention else "")


def due(now: datetime | None = None) -> tuple[Due, ...]:
    """What tables need now, the urgent first: merging before cleaning before reading through.

    A table whose metadata is damaged is to be verified, which tells of it. Opens the newest
    manifests of every table, so it belongs into the background process.
    """
    lake, at = shelf.lake(), now or datetime.now(UTC)
    found: list[Due] = []
    for name in lake.tables():
        try:
            found += _due_of(lake.condition(name), lake.snapshots(name), at)
        except Damaged as error:
            found.append(Due(name, "verify", error.text()))
    order = {"compact": 0, "expire": 1, "sweep": 2, "verify": 3}
    return tuple(sorted(found, key=lambda d: (order[d.verb], d.table)))


def _due_of(condition: Condition, line: list[Snapshot], now: datetime) -> Iterator[Due]:
    table = condition.table
    if condition.mergeable >= MERGEABLE or (condition.depth > DEEP and condition.mergeable > 1):
        count = condition.mergeable
        yield Due(table, "compact", Text(f"{count} 个小文件", f"{count} small files"))
    spare = _spare(line, retention_of(table, condition.retention), now)
    if spare:
        yield Due(table, "expire", Text(f"{spare} 个版本可清理", f"{spare} versions to remove"))
    if condition.newest is None:
        return
    for verb, every in (("sweep", SWEEP_EVERY), ("verify", VERIFY_EVERY)):
        last = _last(table, verb)
        since = last.ended_at if last and last.ended_at else condition.oldest
        if since is not None and now - since > every:
            days = (now - since).days
            yield Due(table, verb, Text(f"已 {days} 天未做", f"not done for {days} days"))


def _spare(line: list[Snapshot], retention: str, now: datetime) -> int:
    """How many versions a clean-up would remove; 0 when too few to be worth it."""
    from qiantang.engine.lake.expiry import Keeping, released
    from qiantang.engine.lake.retention import since

    limit = since(now, retention)
    wanted = expiring(now, limit)
    keeping = Keeping(wanted.older_than, 1, wanted.daily_before, ZONE_MINUTES)
    going = released(line, keeping)
    past = limit is not None and bool(going) and going[0].committed_at < limit
    return len(going) if past or len(going) >= SPARE_VERSIONS else 0


def _health_or_damage(name: str) -> TableHealth:
    """One damaged table hides no other."""
    try:
        return _health(name)
    except Damaged as error:
        checked = _last(name, "verify")
        return TableHealth(
            table=name,
            name=_name_of(name),
            rows=0,
            files=0,
            bytes=0,
            snapshots=0,
            oldest=None,
            newest=None,
            retention=retention_of(name, ""),
            verified=checked,
            compacted=_last(name, "compact"),
            current=_current(name),
            problems=max(1, _grave(checked)),
            damage=error.text(),
        )


def _health(name: str) -> TableHealth:
    lake = shelf.lake()
    line = lake.snapshots(name)
    plan = lake.files(name)
    checked = _last(name, "verify")
    return TableHealth(
        table=name,
        name=_name_of(name),
        rows=line[-1].rows if line else 0,
        files=len(plan.paths),
        bytes=sum(_size(path) for path in plan.paths),
        snapshots=len(line),
        oldest=line[0].committed_at if line else None,
        newest=line[-1].committed_at if line else None,
        retention=retention_of(name, lake.retention(name)),
        verified=checked,
        compacted=_last(name, "compact"),
        current=_current(name),
        problems=_grave(checked),
    )


def _name_of(name: str) -> Text:
    resource = shelf.resources().get(name)
    return resource.name if resource else _OWN.get(name, Text(zh=name, en=name))


def _current(name: str) -> RunView | None:
    row = TendRun.objects.filter(table=name, outcome__in=AT_WORK).last()
    return run_view(row) if row else None


def _grave(checked: RunView | None) -> int:
    return int(checked.figures.get("grave", 0)) if checked else 0


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except FileNotFoundError:
        return 0


def _last(table: str, verb: str) -> RunView | None:
    """The newest run of a verb that came to its end."""
    ended = TendRun.objects.filter(table=table, verb=verb)
    row = ended.filter(outcome__in=("done", "nothing", "problems")).order_by("-ended_at").first()
    return run_view(row) if row else None


def run_view(row: TendRun) -> RunView:
    return RunView(
        id=row.pk,
        table=row.table,
        verb=row.verb,
        outcome=row.outcome,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        figures=row.figures,
        error=row.error,
    )
