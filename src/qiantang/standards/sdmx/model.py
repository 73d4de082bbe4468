"""What SDMX says of structures and data, as plain dataclasses (SDMX information model, section 2).

One form for both versions of the standard: each writer says it in the words of its version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from qiantang.kernel.text import Text

EMPTY: Final = Text("", "")
TIME: Final = "TIME_PERIOD"
VALUE: Final = "OBS_VALUE"
FLAT: Final = "AllDimensions"
_URN: Final = "urn:sdmx:org.sdmx.infomodel."


class Kind(StrEnum):
    """Artefacts as their REST addresses name them."""

    AGENCIES = "agencyscheme"
    CODELIST = "codelist"
    CONCEPTS = "conceptscheme"
    STRUCTURE = "datastructure"
    FLOW = "dataflow"
    CONSTRAINT = "dataconstraint"


_CLASSES: Final = {
    Kind.AGENCIES: "base.AgencyScheme",
    Kind.CODELIST: "codelist.Codelist",
    Kind.CONCEPTS: "conceptscheme.ConceptScheme",
    Kind.STRUCTURE: "datastructure.DataStructure",
    Kind.FLOW: "datastructure.Dataflow",
    Kind.CONSTRAINT: "registry.DataConstraint",
}


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A maintained artefact: who maintains it, its id and version."""

    agency: str
    id: str
    version: str = "1.0.0"

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"

    def urn(self, kind: Kind) -> str:
        return f"{_URN}{_CLASSES[kind]}={self}"

    def item_urn(self, kind: Kind, item: str) -> str:
        """The address of an item of a scheme: a code, a concept, an agency."""
        name = {Kind.CODELIST: "codelist.Code", Kind.CONCEPTS: "conceptscheme.Concept"}
        return f"{_URN}{name.get(kind, 'base.Agency')}={self}.{item}"


@dataclass(frozen=True, slots=True)
class Item:
    """A code, a concept or an agency. ``notes`` are annotations: type and text."""

    id: str
    name: Text
    parent: str = ""
    description: Text = EMPTY
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list of items: a code list, a concept scheme or an agency scheme. ``partial``: not all."""

    kind: Kind
    ref: Ref
    name: Text
    items: tuple[Item, ...]
    partial: bool = False

    def find(self, id: str) -> Item | None:
        return next((item for item in self.items if item.id == id), None)


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, measure or attribute: its concept has the same id. ``codes``: its code list;
    else ``type``, one of SDMX's data types. ``required``: every observation has it."""

    id: str
    codes: Ref | None = None
    type: str = "String"
    required: bool = False


@dataclass(frozen=True, slots=True)
class DataStructure:
    """Dimensions (the time dimension, last in every key, apart), one measure, and attributes of
    the observation. ``concepts``: the scheme of all their concepts."""

    ref: Ref
    name: Text
    concepts: Ref
    dimensions: tuple[Component, ...]
    attributes: tuple[Component, ...]
    time: Component = Component(TIME, type="ObservationalTimePeriod")
    measure: Component = Component(VALUE, type="Decimal")

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of all dimensions in the order of a full key."""
        return (*(d.id for d in self.dimensions), TIME)

    @property
    def components(self) -> tuple[Component, ...]:
        return (*self.dimensions, self.time, self.measure, *self.attributes)

    def component(self, id: str) -> Component | None:
        return next((c for c in self.components if c.id == id), None)


@dataclass(frozen=True, slots=True)
class Dataflow:
    ref: Ref
    name: Text
    structure: Ref
    description: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Availability:
    """What there is for a question: values for each dimension asked for, the first and last day,
    and how many series and observations."""

    ref: Ref
    name: Text
    flow: Ref
    values: Mapping[str, tuple[str, ...]]
    first: str = ""
    last: str = ""
    series: int = 0
    observations: int = 0


@dataclass(frozen=True, slots=True)
class Structures:
    """The content of a structure message."""

    schemes: tuple[Scheme, ...] = ()
    structures: tuple[DataStructure, ...] = ()
    flows: tuple[Dataflow, ...] = ()
    constraints: tuple[Availability, ...] = ()
    stubs: frozenset[tuple[Kind, Ref]] = frozenset()
    """Artefacts that are told with their names alone."""

    def of(self, kind: Kind) -> tuple[Scheme, ...]:
        return tuple(s for s in self.schemes if s.kind is kind)


@dataclass(frozen=True, slots=True)
class Point:
    """One observation: the values of all dimensions (time last), the measure (None: not asked for
    or deleted), and attributes in the order of the set's ``attributes``; None: has none."""

    key: tuple[str, ...]
    value: str | None
    attributes: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class DataSet:
    """Points of one dataflow. ``attributes``: those that are told, in this order; ``at``: the
    dimension at the observation. ``keys_only``: one point for each series, without time."""

    flow: Dataflow
    structure: DataStructure
    points: Iterable[Point]
    attributes: tuple[Component, ...]
    at: str = TIME
    action: str = "Information"
    measure: bool = True
    keys_only: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def place(self) -> int | None:
        """Where in a key the dimension at the observation stands; None: the view is flat."""
        return None if self.at == FLAT else self.structure.order.index(self.at)


@dataclass(frozen=True, slots=True)
class Header:
    """Of every message: id, when prepared, who sends it, the language its reader likes best."""

    id: str
    prepared: datetime
    sender: str
    sender_name: Text
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Names:
    """What data messages that carry names need beside the data: the schemes by reference."""

    schemes: Mapping[Ref, Scheme] = field(default_factory=dict)

    def of(self, component: Component, value: str) -> Text:
        scheme = self.schemes.get(component.codes) if component.codes else None
        item = scheme.find(value) if scheme else None
        return item.name if item else Text(value, value)

    def concept(self, structure: DataStructure, id: str) -> Text:
        scheme = self.schemes.get(structure.concepts)
        item = scheme.find(id) if scheme else None
        return item.name if item else Text(id, id)
