"""Means of a group's children: the methods that let children pay for each other, more or less.

A value that a mean cannot take is refused with the unit's name, never turned into a number.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import ValueForbids, WeightsUnfit
from qiantang.engine.index.group import Group
from qiantang.kernel.text import Text

ABOVE_ZERO: Final = Text(
    "所有数值须大于 0；请把归一化区间的下限改为大于 0（如 1 至 100）。",
    "All values must be above 0; let the normalised range start above 0, as 1 to 100.",
)
NOT_NEGATIVE: Final = Text(
    "数值不得为负；请改用不含负值的归一化（如均值 100、标准差 10 的 z 分数）。",
    "No value may be negative; normalise without negatives, as z-scores with mean 100 and sd 10.",
)


def _dot(values: Floats, weights: Floats) -> Floats:
    """``sum(values x weights)`` over the children. Many weight sets go over one table in one
    pass; every cell adds up in the same order, so that equal units stay tied."""
    if weights.ndim == 1:
        return np.asarray((values * weights).sum(axis=-1))
    if weights.ndim == 2 and values.ndim == 2:
        return np.asarray(np.einsum("sc,cr->sr", weights, np.ascontiguousarray(values.T)))
    return np.asarray(np.einsum("...rc,...c->...r", values, weights))


def _mean(group: Group, values: Floats) -> Floats:
    """Weighted mean of ``values`` (made from the group's) over the children that are there."""
    gaps = np.isnan(group.values)
    if not gaps.any():
        return _dot(values, group.weights)
    total = _dot((~gaps).astype(float), group.weights)
    found = _dot(np.where(gaps, 0.0, values), group.weights)
    return np.asarray(np.divide(found, total, out=np.full(total.shape, np.nan), where=total > 0))


def arithmetic(group: Group) -> Floats:
    return _mean(group, group.values)


def geometric(group: Group) -> Floats:
    values = _demanded(group, "geometric", open_end=True)
    return np.asarray(np.exp(_mean(group, np.log(values))))


def harmonic(group: Group) -> Floats:
    values = _demanded(group, "harmonic", open_end=True)
    return np.asarray(1 / _mean(group, 1 / values))


def generalised(group: Group) -> Floats:
    power = group.how.power
    if power == 0:
        return geometric(group)
    values = _demanded(group, "generalised", open_end=power < 0)
    # Counted from the end that decides, so that no power overflows or vanishes.
    there = np.where(np.isnan(group.values), np.nan, values)
    end = np.fmax.reduce(there, axis=-1) if power > 0 else np.fmin.reduce(there, axis=-1)
    end = np.where(end > 0, end, 1.0)
    return np.asarray(_mean(group, (values / end[..., None]) ** power) ** (1 / power) * end)


def median(group: Group) -> Floats:
    """Weighted median: half of the weight on either side; the middle of two when it is even."""
    order = np.argsort(np.where(np.isnan(group.values), np.inf, group.values), axis=1)
    values = np.take_along_axis(group.values, order, axis=1)
    heaped = np.cumsum(np.take_along_axis(group.shares(), order, axis=1), axis=1)
    rows = np.arange(len(values))
    low = values[rows, np.argmax(heaped >= 0.5 - 1e-12, axis=1)]
    high = values[rows, np.argmax(heaped > 0.5 + 1e-12, axis=1)]
    return np.asarray((low + high) / 2)


def mazziotta_pareto(group: Group) -> Floats:
    """M -/+ S x cv over standardised children (De Muro, Mazziotta & Pareto 2011)."""
    shares, values = group.shares(), _demanded(group, "mazziotta-pareto", open_end=False)
    mean = (values * shares).sum(axis=-1)
    spread = np.sqrt((shares * (values - mean[..., None]) ** 2).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        penalty = np.where(mean == 0, 0.0, spread * spread / mean)
    return np.asarray(mean - penalty if group.how.positive else mean + penalty)


def ordered(group: Group) -> Floats:
    """OWA (Yager 1988): weights go by the order of the values, the highest first. Where children
    are missing the weights are read off the same cumulative curve at fewer points (Yager 1996)."""
    size = group.values.shape[1]
    fit = len(group.how.order) == size and min(group.how.order) >= 0 and sum(group.how.order) > 0
    if not fit:
        raise WeightsUnfit(
            group=group.code,
            reason=Text(f"有序加权给了 {list(group.how.order)}",
                        f"OWA was given {list(group.how.order)}"),
            expected=Text(f"应给 {size} 个不小于 0 的数，由高到低，不全为 0。",
                          f"Give {size} of 0 or more, for the highest value first, not all 0."),
        )  # fmt: skip
    falling = -np.sort(-np.where(np.isnan(group.values), -np.inf, group.values), axis=1)
    curve = np.concatenate([[0.0], np.cumsum(group.how.order)]) / sum(group.how.order)
    by_count = np.array([_read_off(curve, count) for count in range(size + 1)])
    weights = by_count[(~np.isnan(group.values)).sum(axis=1)]
    return np.asarray((np.where(np.isfinite(falling), falling, 0.0) * weights).sum(axis=1))


def _read_off(curve: Floats, count: int) -> Floats:
    """Weights of ``count`` ordered values; 0 for the places that are not there."""
    size = len(curve) - 1
    points = np.interp(np.arange(count + 1) / max(count, 1), np.arange(size + 1) / size, curve)
    return np.concatenate([np.diff(points), np.zeros(size - count)])


def _demanded(group: Group, method: str, *, open_end: bool) -> Floats:
    """The values, all above 0 (or 0 too, unless ``open_end``); 1 where one is missing, or has no
    weight and cannot matter."""
    low = (group.values <= 0) if open_end else (group.values < 0)
    bad = low & (group.weights[..., None, :] > 0)
    if not bad.any():
        return np.where(low | np.isnan(group.values), 1.0, group.values)
    row, column = (int(i) for i in np.argwhere(bad)[0][-2:])
    found = np.broadcast_to(group.values, bad.shape)[tuple(np.argwhere(bad)[0])]
    name = {"geometric": Text("几何平均", "The geometric mean"),
            "harmonic": Text("调和平均", "The harmonic mean"),
            "generalised": Text("广义平均", "The generalised mean"),
            "mazziotta-pareto": Text("Mazziotta-Pareto 法", "Mazziotta-Pareto"),
            }[method]  # fmt: skip
    raise ValueForbids(
        method=name, unit=group.units[row], column=group.children[column],
        found=float(found),
        expected=ABOVE_ZERO if open_end else NOT_NEGATIVE,
    )  # fmt: skip
