"""What makes a unit's score, or the difference of two: shares of indicators that add up."""

from __future__ import annotations

import numpy as np

from qiantang.engine.index import explaining
from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.explaining import Shares
from qiantang.kernel.text import Text
from qiantang.rooms.indices.finding import rows_in
from qiantang.rooms.indices.shapes import Made, ShareRow

Told = tuple[Shares | None, Text | None]
"""The shares, or why there are none."""
SCREENED = Text("该评价单元数据不足，没有得分。", "The unit has too few figures for a score.")


def share_rows(made: Made, shares: Shares | None) -> tuple[ShareRow, ...]:
    """Shares that are not zero, the largest first."""
    if shares is None:
        return ()
    rows = [
        ShareRow(code, made.name(code), made.structure.by_code[code].parent, float(share))
        for code, share in zip(shares.codes, shares.values, strict=True)
        if share
    ]
    return tuple(sorted(rows, key=lambda r: (-abs(r.share), r.code)))


def shares_from_mean(made: Made, row: int | None, year: int | None) -> Told:
    """From the mean unit of the same year to the unit."""
    if row is None or not _scored(made, row):
        return None, SCREENED
    values = made.index.steps["normalised"].values
    rows = list(rows_in(made, year).values())
    there = ~np.isnan(values[rows])
    count = there.sum(axis=0)
    total = np.where(there, values[rows], 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    own = values[row]
    return _tried(made, np.where(np.isnan(own), np.nan, mean), own)


def shares_between(made: Made, start: int | None, end: int | None) -> Told:
    """From one row of the results to another."""
    if start is None or end is None or not _scored(made, start) or not _scored(made, end):
        return None, SCREENED
    labels = made.index.scores.labels
    return explaining.difference(made.index, labels[start], labels[end]), None


def _scored(made: Made, row: int) -> bool:
    return not np.isnan(made.index.score(made.structure.root.code)[row])


def _tried(made: Made, start: Floats, end: Floats) -> Told:
    try:
        return explaining.between(made.index, start, end), None
    except RecipeInvalid as error:
        return None, error.text()
