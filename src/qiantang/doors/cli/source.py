"""`qiantang source`: where the platform fetches data from by itself."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli import deliveries
from qiantang.doors.cli.language import current, read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.screen import console
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.periods import CHINA_TIME

if TYPE_CHECKING:
    from qiantang.kernel.actors import Actor
    from qiantang.rooms.intake.shapes import SourceView

KINDS: Final = ("upload", "folder", "database", "http")
_SETTINGS: Final = (
    *(
        "path",
        "pattern",
        "settled",
        "url",
        "engine",
        "host",
        "port",
        "database",
        "user",
        "file",
        "table",
    ),
)


_TOLD: Final = (
    option("--path", zh="监视的文件夹", en="The watched folder"),
    option("--pattern", metavar="GLOB", zh="文件名样式，如 *.csv", en="File names, such as *.csv"),
    option(
        "--settled",
        type=float,
        metavar="SECONDS",
        zh="文件多少秒没有改动才取（默认 5）",
        en="Seconds for which a file must not have changed (5)",
    ),
    option("--url", zh="网络地址", en="The address"),
    option(
        "--engine", type=click.Choice(["postgresql", "mysql", "sqlite"]), zh="数据库", en="Database"
    ),
    option("--host", zh="数据库主机", en="The database's host"),
    option("--port", type=int, zh="数据库端口", en="The database's port"),
    option("--database", zh="数据库名", en="The database's name"),
    option("--user", zh="数据库账号", en="The database's account"),
    option("--file", zh="SQLite 文件", en="The SQLite file"),
    option("--table", zh="表或视图", en="The table or view"),
    option(
        "--watermark",
        metavar="COLUMN",
        zh="增量列：只取新增或更改的行",
        en="Column by which only new rows come",
    ),
    option(
        "--mode", type=click.Choice(["append", "replace", "upsert", "delete"]), zh="方式", en="Mode"
    ),
    option("--every", metavar="P1D", zh="更新周期（ISO 8601）", en="Cycle (ISO 8601)"),
    option(
        "--password-env", metavar="NAME", zh="口令所在环境变量", en="Variable with the password"
    ),
    option(
        "--password-stdin", is_flag=True, zh="从标准输入读取口令", en="Read the password from stdin"
    ),
)
"""What a source is told when it is added, and what of it may change."""


def _told(command: Any) -> Any:
    for each in reversed(_TOLD):
        command = each(command)
    return command


@group(
    "source",
    "数据来源：监视文件夹、数据库、网络地址。",
    "Sources: watched folders, databases, web addresses.",
)
def command() -> None:
    pass


@member(command, "add", "添加数据来源。", "Add a source.")
@click.argument("id")
@click.argument("kind", type=click.Choice(KINDS))
@option("--resource", "-r", required=True, metavar="ID", zh="信息资源编号", en="The resource's id")
@_told
@option("--division", default="", metavar="CODE", zh="区划代码", en="Division code")
@as_option
@click.pass_context
def add(ctx: click.Context, /, id: str, kind: str, username: str | None, **given: Any) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    source = services.add_source(
        acting(username),
        id,
        kind,
        given["resource"],
        {name: given[name] for name in _SETTINGS if given[name] is not None},
        **_login(given),
        mode=given["mode"],
        every=given["every"] or "",
        watermark_column=given["watermark"] or "",
        division=given["division"],
    )
    click.echo(say(f"已添加 {source.id}", f"Added {source.id}"))


@member(
    command,
    "change",
    "更改数据来源的设置；未给出的不变。",
    "Change what a source is told; the rest stays.",
)
@click.argument("id")
@_told
@as_option
@click.pass_context
def change(ctx: click.Context, /, id: str, username: str | None, **given: Any) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    told = {name: given[name] for name in _SETTINGS if given[name] is not None}
    services.change_source(
        acting(username),
        id,
        services.SourceChange(
            config=told or None,
            **_login(given),
            mode=given["mode"],
            every=given["every"],
            watermark_column=given["watermark"],
        ),
    )
    click.echo(say(f"已更新 {id}", f"Changed {id}"))


@member(command, "list", "列出数据来源。", "Sources.")
@option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", zh="格式", en="Form"
)
@as_option
@click.pass_context
def list_sources(ctx: click.Context, /, username: str | None, form: str) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    found = selectors.sources(acting(username))
    if form == "json":
        click.echo(json.dumps([s.as_json(current()) for s in found], ensure_ascii=False, indent=2))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    heads = (
        *(say("编号", "id"), say("类型", "kind"), say("资源", "resource"), say("周期", "cycle")),
        *(say("应更新", "due"), say("状态", "state")),
    )
    for head in heads:
        table.add_column(head, overflow="fold")
    for s in found:
        due = f"{s.next_due.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
        table.add_row(s.id, read(s.kind_name), s.resource, s.every, due, _state(s))
    console().print(table)


def _state(source: SourceView) -> str:
    """The source's state, and why the last try gave nothing."""
    told = [read(source.state_name)]
    if source.error:
        told.append(str(source.error["messages"][current()]))
    return say("；", "; ").join(told)


@member(command, "fetch", "立即取数并处理。", "Fetch now and work on what came.")
@click.argument("id")
@option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", zh="格式", en="Form"
)
@as_option
@click.pass_context
def fetch(ctx: click.Context, /, id: str, username: str | None, form: str) -> int:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services
    from qiantang.rooms.journal.services import deliver_pending

    actor = acting(username)
    with deliveries.interruptible() as asked:
        runs = services.fetch(actor, id, cancelled=asked)
    deliver_pending()
    if not runs:
        _nothing_new(actor, id)
    for run in runs:
        deliveries.show(run, actor, form)
    return max((deliveries.exit_code(run) for run in runs), default=0)


def _nothing_new(actor: Actor, id: str) -> None:
    """Why nothing came: files still being written, files that were put away."""
    from qiantang.rooms.intake import selectors, services

    source = selectors.source(actor, id)
    settling = services.test_source(actor, id)["settling"] if source.kind == "folder" else ()
    if settling:
        names = say("、", ", ").join(settling)
        click.echo(
            say(
                f"{len(settling)} 个文件仍在写入，稳定后再取：{names}",
                f"{len(settling)} files still being written, taken once unchanged: {names}",
            ),
            err=True,
        )
    elif not source.error:
        click.echo(say("没有新数据", "Nothing new"), err=True)
    if source.error:
        click.echo(str(source.error["messages"][current()]), err=True)


@member(command, "test", "试连，不取数。", "Try to connect; nothing is taken.")
@click.argument("id")
@as_option
@click.pass_context
def test(ctx: click.Context, /, id: str, username: str | None) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    found = services.test_source(acting(username), id)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found.get("settling"):
        click.echo(
            say(
                "settling 中的文件刚有改动，可能仍在写入；稳定数秒后再取数。",
                "Files under settling have just changed; they are taken once they stay unchanged.",
            ),
            err=True,
        )


@member(command, "pause", "暂停或恢复按周期取数。", "Stop fetching by schedule, or go on.")
@click.argument("id")
@option("--resume", is_flag=True, zh="恢复", en="Go on")
@as_option
@click.pass_context
def pause(ctx: click.Context, /, id: str, username: str | None, resume: bool) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    services.pause_source(acting(username), id, paused=not resume)
    click.echo(say(f"已更新 {id}", f"Changed {id}"))


@member(command, "remove", "移除数据来源（运行记录保留）。", "Remove a source; its runs stay.")
@click.argument("id")
@as_option
@click.pass_context
def remove(ctx: click.Context, /, id: str, username: str | None) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    services.remove_source(acting(username), id)
    click.echo(say(f"已移除 {id}", f"Removed {id}"))


def _login(given: dict[str, Any]) -> dict[str, str]:
    """Where the password is, or the password itself from stdin; nothing when neither is said."""
    if given["password_env"]:
        return {"credential": f"env:{given['password_env']}"}
    if given["password_stdin"]:
        return {"password": sys.stdin.readline().rstrip("\n")}
    return {}
