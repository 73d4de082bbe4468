"""What frequent words matched, kept while the catalogue grows.

Reading hundreds of thousands of keys from the database takes longer than everything else in a
search; so after a change only the entries that changed since are asked of the index again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.rooms.catalogue import texts
from qiantang.rooms.catalogue.models import CatalogueChange, EntryIndex
from qiantang.rooms.catalogue.selectors.columns import Columns, Mask

Rows = NDArray[np.int64]
Scores = NDArray[np.floating[Any]]
MOST_CHANGED: Final = 100
"""Above so many changed entries everything is asked anew."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows that match the words, None for all, with their scores."""

    rows: Rows | None
    scores: Scores | None = None
    widened: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What matched as of one change of the catalogue, whose keys stood as in ``keys``: the rows,
    and for each whether its name matches; narrow, for many queries are kept."""

    moment: int
    mark: str
    keys: Rows
    rows: NDArray[np.int32]
    named: Mask

    def hits(self) -> Hits:
        return Hits(self.rows.astype(np.int64), self.named.astype(np.float32))


class Frequent:
    """The hits of the last frequent queries."""

    MOST = 32

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[texts.Asked, _Kept] = {}

    def get(self, known: Columns, asked: texts.Asked) -> Hits | None:
        """What matches now; None where it is not known or too much has changed."""
        with self._lock:
            kept = self._kept.get(asked)
        if kept is None:
            return None
        if kept.mark != known.mark:
            kept = _carried(kept, known, asked)
            if kept is None:
                return None
            self._put(asked, kept)
        return kept.hits()

    def put(self, known: Columns, asked: texts.Asked, rows: Rows, named: Rows) -> Hits:
        """Keep the rows that match and those of them whose names do; gives them as hits."""
        kept = _as_of(known, rows, named)
        self._put(asked, kept)
        return kept.hits()

    def _put(self, asked: texts.Asked, kept: _Kept) -> None:
        with self._lock:
            self._kept.pop(asked, None)
            while len(self._kept) >= self.MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[asked] = kept


def _carried(kept: _Kept, known: Columns, asked: texts.Asked) -> _Kept | None:
    """The same after the changes since; None where there are many, or the catalogue's past is
    another one (a backup was put back)."""
    if known.moment < kept.moment or not _is_past(kept):
        return None
    # In no order: one would be read off the keys, all of them, instead of off the few moments.
    since = EntryIndex.objects.filter(moment__gt=kept.moment).order_by()
    changed = np.array(list(since.values_list("key", flat=True)[: MOST_CHANGED + 1]), np.int64)
    if len(changed) > MOST_CHANGED:
        return None
    matches, names = np.zeros(len(known), np.bool_), np.zeros(len(known), np.bool_)
    before = _moved(kept, known)
    matches[before], names[before] = True, kept.named
    again = known.rows_of(changed)
    matches[again] = names[again] = False
    if len(changed):
        matches[known.rows_of(texts.found(asked, among=changed))] = True
        names[known.rows_of(texts.found(asked, "name", among=changed))] = True
    return _as_of(known, np.flatnonzero(matches), np.flatnonzero(names))


def _as_of(known: Columns, rows: Rows, named: Rows) -> _Kept:
    in_name = np.zeros(len(known), np.bool_)
    in_name[named] = True
    narrow = rows.astype(np.int32)
    return _Kept(known.moment, known.mark, known.keys, narrow, in_name[rows])


def _is_past(kept: _Kept) -> bool:
    return CatalogueChange.objects.filter(moment=kept.moment, mark=kept.mark).exists()


def _moved(kept: _Kept, known: Columns) -> Rows:
    """Where the rows stand now: new entries mostly stand behind the others."""
    if np.array_equal(known.keys[: len(kept.keys)], kept.keys):
        return kept.rows.astype(np.int64)
    return known.rows_of(kept.keys[kept.rows])
