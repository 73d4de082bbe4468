"""Narrowing by what entries say word for word.

The house's own search finds more than is said where little is found; protocols whose queries mean
what they say ask here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qiantang.rooms.catalogue.selectors.columns import Columns
from qiantang.rooms.catalogue.selectors.conditions import Condition, holding
from qiantang.rooms.catalogue.selectors.facets import MOST_VALUES
from qiantang.rooms.catalogue.texts import Phrase

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Exact:
    """Clauses that all hold; ``most``: so many values of each facet are counted. ``words`` have to
    occur, a phrase of each group, as they stand; they say how well an entry matches."""

    clauses: tuple[Condition, ...] = ()
    most: int = MOST_VALUES
    words: tuple[tuple[Phrase, ...], ...] = ()


def narrowed_to(exact: Exact, known: Columns, rows: Rows | None) -> Rows | None:
    """Those of the rows (None: all) for which every clause holds, ascending. Raises
    `FacetUnknown`, `TooManyToRead`."""
    for clause in exact.clauses:
        holds = holding(clause, known)
        rows = np.flatnonzero(holds) if rows is None else rows[holds[rows]]
    return rows
