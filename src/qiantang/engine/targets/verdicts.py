"""What judging a target gives: the verdict and everything that a reader needs to check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qiantang.kernel.observations import Observation
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.packkit.plans import EvidenceRule, Target


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    MET_NEAR = "met_near"
    NOT_MET_NEAR = "not_met_near"
    LIKELY_MET = "likely_met"
    LIKELY_NOT_MET = "likely_not_met"
    UNDECIDED = "undecided"
    NO_EVIDENCE = "no_evidence"
    NOT_YET_DUE = "not_yet_due"
    MILESTONE_REACHED = "milestone_reached"
    MILESTONE_NOT_SHOWN = "milestone_not_shown"


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


class Use(StrEnum):
    """What a piece of evidence was used for."""

    DECIDING = "deciding"
    SUPPORTING = "supporting"
    BOUND = "bound"
    BASE = "base"
    PACE = "pace"


@dataclass(frozen=True, slots=True)
class Confidence:
    level: Level
    reason: Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """An observation that was used. ``value`` is in the unit of the comparison."""

    observation: Observation
    rule: EvidenceRule
    use: Use
    value: Decimal
    reason: Text


@dataclass(frozen=True, slots=True)
class Rejected:
    """An observation that was set aside. ``code`` is stable: ``grade_d``, ``aim``,
    ``not_yet_known``, ``withdrawn``, ``unit_mismatch``, ``outside_period``, ``vague_period`` ..."""

    observation: Observation
    code: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Gap:
    """Value minus target, in the target's unit, and as a share of the target (None for zero)."""

    absolute: Decimal
    relative: Decimal | None


@dataclass(frozen=True, slots=True)
class Bound:
    """Between what the true figure must lie, as far as the evidence says."""

    low: Decimal | None
    high: Decimal | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Pace:
    """Yearly growth as a share (0.10 = 10 % a year), or points a year for a share or difference.

    ``needed``: from the first usable figure to the target at its deadline; ``seen``: between the
    first and the last usable figure up to the deadline."""

    needed: Decimal | None
    seen: Decimal | None
    first: Period | None
    last: Period | None
    mode: str = "growth"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that differ beyond the tolerance for one period, and how it was resolved.

    ``resolved_by``: ``grade``, ``majority`` or None (left undecided)."""

    period: Period
    observations: tuple[Observation, ...]
    chosen: Decimal | None
    resolved_by: str | None
    reason: Text


@dataclass(frozen=True, slots=True)
class TargetAssessment:
    """The judgement of one target as of one day."""

    target: Target
    as_of: date
    verdict: Verdict
    reason: Text
    confidence: Confidence
    value: Decimal | None = None
    unit: str = ""
    period: Period | None = None
    measure: EvidenceRule | None = None
    gap: Gap | None = None
    bound: Bound | None = None
    base_needed: Decimal | None = None
    base_value: Decimal | None = None
    pace: Pace | None = None
    conflicts: tuple[Conflict, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejected: tuple[Rejected, ...] = ()
