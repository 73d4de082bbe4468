"""The lake table ``observations`` as the room uses it: every revision kept, the latest in force.

A small table is held in memory, one copy for each snapshot, so that reads cost nothing until
somebody publishes. Of a large one (more than `HELD_ROWS`) only what is asked for is read. Either
way another process sees a publication with its next read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from qiantang.engine.targets.rows import OBSERVATION_SCHEMA, to_table
from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators.conditions import among, filtered
from qiantang.rooms.indicators.held import Holding, Known, Recorded, indexed, known, recorded
from qiantang.rooms.indicators.sought import Sought
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Lake, Snapshot

__all__ = ["Holding", "Known", "Recorded"]
TABLE: Final = "observations"
HELD_ROWS: Final = 20_000
"""Up to so many revisions the whole table is held in memory."""

_CODES: Final = ("indicator", "division")

_ready: set[Path] = set()
_holdings: dict[Path, Holding] = {}
_soughts: dict[Path, Sought] = {}


def folder() -> Path:
    """Where the zone keeps its lake."""
    return Path(settings.QIANTANG_LAKE)


def lake() -> Lake:
    """The zone's lake."""
    return shelf.lake()


def exists() -> bool:
    """Whether anything was ever published."""
    return TABLE in lake().tables()


def snapshot() -> int | None:
    """The version of the table as it is now; None before the first publication."""
    now = _now()
    return now.id if now else None


def holding(
    indicators: Collection[str] | None = None, divisions: Collection[str] | None = None
) -> Holding:
    """The table as it is now, or a part of it.

    It has at least the figures that have, or once had, one of ``indicators`` in one of
    ``divisions`` (None: all), and may have others.
    """
    now = _now()
    if now is None:
        return Holding(snapshot=None)
    if _is_small(now):
        return _whole(now)
    return _sought().part(now.id, indicators, divisions)


def holding_of(ids: Collection[str]) -> Holding:
    """At least the figures with these ids, as they are now."""
    now = _now()
    if now is None:
        return Holding(snapshot=None)
    return _whole(now) if _is_small(now) else _sought().of(now.id, ids)


def page(filters: Mapping[str, str], *, limit: int, offset: int) -> tuple[list[Observation], int]:
    """Figures in force, filtered, newest period first, and how many there are in all."""
    now = _now()
    if now is None:
        return [], 0
    if not _is_small(now) and not filters.keys() >= set(_CODES):
        order = "o.period_end DESC, o.period_start DESC, o.id"
        where = filtered(filters)
        return _sought().in_force(now.id, where, order=order, limit=limit, offset=offset)
    indicators, divisions = ([filters[k]] if k in filters else None for k in _CODES)
    found = [o for o in holding(indicators, divisions).current if fits(o, filters)]
    found.sort(key=lambda o: o.id)
    found.sort(key=lambda o: (o.period.end, o.period.start), reverse=True)
    return found[offset : offset + limit], len(found)


def overview(division: str | None = None) -> Mapping[str, Known]:
    """What is known of each indicator that has figures, in one division or anywhere."""
    now = _now()
    if now is None:
        return {}
    if not _is_small(now):
        return _sought().overview(now.id, division)
    return known(o for o in _whole(now).current if division is None or o.division == division)


def places(indicator: str) -> dict[str, int]:
    """How many figures in force the indicator has in each division."""
    now = _now()
    if now is None:
        return {}
    if not _is_small(now):
        found = _sought().counts(now.id, ("division",), (indicator,))
        return {code: count for (code,), count in found.items()}
    return dict(Counter(o.division for o in _whole(now).current if o.indicator == indicator))


def tally(columns: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How many figures in force have each combination of values of the columns."""
    now = _now()
    if now is None:
        return {}
    if not _is_small(now):
        return _sought().counts(now.id, tuple(columns))
    rows = (o.written() for o in _whole(now).current)
    return dict(Counter(tuple(str(row[c]) for c in columns) for row in rows))


def standing(
    indicators: Collection[str],
    at: date | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Observation], int]:
    """Figures of ``indicators`` in force (at the end of day ``at``) by id, and how many in all."""
    now = _now()
    if now is None:
        return [], 0
    if not _is_small(now):
        where = among("indicator", indicators)
        return _sought().in_force(now.id, where, order="o.id", upto=at, limit=limit, offset=offset)
    held = _whole(now)
    found = held.current if at is None else held.standing_at(at)
    chosen = sorted((o for o in found if o.indicator in indicators), key=lambda o: o.id)
    end = None if limit is None else offset + limit
    return chosen[offset:end], len(chosen)


def standing_columns(
    indicators: Collection[str], names: Sequence[str], at: date | None = None
) -> pa.Table | None:
    """`standing` as columns of the table; None for a small table, which is held as figures."""
    now = _now()
    if now is None or _is_small(now):
        return None
    return _sought().columns(now.id, names, among("indicator", indicators), at)


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


def committed(key: str) -> bool:
    """Whether the append under ``key`` reached the lake, however long ago."""
    return exists() and lake().committed(TABLE, key) is not None


def stamped(observation: Observation, revision: int, now: datetime, withdrawn: bool) -> Observation:
    """The revision as it goes into the lake."""
    return replace(observation, revision=revision, recorded_at=now, withdrawn=withdrawn)


def forget() -> None:
    """Drop the in-process copies (a restored zone, a test's new lake)."""
    _ready.clear()
    _holdings.clear()
    _soughts.clear()


def _now() -> Snapshot | None:
    if folder() not in _holdings and folder() not in _soughts and not exists():
        return None
    return lake().current(TABLE)


def _is_small(now: Snapshot) -> bool:
    return now.rows <= HELD_ROWS


def _whole(now: Snapshot) -> Holding:
    """The whole table; read again only when its snapshot changed."""
    where = folder()
    kept = _holdings.get(where)
    if kept is None or kept.snapshot != now.id:
        kept = indexed(now.id, recorded(lake().read(TABLE, at=now.id)))
        _holdings[where] = kept
    return kept


def _sought() -> Sought:
    where = folder()
    found = _soughts.get(where)
    if found is None:
        _holdings.pop(where, None)
        found = _soughts.setdefault(where, Sought(lake(), TABLE))
    return found


def fits(o: Observation, filters: Mapping[str, str]) -> bool:
    """Whether a figure fits the filters of a list."""
    return all(_value(o, name) == value for name, value in filters.items())


def _value(o: Observation, name: str) -> str:
    match name:
        case "year":
            return str(o.period.year)
        case "period":
            return str(o.period)
        case "grade":
            return o.source.grade
        case "kind":
            return o.kind.value
        case _:
            return str(getattr(o, name))
