"""Uncertainty: the index computed in every way that its makers might have chosen.

What an alternative does not touch is not computed again (see `workshop`). A combination that
cannot be computed is kept with its reason, and what each combination did can be read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.factors import Factor, Tables, merged
from qiantang.engine.index.ranking import ranks_of
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.workshop import Combinations, Workshop
from qiantang.kernel.text import Text

__all__ = [
    "Combinations",
    "Factor",
    "Progress",
    "Runs",
    "compute",
    "drawn",
    "everything",
    "is_whole",
    "ranks_of",
]

Progress = Callable[[int, int], None]
WHOLE: Final = 100_000
"""Combinations up to which a finite space is computed whole ..."""
PREPARED: Final = 2_000
"""... as long as no more tables than this have to be prepared for it."""
PARTS: Final = 64
"""Into how many tasks the work is cut when processes share it."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Results of combinations. ``scores`` and ``ranks`` are ``[combination, unit]`` of one element,
    ranks within each year of a panel; NaN where a unit has no score. ``failed`` maps a
    combination to why it could not be made; ``base`` are the recipe's tables."""

    factors: tuple[Factor, ...]
    combinations: Combinations
    units: tuple[str, ...]
    scores: Floats
    ranks: Floats
    failed: Mapping[int, Text]
    times: tuple[int, ...] = ()
    base: Tables = field(default_factory=dict)

    def choices(self, combination: int) -> dict[str, str]:
        """Which alternative of every factor a combination took."""
        picked = self.combinations[combination]
        return {f.name: f.alternatives[int(a)].name
                for f, a in zip(self.factors, picked, strict=True)}  # fmt: skip

    def recipe(self, combination: int) -> dict[str, Any]:
        """The recipe of a combination: its tables, and what it left out or let err."""
        tables: dict[str, Any] = dict(self.base)
        for factor, alternative in zip(
            self.factors, self.combinations[combination].tolist(), strict=True
        ):
            tables = merged(tables, factor.alternatives[alternative].told())
        return tables

    @property
    def made(self) -> Flags:
        """True for the combinations that could be computed."""
        found = np.ones(len(self.combinations), dtype=bool)
        found[list(self.failed)] = False
        return found

    def of_year(self, year: int) -> Runs:
        """Only the units of one year of a panel."""
        at = np.flatnonzero(np.array(self.times) == year)
        return replace(
            self, units=tuple(self.units[i] for i in at), scores=self.scores[:, at],
            ranks=self.ranks[:, at], times=(year,) * len(at),
        )  # fmt: skip


def everything(factors: Sequence[Factor]) -> Combinations:
    """Every combination of the factors' alternatives, the last factor changing fastest."""
    sizes = [len(f.alternatives) for f in factors]
    places = np.unravel_index(np.arange(int(np.prod(sizes))), sizes)
    return np.stack(places, axis=1).astype(np.int64)


def is_whole(factors: Sequence[Factor]) -> bool:
    """Whether every combination is computed, so that indices are exact."""
    early = [f for f in factors if any(a.early for a in f.alternatives)]
    return _size(factors) <= WHOLE and _size(early) <= PREPARED


def _size(factors: Sequence[Factor]) -> int:
    return math.prod(len(f.alternatives) for f in factors)


def drawn(factors: Sequence[Factor], count: int, seed: int) -> Combinations:
    """Combinations drawn at random, each factor on its own."""
    random = np.random.default_rng(seed)
    return np.stack([random.integers(len(f.alternatives), size=count) for f in factors], axis=1)


def compute(
    data: Data, structure: Structure, base: Tables, factors: Sequence[Factor],
    combinations: Combinations, *, element: str = "", workers: int = 1,
    progress: Progress | None = None,
) -> Runs:  # fmt: skip
    """The index of every combination. ``base`` are the recipe's tables; ``element`` is the index
    unless named. ``progress`` is told how many different combinations are done, and of how many.

    ``workers``: processes that share the work. They take seconds to start, so they are for
    thousands of tables to prepare (errors of figures, elements left out) where cores are idle. The
    result does not depend on it.
    """
    distinct, back = np.unique(combinations, axis=0, return_inverse=True)
    back = back.reshape(-1)
    shop = Workshop(data, structure, base, tuple(factors), element or structure.root.code)
    parts = shop.parts(distinct)
    scores = np.full((len(distinct), len(data.units)), np.nan)
    failed: dict[int, Text] = {}
    done = 0
    for rows, found, lost in _each(shop, distinct, parts, workers):
        scores[rows] = found
        failed.update({int(rows[place]): reason for place, reason in lost.items()})
        done += len(rows)
        if progress:
            progress(done, len(distinct))
    if len(distinct) < len(combinations) or (back[1:] < back[:-1]).any():
        scores = scores[back]
    lost_rows = {int(i): failed[int(d)] for i, d in enumerate(back) if int(d) in failed}
    return Runs(
        tuple(factors), combinations, data.labels, scores, ranks_of(scores, data.times),
        lost_rows, data.times, base,
    )  # fmt: skip


Done = tuple[NDArray[np.int64], Floats, dict[int, Text]]


def _each(
    shop: Workshop, distinct: Combinations, parts: list[NDArray[np.int64]], workers: int
) -> Any:
    """Every part's rows, scores and failures."""
    if workers < 2 or len(parts) < 2:
        yield from ((rows, *shop.scores(distinct[rows])) for rows in parts)
        return
    size = max(1, len(parts) // PARTS)
    tasks = [parts[i : i + size] for i in range(0, len(parts), size)]
    # A fresh process, not a fork: the caller may have threads.
    with ProcessPoolExecutor(workers, get_context("spawn"), _open, (shop, distinct)) as pool:
        for found in pool.map(_work, tasks):
            yield from found


_shop: tuple[Workshop, Combinations] | None = None
"""What a working process was given when it started."""


def _open(shop: Workshop, distinct: Combinations) -> None:
    global _shop  # noqa: PLW0603 - a process's own, set once
    _shop = shop, distinct


def _work(parts: list[NDArray[np.int64]]) -> list[Done]:
    assert _shop is not None
    shop, distinct = _shop
    return [(rows, *shop.scores(distinct[rows])) for rows in parts]
