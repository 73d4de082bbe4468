"""Looking at the data of an index before and after it is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.building import Index, build
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.shape import kurtosis, skew
from qiantang.engine.index.structure import Element, Structure
from qiantang.engine.index.weighing import correlations


@dataclass(frozen=True, slots=True)
class Statistics:
    """One column: count, ends, centre, spread, shape; ``availability`` is a share of rows."""

    column: str
    count: int
    availability: float
    zeros: int
    unique: int
    minimum: float
    maximum: float
    mean: float
    median: float
    deviation: float
    skew: float
    kurtosis: float


@dataclass(frozen=True, slots=True)
class Flag:
    """Two indicators of one group whose correlation needs a look."""

    one: str
    other: str
    correlation: float
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Principal components: share of variance each, and loadings ``[indicator, component]``, each
    component turned so that its loadings sum to 0 or more."""

    codes: tuple[str, ...]
    shares: Floats
    loadings: Floats


def statistics(data: Data) -> tuple[Statistics, ...]:
    """One line a column; a column without any value has NaN figures and says so by its count."""
    shapes = zip(skew(data.values), kurtosis(data.values), strict=True)
    found = []
    for column, values, (s, k) in zip(data.columns, data.values.T, shapes, strict=True):
        there = values[~np.isnan(values)]
        ends = (there.min(), there.max(), there.mean(), np.median(there)) if there.size else ()
        low, high, mean, middle = (float(v) for v in ends) if ends else (np.nan,) * 4
        found.append(
            Statistics(
                column, int(there.size), there.size / max(len(values), 1), int((there == 0).sum()),
                len(np.unique(there)), low, high, mean, middle,
                float(there.std(ddof=1)) if there.size > 1 else np.nan, float(s), float(k),
            )
        )  # fmt: skip
    return tuple(found)


def flags(index: Index, *, high: float = 0.9, low: float = -0.4) -> tuple[Flag, ...]:
    """Pairs within a group that say nearly the same (``redundant``) or pull against each other
    (``opposed``), on the normalised values."""
    found = []
    matrix = correlations(index.scores.values)
    for parent in index.structure.aggregates:
        codes = [c.code for c in index.structure.children(parent.code)]
        for i, one in enumerate(codes):
            for other in codes[i + 1 :]:
                r = float(matrix[index.scores.at(one), index.scores.at(other)])
                if r >= high or r <= low:
                    found.append(Flag(one, other, r, "redundant" if r >= high else "opposed"))
    return tuple(sorted(found, key=lambda f: -abs(f.correlation)))


def cronbach(values: Floats) -> float:
    """Alpha from pairwise covariances: k/(k-1) x off-diagonal sum / total. NaN for one column."""
    count = values.shape[1]
    if count < 2:
        return float("nan")
    matrix = _covariances(values)
    total = matrix.sum()
    return float(count / (count - 1) * (total - np.trace(matrix)) / total) if total else np.nan


def components(data: Data) -> Components:
    """From pairwise correlations, so that a gap does not drop the row."""
    shares, vectors = np.linalg.eigh(correlations(data.values))
    order = np.argsort(-shares)
    loadings = vectors[:, order] * np.sqrt(np.maximum(shares[order], 0))
    turned = loadings * np.where(loadings.sum(axis=0) < 0, -1, 1)
    return Components(data.columns, shares[order] / len(shares), turned)


def clusters(values: Floats, count: int) -> tuple[int, ...]:
    """Ward's hierarchical clusters of rows (complete values); the number of each row's cluster,
    counted in the order of first appearance."""
    groups = [[row] for row in range(len(values))]
    while len(groups) > count:
        means = np.array([values[g].mean(axis=0) for g in groups])
        sizes = np.array([len(g) for g in groups], dtype=float)
        apart = ((means[:, None, :] - means[None, :, :]) ** 2).sum(axis=2)
        cost = apart * (sizes[:, None] * sizes[None, :]) / (sizes[:, None] + sizes[None, :])
        cost[np.tril_indices(len(groups))] = np.inf
        one, other = (int(i) for i in np.unravel_index(int(np.argmin(cost)), cost.shape))
        groups[one] += groups.pop(other)
    owner = {row: number for number, rows in enumerate(groups) for row in rows}
    seen: dict[int, int] = {}
    return tuple(seen.setdefault(owner[row], len(seen)) for row in range(len(values)))


@dataclass(frozen=True, slots=True, eq=False)
class Without:
    """The index without one element: its ranks, and the mean absolute shift against the whole."""

    code: str
    ranks: Floats
    shift: float


def leave_out(
    data: Data, structure: Structure, recipe: Recipe, codes: Sequence[str] = ()
) -> tuple[Without, ...]:
    """Build the index without each of ``codes`` (all indicators unless given), largest shift
    first. A group that loses its last child goes too."""
    whole = build(data, structure, recipe)
    rank = dict(zip(_labels(whole.scores), whole.rank(structure.root.code), strict=True))
    found = []
    for code in codes or structure.codes:
        less = pruned(structure, code)
        built = build(data, less, recipe.fitted(less))
        at = dict(zip(_labels(built.scores), built.rank(less.root.code), strict=True))
        ranks = np.array([at.get(label, np.nan) for label in rank])
        shift = float(np.nanmean(np.abs(ranks - np.array(list(rank.values())))))
        found.append(Without(code, ranks, shift))
    return tuple(sorted(found, key=lambda w: -w.shift))


def pruned(structure: Structure, code: str) -> Structure:
    """The structure without an element, what is below it, and groups that this leaves empty."""
    gone = {code}
    kept: tuple[Element, ...] = structure.elements
    while True:
        kept = tuple(e for e in kept if e.code not in gone and e.parent not in gone)
        parents = {e.parent for e in kept}
        empty = {e.code for e in kept if e.level > 1 and e.code not in parents}
        if not empty and not any(e.parent in gone for e in kept):
            break
        gone = empty
    return Structure(kept, structure.size_columns, structure.group_columns, structure.file)


def _labels(data: Data) -> list[str]:
    return [data.label(row) for row in range(len(data.units))]


def _covariances(values: Floats) -> Floats:
    there = ~np.isnan(values)
    known = np.where(there, values, 0.0)
    both = there.astype(float)
    n = both.T @ both
    mean = (known.T @ both) / n
    return np.asarray(((known.T @ known) / n - mean * mean.T) * n / np.maximum(n - 1, 1))
