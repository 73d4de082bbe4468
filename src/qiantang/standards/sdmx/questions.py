"""Keys, component filters and versions of SDMX's REST interfaces, read and applied.

SDMX REST 2.x (data.md): values joined by ``,`` mean or, clauses joined by ``+`` mean and; an
operator before ``:``. In 2.1 addresses an empty position is the wildcard and ``+`` means or.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.standards.sdmx.errors import SdmxArgument
from qiantang.standards.sdmx.model import FLAT, TIME, VALUE, DataStructure
from qiantang.standards.sdmx.times import Span, span_of

_MOST_CLAUSES: Final = 200
_MOST_KEYS: Final = 100
_OPERATORS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
_COMPARING: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
Values = frozenset[str] | None
"""The values that one position of a key allows; None: any."""


@dataclass(frozen=True, slots=True)
class Clause:
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one dataflow. ``keys``: alternatives; ``filters``: by component, each a
    choice of alternatives of clauses that hold together; ``window``: of one series the first and
    last observations that are told."""

    keys: tuple[tuple[Values, ...], ...] = ()
    filters: Mapping[str, tuple[tuple[Clause, ...], ...]] = field(default_factory=dict)
    updated_after: datetime | None = None
    as_of: datetime | None = None
    history: bool = False
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None
    at: str = TIME
    attributes: frozenset[str] | None = None
    measure: bool = True
    keys_only: bool = False

    def allowed(self, structure: DataStructure, dimension: str) -> Values:
        """The values of a dimension to which the question is confined for certain; None: any."""
        place = structure.order.index(dimension)
        found: Values = None
        if self.keys and all(key[place] is not None for key in self.keys):
            found = frozenset[str]().union(*(key[place] or frozenset() for key in self.keys))
        said = _equals(self.filters.get(dimension, ()))
        return said if found is None else (found if said is None else found & said)


def parse_keys(said: str, structure: DataStructure, *, old: bool) -> tuple[tuple[Values, ...], ...]:
    """The keys of an address; nothing for the wildcard. ``old``: as SDMX 2.1 writes them.

    The last dimension before time takes the rest, so that its values may have dots in them.
    Raises `SdmxArgument`.
    """
    if said in {"", "*", "all"}:
        return ()
    ids = structure.order[:-1]
    # Every point is held against every key: whoever asks must not choose how long that takes.
    if said.count(",") >= _MOST_KEYS and not old:
        raise SdmxArgument(parameter="key", found=said[:40], expected=f"<= {_MOST_KEYS}")
    return tuple(_key(each, ids, old=old) for each in ([said] if old else said.split(",")))


def _key(said: str, ids: Sequence[str], *, old: bool) -> tuple[Values, ...]:
    parts = said.split(".", len(ids) - 1)
    if old and len(parts) != len(ids):
        raise SdmxArgument(parameter="key", found=said[:80], expected=".".join(ids))
    values = [_position(part, old=old) for part in parts]
    return (*values, *[None] * (len(ids) + 1 - len(values)))


def _position(part: str, *, old: bool) -> Values:
    if part == "*" or (old and part == ""):
        return None
    if part == "" or (not old and "+" in part):
        raise SdmxArgument(parameter="key", found=part[:80], expected="A.*.330000")
    return frozenset(part.split("+")) if old else frozenset({part})


def parse_filter(id: str, said: str, structure: DataStructure) -> tuple[tuple[Clause, ...], ...]:
    """What ``c[ID]`` says. Raises `SdmxArgument`."""
    component = structure.component(id)
    if component is None:
        names = ", ".join(c.id for c in structure.components)
        raise SdmxArgument(parameter="c", found=id[:80], expected=names)
    # A plus in a query is a space by the time it is read here.
    chosen = tuple(
        tuple(_clause(id, clause) for clause in re.split(r"[+ ]", each))
        for each in said.split(",", _MOST_CLAUSES)
    )
    if sum(map(len, chosen)) > _MOST_CLAUSES:
        raise SdmxArgument(parameter=f"c[{id}]", found=said[:40], expected=f"<= {_MOST_CLAUSES}")
    return chosen


def _clause(id: str, said: str) -> Clause:
    name, colon, value = said.partition(":")
    if not colon or name not in _OPERATORS:
        name, value = "eq", said
    try:
        if not value:
            raise ValueError(said)
        if id == TIME:
            span_of(value)
        elif id == VALUE and not Decimal(value).is_finite():
            raise ValueError(said)
    except (ValueError, InvalidOperation) as error:
        expected = ", ".join(f"{o}:" for o in _OPERATORS)
        raise SdmxArgument(parameter=f"c[{id}]", found=said[:80], expected=expected) from error
    return Clause(name, value)


def between(start: str, end: str) -> tuple[Clause, ...]:
    """``startPeriod`` and ``endPeriod`` of SDMX 2.1 as clauses. Raises `SdmxArgument`."""
    said = ([f"ge:{start}"] if start else []) + ([f"le:{end}"] if end else [])
    return tuple(_clause(TIME, each) for each in said)


def parse_at(said: str, structure: DataStructure) -> str:
    """The dimension at the observation. Raises `SdmxArgument`."""
    names = (*structure.order, FLAT)
    at = said or TIME
    if at not in names:
        raise SdmxArgument(
            parameter="dimensionAtObservation", found=said[:80], expected=", ".join(names)
        )
    return at


def fits_key(keys: Sequence[Sequence[Values]], key: Sequence[str]) -> bool:
    """Whether a full key is one of those asked for."""
    return not keys or any(
        all(allowed is None or value in allowed for allowed, value in zip(each, key, strict=True))
        for each in keys
    )


def fits(
    filters: Mapping[str, tuple[tuple[Clause, ...], ...]], value_of: Callable[[str], str | None]
) -> bool:
    """Whether the components of an observation are as the filters want them."""
    return all(
        any(all(_holds(id, c, value_of(id)) for c in clauses) for clauses in chosen)
        for id, chosen in filters.items()
    )


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


def _equals(chosen: tuple[tuple[Clause, ...], ...]) -> Values:
    """The values that filters of equality alone allow; None when they do not confine to values."""
    if not chosen or any(len(each) != 1 or each[0].operator != "eq" for each in chosen):
        return None
    return frozenset(each[0].value for each in chosen)
