"""The Kemeny-Young order: the one that most comparisons of pairs support (Kemeny 1959; Young 1988).

Blocks of units of which every one is above every one of the next are ordered one by one (Truchon
1998). A block of up to `EXACT_UP_TO` units is ordered exactly; of several best orders the one that
comes nearest to their mean is taken. A larger block is improved step by step from the Borda order,
and that is said. Units that compare alike with all others are tied.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.data import Floats
from qiantang.engine.index.ordering import outranking

EXACT_UP_TO: Final = 12
TIE: Final = 1e-9
Places = NDArray[np.int64]


def kemeny_young(values: Floats, weights: Floats) -> Floats:
    """Place in the best order as a score: the last has 0, tied units the mean of their places."""
    matrix = outranking(values, weights)
    order: list[int] = []
    for block in _blocks(matrix):
        part = matrix[np.ix_(block, block)]
        best = _exact_order(part) if len(block) <= EXACT_UP_TO else _improved_order(part)
        order += block[best].tolist()
    scores = np.empty(len(order))
    scores[order] = len(order) - 1 - np.arange(len(order))
    alike = np.unique(matrix.round(9), axis=0, return_inverse=True)[1].reshape(-1)
    return np.asarray((np.bincount(alike, scores) / np.bincount(alike))[alike])


def largest_inexact(values: Floats, weights: Floats) -> int:
    """Units of the largest block that is too large to be ordered exactly; 0 where all is exact."""
    sizes = [len(block) for block in _blocks(outranking(values, weights))]
    return max((size for size in sizes if size > EXACT_UP_TO), default=0)


def _blocks(matrix: Floats) -> list[Places]:
    """Units in blocks, best first; every unit of a block is above every one of the later ones."""
    at_least = matrix >= 0.5 - TIE
    np.fill_diagonal(at_least, val=False)
    order = np.argsort(-at_least.sum(axis=1), kind="stable")
    ordered = at_least[np.ix_(order, order)]
    size = len(order)
    # The first unit that each is at least as good as; a block ends where none below reaches in.
    first = np.where(ordered.any(axis=1), ordered.argmax(axis=1), size)
    reach = np.minimum.accumulate(first[::-1])[::-1]
    ends = [k for k in range(1, size) if reach[k] >= k]
    return np.split(order, ends)


def _exact_order(matrix: Floats) -> list[int]:
    """A best order, by dynamic programming over the sets of units that stand in front."""
    units = len(matrix)
    states = np.arange(1 << units)
    inside = (states[:, None] >> np.arange(units) & 1).astype(bool)
    # What a unit gains by standing next after a set: it is put before all the others.
    gain = (matrix.sum(axis=1) - np.diag(matrix)) - inside @ matrix.T
    size = inside.sum(axis=1)
    layers = [states[size == k] for k in range(units + 1)]
    before, after = np.full(len(states), -np.inf), np.full(len(states), -np.inf)
    before[0] = after[-1] = 0.0
    steps = [(layer[~inside[layer, u]], u) for layer in layers[:-1] for u in range(units)]
    for sets, u in steps:
        more = sets | 1 << u
        before[more] = np.maximum(before[more], before[sets] + gain[sets, u])
    for sets, u in reversed(steps):
        after[sets] = np.maximum(after[sets], gain[sets, u] + after[sets | 1 << u])
    ways, rest = np.zeros(len(states)), np.zeros(len(states))
    ways[0] = rest[-1] = 1.0
    best = [(s[before[s] + gain[s, u] + after[s | 1 << u] >= after[0] - TIE], u) for s, u in steps]
    for sets, u in best:
        ways[sets | 1 << u] += ways[sets]
    for sets, u in reversed(best):
        rest[sets] += rest[sets | 1 << u]
    mean_place, choices = np.zeros(units), np.zeros((len(states), units), dtype=bool)
    for sets, u in best:
        mean_place[u] += (ways[sets] * rest[sets | 1 << u] * size[sets]).sum() / ways[-1]
        choices[sets, u] = True
    order: list[int] = []
    while len(order) < units:
        open_to = np.flatnonzero(choices[sum(1 << u for u in order)])
        order.append(int(open_to[np.argmin(mean_place[open_to].round(9))]))
    return order


def _improved_order(matrix: Floats) -> list[int]:
    """From the Borda order, move single units to better places until none is found."""
    order = [int(u) for u in np.argsort(-matrix.sum(axis=1), kind="stable")]
    margin = matrix - matrix.T
    improved = True
    while improved:
        improved = False
        for unit in list(order):
            here = order.index(unit)
            rest = order[:here] + order[here + 1 :]
            # Standing before rest[k:] gains the margins over them and loses those over the others.
            over = margin[unit, rest]
            gain = over.sum() - 2 * np.concatenate([[0.0], np.cumsum(over)])
            there = int(np.argmax(gain))
            if gain[there] > gain[here] + TIE:
                order = [*rest[:there], unit, *rest[there:]]
                improved = True
    return order
