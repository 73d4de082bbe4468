"""Everything that the analyses say of an index, in one call.

Of a panel the index is built on all years; the analyses look at the units of one year, so that a
common trend is not taken for a correlation, and the trends at all years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from qiantang.engine.index import panels
from qiantang.engine.index.analysing import (
    Availability,
    Components,
    Statistics,
    alphas,
    availability,
    clusters,
    components,
    statistics,
)
from qiantang.engine.index.building import Index, build
from qiantang.engine.index.correlating import (
    Flag,
    Pair,
    flags,
    size_flags,
    with_parents,
    with_sizes,
    within_groups,
)
from qiantang.engine.index.data import Data, Flags, Floats
from qiantang.engine.index.errors import NoUnits
from qiantang.engine.index.leaving_out import Without, leave_out
from qiantang.engine.index.recipe import Recipe
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.weighing import effective
from qiantang.kernel.text import Text

CLUSTERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """``figures`` are the indicators as they came and ``index`` the built index, both of ``year``
    (None without a panel). ``statistics`` and ``available`` are of ``figures``, ``sizes`` pairs
    them with denominators; what else is about scores. ``clusters`` are in the rows of ``index``,
    None for a unit that lacks a score; ``by_year`` (availability) and ``trends`` are of a panel.
    """

    year: int | None
    figures: Data
    index: Index
    statistics: tuple[Statistics, ...]
    available: tuple[Availability, ...]
    siblings: tuple[Pair, ...]
    parents: tuple[Pair, ...]
    sizes: tuple[Pair, ...]
    flags: tuple[Flag, ...]
    alphas: Mapping[str, float]
    components: Mapping[str, Components]
    clusters: tuple[int | None, ...]
    effective: Mapping[str, float]
    without: tuple[Without, ...]
    by_year: Mapping[int, Floats]
    trends: tuple[panels.Trend, ...]


def overview(
    data: Data, structure: Structure, recipe: Recipe, *, year: int | None = None,
    groups: int = CLUSTERS,
) -> Overview:  # fmt: skip
    """Build the index and analyse it. ``year`` of a panel, the latest unless given; units fall
    into at most ``groups`` clusters. Raises what `building.build` raises, and `NoUnits` for a
    year without any."""
    built = build(data, structure, recipe)
    when = (max(data.times) if year is None else year) if data.times else None
    raw, index = _in_year(data, when), replace(built, scores=_in_year(built.scores, when))
    figures = raw.picked(structure.codes)
    below = [e.code for e in structure.elements if e is not structure.root]
    return Overview(
        year=when,
        figures=figures,
        index=index,
        statistics=statistics(figures),
        available=availability(figures, structure),
        siblings=within_groups(index),
        parents=with_parents(index),
        sizes=with_sizes(raw, structure),
        flags=(*flags(index), *size_flags(raw, structure)),
        alphas=alphas(index),
        components=_components(index),
        clusters=_clusters(index, groups),
        effective=effective(structure, built.weights),
        without=leave_out(data, structure, recipe, below, year=when),
        by_year=panels.availability(data.picked(structure.codes)) if data.times else {},
        trends=panels.trends(built.scores, structure.root.code) if data.times else (),
    )


def _in_year(table: Data, year: int | None) -> Data:
    if year is None:
        return table
    rows = np.array(table.times) == year
    if not rows.any():
        raise NoUnits(found=Text(f"{year} 年", f"The year {year}"))
    return table.kept(rows)


def _components(index: Index) -> dict[str, Components]:
    """Of every group of two children or more."""
    found = {}
    for parent in reversed(index.structure.aggregates):
        codes = [c.code for c in index.structure.children(parent.code)]
        if len(codes) > 1:
            found[parent.code] = components(index.scores.picked(codes))
    return found


def _clusters(index: Index, count: int) -> tuple[int | None, ...]:
    """By the scores right below the index, as far as these are there: a column without any is
    left out, and then a unit that lacks one. Counted from 1."""
    codes = [c.code for c in index.structure.children(index.structure.root.code)]
    values = index.scores.picked(codes).values
    known = values[:, ~np.isnan(values).all(axis=0)]
    if not known.shape[1]:
        return (None,) * len(known)
    whole: Flags = np.isnan(known).sum(axis=1) == 0
    told = iter(clusters(known[whole], count))
    return tuple(next(told) + 1 if there else None for there in whole)
