"""What a bundle holds: an edition of an index, whole, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data
from qiantang.engine.index.structure import Structure
from qiantang.kernel.text import Text

FORMAT: Final = 1
"""Counts up when an older reader could not read what is written."""


@dataclass(frozen=True, slots=True)
class About:
    """Which edition it is. ``as_of``: the day whose knowledge it rests on; ``made_at`` in ISO 8601;
    ``corrects``: the number of the edition that it corrects, with the ``reason``."""

    index: str
    edition: int
    title: Text
    as_of: str
    made_at: str
    name: Text = field(default_factory=lambda: Text("", ""))
    publisher: Text = field(default_factory=lambda: Text("", ""))
    note: str = ""
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one cell of the input comes from: the revision of an observation, or a row of a
    resource as it stood in a snapshot. ``conflicts``: other figures that the source rules passed
    over, in words."""

    unit: str
    year: int | None
    column: str
    kind: str
    id: str
    revision: int | None = None
    snapshot: int | None = None
    title: str = ""
    address: str = ""
    published: str = ""
    conflicts: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that is missing: of a unit, a column and (in a panel) a year, with the reason."""

    unit: str
    column: str
    year: int | None
    reason: Text


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What is frozen. ``tables`` is the recipe with its uncertain choices, ``names`` the elements'
    names and ``unit_names`` those of the units in both languages; ``robustness`` is what
    `surveying.survey` gave (None: the recipe names no uncertain choice)."""

    about: About
    data: Data
    structure: Structure
    tables: Mapping[str, Any]
    index: Index
    names: Mapping[str, Text] = field(default_factory=dict)
    unit_names: Mapping[str, Text] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    gaps: tuple[Gap, ...] = ()
    robustness: Mapping[str, Any] | None = None
