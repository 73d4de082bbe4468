"""What a submission would change: the figure in force beside the figure proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qiantang.doors.portal import names
from qiantang.kernel.errors import NotFound
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.shelf import selectors as shelf

LABELS: Final[dict[str, Text]] = {
    "indicator": Text("指标", "Indicator"),
    "division": Text("地区", "Place"),
    "period": Text("时期", "Period"),
    "value": Text("数值", "Figure"),
    "unit": Text("单位", "Unit"),
    "kind": Text("性质", "Kind"),
    "grade": Text("等级", "Grade"),
    "source_title": Text("来源", "Source"),
    "source_address": Text("网址", "Address"),
    "published": Text("发布日期", "Published"),
    "quote": Text("原文摘录", "Quote"),
    "scope_note": Text("口径说明", "Scope"),
    "quality_flag": Text("质量提示", "Caution"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One column: what stands now (empty for a new figure) and what is proposed."""

    label: Text
    now: str
    proposed: str

    @property
    def differs(self) -> bool:
        return self.now != self.proposed


def written(o: Observation) -> dict[str, str]:
    """An observation as the form's values."""
    s = o.source
    return {
        "id": o.id,
        "indicator": o.indicator,
        "division": o.division,
        "period": str(o.period),
        "value": format(o.value, "f"),
        "unit": o.unit,
        "kind": o.kind.value,
        "grade": s.grade,
        "source_title": s.title,
        "source_address": s.address,
        "source_kind": s.kind,
        "published": s.published.isoformat() if s.published else "",
        "quote": s.quote,
        "scope_note": o.scope_note,
        "quality_flag": o.quality_flag,
    }


def changes(now: Mapping[str, str], proposed: Mapping[str, str]) -> tuple[Change, ...]:
    """Every column that has something on either side."""
    return tuple(
        Change(label, _said(id, now.get(id, "")), _said(id, proposed.get(id, "")))
        for id, label in LABELS.items()
        if now.get(id) or proposed.get(id)
    )


def _said(id: str, value: str) -> str:
    """Codes with their names beside them, in both languages, since both sides are compared."""
    known = {
        "indicator": lambda: shelf.indicators()[value].name,
        "division": lambda: shelf.division(value).name,
        "kind": lambda: names.KINDS[value],
    }
    try:
        name = known[id]()
    except (KeyError, NotFound):
        return value
    return f"{value} · {name.zh} · {name.en}"


def changes_of(s: SubmissionView) -> tuple[Change, ...]:
    """For a submission of one figure: column by column; nothing for a sheet."""
    if s.rows != 1 or not s.payload:
        return ()
    current: Mapping[str, str] = {}
    if s.state == "pending" and s.observation and s.kind != "add":
        try:
            current = written(indicators.observation(s.observation))
        except NotFound:
            current = {}
    return changes(current, s.payload[0])
