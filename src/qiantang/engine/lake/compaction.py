"""Many small files become few sorted ones, beside appends, and never against a delete.

A small table is sorted whole. Of a large one only the small files are merged, until its sorted
runs overlap too often; then it is sorted whole as well. Rows that others append meanwhile stay as
they are. Where a rival took away a file that was being merged, the merge is begun anew.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.engine.lake.duck import Limits, workshop
from qiantang.engine.lake.errors import CompactionOvertaken
from qiantang.engine.lake.plans import literal, live_files, quoted
from qiantang.engine.lake.ranges import bounds, comparable
from qiantang.engine.lake.rewriting import copy_out, select_from
from qiantang.engine.lake.state import TableState
from qiantang.engine.lake.writing import Change, Work

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

    from qiantang.engine.lake.columns import Column

TARGET_BYTES: Final = 128 << 20
LEAST_BYTES: Final = 32 << 20
FILES: Final = 32
"""A table in this many files or fewer has smaller ones, so that a few keys rewrite less."""
WHOLE_BYTES: Final = 1 << 30
"""Up to this size a table is sorted whole."""
DEEP: Final = 4
"""Sorted runs over one key, from which on a large table is sorted whole too."""
TRIES: Final = 5
SAMPLE: Final = 50_000


class Merge(Work):
    """Some files of a table become sorted ones of about `TARGET_BYTES`."""

    carries = True

    def __init__(self, table: str, scratch: Path, limits: Limits, *, note: dict[str, str]) -> None:
        super().__init__(table, note=note)
        self._scratch = scratch / uuid.uuid4().hex
        self._limits = limits
        self._open = ExitStack()
        self._sources: list[str] | None = None
        self._made: list[DataFile] = []
        self._begun = 0
        self.before: list[DataFile] = []
        self.after: list[DataFile] = []

    def close(self) -> None:
        self._open.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def change(self, table: Table, state: TableState) -> Change | None:
        live = live_files(state.name, table)
        by_path = {file.file_path: file for file in live}
        self.before = live
        if self._sources is None or any(path not in by_path for path in self._sources):
            chosen = chosen_files(live, sort_column(state))
            if not chosen:
                self.after = live
                return None
            self._merge(table, state, chosen)
        removed = [by_path[path] for path in self._sources or ()]
        gone = set(self._sources or ())
        self.after = [*(f for f in live if f.file_path not in gone), *self._made]
        return Change(removed, self._made)

    def _merge(self, table: Table, state: TableState, chosen: Sequence[DataFile]) -> None:
        self._begun += 1
        if self._begun > TRIES:
            raise CompactionOvertaken(table=self.table, found=TRIES)
        self.discard()
        io = self.files(table)
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._sources = [file.file_path for file in chosen]
        paths = [io.home.path(path) for path in self._sources]
        size = sum(file.file_size_in_bytes for file in chosen)
        rows = sum(file.record_count for file in chosen)
        parts = max(1, round(size / target(sum(f.file_size_in_bytes for f in self.before))))
        with workshop(self._limits, self._scratch) as duck:
            selects = _selects(duck, state, paths, parts) if rows else []
            files = [copy_out(duck, one, table, io, state) for one in selects]
        self._made = [file for file in files if file.record_count]
        for file in files:
            if not file.record_count:
                io.discard_one(io.home.path(file.file_path))


def _selects(duck: Any, state: TableState, paths: Sequence[Path], parts: int) -> list[str]:
    """A select for each file to write."""
    select = select_from(paths, state.columns)
    first = sort_column(state)
    if first is None:
        return [select]
    order = ", ".join(f"{quoted(name)} NULLS FIRST" for name in state.sort_by)
    return [
        f"SELECT * FROM ({select}) WHERE {condition} ORDER BY {order}"  # noqa: S608
        for condition in _cuts(duck, select_from(paths, [first]), first, parts)
    ]


def _cuts(duck: Any, select: str, column: Column, parts: int) -> list[str]:
    """Conditions that cut the rows into about equal parts by the first sort column."""
    name = quoted(column.name)
    if parts == 1:
        return ["true"]
    sample = f"SELECT {name} AS v FROM ({select}) USING SAMPLE reservoir({SAMPLE} ROWS)"  # noqa: S608
    found = [v for (v,) in duck.execute(f"{sample} REPEATABLE (1)").fetchall() if v is not None]
    found.sort()
    values = dict.fromkeys(found[len(found) * n // parts] for n in range(1, parts) if found)
    edges = [f"CAST({literal(str(value))} AS {column.duckdb})" for value in values]
    if not edges:
        return ["true"]
    between = [f"{name} >= {low} AND {name} < {high}" for low, high in pairwise(edges)]
    return [f"({name} < {edges[0]} OR {name} IS NULL)", *between, f"{name} >= {edges[-1]}"]


def sort_column(state: TableState) -> Column | None:
    """The first column that the table is sorted by."""
    return next((c for c in state.columns if state.sort_by and c.name == state.sort_by[0]), None)


def chosen_files(live: Sequence[DataFile], column: Column | None) -> list[DataFile]:
    """The files worth merging; none when the table is well as it is."""
    total = sum(file.file_size_in_bytes for file in live)
    wanted = target(total)
    small = [file for file in live if file.file_size_in_bytes < wanted // 2]
    if column is None:
        return small if len(small) > 1 else []
    deep = depth(live, column)
    if (deep > 1 and total <= WHOLE_BYTES) or deep > DEEP:
        return list(live)
    worth = max(2, round(sum(f.file_size_in_bytes for f in small) / wanted) + 1)
    return small if len(small) >= worth else []


def target(total: int) -> int:
    """Bytes that a file of a table of ``total`` bytes should have."""
    return max(LEAST_BYTES, min(TARGET_BYTES, total // FILES))


def depth(live: Sequence[DataFile], column: Column) -> int:
    """In how many files at most one value of ``column`` may lie; bounds that touch do not count."""
    if not comparable(column):
        return len(live)
    edges: list[tuple[Any, int, int]] = []
    unknown = 0
    for file in live:
        known = bounds(file, column)
        if known is None:
            unknown += 1
            continue
        low, high = known
        # An end sorts before a start at the same value, except that of a file of one value.
        edges += [(low, 1, 1), (high, 2 if low == high else 0, -1)]
    most = at = 0
    for _, _, step in sorted(edges):
        at += step
        most = max(most, at)
    return most + unknown
