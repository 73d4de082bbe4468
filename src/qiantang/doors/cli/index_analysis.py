"""What `qiantang index analyse` says: what needs a look in plain words, or all tables as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.index_analysis_tables import tables, write_analysis
from qiantang.doors.cli.language import read, say

if TYPE_CHECKING:
    from qiantang.engine.index import Data, Recipe, Structure
    from qiantang.engine.index.overview import Overview
    from qiantang.engine.index.remarks import Remark

SHOWN = 6
"""Remarks of a kind on the screen."""


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    clusters: int
    out: Path | None
    year: int | None
    form: str


def show_analysis(data: Data, structure: Structure, recipe: Recipe, asked: Asked) -> None:
    """Analyse the index, write the tables where asked, and say what needs a look."""
    from qiantang.engine.index.overview import overview
    from qiantang.engine.index.remarks import remarks

    found = overview(data, structure, recipe, year=asked.year, groups=asked.clusters)
    told = remarks(found)
    if asked.out is not None:
        names = write_analysis(asked.out, found)
        said = say(f"已写入 {asked.out}：{'、'.join(names)}。",
                   f"Written to {asked.out}: {', '.join(names)}.")  # fmt: skip
        click.echo(said, err=True)
    if asked.form == "json":
        click.echo(json.dumps(body(found, told), ensure_ascii=False, indent=2))
    else:
        _say(found, told)


def body(found: Overview, told: tuple[Remark, ...]) -> dict[str, Any]:
    """The element and year, what needs a look, and every table as a list of rows by header."""
    return {
        "element": found.index.structure.root.code,
        "year": found.year,
        "remarks": [
            {"kind": r.kind, "about": list(r.about), "in_words": r.said.as_dict()} for r in told
        ],
        "tables": {
            name: [dict(zip(header, map(_plain, row), strict=True)) for row in rows]
            for name, (header, rows) in tables(found).items()
        },
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _say(found: Overview, told: tuple[Remark, ...]) -> None:
    code, units = found.index.structure.root.code, len(found.figures.units)
    when = "" if found.year is None else f" {found.year}"
    count = len(found.figures.columns)
    click.echo(say(f"{code}{when}：{units} 个评价单元、{count} 个指标。",
                   f"{code}{when}: {units} units, {count} indicators."))  # fmt: skip
    if not told:
        click.echo(say("没有需要留意之处。", "Nothing needs a look."))
        return
    click.echo(say("需要留意：", "What needs a look:"))
    by_kind: dict[str, list[Remark]] = {}
    for remark in told:
        by_kind.setdefault(remark.kind, []).append(remark)
    for same in by_kind.values():
        for remark in same[:SHOWN]:
            click.echo(f"· {read(remark.said)}")
        if len(same) > SHOWN:
            more = len(same) - SHOWN
            click.echo(say(f"  另有 {more} 项同类（--format json 列出全部）",
                           f"  and {more} more like these (all with --format json)"))  # fmt: skip
