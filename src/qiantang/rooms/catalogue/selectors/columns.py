"""The search index in memory: one narrow array per facet, following the database change by change.

A process reads the index once and afterwards only the rows of later changes, at the start of every
search; so a search counts all facets over all entries in milliseconds, and what was committed
before it began is in it. The arrays are never changed in place: a search keeps the ones it began
with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from qiantang.rooms.catalogue.models import CatalogueChange, EntryIndex

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
CODED: Final = (
    *("status", "sharing", "owner_path", "classes", "department", "level", "divisions"),
    *("openness", "format", "forms", "cycle", "grade", "origin"),
)
NUMBERS: Final = ("completeness", "changed", "due")
_READ: Final = ("key", *CODED, *NUMBERS)
_CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: each row has the number of its text in ``texts``."""

    codes: Codes
    texts: tuple[str, ...]

    def where(self, wanted: Iterable[bool]) -> Mask:
        """For each row whether its text is wanted; ``wanted`` tells it for each text."""
        return np.fromiter(wanted, np.bool_, len(self.texts))[self.codes]


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns as of one change of the catalogue, rows by key."""

    moment: int
    mark: str
    keys: Ints
    coded: Mapping[str, Coded]
    numbers: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.keys)

    def rows_of(self, keys: Ints) -> Ints:
        """Where the keys stand, ascending; keys that are not here are left out."""
        if not len(self.keys):
            return np.empty(0, np.int64)
        if _unordered(keys):
            keys = np.sort(keys)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        found: Ints = at[self.keys[at] == keys]
        return found


_EMPTY: Final = Columns(
    0,
    "",
    np.empty(0, np.int64),
    {name: Coded(np.empty(0, np.int32), ()) for name in CODED},
    {name: np.empty(0, np.int64) for name in NUMBERS},
)


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    columns: Columns = _EMPTY


_KEPT: Final[dict[str, _Kept]] = {}
_KEPT_LOCK: Final = threading.Lock()


def columns() -> Columns:
    """The columns with every change that the reader's transaction can see."""
    with _KEPT_LOCK:
        kept = _KEPT.setdefault(str(connection.settings_dict["NAME"]), _Kept())
    with kept.lock:
        kept.columns = _brought_up(kept.columns)
        return kept.columns


def _brought_up(known: Columns) -> Columns:
    changes = list(
        CatalogueChange.objects.filter(moment__gte=known.moment)
        .order_by("moment")
        .values_list("moment", "mark")
    )
    if not changes:
        return known if known.moment == 0 and not len(known) else _read_all()
    first, last = changes[0], changes[-1]
    if known.moment == 0 or first != (known.moment, known.mark):
        return _read_all()
    if last == first:
        return known
    return _merged(known, _rows(known.moment), last)


def _read_all() -> Columns:
    last = CatalogueChange.objects.order_by("-moment").values_list("moment", "mark").first()
    if last is None:
        return _EMPTY
    return _merged(_EMPTY, _rows(-1), last)


def _rows(after: int) -> list[tuple[Any, ...]]:
    rows = EntryIndex.objects.filter(moment__gt=after).order_by("key").values_list(*_READ)
    return list(rows.iterator(chunk_size=_CHUNK))


def _merged(known: Columns, rows: Sequence[tuple[Any, ...]], last: tuple[int, str]) -> Columns:
    """The known rows with those that changed put in their places, new ones at the end."""
    if not rows:
        return Columns(last[0], last[1], known.keys, known.coded, known.numbers)
    parts = list(zip(*rows, strict=True))
    keys = np.array(parts[0], np.int64)
    at = np.searchsorted(known.keys, keys)
    is_new = np.ones(len(keys), np.bool_)
    inside = at < len(known.keys)
    is_new[inside] = known.keys[at[inside]] != keys[inside]
    everything = np.concatenate([known.keys, keys[is_new]])
    order = np.argsort(everything, kind="stable") if _unordered(everything) else None
    place = _Places(at[~is_new], is_new, order)
    coded = {
        name: _merged_coded(known.coded[name], parts[1 + n], place) for n, name in enumerate(CODED)
    }
    first_number = 1 + len(CODED)
    numbers = {
        name: place.put(known.numbers[name], np.array(parts[first_number + n], np.int64))
        for n, name in enumerate(NUMBERS)
    }
    everything = everything if order is None else everything[order]
    return Columns(last[0], last[1], everything, coded, numbers)


@dataclass(frozen=True, slots=True)
class _Places:
    old: Ints
    is_new: Mask
    order: Ints | None

    def put(self, known: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
        changed = known.copy()
        changed[self.old] = values[~self.is_new]
        made = np.concatenate([changed, values[self.is_new]])
        return made if self.order is None else made[self.order]


def _merged_coded(known: Coded, values: Sequence[str], place: _Places) -> Coded:
    numbers = {text: n for n, text in enumerate(known.texts)}
    codes = np.fromiter(
        (numbers.setdefault(text, len(numbers)) for text in values), np.int32, len(values)
    )
    return Coded(place.put(known.codes, codes), tuple(numbers))


def _unordered(keys: Ints) -> bool:
    return bool(np.any(keys[1:] < keys[:-1]))
