"""Looking at the data of an index before and after it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.correlating import matrix
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.errors import ValueForbids
from qiantang.engine.index.shape import kurtosis, skew
from qiantang.engine.index.structure import Structure
from qiantang.kernel.text import Text


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


def cronbach(values: Floats) -> float:
    """Alpha from pairwise covariances: k/(k-1) x off-diagonal sum / total, over the columns that
    have figures. NaN for one column."""
    values = values[:, ~np.isnan(values).all(axis=0)]
    count = values.shape[1]
    if count < 2:
        return float("nan")
    matrix = _covariances(values)
    total = matrix.sum()
    return float(count / (count - 1) * (total - np.trace(matrix)) / total) if total else np.nan


def alphas(index: Index) -> Mapping[str, float]:
    """Cronbach's alpha of every group, on the scores of its children."""
    return {
        parent.code: cronbach(
            index.scores.picked([c.code for c in index.structure.children(parent.code)]).values
        )
        for parent in index.structure.aggregates
    }


def components(data: Data) -> Components:
    """From pairwise correlations, so that a gap does not drop the row; a column that does not
    vary correlates with nothing."""
    found, _ = matrix(data.values, data.values)
    whole = np.where(np.isnan(found), 0.0, found)
    np.fill_diagonal(whole, 1.0)
    shares, vectors = np.linalg.eigh(whole)
    order = np.argsort(-shares)
    loadings = vectors[:, order] * np.sqrt(np.maximum(shares[order], 0))
    turned = loadings * np.where(loadings.sum(axis=0) < 0, -1, 1)
    return Components(data.columns, shares[order] / len(shares), turned)


@dataclass(frozen=True, slots=True)
class Availability:
    """How much of a unit's data is there: all indicators, and by group of the tree."""

    unit: str
    share: float
    groups: Mapping[str, float]


def availability(data: Data, structure: Structure) -> tuple[Availability, ...]:
    """One line a row of ``data``; by column see `statistics`, by year `panels.availability`."""
    there = ~np.isnan(data.picked(structure.codes).values)
    at = {code: place for place, code in enumerate(structure.codes)}
    below = {g.code: [at[c] for c in structure.under(g.code)] for g in structure.aggregates}
    by_group = {code: there[:, places].mean(axis=1) for code, places in below.items()}
    whole = there.mean(axis=1)
    return tuple(
        Availability(label, float(whole[row]), {c: float(v[row]) for c, v in by_group.items()})
        for row, label in enumerate(data.labels)
    )


def clusters(values: Floats, count: int) -> tuple[int, ...]:
    """Ward's (1963) hierarchical clusters of rows; the number of each row's cluster, counted in
    the order of first appearance. Distances between clusters are carried on from merge to merge
    (Lance & Williams 1967). Raises `ValueForbids` at a missing cell."""
    gaps = np.argwhere(np.isnan(values))
    if gaps.size:
        raise ValueForbids(
            method=Text("聚类", "Clustering"), unit=f"#{gaps[0][0] + 1}",
            column=f"#{gaps[0][1] + 1}", found="-",
            expected=Text("请先补缺。", "Impute first."),
        )  # fmt: skip
    rows = len(values)
    owner, sizes = np.arange(rows), np.ones(rows)
    apart = ((values[:, None, :] - values[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    for _ in range(rows - count):
        one, other = sorted(int(i) for i in divmod(int(np.argmin(apart)), rows))
        near, a, b = apart[one, other], sizes[one], sizes[other]
        with np.errstate(invalid="ignore"):
            joined = ((a + sizes) * apart[one] + (b + sizes) * apart[other] - sizes * near) / (
                a + b + sizes
            )
        joined[np.isinf(apart[one]) | np.isinf(apart[other])] = np.inf
        apart[one], apart[:, one] = joined, joined
        apart[other], apart[:, other] = np.inf, np.inf
        sizes[one] += b
        owner[owner == other] = one
    seen: dict[int, int] = {}
    return tuple(seen.setdefault(int(each), len(seen)) for each in owner)


def _covariances(values: Floats) -> Floats:
    """Sample covariances, each pair over the rows that have both; columns are moved near zero
    first, so that large means lose no digits."""
    there = ~np.isnan(values)
    middle = np.where(there, values, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    known = np.where(there, values - middle, 0.0)
    both = there.astype(float)
    n = both.T @ both
    mean = np.divide(known.T @ both, n, out=np.zeros(n.shape), where=n > 0)
    return np.asarray((known.T @ known - n * mean * mean.T) / np.maximum(n - 1, 1))
