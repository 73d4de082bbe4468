"""The reader of messy files: propose a reading, keep it as a recipe, read rows by it as text."""

from qiantang.engine.quality.reading.files import digest_of
from qiantang.engine.quality.reading.fitting import Comparison
from qiantang.engine.quality.reading.proposing import propose
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.shapes import (
    LIMITS,
    Doubt,
    Hints,
    MisshapenRow,
    Proposal,
    RawRow,
    ReadingLimits,
    Sample,
    SheetInfo,
    SkippedRow,
)
from qiantang.engine.quality.reading.streaming import RowStream, open_rows

__all__ = [
    "LIMITS",
    "ColumnUse",
    "Comparison",
    "Doubt",
    "Hints",
    "MisshapenRow",
    "Proposal",
    "RawRow",
    "ReadingLimits",
    "Recipe",
    "RowStream",
    "Sample",
    "SheetInfo",
    "SkippedRow",
    "digest_of",
    "open_rows",
    "propose",
]
