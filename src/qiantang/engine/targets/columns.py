"""Columnar pruning: the rows that some targets need, found by indicator and division.

Only the two key columns and the row numbers are sorted; the table itself is never copied.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_KEYS = ("indicator", "division")


class Grouped:
    """A table with the places of the wanted (indicator, division) pairs."""

    def __init__(self, table: pa.Table, wanted: Iterable[tuple[str, str]]) -> None:
        pairs = set(wanted)
        self._table = table
        keys = _sorted_keys(table, pairs)
        self._numbers: Any = keys.column("row")
        self._places = _places(keys)

    def rows(self, indicator: str, division: str) -> pa.Table:
        """The rows of one pair, in the order of the table; empty when there are none."""
        start, length = self._places.get((indicator, division), (0, 0))
        return self._table.take(self._numbers.slice(start, length))


def _sorted_keys(table: pa.Table, pairs: set[tuple[str, str]]) -> Any:
    """(indicator, division, row number) of the rows that may be wanted, sorted."""
    keys = pa.table(
        {
            "indicator": table.column("indicator"),
            "division": table.column("division"),
            "row": pa.array(range(table.num_rows), pa.int64()),
        }
    )
    mask = pc.and_(
        _one_of(keys.column("indicator"), {indicator for indicator, _ in pairs}),
        _one_of(keys.column("division"), {division for _, division in pairs}),
    )
    order = [(name, "ascending") for name in (*_KEYS, "row")]
    return keys.filter(mask).sort_by(order).combine_chunks()


def _one_of(column: Any, wanted: set[str]) -> Any:
    return pc.is_in(column, value_set=pa.array(sorted(wanted), pa.string()))


def _places(keys: pa.Table) -> dict[tuple[str, str], tuple[int, int]]:
    """First row and length of each pair; the keys are sorted, so each pair is one run."""
    counted = keys.group_by(list(_KEYS), use_threads=False).aggregate([([], "count_all")])
    runs = sorted(zip(*(counted.column(n).to_pylist() for n in (*_KEYS, "count_all")), strict=True))
    places: dict[tuple[str, str], tuple[int, int]] = {}
    start = 0
    for indicator, division, length in runs:
        places[indicator, division] = (start, length)
        start += length
    return places
