"""`qiantang lake`: the tables of the lake, their versions and their care."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli.cells import cell
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.screen import console, steps
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.kernel.actors import Actor
    from qiantang.rooms.upkeep.shapes import RunView, TableHealth

MEGABYTE: Final = 1_000_000
FAILED: Final = 5
PROBLEMS: Final = 3


def _form(command: Any) -> Any:
    return option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        zh="输出格式",
        en="Output format",
    )(command)


@group("lake", "数据湖：表、版本与维护。", "The lake: tables, versions and their care.")
def command() -> None:
    pass


@member(command, "list", "列出各表的状况。", "How the tables are.")
@_form
@as_option
@click.pass_obj
def list_tables(zone: str, /, form: str, username: str | None) -> int:
    open_zone(zone)
    from qiantang.rooms.upkeep import selectors

    found = selectors.health(acting(username))
    if form == "json":
        _json([table.as_json() for table in found])
        return _damage_code(found)
    rows = [
        (
            t.table,
            f"{t.rows:,}",
            f"{t.bytes / MEGABYTE:,.1f}",
            str(t.files),
            str(t.snapshots),
            _moment(t.verified.ended_at if t.verified else None),
            str(t.problems) if t.problems else "",
        )
        for t in found
    ]
    heads = (
        *(say("表", "table"), say("行数", "rows"), "MB", say("文件", "files")),
        *(say("版本", "versions"), say("上次校验", "verified"), say("问题", "problems")),
    )
    _table(heads, rows, numbers=(1, 2, 3, 4, 6))
    for each in found:
        if each.damage is not None:
            click.echo(f"  {each.table}: {read(each.damage)}")
    return _damage_code(found)


def _damage_code(found: Sequence[TableHealth]) -> int:
    return PROBLEMS if any(table.damage for table in found) else 0


def _verb(name: str, zh: str, en: str) -> None:
    """A subcommand for one act of upkeep, on one table or on all."""

    @member(command, name, zh, en)
    @click.argument("table", required=False)
    @_form
    @as_option
    @click.pass_obj
    def run(zone: str, /, table: str | None, form: str, username: str | None) -> int:
        open_zone(zone)
        return _tend(acting(username), table, (name,), form)


_verb("verify", "逐个读取文件，与写入时的校验和比对。", "Read every file and compare its checksum.")
_verb("compact", "把小文件合并为有序的大文件。", "Merge small files into sorted ones.")
_verb("expire", "按保留期限清理旧版本及其文件。", "Remove versions past their retention.")
_verb("sweep", "清除中断的写入留下的文件。", "Remove what broken-off writes left behind.")


@member(
    command,
    "tend",
    "完成网页上交办的和到期的维护；后台定时运行的就是它。",
    "Do what was asked for on the page and what is due; the background process runs this.",
)
@click.argument("table", required=False)
@_form
@as_option
@click.pass_obj
def tend(zone: str, /, table: str | None, form: str, username: str | None) -> int:
    open_zone(zone)
    actor = acting(username)
    if table is not None or not actor.is_system:
        return _tend(actor, table, None, form)
    from qiantang.rooms.upkeep import services

    ended: list[RunView] = []
    with _progress(ended) as told:
        services.work(told)
    return _report(ended, form)


@member(command, "history", "列出一张表的各个版本。", "The versions of a table.")
@click.argument("table")
@_form
@as_option
@click.pass_obj
def history(zone: str, /, table: str, form: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.upkeep import selectors

    line = selectors.history(acting(username), table)
    if form == "json":
        _json(
            [
                {
                    "snapshot": s.id,
                    "committed_at": s.committed_at.isoformat(),
                    "rows": s.rows,
                    "key": s.key,
                    "note": dict(s.note),
                }
                for s in line
            ]
        )
        return
    rows = [(str(s.id), _moment(s.committed_at), f"{s.rows:,}", s.key, _note(s.note)) for s in line]
    heads = (say("版本", "version"), say("时间", "when"), say("行数", "rows"))
    _table((*heads, say("标识", "key"), say("说明", "note")), rows, numbers=(2,))


@member(
    command, "show", "输出一张表的行，可按过去某日。", "The rows of a table, now or on a past day."
)
@click.argument("table")
@option("--at", type=click.DateTime(["%Y-%m-%d"]), zh="截至该日结束", en="At the end of this day")
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
def show(zone: str, /, table: str, at: datetime | None, form: str, **given: Any) -> None:
    open_zone(zone)
    from qiantang.rooms.upkeep import selectors

    moment = _end_of(at.date()) if at else None
    reader = selectors.rows(acting(given["username"]), table, at=moment)
    rows = _rows(reader, given["limit"])
    if form == "json":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False, default=str))
        return
    out = csv.DictWriter(sys.stdout, reader.schema.names, lineterminator="\n")
    out.writeheader()
    out.writerows({name: cell(value) for name, value in row.items()} for row in rows)


def _rows(reader: Any, limit: int | None) -> Iterator[dict[str, Any]]:
    left = limit
    for batch in reader:
        for row in batch.to_pylist():
            if left is not None:
                if left == 0:
                    return
                left -= 1
            yield row


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59, 999_999), CHINA_TIME).astimezone(UTC)


def _tend(actor: Actor, table: str | None, verbs: Sequence[str] | None, form: str) -> int:
    from qiantang.rooms.upkeep import services

    ended: list[RunView] = []
    with _progress(ended) as told:
        services.tend(actor, table, verbs, told=told)
    return _report(ended, form)


@contextmanager
def _progress(ended: list[RunView]) -> Iterator[Any]:
    """A step for each run on the screen; the runs that ended are added to ``ended``."""
    with steps() as shown:

        def told(run: RunView) -> None:
            if run.ended_at is None:
                shown.begin(f"{read(run.verb_name)} {run.table}")
            else:
                shown.end()
                ended.append(run)

        yield told


def _report(ended: Sequence[RunView], form: str) -> int:
    if form == "json":
        _json([run.as_json() for run in ended])
    else:
        rows = [(r.table, read(r.verb_name), read(r.outcome_name), read(r.said)) for r in ended]
        heads = (say("表", "table"), say("操作", "act"), say("结果", "outcome"))
        if rows:
            _table((*heads, say("情况", "what came of it")), rows)
        else:
            click.echo(say("没有需要维护的表。", "No table needs care."))
        for run in ended:
            for problem in run.problems:
                click.echo(f"  {run.table}: {_twin(problem['text'])}")
    if any(run.outcome == "failed" for run in ended):
        return FAILED
    return PROBLEMS if any(run.outcome == "problems" for run in ended) else 0


def _twin(text: dict[str, str]) -> str:
    return say(text["zh"], text["en"])


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()
) -> None:
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for n, head in enumerate(heads):
        table.add_column(head, justify="right" if n in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*[Plain(cell) for cell in row])
    console().print(table)


def _moment(at: datetime | None) -> str:
    return at.astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M") if at else "—"


def _note(note: Any) -> str:
    said = (
        f"{read(_NOTED[name]) if name in _NOTED else name} {value}"
        for name, value in note.items()
        if value not in ("", None)
    )
    return say("，", ", ").join(said)


_NOTED: Final = {
    "run": Text("运行", "run"),
    "file": Text("文件", "file"),
    "mode": Text("方式", "mode"),
    "division": Text("区划", "division"),
    "inserted": Text("新增", "inserted"),
    "updated": Text("更新", "updated"),
    "deleted": Text("删除", "deleted"),
}


def _json(found: Any) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
