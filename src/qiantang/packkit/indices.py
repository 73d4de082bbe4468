"""What a composite index of a pack compiles to: its elements, units, figures and recipe.

The recipe stays plain tables in the handbook's words (OECD/JRC 2008): the engine reads them, and a
checker that is handed in says what is wrong with them while a pack is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS

if TYPE_CHECKING:
    from qiantang.packkit.compiled import Code, CodeList

PARENT = "parent"
"""The group that every code list has: the code above."""


@dataclass(frozen=True, slots=True)
class IndexElement:
    """An indicator (level 1) or an aggregate of an index.

    ``direction`` is 1 where more is better, else -1. ``indicator`` is the code of the figures that
    feed an indicator (its own code unless given). ``weight_norm`` names a norm whose figure in
    force stands in place of ``weight``. ``source`` says where the element and its weight come from;
    ``verified`` whether that was checked against the source. ``unit_en`` says the unit in English
    where it is not a registered one.
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
    unit_en: str = ""

    @property
    def figures(self) -> str:
        """The code under which its figures are published."""
        return self.indicator or self.code

    @property
    def unit_text(self) -> Text:
        """The unit in both languages."""
        return _unit_text(self.unit, self.unit_en)


@dataclass(frozen=True, slots=True)
class IndexSize:
    """A column that divides indicators (a denominator), such as population."""

    code: str
    name: Text
    unit: str = ""
    indicator: str = ""
    unit_en: str = ""

    @property
    def figures(self) -> str:
        """The code under which its figures are published."""
        return self.indicator or self.code

    @property
    def unit_text(self) -> Text:
        """The unit in both languages."""
        return _unit_text(self.unit, self.unit_en)


@dataclass(frozen=True, slots=True)
class IndexUnits:
    """Which units are compared: codes of a code list, of one ``level`` of divisions and ``under``
    one of them where these are given. ``groups`` are columns of the list (or ``parent``)."""

    codes: str
    level: str = ""
    under: str = ""
    groups: tuple[str, ...] = ()

    def chosen(self, listed: CodeList, on: date | None = None) -> tuple[Code, ...]:
        """The units among ``listed`` on a day (without one: the latest row of each code), in the
        list's order."""
        rows = listed.on(on) if on else _latest(listed)
        parents = {c.code: c.parent for c in rows}
        return tuple(
            c
            for c in rows
            if (not self.level or division_level(c.code) == self.level)
            and (not self.under or self.under in _above(c.code, parents))
        )

    def label(self, code: Code, group: str) -> str:
        """What a unit has in the column ``group`` of its list; nothing where it is blank."""
        return code.parent if group == PARENT else code.extra.get(group, "")


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
    scores: str = ""
    """The indicator as whose figures the scores of published editions count, so that a target can
    rest on them; the units are divisions then."""

    @property
    def key(self) -> str:
        """``pack.local``, its name everywhere."""
        return f"{self.pack}.{self.id}"

    @property
    def columns(self) -> Mapping[str, str]:
        """For each code of an indicator or a size the code under which its figures come."""
        leaves = {e.code: e.figures for e in self.elements if e.level == 1}
        return {**leaves, **{size.code: size.figures for size in self.sizes}}

    def element(self, code: str) -> IndexElement | None:
        return next((e for e in self.elements if e.code == code), None)


def _unit_text(symbol: str, en: str) -> Text:
    known = UNITS.get(symbol)
    return Text(symbol, en or (known.en if known else symbol))


def _latest(listed: CodeList) -> list[Code]:
    found = (listed.find(code) for code in dict.fromkeys(c.code for c in listed.codes))
    return [c for c in found if c is not None]


def _above(code: str, parents: Mapping[str, str]) -> list[str]:
    """Every code above one, the nearest first; a list may not form a cycle."""
    found: list[str] = []
    at = parents.get(code, "")
    while at and at not in found:
        found.append(at)
        at = parents.get(at, "")
    return found
