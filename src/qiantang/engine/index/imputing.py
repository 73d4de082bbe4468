"""Imputation of missing cells; every filled cell stays marked for ever.

Cross-section methods look along the column, the row or at similar units; panel methods along the
years of the same unit. A cell that a method cannot fill stays missing and is not marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.normalising import Scale, normalise
from qiantang.engine.index.structure import Structure


@dataclass(frozen=True, slots=True)
class Imputation:
    """``group``: column of the group methods; ``neighbours`` of the nearest units; ``reach``: how
    many years a last value is carried (0: any number); ``seed`` of the random methods."""

    method: str = "none"
    group: str = ""
    neighbours: int = 3
    reach: int = 0
    rounds: int = 100
    draws: int = 20
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """The filled table, and True where a cell was filled."""

    values: Floats
    filled: Flags


RIDGE: Final = 0.01

Filler = Callable[[Data, Structure, Imputation], Floats]


def impute(data: Data, structure: Structure, how: Imputation) -> Imputed:
    """Fill what is missing in the indicators of ``data``."""
    gaps = np.isnan(data.values)
    if not gaps.any() or how.method == "none":
        return Imputed(data.values, np.zeros_like(gaps))
    found = METHODS[how.method](data, structure, how)
    values = np.where(gaps, found, data.values)
    return Imputed(values, gaps & ~np.isnan(values))


def _by_column(centre: Callable[[Floats], float]) -> Filler:
    def fill(data: Data, structure: Structure, how: Imputation) -> Floats:
        return np.broadcast_to(
            [_centre(data.values[:, c], centre) for c in range(data.values.shape[1])],
            data.values.shape,
        )

    return fill


def _by_group(centre: Callable[[Floats], float]) -> Filler:
    def fill(data: Data, structure: Structure, how: Imputation) -> Floats:
        labels = np.array(data.groups[how.group])
        found = np.full(data.values.shape, np.nan)
        for label in sorted(set(labels) - {""}):
            rows = labels == label
            part = data.values[rows]
            found[rows] = [_centre(part[:, c], centre) for c in range(part.shape[1])]
        return found

    return fill


def _centre(column: Floats, centre: Callable[[Floats], float]) -> float:
    there = column[~np.isnan(column)]
    return float(centre(there)) if there.size else np.nan


def _by_row(data: Data, structure: Structure, how: Imputation) -> Floats:
    """The unit's mean over the indicators of the same group, on a common scale, put back."""
    scaled, low, reach = _common_scale(data, structure)
    found = np.full(data.values.shape, np.nan)
    for parent in {e.parent for e in structure.indicators}:
        columns = [i for i, e in enumerate(structure.indicators) if e.parent == parent]
        part = scaled[:, columns]
        count = (~np.isnan(part)).sum(axis=1)
        total = np.nansum(part, axis=1)
        means = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
        found[:, columns] = means[:, None]
    directions = np.array([e.direction for e in structure.indicators])
    return np.asarray((found * reach + low) * directions)


def _by_neighbours(data: Data, structure: Structure, how: Imputation) -> Floats:
    """Mean of the units that are nearest over the indicators both have (root mean square)."""
    scaled, _, _ = _common_scale(data, structure)
    found = np.full(data.values.shape, np.nan)
    for row in np.flatnonzero(np.isnan(data.values).any(axis=1)):
        apart = (scaled - scaled[row]) ** 2
        both = (~np.isnan(apart)).sum(axis=1)
        far = np.divide(np.nansum(apart, axis=1), both, out=np.full(len(both), np.inf),
                        where=both > 0)  # fmt: skip
        far[row] = np.inf
        order = np.argsort(far, kind="stable")
        for column in np.flatnonzero(np.isnan(data.values[row])):
            near = [
                r for r in order if np.isfinite(far[r]) and not np.isnan(data.values[r, column])
            ]
            if near:
                found[row, column] = data.values[near[: how.neighbours], column].mean()
    return found


def _by_em(data: Data, structure: Structure, how: Imputation) -> Floats:
    """Expected values under a normal model, by expectation-maximisation."""
    values = data.values
    centre, spread = _standard(values)
    estimate, _, _ = _em((values - centre) / spread, how.rounds)
    return np.asarray(estimate * spread + centre)


def _by_multiple(data: Data, structure: Structure, how: Imputation) -> Floats:
    """Mean of ``draws`` draws from the normal model's conditional distribution (Rubin 1987)."""
    centre, spread = _standard(data.values)
    scaled = (data.values - centre) / spread
    estimate, _, covariance = _em(scaled, how.rounds)
    random = np.random.default_rng(how.seed)
    for row in np.flatnonzero(np.isnan(scaled).any(axis=1)):
        gap = np.isnan(scaled[row])
        rest = covariance[np.ix_(gap, gap)] - _pull(covariance, gap) @ covariance[np.ix_(~gap, gap)]
        noise = random.multivariate_normal(
            np.zeros(int(gap.sum())), (rest + rest.T) / 2, size=how.draws, check_valid="ignore"
        )
        estimate[row, gap] += noise.mean(axis=0)
    return np.asarray(estimate * spread + centre)


def _em(scaled: Floats, rounds: int) -> tuple[Floats, Floats, Floats]:
    """Filled table, mean and covariance of a normal model; a little ridge keeps it solvable when
    there are more indicators than units."""
    filled = np.where(np.isnan(scaled), 0.0, scaled)
    gaps = np.isnan(scaled)
    size = scaled.shape[1]
    mean, covariance = filled.mean(axis=0), np.cov(filled.T, ddof=0) + np.eye(size) * RIDGE
    for _ in range(rounds):
        before, extra = filled.copy(), np.zeros((size, size))
        for row in np.flatnonzero(gaps.any(axis=1)):
            gap = gaps[row]
            pull = _pull(covariance, gap)
            filled[row, gap] = mean[gap] + pull @ (scaled[row, ~gap] - mean[~gap])
            extra[np.ix_(gap, gap)] += (
                covariance[np.ix_(gap, gap)] - pull @ covariance[np.ix_(~gap, gap)]
            )
        mean = filled.mean(axis=0)
        covariance = (np.cov(filled.T, ddof=0) * len(filled) + extra) / len(filled)
        covariance = covariance + np.eye(size) * RIDGE
        if np.abs(filled - before).max() < 1e-8:
            break
    return filled, mean, covariance


def _pull(covariance: Floats, gap: Flags) -> Floats:
    """Regression of what is missing on what is there."""
    known = covariance[np.ix_(~gap, ~gap)]
    return np.asarray(np.linalg.solve(known, covariance[np.ix_(~gap, gap)]).T)


def _standard(values: Floats) -> tuple[Floats, Floats]:
    spread = np.nanstd(values, axis=0)
    return np.nanmean(values, axis=0), np.where(spread > 0, spread, 1.0)


def _common_scale(data: Data, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """Directed values from 0 to 1, with what puts them back: low end and range."""
    directions = np.array([e.direction for e in structure.indicators])
    directed = data.values * directions
    scaled = np.stack(
        [normalise(directed[:, c], 1, _UNIT) for c in range(directed.shape[1])], axis=1
    )
    low = np.array([_centre(directed[:, c], np.min) for c in range(directed.shape[1])])
    high = np.array([_centre(directed[:, c], np.max) for c in range(directed.shape[1])])
    return scaled, low, high - low


def _last_value(data: Data, structure: Structure, how: Imputation) -> Floats:
    """The unit's latest earlier figure, at most ``reach`` years old."""
    found = np.full(data.values.shape, np.nan)
    for rows, years in _histories(data):
        for column in range(data.values.shape[1]):
            series = data.values[rows, column]
            for here in np.flatnonzero(np.isnan(series)):
                before = np.flatnonzero(~np.isnan(series[:here]))
                if before.size and (not how.reach or years[here] - years[before[-1]] <= how.reach):
                    found[rows[here], column] = series[before[-1]]
    return found


def _linear(data: Data, structure: Structure, how: Imputation) -> Floats:
    """On the line between the unit's years on both sides; nothing beyond its first and last."""
    found = np.full(data.values.shape, np.nan)
    for rows, years in _histories(data):
        for column in range(data.values.shape[1]):
            series = data.values[rows, column]
            there = ~np.isnan(series)
            if there.sum() >= 2:
                line = np.interp(years, years[there], series[there], left=np.nan, right=np.nan)
                found[rows, column] = line
    return found


def _histories(data: Data) -> list[tuple[np.ndarray, np.ndarray]]:
    """For every unit its rows in order of time, with their years; input order does not matter."""
    years = np.array(data.times or [0] * len(data.units))
    found: dict[str, list[int]] = {}
    for row, unit in enumerate(data.units):
        found.setdefault(unit, []).append(row)
    ordered = [np.array(sorted(rows, key=lambda r: years[r])) for rows in found.values()]
    return [(rows, years[rows]) for rows in ordered]


_UNIT: Final = Scale(low=0.0, high=1.0)
METHODS: Final[Mapping[str, Filler]] = {
    "mean": _by_column(np.mean),
    "median": _by_column(np.median),
    "group-mean": _by_group(np.mean),
    "group-median": _by_group(np.median),
    "row": _by_row,
    "nearest": _by_neighbours,
    "em": _by_em,
    "multiple": _by_multiple,
    "last-value": _last_value,
    "linear": _linear,
}
