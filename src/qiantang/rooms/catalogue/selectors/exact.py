"""Narrowing by what entries say word for word: keywords, providers' codes, ids, values of facets.

Search finds words anywhere in a text; protocols whose fields mean the whole value ask here.
Keywords are looked up in the index and then compared; who provides what is read once for each
state of the catalogue.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.kernel.text import Text
from qiantang.kernel.words import tokens
from qiantang.rooms.catalogue import texts
from qiantang.rooms.catalogue.errors import FacetUnknown
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors.columns import Columns
from qiantang.rooms.catalogue.selectors.facets import KINDS, chosen_mask, coded_of
from qiantang.rooms.catalogue.selectors.views import Facet, FacetValue

PROVIDER: Final = "provider"
KEYWORD: Final = "keyword"
ENTRY: Final = "entry"
MOST_VALUES: Final = 200
_AT_ONCE: Final = 900
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clause:
    """Entries that have one of the values; ``without``: that have none of them. ``by`` is `KEYWORD`
    (in either language), `PROVIDER` (codes), `ENTRY` (ids) or a facet's id."""

    by: str
    values: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Exact:
    """Clauses that all hold. ``counts_providers``: the hits of each are wanted, too."""

    clauses: tuple[Clause, ...] = ()
    counts_providers: bool = False


def narrowed_to(exact: Exact, known: Columns, rows: Rows | None) -> Rows | None:
    """Those of the rows (None: all) for which every clause holds, ascending. Raises
    `FacetUnknown`."""
    for clause in exact.clauses:
        having = _having(clause, known)
        if clause.without:
            left = np.arange(len(known)) if rows is None else rows
            rows = np.setdiff1d(left, having, assume_unique=True)
        else:
            rows = _both(rows, having)
    return rows


def _having(clause: Clause, known: Columns) -> Rows:
    """The rows that have one of the values, ascending."""
    if clause.by == KEYWORD:
        return np.unique(np.concatenate([_with_keyword(v, known) for v in clause.values]))
    if clause.by == PROVIDER:
        codes, names = _PROVIDERS.of(known)
        wanted = [n for n, name in enumerate(names) if name in clause.values]
        return np.flatnonzero(np.isin(codes, wanted))
    if clause.by == ENTRY:
        keys = EntryIndex.objects.filter(resource__in=clause.values).values_list("key", flat=True)
        return known.rows_of(np.array(sorted(keys), np.int64))
    if clause.by not in KINDS:
        raise FacetUnknown(found=clause.by, expected=", ".join(KINDS))
    kind = KINDS[clause.by]
    mask = chosen_mask(kind, coded_of(kind, known, date.today()), clause.values)
    return np.flatnonzero(mask)


def providers_counted(known: Columns, rows: Rows) -> Facet:
    """How many of the rows each provider has."""
    codes, names = _PROVIDERS.of(known)
    numbers = np.bincount(codes[rows], minlength=len(names))
    found = sorted(
        ((names[n], int(numbers[n])) for n in np.flatnonzero(numbers) if names[n]),
        key=lambda pair: (-pair[1], pair[0]),
    )
    values = (FacetValue(name, Text(name, name), count, False) for name, count in found)
    return Facet(PROVIDER, Text("提供机构", "Provider"), tuple(values)[:MOST_VALUES])


def _both(rows: Rows | None, others: Rows) -> Rows:
    return others if rows is None else np.intersect1d(rows, others, assume_unique=True)


def _with_keyword(keyword: str, known: Columns) -> Rows:
    phrase = tuple(tokens(keyword))
    if not phrase:
        return np.empty(0, np.int64)
    near = np.sort(texts.found(texts.Asked((((phrase,),),)), "keywords")).tolist()
    said: list[int] = []
    for start in range(0, len(near), _AT_ONCE):
        part = near[start : start + _AT_ONCE]
        read = EntryIndex.objects.filter(key__in=part).values_list(
            "key", "resource__keywords_zh", "resource__keywords_en"
        )
        said += [key for key, zh, en in read if keyword in zh or keyword in en]
    return known.rows_of(np.array(sorted(said), np.int64))


class _Providers:
    """The provider of every row as a number, with the codes that the numbers stand for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark = ""
        self._kept: tuple[NDArray[Any], list[str]] = (np.empty(0, np.int32), [])

    def of(self, known: Columns) -> tuple[NDArray[Any], list[str]]:
        with self._lock:
            if self._mark != known.mark or len(self._kept[0]) != len(known):
                self._kept, self._mark = self._read(known), known.mark
            return self._kept

    @staticmethod
    def _read(known: Columns) -> tuple[NDArray[Any], list[str]]:
        asked = EntryIndex.objects.order_by("key").values_list("key", "resource__provider_code")
        numbers: dict[str, int] = {"": 0}
        codes = np.zeros(len(known), np.int32)
        pairs = [(key, numbers.setdefault(c, len(numbers))) for key, c in asked.iterator()]
        if pairs:
            keys, said = np.array(pairs, np.int64).T
            rows = known.rows_of(keys)
            codes[rows] = said[np.isin(keys, known.keys[rows])]
        return codes, list(numbers)


_PROVIDERS: Final = _Providers()
