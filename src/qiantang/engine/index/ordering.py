"""Methods that order units by comparing them pair by pair, where one strength may not pay for
another weakness.

Missing cells say nothing: a pair is compared on the indicators that both units have, so results
do not depend on the order of rows. OECD/JRC Handbook, step 6; Munda (2008). The Kemeny order is in
`consensus`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats

DIGITS: Final = 12
"""Digits, of a column's largest value, in which two values must differ to be told apart."""


def outranking(values: Floats, weights: Floats) -> Floats:
    """``[i, j]``: weight share of indicators where i is above j, plus half of the ties; 0.5 where
    the two have nothing in common. The diagonal is 0.5."""
    units = len(values)
    balance, common = np.zeros((units, units)), np.zeros((units, units))
    for column, weight in zip(values.T, weights, strict=True):
        if weight == 0:
            continue
        # The sign of i against j; where one is missing it is neither.
        sign = _signs(column)
        if np.isnan(column).any():
            common += weight * ~np.isnan(sign)
            sign = np.nan_to_num(sign)
        else:
            common += weight
        balance += weight * sign
    share = np.divide(balance, common, out=np.zeros((units, units)), where=common > 0)
    return np.asarray((share + 1) / 2)


def _signs(column: Floats) -> Floats:
    """1 where i is above j, -1 below, 0 where they differ by the noise of rounding alone."""
    largest = np.nanmax(np.abs(column), initial=0.0)
    kept = np.round(column / largest, DIGITS) if largest > 0 else column
    return np.asarray(np.sign(kept[:, None] - kept[None, :]))


def copeland(values: Floats, weights: Floats) -> Floats:
    """Pairs won minus pairs lost."""
    matrix = outranking(values, weights)
    return np.asarray(
        (matrix > 0.5 + 1e-12).sum(axis=1) - (matrix < 0.5 - 1e-12).sum(axis=1), float
    )


def outranking_score(values: Floats, weights: Floats) -> Floats:
    """Mean share by which a unit is above the others, 0 to 1."""
    units = len(values)
    if units < 2:
        return np.full(units, np.nan)
    matrix = outranking(values, weights)
    return np.asarray((matrix.sum(axis=1) - 0.5) / (units - 1))


def topsis(values: Floats, weights: Floats) -> Floats:
    """Nearness to the best of every indicator against the worst (Hwang & Yoon 1981), 0 to 1."""
    length = np.sqrt(np.nansum(values**2, axis=0))
    scaled = values / np.where(length > 0, length, 1.0) * weights
    best = np.sqrt(np.nansum((scaled - np.nanmax(scaled, axis=0)) ** 2, axis=1))
    worst = np.sqrt(np.nansum((scaled - np.nanmin(scaled, axis=0)) ** 2, axis=1))
    total = best + worst
    return np.asarray(np.divide(worst, total, out=np.full(len(values), np.nan), where=total > 0))
