"""Why a score is what it is, why two differ, and why one changed: exact shares of indicators.

A difference is followed along the straight line between two sets of normalised values; each
indicator gets what its own movement adds (Aumann & Shapley 1974). Shares add up to the difference
for every mean, equal weights or not. Methods that compare units with each other have no such
shares, and the question is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.aggregating import TOGETHER
from qiantang.engine.index.building import Index, aggregated_columns
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.errors import ColumnMissing, RecipeInvalid
from qiantang.kernel.text import Text

POINTS: Final = 12
STEP: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """``total`` = score of ``to`` minus score of ``of``; ``values[indicator]`` add up to it.
    ``appeared`` and ``vanished`` name indicators that only one side has; they are in ``regime``,
    the part of the difference that comes from having or lacking them."""

    element: str
    codes: tuple[str, ...]
    values: Floats
    total: float
    regime: float = 0.0
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()


def difference(index: Index, of: str, to: str, element: str = "") -> Shares:
    """What makes unit ``to`` differ from unit ``of`` (labels as in `Data.label`)."""
    table = index.steps["normalised"]
    rows = {table.label(r): r for r in range(len(table.units))}
    for label in (of, to):
        if label not in rows:
            raise ColumnMissing(found=label, expected=", ".join(list(rows)[:20]))
    return between(index, table.values[rows[of]], table.values[rows[to]], element)


def contributions(index: Index, label: str, element: str = "") -> Shares:
    """What makes a unit's score, counted from the mean unit of the table."""
    table = index.steps["normalised"]
    rows = {table.label(r): r for r in range(len(table.units))}
    if label not in rows:
        raise ColumnMissing(found=label, expected=", ".join(list(rows)[:20]))
    own = table.values[rows[label]]
    mean = np.where(np.isnan(own), np.nan, np.nanmean(table.values, axis=0))
    return between(index, mean, own, element)


def between(index: Index, start: Floats, end: Floats, element: str = "") -> Shares:
    """Shares of the difference between two rows of normalised values."""
    code = element or index.structure.root.code
    _demand_means(index, code)
    codes = index.steps["normalised"].columns
    lost, new = np.isnan(end) & ~np.isnan(start), np.isnan(start) & ~np.isnan(end)
    both = ~np.isnan(start) & ~np.isnan(end)
    first, last = np.where(both, start, np.nan), np.where(both, end, np.nan)
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    values = np.zeros(len(codes))
    move = np.where(both, end - start, 0.0)
    moving = np.flatnonzero(move)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        here = np.where(both, first + node * move, np.nan)
        values[moving] += weight * _slopes(index, here, moving, code) * move[moving]
    score = _scores(index, np.stack([start, end, first, last]), code)
    total, common = float(score[1] - score[0]), float(score[3] - score[2])
    # What is left of the numerical integration goes where the movement is.
    gap = common - values.sum()
    if np.abs(values).sum() > 0:
        values = values + gap * np.abs(values) / np.abs(values).sum()
    return Shares(
        code, codes, values, total, total - common,
        tuple(c for c, n in zip(codes, new, strict=True) if n),
        tuple(c for c, n in zip(codes, lost, strict=True) if n),
    )  # fmt: skip


def strengths(
    index: Index, label: str, *, count: int = 5, codes: Sequence[str] = ()
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The indicators (or ``codes``) where the unit ranks best and worst, with its ranks; ties are
    broken by the larger effect on the score's rank, then by code."""
    rows = {index.scores.label(r): r for r in range(len(index.scores.units))}
    chosen = codes or index.structure.codes
    ranked = [(c, float(index.rank(c)[rows[label]])) for c in chosen]
    there = sorted(((r, c) for c, r in ranked if not np.isnan(r)), key=lambda p: (p[0], p[1]))
    best = [(c, r) for r, c in there[:count]]
    worst = [(c, r) for r, c in reversed(there[-count:])]
    return best, worst


def _slopes(index: Index, here: Floats, moving: np.ndarray, code: str) -> Floats:
    """Derivative of the score by each moving indicator."""
    pushed = np.repeat(here[None, :], 2 * len(moving), axis=0)
    size = STEP * np.maximum(np.abs(here[moving]), 1.0)
    for place, column in enumerate(moving):
        pushed[2 * place, column] += size[place]
        pushed[2 * place + 1, column] -= size[place]
    score = _scores(index, pushed, code)
    return np.asarray((score[0::2] - score[1::2]) / (2 * size))


def _scores(index: Index, rows: Floats, code: str) -> Floats:
    weights = {code_: np.array(weight) for code_, weight in index.weights.items()}
    labels = tuple(f"row {r}" for r in range(len(rows)))
    data = Data(labels, index.steps["normalised"].columns, rows)
    return aggregated_columns(data, index.structure, index.recipe, weights)[code]


def _demand_means(index: Index, code: str) -> None:
    for parent in index.structure.aggregates:
        method = index.recipe.aggregation(parent.code, parent.level).method
        below = parent.code == code or code in index.structure.path(parent.code)
        if below and method not in TOGETHER:
            raise RecipeInvalid(
                key=f"aggregate ({parent.code})", found=method,
                reason=Text("该方法比较评价单元，不能分解到指标",
                            "it compares units, so a score has no shares of indicators"),
                expected=", ".join(sorted(TOGETHER)),
            )  # fmt: skip
