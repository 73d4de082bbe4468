"""Panel imputation: gaps filled from other years of the same unit, whatever the order of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.data import Data, Floats

Places = NDArray[np.int64]


def last_value(data: Data, reach: int = 0) -> Floats:
    """The unit's latest earlier figure, at most ``reach`` years old (0: of any age)."""
    order, values, years = _ordered(data)
    before = _before(values, _starts(data, order))
    found = _at(values, before)
    if reach:
        found = np.where(years[:, None] - _at(years, before) <= reach, found, np.nan)
    return _put_back(found, order)


def linear(data: Data, reach: int = 0, ends: bool = False) -> Floats:
    """On the line between the unit's figures on both sides. Beyond its first and last figure:
    nothing, or with ``ends`` that figure, carried at most ``reach`` years (0: any number)."""
    order, values, years = _ordered(data)
    starts = _starts(data, order)
    before, after = _before(values, starts), _after(values, starts)
    left, right = _at(values, before), _at(values, after)
    from_year, to_year = _at(years, before), _at(years, after)
    now = years[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = left + (right - left) * (now - from_year) / (to_year - from_year)
    if ends:
        end = np.where(before < 0, right, left)
        far = np.abs(now - np.where(before < 0, to_year, from_year))
        near = far <= reach if reach else ~np.isnan(far)
        found = np.where(np.isnan(found) & near, end, found)
    return _put_back(found, order)


def _ordered(data: Data) -> tuple[Places, Floats, Floats]:
    """Rows by unit, then by year: their places, values and years."""
    times = np.array(data.times or [0] * len(data.units))
    number = {unit: n for n, unit in enumerate(dict.fromkeys(data.units))}
    order = np.lexsort((times, np.array([number[u] for u in data.units])))
    return order, data.values[order], times[order].astype(float)


def _starts(data: Data, order: Places) -> Places:
    """For every ordered row the place where its unit begins."""
    units = np.array(data.units, dtype=object)[order]
    fresh = np.concatenate([[True], units[1:] != units[:-1]])
    return np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))


def _before(values: Floats, starts: Places) -> Places:
    """Place of the unit's latest figure up to each cell; -1 where there is none."""
    places = np.where(np.isnan(values), -1, np.arange(len(values))[:, None])
    found = np.maximum.accumulate(places, axis=0)
    return np.where(found >= starts[:, None], found, -1)


def _after(values: Floats, starts: Places) -> Places:
    """Place of the unit's next figure from each cell on; -1 where there is none."""
    last = len(values) - 1
    places = np.where(np.isnan(values), last + 1, np.arange(len(values))[:, None])
    found = np.minimum.accumulate(places[::-1], axis=0)[::-1]
    same = (found <= last) & (starts[np.minimum(found, last)] == starts[:, None])
    return np.where(same, found, -1)


def _at(values: Floats, places: Places) -> Floats:
    """The figures at ``places``; NaN where there is no place."""
    if values.ndim == 1:
        picked = values[places]
    else:
        picked = np.take_along_axis(values, np.maximum(places, 0), axis=0)
    return np.where(places < 0, np.nan, picked)


def _put_back(found: Floats, order: Places) -> Floats:
    back = np.empty(found.shape)
    back[order] = found
    return back
