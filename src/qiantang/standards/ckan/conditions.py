"""What a query asks for: words, values and moments, combined as sets are."""

from __future__ import annotations

import re
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

    def pattern(self) -> re.Pattern[str]:
        """What a value has to match as a whole."""
        wild = {Wild.MANY: ".*", Wild.ONE: "."}
        said = (wild[p] if isinstance(p, Wild) else re.escape(p) for p in self.parts)
        return re.compile("".join(said), re.DOTALL)


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
