"""Weights that a computation finds: balance of influence, most information, benefit of the doubt.

All stay within bounds; none may turn negative. Where the solution is known it is taken, else it is
searched from equal weights; both are deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.searching import Influence, search
from qiantang.engine.index.weighing import Weights, refuse
from qiantang.kernel.text import Text

EXACT: Final = 1e-18
REACHED: Final = 1e-3
ROUNDS: Final = 500
PATIENCE: Final = 1000


def balanced(
    values: Floats, influence: Sequence[float] = (), *, low: float = 0.0, high: float = 1.0
) -> Weights:
    """Weights with which each child's correlation with the (arithmetic) group is in the asked
    proportion (equal unless given). ``details`` has the largest deviation that is left; where the
    bounds or the data do not let it vanish, that is said."""
    size, of = values.shape[1], Influence(values)
    _demand_room(size, low, high)
    wanted = np.array(influence or [1.0] * size)
    wanted = wanted / wanted.sum()

    def reached(weights: Floats) -> Floats:
        found = np.maximum(of(weights), 1e-9)
        return np.asarray(found / found.sum())

    def loss(weights: Floats) -> float:
        return float(((reached(weights) - wanted) ** 2).sum())

    start = _shared_out(reached, wanted)
    if _within(start, low, high) and loss(start) < EXACT:
        best = start
    else:
        best = search(loss, size, low, high)
    gap = float(np.abs(reached(best) - wanted).max())
    note = Text(f"未能达到所求的影响比例，最大偏差为 {gap:.3f}。",
                f"The influence that was asked for is not reached: the largest gap is "
                f"{gap:.3f}.")  # fmt: skip
    return Weights(best, {"largest_gap": gap}, (note,) if gap > REACHED else ())


def informative(values: Floats, *, low: float = 0.0, high: float = 1.0) -> Weights:
    """Weights with the largest sum of the children's squared correlations with the group. Without
    gaps and bounds in the way they are those of the first principal component."""
    size, of = values.shape[1], Influence(values)
    _demand_room(size, low, high)

    def loss(weights: Floats) -> float:
        return -float((of(weights) ** 2).sum())

    best = None if of.covariance is None else _first_component(of.covariance)
    if best is None or not _within(best, low, high):
        best = search(loss, size, low, high)
    return Weights(best, {"information": -loss(best) / size})


def _shared_out(reached: Callable[[Floats], Floats], wanted: Floats) -> Floats:
    """Give more weight to whose influence is too small and less to whose is too large, until none
    is; there may be no such weights."""
    here = wanted.copy()
    for _ in range(ROUNDS):
        ratio = wanted / np.maximum(reached(here), 1e-9)
        if np.abs(ratio - 1).max() < 1e-12:
            break
        here = here * np.sqrt(ratio)
        here = here / here.sum()
    return here


def _first_component(covariance: Floats) -> Floats | None:
    """Weights that give the first component's score; None where they are not all of one sign."""
    spread = np.sqrt(np.diag(covariance))
    vector = np.linalg.eigh(covariance / np.outer(spread, spread))[1][:, -1]
    weights = vector / spread
    weights = weights if weights.sum() >= 0 else -weights
    return np.asarray(weights / weights.sum()) if (weights >= 0).all() else None


def _within(weights: Floats, low: float, high: float) -> bool:
    return bool((weights >= low).all() and (weights <= high).all())


def common(values: Floats, *, low: float = 0.0, high: float = 1.0) -> Weights:
    """The one set of weights under which the units' scores sum highest with none above 1: the
    benefit of the doubt for all alike (common weights, Roll, Cook & Golany 1991). ``low``/``high``
    bound the shares."""
    _demand_complete(values)
    size, rows = values.shape[1], [*values]
    _demand_room(size, low, high)
    for child in np.eye(size):
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
    rows, right = [*frontier], [1.0] * len(frontier)
    for child in range(len(own)):
        pick = np.eye(len(own))[child] * own
        if high < 1:
            rows.append(pick - high * own)
            right.append(0.0)
        if low > 0:
            rows.append(low * own - pick)
            right.append(0.0)
    return _simplex(own, np.array(rows), np.array(right))[0]


def _simplex(goal: Floats, rows: Floats, right: Floats) -> tuple[float, Floats]:
    """Largest goal.x with rows.x <= right, x >= 0, right >= 0, and that x. Slack variables are not
    written out: a pivot exchanges the names of a row and a column. The steepest column enters;
    after `PATIENCE` pivots Bland's rule, which cannot cycle."""
    m, n = rows.shape
    board = np.zeros((m + 1, n + 1))
    board[:m, :n], board[:m, n], board[m, :n] = rows, right, -goal
    inside, outside = np.arange(n, n + m), np.arange(n)
    for pivots in count():
        entering = np.flatnonzero(board[m, :n] < -1e-10)
        if not entering.size:
            break
        first = outside[entering] if pivots > PATIENCE else board[m, entering]
        column = int(entering[np.argmin(first)])
        candidates = np.flatnonzero(board[:m, column] > 1e-12)
        if not candidates.size:
            return float("inf"), np.full(n, np.nan)
        ratios = board[candidates, n] / board[candidates, column]
        tied = candidates[ratios <= ratios.min() + 1e-15]
        row = int(tied[np.argmin(inside[tied])])
        _pivot(board, row, column)
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


def _demand_room(size: int, low: float, high: float) -> None:
    if low * size > 1 + 1e-9 or high * size < 1 - 1e-9:
        refuse(
            Text(f"{size} 个权重不能都在 {low:g} 与 {high:g} 之间",
                 f"{size} weights cannot all lie between {low:g} and {high:g}"),
            Text("请放宽上下界，使其可以合计为 1。", "Widen the bounds so that they can sum to 1."),
        )  # fmt: skip
