"""Messy files in, typed rows and reasons out: reading, cleaning, rules, verdicts."""

from qiantang.engine.quality.reading import (
    Doubt,
    Hints,
    Proposal,
    ReadingLimits,
    Recipe,
    RowStream,
    digest_of,
    open_rows,
    propose,
)

__all__ = [
    "Doubt",
    "Hints",
    "Proposal",
    "ReadingLimits",
    "Recipe",
    "RowStream",
    "digest_of",
    "open_rows",
    "propose",
]
