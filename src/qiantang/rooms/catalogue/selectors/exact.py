"""Narrowing by what entries say word for word: a keyword, a provider's code.

Search finds words anywhere in a text; protocols whose fields mean the whole value ask here.
Keywords are looked up in the index and then compared; who provides what is read once for each
state of the catalogue.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.kernel.text import Text
from qiantang.kernel.words import tokens
from qiantang.rooms.catalogue import texts
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors.columns import Columns
from qiantang.rooms.catalogue.selectors.views import Facet, FacetValue

PROVIDER: Final = "provider"
MOST_VALUES: Final = 200
_AT_ONCE: Final = 900
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Exact:
    """What entries must have: every one of the keywords, in either language; one of the
    ``providers`` (codes), where some are named."""

    keywords: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


def narrowed_to(exact: Exact, known: Columns, rows: Rows | None) -> Rows | None:
    """Those of the rows (None: all) that have what is wanted, ascending."""
    for keyword in exact.keywords:
        rows = _both(rows, _with_keyword(keyword, known))
    if exact.providers:
        codes, names = _PROVIDERS.of(known)
        wanted = [n for n, name in enumerate(names) if name in exact.providers]
        rows = _both(rows, np.flatnonzero(np.isin(codes, wanted)))
    return rows


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
