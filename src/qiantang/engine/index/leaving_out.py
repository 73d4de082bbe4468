"""The index without one of its elements: what would change, and what would be lost.

What the element does not touch is not computed again: other columns keep their treatment and
scale as long as the same units are in, and only the groups above the element are aggregated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.building import Prepared, aggregated_columns, prepare, weights_of
from qiantang.engine.index.correlating import correlation
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.ranking import ranks_of
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.screening import screen
from qiantang.engine.index.structure import Structure
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

BY_COLUMN: Final = frozenset(
    {"", "none", "mean", "median", "group-mean", "group-median", "last-value", "linear"}
)
"""Imputations that fill a column from nothing but itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Without:
    """The index without one element: its ``ranks``; ``shift``, the mean absolute shift against the
    whole; ``loss``, the share of the variance of the whole index's scores that the rest no longer
    explains (1 - r²; NaN when either does not vary). ``failed`` says why it cannot be computed."""

    code: str
    ranks: Floats
    shift: float
    loss: float
    failed: Text | None = None


def leave_out(
    data: Data,
    structure: Structure,
    recipe: Recipe,
    codes: Sequence[str] = (),
    *,
    year: int | None = None,
) -> tuple[Without, ...]:
    """Build the index without each of ``codes`` (indicators or aggregates; all indicators unless
    given), largest shift first. A group that loses its last child goes too. Shift and loss are of
    all rows, or of one ``year`` of a panel."""
    whole = _whole(data, structure, recipe)
    done = []
    for code in codes or structure.codes:
        try:
            done.append(_left_out(whole, code, year))
        except QiantangError as error:
            none = np.full(len(whole.prepared.steps["normalised"].units), np.nan)
            done.append(Without(code, none, np.nan, np.nan, error.text()))
    return tuple(sorted(done, key=lambda w: np.inf if np.isnan(w.shift) else -w.shift))


def pruned(structure: Structure, codes: Sequence[str]) -> Structure:
    """The structure without elements, what is below them, and groups that this leaves empty."""
    gone = set(codes)
    kept = tuple(e for e in structure.elements if gone.isdisjoint(structure.path(e.code)))
    while True:
        parents = {e.parent for e in kept}
        full = tuple(e for e in kept if e.level == 1 or e.code in parents)
        if full == kept:
            break
        kept = full
    return Structure(kept, structure.size_columns, structure.group_columns, structure.file)


def _same_columns(whole: Prepared, less: Structure, recipe: Recipe) -> bool:
    """Whether preparing ``less``, a part of the structure of ``whole``, gives the same columns as
    ``whole`` has: each is filled from itself, and the same units are screened out."""
    hows = (*recipe.impute_only.values(), recipe.impute)
    if any(how and not {how.method, how.then} <= BY_COLUMN for how in hows):
        return False
    if not (recipe.screen and whole.screened):
        return True
    steps = list(whole.steps)
    judged = whole.steps[steps[steps.index("screened") - 1]].picked(less.codes)
    now = screen(judged, recipe.screen).included
    return bool((now == whole.screened.included).all())


def normalised_without(
    whole: Prepared, data: Data, less: Structure, recipe: Recipe
) -> tuple[Data, bool]:
    """The normalised table of ``less``, and whether it could be taken from ``whole``."""
    if _same_columns(whole, less, recipe):
        return whole.steps["normalised"].picked(less.codes), True
    return prepare(data, less, recipe).steps["normalised"], False


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The index with everything in."""

    data: Data
    structure: Structure
    recipe: Recipe
    prepared: Prepared
    columns: Mapping[str, Floats]
    ranks: Floats


def _whole(data: Data, structure: Structure, recipe: Recipe) -> _Whole:
    prepared = prepare(data, structure, recipe)
    table = prepared.steps["normalised"]
    columns = aggregated_columns(table, structure, recipe, weights_of(table, structure, recipe))
    ranks = _ranks(columns[structure.root.code], table)
    return _Whole(data, structure, recipe, prepared, columns, ranks)


def _left_out(whole: _Whole, code: str, year: int | None) -> Without:
    less = pruned(whole.structure, (code,))
    recipe, table = whole.recipe.fitted(less), whole.prepared.steps["normalised"]
    new, same = normalised_without(whole.prepared, whole.data, less, recipe)
    # Only the groups above the element are aggregated anew.
    above = whole.structure.path(code)
    known = {e.code: whole.columns[e.code] for e in less.aggregates if same and e.code not in above}
    weights = weights_of(new, less, recipe)
    scores = aggregated_columns(new, less, recipe, weights, known)[less.root.code]
    before = whole.columns[whole.structure.root.code]
    after = _in_rows_of(table, new, scores)
    ranks = _in_rows_of(table, new, _ranks(scores, new))
    seen = np.array([year is None or time == year for time in table.times or (year,) * len(ranks)])
    shift = np.abs(ranks - whole.ranks)[seen]
    there = shift[~np.isnan(shift)]
    moved = float(there.mean()) if there.size else np.nan
    return Without(code, ranks, moved, 1 - correlation(before[seen], after[seen]) ** 2)


def _ranks(column: Floats, table: Data) -> Floats:
    found: Floats = ranks_of(column[None], table.times)[0]
    return found


def _in_rows_of(table: Data, other: Data, column: Floats) -> Floats:
    """A column of ``other`` in the rows of ``table``; NaN where it has no such row."""
    if other.labels == table.labels:
        return column
    at = dict(zip(other.labels, column.tolist(), strict=True))
    return np.array([at.get(label, np.nan) for label in table.labels])
