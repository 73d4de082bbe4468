"""What differs between two states of an index: figures, recipe, structure, scores and ranks."""

from __future__ import annotations

import math

from qiantang.engine.index import Data
from qiantang.rooms.indices.ranks import ranking
from qiantang.rooms.indices.ruling import recipe_changes, structure_changes
from qiantang.rooms.indices.shapes import (
    EditionDifference,
    EditionView,
    FigureChange,
    Made,
    RankRow,
    ScoreChange,
)

Key = tuple[str, int | None, str]


def difference_of(edition: EditionView, after: Made, before: Made | None) -> EditionDifference:
    """What ``after`` (the edition) changes against ``before``, the published one."""
    if before is None:
        return EditionDifference(edition, None, scores=_scores(after, None))
    return EditionDifference(
        edition=edition,
        against=before.edition,
        figures=figure_changes(before, after),
        recipe=tuple(recipe_changes(before.tables, after.tables)),
        structure=tuple(structure_changes(before.structure, after.structure)),
        scores=_scores(after, before),
        appeared=tuple(sorted(set(after.units) - set(before.units))),
        vanished=tuple(sorted(set(before.units) - set(after.units))),
    )


def figure_changes(before: Made, after: Made) -> tuple[FigureChange, ...]:
    """Cells of the input that differ, among them those that only one side has."""
    old, new = _cells(before.data), _cells(after.data)
    changed = (key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return tuple(
        FigureChange(
            unit, after.unit_name(unit), year, column, after.name(column),
            old.get((unit, year, column)), new.get((unit, year, column)),
        )
        for unit, year, column in sorted(changed, key=lambda k: (k[0], k[1] or 0, k[2]))
    )  # fmt: skip


def count_changes(before: Data, after: Data) -> int:
    """How many cells of the input differ."""
    old, new = _cells(before), _cells(after)
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def _cells(data: Data) -> dict[Key, float]:
    return {
        (unit, data.times[row] if data.times else None, column): value
        for row, unit in enumerate(data.units)
        for column, value in zip(data.columns, data.values[row].tolist(), strict=True)
        if not math.isnan(value)
    }


def _scores(after: Made, before: Made | None) -> tuple[ScoreChange, ...]:
    """Of the latest year of ``after``; the year must be in both."""
    year = after.latest_year
    old: dict[str, RankRow] = {}
    if before is not None and (year in before.years or year is before.latest_year is None):
        old = {row.unit: row for row in ranking(before, year)}
    found = []
    for row in ranking(after, year):
        was = old.get(row.unit)
        found.append(
            ScoreChange(
                row.unit, row.name, year, was.score if was else None, row.score,
                was.rank if was else None, row.rank,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=_by_move))


def _by_move(row: ScoreChange) -> tuple[int, float, str]:
    moved = abs((row.rank or 0) - (row.rank_before or 0)) if row.rank and row.rank_before else 0
    return -moved, row.rank or math.inf, row.unit
