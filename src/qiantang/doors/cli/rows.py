"""`qiantang rows ID`: the rows of a resource, now or as they stood on a day."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime
from typing import Any

import click

from qiantang.doors.cli.cells import cell
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import open_zone


@declare(
    "rows", "输出信息资源的数据行，可按过去某日。", "Rows of a resource, now or on a past day."
)
@click.argument("resource", metavar="ID")
@option("--at", type=click.DateTime(["%Y-%m-%d"]), zh="截至该日", en="As they stood on this day")
@option("--limit", type=click.IntRange(1), zh="最多行数", en="At most so many rows")
@option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    zh="输出格式",
    en="Output format",
)
@as_option
@click.pass_obj
def command(zone: str, /, resource: str, at: datetime | None, form: str, **given: Any) -> None:
    open_zone(zone)
    from qiantang.rooms.indicators.tables import resource_rows

    day: date | None = at.date() if at else None
    found = resource_rows(acting(given["username"]), resource, at=day, limit=given["limit"])
    names = [field.id for field in found.fields]
    if form == "json":
        json.dump(list(found.rows), sys.stdout, ensure_ascii=False, indent=1, default=_text)
        click.echo()
        return
    out = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    out.writeheader()
    out.writerows({name: cell(value) for name, value in row.items()} for row in found.rows)


def _text(value: object) -> str:
    return str(cell(value))
