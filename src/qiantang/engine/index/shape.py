"""Skewness and kurtosis as spreadsheets and the handbook's pass test compute them.

Bias-corrected G1 and G2 (Joanes & Gill 1998), missing cells left out, one figure a column.
"""

from __future__ import annotations

import numpy as np

from qiantang.engine.index.data import Floats


def skew(values: Floats) -> Floats:
    """G1 per column; NaN below three values, or where nothing varies."""
    return shape(values)[0]


def kurtosis(values: Floats) -> Floats:
    """Excess G2 per column; NaN below four values, or where nothing varies."""
    return shape(values)[1]


def shape(values: Floats) -> tuple[Floats, Floats]:
    """`skew` and `kurtosis`."""
    n, m2, m3, m4 = _moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        g1 = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        g2 = ((n + 1) * (m4 / m2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    varies = m2 > 0
    return np.where((n > 2) & varies, g1, np.nan), np.where((n > 3) & varies, g2, np.nan)


def fits(skewness: float, excess: float, skew_limit: float, kurtosis_limit: float) -> bool:
    """The pass test: |skewness| or kurtosis lies below its limit; so does a column with neither."""
    if np.isnan(skewness) or np.isnan(excess):
        return True
    return abs(skewness) < skew_limit or excess < kurtosis_limit


def _moments(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Count and central moments, in units of the largest value's power of two: the shape is the
    same and no power overflows."""
    there = ~np.isnan(values)
    n = there.sum(axis=0).astype(float)
    known = np.where(there, values, 0.0)
    largest = np.abs(known).max(axis=0, initial=0.0)
    known = np.ldexp(known, 1 - np.frexp(largest)[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = known.sum(axis=0) / n
        apart = np.where(there, known - mean, 0.0)
        second = apart * apart
        m2 = second.sum(axis=0) / n
        # What is only the noise of rounding is no variation.
        m2 = np.where(m2 <= (np.abs(mean) * 1e-14) ** 2, 0.0, m2)
        m3 = (second * apart).sum(axis=0) / n
        m4 = (second * second).sum(axis=0) / n
    return n, m2, m3, m4
