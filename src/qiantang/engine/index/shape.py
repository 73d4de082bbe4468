"""Skewness and kurtosis as spreadsheets and the handbook's pass test compute them.

Bias-corrected G1 and G2 (Joanes & Gill 1998), missing cells left out, one figure a column.
"""

from __future__ import annotations

import numpy as np

from qiantang.engine.index.data import Flags, Floats


def skew(values: Floats) -> Floats:
    """G1 per column; NaN below three values, or where nothing varies."""
    n, m2, m3, _ = _moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    return np.where((n > 2) & (m2 > 0), found, np.nan)


def kurtosis(values: Floats) -> Floats:
    """Excess G2 per column; NaN below four values, or where nothing varies."""
    n, m2, _, m4 = _moments(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        g2 = m4 / m2**2 - 3
        found = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)
    return np.where((n > 3) & (m2 > 0), found, np.nan)


def passes(values: Floats, skew_limit: float = 2.0, kurtosis_limit: float = 3.5) -> Flags:
    """True where |skewness| or kurtosis lies below its limit; so does a column with neither."""
    s, k = skew(values), kurtosis(values)
    found: Flags = (np.abs(s) < skew_limit) | (k < kurtosis_limit) | np.isnan(s) | np.isnan(k)
    return found


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
