"""Conditions that entries hold word for word, and the rows that they hold for.

A value's entries are those that its facet counts: both are read off the same columns. Conditions
combine as sets do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from math import floor
from typing import Final

import numpy as np

from qiantang.kernel.words import tokens
from qiantang.rooms.catalogue import texts
from qiantang.rooms.catalogue.errors import FacetUnknown, TooManyToRead
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors import asking
from qiantang.rooms.catalogue.selectors.columns import Columns, Ints, Mask
from qiantang.rooms.catalogue.selectors.facets import (
    KINDS,
    Column,
    FacetKind,
    chosen_mask,
    column_of,
    fitting_mask,
)
from qiantang.rooms.catalogue.texts import ONWARDS, Phrase

ENTRY: Final = "entry"
DESCRIPTION: Final = "description"
MOST_READ: Final = 20_000
"""So many descriptions are read for one condition."""
_AT_ONCE: Final = 900


@dataclass(frozen=True, slots=True)
class Clause:
    """Entries that have one of the values; ``by`` is `ENTRY` (ids) or a facet's id."""

    by: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """Entries with a value that ``fits``; ``by`` as of a `Clause`."""

    by: str
    fits: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Saying:
    """Entries that say one of the phrases (`asking.word_for_word`): in a section of the index, in
    their `DESCRIPTION`, or anywhere where ``section`` is empty."""

    phrases: tuple[Phrase, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Entries that were changed in a stretch of time, with or without its ends; None: no end."""

    since: datetime | None = None
    until: datetime | None = None
    with_since: bool = True
    with_until: bool = True


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; without any, everything does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    part: Condition


Condition = Clause | Fitting | Saying | Changed | Every | Some | Lacking


def holding(condition: Condition, known: Columns) -> Mask:
    """For each row whether the condition holds."""
    match condition:
        case Clause(by, values):
            return _having(by, values, known)
        case Fitting(by, fits):
            return _fitting(by, fits, known)
        case Saying():
            return _saying(condition, known)
        case Changed():
            return _changed(condition, known)
        case Every(parts):
            return reduce(np.logical_and, (holding(p, known) for p in parts), _all(known))
        case Some(parts):
            return reduce(np.logical_or, (holding(p, known) for p in parts), ~_all(known))
        case Lacking(part):
            return ~holding(part, known)


def _all(known: Columns) -> Mask:
    return np.ones(len(known), np.bool_)


def _of(keys: Ints, known: Columns) -> Mask:
    found = np.zeros(len(known), np.bool_)
    found[known.rows_of(keys)] = True
    return found


def _keys(keys: Iterable[int]) -> Ints:
    return np.fromiter(keys, np.int64)


def _facet(by: str, known: Columns) -> tuple[FacetKind, Column]:
    if by not in KINDS:
        raise FacetUnknown(found=by, expected=", ".join(KINDS))
    return KINDS[by], column_of(KINDS[by], known, date.today())


def _having(by: str, values: tuple[str, ...], known: Columns) -> Mask:
    if by != ENTRY:
        return chosen_mask(*_facet(by, known), values)
    named = EntryIndex.objects.filter(resource__in=values)
    return _of(_keys(named.values_list("key", flat=True)), known)


def _fitting(by: str, fits: Callable[[str], bool], known: Columns) -> Mask:
    if by != ENTRY:
        return fitting_mask(*_facet(by, known), fits)
    named = EntryIndex.objects.order_by().values_list("key", "resource_id").iterator()
    return _of(_keys(key for key, id in named if fits(id)), known)


def _saying(said: Saying, known: Columns) -> Mask:
    if not said.phrases:
        return ~_all(known)
    asked = asking.strictly([said.phrases])
    if said.section != DESCRIPTION:
        return _of(texts.found(asked, said.section), known)
    near = texts.found(asked, "body")
    if len(near) > MOST_READ:
        raise TooManyToRead(found=len(near), expected=MOST_READ)
    return _of(_keys(_described(near, said.phrases)), known)


def _described(near: Ints, phrases: tuple[Phrase, ...]) -> Iterable[int]:
    """Those of the keys whose description says one of the phrases: the index keeps it together
    with the provider."""
    for start in range(0, len(near), _AT_ONCE):
        part = near[start : start + _AT_ONCE].tolist()
        read = EntryIndex.objects.filter(key__in=part).values_list(
            "key", "resource__description_zh", "resource__description_en"
        )
        for key, *both in read:
            if any(_says(tokens(text), phrase) for text in both for phrase in phrases):
                yield key


def _says(words: list[str], phrase: Phrase) -> bool:
    *before, last = phrase
    for at in range(len(before), len(words)):
        if words[at - len(before) : at] != before:
            continue
        start = last.removesuffix(ONWARDS)
        if words[at].startswith(start) if start != last else words[at] == last:
            return True
    return False


def _changed(wanted: Changed, known: Columns) -> Mask:
    """By the seconds that the columns keep; entries of an end's own second are looked up."""
    seconds, found = known.numbers["changed"], _all(known)
    if wanted.since is not None:
        second, way = floor(wanted.since.timestamp()), "gte" if wanted.with_since else "gt"
        found &= (seconds > second) | _within(second, {way: wanted.since}, known)
    if wanted.until is not None:
        second, way = floor(wanted.until.timestamp()), "lte" if wanted.with_until else "lt"
        found &= (seconds < second) | _within(second, {way: wanted.until}, known)
    return found


def _within(second: int, bound: Mapping[str, datetime], known: Columns) -> Mask:
    """The entries that changed in a second, on one side of a moment in it."""
    near = known.keys[known.numbers["changed"] == second]
    exact: list[int] = []
    for start in range(0, len(near), _AT_ONCE):
        part = EntryIndex.objects.filter(
            key__in=near[start : start + _AT_ONCE].tolist(),
            **{f"resource__changed_at__{way}": moment for way, moment in bound.items()},
        )
        exact += part.values_list("key", flat=True)
    return _of(_keys(exact), known)
