"""Level by level up the tree: the children of every group are weighed and become their parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.aggregating import Group, aggregate
from qiantang.engine.index.consensus import largest_inexact
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.group_weights import FROM_DATA, Children, GroupWeights, weigh
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.structure import Element, Structure
from qiantang.kernel.text import Text


def weights_of(normalised: Data, structure: Structure, recipe: Recipe) -> dict[str, Floats]:
    """A weight per element, as `build` uses it; weights count within a group only."""
    if recipe.weigh.method == "given" and not (recipe.weigh_levels or recipe.weigh_groups):
        return {e.code: np.array(recipe.weights.get(e.code, e.weight)) for e in structure.elements}
    return weigh_all(normalised, structure, recipe)[0]


def weigh_all(
    normalised: Data, structure: Structure, recipe: Recipe
) -> tuple[dict[str, Floats], tuple[GroupWeights, ...]]:
    """The weights of every element, and how each group came by them. Methods that look at data see
    the rows of all years, or of the recipe's base year, so that weights hold for all years."""
    weights = {structure.root.code: np.array(1.0)}
    rows = _weighing_rows(normalised, recipe)
    seen = normalised if rows.all() else normalised.kept(rows)
    columns = {c: seen.values[:, i] for i, c in enumerate(structure.codes)}
    tree = _Tree(structure, recipe, seen.labels)
    looks = {e.code: recipe.weighing(e.code, e.level).method in FROM_DATA
             for e in structure.aggregates}  # fmt: skip
    found = []
    for parent in structure.aggregates:
        children = structure.children(parent.code)
        codes = tuple(c.code for c in children)
        given = np.array([recipe.weights.get(c.code, c.weight) for c in children])
        values = np.stack([columns[c] for c in codes], axis=1) if looks[parent.code] else _NOTHING
        how = recipe.weighing(parent.code, parent.level)
        own, group = weigh(Children(parent.code, codes, given, values, how), recipe.weights)
        weights |= {code: np.array(weight) for code, weight in zip(codes, own, strict=True)}
        found.append(group)
        if any(looks[above] for above in structure.path(parent.code)[1:]):
            columns[parent.code] = tree.aggregated(parent, columns, weights)
    return weights, tuple(found)


def aggregated_columns(
    normalised: Data, structure: Structure, recipe: Recipe, weights: Mapping[str, Floats],
    known: Mapping[str, Floats] | None = None,
) -> dict[str, Floats]:  # fmt: skip
    """``[..., unit]`` for every element. ``weights[code]`` has one weight, or one a weight set:
    then all sets are computed in one pass and the sets are the leading axis. What no set weighs
    differently is computed once. ``known``: aggregates that are taken as they are."""
    columns = {c: normalised.values[:, i] for i, c in enumerate(structure.codes)}
    columns |= known or {}
    tree = _Tree(structure, recipe, normalised.labels)
    for parent in structure.aggregates:
        if parent.code not in columns:
            columns[parent.code] = tree.aggregated(parent, columns, weights)
    return columns


def inexact_orders(
    columns: Mapping[str, Floats], structure: Structure, recipe: Recipe,
    weights: Mapping[str, Floats],
) -> tuple[Text, ...]:  # fmt: skip
    """Groups whose Kemeny order was improved step by step and is not proved to be the best."""
    found = []
    for parent in structure.aggregates:
        if recipe.aggregation(parent.code, parent.level).method == "kemeny-young":
            codes = [c.code for c in structure.children(parent.code)]
            values = np.stack([columns[c] for c in codes], axis=1)
            size = largest_inexact(values, np.array([weights[c] for c in codes]))
            if size:
                found.append(Text(
                    f"“{parent.code}”：{size} 个评价单元互相循环，Kemeny 次序由逐步改进求得，"
                    "未证明最优。",
                    f'"{parent.code}": {size} units form cycles; their Kemeny order was improved '
                    "step by step and is not proved to be the best."))  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Tree:
    structure: Structure
    recipe: Recipe
    units: tuple[str, ...]

    def aggregated(
        self, parent: Element, columns: Mapping[str, Floats], weights: Mapping[str, Floats]
    ) -> Floats:
        codes = tuple(c.code for c in self.structure.children(parent.code))
        # Columns stay whole in memory: many weight sets are read along them.
        values = np.stack(np.broadcast_arrays(*(columns[c] for c in codes)))
        return aggregate(
            Group(
                values=np.moveaxis(values, 0, -1),
                weights=np.stack(np.broadcast_arrays(*(weights[c] for c in codes)), axis=-1),
                code=parent.code,
                children=codes,
                units=self.units,
                how=self.recipe.aggregation(parent.code, parent.level),
            )
        )


def _weighing_rows(data: Data, recipe: Recipe) -> np.ndarray:
    if not data.times or not recipe.years.isdigit():
        return np.ones(len(data.units), dtype=bool)
    return np.asarray(np.array(data.times) == int(recipe.years))


_NOTHING = np.empty((0, 0))
