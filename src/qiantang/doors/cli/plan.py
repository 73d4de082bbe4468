"""`qiantang plan`: judge plans by what is known, now or as of a past day."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.errors import NeedsFile, NoPlan
from qiantang.doors.cli.files import write_whole
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone

if TYPE_CHECKING:
    from qiantang.rooms.indicators.shapes import AssessmentView, VerdictEntry

FORMATS = ("table", "json", "xlsx", "pdf")


@group("plan", "评判规划目标。", "Judge plans.")
def command() -> None:
    pass


@member(command, "list", "列出示范区中的规划。", "List the zone's plans.")
@click.pass_obj
def list_plans(zone: str) -> None:
    open_zone(zone)
    from qiantang.rooms.shelf import selectors as shelf

    for plan in shelf.plans().values():
        count = say(f"{len(plan.targets)} 项目标", f"{len(plan.targets)} targets")
        click.echo(f"{plan.id}  {plan.issued}  {read(plan.name)}  ({count})")


@member(
    command,
    "assess",
    "逐项评判规划目标，给出结论、把握程度和依据。",
    "Judge a plan target by target: verdict, confidence, evidence.",
)
@option(
    "--plan",
    "plan_id",
    metavar="ID",
    zh="规划编号（默认第一个）",
    en="The plan (default: the first)",
)
@option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    zh="以某日已知的数据判断，如 2018-12-31",
    en="Judge with what was known on a day, such as 2018-12-31",
)
@option("--division", metavar="CODE", zh="行政区划代码，如 330100", en="A division, such as 330100")
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    zh="输出格式",
    en="Form of the result",
)
@option("--output", "-o", metavar="FILE", zh="写入文件（xlsx、pdf 必填）", en="File to write")
@click.pass_obj
def assess(
    zone: str,
    *,
    plan_id: str | None,
    as_of: datetime | None,
    division: str | None,
    form: str,
    output: str | None,
) -> None:
    if form in ("xlsx", "pdf") and not output and sys.stdout.isatty():
        raise NeedsFile(found=form)
    open_zone(zone)
    view = judged(plan_id, as_of.date() if as_of else None, division)
    if form == "table" and not output:
        from qiantang.doors.cli import verdict_table
        from qiantang.doors.cli.screen import console

        verdict_table.show(view, console())
        if not view.rows:
            verdict_table.show_known(view, console())
        return
    _deliver(_rendered(view, form), output)


@member(
    command,
    "history",
    "列出结论的历次变化：何时、因何、由什么变为什么。",
    "List how verdicts changed: when, why, from what to what.",
)
@option(
    "--plan", "plan_id", metavar="ID", zh="规划编号（默认第一个）", en="The plan (default first)"
)
@option("--target", metavar="ID", zh="只看一个目标", en="One target only")
@option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    zh="输出格式",
    en="Form of the result",
)
@option("--output", "-o", metavar="FILE", zh="写入文件", en="File to write")
@click.pass_obj
def history(
    zone: str, *, plan_id: str | None, target: str | None, form: str, output: str | None
) -> None:
    open_zone(zone)
    from qiantang.rooms.indicators import selectors

    plan = chosen_plan(plan_id)
    entries = selectors.target_history(plan, target) if target else selectors.verdict_history(plan)
    if form == "json":
        body = {"plan": plan, "verdicts": [entry.as_json() for entry in entries]}
        _deliver((json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode(), output)
        return
    heads = [say("目标", "target"), say("结论", "verdict"), say("自", "from"), say("至", "to")]
    heads.append(say("原因", "cause"))
    rows = [_history_row(entry) for entry in entries]
    if form == "csv" or output:
        from qiantang.doors.reports import csv_bytes

        _deliver(csv_bytes(heads, rows), output)
        return
    from rich.table import Table

    from qiantang.doors.cli.screen import console

    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def _history_row(entry: VerdictEntry) -> list[str]:
    days = (entry.computed_at, entry.superseded_at)
    since, until = (f"{day.astimezone():%Y-%m-%d %H:%M}" if day else "" for day in days)
    return [entry.target, read(entry.verdict_name), since, until, entry.cause]


def chosen_plan(plan_id: str | None) -> str:
    """The plan asked for, else the first of the zone. Raises `NoPlan`."""
    from qiantang.rooms.shelf import selectors as shelf

    chosen = plan_id or next(iter(shelf.plans()), None)
    if chosen is None:
        raise NoPlan
    return chosen


def judged(plan_id: str | None, as_of: date | None, division: str | None) -> AssessmentView:
    """The assessment asked for; without a plan the first of the zone."""
    from qiantang.rooms.indicators import selectors

    return selectors.assessment(chosen_plan(plan_id), as_of, division)


def _rendered(view: AssessmentView, form: str) -> bytes:
    if form == "json":
        return (json.dumps(view.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "table":
        import io

        from rich.console import Console

        from qiantang.doors.cli import verdict_table

        page = io.StringIO()
        verdict_table.show(view, Console(file=page, width=100, highlight=False))
        return page.getvalue().encode()
    from qiantang.doors import reports

    make: Any = reports.workbook if form == "xlsx" else reports.pdf
    content: bytes = make(view, current())
    return content


def _deliver(content: bytes, output: str | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    target = Path(output).expanduser()
    write_whole(target, content)
    click.echo(say(f"已写入 {target}", f"Wrote {target}"), err=True)
