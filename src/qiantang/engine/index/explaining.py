"""Why a score is what it is, why two differ, and why one changed: shares of indicators that add up.

Means are followed along the straight line between two sets of normalised values; each indicator
gets what its own movement adds (Aumann & Shapley 1974), which for arithmetic means is exactly
weight times movement. Where a method has corners or compares units with each other, indicators
take their new values one after another, in several orders, and each gets the mean of what it adds
(Shapley 1953, sampled); what the movement of other units adds is told apart as ``rest``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.building import Index, aggregated_columns
from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.naming import row_of
from qiantang.engine.index.slopes import SMOOTH, slopes
from qiantang.engine.index.weighing import effective
from qiantang.kernel.text import Text

POINTS: Final = 12
ORDERS: Final = 8
"""Orders in which indicators change, half of them the reverse of the others."""
COMPARING: Final = frozenset(
    {"topsis", "copeland", "outranking", "kemeny-young", "benefit-of-the-doubt", "custom"}
)
"""Methods by which a unit's score depends, or may depend, on the other units."""


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """``total`` = score of the end minus score of the start = sum of ``values[indicator]`` +
    ``regime`` + ``rest``.

    ``appeared`` and ``vanished`` name indicators that only one side has; they are in ``regime``,
    the part that comes from having or lacking them. ``rest`` comes from other units, where the
    method compares units. ``way``: ``line`` or ``orders``, see the module.
    """

    element: str
    codes: tuple[str, ...]
    values: Floats
    total: float
    regime: float = 0.0
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    rest: float = 0.0
    way: str = "line"


def difference(index: Index, of: str, to: str, element: str = "") -> Shares:
    """What makes unit ``to`` differ from unit ``of`` (labels as in `Data.labels`, so in a panel
    also the same unit in another year). Raises `UnitUnknown`."""
    table = index.steps["normalised"]
    first, last = row_of(table, of), row_of(table, to)
    code = element or index.structure.root.code
    start, end = table.values[first], table.values[last]
    if not _methods(index, code) & COMPARING:
        return between(index, start, end, code)
    return _beside_others(index, code, start, last, float(index.score(code)[first]))


def contributions(index: Index, label: str, element: str = "") -> Shares:
    """What makes a unit's score, counted from the mean unit of the table. Raises `UnitUnknown`."""
    table, code = index.steps["normalised"], element or index.structure.root.code
    row = row_of(table, label)
    own = table.values[row]
    there = ~np.isnan(table.values)
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, table.values, 0.0).sum(axis=0) / count
    mean = np.where(np.isnan(own), np.nan, mean)
    if not _methods(index, code) & COMPARING:
        return between(index, mean, own, code)
    return _beside_others(index, code, mean, row, None)


def composition(index: Index, label: str, element: str = "") -> Shares:
    """What a unit's score is made of, counted from nothing: value times slope, which adds up to the
    score for every mean (Euler), and is weight times value for arithmetic ones. Raises
    `UnitUnknown`; `RecipeInvalid` for methods that are no means."""
    table, code = index.steps["normalised"], element or index.structure.root.code
    row = table.values[[row_of(table, label)]]
    if not _methods(index, code) <= SMOOTH:
        _refuse_to_decompose(index, code)
    values = np.where(np.isnan(row), 0.0, row * slopes(index, row, code))[0]
    return Shares(code, table.columns, values, float(index.score(code)[row_of(table, label)]))


def between(index: Index, start: Floats, end: Floats, element: str = "") -> Shares:
    """Shares of the difference between two rows of normalised values. Raises `RecipeInvalid` for
    methods that compare units: then a row alone has no score."""
    code = element or index.structure.root.code
    methods = _methods(index, code)
    if methods & COMPARING:
        _refuse_to_decompose(index, code)
    both = ~np.isnan(start) & ~np.isnan(end)
    first, last = np.where(both, start, np.nan), np.where(both, end, np.nan)
    score = scores_of(index, np.stack([start, end, first, last]), code)
    total, common = float(score[1] - score[0]), float(score[3] - score[2]) if both.any() else 0.0
    smooth = methods <= SMOOTH
    if smooth:
        values = _along_the_line(index, code, first, last)
    else:
        values = _in_orders(first, last, lambda rows: scores_of(index, rows, code))
    # What is left of the numerical integration goes where the movement is.
    gap, moved = common - values.sum(), np.abs(values).sum()
    values = values + gap * np.abs(values) / moved if moved else values
    return _told(index, code, start, end, Shares(
        code, index.steps["normalised"].columns, values, total, total - common,
        way="line" if smooth else "orders",
    ))  # fmt: skip


def strengths(
    index: Index, label: str, *, count: int = 5, codes: Sequence[str] = ()
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The indicators (or ``codes``) where the unit ranks best and worst, with its ranks; of ties
    those that weigh more in the index come first, then by code. Raises `UnitUnknown`."""
    row = row_of(index.scores, label)
    heavy = effective(index.structure, index.weights)
    ranked = [(c, float(index.rank(c)[row])) for c in codes or index.structure.codes]
    there = [(c, r) for c, r in ranked if not np.isnan(r)]
    best = sorted(there, key=lambda p: (p[1], -heavy[p[0]], p[0]))[:count]
    worst = sorted(there, key=lambda p: (-p[1], -heavy[p[0]], p[0]))[:count]
    return best, worst


def _along_the_line(index: Index, code: str, first: Floats, last: Floats) -> Floats:
    """Slopes along the line times movement, by Gauss and Legendre's points."""
    nodes, weights = np.polynomial.legendre.leggauss(POINTS)
    move = np.where(np.isnan(first), 0.0, last - first)
    rows = first + (nodes[:, None] + 1) / 2 * move
    return np.asarray((weights[:, None] / 2 * slopes(index, rows, code)).sum(axis=0) * move)


def _in_orders(first: Floats, last: Floats, scores: Callable[[Floats], Floats]) -> Floats:
    """Mean of what each indicator adds when they take their new values one after another."""
    moving = np.flatnonzero(~np.isnan(first) & (first != last))
    if not moving.size:
        return np.zeros(len(first))
    random = np.random.default_rng(len(moving))
    half = [random.permutation(moving) for _ in range(ORDERS // 2)]
    orders = [*half, *(order[::-1] for order in half)]
    steps = len(moving) + 1
    rows = np.tile(first, (len(orders), steps, 1))
    for number, order in enumerate(orders):
        for place, column in enumerate(order, start=1):
            rows[number, place:, column] = last[column]
    found = scores(rows.reshape(-1, len(first))).reshape(len(orders), steps)
    values = np.zeros(len(first))
    for number, order in enumerate(orders):
        values[order] += np.diff(found[number]) / len(orders)
    return values


def _beside_others(
    index: Index, code: str, start: Floats, row: int, origin: float | None
) -> Shares:
    """Shares where units are compared: the unit of ``row`` takes the values of ``start``, then its
    own, all others as they are. ``origin``: the score that the start really had."""
    table = index.steps["normalised"]
    end = table.values[row]

    def scores(rows: Floats) -> Floats:
        found = []
        for each in rows:
            values = table.values.copy()
            values[row] = each
            found.append(float(_columns(index, table.with_values(values))[code][row]))
        return np.array(found)

    both = ~np.isnan(start) & ~np.isnan(end)
    first, last = np.where(both, start, np.nan), np.where(both, end, np.nan)
    values = _in_orders(first, last, scores)
    began, finished = scores(np.stack([start, end]))
    total = finished - (began if origin is None else origin)
    rest = 0.0 if origin is None else began - origin
    return _told(index, code, start, end, Shares(
        code, table.columns, values, float(total), float(total - rest - values.sum()),
        rest=float(rest), way="orders",
    ))  # fmt: skip


def _told(index: Index, code: str, start: Floats, end: Floats, shares: Shares) -> Shares:
    """With the names of what only one side has (below the element)."""
    below = set(index.structure.under(code))
    new, lost = np.isnan(start) & ~np.isnan(end), np.isnan(end) & ~np.isnan(start)

    def names(which: Flags) -> tuple[str, ...]:
        pairs = zip(shares.codes, which, strict=True)
        return tuple(c for c, is_so in pairs if is_so and c in below)

    return Shares(
        shares.element, shares.codes, shares.values, shares.total, shares.regime, names(new),
        names(lost), shares.rest, shares.way,
    )  # fmt: skip


def scores_of(index: Index, rows: Floats, code: str) -> Floats:
    """Scores of rows of normalised values, each on its own, by the rules of ``index``."""
    labels = tuple(f"row {r}" for r in range(len(rows)))
    return _columns(index, Data(labels, index.steps["normalised"].columns, rows))[code]


def _columns(index: Index, data: Data) -> dict[str, Floats]:
    return aggregated_columns(data, index.structure, index.recipe, _weights(index))


def _weights(index: Index) -> dict[str, Floats]:
    return {code: np.array(weight) for code, weight in index.weights.items()}


def _methods(index: Index, code: str) -> set[str]:
    """The methods of an element and all groups below it."""
    return {
        index.recipe.aggregation(each.code, each.level).method
        for each in index.structure.aggregates
        if code in index.structure.path(each.code)
    }


def _refuse_to_decompose(index: Index, code: str) -> None:
    raise RecipeInvalid(
        key=f"aggregate ({code})", found=", ".join(sorted(_methods(index, code))),
        reason=Text("不是均值类方法，单独一行没有可分解的得分",
                    "it is no mean, so values alone have no score to share out"),
        expected=", ".join(sorted(SMOOTH)),
    )  # fmt: skip
