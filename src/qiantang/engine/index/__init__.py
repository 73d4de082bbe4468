"""Composite indices: from indicators of units to scores and ranks, every step readable."""

from qiantang.engine.index.building import Index, build
from qiantang.engine.index.data import Data
from qiantang.engine.index.recipe import Recipe, read_recipe, read_tables, recipe_of
from qiantang.engine.index.structure import Element, Structure
from qiantang.engine.index.tables import read_data, read_structure, write_table
from qiantang.engine.index.writing import write_index

__all__ = [
    "Data",
    "Element",
    "Index",
    "Recipe",
    "Structure",
    "build",
    "read_data",
    "read_recipe",
    "read_structure",
    "read_tables",
    "recipe_of",
    "write_index",
    "write_table",
]
