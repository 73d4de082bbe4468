"""Tables that the index commands print and write."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.errors import BadChange
from qiantang.doors.cli.language import say

if TYPE_CHECKING:
    from qiantang.engine.index import Index


def write_results(path: Path, index: Index) -> None:
    """Scores and ranks of every aggregate, the index first, best unit first."""
    from qiantang.engine.index.tables import written

    codes = [e.code for e in reversed(index.structure.aggregates)]
    order = sorted(
        range(len(index.scores.units)), key=lambda r: _last(float(index.rank(codes[0])[r]))
    )
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        times = ["Time"] if index.scores.times else []
        heads = [f"{code}_{kind}" for code in codes for kind in ("score", "rank")]
        writer.writerow(["uCode", *times, *heads])
        for row in order:
            cells = [written(float(v)) for c in codes
                     for v in (index.score(c)[row], index.rank(c)[row])]  # fmt: skip
            year = [index.scores.times[row]] if times else []
            writer.writerow([index.scores.units[row], *year, *cells])


def changed(told: dict[str, Any], changes: Sequence[str]) -> dict[str, Any]:
    """The recipe's tables with ``weight:CODE=0.3`` and ``table.key=value`` put in."""
    from qiantang.engine.index.choices import plain
    from qiantang.engine.index.uncertainty import merged

    tables = plain(told)
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign or not key:
            raise BadChange(found=change)
        path = ["weigh", key.removeprefix("weight:")] if key.startswith("weight:") else None
        value: Any = _value(text)
        for part in reversed(path or key.split(".")):
            value = {part: value}
        tables = merged(tables, value)
    return tables


def show_moves(before: Index, after: Index, form: str) -> None:
    """Every unit's score and rank before and after, largest move first."""
    code = before.structure.root.code
    now = {after.scores.label(r): r for r in range(len(after.scores.units))}
    rows: list[dict[str, Any]] = []
    for row in range(len(before.scores.units)):
        label = before.scores.label(row)
        there = now.get(label)
        rows.append(
            {
                "unit": label,
                "rank_before": _plain(before.rank(code)[row]),
                "rank_after": None if there is None else _plain(after.rank(code)[there]),
                "score_before": _plain(before.score(code)[row]),
                "score_after": None if there is None else _plain(after.score(code)[there]),
            }
        )
    rows.sort(key=lambda r: (-abs((r["rank_after"] or 0) - (r["rank_before"] or 0)), r["unit"]))
    if form == "json":
        click.echo(json.dumps({"element": code, "units": rows}, ensure_ascii=False, indent=2))
        return
    moved = [r for r in rows if r["rank_before"] != r["rank_after"]]
    click.echo(say(f"{code}：{len(moved)} 个评价单元名次变化。",
                   f"{code}: {len(moved)} units change rank."))  # fmt: skip
    for r in moved:
        click.echo(f"  {r['unit']:<12} {_said(r['rank_before'])} → {_said(r['rank_after'])}")


def _plain(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _said(value: Any) -> str:
    return "-" if value is None else str(value)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _last(rank: float) -> float:
    return math.inf if math.isnan(rank) else rank
