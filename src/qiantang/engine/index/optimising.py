"""Weights that a computation finds: balance of influence, most information, benefit of the doubt.

All stay within bounds; none may turn negative. The search starts from equal weights and is
deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.weighing import Weights, refuse
from qiantang.kernel.text import Text


def balanced(
    values: Floats, influence: Sequence[float] = (), *, low: float = 0.0, high: float = 1.0
) -> Weights:
    """Weights with which each child's correlation with the (arithmetic) group is in the asked
    proportion (equal unless given). ``details`` has the largest deviation that is left."""
    count = values.shape[1]
    wanted = np.array(influence or [1.0] * count)
    wanted = wanted / wanted.sum()

    def loss(weights: Floats) -> float:
        found = np.maximum(_influence(values, weights), 1e-9)
        return float(((found / found.sum() - wanted) ** 2).sum())

    best = _search(loss, count, low, high)
    reached = np.maximum(_influence(values, best), 1e-9)
    gap = float(np.abs(reached / reached.sum() - wanted).max())
    return Weights(best, {"largest_gap": gap})


def informative(values: Floats, *, low: float = 0.0, high: float = 1.0) -> Weights:
    """Weights with the largest sum of the children's squared correlations with the group."""

    def loss(weights: Floats) -> float:
        return -float((_influence(values, weights) ** 2).sum())

    best = _search(loss, values.shape[1], low, high)
    return Weights(best, {"information": -loss(best) / values.shape[1]})


def common(values: Floats, *, low: float = 0.0, high: float = 1.0) -> Weights:
    """The one set of weights under which the units' scores sum highest with none above 1: the
    benefit of the doubt for all alike (common weights, Roll, Cook & Golany 1991). ``low``/``high``
    bound the shares."""
    _demand_complete(values)
    count, rows = values.shape[1], [*values]
    _demand_room(count, low, high)
    for child in np.eye(count):
        rows += [child - high] if high < 1 else []
        rows += [low - child] if low > 0 else []
    right = np.concatenate([np.ones(len(values)), np.zeros(len(rows) - len(values))])
    found = _simplex(values.sum(axis=0), np.array(rows), right)[1]
    return Weights(found / found.sum(), {"mean_score": float((values @ found).mean())})


def benefit_of_the_doubt(values: Floats, *, low: float = 0.0, high: float = 1.0) -> Floats:
    """Each unit's score under the weights that are best for it (Melyn & Moesen 1991): its weighted
    sum, with no unit above 1 under the same weights. ``low``/``high`` bound each child's share of
    the score. ``values`` are 0 or more and complete; returns ``[unit]`` from 0 to 1."""
    _demand_complete(values)
    _demand_room(values.shape[1], low, high)
    frontier = _not_dominated(values)
    scores: dict[bytes, float] = {}
    for own in values:
        if own.tobytes() not in scores:
            scores[own.tobytes()] = _own_best(frontier, own, low, high)
    return np.array([scores[own.tobytes()] for own in values])


def _not_dominated(values: Floats) -> Floats:
    """Without units that another equals or beats in every child: they bound nothing."""
    kept: list[Floats] = []
    for row in values[np.argsort(-values.sum(axis=1), kind="stable")]:
        if not kept or not (np.array(kept) >= row).all(axis=1).any():
            kept.append(row)
    return np.array(kept)


def _own_best(frontier: Floats, own: Floats, low: float, high: float) -> float:
    """Linear programme max own.w, frontier.w <= 1, share bounds, w >= 0, by the simplex method."""
    if not own.any():
        return 0.0
    count = len(own)
    rows, right = [*frontier], [1.0] * len(frontier)
    for child in range(count):
        pick = np.eye(count)[child] * own
        if high < 1:
            rows.append(pick - high * own)
            right.append(0.0)
        if low > 0:
            rows.append(low * own - pick)
            right.append(0.0)
    return _simplex(own, np.array(rows), np.array(right))[0]


def _simplex(goal: Floats, rows: Floats, right: Floats) -> tuple[float, Floats]:
    """Largest goal.x with rows.x <= right, x >= 0, right >= 0, and that x. Slack variables are not
    written out: a pivot exchanges the names of a row and a column. Bland's rule: no cycles."""
    m, n = rows.shape
    board = np.zeros((m + 1, n + 1))
    board[:m, :n], board[:m, n], board[m, :n] = rows, right, -goal
    inside, outside = np.arange(n, n + m), np.arange(n)
    while True:
        entering = np.flatnonzero(board[m, :n] < -1e-10)
        if not entering.size:
            break
        column = int(entering[np.argmin(outside[entering])])
        candidates = np.flatnonzero(board[:m, column] > 1e-12)
        if not candidates.size:
            return float("inf"), np.full(n, np.nan)
        ratios = board[candidates, n] / board[candidates, column]
        tied = candidates[ratios <= ratios.min() + 1e-15]
        _pivot(board, int(tied[np.argmin(inside[tied])]), column)
        row = int(tied[np.argmin(inside[tied])])
        inside[row], outside[column] = outside[column], inside[row]
    found = np.zeros(n + m)
    found[inside] = board[:m, n]
    return float(board[m, n]), found[:n]


def _pivot(board: Floats, row: int, column: int) -> None:
    """Exchange the row's variable for the column's."""
    by = board[row, column]
    across, down = board[row] / by, board[:, column].copy()
    down[row] = 0.0
    board -= np.outer(down, across)
    board[row] = across
    board[:, column] = -down / by
    board[row, column] = 1 / by


def _demand_complete(values: Floats) -> None:
    if np.isnan(values).any() or (values < 0).any():
        refuse(
            Text("存在缺失或负值", "there are missing or negative values"),
            Text("请先补缺，并归一化到不小于 0 的区间。",
                 "Impute first and normalise to a range from 0 up."),
        )  # fmt: skip


def _demand_room(count: int, low: float, high: float) -> None:
    if low * count > 1 + 1e-9 or high * count < 1 - 1e-9:
        refuse(
            Text(f"{count} 个权重不能都在 {low:g} 与 {high:g} 之间",
                 f"{count} weights cannot all lie between {low:g} and {high:g}"),
            Text("请放宽上下界，使其可以合计为 1。", "Widen the bounds so that they can sum to 1."),
        )  # fmt: skip


def _influence(values: Floats, weights: Floats) -> Floats:
    """Correlation of every child with the weighted mean of what is there."""
    there = ~np.isnan(values)
    share = np.where(there, weights, 0.0)
    total = share.sum(axis=1)
    group = np.divide(
        np.where(there, values, 0.0) @ weights, total, out=np.full(len(values), np.nan),
        where=total > 0,
    )  # fmt: skip
    known = there & ~np.isnan(group)[:, None]
    return np.array([_correlation(values[k, c], group[k]) for c, k in enumerate(known.T)])


def _correlation(one: Floats, other: Floats) -> float:
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / size) if size > 1e-300 else 0.0


def _search(loss: Callable[[Floats], float], count: int, low: float, high: float) -> Floats:
    """Pattern search on the simplex within bounds: move weight between two children while it
    helps, with ever smaller steps."""
    _demand_room(count, low, high)
    here = np.full(count, 1 / count)
    best, step = loss(here), 0.25
    while step > 1e-7:
        moved = False
        for giver in range(count):
            for taker in range(count):
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
