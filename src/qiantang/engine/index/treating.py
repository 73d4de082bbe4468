"""Treatment of outliers: winsorise while the shape fails the test, then a transformation.

Every changed cell is recorded. The log keeps the direction of the tail: a column skewed to the
left is mirrored first, which plain logarithms make worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.shape import fits, shape, skew

Transform = Callable[[Floats], Floats]
Shape = tuple[float, float]
"""Skewness and kurtosis."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one column is treated. ``points``: winsorise at most so many; ``then``: transformation
    when the test still fails ("" for none), on the values as they came unless ``of_winsorised``."""

    points: int = 5
    then: str = "log"
    skew: float = 2.0
    kurtosis: float = 3.5
    of_winsorised: bool = False


@dataclass(frozen=True, slots=True)
class Treated:
    """What was done to one column. ``cells`` maps a row to what happened to it; ``still_fails``
    says that the column is outside the test even after treatment; ``year`` is set where the years
    of a panel are treated apart."""

    column: str
    before: Shape
    after: Shape
    winsorised: int = 0
    transformed: str = ""
    still_fails: bool = False
    cells: Mapping[int, str] = field(default_factory=dict)
    year: int | None = None


def treat(
    values: Floats, column: str, how: Treatment, before: Shape | None = None
) -> tuple[Floats, Treated]:
    """One column treated. ``values`` is left as it is; ``before`` is its shape, if known."""
    before = before or _shape(values)
    if _ok(before, how):
        return values, Treated(column, before, before)
    clipped, after, cells = _winsorised(values, before, how)
    if _ok(after, how) or not how.then:
        done = Treated(column, before, after, len(cells), "", not _ok(after, how), cells)
        return clipped, done
    source = clipped if how.of_winsorised else values
    result = TRANSFORMS[how.then](source)
    after, kept = _shape(result), cells if how.of_winsorised else {}
    return result, Treated(column, before, after, len(kept), how.then, not _ok(after, how), kept)


def _winsorised(
    values: Floats, before: Shape, how: Treatment
) -> tuple[Floats, Shape, dict[int, str]]:
    """Pull the farthest cells on the longer side to the next value, until the test passes or
    ``points`` are spent. A tie at the end moves as one, so the last step may pass ``points``."""
    result, now = values.copy(), before
    cells: dict[int, str] = {}
    while not _ok(now, how) and len(cells) < how.points:
        high = now[0] >= 0
        end = np.nanmax(result) if high else np.nanmin(result)
        inner = result[result < end] if high else result[result > end]
        if not inner.size:
            break
        moved = np.flatnonzero(result == end)
        result[moved] = inner.max() if high else inner.min()
        cells.update({int(row): "winsorised high" if high else "winsorised low" for row in moved})
        now = _shape(result)
    return result, now, cells


def log(values: Floats) -> Floats:
    """ln(x - min + 1 % of the range), mirrored where the tail is on the left."""
    return log_right(values) if skew(values[:, None])[0] > 0 else log_left(values)


def log_right(values: Floats) -> Floats:
    low, reach = np.nanmin(values), np.nanmax(values) - np.nanmin(values)
    return np.asarray(np.log(values - low + 0.01 * reach))


def log_left(values: Floats) -> Floats:
    high, reach = np.nanmax(values), np.nanmax(values) - np.nanmin(values)
    return np.asarray(-np.log(high + 0.01 * reach - values))


def log_one(values: Floats) -> Floats:
    """ln(x - min + 1), the older form."""
    return np.asarray(np.log(values - np.nanmin(values) + 1))


def log_report(values: Floats) -> Floats:
    """The Global Innovation Index's form: ln((max m - 1)(x - min)/(max - min) + 1), which keeps
    the range's ends in order for any unit of measure; m is the largest value, at least e."""
    low, high = np.nanmin(values), np.nanmax(values)
    factor = max(float(high), float(np.e)) - 1
    return np.asarray(np.log(factor * (values - low) / (high - low) + 1))


def box_cox(values: Floats) -> Floats:
    """Box and Cox (1964) with the exponent from -2 to 2 that makes skewness smallest."""
    shifted = values - np.nanmin(values) + 0.01 * (np.nanmax(values) - np.nanmin(values))
    grid = np.linspace(-2, 2, 401)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        tried = np.stack([_power(shifted, float(exponent)) for exponent in grid], axis=1)
    shapes = np.abs(skew(tried))
    return np.asarray(tried[:, int(np.nanargmin(shapes))])


def _power(values: Floats, exponent: float) -> Floats:
    if abs(exponent) < 1e-9:
        return np.asarray(np.log(values))
    return np.asarray((values**exponent - 1) / exponent)


TRANSFORMS: Final[Mapping[str, Transform]] = {
    "log": log,
    "log-right": log_right,
    "log-left": log_left,
    "log-one": log_one,
    "log-report": log_report,
    "box-cox": box_cox,
}


def _ok(found: Shape, how: Treatment) -> bool:
    return fits(*found, how.skew, how.kurtosis)


def _shape(values: Floats) -> Shape:
    skewness, excess = shape(values[:, None])
    return float(skewness[0]), float(excess[0])
