"""Screening: units with too little data, or too many zeros, are left out, and said to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Data, Flags, Floats


@dataclass(frozen=True, slots=True)
class Screening:
    """Least shares (0 to 1) of cells that are there, and of those that are not zero; units that
    stay or go whatever their data."""

    data_share: float = 2 / 3
    nonzero_share: float = 0.05
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """Per row: missing cells, zeros, both shares, and whether it is in."""

    missing: Floats
    zeros: Floats
    data_share: Floats
    nonzero_share: Floats
    included: Flags


def screen(data: Data, rule: Screening) -> Screened:
    """Judge the rows of ``data``; a share equal to the least one is enough."""
    gaps = np.isnan(data.values)
    size = data.values.shape[1]
    missing, zeros = gaps.sum(axis=1), (data.values == 0).sum(axis=1)
    there = size - missing
    data_share = there / size
    nonzero = np.divide(there - zeros, there, out=np.zeros(len(there)), where=there > 0)
    enough = (data_share >= rule.data_share) & (nonzero >= rule.nonzero_share)
    included = (enough | _among(data, rule.always)) & ~_among(data, rule.never)
    return Screened(missing.astype(float), zeros.astype(float), data_share, nonzero, included)


def _among(data: Data, units: Collection[str]) -> Flags:
    return np.array([u in units for u in data.units], dtype=bool)
