"""Revisions of figures in memory, indexed: what stands, what stood, what was known on a day.

A `Holding` may be of the whole table or of a part; of every id it has, it has all revisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from qiantang.engine.targets.rows import from_table
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import PeriodKind

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE: Final = (PeriodKind.YEAR, PeriodKind.MOMENT)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An observation's revision with what the lake adds: who recorded it, by which submission."""

    observation: Observation
    recorded_by: str
    submission: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one indicator: its latest result, how many figures, at which levels."""

    latest: Observation | None
    count: int
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holding:
    """Figures of the table at one snapshot, with all revisions of each."""

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
        end = end_of(day)
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

    def in_force_at(self, day: date) -> tuple[Observation, ...]:
        """`known_at` without what was withdrawn and what nobody could know by ``day``."""
        return tuple(o for o in self.known_at(day) if not o.withdrawn and o.known_on <= day)


def end_of(day: date) -> datetime:
    """The last moment of a day in the zone's own time."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


def recorded(rows: pa.Table) -> list[Recorded]:
    """The rows of the lake's table."""
    return [
        Recorded(observation, by or "", submission or "")
        for observation, by, submission in zip(
            from_table(rows),
            rows.column("recorded_by").to_pylist(),
            rows.column("submission").to_pylist(),
            strict=True,
        )
    ]


def indexed(snapshot: int | None, rows: Iterable[Recorded]) -> Holding:
    """``rows`` indexed; all revisions of an id are expected among them, in any order."""
    ordered = sorted(rows, key=lambda r: (r.observation.id, r.observation.revision))
    grouped: dict[str, list[Recorded]] = {}
    for row in ordered:
        grouped.setdefault(row.observation.id, []).append(row)
    latest = tuple(found[-1].observation for found in grouped.values())
    return Holding(
        snapshot=snapshot,
        revisions={name: tuple(found) for name, found in grouped.items()},
        latest=latest,
        current=tuple(o for o in latest if not o.withdrawn),
    )


def known(figures: Iterable[Observation]) -> dict[str, Known]:
    """What figures in force say of each indicator that has any."""
    grouped: dict[str, list[Observation]] = {}
    for o in figures:
        grouped.setdefault(o.indicator, []).append(o)
    return {
        indicator: Known(
            latest_result(found), len(found), frozenset(division_level(o.division) for o in found)
        )
        for indicator, found in grouped.items()
    }


def latest_result(found: Iterable[Observation]) -> Observation | None:
    """The latest result: full years and moments before parts of years, aims never."""
    results = [o for o in found if o.kind not in AIMS]
    whole = [o for o in results if o.period.kind in WHOLE]
    return max(whole or results, key=lambda o: (o.period.end, o.id), default=None)


def _as_known(revisions: Sequence[Observation], day: date) -> Observation:
    """Revisions recorded by ``day`` come first; a zone younger than ``day`` goes by publication."""
    end = end_of(day)
    recorded = [o for o in revisions if o.recorded_at is not None and o.recorded_at <= end]
    candidates = recorded or revisions
    return next((o for o in reversed(candidates) if o.known_on <= day), candidates[-1])
