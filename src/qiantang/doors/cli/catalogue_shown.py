"""How `qiantang catalogue` puts out what it found, and does what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.language import read
from qiantang.doors.cli.operator import acting
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import open_zone

if TYPE_CHECKING:
    from qiantang.rooms.catalogue.selectors import ResourceView

FORM = option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table",
    show_default=True, zh="输出格式", en="Form of the result",
)  # fmt: skip


def act(zone: str, username: str | None, verb: Callable[[Any, Any], ResourceView]) -> None:
    """Open the zone, do one verb of the catalogue as somebody, and say what the entry is now."""
    open_zone(zone)
    from qiantang.rooms.catalogue import services

    view = verb(services, acting(username))
    click.echo(f"{view.id}  {view.status}  {view.code}  {read(view.name)}".rstrip())


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from qiantang.doors.cli.screen import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):  # the first is copied into the next command: on one line
        table.add_column(head, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def put(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
