"""What a composite index of a pack compiles to: its elements, units, figures and recipe.

The recipe stays plain tables in the handbook's words (OECD/JRC 2008): the engine reads them, and a
checker that is handed in says what is wrong with them while a pack is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class IndexElement:
    """An indicator (level 1) or an aggregate of an index.

    ``direction`` is 1 where more is better, else -1. ``indicator`` is the code of the figures that
    feed an indicator (its own code unless given). ``weight_norm`` names a norm whose figure in
    force stands in place of ``weight``. ``source`` says where the element and its weight come from;
    ``verified`` whether that was checked against the source.
    """

    code: str
    name: Text
    level: int
    parent: str = ""
    weight: float = 1.0
    direction: int = 1
    unit: str = ""
    target: float | None = None
    denominator: str = ""
    indicator: str = ""
    weight_norm: str = ""
    source: str = ""
    verified: bool = False
    description: Text | None = None

    @property
    def figures(self) -> str:
        """The code under which its figures are published."""
        return self.indicator or self.code


@dataclass(frozen=True, slots=True)
class IndexSize:
    """A column that divides indicators (a denominator), such as population."""

    code: str
    name: Text
    unit: str = ""
    indicator: str = ""

    @property
    def figures(self) -> str:
        return self.indicator or self.code


@dataclass(frozen=True, slots=True)
class IndexUnits:
    """Which units are compared: codes of a code list, of one ``level`` of divisions and ``under``
    one of them where these are given. ``groups`` are columns of the list (or ``parent``)."""

    codes: str
    level: str = ""
    under: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """A composite index as a pack declares it. ``figures`` is the resource (``pack.local``) with
    the columns ``unit, indicator, year, value``; empty: the published observations, whose division
    is the unit. ``recipe`` holds the tables that the engine reads, ``uncertain`` among them."""

    id: str
    pack: str
    name: Text
    description: Text
    owner: str
    elements: tuple[IndexElement, ...]
    units: IndexUnits
    recipe: Mapping[str, object]
    sizes: tuple[IndexSize, ...] = ()
    figures: str = ""
    note: Text | None = None
    """What a reader must know before using the results (artificial figures, gaps)."""
    sources: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """``pack.local``, its name everywhere."""
        return f"{self.pack}.{self.id}"

    def element(self, code: str) -> IndexElement | None:
        return next((e for e in self.elements if e.code == code), None)
