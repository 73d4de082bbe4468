"""Tables that the index commands print and write."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.errors import BadChange
from qiantang.doors.cli.language import read, say

if TYPE_CHECKING:
    from qiantang.engine.index import Index, Structure


STEPS = {
    "denominated": ("折算", "denominate"), "imputed": ("补缺", "impute"),
    "screened": ("筛选", "screen"), "treated": ("异常值处理", "treat"),
}  # fmt: skip


def say_written(out: Path, index: Index, left_out: Sequence[str]) -> None:
    """What was written where, and which steps the recipe does without."""
    for note in index.notes:
        click.echo(f"· {read(note)}", err=True)
    code = index.structure.root.code
    click.echo(say(f"已写入 {out}：{len(index.steps)} 个步骤，{code} 得分与排名见 results.csv，"
                   "权重见 weights.csv。",
                   f"{out}: {len(index.steps)} steps; scores and ranks of {code} in "
                   "results.csv, weights in weights.csv."))  # fmt: skip
    if left_out:
        names = [STEPS[step] for step in left_out]
        click.echo(
            say(
                f"方案中没有、因而未做的步骤：{'、'.join(zh for zh, _ in names)}。",
                f"Not in the recipe, so not done: {', '.join(en for _, en in names)}.",
            )
        )


def changed(told: dict[str, Any], changes: Sequence[str], structure: Structure) -> dict[str, Any]:
    """The recipe's tables with ``weight:CODE=0.3`` and ``table.key=value`` put in. Raises
    `BadChange`, `ElementUnknown`."""
    from qiantang.engine.index.choices import plain
    from qiantang.engine.index.factors import merged
    from qiantang.engine.index.naming import element_unknown

    tables = plain(told)
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign or not key:
            raise BadChange(found=change)
        path, value = key.split("."), _value(text)
        if key.startswith("weight:"):
            code = key.removeprefix("weight:")
            path = ["weigh", "given", code]
            if code not in structure.by_code:
                raise element_unknown(code, structure.elements, "weigh.given", f"--set {key}")
        for part in reversed(path):
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
