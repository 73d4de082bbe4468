"""Reads of a table of observations that is too large to hold: each asks the lake for its part.

The table is sorted by indicator, division and id, so that a part by indicator and division opens
few row groups. What is found is kept for the snapshot it was found in; the overview of indicators
is carried over to the next snapshot by looking only at the rows that came in between.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from qiantang.engine.targets.rows import from_table
from qiantang.kernel.observations import AIMS, Observation
from qiantang.rooms.indicators.corrections import Corrections
from qiantang.rooms.indicators.held import (
    WHOLE,
    Holding,
    Known,
    Recorded,
    end_of,
    indexed,
    recorded,
)

if TYPE_CHECKING:
    from qiantang.engine.lake import Lake

T = TypeVar("T")
KEPT_ROWS: Final = 50_000
"""Revisions that are kept in memory for the snapshot in which they were read."""
KEPT_ANSWERS: Final = 64
FEW_IDS: Final = 64
"""Up to so many ids are written into the condition, where they choose row groups by their range."""
CHUNK_IDS: Final = 20_000
TOUCHED: Final = 1000
"""Corrections that an overview is carried over; after more it is computed anew."""
_IN_FORCE: Final = """
    WITH later AS (
        SELECT id, max(revision) AS newest FROM o WHERE revision > 1 {upto} GROUP BY id
    )
    SELECT {shown} FROM o LEFT JOIN later ON o.id = later.id
    WHERE NOT withdrawn AND (newest IS NULL OR newest = revision) {upto} {more}
"""
_BEST: Final = f"""
    o.indicator AS indicator, count(*) AS figures,
    bool_or(o.division LIKE '%0000') AS province,
    bool_or(o.division LIKE '%00' AND o.division NOT LIKE '%0000') AS city,
    bool_or(o.division NOT LIKE '%00') AS county,
    arg_max(
        o, (o.period_kind IN ({", ".join(f"'{k}'" for k in WHOLE)}), o.period_end, o.id)
    ) FILTER (o.kind NOT IN ({", ".join(f"'{k}'" for k in sorted(AIMS))})) AS best
"""
_LEVELS: Final = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with what stands for its question marks."""

    sql: str = "true"
    params: tuple[object, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"{self.sql} AND {other.sql}", (*self.params, *other.params))


EVERYTHING: Final = Condition()


def among(column: str, values: Collection[object] | None) -> Condition:
    """``column`` is one of ``values``; None: whatever it is."""
    if values is None:
        return Condition()
    if not values:
        return Condition("false")
    if len(values) <= FEW_IDS:
        given = tuple(sorted(values, key=str))
        return Condition(f"o.{column} IN ({', '.join('?' * len(given))})", given)
    return Condition(f"o.{column} IN (SELECT unnest(?::VARCHAR[]))", (sorted(values, key=str),))


def filtered(filters: Mapping[str, str]) -> Condition:
    """The condition of a list's filters: columns of the table, or ``year`` of the period's end."""
    found = Condition()
    for name, value in filters.items():
        if name == "year":
            year = int(value)
            ends = (date(year, 1, 1), date(year, 12, 31))
            found &= Condition("o.period_end BETWEEN ? AND ?", ends)
        else:
            found &= Condition(f"o.{name} = ?", (value,))
    return found


class Sought:
    """One lake's table of observations, asked anew for each part; safe between threads."""

    def __init__(self, lake: Lake, table: str) -> None:
        self._lake = lake
        self._table = table
        self._lock = threading.Lock()
        self._corrections = Corrections()
        self._snapshot = 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._found: dict[str, tuple[Recorded, ...]] = {}
        self._overviews: OrderedDict[str | None, tuple[int, dict[str, Known]]] = OrderedDict()

    def part(
        self,
        snapshot: int,
        indicators: Collection[str] | None,
        divisions: Collection[str] | None,
    ) -> Holding:
        """The figures that have, or once had, one of ``indicators`` in one of ``divisions``."""
        key = ("part", _frozen(indicators), _frozen(divisions))
        kept: Holding | None = self._recall(snapshot, key)
        if kept is None:
            where = among("indicator", indicators) & among("division", divisions)
            mine = self._read(snapshot, where, indicators)
            kept = indexed(snapshot, self._complete(snapshot, mine))
            self._keep(snapshot, key, kept, len(kept.revisions))
        return kept

    def of(self, snapshot: int, ids: Collection[str]) -> Holding:
        """The figures with these ids."""
        wanted = set(ids)
        with self._lock:
            self._move_to(snapshot)
            known = {id: self._found[id] for id in wanted if id in self._found}
        missing = sorted(wanted - known.keys())
        rows = [row for found in known.values() for row in found]
        for start in range(0, len(missing), CHUNK_IDS):
            chunk = missing[start : start + CHUNK_IDS]
            rows += recorded(self._read(snapshot, among("id", chunk)))
        found = indexed(snapshot, rows)
        with self._lock:
            if self._snapshot == snapshot and len(self._found) + len(missing) <= KEPT_ROWS:
                self._found |= {id: found.revisions.get(id, ()) for id in missing}
        return found

    def in_force(
        self,
        snapshot: int,
        where: Condition,
        *,
        order: str,
        upto: date | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[list[Observation], int]:
        """A page of the figures in force (at the end of day ``upto``), and how many there are."""
        key = ("page", where, order, upto, limit, offset)
        kept: tuple[list[Observation], int] | None = self._recall(snapshot, key)
        if kept is None:
            total = self._count(snapshot, where, upto)
            more = f"AND {where.sql} ORDER BY {order}"
            more += "" if limit is None else f" LIMIT {limit} OFFSET {offset}"
            rows = self._standing(snapshot, "o.*", more, where.params, upto)
            kept = from_table(rows), total
            self._keep(snapshot, key, kept, rows.num_rows)
        return kept

    def columns(
        self, snapshot: int, names: Sequence[str], where: Condition, upto: date | None
    ) -> pa.Table:
        """Columns of the figures in force, by id."""
        shown = ", ".join(f"o.{name}" for name in names)
        more = f"AND {where.sql} ORDER BY o.id"
        return self._standing(snapshot, shown, more, where.params, upto)

    def overview(self, snapshot: int, division: str | None) -> Mapping[str, Known]:
        """What is known of each indicator, in one division or anywhere."""
        with self._lock:
            kept = self._overviews.get(division)
        if kept is not None and kept[0] == snapshot:
            return kept[1]
        touched = None if kept is None else self._touched(kept[0], snapshot)
        place = among("division", None if division is None else (division,))
        if kept is None or touched is None:
            fresh = self._overview(snapshot, place)
        else:
            stays = {name: k for name, k in kept[1].items() if name not in touched}
            fresh = stays | self._overview(snapshot, place & among("indicator", touched))
        with self._lock:
            self._overviews[division] = snapshot, fresh
            self._overviews.move_to_end(division)
            while len(self._overviews) > KEPT_ANSWERS:
                self._overviews.popitem(last=False)
        return fresh

    def counts(
        self, snapshot: int, columns: tuple[str, ...], where: Condition = EVERYTHING
    ) -> dict[tuple[str, ...], int]:
        """How many figures in force have each combination of values of the columns of text."""
        key = ("counts", columns, where)
        kept: dict[tuple[str, ...], int] | None = self._recall(snapshot, key)
        if kept is None:
            shown = ", ".join(f"o.{column} AS {column}" for column in columns)
            more = f"AND {where.sql} GROUP BY ALL"
            rows = self._standing(snapshot, f"{shown}, count(*) AS n", more, where.params)
            named = [rows.column(n).to_pylist() for n in range(len(columns))]
            counted = rows.column("n").to_pylist()
            kept = {key[:-1]: key[-1] for key in zip(*named, counted, strict=True)}
            self._keep(snapshot, key, kept, len(kept))
        return kept

    def _overview(self, snapshot: int, where: Condition) -> dict[str, Known]:
        more = f"AND {where.sql} GROUP BY ALL"
        rows = self._standing(snapshot, _BEST, more, where.params).to_pylist()
        best = [row["best"] for row in rows if row["best"] is not None]
        schema = self._lake.schema(self._table)
        latest = {o.indicator: o for o in from_table(pa.Table.from_pylist(best, schema=schema))}
        return {
            row["indicator"]: Known(
                latest.get(row["indicator"]),
                row["figures"],
                frozenset(level for level in _LEVELS if row[level]),
            )
            for row in rows
        }

    def _touched(self, since: int, now: int) -> frozenset[str] | None:
        """Indicators whose figures changed between two snapshots; None: too many to tell."""
        columns = ("id", "indicator", "revision")
        rows = self._lake.appended(self._table, since, columns=columns, at=now)
        if rows is None:
            return None
        again = rows.filter(pc.greater(rows.column("revision"), 1)).column("id").unique()
        if len(again) > TOUCHED:
            return None
        before = self.of(now, again.to_pylist()).revisions.values()
        moved = {r.observation.indicator for found in before for r in found}
        return frozenset(rows.column("indicator").unique().to_pylist()) | moved

    def _complete(self, snapshot: int, mine: pa.Table) -> list[Recorded]:
        """``mine`` with the revisions of the same ids that stand under other codes.

        A figure whose revisions are not all there has or had other codes, and is read whole.
        """
        rows = recorded(mine)
        count = Counter(row.observation.id for row in rows)
        newest = self._corrections.known(self._lake, self._table, snapshot)
        gaps = {id for id, n in count.items() if n != newest.get(id, 1)}
        if not gaps:
            return rows
        whole = self.of(snapshot, gaps).revisions.values()
        return [r for r in rows if r.observation.id not in gaps] + [r for w in whole for r in w]

    def _count(self, snapshot: int, where: Condition, upto: date | None) -> int:
        key = ("count", where, upto)
        kept: int | None = self._recall(snapshot, key)
        if kept is None:
            more = f"AND {where.sql}"
            rows = self._standing(snapshot, "count(*) AS n", more, where.params, upto)
            kept = int(rows.column("n")[0].as_py())
            self._keep(snapshot, key, kept, 1)
        return kept

    def _standing(
        self,
        snapshot: int,
        shown: str,
        more: str,
        params: Iterable[object],
        upto: date | None = None,
    ) -> pa.Table:
        ends = () if upto is None else (end_of(upto),)
        clause = "" if upto is None else "AND recorded_at <= ?"
        sql = _IN_FORCE.format(shown=shown, upto=clause, more=more)
        given = [*ends, *ends, *params]
        return self._lake.query(sql, {"o": self._table}, params=given, at=snapshot)

    def _read(
        self, snapshot: int, where: Condition, indicators: Collection[str] | None = None
    ) -> pa.Table:
        sql = f"SELECT o.* FROM o WHERE {where.sql}"  # noqa: S608 - names are the table's own
        tables = {"o": self._table}
        rows = self._lake.query(sql, tables, params=where.params, at=snapshot, keys=indicators)
        return rows.cast(self._lake.schema(self._table))

    def _recall(self, snapshot: int, key: Hashable) -> Any:
        with self._lock:
            self._move_to(snapshot)
            found = self._kept.get(key) if self._snapshot == snapshot else None
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, snapshot: int, key: Hashable, value: object, size: int) -> None:
        if size > KEPT_ROWS:
            return
        with self._lock:
            if self._snapshot != snapshot:
                return
            self._kept[key], self._sizes[key] = value, size
            while len(self._kept) > KEPT_ANSWERS or sum(self._sizes.values()) > KEPT_ROWS:
                old, _ = self._kept.popitem(last=False)
                self._sizes.pop(old, None)

    def _move_to(self, snapshot: int) -> None:
        """What was found in another snapshot is let go; called with the lock held."""
        if self._snapshot != snapshot:
            self._snapshot = snapshot
            self._kept.clear()
            self._sizes.clear()
            self._found.clear()


def _frozen(values: Collection[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
