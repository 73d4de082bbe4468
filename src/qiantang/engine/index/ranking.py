"""Ranks of many tables at once, as people read them: 1 is best, ties share the smaller."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.data import Floats


def ranks_of(scores: Floats, times: Sequence[int] = ()) -> Floats:
    """Ranks within each row (and year), 1 for the highest, ties share the smaller; NaN stays."""
    if times:
        found = np.empty(scores.shape)
        for rows in groups(np.array(times)[:, None]):
            found[:, rows] = ranks_of(scores[:, rows])
        return found
    order = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    place = np.ones(scores.shape, dtype=np.int64)
    place[:, 1:] = np.where(ordered[:, 1:] != ordered[:, :-1], np.arange(2, scores.shape[1] + 1), 1)
    found = np.empty(scores.shape)
    np.put_along_axis(found, order, np.maximum.accumulate(place, axis=1).astype(float), axis=1)
    found[np.isnan(scores)] = np.nan
    return found


def groups(keys: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Places of the rows of ``keys`` that are equal, group by group."""
    if not keys.shape[1]:
        return [np.arange(len(keys))]
    _, back, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(back.reshape(-1), kind="stable")
    return np.split(order, np.cumsum(counts)[:-1])
