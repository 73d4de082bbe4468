"""`qiantang doctor`: what is wrong with a zone and how to mend it; exit code 1 when anything is."""

from __future__ import annotations

import json
from typing import Any

import click

from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


@declare(
    "doctor",
    "逐项检查示范区：文件夹、数据库、审计日志、数据湖、领域包、计算引擎、磁盘、字体、端口，并说明如何修复。",
    "Check folder, database, journal, lake, packs, engine, disk, fonts, port; say how to mend.",
)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    zh="输出格式",
    en="Form of the result",
)
@click.pass_obj
def command(zone: str, form: str) -> int:
    from qiantang.doors.cli.examination import examine

    findings = []
    for finding in examine(zone):
        findings.append(finding)
        if form == "text":
            _show(finding)
    bad = sum(f.level == "bad" for f in findings)
    warned = sum(f.level == "warn" for f in findings)
    if form == "json":
        body = {"findings": [f.as_dict() for f in findings], "bad": bad, "warnings": warned}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        click.echo()
        click.echo(
            say(
                f"{len(findings)} 项检查，{bad} 项有问题，{warned} 项需留意。",
                f"{len(findings)} checks, {bad} wrong, {warned} to watch.",
            )
        )
    return 1 if bad else 0


def _show(finding: Any) -> None:
    mark, colour = MARKS[finding.level]
    click.secho(f"{mark} ", fg=colour, nl=False)
    click.secho(f"{read(finding.what)}{say('：', ': ')}", bold=True, nl=False)
    click.echo(read(finding.said))
    if finding.mend is not None:
        click.secho(f"    → {read(finding.mend)}", fg="yellow")
