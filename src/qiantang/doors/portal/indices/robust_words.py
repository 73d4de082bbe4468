"""Robustness in plain words: how often the ranks hold, and who is hard to tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from qiantang.doors.portal.indices.robust_drawings import choice_name
from qiantang.kernel.text import Text
from qiantang.rooms.indices.shapes import Robustness, RobustRow

LEADERS: Final = 3
CLOSE: Final = 5
UNSURE: Final = 0.7
"""A pair is hard to tell apart where neither is above in more than this share of the ways."""


def robust_said(found: Robustness) -> Text:
    """How many units keep their rank, more or less, in nine ways of ten."""
    known = [r for r in found.rows if None not in (r.low, r.high, r.nominal)]
    steady = [r for r in known if (r.high or 0) - (r.low or 0) <= 2]
    return Text(
        f"换了 {found.combinations:,} 种算法，{len(known)} 个单位中有 {len(steady)} 个的名次"
        "在九成算法里相差不超过两位。",
        f"Over {found.combinations:,} ways to compute it, {len(steady)} of {len(known)} units stay "
        "within two places in nine ways of ten.",
    )


def leaders_said(rows: Sequence[RobustRow]) -> list[Text]:
    """What the room says of the first units, and of the one that is least certain."""
    ranked = [r for r in rows if r.nominal is not None]
    said = [r.says for r in ranked[:LEADERS]]
    widest = max(ranked, key=lambda r: (r.worst or 0) - (r.best or 0), default=None)
    if widest is not None and widest not in ranked[:LEADERS]:
        said.append(
            Text(
                f"最不确定的是{widest.name.zh}：从第 {widest.best} 到第 {widest.worst} 都有可能。",
                f"Least certain is {widest.name.en}: anything from {widest.best} to "
                f"{widest.worst}.",
            )
        )
    return said


def closest_pairs(rows: Sequence[RobustRow]) -> list[Text]:
    """Neighbours in the ranking whose order depends on the way it is computed."""
    found = []
    for first, second in pairwise(rows):
        share = first.above.get(second.unit)
        if share is not None and 1 - UNSURE < share < UNSURE:
            found.append(
                Text(
                    f"{first.name.zh}只在 {100 * share:.0f}% 的算法里排在{second.name.zh}前面，"
                    "两者难分先后。",
                    f"{first.name.en} is above {second.name.en} in only {100 * share:.0f} % of the "
                    "ways: the two can hardly be told apart.",
                )
            )
    return found[:CLOSE]


def factor_rows(found: Robustness, alternatives: Mapping[str, Text]) -> list[dict[str, Any]]:
    """The choices, the one that matters most first."""
    rows = [
        {
            "name": choice_name(f.name),
            "alternatives": alternatives.get(choice_name(f.name).zh)
            or Text(f"{f.alternatives} 种", f"{f.alternatives} ways"),
            "alone": max(0.0, f.first or 0.0),
            "total": max(0.0, f.total or 0.0),
        }
        for f in found.factors
        if f.total is not None
    ]
    return sorted(rows, key=lambda r: -float(str(r["total"])))
