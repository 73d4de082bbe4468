"""What the room hands out: frozen values made of state, safe to keep, template and serialise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, Indicator
from qiantang.packkit.plans import Plan, Target

_NOTHING: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Decision:
    """Rights of one actor over one submission, for buttons."""

    approve: bool = False
    reject: bool = False
    withdraw: bool = False
    why: Text = _NOTHING


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission as its organisation sees it. ``payload`` rows carry the written form.
    ``unfilled``: told once to whoever sends a sheet that we issued, the rows left out of it."""

    id: int
    kind: str
    state: str
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
    submitted_by: str
    submitted_name: Text
    submitted_at: datetime
    decided_by: str
    decided_name: Text
    decided_at: datetime | None
    reason: str
    payload: tuple[Mapping[str, str], ...] = ()
    decision: Decision = Decision()
    unfilled: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "version": self.version,
            "resource": self.resource,
            "indicator": self.indicator,
            "division": self.division,
            "observation": self.observation,
            "organisation": self.organisation,
            "rows": self.rows,
            "base_revision": self.base_revision,
            "note": self.note,
            "document": self.document,
            "submitted_by": self.submitted_name.as_dict(),
            "submitted_at": self.submitted_at.isoformat(),
            "decided_by": self.decided_name.as_dict() if self.decided_by else None,
            "decided_at": self.decided_at.isoformat() if self.decided_at else None,
            "reason": self.reason,
            "payload": list(self.payload),
        }


@dataclass(frozen=True, slots=True)
class OverruleView:
    """A person's verdict beside the computed one."""

    plan: str
    target: str
    division: str
    verdict: str
    verdict_name: Text
    tone: str
    computed_verdict: str
    reason: str
    document_title: str
    document_address: str
    by: str
    by_name: Text
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "verdict_name": self.verdict_name.as_dict(),
            "computed_verdict": self.computed_verdict,
            "reason": self.reason,
            "document": {"title": self.document_title, "address": self.document_address},
            "by": self.by_name.as_dict(),
            "at": self.at.isoformat(),
            "withdrawn_at": self.withdrawn_at.isoformat() if self.withdrawn_at else None,
        }


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of an assessment. ``data`` is `engine.targets.as_json`'s stable form."""

    target: Target
    data: Mapping[str, Any]
    tone: str
    overrule: OverruleView | None = None
    history: int = 0

    @property
    def id(self) -> str:
        return self.target.id

    @property
    def verdict(self) -> str:
        return str(self.data["verdict"])

    @property
    def name(self) -> Text:
        return self.target.name

    @property
    def verdict_name(self) -> Text:
        said = self.data["verdict_name"]
        return Text(said["zh"], said["en"])

    def as_json(self) -> dict[str, Any]:
        return {
            **self.data,
            "tone": self.tone,
            "overrule": self.overrule.as_json() if self.overrule else None,
            "history": self.history,
        }


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A plan judged as of one day. ``counts``: tone to number of targets."""

    plan: Plan
    as_of: date
    division: str
    rows: tuple[TargetRow, ...]
    counts: Mapping[str, int]
    headline: Text
    computed_at: datetime
    snapshot: int | None = None

    def row(self, target: str) -> TargetRow | None:
        return next((r for r in self.rows if r.id == target), None)

    def as_json(self) -> dict[str, Any]:
        """The documented form of ``plan assess --format json`` and of the API."""
        return {
            "plan": self.plan.id,
            "name": self.plan.name.as_dict(),
            "issuer": self.plan.issuer.as_dict(),
            "as_of": self.as_of.isoformat(),
            "division": self.division,
            "computed_at": self.computed_at.isoformat(timespec="seconds"),
            "snapshot": self.snapshot,
            "snapshot_id": None if self.snapshot is None else str(self.snapshot),
            "counts": dict(self.counts),
            "headline": self.headline.as_dict(),
            "targets": [row.as_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class VerdictEntry:
    """One verdict in a target's history and the time for which it stood."""

    plan: str
    target: str
    division: str
    verdict: str
    verdict_name: Text
    tone: str
    computed_at: datetime
    superseded_at: datetime | None
    cause: str
    digest: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "target": self.target,
            "division": self.division,
            "verdict": self.verdict,
            "verdict_name": self.verdict_name.as_dict(),
            "value": self.data.get("value"),
            "unit": self.data.get("unit"),
            "period": self.data.get("period"),
            "computed_at": self.computed_at.isoformat(),
            "superseded_at": self.superseded_at.isoformat() if self.superseded_at else None,
            "cause": self.cause,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an observation: who sent it, who let it in, by which submission."""

    observation: Observation
    recorded_by: str
    recorded_name: Text
    submission: str
    submission_id: int | None = None
    submitted_name: Text = _NOTHING
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Current figures of one indicator in one division, by the end of their periods."""

    indicator: Indicator
    division: Code
    points: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with its latest result in a division (None: nothing is known)."""

    indicator: Indicator
    latest: Observation | None
    count: int


@dataclass(frozen=True, slots=True)
class DivisionProfile:
    """What is known of a division and what is missing."""

    division: Code
    level: str
    parent: Code | None
    children: tuple[Code, ...]
    known: tuple[IndicatorRow, ...]
    missing: tuple[Indicator, ...]
    observations: int
