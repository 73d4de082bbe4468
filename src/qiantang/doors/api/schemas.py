"""The shapes that the API takes and gives, for checking what comes in and describing all of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StrictFloat, StrictInt, create_model

from qiantang.engine.aggregation import Way
from qiantang.engine.targets.verdicts import Verdict

T = TypeVar("T")
FIRST_DAY: Final = date(1949, 10, 1)
LAST_DAY: Final = date(2100, 12, 31)
LARGEST_ID: Final = 2**63 - 1


def _clean(text: str) -> str:
    if any(ch == "\x00" or "\ud800" <= ch <= "\udfff" for ch in text):
        raise ValueError("holds a character that no text can keep")
    return text


Words = Annotated[str, AfterValidator(_clean), Field(max_length=4000)]
Short = Annotated[str, AfterValidator(_clean), Field(max_length=300)]


SnapshotNumber = Annotated[
    int,
    Field(
        json_schema_extra={"format": "int64"},
        description="数值可能超过 2^53，JavaScript、Excel 等会丢失末位，请改用 snapshot_id。"
        " / May be beyond 2^53, where JavaScript and Excel lose digits: read snapshot_id there.",
    ),
]
SnapshotId = Annotated[
    str, Field(description="同一快照编号的文本 / The same number of the snapshot, as text")
]


class Bilingual(Schema):
    zh: str
    en: str


class Problem(Schema):
    """RFC 9457, with a stable ``code``, the next step and both languages."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    messages: Bilingual
    problems: list[dict[str, Any]] | None = None


class PageOf(Schema, Generic[T]):
    items: list[T]
    total: int
    page: int
    size: int
    next: str | None
    previous: str | None


class Limits(Schema):
    low: float | None
    high: float | None


_DUE: dict[str, Any] = {"from": (date, ...), "to": (date, ...), "basis": (Bilingual | None, ...)}
Due: Any = create_model("Due", __base__=Schema, **_DUE)
"""Made by name, for Python keeps the word ``from`` to itself."""


class Gap(Schema):
    absolute: float | None
    relative: float | None


class Bound(Schema):
    low: float | None
    high: float | None
    reason: Bilingual


class Pace(Schema):
    mode: str
    needed: float | None
    seen: float | None
    first: str | None
    last: str | None


class Base(Schema):
    year: int
    mode: str
    value: float | None
    needed: float | None


class Figure(Schema):
    """An observation. ``value`` is a number in ``unit``."""

    model_config = ConfigDict(extra="allow")
    id: str
    revision: int
    indicator: str
    division: str
    period: str
    value: float | None
    unit: str
    kind: str
    grade: str
    source_title: str
    source_address: str
    published: date | None
    quote: str
    scope_note: str
    quality_flag: str


class Evidence(Figure):
    use: str
    use_name: Bilingual
    relation: str
    compared_value: float | None
    reason: Bilingual


class Rejected(Figure):
    code: str
    reason: Bilingual


class Conflict(Schema):
    period: str
    observations: list[Figure]
    chosen: float | None
    resolved_by: str | None
    reason: Bilingual


class Document(Schema):
    title: str
    address: str


class Overrule(Schema):
    verdict: Verdict
    verdict_name: Bilingual
    computed_verdict: str
    reason: str
    document: Document
    by: Bilingual
    at: str
    withdrawn_at: str | None


class Target(Schema):
    """One assessed target: verdict, confidence, gap, evidence used and set aside."""

    model_config = ConfigDict(extra="allow")
    plan: str | None = None
    id: str
    name: Bilingual
    section: str
    quote: str
    kind: str
    division: str
    as_of: date
    due: Due | None
    verdict: Verdict
    verdict_name: Bilingual
    tone: Literal["good", "bad", "warn", "unknown", "pending"]
    confidence: Literal["high", "medium", "low", "none"]
    confidence_reason: Bilingual
    reason: Bilingual
    value: float | None
    unit: str
    period: str | None
    target: float | list[float] | None
    limits: Limits
    comparator: str | None
    relation: str | None
    gap: Gap | None
    bound: Bound | None
    pace: Pace | None
    base: Base | None
    conflicts: list[Conflict]
    evidence: list[Evidence]
    rejected: list[Rejected]
    overrule: Overrule | None
    history: int


class Assessment(Schema):
    plan: str
    name: Bilingual
    issuer: Bilingual
    as_of: date
    division: str
    computed_at: str
    snapshot: SnapshotNumber | None
    snapshot_id: SnapshotId | None
    counts: dict[str, int]
    headline: Bilingual
    targets: list[Target]


class VerdictEntry(Schema):
    plan: str
    target: str
    division: str
    verdict: Verdict
    verdict_name: Bilingual
    value: float | None
    unit: str | None
    period: str | None
    computed_at: str
    superseded_at: str | None
    cause: str
    digest: str


class PlanOut(Schema):
    id: str
    pack: str
    name: Bilingual
    issuer: Bilingual
    issued: date
    source: Bilingual
    summary: Bilingual
    division: str
    targets: int
    assessment: str


class PlanDetail(PlanOut):
    sections: list[dict[str, Any]]
    declared: list[dict[str, Any]]


class IndicatorOut(Schema):
    id: str
    pack: str
    name: Bilingual
    description: Bilingual | None
    unit: str
    nature: Literal["flow", "stock", "ratio", "index"]
    owner: str
    observations: int
    latest: Figure | None


class IndicatorDetail(IndicatorOut):
    division: str
    series: list[Figure]


class RevisionOut(Figure):
    recorded_at: str | None
    recorded_by: Bilingual
    submission: str
    withdrawn: bool


class ObservationDetail(Figure):
    withdrawn: bool
    recorded_at: str | None
    revisions: list[RevisionOut]


class Vintage(Schema):
    """``difference``: the figure in force less the first one, in the unit in force."""

    id: str
    period: str
    difference: float | None
    relative: float | None
    revisions: list[Figure]


class PartMissing(Schema):
    code: str
    name: Bilingual
    why: Literal["no_figure", "ambiguous", "unit", "no_weight", "area_changed"]


class AggregateOut(Schema):
    """``value`` is null unless every part is there; ``changed`` are parts whose area began or ended
    within the period."""

    indicator: str
    division: str
    period: str
    value: float | None
    unit: str
    way: Way
    parts: list[str]
    used: list[str]
    missing: list[PartMissing]
    changed: list[str]


class PublishableCell(Schema):
    """``row`` or ``column`` null: a total. ``value`` null: not published, for the reason given."""

    row: str | None
    column: str | None
    value: float | None
    suppressed: Literal["few_reporters", "dominance", "p_percent", "secondary"] | None


class PublishableOut(Schema):
    resource: str
    rows: str
    columns: str | None
    value: str | None
    rules: dict[str, Any]
    cells: list[PublishableCell]


class ReleaseOut(Schema):
    """``published``: the day on which the last of its figures was out."""

    release: str
    name: Bilingual
    owner: str
    indicators: list[str]
    period: str
    due: date
    state: Literal["due", "late", "published", "published_late"]
    published: date | None
    missing: list[str]
    source: str
    verified: bool


class VintageList(Schema):
    indicator: str
    division: str
    vintages: list[Vintage]


class DivisionOut(Schema):
    code: str
    name: Bilingual
    level: Literal["province", "city", "county"]
    parent: str
    valid_from: date | None
    valid_to: date | None


class DivisionDetail(DivisionOut):
    children: list[DivisionOut]
    known: list[IndicatorOut]
    missing: list[str]
    observations: int


class PackOut(Schema):
    id: str
    name: Bilingual
    description: Bilingual
    version: str
    owner: str
    licence: str
    requires: list[str]
    digest: str
    contents: dict[str, int]


class PackDetail(PackOut):
    resources: list[str]
    indicators: list[str]
    plans: list[str]
    norms: list[dict[str, Any]]
    code_lists: list[str]


class ResourceOut(Schema):
    model_config = ConfigDict(extra="allow")
    id: str
    pack: str
    version: str
    name: Bilingual
    description: Bilingual
    owner: str
    owner_department: str
    sharing: Literal["unconditional", "conditional", "withheld", ""]
    open: bool
    cadence: str
    licence: Bilingual
    grain: list[str]
    status: str


class ResourceDetail(ResourceOut):
    conditions: Bilingual
    fields: list[dict[str, Any]]
    registered_at: str
    changed_at: str


class Health(Schema):
    status: Literal["ok", "failing"]
    version: str
    checks: dict[str, str]


class ObservationIn(Schema):
    """A figure as it is sent in; texts as in a row of a sheet."""

    model_config = ConfigDict(extra="forbid")
    id: Short = ""
    indicator: Short
    division: Short
    period: Short = Field(examples=["2019", "2019-01/2019-09", "2019-12-31"])
    value: Short | StrictInt | StrictFloat = Field(examples=["5547.7"])
    unit: Short
    kind: Short = "actual"
    grade: Short = "C"
    source_title: Words
    source_address: Words = ""
    source_kind: Short = ""
    published: Short = ""
    quote: Words = ""
    scope_note: Words = ""
    quality_flag: Words = ""


class SubmissionIn(Schema):
    """A new figure, or (with ``base_revision``, the revision you saw) a correction."""

    model_config = ConfigDict(extra="forbid")
    observation: ObservationIn
    base_revision: int | None = Field(None, ge=1, le=LARGEST_ID)
    note: Words = ""
    document: Words = ""


class WithdrawalIn(Schema):
    """Asks that a published figure no longer counts."""

    model_config = ConfigDict(extra="forbid")
    base_revision: int = Field(ge=1, le=LARGEST_ID)
    note: Words = ""
    document: Words = ""


class ApprovalIn(Schema):
    """``version``: the version of the submission that you looked at."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = Field(None, ge=0, le=LARGEST_ID)


class RejectionIn(ApprovalIn):
    reason: Words


class SubmissionOut(Schema):
    id: int
    kind: str
    state: Literal["pending", "approved", "rejected", "withdrawn"]
    version: int
    resource: str
    indicator: str
    division: str
    observation: str
    organisation: str
    rows: int
    base_revision: int | None
    note: str
    document: str
    submitted_by: Bilingual
    submitted_at: str
    decided_by: Bilingual | None
    decided_at: str | None
    reason: str
    payload: list[dict[str, Any]]


class Start(Schema):
    name: Bilingual
    version: str
    links: dict[str, str]
