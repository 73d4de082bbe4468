"""Weights from data or from people's judgement, for the children of one group.

Every method gives weights of 0 or more that sum to 1, in the order of the columns given; what a
method had to correct (negative loadings, an inconsistent judgement) is said beside the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import WeightsUnfit
from qiantang.engine.index.structure import Structure
from qiantang.kernel.text import Text

RANDOM_INDEX: Final = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip
"""Consistency of random judgements for 1 to 15 items (Saaty 1980)."""
CONSISTENT_BELOW: Final = 0.1
EXPLAINED: Final = 0.6
"""The share of variance that the components kept should explain together (OECD/JRC 2008, 6.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """``values`` per child, ``details`` by name (consistency ratio, share of variance, ...)."""

    values: Floats
    details: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()


def equal(count: int) -> Weights:
    return Weights(np.full(count, 1 / count))


def entropy(values: Floats) -> Weights:
    """More weight to what tells units apart (Shannon). ``values`` are normalised, 0 or more."""
    _demand_positive(values)
    there = ~np.isnan(values)
    total = np.nansum(values, axis=0)
    share = np.where(
        there & (total > 0), np.where(there, values, 0.0) / np.where(total, total, 1), 0
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        disorder = -np.where(share > 0, share * np.log(share), 0.0).sum(axis=0)
    count = there.sum(axis=0)
    spread = 1 - disorder / np.log(np.maximum(count, 2))
    return _to_one(np.where(total > 0, np.maximum(spread, 0.0), 0.0))


def critic(values: Floats) -> Weights:
    """Contrast times conflict: sd x sum(1 - r) (Diakoulaki et al. 1995)."""
    spread = np.nanstd(values, axis=0, ddof=1)
    conflict = (1 - correlations(values)).sum(axis=0)
    return _to_one(spread * conflict)


def principal(values: Floats, names: Sequence[str] = ()) -> Weights:
    """Squared loadings of the first component, which is turned so that most children load on it
    upwards; a child that runs against it gets no weight. That is said with its loading, and so is
    a component that explains less than `EXPLAINED` of the variance."""
    matrix = correlations(values)
    shares, vectors = np.linalg.eigh(matrix)
    loading = vectors[:, -1]
    loading = (loading if loading.sum() >= 0 else -loading) * np.sqrt(shares[-1])
    found, variance = _to_one(np.where(loading > 0, loading**2, 0.0)), shares[-1] / len(matrix)
    against = _named(np.flatnonzero(loading < -1e-9), loading, names)
    return Weights(found.values, {"variance": float(variance)}, _component_notes(variance, against))


def factors(values: Floats, keep_above: float = 1.0, names: Sequence[str] = ()) -> Weights:
    """Rotated factors (varimax) with eigenvalue above ``keep_above``: squared loadings, each child
    in the factor where it loads most, factors weighed by their variance (Nicoletti et al. 2000). A
    child that runs against the others of its factor gets no weight. That is said with its loading,
    and so are factors that explain less than `EXPLAINED` of the variance together."""
    matrix = correlations(values)
    shares, vectors = np.linalg.eigh(matrix)
    kept = max(int((shares > keep_above).sum()), 1)
    loadings = vectors[:, -kept:] * np.sqrt(shares[-kept:])
    rotated = _varimax(loadings)
    squared = rotated**2
    best = squared.argmax(axis=1)
    loading = rotated[np.arange(len(best)), best]
    turn = np.sign(np.bincount(best, loading))[best]
    loading = np.where(turn == 0, np.abs(loading), loading * turn)
    found = _to_one(np.where(loading >= 0, loading**2, 0.0))
    variance = float(shares[-kept:].sum() / len(matrix))
    against = _named(np.flatnonzero(loading < 0), loading, names)
    details = {"factors": float(kept), "variance": variance}
    return Weights(found.values, details, _component_notes(variance, against, kept))


def _named(places: Iterable[int], loadings: Floats, names: Sequence[str]) -> dict[str, float]:
    """Loadings by the names of the children at ``places``; by their number without names."""
    return {names[i] if names else str(i + 1): float(loadings[i]) for i in map(int, places)}


def _component_notes(
    variance: float, against: Mapping[str, float], count: int = 1
) -> tuple[Text, ...]:
    """What speaks against weights from components; nothing where they explain enough and every
    child runs along."""
    if variance >= EXPLAINED and not against:
        return ()
    zh, en = ("第一主成分", "The first component explains")
    if count > 1:
        zh, en = f"{count} 个因子合计", f"The {count} factors explain together"
    said = Text(f"{zh}解释 {variance:.0%} 的方差", f"{en} {variance:.0%} of the variance")
    if variance < EXPLAINED:
        said = Text(
            f"{said.zh}，低于建议的 {EXPLAINED:.0%}，权重代表不了这一组",
            f"{said.en}, below the {EXPLAINED:.0%} that is advised: its weights stand for little "
            "of the group",
        )
    if against:
        listed = ", ".join(f'"{name}" ({loading:.2f})' for name, loading in against.items())
        zh = "、".join(f"“{name}”（{loading:.2f}）" for name, loading in against.items())
        said = Text(
            f"{said.zh}；{zh} 的载荷为负，权重记为 0，请检查方向",
            f"{said.en}; {listed} load negatively and weigh 0: check their directions",
        )
    return (Text(f"{said.zh}。", f"{said.en}."),)


def judged(matrices: Sequence[Floats], importance: Sequence[float] = ()) -> Weights:
    """AHP (Saaty 1980): pairwise judgements, several judges joined by the geometric mean.

    A matrix that is not reciprocal is refused; a consistency ratio of 0.1 or more is said."""
    for matrix in matrices:
        _check_judgement(matrix)
    trust = np.array(importance or [1.0] * len(matrices), dtype=float)
    joined = np.exp(np.einsum("j,jab->ab", trust / trust.sum(), np.log(np.stack(matrices))))
    roots, vectors = np.linalg.eig(joined)
    top = int(np.argmax(roots.real))
    size = len(joined)
    index = (roots[top].real - size) / (size - 1) if size > 1 else 0.0
    expected = RANDOM_INDEX[min(size, len(RANDOM_INDEX)) - 1]
    ratio = float(index / expected) if expected else 0.0
    note = Text(
        f"一致性比率为 {ratio:.3f}，应小于 0.1，请复核判断。",
        f"The consistency ratio is {ratio:.3f}; it should be below 0.1: review them.",
    )
    found = _to_one(np.abs(vectors[:, top].real))
    notes = (note,) if ratio >= CONSISTENT_BELOW else ()
    return Weights(found.values, {"consistency_ratio": max(ratio, 0.0)}, notes)


def budget(allocations: Floats) -> Weights:
    """Mean of experts' allocations ``[expert, child]``, each of which sums to the same budget."""
    sums = allocations.sum(axis=1)
    if (allocations < 0).any() or not np.allclose(sums, sums[0]):
        worst = int(np.argmax(np.abs(sums - np.median(sums))))
        refuse(
            Text(f"第 {worst + 1} 位专家分配了 {sums[worst]:g}",
                 f"expert {worst + 1} allocated {sums[worst]:g}"),
            Text("每位专家分配的总和须相同，且不为负数。",
                 "All allocations must have the same sum, without negative points."),
        )  # fmt: skip
    found = _to_one(allocations.mean(axis=0))
    spread = allocations.std(axis=0, ddof=1).max() / sums[0] if len(sums) > 1 else 0.0
    return Weights(found.values, {"largest_spread": float(spread)})


def refuse(reason: Text, expected: Text) -> NoReturn:
    """Say why there are no weights; who knows the group names it."""
    raise WeightsUnfit(group="-", reason=reason, expected=expected)


def refuse_flat() -> NoReturn:
    refuse(
        Text("没有任何差异可用于赋权", "nothing varies, so nothing can weigh"),
        Text("请改用等权或给定权重。", "Use equal or given weights."),
    )


def effective(structure: Structure, given: Mapping[str, float] | None = None) -> dict[str, float]:
    """Share of every element in the index: the product of its shares in its groups up the tree."""
    own = {e.code: (given or {}).get(e.code, e.weight) for e in structure.elements}
    found = {structure.root.code: 1.0}
    for parent in reversed(structure.aggregates):
        children = structure.children(parent.code)
        total = sum(own[c.code] for c in children)
        for child in children:
            share = own[child.code] / total if total else 0.0
            found[child.code] = found[parent.code] * share
    return found


def correlations(values: Floats) -> Floats:
    """Pearson, each pair over the units that have both; 0 where one does not vary."""
    there = ~np.isnan(values)
    known = np.where(there, values, 0.0)
    both = there.astype(float)
    n = both.T @ both
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (known.T @ both) / n
        cross = (known.T @ known) / n - mean * mean.T
        second = ((known**2).T @ both) / n - mean**2
        found = cross / np.sqrt(second * second.T)
    found = np.where(np.isfinite(found), np.clip(found, -1, 1), 0.0)
    np.fill_diagonal(found, 1.0)
    return found


def _varimax(loadings: Floats, rounds: int = 200) -> Floats:
    """Kaiser's rotation."""
    rows, columns = loadings.shape
    turn, before = np.eye(columns), 0.0
    for _ in range(rounds):
        turned = loadings @ turn
        target = turned**3 - turned * (turned**2).sum(axis=0) / rows
        left, strength, right = np.linalg.svd(loadings.T @ target)
        turn = left @ right
        if strength.sum() < before * (1 + 1e-10):
            break
        before = strength.sum()
    return np.asarray(loadings @ turn)


def _check_judgement(matrix: Floats) -> None:
    bad = np.argwhere(~np.isclose(matrix * matrix.T, 1.0, rtol=1e-3) | (matrix <= 0))
    if matrix.shape[0] != matrix.shape[1] or bad.size:
        row, column = (int(i) + 1 for i in bad[0]) if bad.size else (1, 1)
        refuse(
            Text(f"第 {row} 行第 {column} 列与其对称格不互为倒数",
                 f"row {row}, column {column} is not the reciprocal of its twin"),
            Text("判断矩阵须为正，且 a[i,j] × a[j,i] = 1。",
                 "Judgements are positive, and a[i,j] x a[j,i] = 1."),
        )  # fmt: skip


def _demand_positive(values: Floats) -> None:
    if np.nanmin(values) < 0:
        refuse(
            Text("熵权法遇到负值", "entropy met a negative value"),
            Text("请用下限不小于 0 的归一化。", "Normalise to a range from 0 up."),
        )


def _to_one(raw: Floats) -> Weights:
    total = raw.sum()
    if not total > 0:
        refuse_flat()
    return Weights(raw / total)
