"""Reads of a table of observations that is too large to hold: each asks the lake for its part.

The table is sorted by indicator, division and id, so that a part by indicator and division opens
few row groups. What is found is kept for the snapshot it was found in; what was read of single
indicators, and the overview of all, are carried over to the next snapshot by looking only at the
rows that came in between.
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
from qiantang.rooms.indicators.conditions import Condition, among
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
KEPT_ANSWERS: Final = 512
CHUNK_IDS: Final = 20_000
TOUCHED: Final = 1000
"""Corrections over which answers are carried to the next snapshot; after more all are read anew."""
_PART: Final = "part"
_IN_FORCE: Final = """
    WITH later AS (
        SELECT id, max(revision) AS newest FROM o WHERE revision > 1 {upto} GROUP BY id
    )
    SELECT {shown} FROM o LEFT JOIN later ON o.id = later.id
    WHERE NOT withdrawn AND (newest IS NULL OR newest = revision) {upto} {more}
"""
_IN_FORCE_OF: Final = """
    WITH later AS (SELECT unnest(?::VARCHAR[]) AS id, unnest(?::INTEGER[]) AS newest)
    SELECT {shown} FROM o LEFT JOIN later ON o.id = later.id
    WHERE NOT withdrawn AND (newest IS NULL OR newest = revision) {more}
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
class _Changed:
    """Figures that got a revision, and the indicators that they have or had."""

    ids: frozenset[str]
    indicators: frozenset[str]


class Sought:
    """One lake's table of observations, asked anew for each part; safe between threads."""

    def __init__(self, lake: Lake, table: str) -> None:
        self._lake = lake
        self._table = table
        self._lock = threading.Lock()
        self._corrections = Corrections()
        self._snapshot = 0
        self._kept: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        self._sizes: dict[tuple[Hashable, ...], int] = {}
        self._found: dict[str, tuple[Recorded, ...]] = {}
        self._overviews: OrderedDict[str | None, tuple[int, dict[str, Known]]] = OrderedDict()

    def part(
        self,
        snapshot: int,
        indicators: Collection[str] | None,
        divisions: Collection[str] | None,
    ) -> Holding:
        """The figures that have, or once had, one of ``indicators`` in one of ``divisions``."""
        self._move_to(snapshot)
        wanted, places = _frozen(indicators), _frozen(divisions)
        key = ("union", wanted, places)
        kept: Holding | None = self._recall(snapshot, key)
        if kept is None:
            rows = self._rows(snapshot, wanted, places)
            kept = indexed(snapshot, (r for found in rows.values() for r in found))
            self._keep(snapshot, key, kept, len(rows))
        return kept

    def _rows(
        self, snapshot: int, indicators: frozenset[str] | None, divisions: frozenset[str] | None
    ) -> dict[str, tuple[Recorded, ...]]:
        """All revisions by id. What was read of one indicator is kept until it changes."""
        if indicators is None:
            where = among("division", divisions)
            return _by_id(self._complete(snapshot, self._read(snapshot, where)))
        found: dict[str, tuple[Recorded, ...]] = {}
        missing = set()
        for name in indicators:
            kept: dict[str, tuple[Recorded, ...]] | None = self._recall(
                snapshot, (_PART, name, divisions)
            )
            if kept is None:
                missing.add(name)
            else:
                found |= kept
        if missing:
            where = among("indicator", missing) & among("division", divisions)
            read = _by_id(self._complete(snapshot, self._read(snapshot, where, missing)))
            for name, own in _by_indicator(read, missing, divisions).items():
                self._keep(snapshot, (_PART, name, divisions), own, len(own))
            found |= read
        return found

    def of(self, snapshot: int, ids: Collection[str]) -> Holding:
        """The figures with these ids."""
        self._move_to(snapshot)
        wanted = set(ids)
        with self._lock:
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
        changed = None if kept is None else self._changed(kept[0], snapshot)
        place = among("division", None if division is None else (division,))
        if kept is None or changed is None:
            fresh = self._overview(snapshot, place)
        else:
            touched = changed.indicators
            stays = {name: k for name, k in kept[1].items() if name not in touched}
            where = place & among("indicator", touched)
            fresh = stays | self._overview(snapshot, where, touched)
        with self._lock:
            self._overviews[division] = snapshot, fresh
            self._overviews.move_to_end(division)
            while len(self._overviews) > KEPT_ANSWERS:
                self._overviews.popitem(last=False)
        return fresh

    def counts(
        self, snapshot: int, columns: tuple[str, ...], indicators: Collection[str] | None = None
    ) -> dict[tuple[str, ...], int]:
        """How many figures in force have each combination of values of the columns of text."""
        where = among("indicator", indicators)
        key = ("counts", columns, where)
        kept: dict[tuple[str, ...], int] | None = self._recall(snapshot, key)
        if kept is None:
            shown = ", ".join(f"o.{column} AS {column}" for column in columns)
            more = f"AND {where.sql} GROUP BY ALL"
            shown += ", count(*) AS n"
            if indicators is None:
                rows = self._standing(snapshot, shown, more, where.params)
            else:
                rows = self._standing_of(snapshot, indicators, shown, more, where.params)
            named = [rows.column(n).to_pylist() for n in range(len(columns))]
            counted = rows.column("n").to_pylist()
            kept = {key[:-1]: key[-1] for key in zip(*named, counted, strict=True)}
            self._keep(snapshot, key, kept, len(kept))
        return kept

    def _overview(
        self, snapshot: int, where: Condition, indicators: Collection[str] | None = None
    ) -> dict[str, Known]:
        """What figures say that fit ``where``; ``indicators``: those that it names, if it does."""
        more = f"AND {where.sql} GROUP BY ALL"
        if indicators is None:
            found = self._standing(snapshot, _BEST, more, where.params)
        else:
            found = self._standing_of(snapshot, indicators, _BEST, more, where.params)
        rows = found.to_pylist()
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

    def _changed(self, since: int, now: int) -> _Changed | None:
        """What rows came in between two snapshots; None: too many to tell."""
        columns = ("id", "indicator", "revision")
        rows = self._lake.appended(self._table, since, columns=columns, at=now)
        if rows is None or rows.num_rows > CHUNK_IDS:
            return None
        again = rows.filter(pc.greater(rows.column("revision"), 1)).column("id").unique()
        if len(again) > TOUCHED:
            return None
        with self._lock:
            known = {id: self._found[id] for id in again.to_pylist() if id in self._found}
        missing = [id for id in again.to_pylist() if id not in known]
        before = [r for found in known.values() for r in found]
        if missing:
            before += recorded(self._read(now, among("id", missing)))
        return _Changed(
            ids=frozenset(rows.column("id").to_pylist()),
            indicators=frozenset(rows.column("indicator").unique().to_pylist())
            | {r.observation.indicator for r in before},
        )

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

    def _standing_of(
        self,
        snapshot: int,
        indicators: Collection[str],
        shown: str,
        more: str,
        params: Iterable[object],
    ) -> pa.Table:
        """As `_standing`, of a few indicators: only the files that hold them are opened."""
        newest = self._corrections.known(self._lake, self._table, snapshot)
        where = among("indicator", indicators)
        sql = f"SELECT DISTINCT o.id AS id FROM o WHERE {where.sql}"  # noqa: S608
        tables = {"o": self._table}
        ids = self._lake.query(sql, tables, params=where.params, at=snapshot, keys=indicators)
        later = [id for id in ids.column("id").to_pylist() if id in newest]
        given = [later, [newest[id] for id in later], *params]
        sql = _IN_FORCE_OF.format(shown=shown, more=more)
        return self._lake.query(sql, tables, params=given, at=snapshot, keys=indicators)

    def _read(
        self, snapshot: int, where: Condition, indicators: Collection[str] | None = None
    ) -> pa.Table:
        sql = f"SELECT o.* FROM o WHERE {where.sql}"  # noqa: S608 - names are the table's own
        tables = {"o": self._table}
        rows = self._lake.query(sql, tables, params=where.params, at=snapshot, keys=indicators)
        return rows.cast(self._lake.schema(self._table))

    def _recall(self, snapshot: int, key: tuple[Hashable, ...]) -> Any:
        self._move_to(snapshot)
        with self._lock:
            found = self._kept.get(key) if self._snapshot == snapshot else None
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, snapshot: int, key: tuple[Hashable, ...], value: object, size: int) -> None:
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
        """Let go of what was found in another snapshot, but for what has not changed since."""
        since = self._snapshot
        if since == snapshot:
            return
        changed = self._changed(since, snapshot) if since else None
        with self._lock:
            if self._snapshot == snapshot:
                return
            stays = changed if changed is not None and self._snapshot == since else None
            self._snapshot = snapshot
            for key in list(self._kept):
                if stays is None or key[0] != _PART or key[1] in stays.indicators:
                    del self._kept[key], self._sizes[key]
            gone = self._found.keys() if stays is None else stays.ids
            self._found = {id: rows for id, rows in self._found.items() if id not in gone}


def _by_id(rows: Iterable[Recorded]) -> dict[str, tuple[Recorded, ...]]:
    found: dict[str, list[Recorded]] = {}
    for row in rows:
        found.setdefault(row.observation.id, []).append(row)
    return {id: tuple(own) for id, own in found.items()}


def _by_indicator(
    rows: Mapping[str, tuple[Recorded, ...]],
    indicators: Iterable[str],
    divisions: frozenset[str] | None,
) -> dict[str, dict[str, tuple[Recorded, ...]]]:
    """The figures under each indicator that they have, or once had, in one of the divisions."""
    found: dict[str, dict[str, tuple[Recorded, ...]]] = {name: {} for name in indicators}
    for id, own in rows.items():
        for o in (row.observation for row in own):
            if o.indicator in found and (divisions is None or o.division in divisions):
                found[o.indicator][id] = own
    return found


def _frozen(values: Collection[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
