"""Which files make up a snapshot, and the DuckDB expression that reads them by field id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from qiantang.engine.lake.columns import Column, arrow_schema
from qiantang.engine.lake.errors import DeleteFilesFound, QueryInvalid
from qiantang.engine.lake.folders import Home
from qiantang.engine.lake.ranges import bounds

if TYPE_CHECKING:
    import pyarrow as pa
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table


@dataclass(frozen=True, slots=True)
class Without:
    """Rows that a reader of a plan never meets: those with one of ``values`` in ``column``."""

    column: Column
    values: tuple[str, ...]

    def condition(self) -> str:
        return none_of(self.column.name, self.values)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """The data files of one snapshot, in the order of their paths.

    ``columns`` are today's, for engines that read the files themselves: a column is found in a
    file by its field id, and a file without it has no value. `Lake.files` fills it.
    ``ranges`` says for each path between which values of the first column of the table's order its
    rows lie; None where nobody knows, empty where it was not looked for. ``without``: rows that are
    not read, though ``rows`` counts them.
    """

    paths: tuple[str, ...]
    rows: int
    columns: tuple[Column, ...] = ()
    ranges: tuple[tuple[str, str] | None, ...] = ()
    without: Without | None = None

    def holding(self, keys: Collection[str]) -> FilePlan:
        """Only the files that can hold a row with one of ``keys`` as its first sorted column."""
        if not self.ranges:
            return self
        chosen = tuple(
            path
            for path, span in zip(self.paths, self.ranges, strict=True)
            if span is None or any(span[0] <= key <= span[1] for key in keys)
        )
        return replace(self, paths=chosen, ranges=())


EMPTY = FilePlan(paths=(), rows=0)


def plan_files(
    name: str, table: Table, snapshot: int, home: Home, first: Column | None = None
) -> FilePlan:
    """Ask PyIceberg for the files of ``snapshot``; row-level deletes of others are refused.

    ``first``: the first column of the table's order, whose ranges are noted when it holds text.
    """
    files = live_files(name, table, snapshot)
    placed = sorted(((str(home.path(f.file_path)), f) for f in files), key=itemgetter(0))
    text = first if first is not None and first.kind == "string" else None
    return FilePlan(
        paths=tuple(path for path, _ in placed),
        rows=sum(file.record_count for file in files),
        ranges=tuple(bounds(file, text) for _, file in placed) if text else (),
    )


def live_files(name: str, table: Table, snapshot: int | None = None) -> list[DataFile]:
    """The data files of ``snapshot`` (the newest without one), with their statistics."""
    if snapshot is None and table.current_snapshot() is None:
        return []
    tasks = list(table.scan(snapshot_id=snapshot).plan_files())
    if any(task.delete_files for task in tasks):
        raise DeleteFilesFound(table=name)
    return [task.file for task in tasks]


def reading(columns: Sequence[Column], plan: FilePlan) -> str:
    """A DuckDB ``select`` of exactly ``columns`` over the planned files, old and new."""
    if not plan.paths:
        empty = ", ".join(f"CAST(NULL AS {c.duckdb}) AS {quoted(c.name)}" for c in columns)
        return f"SELECT {empty} WHERE false"
    fields = ", ".join(
        f"{c.id}: {{name: {literal(c.name)}, type: {literal(c.duckdb)}, default_value: NULL}}"
        for c in read_columns(columns, plan)
    )
    paths = ", ".join(literal(path) for path in plan.paths)
    names = ", ".join(quoted(c.name) for c in columns)
    where = f" WHERE {plan.without.condition()}" if plan.without else ""
    return f"SELECT {names} FROM read_parquet([{paths}], schema = MAP {{{fields}}}){where}"  # noqa: S608


def read_columns(columns: Sequence[Column], plan: FilePlan) -> tuple[Column, ...]:
    """What has to be read of the files: the columns, and the one that tells rows to leave out."""
    if plan.without is None or plan.without.column in columns:
        return tuple(columns)
    return (*columns, plan.without.column)


def selection(
    columns: Sequence[Column], wanted: Sequence[str] | None, where: str
) -> tuple[str, pa.Schema]:
    """A select of ``wanted`` columns (None: all) from ``rows``, and the types that they have.
    Raises `QueryInvalid` for a column that is not there."""
    known = {column.name: column for column in columns}
    unknown = set(wanted or ()) - known.keys()
    if unknown:
        raise QueryInvalid(found=f"column {', '.join(sorted(unknown))}")
    order = list(known) if wanted is None else list(wanted)
    picked = ", ".join(quoted(name) for name in order)
    sql = f'SELECT {picked} FROM "rows"' + (f" WHERE {where}" if where else "")  # noqa: S608
    return sql, arrow_schema([known[name] for name in order])


def none_of(column: str, values: Collection[str]) -> str:
    """What rows without one of ``values`` in ``column`` fulfil, as SQL; one that has nothing there
    is among them. All rows fulfil it where there are no values."""
    if not values:
        return "true"
    return f"coalesce({quoted(column)} NOT IN ({', '.join(map(literal, values))}), true)"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
