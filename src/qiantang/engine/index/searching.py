"""How much each child influences its group, and the best weights within bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qiantang.engine.index.data import Floats


class Influence:
    """Correlation of every child with the weighted mean of what is there, by weights. Without gaps
    it follows from the children's ``covariance``."""

    def __init__(self, values: Floats) -> None:
        there = ~np.isnan(values)
        self.there = there.astype(float)
        self.counts = self.there.sum(axis=0)
        mean = np.where(there, values, 0.0).sum(axis=0) / np.maximum(self.counts, 1)
        self.known = np.where(there, values - mean, 0.0)
        self.mean = mean
        self.covariance: Floats | None = None
        if there.all():
            self.covariance = self.known.T @ self.known / len(values)

    def __call__(self, weights: Floats) -> Floats:
        if self.covariance is not None:
            along = self.covariance @ weights
            size = np.sqrt(np.diag(self.covariance) * max(float(weights @ along), 0.0))
            return _shares(along, size)
        return self._over_gaps(weights)

    def _over_gaps(self, weights: Floats) -> Floats:
        total = self.there @ weights
        has = total > 0
        whole = (self.known + self.mean * self.there) @ weights
        group = np.divide(whole, total, out=np.zeros(len(total)), where=has)
        group = group - group[has].mean() if has.any() else group
        seen = self.there * has[:, None]
        counts = np.maximum(seen.sum(axis=0), 1)
        group_sum, own = seen.T @ group, (self.known * has[:, None]).T
        cross = own @ group - own.sum(axis=1) * group_sum / counts
        spread = (own**2).sum(axis=1) - own.sum(axis=1) ** 2 / counts
        group_spread = seen.T @ group**2 - group_sum**2 / counts
        return _shares(cross, np.sqrt(np.maximum(spread * group_spread, 0.0)))


def search(loss: Callable[[Floats], float], size: int, low: float, high: float) -> Floats:
    """Pattern search on the simplex within bounds: move weight between two children while it
    helps, with ever smaller steps."""
    here = np.full(size, 1 / size)
    best, step = loss(here), 0.25
    while step > 1e-7:
        moved = False
        for giver in range(size):
            for taker in range(size):
                amount = min(step, here[giver] - low, high - here[taker])
                if giver == taker or amount <= 0:
                    continue
                tried = here.copy()
                tried[giver] -= amount
                tried[taker] += amount
                found = loss(tried)
                if found < best - 1e-15:
                    here, best, moved = tried, found, True
        if not moved:
            step /= 2
    return here


def _shares(part: Floats, size: Floats) -> Floats:
    return np.divide(part, size, out=np.zeros(len(part)), where=size > 1e-300)
