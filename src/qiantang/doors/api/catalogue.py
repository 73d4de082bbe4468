"""The shapes that the catalogue's addresses take and give."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from qiantang.doors.api.schemas import LARGEST_ID, Bilingual, PageOf, Short, Words
from qiantang.rooms.catalogue.selectors import (
    Change,
    Completeness,
    ConflictView,
    DutyView,
    Facet,
    Group,
    OpenOffer,
    ResourceView,
    SearchPage,
    VersionView,
)

MOST_CONFLICTS: Final = 200


class EntryHit(Schema):
    """An entry in a list; `/catalogue/entries/{id}` gives all of it."""

    model_config = ConfigDict(extra="allow")
    id: str
    code: str
    name: Bilingual
    description: Bilingual
    provider: Bilingual
    owner: str
    owner_department: str
    division: str
    level: str
    classes: list[str]
    sharing: str
    open: bool
    format: str
    cadence: str
    status: str
    number: int
    completeness: int
    freshness: str
    grade: str
    origin: str
    changed_at: str


class FacetValueOut(Schema):
    value: str
    name: Bilingual
    count: int
    chosen: bool


class FacetOut(Schema):
    """``further``: how many values occur beside those given, the most frequent and chosen ones."""

    id: str
    name: Bilingual
    values: list[FacetValueOut]
    further: int


class Found(PageOf[EntryHit]):
    """``widened``: too little was found as it stands, so that the words were taken apart."""

    facets: list[FacetOut]
    sort: str
    widened: bool
    words: list[str]


class MissingOut(Schema):
    attribute: str
    label: Bilingual
    why: Bilingual
    weight: int


class EntryOut(EntryHit):
    """Everything an entry says. ``edition`` goes back as ``seen`` with an edit."""

    pack: str
    version: str
    declared: str
    edition: int
    conditions: Bilingual
    open_conditions: Bilingual
    licence: Bilingual
    fields: list[dict[str, Any]]
    grain: list[str]
    missing: list[MissingOut]


class VersionOut(Schema):
    resource: str
    number: int | None
    base: int
    state: Literal["draft", "review", "published", "superseded", "discarded"]
    content: dict[str, Any]
    note: str
    drafted_at: str
    submitted_at: str | None
    decided_at: str | None
    reason: str
    owner: dict[str, str]


class ChangeOut(Schema):
    kind: Literal["added", "removed", "changed"]
    attribute: str
    where: str
    label: Bilingual
    before: Bilingual
    after: Bilingual


class DifferenceOut(Schema):
    resource: str
    older: int | None
    newer: int | None
    changes: list[ChangeOut]


class DutyOut(Schema):
    id: str
    name: Bilingual
    basis: Bilingual
    organisation: str
    organisation_name: Bilingual
    department: str
    division: str
    level: str
    resource: str
    state: Literal["missing", "drafted", "done", "late"]
    entry: str
    origin: str
    origin_name: Bilingual


class MemberOut(Schema):
    division: str
    name: Bilingual
    level: str
    organisation: str
    entry: str
    status: str
    freshness: str
    grade: str
    rows: int | None
    origin: str
    origin_name: Bilingual


class GroupOut(Schema):
    declared: str
    name: Bilingual
    members: list[MemberOut]
    owing: list[MemberOut]


class ConflictOut(Schema):
    """``entry`` was harvested, ``other`` was here or came from another upstream; it is empty where
    the reader may not know of it: administrators of the whole zone decide then."""

    id: int
    entry: str
    entry_name: Bilingual
    other: str
    other_name: Bilingual
    kind: Literal["code", "identifier"]
    value: str
    decision: Literal["", "both", "here", "theirs"]
    reason: str
    may_settle: bool


class OfferOut(Schema):
    """An entry that its ``owner`` offers to another organisation. ``at`` is null where it was
    offered before that was noted."""

    entry: str
    name: Bilingual
    owner: str
    provider: Bilingual
    to: str
    to_name: Bilingual
    reason: str
    at: str | None
    may_answer: bool


class EntryIn(Schema):
    """A new entry of an organisation. ``content``: name, description, classes, keywords, fields,
    sharing, conditions, open, cadence, licence, contact ... texts as ``{"zh", "en"}``."""

    model_config = ConfigDict(extra="forbid")
    owner: Short = Field(examples=["330100-stats"])
    content: dict[str, Any]
    fulfils: Short = ""


class EntryChangeIn(Schema):
    """What changes; the rest stays. ``seen``: the edition that you looked at."""

    model_config = ConfigDict(extra="forbid")
    content: dict[str, Any]
    seen: int | None = Field(None, ge=0, le=LARGEST_ID)
    note: Words = ""


class SeenIn(Schema):
    model_config = ConfigDict(extra="forbid")
    seen: int | None = Field(None, ge=0, le=LARGEST_ID)


class ReasonIn(Schema):
    model_config = ConfigDict(extra="forbid")
    reason: Words


class DecisionIn(ReasonIn):
    """``both`` stay, or one of the two is left out of this catalogue: with ``here`` the harvested
    entry, with ``theirs`` the other one."""

    decision: Literal["both", "here", "theirs"]


class SettledOut(Schema):
    items: list[ConflictOut]


class DecisionsIn(DecisionIn):
    """One decision for several conflicts: all of them are settled, or none."""

    conflicts: list[Annotated[int, Field(ge=1, le=LARGEST_ID)]] = Field(
        min_length=1, max_length=MOST_CONFLICTS
    )


class OwnershipIn(ReasonIn):
    """``to``: the organisation that is to own it."""

    to: Short


def offer(o: OpenOffer) -> dict[str, Any]:
    texts = {"name": o.entry.name, "provider": o.entry.provider, "to_name": o.to_name}
    return {
        "entry": o.entry.id,
        "owner": o.entry.owner,
        **{name: text.as_dict() for name, text in texts.items()},
        "to": o.to,
        "reason": o.reason,
        "at": o.at.isoformat(timespec="seconds") if o.at else None,
        "may_answer": o.may_answer,
    }


def hit(r: ResourceView) -> dict[str, Any]:
    texts = {name: getattr(r, name).as_dict() for name in ("name", "description", "provider")}
    plain = (
        *("id", "code", "owner", "owner_department", "division", "level", "sharing", "open"),
        *("format", "cadence", "status", "number", "completeness"),
    )
    return {
        **texts,
        **{name: getattr(r, name) for name in plain},
        "classes": list(r.classes),
        "freshness": r.freshness.state,
        "grade": r.quality.grade,
        "origin": r.origin.code if r.origin else "",
        "changed_at": r.changed_at.isoformat(timespec="seconds"),
    }


def entry(r: ResourceView, said: Completeness) -> dict[str, Any]:
    whole = asdict(r)
    kept = {k: v for k, v in whole.items() if k not in ("freshness", "quality", "origin", "reason")}
    return {
        **kept,
        **hit(r),
        "registered_at": r.registered_at.isoformat(timespec="seconds"),
        "arrival": {**whole["freshness"], **whole["quality"]},
        "upstream": whole["origin"],
        "reason": r.reason,
        "missing": [asdict(m) for m in said.missing],
    }


def facet(f: Facet) -> dict[str, Any]:
    return asdict(f)


def found(page: SearchPage) -> dict[str, Any]:
    return {
        "facets": [facet(f) for f in page.facets],
        "sort": page.sort,
        "widened": page.widened,
        "words": list(page.words),
    }


def version(v: VersionView) -> dict[str, Any]:
    days = ("drafted_at", "submitted_at", "decided_at")
    said = {
        day: at.isoformat(timespec="seconds") if (at := getattr(v, day)) else None for day in days
    }
    plain = ("resource", "number", "base", "state", "note", "reason")
    return {**{name: getattr(v, name) for name in plain}, "content": dict(v.content), **said,
            "owner": dict(v.owner)}  # fmt: skip


def change(c: Change) -> dict[str, Any]:
    return asdict(c)


def duty(d: DutyView) -> dict[str, Any]:
    return {k: v for k, v in asdict(d).items() if k != "since"}


def conflict(c: ConflictView) -> dict[str, Any]:
    return {k: v for k, v in asdict(c).items() if k not in ("found_at", "decided_at")}


def group(g: Group) -> dict[str, Any]:
    return asdict(g)
