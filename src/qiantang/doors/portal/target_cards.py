"""Targets as cards in the order of their ids, and their verdicts counted for the bar above."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from qiantang.doors.charts import VERDICT_COLOURS
from qiantang.engine.targets import VERDICT_NAMES, VERDICT_TONE
from qiantang.engine.targets.verdicts import Verdict
from qiantang.packkit.plans import TargetKind
from qiantang.rooms.indicators.shapes import TargetRow


def counted(rows: Iterable[TargetRow]) -> dict[Verdict, int]:
    """How many targets carry each verdict, in the house's order."""
    counts = Counter(row.verdict for row in rows)
    return {v: counts[v] for v in VERDICT_COLOURS if counts[v]}


def tally(rows: Iterable[TargetRow]) -> list[dict[str, Any]]:
    """The verdicts with their number, colour and place in the bar."""
    parts, start = [], 0
    for verdict, count in counted(rows).items():
        parts.append(
            {
                "verdict": verdict.value,
                "name": VERDICT_NAMES[verdict],
                "tone": VERDICT_TONE[verdict],
                "colour": VERDICT_COLOURS[verdict],
                "count": count,
                "start": start,
            }
        )
        start += count
    return parts


def cards(rows: Iterable[TargetRow]) -> list[Mapping[str, Any]]:
    """The targets by id. A milestone is reached or not; its count of times is no figure to show."""
    return [
        {
            "row": row,
            "data": row.data,
            "target": row.target,
            "with_figure": row.target.kind is not TargetKind.MILESTONE
            and (row.data["value"] is not None or bool(row.data["bound"])),
        }
        for row in sorted(rows, key=lambda r: _as_read(r.id))
    ]


def _as_read(id: str) -> tuple[tuple[int, str], ...]:
    """T9 before T10."""
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", id) if p)
