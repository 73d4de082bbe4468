"""Weights of the children of one group, by the method that the recipe names.

Given numbers, people's judgement, or a computation over the normalised children. Computed shares
sum to 1; a child that does not vary gets none from the data; a number that the recipe gives for a
child stands whatever the method. Every group keeps how its weights came about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from qiantang.engine.index import optimising, weighing
from qiantang.engine.index.data import Flags, Floats
from qiantang.engine.index.errors import WeightsUnfit
from qiantang.engine.index.judging import Judgement, allocated, compared
from qiantang.engine.index.weighing import Weights
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the children of a group are weighed.

    ``low``/``high`` bound each computed share; ``influence`` is what balance aims at, by child
    (equal unless given); ``keep`` the least eigenvalue of a factor; ``judgements`` are the judges
    of the AHP; ``allocations`` the experts' budgets, by child.
    """

    method: str = "given"
    low: float = 0.0
    high: float = 1.0
    keep: float = 1.0
    influence: Mapping[str, float] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
    allocations: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """What a method sees: the group's code, its children with their given weights, and their
    columns ``values[row, child]`` (without columns where the method needs none)."""

    group: str
    codes: tuple[str, ...]
    given: Floats
    values: Floats
    how: Weighing


@dataclass(frozen=True, slots=True, eq=False)
class GroupWeights:
    """How a group was weighed. ``shares`` sum to 1 in the order of ``codes``; ``details`` by name
    (consistency ratio, share of variance, ...); ``notes`` say what was corrected."""

    group: str
    method: str
    codes: tuple[str, ...]
    shares: Floats
    details: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()


def weigh(group: Children, fixed: Mapping[str, float]) -> tuple[Floats, GroupWeights]:
    """The weights of a group's children, and how they came about. ``fixed`` numbers stand whatever
    the method. Raises `WeightsUnfit`, naming the group."""
    try:
        found = _found(group)
    except WeightsUnfit as error:
        told = error.fields
        raise WeightsUnfit(
            group=group.group, reason=told["reason"], expected=told["expected"]
        ) from None
    weights = np.array([fixed.get(c, w) for c, w in zip(group.codes, found.values, strict=True)])
    total = weights.sum()
    shares = weights / total if total > 0 else np.full(len(weights), np.nan)
    stands = [c for c in group.codes if c in fixed and group.how.method != "given"]
    notes = (*found.notes, *(_stands(c) for c in stands))
    method = group.how.method
    return weights, GroupWeights(group.group, method, group.codes, shares, found.details, notes)


def _found(group: Children) -> Weights:
    method = group.how.method
    _check_influence(group)
    if method in FROM_DATA and len(group.codes) > 1:
        return _from_varying(group, FROM_DATA[method])
    if method in FROM_DATA:
        return weighing.equal(1)
    return WITHOUT_DATA[method](group)


def _from_varying(group: Children, method: Callable[[Children], Weights]) -> Weights:
    """The method over the children that vary: the others tell no units apart."""
    alive = _varies(group.values)
    if not alive.any():
        weighing.refuse_flat()
    codes = tuple(c for c, a in zip(group.codes, alive, strict=True) if a)
    part = Children(group.group, codes, group.given[alive], group.values[:, alive], group.how)
    found = method(part) if len(codes) > 1 else weighing.equal(1)
    values = np.zeros(len(group.codes))
    values[alive] = found.values
    flat = tuple(
        Text(f"“{c}”没有差异，权重记为 0。", f'"{c}" does not vary: its weight is 0.')
        for c, a in zip(group.codes, alive, strict=True) if not a
    )  # fmt: skip
    return Weights(values, found.details, (*flat, *found.notes))


def _varies(values: Floats) -> Flags:
    there = ~np.isnan(values)
    high = np.where(there, values, -np.inf).max(axis=0)
    low = np.where(there, values, np.inf).min(axis=0)
    return np.asarray(high - low > 1e-12 * np.maximum(np.abs(high), np.abs(low)))


def _stands(code: str) -> Text:
    return Text(f"“{code}”采用给定的权重。", f'"{code}" has the weight that was given.')


def _balance(group: Children) -> Weights:
    wanted = [group.how.influence.get(code, 1.0) for code in group.codes]
    return optimising.balanced(group.values, wanted, low=group.how.low, high=group.how.high)


def _check_influence(group: Children) -> None:
    for code in group.how.influence:
        if code not in group.codes:
            weighing.refuse(
                Text(f"influence 中的“{code}”不在组内",
                     f'"{code}" of influence is not in the group'),
                Text(f"组内为：{'、'.join(group.codes)}。",
                     f"The group has: {', '.join(group.codes)}."),
            )  # fmt: skip


FROM_DATA: Final[Mapping[str, Callable[[Children], Weights]]] = {
    "entropy": lambda g: weighing.entropy(g.values),
    "critic": lambda g: weighing.critic(g.values),
    "principal-component": lambda g: weighing.principal(g.values, g.codes),
    "factor-analysis": lambda g: weighing.factors(g.values, g.how.keep, g.codes),
    "balance": _balance,
    "information": lambda g: optimising.informative(g.values, low=g.how.low, high=g.how.high),
    "benefit-of-the-doubt": lambda g: optimising.common(
        g.values, low=g.how.low, high=g.how.high
    ),
}  # fmt: skip
"""Methods that look at the normalised children."""
WITHOUT_DATA: Final[Mapping[str, Callable[[Children], Weights]]] = {
    "given": lambda g: Weights(g.given),
    "equal": lambda g: weighing.equal(len(g.codes)),
    "ahp": lambda g: compared(g.how.judgements, g.codes),
    "budget-allocation": lambda g: allocated(g.how.allocations, g.codes),
}
METHODS: Final = (*WITHOUT_DATA, *FROM_DATA)
