"""Aggregation of one group: children's columns and weights become one column.

Missing children are dropped and the other weights rescaled, unless fewer than the asked share is
there. Values that a mean cannot take are refused with the unit's name, never turned into a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import ValueForbids, WeightsUnfit
from qiantang.engine.index.ordering import copeland, kemeny_young, outranking_score, topsis
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How children become their parent.

    ``power`` of the generalised mean; ``positive``: penalty of Mazziotta-Pareto is subtracted
    (True) or added; ``order``: weights of OWA from the highest value down; ``share``: least share
    of children that must be there (0: one is enough).
    """

    method: str = "arithmetic"
    power: float = 1.0
    positive: bool = True
    order: tuple[float, ...] = ()
    share: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What a method sees: ``values[..., row, child]`` and ``weights[..., child]`` (sum 1), where
    the leading axis counts weight sets that are computed together; names for errors."""

    values: Floats
    weights: Floats
    code: str
    children: tuple[str, ...]
    units: tuple[str, ...]
    how: Aggregation


Method = Callable[[Group], Floats]


def aggregate(group: Group) -> Floats:
    """``[..., row]`` for the parent. Raises `WeightsUnfit`, `ValueForbids`."""
    total = group.weights.sum(axis=-1, keepdims=True)
    if not (total > 0).all():
        raise WeightsUnfit(
            group=group.code,
            reason=Text("之和为 0", "they sum to 0"),
            expected=Text("请至少给一个下级大于 0 的权重。", "Give one child a weight above 0."),
        )
    even = replace(group, weights=group.weights / total)
    method = METHODS[group.how.method]
    found = method(even) if group.how.method in TOGETHER else _one_by_one(even, method)
    there = (~np.isnan(group.values)).mean(axis=-1)
    # A weight of zero takes a child out of the sum, not out of what must be there.
    return np.where((there == 0) | (there < group.how.share), np.nan, found)


def _one_by_one(group: Group, method: Method) -> Floats:
    """Methods that look at all units of one set at once."""
    if group.weights.ndim == 1 and group.values.ndim == 2:
        return method(group)
    sets = np.broadcast_shapes(group.weights.shape[:-1], group.values.shape[:-2])
    weights = np.broadcast_to(group.weights, (*sets, group.weights.shape[-1]))
    values = np.broadcast_to(group.values, (*sets, *group.values.shape[-2:]))
    return np.stack(
        [method(replace(group, values=v, weights=w)) for v, w in zip(values, weights, strict=True)]
    )


def _shares(group: Group) -> Floats:
    """Weights per row: rescaled over what is there."""
    weights = np.where(np.isnan(group.values), 0.0, group.weights[..., None, :])
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(
        np.divide(weights, total, out=np.full(weights.shape, np.nan), where=total > 0)
    )


def _filled(group: Group) -> Floats:
    """Values with a harmless number where one is missing: its share is zero."""
    return np.where(np.isnan(group.values), 1.0, group.values)


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


def _arithmetic(group: Group) -> Floats:
    return _mean(group, group.values)


def _geometric(group: Group) -> Floats:
    values = _demanded(group, "geometric", open_end=True)
    return np.asarray(np.exp(_mean(group, np.log(values))))


def _harmonic(group: Group) -> Floats:
    values = _demanded(group, "harmonic", open_end=True)
    return np.asarray(1 / _mean(group, 1 / values))


def _generalised(group: Group) -> Floats:
    power = group.how.power
    if power == 0:
        return _geometric(group)
    values = _demanded(group, "generalised", open_end=power < 0)
    return np.asarray(_mean(group, values**power) ** (1 / power))


def _median(group: Group) -> Floats:
    """Weighted median: half of the weight on either side; the middle of two when it is even."""
    order = np.argsort(np.where(np.isnan(group.values), np.inf, group.values), axis=1)
    values = np.take_along_axis(group.values, order, axis=1)
    heaped = np.cumsum(np.take_along_axis(_shares(group), order, axis=1), axis=1)
    rows = np.arange(len(values))
    low = values[rows, np.argmax(heaped >= 0.5 - 1e-12, axis=1)]
    high = values[rows, np.argmax(heaped > 0.5 + 1e-12, axis=1)]
    return np.asarray((low + high) / 2)


def _mazziotta_pareto(group: Group) -> Floats:
    """M -/+ S x cv over standardised children (De Muro, Mazziotta & Pareto 2011)."""
    shares, values = _shares(group), _filled(group)
    mean = (values * shares).sum(axis=-1)
    spread = np.sqrt((shares * (values - mean[..., None]) ** 2).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        penalty = np.where(mean == 0, 0.0, spread * spread / mean)
    return np.asarray(mean - penalty if group.how.positive else mean + penalty)


def _ordered(group: Group) -> Floats:
    """OWA (Yager 1988): weights go by the order of the values, the highest first."""
    if len(group.how.order) != group.values.shape[1]:
        raise WeightsUnfit(
            group=group.code,
            reason=Text(f"有序加权给了 {len(group.how.order)} 个权重",
                        f"OWA was given {len(group.how.order)} weights"),
            expected=Text(f"应给 {group.values.shape[1]} 个，由高到低。",
                          f"Give {group.values.shape[1]}, for the highest value first."),
        )  # fmt: skip
    ordered = -np.sort(-np.where(np.isnan(group.values), -np.inf, group.values), axis=1)
    there = np.isfinite(ordered)
    weights = np.where(there, np.array(group.how.order, dtype=float), 0.0)
    total = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.where(there, ordered, 0.0) * weights).sum(axis=1) / total)


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
            "generalised": Text("广义平均", "The generalised mean")}[method]  # fmt: skip
    raise ValueForbids(
        method=name, unit=group.units[row], column=group.children[column],
        found=float(found),
        expected=Text(
            "所有数值须大于 0；请把归一化区间的下限改为大于 0（如 1 至 100）。",
            "All values must be above 0; let the normalised range start above 0, as 1 to 100.",
        ),
    )  # fmt: skip


METHODS: Final[Mapping[str, Method]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "generalised": _generalised,
    "median": _median,
    "mazziotta-pareto": _mazziotta_pareto,
    "owa": _ordered,
    "topsis": lambda g: topsis(g.values, g.weights),
    "copeland": lambda g: copeland(g.values, g.weights),
    "outranking": lambda g: outranking_score(g.values, g.weights),
    "kemeny-young": lambda g: kemeny_young(g.values, g.weights),
}
TOGETHER: Final = frozenset(
    {"arithmetic", "geometric", "harmonic", "generalised", "mazziotta-pareto"}
)
"""Methods that take many weight sets in one pass."""
