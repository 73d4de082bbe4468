"""Which choice moves the result: Sobol indices, exact where the choices are finite.

First order: share of the variance that a factor explains alone. Total: share that is left when
all other factors are fixed. Saltelli et al. (2008); Jansen (1999) for the estimator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.uncertainty import Combinations, Factor


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
    output]``), without error."""
    sizes = [len(f.alternatives) for f in factors]
    cube = outputs.reshape(*sizes, *outputs.shape[1:])
    axes = tuple(range(len(sizes)))
    variance = cube.var(axis=axes)
    first, total = [], []
    for axis in axes:
        others = tuple(a for a in axes if a != axis)
        first.append(cube.mean(axis=others).var(axis=0))
        total.append(cube.var(axis=axis).mean(axis=tuple(range(len(sizes) - 1))))
    s, t = (_share(np.stack(part), variance) for part in (first, total))
    return Sobol(tuple(f.name for f in factors), s, t, variance, True, (s, s), (t, t))


def estimated(
    factors: Sequence[Factor], output: Callable[[Combinations], Floats], *, count: int, seed: int,
    resamples: int = 200,
) -> Sobol:  # fmt: skip
    """From ``count`` x (factors + 2) combinations, centred, with bounds from a bootstrap over
    the rows. ``output`` gives ``[combination]`` or ``[combination, output]``."""
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
    first, total, variance = _estimate(parts)
    again = [_estimate(parts[:, random.integers(count, size=count)])[:2] for _ in range(resamples)]
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
