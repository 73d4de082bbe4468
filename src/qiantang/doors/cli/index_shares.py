"""What `qiantang index explain` and `compare` say: shares of a score or difference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from qiantang.doors.cli.language import say

if TYPE_CHECKING:
    from qiantang.engine.index import Index
    from qiantang.engine.index.explaining import Shares

LEAST = 0.005
"""Shares below it round to nothing and are not shown."""


def labelled(index: Index, unit: str, year: int | None) -> str:
    """The label of a unit; in a panel with its year, the latest unless told."""
    times = index.scores.times
    return f"{unit} {max(times) if year is None else year}" if times else unit


def show_shares(index: Index, shares: Shares, form: str, said: str) -> None:
    """Largest share first, then what is not an indicator's own; ``said`` is what they add up to."""
    rows = sorted(zip(shares.codes, shares.values, strict=True), key=lambda p: -abs(p[1]))
    if form == "json":
        body = {
            "element": shares.element, "total": shares.total,
            "shares": {code: float(value) for code, value in rows},
            "from_missing": shares.regime, "only_here": list(shares.appeared),
            "only_there": list(shares.vanished), "from_other_units": shares.rest,
            "way": shares.way,
        }  # fmt: skip
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    names = {e.code: e.name for e in index.structure.elements}
    click.echo(say(f"{said}：{shares.total:+.2f}，其中", f"{said}: {shares.total:+.2f}, made of"))
    for code, value in rows:
        if abs(value) >= LEAST:
            click.echo(f"  {value:+8.2f}  {code}  {names[code]}")
    lacking = ", ".join((*shares.appeared, *shares.vanished))
    if abs(shares.regime) >= LEAST:
        click.echo(say(f"  {shares.regime:+8.2f}  只有一方有数据：{lacking}",
                       f"  {shares.regime:+8.2f}  only one side has: {lacking}"))  # fmt: skip
    if abs(shares.rest) >= LEAST:
        click.echo(say(f"  {shares.rest:+8.2f}  其他评价单元的变化",
                       f"  {shares.rest:+8.2f}  the movement of other units"))  # fmt: skip
