"""What a query asks for: words, values and moments, combined as sets are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qiantang.standards.ckan.pieces import Wild


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand next to each other in a text field: as they are written (``quoted``), or the
    last one in either number, or ``begins`` with what is said."""

    field: str
    said: str
    quoted: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A field's whole value, with wildcards."""

    field: str
    parts: tuple[str | Wild, ...]

    @property
    def plain(self) -> str | None:
        """The value, where it has no wildcards."""
        (first, *rest) = self.parts
        return first if isinstance(first, str) and not rest else None

    def fits(self, value: str, *, any_case: bool = False) -> bool:
        """Whether a value matches as a whole. Each wildcard takes as little as will do, so that the
        time grows with both lengths and no more."""
        said = [p for part in self.parts for p in (part if isinstance(part, str) else (part,))]
        if any_case:
            value, said = value.lower(), [p.lower() if isinstance(p, str) else p for p in said]
        at, place, star, taken = 0, 0, -1, 0
        while place < len(value):
            if at < len(said) and said[at] in (value[place], Wild.ONE):
                at, place = at + 1, place + 1
            elif at < len(said) and said[at] is Wild.MANY:
                star, taken, at = at, place, at + 1
            elif star >= 0:
                at, taken = star + 1, taken + 1
                place = taken
            else:
                return False
        return all(part is Wild.MANY for part in said[at:])


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to another, None for no end; with or without the ends themselves."""

    since: datetime | None
    until: datetime | None
    with_since: bool = True
    with_until: bool = True


@dataclass(frozen=True, slots=True)
class Both:
    """All of them hold; without any, everything does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: Condition


Condition = Words | Value | Span | Both | Either | Without
EVERYTHING: Final = Both(())


def both(parts: Iterable[Condition]) -> Condition:
    found: list[Condition] = []
    for part in parts:
        found += part.parts if isinstance(part, Both) else [part]
    return found[0] if len(found) == 1 else Both(tuple(found))


def either(parts: Iterable[Condition]) -> Condition:
    found: list[Condition] = []
    for part in parts:
        if part == EVERYTHING:
            return EVERYTHING
        found += part.parts if isinstance(part, Either) else [part]
    return Either(tuple(found))
