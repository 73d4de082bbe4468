"""An index of a year beside the one of a year before: which part of a moved score comes from
figures, which from scales that moved under them, which from other rules.

Scales that are fixed on the figures of their own edition (ends of a range, mean and spread, ranks)
move with them: a unit whose figures stay may gain or lose. So the earlier figures are put on the
later scale, and the way from the earlier score to the later one is cut in three: other rules
(weights, aggregation, indicators that are gone), the moved yardstick, and the figures, whose part
is shared out among indicators as in `explaining`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.explaining import Shares, between, scores_of
from qiantang.engine.index.normalising import normalise
from qiantang.engine.index.scaling import Column

Rows = NDArray[np.int64]
SAME: Final = 1e-9
"""Scales that give the same values but for so much of their largest have not moved."""


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """Figures of the earlier index, a row each of its results and a column each of the later
    index' indicators, ``told`` on the scale of then, ``anew`` on the later one. ``moved``: the
    indicators whose scale is another."""

    told: Floats
    anew: Floats
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """``total`` = later score - earlier score = ``figures.total`` + ``yardstick`` + ``rules``."""

    figures: Shares
    yardstick: float
    rules: float
    total: float


def yardstick(earlier: Index, later: Index, rows: Rows) -> Yardstick:
    """The earlier figures on both scales. ``rows``: those of the later index that fix its scales,
    of the year that is compared."""
    before = _figures(earlier)
    columns = [
        _put(before, earlier, later, each, rows) for each in range(len(later.structure.codes))
    ]
    told, anew = (np.stack([pair[side] for pair in columns], axis=1) for side in (0, 1))
    both = ~np.isnan(told) & ~np.isnan(anew)
    size = np.maximum(np.abs(np.where(both, told, 0.0)).max(axis=0, initial=0.0), 1.0)
    apart = np.abs(np.where(both, anew - told, 0.0)).max(axis=0, initial=0.0)
    moved = tuple(
        code for code, far in zip(later.structure.codes, apart > SAME * size, strict=True) if far
    )
    return Yardstick(told, anew, moved)


def within(index: Index) -> Yardstick:
    """Of one panel whose years share their scales: nothing moved."""
    values = index.steps["normalised"].values
    return Yardstick(values, values, ())


def change(
    ends: tuple[float, float], rows: tuple[int, int], later: Index, yard: Yardstick, element: str
) -> Change | None:
    """What moved a score. ``ends``: the earlier and the later score; ``rows``: the unit's in the
    earlier and in the later results. None where the later rules give the earlier figures no score.
    Raises `RecipeInvalid` for methods that compare units."""
    then, now = rows
    end = later.steps["normalised"].values[now]
    figures = between(later, yard.anew[then], end, element)
    began, was = scores_of(later, np.stack([yard.anew[then], yard.told[then]]), element).tolist()
    total = ends[1] - ends[0]
    if not np.isfinite([figures.total, began, was, total]).all():
        return None
    return Change(figures, began - was, was - ends[0], total)


def _put(
    before: Data, earlier: Index, later: Index, place: int, rows: Rows
) -> tuple[Floats, Floats]:
    """One indicator of the later index on its scale of then and anew."""
    each = later.structure.indicators[place]
    if each.code not in before.columns:
        nothing = np.full(len(before.units), np.nan)
        return nothing, nothing
    now = _figures(later)
    column = Column(each, now.values[:, place], later.recipe.scale(each.code), now,
                    later.recipe.years)  # fmt: skip
    anchor = _anchor_of(column.anchor(), now, before, rows)
    values = before.column(each.code)
    anew = normalise(values, each.direction, column.scale, column.values[rows], anchor)
    return earlier.steps["normalised"].column(each.code), anew


def _anchor_of(anchor: Floats | None, now: Data, before: Data, rows: Rows) -> Floats | None:
    """What each earlier row is held to: the figure of all, else that of its unit."""
    if anchor is None:
        return None
    held = anchor[rows]
    if (held == held[0]).all():
        return np.full(len(before.units), held[0])
    own = {now.units[row]: anchor[row] for row in rows}
    return np.array([own.get(unit, np.nan) for unit in before.units])


def _figures(index: Index) -> Data:
    """The table that was normalised."""
    names = list(index.steps)
    return index.steps[names[names.index("normalised") - 1]]
