"""Keys and component filters of SDMX's REST interfaces, read.

SDMX REST 2.x (data.md): values joined by ``,`` mean or, clauses joined by ``+`` mean and; an
operator before ``:``. In 2.1 addresses an empty position is the wildcard and ``+`` means or.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from qiantang.standards.sdmx.errors import SdmxArgument
from qiantang.standards.sdmx.model import FLAT, TIME, VALUE, DataStructure
from qiantang.standards.sdmx.times import span_of

_MOST_CLAUSES: Final = 200
_MOST_KEYS: Final = 100
_OPERATORS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
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
        said = equals(self.filters.get(dimension, ()))
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


def equals(chosen: tuple[tuple[Clause, ...], ...]) -> Values:
    """The values that filters of equality alone allow; None when they do not confine to values."""
    if not chosen or any(len(each) != 1 or each[0].operator != "eq" for each in chosen):
        return None
    return frozenset(each[0].value for each in chosen)
