"""The catalogue's entries as other rooms and doors see them: plain values, nothing to save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from qiantang.kernel.text import Text

NO_TEXT: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Quality:
    """The verdict on the latest delivery. ``grade`` is empty before the first; ``share`` is
    accepted rows by sent rows, 0 to 1; ``dimensions`` share of values that passed, by dimension."""

    grade: str = ""
    sent: int = 0
    accepted: int = 0
    set_aside: int = 0
    share: float | None = None
    dimensions: Mapping[str, float] = field(default_factory=dict)
    run: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """``state``: ``fresh``, ``overdue``, ``never`` (nothing has come yet) or ``no-cycle``.
    ``due``: the last day on which the next delivery is in time."""

    state: str = "never"
    arrived: datetime | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a harvested entry comes from; the upstream stays its owner."""

    code: str
    name: Text
    upstream_id: str
    address: str
    harvested_at: datetime
    passage: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource as the catalogue shows it.

    ``owner`` is an organisation's code, empty while the organisation does not exist and for
    harvested entries; ``provider`` is the owner's name or the upstream's publisher. ``fields`` are
    mappings with id, name, type and what else is declared. ``version`` is the pack's,
    ``number`` the entry's own published version (0: none yet); ``edition`` counts every change
    and goes back into an edit. ``declared`` is the pack's resource that it follows. ``rows`` are
    those of the latest delivery's snapshot.
    """

    id: str
    pack: str
    version: str
    name: Text
    description: Text
    owner: str
    owner_department: str
    sharing: str
    conditions: Text
    open: bool
    cadence: str
    licence: Text
    grain: tuple[str, ...]
    fields: tuple[dict[str, Any], ...]
    status: str
    registered_at: datetime
    changed_at: datetime
    code: str = ""
    classes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    theme_names: Mapping[str, Text] = field(default_factory=dict)
    keywords_zh: tuple[str, ...] = ()
    keywords_en: tuple[str, ...] = ()
    provider: Text = NO_TEXT
    provider_code: str = ""
    division: str = ""
    level: str = ""
    format: str = ""
    share_mode: str = ""
    open_conditions: Text = NO_TEXT
    system: Text = NO_TEXT
    contact: Text = NO_TEXT
    retention: str = ""
    related: tuple[str, ...] = ()
    declared: str = ""
    per_division: bool = False
    number: int = 0
    edition: int = 0
    completeness: int = 0
    published_on: date | None = None
    reason: str = ""
    offered_to: str = ""
    origin: Origin | None = None
    distributions: tuple[Mapping[str, Any], ...] = ()
    quality: Quality = field(default_factory=Quality)
    freshness: Freshness = field(default_factory=Freshness)
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry offered ``to`` another organisation (its code), and why. ``declined``: the reason
    for which somebody there said no; empty while nobody has."""

    to: str
    reason: str
    declined: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An entry that waits for an answer of the organisation it is offered to. ``at`` is None where
    it was offered before that was noted."""

    entry: ResourceView
    to: str
    to_name: Text
    reason: str
    at: datetime | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, its name, and how many entries it would leave."""

    value: str
    name: Text
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """``id``: class, department, level, division, sharing, open, format, cycle, status,
    freshness, grade, origin, keyword, licence or provider. Counts ignore what is chosen in this
    facet itself. ``values``: the most frequent ones and the chosen ones; ``further``: how many
    others occur."""

    id: str
    name: Text
    values: tuple[FacetValue, ...]
    further: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits. ``widened``: too little was found as it stands, so that words were taken
    apart (``words``) or any of them was enough. ``took`` in milliseconds."""

    query: str
    total: int
    page: int
    size: int
    sort: str
    hits: tuple[ResourceView, ...]
    facets: tuple[Facet, ...]
    chosen: Mapping[str, tuple[str, ...]]
    widened: bool
    words: tuple[str, ...]
    took: float

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size)) if self.size else 0


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an entry. ``number`` is None until it is published; ``state``: draft, review,
    published, superseded or discarded. Who did what are actor keys, empty for the public.
    ``owner``: whose it was when it was published (``code``, ``zh``, ``en``), empty where nobody
    noted it."""

    id: int
    resource: str
    number: int | None
    base: int
    state: str
    content: Mapping[str, Any]
    note: str
    drafted_by: str
    drafted_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    reason: str
    owner: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute or field that differs. ``kind``: added, removed or changed; ``where`` is
    empty for attributes and the field's id for fields; values are as a person reads them."""

    kind: str
    attribute: str
    where: str
    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions, ``older`` and ``newer`` by number (0: nothing, None: the
    open draft)."""

    resource: str
    older: int | None
    newer: int | None
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something an entry does not say yet: what, why it matters, and what it would add."""

    attribute: str
    label: Text
    why: Text
    weight: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what an entry should say it says, 0 to 100."""

    score: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class DutyView:
    """What an organisation must register, and how it stands: ``missing``, ``drafted`` (not yet
    published), ``done`` or ``late`` (published, but its data is overdue). ``origin`` is the
    upstream whose harvested entry fulfils it."""

    id: str
    name: Text
    basis: Text
    organisation: str
    organisation_name: Text
    department: str
    division: str
    level: str
    resource: str
    state: str
    entry: str = ""
    since: date | None = None
    origin: str = ""
    origin_name: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class DutyCount:
    """Duties of a department or a division, counted. ``done`` includes those that are late."""

    key: str
    name: Text
    required: int
    done: int
    drafted: int
    missing: int
    late: int

    @property
    def share(self) -> Decimal:
        """Done of required, 0 to 1; 1 where nothing is required."""
        return Decimal(self.done) / self.required if self.required else Decimal(1)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One division's own copy of a resource; ``entry`` is empty where it owes one, ``origin`` the
    upstream that it was harvested from."""

    division: str
    name: Text
    level: str
    organisation: str
    entry: str
    status: str
    freshness: str
    grade: str
    rows: int | None
    origin: str = ""
    origin_name: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Group:
    """The same resource in many divisions."""

    declared: str
    name: Text
    members: tuple[GroupMember, ...]
    owing: tuple[GroupMember, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another entry that has to do with this one. ``reasons``: ``declared``, ``class``,
    ``fields`` or ``elements``; ``shared`` are the ids in common."""

    entry: ResourceView
    reasons: tuple[str, ...]
    shared: tuple[str, ...]
    score: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A candidate for the same thing registered twice. ``kind``: ``name`` (same name, same owner)
    or ``fields`` (the same fields)."""

    kind: str
    entries: tuple[ResourceView, ...]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A harvested entry and the entry that it contradicts. ``kind``: ``code`` or
    ``identifier``. ``decision``: empty, ``both``, ``here`` or ``theirs``; ``may_settle``: whether
    the actor answers for the upstream and may decide; the ``reason`` is for those alone. ``other``
    is empty where the actor may not know of that entry: administrators of the whole zone, who see
    both, decide then."""

    id: int
    entry: str
    entry_name: Text
    other: str
    other_name: Text
    kind: str
    value: str
    found_at: datetime
    decision: str = ""
    reason: str = ""
    decided_at: datetime | None = None
    may_settle: bool = False
