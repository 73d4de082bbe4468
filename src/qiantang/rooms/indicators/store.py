"""The lake table ``observations`` as the room uses it: every revision kept, the latest in force.

One in-process copy is kept per snapshot of the table, so that reads cost nothing until somebody
publishes; another process sees a publication with its next read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from qiantang.engine.targets.rows import OBSERVATION_SCHEMA, from_table, to_table
from qiantang.kernel.observations import Observation
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Lake, Snapshot

TABLE: Final = "observations"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An observation's revision with what the lake adds: who recorded it, by which submission."""

    observation: Observation
    recorded_by: str
    submission: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything in the table at one snapshot, indexed."""

    snapshot: int | None
    revisions: Mapping[str, tuple[Recorded, ...]] = field(default_factory=dict)
    latest: tuple[Observation, ...] = ()
    """Latest revision of every id, withdrawn ones included."""
    current: tuple[Observation, ...] = ()
    """Latest revision of every id without withdrawn ones."""

    def find(self, id: str) -> Recorded | None:
        """The latest revision of ``id``, withdrawn or not."""
        rows = self.revisions.get(id)
        return rows[-1] if rows else None

    def standing_at(self, day: date) -> tuple[Observation, ...]:
        """The figures that this zone had in force at the end of ``day``."""
        end = datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
        known = (
            [o for r in rows if (o := r.observation).recorded_at and o.recorded_at <= end]
            for rows in self.revisions.values()
        )
        return tuple(found[-1] for found in known if found and not found[-1].withdrawn)

    def known_at(self, day: date) -> tuple[Observation, ...]:
        """For every id the revision that a judge would have had before him on ``day``."""
        return tuple(
            _as_known([r.observation for r in rows], day) for rows in self.revisions.values()
        )


_ready: set[Path] = set()
_holdings: dict[Path, Holding] = {}


def folder() -> Path:
    """Where the zone keeps its lake."""
    return Path(settings.QIANTANG_LAKE)


def lake() -> Lake:
    """The zone's lake."""
    return shelf.lake()


def exists() -> bool:
    """Whether anything was ever published."""
    return TABLE in lake().tables()


def holding() -> Holding:
    """The table as it is now; read again only when its snapshot changed."""
    where, table = folder(), lake()
    known = _holdings.get(where)
    if known is None and not exists():
        return Holding(snapshot=None)
    now = table.current(TABLE)
    if known is not None and known.snapshot == (now.id if now else None):
        return known
    fresh = _read(table, now)
    _holdings[where] = fresh
    return fresh


def append(
    observations: Sequence[Observation], *, key: str, recorded_by: str, note: Mapping[str, str]
) -> Snapshot:
    """Write revisions under an idempotency key: a key already committed writes nothing."""
    table = lake()
    if folder() not in _ready or not exists():
        table.ensure(TABLE, OBSERVATION_SCHEMA, sort_by=("indicator", "division", "id"))
        _ready.add(folder())
    rows = to_table(list(observations), submission=key, recorded_by=recorded_by)
    return table.append(TABLE, rows, key=key, note=dict(note))


def committed_keys() -> frozenset[str]:
    """Keys of every append that reached the lake."""
    if not exists():
        return frozenset()
    return frozenset(s.key for s in lake().snapshots(TABLE) if s.key)


def stamped(observation: Observation, revision: int, now: datetime, withdrawn: bool) -> Observation:
    """The revision as it goes into the lake."""
    return replace(observation, revision=revision, recorded_at=now, withdrawn=withdrawn)


def forget() -> None:
    """Drop the in-process copies (a restored zone, a test's new lake)."""
    _ready.clear()
    _holdings.clear()


def _read(table: Lake, now: Snapshot | None) -> Holding:
    if now is None:
        return Holding(snapshot=None)
    rows: pa.Table = table.read(TABLE, at=now.id)
    recorded = [
        Recorded(observation, by or "", submission or "")
        for observation, by, submission in zip(
            from_table(rows),
            rows.column("recorded_by").to_pylist(),
            rows.column("submission").to_pylist(),
            strict=True,
        )
    ]
    recorded.sort(key=lambda r: (r.observation.id, r.observation.revision))
    grouped: dict[str, list[Recorded]] = {}
    for row in recorded:
        grouped.setdefault(row.observation.id, []).append(row)
    latest = tuple(rows[-1].observation for rows in grouped.values())
    return Holding(
        snapshot=now.id,
        revisions={name: tuple(rows) for name, rows in grouped.items()},
        latest=latest,
        current=tuple(o for o in latest if not o.withdrawn),
    )


def _as_known(revisions: Sequence[Observation], day: date) -> Observation:
    """Revisions recorded by ``day`` come first; a zone younger than ``day`` goes by publication."""
    end = datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
    recorded = [o for o in revisions if o.recorded_at is not None and o.recorded_at <= end]
    candidates = recorded or revisions
    return next((o for o in reversed(candidates) if o.known_on <= day), candidates[-1])
