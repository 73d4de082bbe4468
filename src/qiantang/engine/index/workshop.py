"""Where combinations are computed, with as little work as they allow.

Tables up to the normalised one are made once per combination of the choices that bear on them;
combinations that share such a table and a way to aggregate differ in weights alone, and go
through the tree in one pass. When one of them cannot be computed, the pass is halved until it
stands alone with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.building import Prepared, aggregated_columns, prepare, weights_of
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.factors import Alternative, Factor, Tables, disturbed, merged
from qiantang.engine.index.leaving_out import normalised_without, pruned
from qiantang.engine.index.ranking import groups
from qiantang.engine.index.recipe import Recipe, recipe_of
from qiantang.engine.index.structure import Structure
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

Combinations = NDArray[np.int64]
CELLS: Final = 2**21
"""Scores held at a time in one pass through the tree (16 MB)."""


@dataclass(frozen=True)
class Workshop:
    """``scores`` of combinations of ``factors`` for one element, in the rows of ``data``."""

    data: Data
    structure: Structure
    base: Tables
    factors: tuple[Factor, ...]
    element: str

    @cached_property
    def _early(self) -> list[int]:
        return [i for i, f in enumerate(self.factors) if any(a.early for a in f.alternatives)]

    @cached_property
    def _late(self) -> list[int]:
        """Factors that change the recipe of aggregation, so that they need a pass of their own."""
        return [i for i, f in enumerate(self.factors)
                if i not in self._early and any(a.recipe for a in f.alternatives)]  # fmt: skip

    def parts(self, combinations: Combinations) -> list[NDArray[np.int64]]:
        """Rows that share a normalised table: work that can be done apart."""
        return groups(combinations[:, self._early])

    def scores(self, combinations: Combinations) -> tuple[Floats, dict[int, Text]]:
        """``[combination, unit]`` for combinations of one part, and why any could not be made."""
        found = np.full((len(combinations), len(self.data.units)), np.nan)
        failed: dict[int, Text] = {}
        try:
            table, structure = self._normalised(self._picked(combinations[0]))
        except QiantangError as error:
            return found, dict.fromkeys(range(len(combinations)), error.text())
        # Every pass reads whole columns: let them lie together.
        table = table.with_values(np.asfortranarray(table.values))
        at = _places(self.data, table)
        step = max(1, CELLS // max(1, len(table.units) * len(structure.aggregates)))
        for rows in groups(combinations[:, self._late]):
            for start in range(0, len(rows), step):
                here = rows[start : start + step]
                scored, lost = self._pass(table, structure, combinations[here])
                found[np.ix_(here, at)] = scored
                failed.update({int(here[place]): reason for place, reason in lost.items()})
        return found, failed

    def _pass(
        self, table: Data, structure: Structure, combinations: Combinations
    ) -> tuple[Floats, dict[int, Text]]:
        try:
            recipe = self._recipe(self._picked(combinations[0]), structure)
            weights = self._weights(table, structure, recipe, combinations)
            found = aggregated_columns(table, structure, recipe, weights)[self.element]
            return np.broadcast_to(found, (len(combinations), len(table.units))), {}
        except QiantangError as error:
            if len(combinations) == 1:
                return np.full((1, len(table.units)), np.nan), {0: error.text()}
        half = len(combinations) // 2
        first, lost = self._pass(table, structure, combinations[:half])
        second, more = self._pass(table, structure, combinations[half:])
        return np.concatenate([first, second]), lost | {half + k: v for k, v in more.items()}

    def _normalised(self, picked: Sequence[Alternative]) -> tuple[Data, Structure]:
        gone = [code for a in picked for code in a.without]
        data = self.data
        for each in picked:
            data = disturbed(data, each) if each.errors else data
        if not gone:
            recipe = self._recipe(picked, self.structure)
            return prepare(data, self.structure, recipe).steps["normalised"], self.structure
        less = pruned(self.structure, gone)
        recipe = self._recipe(picked, less)
        whole = self._whole(picked)
        if whole is None:
            return prepare(data, less, recipe).steps["normalised"], less
        return normalised_without(whole, data, less, recipe)[0], less

    def _whole(self, picked: Sequence[Alternative]) -> Prepared | None:
        """The tables with everything in, kept for the next combination; None where figures err,
        as the next one will have other figures."""
        if any(a.errors for a in picked):
            return None
        tables = self._tables(picked)
        kept = self._kept
        if not kept or kept[0][0] != tables:
            kept[:] = [(tables, prepare(self.data, self.structure, recipe_of(tables)))]
        return kept[0][1]

    @cached_property
    def _kept(self) -> list[tuple[Tables, Prepared]]:
        return []

    def _picked(self, combination: NDArray[np.int64]) -> list[Alternative]:
        pairs = zip(self.factors, combination.tolist(), strict=True)
        return [factor.alternatives[place] for factor, place in pairs]

    def _tables(self, picked: Sequence[Alternative]) -> Tables:
        tables = self.base
        for each in picked:
            tables = merged(tables, each.recipe)
        return tables

    def _recipe(self, picked: Sequence[Alternative], structure: Structure) -> Recipe:
        recipe = recipe_of(self._tables(picked))
        return recipe if structure is self.structure else recipe.fitted(structure)

    def _weights(
        self, table: Data, structure: Structure, recipe: Recipe, combinations: Combinations
    ) -> dict[str, Floats]:
        """A weight, or one a combination, per element; a later factor's replace an earlier's."""
        found: dict[str, Floats] = weights_of(table, structure, recipe)
        for place, (sets, noise) in self._sets.items():
            picked = combinations[:, place]
            for code in sets.keys() & found.keys():
                drawn = sets[code][picked]
                found[code] = np.where(np.isnan(drawn), found[code], drawn)
            for code in noise.keys() & found.keys():
                found[code] = found[code] * noise[code][picked]
        return found

    @cached_property
    def _sets(self) -> Mapping[int, tuple[Mapping[str, Floats], Mapping[str, Floats]]]:
        """By factor: weights and what multiplies them, by element, one an alternative; NaN, or 1,
        where it says nothing."""
        found = {}
        for place, factor in enumerate(self.factors):
            sets = _by_code([a.weights for a in factor.alternatives], np.nan)
            noise = _by_code([a.noise for a in factor.alternatives], 1.0)
            if sets or noise:
                found[place] = sets, noise
        return found


def _by_code(told: Sequence[Mapping[str, float]], default: float) -> dict[str, Floats]:
    codes = sorted({code for each in told for code in each})
    return {code: np.array([each.get(code, default) for each in told]) for code in codes}


def _places(data: Data, table: Data) -> NDArray[np.int64]:
    """The rows of ``data`` that the rows of ``table``, a part of it, are."""
    if len(table.units) == len(data.units):
        return np.arange(len(data.units))
    at = {label: row for row, label in enumerate(data.labels)}
    return np.array([at[label] for label in table.labels], dtype=np.int64)
