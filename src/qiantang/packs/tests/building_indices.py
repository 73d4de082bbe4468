"""Building the indices of shipped packs from the figures that they ship."""

from __future__ import annotations

from collections.abc import Mapping

from qiantang.engine.index import Index, build
from qiantang.engine.index.data import Data
from qiantang.engine.index.declared import Figure, data_of, recipe_for, structure_of
from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex
from qiantang.packs.tests.rows import shipped

LOADED = load_packs(builtin_packs()).packs


def index_of(key: str) -> CompositeIndex:
    """A shipped index by ``pack.local``."""
    pack, _, local = key.rpartition(".")
    return LOADED[pack].indices[local]


def units_of(declared: CompositeIndex) -> tuple[Code, ...]:
    pack, _, local = declared.units.codes.rpartition(".")
    return declared.units.chosen(LOADED[pack].codes[local])


def table_of(declared: CompositeIndex) -> Data:
    """The table made of the rows of the index's own resource."""
    pack, _, local = declared.figures.rpartition(".")
    path = LOADED[pack].resources[local].data
    assert path is not None
    figures = [
        Figure(r["unit"], r["indicator"], int(r["year"]), float(r["value"]))
        for r in shipped(f"{pack}/data/{path.name}")
    ]
    return data_of(declared, units_of(declared), figures)


def built(
    declared: CompositeIndex, data: Data, weights: Mapping[str, float] | None = None
) -> Index:
    return build(data, structure_of(declared, weights), recipe_for(declared))
