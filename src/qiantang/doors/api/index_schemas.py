"""The shapes of composite indices: what goes in to plan an edition, and what comes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from qiantang.doors.api.schemas import (
    FIRST_DAY,
    LAST_DAY,
    Bilingual,
    Short,
    SnapshotId,
    SnapshotNumber,
    Words,
)

State = Literal["planned", "published", "discarded"]
Score = float | None
Place = int | None


class WeightChangeOut(Schema):
    """A weight whose norm now gives another, with the reason of the operator's override."""

    element: str
    element_name: Bilingual
    norm: str
    norm_name: Bilingual
    before: float
    after: float
    reason: str
    document: str


class EditionOut(Schema):
    index: str
    number: int
    state: State
    title: Bilingual
    note: str
    as_of: date
    dated: bool
    prepared_name: Bilingual
    prepared_at: datetime
    decided_name: Bilingual
    decided_at: datetime | None
    decision: str
    corrects: Place
    corrected_by: Place
    reason: str
    digest: str
    size: int
    fingerprint: str
    outdated: int
    reweighed: list[WeightChangeOut]
    outdated_at: datetime | None


class IndexOut(Schema):
    id: str
    name: Bilingual
    description: Bilingual
    owner: str
    note: Bilingual | None
    edition: EditionOut | None
    editions: int
    may_plan: bool


class IndexDetail(IndexOut):
    planned: EditionOut | None
    sources: list[str]
    public_key: str


class RankOut(Schema):
    unit: str
    name: Bilingual
    score: Score
    rank: Place
    before: Place
    moved: Place
    score_before: Score
    because: str
    because_name: Bilingual | None
    share: Score


class NamedOut(Schema):
    code: str
    name: Bilingual


class RecipeChangeOut(Schema):
    key: str
    before: str
    after: str


class MovementOut(Schema):
    """What moves from ``before`` to ``year`` rest on. ``edition``: that of the year before, null
    within a panel; ``rescaled``: indicators (of ``indicators``) whose scale moved; ``recipe`` and
    ``structure``: other rules; units that are ranked in one of the years only."""

    year: int
    before: int
    edition: Place
    appeared: list[NamedOut]
    vanished: list[NamedOut]
    rescaled: list[NamedOut]
    indicators: int
    recipe: list[RecipeChangeOut]
    structure: list[RecipeChangeOut]


class RankingOut(Schema):
    index: str
    edition: Place
    year: Place
    years: list[int]
    element: str
    since: MovementOut | None
    rows: list[RankOut]


class OriginOut(Schema):
    kind: str
    id: str
    revision: Place
    snapshot: SnapshotNumber | None
    snapshot_id: SnapshotId | None
    title: str
    address: str
    published: str
    conflicts: str


class IndicatorValueOut(Schema):
    code: str
    name: Bilingual
    parent: str
    unit: str
    raw: Score
    normalised: Score
    rank: Place
    of: int
    filled: bool
    treated: bool
    origin: OriginOut | None


class ShareOut(Schema):
    code: str
    name: Bilingual
    parent: str
    share: float


class AggregateOut(Schema):
    code: str
    name: Bilingual
    level: int
    parent: str
    score: Score
    rank: Place
    weight: float


class YearOut(Schema):
    year: int
    score: Score
    rank: Place


class UnitMoveOut(Schema):
    """Why a score moved by ``total`` since the year before: ``shares`` of indicators on this
    edition's scale, ``regime``, ``yardstick`` (moved scales) and ``rules`` add up to it."""

    year: int
    before: int
    edition: Place
    rank_before: Place
    score_before: Score
    moved: Place
    total: Score
    shares: list[ShareOut]
    regime: float
    yardstick: float
    rules: float
    no_shares: Bilingual | None


class ProfileOut(Schema):
    unit: str
    name: Bilingual
    year: Place
    score: Score
    rank: Place
    of: int
    total: float
    regime: float
    no_shares: Bilingual | None
    shares: list[ShareOut]
    elements: list[AggregateOut]
    indicators: list[IndicatorValueOut]
    strengths: list[str]
    weaknesses: list[str]
    peers: list[str]
    series: list[YearOut]
    since: UnitMoveOut | None


class ElementValueOut(Schema):
    unit: str
    name: Bilingual
    raw: Score
    score: Score
    rank: Place
    filled: bool
    treated: bool


class IndexElementOut(Schema):
    code: str
    name: Bilingual
    description: Bilingual | None
    level: int
    parent: str
    unit: str
    direction: int
    source: str
    weight: float
    children: list[str]
    path: list[str]
    year: Place
    rows: list[ElementValueOut]
    missing: int
    series: list[YearOut]


class SideOut(Schema):
    unit: str
    name: Bilingual
    year: Place
    score: Score
    rank: Place


class PairOut(Schema):
    code: str
    name: Bilingual
    level: int
    one: Score
    other: Score
    rank: Place
    other_rank: Place


class ComparisonOut(Schema):
    one: SideOut
    other: SideOut
    total: float
    regime: float
    rest: float
    no_shares: Bilingual | None
    shares: list[ShareOut]
    elements: list[PairOut]


class WhatIfRowOut(Schema):
    unit: str
    name: Bilingual
    score_before: Score
    score: Score
    rank_before: Place
    rank: Place
    moved: Place


class WhatIfOut(Schema):
    changes: dict[str, str]
    year: Place
    moved: int
    rows: list[WhatIfRowOut]
    weights: dict[str, float]
    recipe: dict[str, Any]
    notes: list[Bilingual]


class RobustRowOut(Schema):
    unit: str
    name: Bilingual
    nominal: Place
    mean: Score
    median: Score
    low: Score
    high: Score
    best: Place
    worst: Place
    says: Bilingual
    places: list[Score]
    above: dict[str, Score]


class FactorOut(Schema):
    name: str
    alternatives: int
    first: Score
    total: Score
    first_bounds: list[Score]
    total_bounds: list[Score]
    units: dict[str, list[Score]]


class FailedOut(Schema):
    reason: Bilingual
    count: int
    choices: dict[str, str]


class RobustnessOut(Schema):
    combinations: int
    possible: int
    seed: int
    whole: bool
    exact: bool
    year: Place
    rows: list[RobustRowOut]
    factors: list[FactorOut]
    failed: list[FailedOut]


class MethodElementOut(Schema):
    code: str
    name: Bilingual
    level: int
    parent: str
    weight: float
    share: float
    direction: int
    unit: str
    target: float | None
    denominator: str


class MethodOut(Schema):
    """``recipe`` holds the tables that the engine reads; ``share`` is an element's weight in the
    whole index."""

    index: str
    edition: Place
    recipe: dict[str, Any]
    elements: list[MethodElementOut]
    steps: list[str]
    notes: list[Bilingual]
    same_digits: bool


class GapOut(Schema):
    unit: str
    column: str
    year: Place
    reason: Bilingual


class WorkingOut(RankingOut):
    gaps: list[GapOut]


class FigureChangeOut(Schema):
    unit: str
    name: Bilingual
    year: Place
    column: str
    column_name: Bilingual
    before: Score
    after: Score


class ScoreChangeOut(Schema):
    unit: str
    name: Bilingual
    year: Place
    score_before: Score
    score: Score
    rank_before: Place
    rank: Place


class DifferenceOut(Schema):
    edition: EditionOut
    against: EditionOut | None
    figures: list[FigureChangeOut]
    recipe: list[RecipeChangeOut]
    structure: list[RecipeChangeOut]
    scores: list[ScoreChangeOut]
    appeared: list[str]
    vanished: list[str]
    moved: int


class EditionTitle(Schema):
    zh: Short
    en: Short


class EditionIn(Schema):
    """An edition to be frozen. ``as_of``: rest on what was known on a past day; ``corrects``: the
    published edition that it corrects, with the ``reason``."""

    model_config = ConfigDict(extra="forbid")
    title: EditionTitle
    note: Words = ""
    as_of: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    corrects: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reason: Words = ""


class DiscardIn(Schema):
    model_config = ConfigDict(extra="forbid")
    reason: Words = ""
