"""Which choice moves the result: Sobol indices, exact where the choices are finite and few.

First order: share of the variance that a factor explains alone. Total: share that is left when
all other factors are fixed. Saltelli et al. (2010) for the first order, centred; Jansen (1999)
for the total. Sampling: independent Latin hypercubes (McKay, Beckman & Conover 1979), whose
differences give the bounds by the jackknife (Tukey 1958).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.data import Flags, Floats
from qiantang.engine.index.factors import Factor
from qiantang.engine.index.workshop import Combinations

Axes = tuple[int, ...]
BLOCKS: Final = 16
"""Independent hypercubes of a sample."""
STUDENT: Final = 2.131
"""97.5 % point of Student's t with 15 degrees of freedom."""
COLUMNS: Final = 256
"""Outputs whose exact indices are computed together."""


@dataclass(frozen=True, slots=True, eq=False)
class Sobol:
    """``[factor]`` or ``[factor, output]``; NaN where an output never moves. The bounds hold the
    true value with 95 % confidence, and equal the value where it is exact. ``lost``: share of
    the sample, or of the combinations, that could not be used because something failed."""

    factors: tuple[str, ...]
    first: Floats
    total: Floats
    variance: Floats
    exact: bool
    first_bounds: tuple[Floats, Floats]
    total_bounds: tuple[Floats, Floats]
    lost: Floats


def exact(factors: Sequence[Factor], outputs: Floats) -> Sobol:
    """From the outputs of `uncertainty.everything` (``[combination]`` or ``[combination,
    output]``), without error. Where combinations failed (NaN), shares are those of the variance
    over the combinations that could be made, each counting once."""
    if outputs.ndim > 1 and outputs.shape[1] > COLUMNS:
        starts = range(0, outputs.shape[1], COLUMNS)
        return _joined([exact(factors, outputs[:, i : i + COLUMNS]) for i in starts])
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
    lost = np.asarray(1 - there.mean(axis=axes))
    return Sobol(tuple(f.name for f in factors), s, t, variance, True, (s, s), (t, t), lost)


def _joined(parts: Sequence[Sobol]) -> Sobol:
    """Parts with other outputs of the same combinations, as one."""

    def side_by_side(name: str) -> Floats:
        return np.concatenate([getattr(p, name) for p in parts], axis=-1)

    s, t = side_by_side("first"), side_by_side("total")
    variance, lost = side_by_side("variance"), side_by_side("lost")
    return Sobol(parts[0].factors, s, t, variance, True, (s, s), (t, t), lost)


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


def design(factors: Sequence[Factor], count: int, seed: int) -> Combinations:
    """The combinations that `from_design` needs: two samples A and B of about ``count``, and for
    every factor A with that factor's choices from B; (factors + 2) x ``count`` in all."""
    random = np.random.default_rng(seed)
    sizes = np.array([len(f.alternatives) for f in factors] * 2)
    each = -(-count // BLOCKS)
    strata = random.permuted(
        np.tile(np.arange(each)[:, None], (BLOCKS, 1, len(sizes))), axis=1
    ) + random.random((BLOCKS, each, len(sizes)))
    both = np.floor(strata / each * sizes).astype(np.int64).reshape(-1, len(sizes))
    a, b = both[:, : len(factors)], both[:, len(factors) :]
    mixed = []
    for place in range(len(factors)):
        one = a.copy()
        one[:, place] = b[:, place]
        mixed.append(one)
    return np.concatenate([a, b, *mixed])


def estimated(
    factors: Sequence[Factor], output: Callable[[Combinations], Floats], *, count: int, seed: int
) -> Sobol:
    """From a `design` of ``count`` rows: ``output`` gives ``[combination]`` or ``[combination,
    output]``."""
    return from_design(factors, output(design(factors, count, seed)))


def from_design(factors: Sequence[Factor], outputs: Floats) -> Sobol:
    """From the outputs of a `design`. A row of the sample in which any combination failed is left
    out; NaN where all are."""
    shape = (len(factors) + 2, BLOCKS, -1, *outputs.shape[1:])
    parts = outputs.reshape(shape)
    there = np.asarray(~np.isnan(parts).any(axis=0))
    sums = _sums(np.where(there, parts, 0.0), there)
    first, total, variance = _indices(sums.sum(axis=1))
    without = [_indices(sums.sum(axis=1) - sums[:, block])[:2] for block in range(BLOCKS)]
    bounds = [
        _bounds(value, np.stack(again))
        for value, again in zip((first, total), zip(*without, strict=True), strict=True)
    ]
    names = tuple(f.name for f in factors)
    lost = np.asarray(1 - there.mean(axis=(0, 1)))
    return Sobol(names, first, total, variance, False, bounds[0], bounds[1], lost)


def _sums(parts: Floats, there: Flags) -> Floats:
    """What indices are made of, added up in every block: ``[quantity, block, ...]``. Outputs are
    moved near zero first, so that no digits are lost."""
    count = there.sum(axis=1)
    rows = np.maximum(count.sum(axis=0), 1)
    centre = parts[:2].sum(axis=(0, 1, 2)) / (2 * rows)
    a, b, *mixed = np.where(there, parts - centre, 0.0)
    return np.stack(
        [count, (a + b).sum(axis=1), (a * a + b * b).sum(axis=1)]
        + [q.sum(axis=1) for m in mixed for q in (b * (m - a), m - a, (a - m) ** 2)]
    )


def _indices(sums: Floats) -> tuple[Floats, Floats, Floats]:
    n = np.maximum(sums[0], 1)
    centre = sums[1] / (2 * n)
    variance = sums[2] / (2 * n) - centre**2
    first = (sums[3::3] - centre * sums[4::3]) / n
    return _share(first, variance), _share(sums[5::3] / (2 * n), variance), variance


def _bounds(value: Floats, again: Floats) -> tuple[Floats, Floats]:
    """From the estimates without each block."""
    apart = again - again.mean(axis=0)
    reach = STUDENT * np.sqrt((BLOCKS - 1) / BLOCKS * (apart**2).sum(axis=0))
    return np.asarray(value - reach), np.asarray(value + reach)


def _share(part: Floats, variance: Floats) -> Floats:
    shape = np.broadcast_shapes(part.shape, variance.shape)
    return np.asarray(np.divide(part, variance, out=np.full(shape, np.nan), where=variance > 1e-12))
