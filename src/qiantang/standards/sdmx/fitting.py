"""Whether series and observations are those asked for, with the question prepared once.

A question may name a hundred keys and two hundred values; every series of a dataflow is held
against it. So what only names values becomes sets, and a look-up does not grow with the question.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any, Final

from qiantang.standards.sdmx.model import TIME, VALUE
from qiantang.standards.sdmx.questions import Clause, Values, equals
from qiantang.standards.sdmx.times import Span, span_of

Chosen = tuple[tuple[Clause, ...], ...]
ValueOf = Callable[[str], str | None]
_MOST_TUPLES: Final = 10_000
"""Combinations of one key's values that are written out; beyond, its positions are asked apart."""
_COMPARING: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip


def key_test(keys: Sequence[Sequence[Values]]) -> Callable[[Sequence[str]], bool]:
    """Whether a full key is one of ``keys`` (any, where there are none)."""
    if not keys:
        return lambda key: True
    exact: dict[tuple[int, ...], set[tuple[str, ...]]] = {}
    wide: list[Sequence[Values]] = []
    for each in keys:
        places = tuple(place for place, values in enumerate(each) if values is not None)
        combined = 1
        for place in places:
            combined *= len(each[place] or ())
        if combined > _MOST_TUPLES:
            wide.append(each)
        else:
            exact.setdefault(places, set()).update(product(*(each[p] or () for p in places)))
    return lambda key: (
        any(tuple(key[p] for p in places) in known for places, known in exact.items())
        or any(_allows(each, key) for each in wide)
    )


def _allows(each: Iterable[Values], key: Sequence[str]) -> bool:
    return all(values is None or value in values for values, value in zip(each, key, strict=True))


def filter_test(filters: Mapping[str, Chosen]) -> Callable[[ValueOf], bool]:
    """Whether the components of an observation are as ``filters`` want them."""
    tests = [(id, _component_test(id, chosen)) for id, chosen in filters.items()]
    return lambda value_of: all(test(value_of(id)) for id, test in tests)


def _component_test(id: str, chosen: Chosen) -> Callable[[str | None], bool]:
    named = equals(chosen)
    if named is not None and id not in (TIME, VALUE):
        return named.__contains__
    return lambda value: any(all(_holds(id, c, value) for c in clauses) for clauses in chosen)


def _holds(id: str, clause: Clause, value: str | None) -> bool:
    if value is None:
        return clause.operator in {"ne", "nc"}
    if id == TIME:
        return _time_holds(clause, span_of(value), value)
    if id == VALUE and clause.operator in _COMPARING:
        return _compared(clause.operator, Decimal(value), Decimal(clause.value))
    match clause.operator:
        case "co":
            return clause.value in value
        case "nc":
            return clause.value not in value
        case "sw":
            return value.startswith(clause.value)
        case "ew":
            return value.endswith(clause.value)
    return _compared(clause.operator, value, clause.value)


def _time_holds(clause: Clause, span: Span, value: str) -> bool:
    """A stretch is at or after a time when it begins so, and at or before it when it ends so."""
    wanted = span_of(clause.value)
    match clause.operator:
        case "ge":
            return span.start >= wanted.start
        case "gt":
            return span.start > wanted.end
        case "le":
            return span.end <= wanted.end
        case "lt":
            return span.end < wanted.start
        case "eq" | "co" | "sw" | "ew":
            return span == wanted
    return span != wanted


def _compared(operator: str, value: Any, other: Any) -> bool:
    return bool(_COMPARING[operator](value, other))
