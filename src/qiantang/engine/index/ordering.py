"""Methods that order units by comparing them pair by pair, where one strength may not pay for
another weakness.

Missing cells say nothing: a pair is compared on the indicators that both units have, so results
do not depend on the order of rows. OECD/JRC Handbook, step 6; Munda (2008).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats

EXACT_UP_TO: Final = 12
"""Units up to which the Kemeny order is found exactly; above it is improved step by step."""


def outranking(values: Floats, weights: Floats) -> Floats:
    """``[i, j]``: weight share of indicators where i is above j, plus half of the ties; 0.5 where
    the two have nothing in common. The diagonal is 0.5."""
    units = len(values)
    ahead, common = np.zeros((units, units)), np.zeros((units, units))
    for column, weight in zip(values.T, weights, strict=True):
        if weight == 0:
            continue
        there = ~np.isnan(column)
        both = there[:, None] & there[None, :]
        known = np.where(there, column, 0.0)
        above = (known[:, None] > known[None, :]) + 0.5 * (known[:, None] == known[None, :])
        ahead += weight * above * both
        common += weight * both
    return np.asarray(np.divide(ahead, common, out=np.full((units, units), 0.5), where=common > 0))


def copeland(values: Floats, weights: Floats) -> Floats:
    """Pairs won minus pairs lost."""
    matrix = outranking(values, weights)
    return np.asarray(
        (matrix > 0.5 + 1e-12).sum(axis=1) - (matrix < 0.5 - 1e-12).sum(axis=1), float
    )


def outranking_score(values: Floats, weights: Floats) -> Floats:
    """Mean share by which a unit is above the others, 0 to 1."""
    units = len(values)
    if units < 2:
        return np.full(units, np.nan)
    matrix = outranking(values, weights)
    return np.asarray((matrix.sum(axis=1) - 0.5) / (units - 1))


def topsis(values: Floats, weights: Floats) -> Floats:
    """Nearness to the best of every indicator against the worst (Hwang & Yoon 1981), 0 to 1."""
    length = np.sqrt(np.nansum(values**2, axis=0))
    scaled = values / np.where(length > 0, length, 1.0) * weights
    best = np.sqrt(np.nansum((scaled - np.nanmax(scaled, axis=0)) ** 2, axis=1))
    worst = np.sqrt(np.nansum((scaled - np.nanmin(scaled, axis=0)) ** 2, axis=1))
    total = best + worst
    return np.asarray(np.divide(worst, total, out=np.full(len(values), np.nan), where=total > 0))


def kemeny_young(values: Floats, weights: Floats) -> Floats:
    """Place in the order with the largest sum of pairwise shares, as a score (last is 0)."""
    matrix = outranking(values, weights)
    order = _exact_order(matrix) if len(values) <= EXACT_UP_TO else _improved_order(matrix)
    found = np.empty(len(values))
    found[order] = np.arange(len(values), 0, -1) - 1
    return found


def _exact_order(matrix: Floats) -> list[int]:
    """Dynamic programming over sets of units (Held-Karp form), best order first to last."""
    units = len(matrix)
    # best[s]: the largest sum when the set s stands in front.
    best = {0: (0.0, ())}
    for _ in range(units):
        after: dict[int, tuple[float, tuple[int, ...]]] = {}
        for taken, (sum_so_far, order) in best.items():
            rest = [u for u in range(units) if not taken >> u & 1]
            for unit in rest:
                gain = sum(matrix[unit, other] for other in rest if other != unit)
                key, total = taken | 1 << unit, sum_so_far + gain
                if key not in after or total > after[key][0] + 1e-12:
                    after[key] = (total, (*order, unit))
        best = after  # type: ignore[assignment]
    return list(best[(1 << units) - 1][1])


def _improved_order(matrix: Floats) -> list[int]:
    """From the Borda order, move single units to better places until none is found."""
    order = list(np.argsort(-matrix.sum(axis=1), kind="stable"))
    margin = matrix - matrix.T
    improved = True
    while improved:
        improved = False
        for unit in list(order):
            here = order.index(unit)
            rest = order[:here] + order[here + 1 :]
            # Standing before rest[k:] gains the margins over them.
            over = np.concatenate([np.cumsum(margin[unit, rest][::-1])[::-1], [0.0]])
            there = int(np.argmax(over - np.concatenate([[0.0], np.cumsum(margin[unit, rest])])))
            gain = over - np.concatenate([[0.0], np.cumsum(margin[unit, rest])])
            if gain[there] > gain[here] + 1e-12:
                order = [*rest[:there], unit, *rest[there:]]
                improved = True
    return [int(u) for u in order]
