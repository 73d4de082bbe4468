"""Imputation of missing cells; every filled cell stays marked, with the method that filled it.

Cross-section methods look along the column, the row or at similar units, in a panel among the rows
of the same year unless told otherwise; panel methods look along the years of the same unit. A cell
that a method cannot fill goes to the method named in ``then``, or stays missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.estimating import drawn, expected
from qiantang.engine.index.histories import last_value, linear
from qiantang.engine.index.normalising import Scale, normalise
from qiantang.engine.index.structure import Structure


@dataclass(frozen=True, slots=True)
class Imputation:
    """How cells are filled. ``group``: column of the group methods; ``neighbours`` of the nearest
    units; ``reach``: how many years a last value or an end is carried (0: any number); ``ends``:
    the linear method carries a unit's first and last figure outwards; ``by_year``: cross-section
    methods look at the same year only; ``then``: method for what is left; ``rounds`` of the
    expectation-maximisation, ``draws`` and ``seed`` of multiple imputation."""

    method: str = "none"
    group: str = ""
    neighbours: int = 3
    reach: int = 0
    ends: bool = False
    by_year: bool = True
    then: str = ""
    rounds: int = 100
    draws: int = 20
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """The filled table; ``filled`` is true where a cell was filled, ``method`` says by which of
    `METHODS` (-1 where by none)."""

    values: Floats
    filled: Flags
    method: NDArray[np.int8]


Filler = Callable[[Data, Structure, Imputation], Floats]


def unfilled(data: Data) -> Imputed:
    """The table as it is."""
    shape = data.values.shape
    return Imputed(data.values, np.zeros(shape, dtype=bool), np.full(shape, -1, dtype=np.int8))


def impute(
    data: Data, structure: Structure, how: Imputation, only: Mapping[str, Imputation] | None = None
) -> Imputed:
    """Fill what is missing in the indicators of ``data``; ``only`` has the settings of single
    ones."""
    done = unfilled(data)
    if not np.isnan(data.values).any():
        return done
    values, method = data.values.copy(), done.method
    hows = [(only or {}).get(code, how) for code in data.columns]
    for own in dict.fromkeys(hows):
        columns = [place for place, each in enumerate(hows) if each == own]
        for name in (own.method, own.then):
            gaps = np.isnan(values[:, columns])
            if name in ("", "none") or not gaps.any():
                continue
            found = _filling(data.with_values(values), structure, own, name)[:, columns]
            fresh = gaps & ~np.isnan(found)
            values[:, columns] = np.where(fresh, found, values[:, columns])
            method[:, columns] = np.where(fresh, METHODS.index(name), method[:, columns])
    return Imputed(values, method >= 0, method)


def _filling(data: Data, structure: Structure, how: Imputation, name: str) -> Floats:
    """What the method would write into each cell; NaN where it has nothing."""
    if name in ALONG_YEARS:
        return ALONG_YEARS[name](data, how.reach, how.ends)
    method = ACROSS_UNITS[name]
    if not data.times or not how.by_year:
        return method(data, structure, how)
    found, years = np.empty(data.values.shape), np.array(data.times)
    for year in sorted(set(data.times)):
        found[years == year] = method(data.kept(years == year), structure, how)
    return found


def _by_column(centre: Callable[[Floats], float]) -> Filler:
    def fill(data: Data, structure: Structure, how: Imputation) -> Floats:
        return np.broadcast_to(_centres(data.values, centre), data.values.shape)

    return fill


def _by_group(centre: Callable[[Floats], float]) -> Filler:
    def fill(data: Data, structure: Structure, how: Imputation) -> Floats:
        labels = np.array(data.groups[how.group])
        found = np.full(data.values.shape, np.nan)
        for label in sorted(set(labels) - {""}):
            found[labels == label] = _centres(data.values[labels == label], centre)
        return found

    return fill


def _centres(values: Floats, centre: Callable[[Floats], float]) -> Floats:
    """One figure a column, of the cells that are there; NaN where there is none."""
    there = ~np.isnan(values)
    return np.array(
        [centre(column[known]) if known.any() else np.nan
         for column, known in zip(values.T, there.T, strict=True)]
    )  # fmt: skip


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
    there = ~np.isnan(scaled)
    known = np.where(there, scaled, 0.0)
    rows = np.flatnonzero(np.isnan(data.values).any(axis=1))
    both = there[rows].astype(float) @ there.T
    apart = (known[rows] ** 2) @ there.T + there[rows] @ (known**2).T - 2 * known[rows] @ known.T
    # Rounded, so that equally near units stay equally near whatever their order.
    far = np.divide(apart, both, out=np.full(both.shape, np.inf), where=both > 0).round(12)
    far[np.arange(len(rows)), rows] = np.inf
    found = np.full(data.values.shape, np.nan)
    for place, row in enumerate(rows):
        order = np.argsort(far[place], kind="stable")
        order = order[np.isfinite(far[place, order])]
        for column in np.flatnonzero(np.isnan(data.values[row])):
            near = order[~np.isnan(data.values[order, column])][: how.neighbours]
            if near.size:
                found[row, column] = data.values[near, column].mean()
    return found


def _common_scale(data: Data, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """Directed values from 0 to 1, with what puts them back: low end and range."""
    directions = np.array([e.direction for e in structure.indicators])
    directed = data.values * directions
    scaled = np.stack([normalise(column, 1, _UNIT) for column in directed.T], axis=1)
    low, high = _centres(directed, np.min), _centres(directed, np.max)
    return scaled, low, high - low


_UNIT: Final = Scale(low=0.0, high=1.0)
ACROSS_UNITS: Final[Mapping[str, Filler]] = {
    "mean": _by_column(np.mean),
    "median": _by_column(np.median),
    "group-mean": _by_group(np.mean),
    "group-median": _by_group(np.median),
    "row": _by_row,
    "nearest": _by_neighbours,
    "em": lambda data, structure, how: expected(data.values, how.rounds),
    "multiple": lambda data, structure, how: drawn(
        data.values, how.rounds, how.draws, how.seed
    ),
}  # fmt: skip
ALONG_YEARS: Final[Mapping[str, Callable[[Data, int, bool], Floats]]] = {
    "last-value": lambda data, reach, ends: last_value(data, reach),
    "linear": linear,
}
METHODS: Final = (*ACROSS_UNITS, *ALONG_YEARS)
