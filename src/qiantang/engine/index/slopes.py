"""How much a score moves with each indicator: the derivative of the tree, by the chain rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.aggregating import Aggregation
from qiantang.engine.index.building import Index, aggregated_columns
from qiantang.engine.index.data import Data, Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """``children[row, child]`` that are there, their ``parent[row]``, and shares that sum to 1."""

    children: Floats
    parent: Floats
    shares: Floats
    how: Aggregation


def slopes(index: Index, rows: Floats, code: str) -> Floats:
    """``[row, indicator]``: derivative of the score of ``code`` at rows of normalised values, by
    each indicator (0 where it is missing or not below). All rows lack the same indicators."""
    structure, table = index.structure, index.steps["normalised"]
    weights = {c: np.array(weight) for c, weight in index.weights.items()}
    labels = tuple(f"row {r}" for r in range(len(rows)))
    columns = aggregated_columns(
        Data(labels, table.columns, rows), structure, index.recipe, weights
    )
    found: dict[str, Floats] = {code: np.ones(len(rows))}
    for parent in reversed(structure.aggregates):
        if parent.code not in found:
            continue
        there = [c.code for c in structure.children(parent.code)
                 if not np.isnan(columns[c.code]).any()]  # fmt: skip
        own = np.array([index.weights[c] for c in there])
        if not own.sum():
            continue
        if not own.sum():
            continue  # Nothing below is there or weighs: nothing below moves it.
        group = _Group(
            np.stack([columns[c] for c in there], axis=1), columns[parent.code],
            own / own.sum(), index.recipe.aggregation(parent.code, parent.level),
        )  # fmt: skip
        by_child = SLOPES[group.how.method](group)
        for place, child in enumerate(there):
            found[child] = found[parent.code] * by_child[:, place]
    nothing = np.zeros(len(rows))
    return np.stack([found.get(c, nothing) for c in structure.codes], axis=1)


def _arithmetic(group: _Group) -> Floats:
    return np.broadcast_to(group.shares, group.children.shape)


def _power(group: _Group, power: float) -> Floats:
    """Of the mean (sum of share x child^p)^(1/p); p = 0 is the geometric mean. What has no weight
    moves nothing, whatever its value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = group.parent[:, None] / group.children
        return np.where(group.shares > 0, group.shares * ratio ** (1 - power), 0.0)


def _mazziotta_pareto(group: _Group) -> Floats:
    """Of M -/+ V / M, where M is the mean and V the variance of the children."""
    mean = (group.children * group.shares).sum(axis=1, keepdims=True)
    apart = group.children - mean
    variance = (group.shares * apart**2).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        penalty = np.where(mean == 0, 0.0, group.shares * (2 * apart * mean - variance) / mean**2)
    return np.asarray(group.shares - penalty if group.how.positive else group.shares + penalty)


SLOPES: Final[Mapping[str, Callable[[_Group], Floats]]] = {
    "arithmetic": _arithmetic,
    "geometric": lambda g: _power(g, 0.0),
    "harmonic": lambda g: _power(g, -1.0),
    "generalised": lambda g: _power(g, g.how.power),
    "mazziotta-pareto": _mazziotta_pareto,
}
SMOOTH: Final = frozenset(SLOPES)
"""Methods whose score has a slope everywhere."""
