"""The verdict on a delivery: by the dimensions of GB/T 36344-2018, and publish, hold or refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from qiantang.engine.quality.personal import PersonalFinding
from qiantang.engine.quality.tallies import Tally
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Dimension, Resource

_CADENCE: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(\d+)H)?")
_EMPTY: Final = Text("文件中没有数据行，请确认。", "The file has no rows of data; please confirm.")
GRADES: Final = (
    (Decimal("0.99"), "excellent"),
    (Decimal("0.95"), "good"),
    (Decimal("0.8"), "fair"),
)


class Decision(StrEnum):
    """What becomes of a delivery."""

    PUBLISH = "publish"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension: values held against its rules, and how many failed.

    ``share`` is the share that passed, 0 to 1; None when nothing was checked.
    """

    checked: int
    failed: int

    @property
    def share(self) -> float | None:
        return None if not self.checked else max(0.0, 1 - self.failed / self.checked)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``grade``: excellent, good, fair or poor. ``filled``: share of rows with a value, by field.
    ``newest``: the last day of which the data speak; ``late_days``: days since the next was due.
    ``because``: those of the ``reasons`` for which it is held or refused."""

    grade: str
    dimensions: Mapping[Dimension, DimensionResult]
    decision: Decision
    reasons: tuple[Text, ...]
    filled: Mapping[str, float] = field(default_factory=dict)
    newest: date | None = None
    late_days: int = 0
    because: tuple[Text, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "grade": self.grade,
            "decision": self.decision.value,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "because": [reason.as_dict() for reason in self.because],
            "dimensions": {
                name.value: {"checked": d.checked, "failed": d.failed, "share": d.share}
                for name, d in self.dimensions.items()
            },
            "filled": dict(self.filled),
            "newest": self.newest.isoformat() if self.newest else None,
            "late_days": self.late_days,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Verdict:
        return cls(
            said["grade"],
            {
                Dimension(k): DimensionResult(v["checked"], v["failed"])
                for k, v in said["dimensions"].items()
            },
            Decision(said["decision"]),
            tuple(Text(**reason) for reason in said["reasons"]),
            said["filled"],
            date.fromisoformat(said["newest"]) if said["newest"] else None,
            said["late_days"],
            tuple(Text(**reason) for reason in said.get("because", ())),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a delivery: sent = accepted + set_aside; ``duplicates`` are within set_aside."""

    sent: int
    accepted: int
    set_aside: int
    duplicates: int

    @property
    def share_aside(self) -> Decimal:
        return Decimal(self.set_aside) / self.sent if self.sent else Decimal(0)


def judge(
    resource: Resource,
    counts: Counts,
    tally: Tally,
    *,
    on: date,
    absent: Sequence[str] = (),
    personal: Sequence[PersonalFinding] = (),
) -> Verdict:
    """The verdict; ``absent`` are declared fields that the file does not have."""
    late = late_days(resource.cadence, tally.newest, on)
    dimensions = {
        each: DimensionResult(tally.checked[each], tally.failed[each]) for each in Dimension
    }
    dimensions[Dimension.ACCESSIBILITY] = DimensionResult(len(resource.fields), len(absent))
    if tally.newest is not None and resource.cadence:
        dimensions[Dimension.TIMELINESS] = DimensionResult(1, int(late > 0))
    decision, because = _decided(resource, counts, personal)
    lacking = [_name(resource, each) for each in absent]
    reasons = (*because, *_remarks(counts, lacking, tally.newest, late))
    return Verdict(
        _grade(counts),
        dimensions,
        decision,
        reasons,
        {name: n / tally.rows for name, n in tally.filled.items()} if tally.rows else {},
        tally.newest,
        late,
        tuple(because),
    )


def judged_again(
    verdict: Verdict,
    resource: Resource,
    counts: tuple[Counts, Counts],
    failed: Mapping[Dimension, int],
    personal: Sequence[PersonalFinding] = (),
) -> Verdict:
    """The verdict after more rows were set aside: ``counts`` before and now, ``failed`` rows by
    dimension."""
    before, now = counts
    _, old = _decided(resource, before, personal)
    decision, because = _decided(resource, now, personal)
    kept = [reason for reason in verdict.reasons if reason not in old]
    for name, rows in failed.items():
        verdict = with_checked(verdict, name, before.accepted, rows)
    return replace(
        verdict,
        grade=_grade(now),
        decision=decision,
        reasons=(*because, *kept),
        because=tuple(because),
    )


def with_checked(verdict: Verdict, dimension: Dimension, checked: int, failed: int) -> Verdict:
    """The verdict with a rule more in a dimension: rows held against it, and how many failed."""
    had = verdict.dimensions.get(dimension, DimensionResult(0, 0))
    now = DimensionResult(had.checked + checked, had.failed + failed)
    return replace(verdict, dimensions={**verdict.dimensions, dimension: now})


def late_days(cadence: str, newest: date | None, on: date) -> int:
    """Days by which the data are older than two update cycles: one that they cover, one in which
    the next was to come."""
    cycle = _cycle_days(cadence)
    if newest is None or not cycle:
        return 0
    return max(0, (on - newest).days - 2 * cycle)


def _cycle_days(cadence: str) -> int:
    found = _CADENCE.fullmatch(cadence or "")
    if not found:
        return 0
    years, months, weeks, days, hours = (int(group or 0) for group in found.groups())
    return years * 366 + months * 31 + weeks * 7 + days + (1 if hours else 0)


def _decided(
    resource: Resource, counts: Counts, personal: Sequence[PersonalFinding]
) -> tuple[Decision, list[Text]]:
    limits, share = resource.limits, counts.share_aside
    if not counts.sent:
        return Decision.HOLD, [_EMPTY]
    if share > limits.refuse_above or not counts.accepted:
        return Decision.REFUSE, [_over_refused(counts, limits.refuse_above)]
    reasons = [_over_held(counts, limits.hold_above)] if share > limits.hold_above else []
    for found in personal:
        if not found.sufficient:
            reasons.append(found.text(_name(resource, found.field)))
    return (Decision.HOLD if reasons else Decision.PUBLISH), reasons


def _over_refused(counts: Counts, limit: Decimal) -> Text:
    said = _aside(counts)
    return Text(
        f"{said.zh}，超过上限 {limit:.2%}：整批拒收。",
        f"{said.en}, limit {limit:.2%}: refused whole.",
    )


def _over_held(counts: Counts, limit: Decimal) -> Text:
    """Said so that it stays true after a person has published it."""
    said = _aside(counts)
    return Text(
        f"{said.zh}，超过可直接入库的上限 {limit:.2%}，须由审核员决定。",
        f"{said.en}, limit {limit:.2%}: an approver decides.",
    )


def _aside(counts: Counts) -> Text:
    shown = f"{counts.share_aside:.2%}"
    return Text(
        f"{counts.sent} 行中剔出 {counts.set_aside} 行（{shown}）",
        f"{counts.set_aside} of {counts.sent} rows set aside ({shown})",
    )


def _remarks(
    counts: Counts, absent: Sequence[Text], newest: date | None, late: int
) -> Iterator[Text]:
    if counts.duplicates:
        yield Text(
            f"剔出行中有 {counts.duplicates} 行为重复数据。",
            f"{counts.duplicates} of the rows set aside are duplicates.",
        )
    if absent:
        yield Text(
            f"文件缺少字段：{'、'.join(name.zh for name in absent)}。",
            f"The file lacks the fields {', '.join(name.en for name in absent)}.",
        )
    if late:
        yield Text(
            f"数据最新到 {newest}，已超过两个更新周期 {late} 天。",
            f"The newest data are of {newest}, {late} days beyond two update cycles.",
        )


def _name(resource: Resource, field: str) -> Text:
    """What people call a field."""
    declared = resource.field(field)
    return declared.name if declared else Text(field, field)


def _grade(counts: Counts) -> str:
    passed = 1 - counts.share_aside
    return next((grade for least, grade in GRADES if passed >= least), "poor")
