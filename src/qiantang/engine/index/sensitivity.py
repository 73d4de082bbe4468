"""Which choice moves the result: Sobol indices, exact where the choices are finite.

First order: share of the variance that a factor explains alone. Total: share that is left when
all other factors are fixed. Saltelli et al. (2008); Jansen (1999) for the estimator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Flags, Floats
from qiantang.engine.index.uncertainty import Combinations, Factor

Axes = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sobol:
    """``[factor]`` or ``[factor, output]``; NaN where an output never moves. The bounds are those
    of the middle 95 % of bootstrap resamples, equal to the value where it is exact."""

    factors: tuple[str, ...]
    first: Floats
    total: Floats
    variance: Floats
    exact: bool
    first_bounds: tuple[Floats, Floats]
    total_bounds: tuple[Floats, Floats]


def exact(factors: Sequence[Factor], outputs: Floats) -> Sobol:
    """From the outputs of `uncertainty.everything` (``[combination]`` or ``[combination,
    output]``), without error. Where combinations failed (NaN), shares are those of the variance
    over the combinations that could be made, each counting once."""
    sizes = [len(f.alternatives) for f in factors]
    cube = outputs.reshape(*sizes, *outputs.shape[1:])
    axes = tuple(range(len(sizes)))
    there = ~np.isnan(cube)
    variance = _spread(cube, there, axes)
    first, total = [], []
    for axis in axes:
        others = tuple(a for a in axes if a != axis)
        first.append(_between(cube, there, others))
        total.append(_within(cube, there, axis, axes))
    s, t = (_share(np.stack(part), variance) for part in (first, total))
    return Sobol(tuple(f.name for f in factors), s, t, variance, True, (s, s), (t, t))


def _mean(values: Floats, there: Flags, axes: Axes) -> Floats:
    count = there.sum(axis=axes, keepdims=True)
    total = np.where(there, values, 0.0).sum(axis=axes, keepdims=True)
    return np.asarray(np.divide(total, count, out=np.zeros(total.shape), where=count > 0))


def _spread(values: Floats, there: Flags, axes: Axes) -> Floats:
    apart = np.where(there, values - _mean(values, there, axes), 0.0)
    count = np.maximum(there.sum(axis=axes), 1)
    return np.asarray((apart**2).sum(axis=axes) / count)


def _between(values: Floats, there: Flags, others: Axes) -> Floats:
    """Variance of a factor's conditional means, each weighed by how often it could be made."""
    every = tuple(range(len(others) + 1))
    apart = _mean(values, there, others) - _mean(values, there, every)
    count = there.sum(axis=others, keepdims=True)
    found = (count * apart**2).sum(axis=every) / np.maximum(there.sum(axis=every), 1)
    return np.asarray(found)


def _within(values: Floats, there: Flags, axis: int, axes: Axes) -> Floats:
    """Mean over the other choices of the variance that the factor makes there."""
    apart = np.where(there, values - _mean(values, there, (axis,)), 0.0)
    return np.asarray((apart**2).sum(axis=axes) / np.maximum(there.sum(axis=axes), 1))


def estimated(
    factors: Sequence[Factor], output: Callable[[Combinations], Floats], *, count: int, seed: int,
    resamples: int = 200,
) -> Sobol:  # fmt: skip
    """From ``count`` x (factors + 2) combinations, centred, with bounds from a bootstrap over
    the rows; a row in which any combination failed is left out. ``output`` gives
    ``[combination]`` or ``[combination, output]``."""
    random = np.random.default_rng(seed)
    sizes = [len(f.alternatives) for f in factors]
    a, b = (np.stack([random.integers(n, size=count) for n in sizes], axis=1) for _ in "ab")
    mixed = []
    for place in range(len(sizes)):
        each = a.copy()
        each[:, place] = b[:, place]
        mixed.append(each)
    results = output(np.concatenate([a, b, *mixed]))
    parts = results.reshape(len(sizes) + 2, count, *results.shape[1:])
    parts = parts[:, ~np.isnan(parts.reshape(len(parts), count, -1)).any(axis=(0, 2))]
    if not parts.shape[1]:
        raise ValueError("no row of combinations could be computed whole")
    first, total, variance = _estimate(parts)
    again = [
        _estimate(parts[:, random.integers(parts.shape[1], size=parts.shape[1])])[:2]
        for _ in range(resamples)
    ]
    low_s, high_s = np.nanpercentile([s for s, _ in again], [2.5, 97.5], axis=0)
    low_t, high_t = np.nanpercentile([t for _, t in again], [2.5, 97.5], axis=0)
    names = tuple(f.name for f in factors)
    return Sobol(names, first, total, variance, False, (low_s, high_s), (low_t, high_t))


def _estimate(parts: Floats) -> tuple[Floats, Floats, Floats]:
    a, b, mixed = parts[0], parts[1], parts[2:]
    variance = np.concatenate([a, b]).var(axis=0)
    centre = np.concatenate([a, b]).mean(axis=0)
    first = ((b - centre) * (mixed - a)).mean(axis=1)
    total = ((a - mixed) ** 2).mean(axis=1) / 2
    return _share(first, variance), _share(total, variance), variance


def _share(part: Floats, variance: Floats) -> Floats:
    shape = np.broadcast_shapes(part.shape, variance.shape)
    return np.asarray(np.divide(part, variance, out=np.full(shape, np.nan), where=variance > 1e-12))
