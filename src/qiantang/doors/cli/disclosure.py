"""`qiantang disclosure protect`: unit records in a file become a table that may be published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.files import write_whole
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone

if TYPE_CHECKING:
    from qiantang.doors.reports.publishable import Heads
    from qiantang.engine.disclosure import Published, Rules, ToldCell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group("disclosure", "统计保密：可公布的汇总表。", "Confidentiality: tables that may be published.")
def command() -> None:
    pass


def _asked(run: Callable[..., None]) -> Callable[..., None]:
    """What the table is made of."""
    for add in (
        option("--rules", default="", metavar="RULES",
               zh="规则，如 minimum=3,dominance=1:0.85,p=0.1；不给则用示范区现行规范",
               en="Rules, such as minimum=3,dominance=1:0.85,p=0.1; without: the zone's "
                  "norms in force"),
        option("--value", default="", metavar="FIELD", zh="相加的列；不给则统计记录数",
               en="Column to add up; without one, records are counted"),
        option("--columns", default="", metavar="FIELD", zh="作为列的列", en="Column for columns"),
        option("--reporter", required=True, metavar="FIELD", zh="报告单位所在的列",
               en="Column that says whose record it is"),
        option("--rows", required=True, metavar="FIELD", zh="作为行的列", en="Column for rows"),
    ):  # fmt: skip
        run = add(run)
    return run


@member(command, "protect",
        "由逐单位记录得出可公布的汇总表：可能泄露单个单位的格连同可据以推算的格一并隐去。",
        "Add up unit records into a table that may be published: cells that would tell of a single "
        "reporter are left out, with those that would give them away.")  # fmt: skip
@click.argument("file", type=FILE)
@_asked
@option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        zh="写入文件（.csv 或 .xlsx）", en="Write it to a file (.csv or .xlsx)")  # fmt: skip
@option("--format", "form", type=click.Choice(["table", "json"]), default="table",
        show_default=True, zh="输出格式", en="Form of the result")  # fmt: skip
@click.pass_obj
def protect(
    zone: str, /, file: Path, rules: str, out: Path | None, form: str, **asked: str
) -> None:
    from qiantang.doors.cli.records import records_of
    from qiantang.engine.disclosure import contributions, publish, table_of

    if out is not None and out.suffix.lower() not in (".csv", ".xlsx"):
        raise click.BadParameter(say("应为 .csv 或 .xlsx 文件", "should end in .csv or .xlsx"),
                                 param_hint="--out")  # fmt: skip
    applied = _rules(zone, rules)
    records = records_of(file, [name for name in asked.values() if name])
    found = publish(table_of(contributions(records, **asked)), applied)
    heads = _heads(file, asked)
    if out is not None:
        _write(out, found, heads, applied)
    if form == "json":
        click.echo(json.dumps(_body(file, asked, found, applied), ensure_ascii=False, indent=1))
        return
    _show(found, heads, applied)
    if out is not None:
        click.echo(say(f"已写入 {out}", f"Wrote {out}"))


def _rules(zone: str, told: str) -> Rules:
    if told:
        from qiantang.engine.disclosure import rules_of

        return rules_of(told)
    open_zone(zone)
    from qiantang.rooms.indicators.disclosing import rules_in_force

    return rules_in_force()


def _heads(file: Path, asked: dict[str, str]) -> Heads:
    from qiantang.doors.reports.publishable import Heads

    value = asked["value"] or say("记录数", "Records")
    return Heads(file.name, asked["rows"], asked["columns"], value)


def _write(out: Path, found: Published, heads: Heads, rules: Rules) -> None:
    from qiantang.doors.reports.publishable import publishable_csv, publishable_workbook

    if out.suffix.lower() == ".csv":
        raw = publishable_csv(found, heads, current())
    else:
        raw = publishable_workbook(found, heads, rules, current())
    write_whole(out, raw, folders=True)


def _body(file: Path, asked: dict[str, str], found: Published, rules: Rules) -> dict[str, Any]:
    from qiantang.engine.disclosure import lines_of, rules_told

    return {
        "file": file.name,
        **{key: asked[key] or None for key in ("rows", "columns", "value", "reporter")},
        "rules": rules_told(rules),
        "cells": [cell.as_json() for line in lines_of(found) for cell in line],
    }


def _show(found: Published, heads: Heads, rules: Rules) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from qiantang.doors.reports.publishable import TOTAL, WHY, rules_said
    from qiantang.engine.disclosure import Why, lines_of

    lines, total = lines_of(found), read(TOTAL)
    names = [c.column or total for c in lines[0]] if heads.columns else [heads.value]
    shown = Table(escape(heads.rows))
    for name in names:
        shown.add_column(escape(name), justify="right")
    for line in lines:
        shown.add_row(escape(line[0].row or total), *map(_said, line))
    Console().print(shown)
    why = set(found.suppressed.values())
    for number, reason in enumerate(Why, start=1):
        if reason in why:
            click.echo(f"  ×{number}  {read(WHY[reason])}")
    said = "; ".join(f"{read(name)} {value}" for name, value in rules_said(rules))
    hidden, every = len(found.suppressed), len(found.table.cells)
    click.echo(say(f"{every} 格中隐去 {hidden} 格。规则：{said}",
                   f"{hidden} of {every} cells are left out. Rules: {said}"))  # fmt: skip


def _said(cell: ToldCell) -> str:
    from qiantang.engine.disclosure import Why

    if cell.suppressed is not None:
        return f"×{list(Why).index(cell.suppressed) + 1}"
    return "" if cell.value is None else f"{cell.value:f}"
