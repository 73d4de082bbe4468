"""One immutable SQLite file per snapshot: pages of rows and look-ups by key in a millisecond.

A file is made once, by a process of its own (`lookup_making`), from the snapshot's rows in their
stored order, and never changes: it is right for its snapshot or it is for another. Whoever asks
while there is none yet reads the Parquet files instead. It holds the columns that its maker was
given and no others; what they are is written inside.

Rows leave it as JSON that SQLite writes: one step for a whole page, outside Python's lock, so that
readers on other threads go on meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from qiantang.engine.lake.idle import Idle

FOLDER: Final = "lookups"
TEXT: Final = "text"
WHOLE: Final = "whole"
DECIMAL: Final = "decimal"
"""Text without the zeros that only fill a decimal's places."""
TRUTH: Final = "truth"
REAL: Final = "real"
"""Text of a JSON number: SQLite would write its own reals with fewer digits."""
MOMENT: Final = "moment"
"""Text in ISO 8601 with a zone."""
_EXACT: Final = frozenset({TEXT, WHOLE, DECIMAL, TRUTH})
"""Kinds that a filter by text finds: what DuckDB writes of a value, decimals with any zeros."""
_FORM: Final = 2
_MOST_KNOWN: Final = 1000
_AT_ONCE: Final = 48
"""SQLite takes 100 arguments of a function in its smallest builds."""
_IDLE: Final = Idle(newest_only=True)
ID: Final = "_id"
"""The row's place, from 1. No column of a resource has this name."""
_ID: Final = f'"{ID}"'
_FROM_PLACE: Final = f"{_ID} > ? ORDER BY {_ID} LIMIT ?"
_known: dict[Path, Lookup] = {}


@dataclass(frozen=True, slots=True)
class Lookup:
    """The rows of one snapshot. The file stays open for the next question, until a newer snapshot's
    is asked."""

    path: Path
    rows: int
    kinds: Mapping[str, str]
    indexed: frozenset[str]

    def records(
        self,
        columns: Sequence[str],
        filters: Mapping[str, Sequence[str]],
        *,
        limit: int,
        offset: int,
        count: bool,
    ) -> tuple[str, int]:
        """Rows in their stored order as a JSON array of objects and, if asked, how many there are
        in all (else -1). Each filter's column equals one of its texts; ask `serves` first. `ID` is
        a column, too: the row's place in the snapshot, from 1."""
        where, params = self._where(filters)
        total = -1 if filters else self.rows
        with _IDLE.reading(self.path, lambda: reading(self.path)) as db:
            record = _record(tuple((c, self._kind(c)) for c in columns))
            given = (*params, limit, offset) if filters else (offset, limit)
            (found,) = db.execute(_page(record, where), given).fetchone()
            if filters and count:
                sql = f"SELECT count(*) FROM rows WHERE {where}"  # noqa: S608
                (total,) = db.execute(sql, params).fetchone()
        return found, total

    def serves(self, columns: Sequence[str], filters: Mapping[str, Sequence[str]]) -> bool:
        """Whether it has these columns, and an index for some filter and means the same by all."""
        known = all(c == ID or c in self.kinds for c in (*columns, *filters))
        exact = known and all(self._kind(c) in _EXACT for c in filters)
        return exact and (not filters or any(c == ID or c in self.indexed for c in filters))

    def _kind(self, column: str) -> str:
        return WHOLE if column == ID else self.kinds[column]

    def _where(self, filters: Mapping[str, Sequence[str]]) -> tuple[str, list[object]]:
        parts, params = [], list[object]()
        for column, texts in filters.items():
            values = [v for v in (_value(t, self._kind(column)) for t in texts) if v is not None]
            parts.append(f"{quoted(column)} IN ({', '.join('?' * len(values))})")
            params += values
        return " AND ".join(parts), params


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is to hold: a snapshot's columns, some of them indexed."""

    table: str
    snapshot: int
    columns: tuple[str, ...]
    indexed: tuple[str, ...]

    def path(self, lake_folder: Path) -> Path:
        return lake_folder / FOLDER / self.table / _name(self)


def found(lake_folder: Path, wanted: Wanted) -> Lookup | None:
    """The file of exactly this snapshot and these columns, when there is one."""
    path = wanted.path(lake_folder)
    if not path.exists():
        return None
    known = _known.get(path)
    if known is not None:
        return known
    try:
        with closing(reading(path)) as db:
            rows, kinds = db.execute("SELECT * FROM about").fetchone()
    except sqlite3.Error:
        return None
    while len(_known) >= _MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    _known[path] = Lookup(path, rows, json.loads(kinds), frozenset(wanted.indexed))
    return _known[path]


def reading(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@lru_cache(maxsize=1000)
def _name(wanted: Wanted) -> str:
    said = json.dumps([_FORM, wanted.columns, wanted.indexed])
    return f"{wanted.snapshot}-{sha256(said.encode()).hexdigest()[:12]}.sqlite3"


def _page(record: str, where: str) -> str:
    """One page as one text. Rows are numbered without a gap: without a filter a page far behind is
    found as quickly as the first."""
    rows = f"{where} ORDER BY {_ID} LIMIT ? OFFSET ?" if where else _FROM_PLACE
    listed = f"SELECT {record} AS record FROM (SELECT * FROM rows WHERE {rows})"  # noqa: S608
    return f"SELECT coalesce('[' || group_concat(record, ',') || ']', '[]') FROM ({listed})"  # noqa: S608


@lru_cache(maxsize=1000)
def _record(columns: tuple[tuple[str, str], ...]) -> str:
    """SQL of a row as JSON."""
    return _object([(column, _json(column, kind)) for column, kind in columns])


def _object(pairs: Sequence[tuple[str, str]]) -> str:
    """SQL of a JSON object from its keys and the SQL of their values."""
    parts = [_small_object(pairs[n : n + _AT_ONCE]) for n in range(0, len(pairs), _AT_ONCE)]
    if len(parts) == 1:
        return parts[0]
    inner = " || ',' || ".join(f"substr({part}, 2, length({part}) - 2)" for part in parts)
    return f"'{{' || {inner} || '}}'"


def _small_object(pairs: Sequence[tuple[str, str]]) -> str:
    listed = ", ".join("'" + key.replace("'", "''") + f"', {value}" for key, value in pairs)
    return f"json_object({listed})"


def _json(column: str, kind: str) -> str:
    """SQL of a column's value as JSON has it."""
    name = quoted(column)
    if kind == TRUTH:
        return f"json(CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
    return f"json({name})" if kind == REAL else name


def _value(text: str, kind: str) -> object:
    """A text as the column keeps it; None when no value of the column has that text."""
    if kind == TEXT:
        return text
    if kind == DECIMAL:
        return text.rstrip("0").rstrip(".") if "." in text else text
    if kind == TRUTH:
        return {"true": 1, "false": 0}.get(text)
    plain = text.removeprefix("-")
    sound = plain.isdecimal() and plain.isascii() and text == str(int(text))
    return int(text) if sound and len(plain) < 19 else None
