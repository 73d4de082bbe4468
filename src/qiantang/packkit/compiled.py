"""What a pack compiles to: frozen, resolved, hashable by content. Rooms and engine see only these.

Ids of packs are lower-case words joined by hyphens; whatever a pack declares is known by
``pack.local`` (``geography.division``), except indicators, targets and divisions, whose codes
stand alone because figures carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.packkit.releases import Release


class FieldType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    PERIOD = "period"
    CODE = "code"


NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL})
"""The types of figures: what has a unit, is added up, scaled or rounded."""


class Sharing(StrEnum):
    """The three share types of government information resources."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    WITHHELD = "withheld"


class Personal(StrEnum):
    """Classification of personal data in a field."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Mode(StrEnum):
    """What a delivery does to the rows that the resource already has."""

    APPEND = "append"
    REPLACE = "replace"
    UPSERT = "upsert"
    DELETE = "delete"


class Dimension(StrEnum):
    """The quality dimensions of GB/T 36344-2018."""

    NORMATIVITY = "normativity"
    COMPLETENESS = "completeness"
    ACCURACY = "accuracy"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    ACCESSIBILITY = "accessibility"


class Severity(StrEnum):
    """What a failed check does with the row: sets it aside, or accepts it with a warning."""

    SET_ASIDE = "set-aside"
    WARN = "warn"


class Precision(StrEnum):
    """The coarsest precision that a date may be given in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


OPEN_END: Final = date.max
"""9999-12-31, the last day of ISO 8601 in four digits: what a date without an end is kept as, so
that it is later than every other and needs no rule of its own."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a resource.

    ``unique``: no two rows may share a value. ``identifier``: a kind of check-digit identifier
    (``cn.resident-id``, ``cn.uscc`` ...). ``element``: the data element it follows
    (``pack.element``). ``reference``: a value must occur in ``pack.resource.field``.
    ``in_force_on``: the field of this resource whose date decides which codes were in force.
    ``birth_date``, ``division`` and ``sex`` of a resident id are compared with the fields named
    in ``agrees`` (part of the identifier -> field id). ``open_end``: a date that may have none,
    as 长期 (for good) says: it is kept as `OPEN_END`, apart from an empty one, which is not known.
    """

    id: str
    name: Text
    type: FieldType
    unit: str | None = None
    codes: str | None = None
    required: bool = False
    personal: Personal = Personal.NONE
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    values: tuple[str, ...] = ()
    description: Text | None = None
    unique: bool = False
    identifier: str | None = None
    element: str | None = None
    reference: str | None = None
    in_force_on: str | None = None
    precision: Precision = Precision.DAY
    agrees: Mapping[str, str] = field(default_factory=dict)
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over rows. One of two forms: ``holds`` is a SQL condition over the resource's fields
    that must be true (null passes); ``sql`` is a select over resources that returns the rows that
    fail, with the resource's grain among its columns (asked of what the lake holds once a delivery
    is in it: before publishing to set rows aside, after it to warn)."""

    id: str
    name: Text
    hint: Text
    dimension: Dimension
    severity: Severity = Severity.SET_ASIDE
    holds: str = ""
    sql: str = ""
    fields: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of a delivery's rows (0 to 1) set aside above which it is held or refused whole; and
    the share of a table's rows that a replacement may take away without being held."""

    hold_above: Decimal = Decimal("0.02")
    refuse_above: Decimal = Decimal("0.5")
    shrink_above: Decimal = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Resource:
    """One information resource. ``role`` is ``observations`` when its rows are evidence."""

    id: str
    pack: str
    name: Text
    description: Text
    fields: tuple[Field, ...]
    grain: tuple[str, ...]
    cadence: str
    sharing: Sharing
    open: bool
    owner: str
    licence: Text
    conditions: Text | None = None
    role: str | None = None
    data: Path | None = None
    samples: Path | None = None
    mode: Mode = Mode.REPLACE
    limits: Limits = field(default_factory=Limits)
    checks: tuple[Check, ...] = ()
    classes: tuple[str, ...] = ()
    """Codes of ``data-commons.resource-class``: 类/项/目/细目, the first is the main one."""
    keywords: Text | None = None
    """Words separated by the enumeration comma or a comma."""
    system: Text | None = None
    """The business system that the data comes from."""
    share_mode: str = "file"
    """How it is shared: ``api``, ``query``, ``file`` or ``exchange``."""
    open_conditions: Text | None = None
    retention: str | None = None
    """How long versions are kept, an ISO 8601 duration; None keeps them for ever."""
    related: tuple[str, ...] = ()
    per_division: bool = False
    """Whether each division keeps its own (the same resource in 90 counties)."""

    def field(self, id: str) -> Field | None:
        return next((f for f in self.fields if f.id == id), None)


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code list; ``extra`` keeps the columns beyond the standard six."""

    code: str
    name: Text
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """``valid_to`` is the last day in force."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class CodeList:
    """An effective-dated code list: a code may stand in several rows with other dates."""

    id: str
    pack: str
    codes: tuple[Code, ...]

    def on(self, day: date) -> tuple[Code, ...]:
        return tuple(c for c in self.codes if c.in_force(day))

    def find(self, code: str, on: date | None = None) -> Code | None:
        """The row for ``code`` in force on ``on``; without a day, the latest row."""
        rows = [c for c in self.codes if c.code == code and (on is None or c.in_force(on))]
        return max(rows, key=lambda c: c.valid_from or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Norm:
    """A figure with legal or methodological force, as data with a source and dates."""

    id: str
    pack: str
    name: Text
    value: Decimal
    unit: str
    source: str
    valid_from: date
    valid_to: date | None
    verified: bool

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Measure:
    """One SQL select over declared resources.

    ``resources`` are the tables as the SQL names them: ``local`` or ``pack__local``. ``columns``
    names the columns that it gives, where the header does (``-- column.gap.zh: ...``).
    """

    id: str
    pack: str
    name: Text
    unit: str
    grain: tuple[str, ...]
    sql: str
    resources: tuple[str, ...]
    path: Path
    columns: Mapping[str, Text] = field(default_factory=dict)


class Nature(StrEnum):
    """How an indicator behaves in time, which decides what a part-year figure proves.

    A ``flow`` accumulates within the year (a part-year figure is a lower bound of the year); a
    ``stock`` is counted at a moment; a ``ratio`` or ``index`` does neither.
    """

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a figure measures. ``owner`` is the department (a code of ``geography.department``)
    that answers for it in each division."""

    id: str
    pack: str
    name: Text
    unit: str
    nature: Nature
    owner: str
    description: Text | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A data element of the registry (GB/T 18391, ISO/IEC 11179): what a field means and how it
    is written, once for all resources. ``standard`` names the source."""

    id: str
    pack: str
    name: Text
    definition: Text
    type: FieldType
    standard: str
    unit: str | None = None
    codes: str | None = None
    identifier: str | None = None
    pattern: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    personal: Personal = Personal.NONE
    valid_from: date | None = None
    valid_to: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What a department must register, from the duty list. ``levels``: province, city, county."""

    id: str
    pack: str
    name: Text
    department: str
    levels: tuple[str, ...]
    basis: Text
    resource: str
    """The declared resource (``pack.local``) that fulfils it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page declared by a pack: tiles in order, each a mapping that the portal understands."""

    id: str
    pack: str
    name: Text
    tiles: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Given, run, expect: one executable example.

    ``given`` is keyed by the name under which SQL sees the resource. ``within`` is the absolute
    tolerance for numbers (None: exact); ``as_of`` and ``division`` are for plans.
    """

    id: str
    pack: str
    title: Text
    given: Mapping[str, Path]
    run: str
    expect: tuple[Mapping[str, object], ...]
    path: Path
    within: Decimal | None = None
    as_of: date | None = None
    division: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A compiled pack. ``digest`` is the SHA-256 of its files, hex."""

    id: str
    name: Text
    description: Text
    version: str
    owner: str
    licence: str
    requires: tuple[str, ...]
    path: Path
    digest: str
    resources: Mapping[str, Resource] = field(default_factory=dict)
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    norms: tuple[Norm, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    elements: Mapping[str, Element] = field(default_factory=dict)
    indices: Mapping[str, CompositeIndex] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    releases: tuple[Release, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that a search treats as one."""
    examples: tuple[Example, ...] = ()
