"""Uncertainty: the index computed in every way that its makers might have chosen.

A factor is one choice with its alternatives; an alternative changes keys of the recipe or gives a
set of weights. What an alternative does not touch is not computed again: tables up to the
normalised one are made once per combination of earlier choices, and all weight sets of one table
in one pass. A combination that cannot be computed is kept with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.building import Prepared, aggregated_columns, prepare
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.normalising import ranks_from_high
from qiantang.engine.index.recipe import Recipe, recipe_of
from qiantang.engine.index.structure import Structure
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

Tables = Mapping[str, Any]
Combinations = NDArray[np.int64]
AFTER: Final = ("weigh", "aggregate")
"""Tables of a recipe that bear on nothing before aggregation."""
WHOLE: Final = 100_000
"""Combinations up to which a finite space is computed whole."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to choose. ``recipe``: keys that it changes; ``weights``: codes that it weighs."""

    name: str
    recipe: Tables = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Factor:
    """A choice with its alternatives, all equally likely."""

    name: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Results of combinations. ``scores`` and ``ranks`` are ``[combination, unit]`` of one element;
    NaN where a unit has no score. ``failed`` maps a combination to why it could not be made."""

    factors: tuple[Factor, ...]
    combinations: Combinations
    units: tuple[str, ...]
    scores: Floats
    ranks: Floats
    failed: Mapping[int, Text]


def setting(name: str, key: str, values: Sequence[Any]) -> Factor:
    """A factor that sets one key of the recipe (``treat.points``) to each of ``values``."""
    return Factor(name, tuple(Alternative(str(v), _nested(key.split("."), v)) for v in values))


def noisy_weights(
    name: str, structure: Structure, spread: float, *, sets: int, seed: int,
    levels: Sequence[int] = (),
) -> Factor:  # fmt: skip
    """Weight sets w(1 + spread x u), u uniform on [-1, 1], for the elements of ``levels`` (all)."""
    random = np.random.default_rng(seed)
    chosen = [e for e in structure.elements if e.parent and (not levels or e.level in levels)]
    return Factor(
        name,
        tuple(
            Alternative(
                f"{name} {number + 1}",
                weights={
                    e.code: e.weight * (1 + spread * u)
                    for e, u in zip(chosen, random.uniform(-1, 1, len(chosen)), strict=True)
                },
            )
            for number in range(sets)
        ),
    )


def everything(factors: Sequence[Factor]) -> Combinations:
    """Every combination of the factors' alternatives, the last factor changing fastest."""
    return np.array(list(product(*(range(len(f.alternatives)) for f in factors))), dtype=np.int64)


def drawn(factors: Sequence[Factor], count: int, seed: int) -> Combinations:
    """Combinations drawn at random, each factor on its own."""
    random = np.random.default_rng(seed)
    return np.stack([random.integers(len(f.alternatives), size=count) for f in factors], axis=1)


def compute(
    data: Data, structure: Structure, base: Tables, factors: Sequence[Factor],
    combinations: Combinations, *, element: str = "",
) -> Runs:  # fmt: skip
    """The index of every combination. ``base`` are the recipe's tables; ``element`` is the index
    unless named."""
    code, units = element or structure.root.code, data.units
    distinct, back = np.unique(combinations, axis=0, return_inverse=True)
    scores = np.full((len(distinct), len(units)), np.nan)
    failed: dict[int, Text] = {}
    row_of = {data.label(row): row for row in range(len(units))}
    workshop = _Workshop(data, structure, base, factors)
    for rows, prepared, recipe in workshop.batches(distinct, failed):
        try:
            found = aggregated_columns(
                prepared.steps["normalised"], structure, recipe, workshop.weights(distinct[rows])
            )[code]
        except QiantangError as error:
            failed.update(dict.fromkeys(rows.tolist(), error.text()))
            continue
        table = prepared.steps["normalised"]
        places = np.array([row_of[table.label(row)] for row in range(len(table.units))])
        scores[np.ix_(rows, places)] = found
    scores = scores[back.reshape(-1)]
    ranks = ranks_of(scores)
    lost = {int(i): failed[int(d)] for i, d in enumerate(back.reshape(-1)) if int(d) in failed}
    labels = tuple(data.label(row) for row in range(len(units)))
    return Runs(tuple(factors), combinations, labels, scores, ranks, lost)


def ranks_of(scores: Floats) -> Floats:
    """Ranks within each row, 1 for the highest, ties share the smaller; NaN stays."""
    if np.isnan(scores).any():
        return np.stack([ranks_from_high(row) for row in scores])
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    fresh = np.concatenate(
        [np.ones((len(scores), 1), dtype=bool), ordered[:, 1:] != ordered[:, :-1]], axis=1
    )
    place = np.maximum.accumulate(np.where(fresh, np.arange(scores.shape[1]), 0), axis=1) + 1
    found = np.empty(scores.shape)
    np.put_along_axis(found, order, place.astype(float), axis=1)
    return found


class _Workshop:
    """Makes prepared tables once for each combination of choices that bear on them."""

    def __init__(
        self, data: Data, structure: Structure, base: Tables, factors: Sequence[Factor]
    ) -> None:
        self.data, self.structure, self.base, self.factors = data, structure, base, factors
        self.early = [i for i, f in enumerate(factors) if _touches(f, before=True)]
        self.late = [i for i, f in enumerate(factors) if _touches(f, before=False)]

    def batches(
        self, combinations: Combinations, failed: dict[int, Text]
    ) -> Iterator[tuple[NDArray[np.int64], Prepared, Recipe]]:
        """Rows that share a table and a way to aggregate; they differ in weights alone."""
        made: dict[tuple[int, ...], Prepared | QiantangError] = {}
        shared = sorted({*self.early, *self.late})
        keys = combinations[:, shared]
        distinct, back = np.unique(keys, axis=0, return_inverse=True)
        for number, key in enumerate(distinct):
            rows = np.flatnonzero(back.reshape(-1) == number)
            chosen = dict(zip(shared, key.tolist(), strict=True))
            early = tuple(chosen[i] for i in self.early)
            try:
                recipe = self.recipe(chosen)
                if early not in made:
                    made[early] = self._prepared(recipe)
            except QiantangError as error:
                failed.update(dict.fromkeys(rows.tolist(), error.text()))
                continue
            ready = made[early]
            if isinstance(ready, QiantangError):
                failed.update(dict.fromkeys(rows.tolist(), ready.text()))
                continue
            yield rows, ready, recipe

    def recipe(self, chosen: Mapping[int, int]) -> Recipe:
        tables = self.base
        for factor, alternative in chosen.items():
            tables = merged(tables, self.factors[factor].alternatives[alternative].recipe)
        return recipe_of(tables)

    def weights(self, combinations: Combinations) -> dict[str, Floats]:
        """``[combination]`` per element; a later factor's weights replace an earlier one's."""
        given = recipe_of(self.base).weights
        found = {
            e.code: np.full(len(combinations), given.get(e.code, e.weight))
            for e in self.structure.elements
        }
        for place, factor in enumerate(self.factors):
            codes = {code for a in factor.alternatives for code in a.weights}
            for code in codes:
                each = np.array([a.weights.get(code, np.nan) for a in factor.alternatives])
                picked = each[combinations[:, place]]
                found[code] = np.where(np.isnan(picked), found[code], picked)
        return found

    def _prepared(self, recipe: Recipe) -> Prepared | QiantangError:
        try:
            return prepare(self.data, self.structure, recipe)
        except QiantangError as error:
            return error


def merged(tables: Tables, change: Tables) -> dict[str, Any]:
    """``tables`` with the keys of ``change`` put in, table by table."""
    found = dict(tables)
    for key, value in change.items():
        here = found.get(key)
        both = isinstance(value, Mapping) and isinstance(here, Mapping)
        found[key] = merged(here, value) if both else value  # type: ignore[arg-type]
    return found


def _touches(factor: Factor, *, before: bool) -> bool:
    return any((key not in AFTER) is before for a in factor.alternatives for key in a.recipe)


def _nested(keys: Sequence[str], value: Any) -> dict[str, Any]:
    return {keys[0]: _nested(keys[1:], value) if len(keys) > 1 else value}
