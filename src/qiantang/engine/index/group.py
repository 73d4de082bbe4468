"""A group of the tree as aggregation sees it, and how its children become their parent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Floats

Custom = Callable[[Floats, Floats], Floats]
"""``(values[row, child], weights[child]) -> [row]``; weights sum to 1, missing cells are NaN."""


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How children become their parent.

    ``power`` of the generalised mean; ``positive``: penalty of Mazziotta-Pareto is subtracted
    (True) or added; ``order``: weights of OWA from the highest value down; ``low``/``high`` bound
    each child's part of a score under benefit of the doubt; ``formula`` of the formula method;
    ``function`` of the custom method. ``missing``: a missing child is dropped and the other weights
    rescaled, makes the parent missing, or is refused; ``share``: least share of children that must
    be there (0: one is enough).
    """

    method: str = "arithmetic"
    power: float = 1.0
    positive: bool = True
    order: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 1.0
    formula: str = ""
    function: Custom | None = None
    missing: str = "drop"
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

    def shares(self) -> Floats:
        """Weights per row: rescaled over what is there."""
        weights = np.where(np.isnan(self.values), 0.0, self.weights[..., None, :])
        total = weights.sum(axis=-1, keepdims=True)
        return np.asarray(
            np.divide(weights, total, out=np.full(weights.shape, np.nan), where=total > 0)
        )


Method = Callable[[Group], Floats]
