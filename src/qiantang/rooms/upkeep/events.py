"""News of the upkeep room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableDamaged:
    """A verification found files of a table that are not as they were written."""

    table: str
    problems: int
