"""The search index in memory: narrow arrays, one per facet, that follow the database's changes.

A process reads the index once and afterwards only the rows of later changes, at the start of every
search; so a search counts all facets over all entries in milliseconds, and what was committed
before it began is in it. The arrays are never changed in place: a search keeps the ones it began
with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from qiantang.rooms.catalogue.keeping import parts
from qiantang.rooms.catalogue.models import CatalogueChange, EntryIndex

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
CODED: Final = (
    *("status", "sharing", "owner_path", "classes", "department", "level", "divisions"),
    *("openness", "format", "forms", "provider", "licence", "cycle", "grade", "origin"),
)
LISTED: Final = ("keywords",)
NUMBERS: Final = ("completeness", "changed", "due")
_READ: Final = ("key", *CODED, *NUMBERS, *LISTED)
_CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts: each row has the number of its text in ``texts``."""

    codes: Codes
    texts: tuple[str, ...]

    def where(self, wanted: Iterable[bool]) -> Mask:
        """For each row whether its text is wanted; ``wanted`` tells it for each text."""
        return np.fromiter(wanted, np.bool_, len(self.texts)).take(self.codes)

    def counts(self, rows: Ints | None) -> Ints:
        """How many of the rows (None: all) have each text."""
        codes = self.codes if rows is None else self.codes.take(rows)
        return np.bincount(codes, minlength=len(self.texts))


@dataclass(frozen=True, slots=True)
class Listed:
    """A column of several texts for each row: pairs of a row and the number of one of its texts,
    in no order. Texts may be tens of thousands; ``size`` is the number of rows."""

    size: int
    rows: Codes
    codes: Codes
    texts: tuple[str, ...]

    def having(self, texts: Iterable[str]) -> Mask:
        """For each row whether it has one of the texts."""
        wanted = [self.texts.index(text) for text in texts if text in self.texts]
        return self._at(self.rows[np.isin(self.codes, wanted)])

    def counts(self, rows: Ints | None) -> Ints:
        """How many of the rows (None: all) have each text."""
        codes = self.codes if rows is None else self.codes.compress(self._at(rows).take(self.rows))
        return np.bincount(codes, minlength=len(self.texts))

    def _at(self, rows: NDArray[Any]) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        mask[rows] = True
        return mask


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns as of one change of the catalogue, rows by key."""

    moment: int
    mark: str
    keys: Ints
    coded: Mapping[str, Coded]
    listed: Mapping[str, Listed]
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
    {name: Listed(0, np.empty(0, np.int32), np.empty(0, np.int32), ()) for name in LISTED},
    {name: np.empty(0, np.int64) for name in NUMBERS},
)


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    columns: Columns = _EMPTY


_NO_CHANGE: Final = (0, "")
_KEPT: Final[dict[str, _Kept]] = {}
_KEPT_LOCK: Final = threading.Lock()


def last_change() -> tuple[int, str]:
    """The catalogue's last change that the reader's transaction can see; (0, "") before any. What
    is kept under it holds until the next one."""
    last = CatalogueChange.objects.order_by("-moment").values_list("moment", "mark")[:1]
    return next(iter(last), _NO_CHANGE)


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
    last = last_change()
    if last == _NO_CHANGE:
        return _EMPTY
    return _merged(_EMPTY, _rows(-1), last)


def _rows(after: int) -> list[tuple[Any, ...]]:
    rows = EntryIndex.objects.filter(moment__gt=after).order_by("key").values_list(*_READ)
    return list(rows.iterator(chunk_size=_CHUNK))


def _merged(known: Columns, rows: Sequence[tuple[Any, ...]], last: tuple[int, str]) -> Columns:
    """The known rows with those that changed put in their places."""
    if not rows:
        return replace(known, moment=last[0], mark=last[1])
    read = dict(zip(_READ, zip(*rows, strict=True), strict=True))
    keys, places = _placed(known.keys, np.array(read["key"], np.int64))
    return Columns(
        *last,
        keys,
        {name: _merged_coded(known.coded[name], read[name], places) for name in CODED},
        {name: _merged_listed(known.listed[name], read[name], places) for name in LISTED},
        {name: places.put(known.numbers[name], np.array(read[name], np.int64)) for name in NUMBERS},
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where, among ``size`` rows, those that were known before come to stand, and those read."""

    size: int
    known: slice | Ints
    read: Ints

    def put(self, known: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
        made = np.empty(self.size, known.dtype)
        made[self.known] = known
        made[self.read] = values
        return made


def _placed(known: Ints, keys: Ints) -> tuple[Ints, _Places]:
    """All keys, ascending, and the places of both."""
    at = np.searchsorted(known, keys)
    inside = at < len(known)
    is_new = ~inside
    is_new[inside] = known[at[inside]] != keys[inside]
    everything = np.concatenate([known, keys[is_new]])
    stand: slice | Ints = slice(len(known))
    if _unordered(everything):
        everything.sort()
        stand = np.searchsorted(everything, known)
    return everything, _Places(len(everything), stand, np.searchsorted(everything, keys))


def _merged_coded(known: Coded, values: Sequence[str], places: _Places) -> Coded:
    numbers = {text: n for n, text in enumerate(known.texts)}
    codes = np.fromiter(
        (numbers.setdefault(text, len(numbers)) for text in values), np.int32, len(values)
    )
    return Coded(places.put(known.codes, codes), tuple(numbers))


def _merged_listed(known: Listed, values: Sequence[str], places: _Places) -> Listed:
    numbers = {text: n for n, text in enumerate(known.texts)}
    read = [[numbers.setdefault(t, len(numbers)) for t in parts(value)] for value in values]
    lengths = np.fromiter(map(len, read), np.int64, len(read))
    is_read = np.zeros(places.size, np.bool_)
    is_read[places.read] = True
    rows = np.arange(places.size, dtype=np.int32)[places.known][known.rows]
    stays = ~is_read[rows]
    return Listed(
        places.size,
        np.concatenate([rows[stays], np.repeat(places.read, lengths).astype(np.int32)]),
        np.concatenate([known.codes[stays], np.fromiter(chain.from_iterable(read), np.int32)]),
        tuple(numbers),
    )


def _unordered(keys: Ints) -> bool:
    return bool(np.any(keys[1:] < keys[:-1]))
