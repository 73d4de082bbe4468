"""Columnar pruning: the rows that some targets need, grouped by indicator and division."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Place = tuple[int, int]
"""First row and number of rows."""


def sorted_groups(
    table: pa.Table, wanted: Iterable[tuple[str, str]]
) -> tuple[pa.Table, dict[tuple[str, str], Place]]:
    """The needed rows sorted by (indicator, division), and where each pair lies."""
    pairs = set(wanted)
    kept = _pruned(table, pairs)
    order = pc.sort_indices(kept, sort_keys=[("indicator", "ascending"), ("division", "ascending")])
    kept = kept.take(order).combine_chunks()
    return kept, _places(kept, pairs)


def _pruned(table: pa.Table, pairs: set[tuple[str, str]]) -> Any:
    indicators = pa.array(sorted({i for i, _ in pairs}), pa.string())
    divisions = pa.array(sorted({d for _, d in pairs}), pa.string())
    mask = pc.and_(
        pc.is_in(table.column("indicator"), value_set=indicators),
        pc.is_in(table.column("division"), value_set=divisions),
    )
    return table.filter(mask)


def _places(table: pa.Table, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """Runs of equal pairs; the table is sorted, so each pair is one run."""
    counts = (
        table.select(["indicator", "division"])
        .group_by(["indicator", "division"], use_threads=False)
        .aggregate([([], "count_all")])
    )
    rows = sorted(
        zip(
            counts.column("indicator").to_pylist(),
            counts.column("division").to_pylist(),
            counts.column("count_all").to_pylist(),
            strict=True,
        )
    )
    places: dict[tuple[str, str], Place] = {}
    start = 0
    for indicator, division, length in rows:
        if (indicator, division) in pairs:
            places[indicator, division] = (start, length)
        start += length
    return places
