"""Narrowing by what entries say word for word: ids and values of facets, such as keywords.

Search finds words anywhere in a text; protocols whose fields mean the whole value ask here. A
value's entries are those that its facet counts: both are read off the same columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qiantang.rooms.catalogue.errors import FacetUnknown
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors.columns import Columns, Mask
from qiantang.rooms.catalogue.selectors.facets import KINDS, MOST_VALUES, chosen_mask, column_of

ENTRY: Final = "entry"
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clause:
    """Entries that have one of the values; ``without``: that have none of them. ``by`` is `ENTRY`
    (ids) or a facet's id."""

    by: str
    values: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Exact:
    """Clauses that all hold. ``most``: so many values of each facet are counted."""

    clauses: tuple[Clause, ...] = ()
    most: int = MOST_VALUES


def narrowed_to(exact: Exact, known: Columns, rows: Rows | None) -> Rows | None:
    """Those of the rows (None: all) for which every clause holds, ascending. Raises
    `FacetUnknown`."""
    for clause in exact.clauses:
        holds = _having(clause, known)
        if clause.without:
            holds = ~holds
        rows = np.flatnonzero(holds) if rows is None else rows[holds[rows]]
    return rows


def _having(clause: Clause, known: Columns) -> Mask:
    """For each row whether it has one of the values."""
    if clause.by == ENTRY:
        keys = EntryIndex.objects.filter(resource__in=clause.values).values_list("key", flat=True)
        found = np.zeros(len(known), np.bool_)
        found[known.rows_of(np.array(sorted(keys), np.int64))] = True
        return found
    if clause.by not in KINDS:
        raise FacetUnknown(found=clause.by, expected=", ".join(KINDS))
    kind = KINDS[clause.by]
    return chosen_mask(kind, column_of(kind, known, date.today()), clause.values)
