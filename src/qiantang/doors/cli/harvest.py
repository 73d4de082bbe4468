"""`qiantang harvest`: other catalogues as sources of entries."""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
from typing import Any

import click

from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text

_STATES = {
    "running": Text("进行中", "running"),
    "done": Text("完成", "done"),
    "failed": Text("中断", "interrupted"),
    "stopped": Text("待确认", "waits for confirmation"),
}
_OUTCOMES = {
    "new": Text("新增", "new"),
    "changed": Text("变更", "changed"),
    "same": Text("未变", "same"),
    "conflict": Text("冲突", "conflict"),
    "withdrawn": Text("撤下", "withdrawn"),
    "back": Text("本实例自己的条目", "our own"),
    "outside": Text("范围之外", "outside"),
    "unread": Text("未能读取", "unread"),
    "missing": Text("未见到、待再核对", "not met, to be looked for again"),
}
_KINDS = {
    "identifier": Text("标识相同", "same identifier"),
    "code": Text("代码相同", "same code"),
}
_FORMAT = option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    zh="输出格式",
    en="Form of the output",
)


@group("harvest", "目录汇聚：从上游目录收录条目。", "Harvest other catalogues.")
def command() -> None:
    pass


@member(command, "add", "登记上游目录。", "Register an upstream catalogue.")
@click.argument("upstream", metavar="ID")
@click.argument("address")
@option("--name-zh", default="", zh="中文名称", en="Chinese name")
@option("--name-en", default="", zh="英文名称", en="English name")
@option("--owner", default="", metavar="CODE", zh="负责机构", en="The organisation in charge here")
@option("--division", default="", zh="只收录此区划内的条目", en="Take only entries within it")
@option(
    "--every",
    default=24,
    show_default=True,
    zh="间隔小时数，0 为手动",
    en="Hours between, 0: by hand",
)
@option(
    "--kind",
    type=click.Choice(["dcat", "ckan", "oaipmh"]),
    default="dcat",
    show_default=True,
    zh="上游接口",
    en="What the upstream speaks",
)
@option("--private", is_flag=True, zh="上游在内网", en="The upstream lies in the own network")
@click.pass_obj
def add(zone: str, /, upstream: str, address: str, **given: Any) -> None:
    open_zone(zone)
    from qiantang.rooms.harvest import services

    names = given["name_zh"] or given["name_en"] or upstream
    new = services.NewUpstream(
        id=upstream,
        address=address,
        name=Text(given["name_zh"] or names, given["name_en"] or names),
        owner=given["owner"],
        division=given["division"],
        every_hours=given["every"],
        private=given["private"],
        kind=given["kind"],
    )
    services.add_upstream(SYSTEM, new)
    click.echo(say(f"已登记上游目录 {upstream}", f"Registered the upstream {upstream}"))


@member(
    command,
    "run",
    "汇聚一个上游目录，不指明时汇聚所有到期的。",
    "Harvest an upstream; without a name, all that are due.",
)
@click.argument("upstream", metavar="[ID]", default="")
@option(
    "--confirm-withdrawals",
    is_flag=True,
    zh="确认撤下上游已不再列出的大量条目",
    en="Withdraw the many entries that are gone upstream",
)
@_FORMAT
@click.pass_obj
def run(zone: str, upstream: str, *, confirm_withdrawals: bool, form: str) -> None:
    open_zone(zone)
    from qiantang.rooms.harvest import services

    if not upstream:
        runs = services.harvest_due(SYSTEM)
    elif confirm_withdrawals:
        runs = (services.confirm_withdrawals(SYSTEM, upstream),)
    else:
        runs = (_watched(upstream, quiet=form == "json"),)
    if form == "json":
        click.echo(json.dumps([each.as_json() for each in runs], ensure_ascii=False, indent=2))
        return
    for each in runs:
        _tell(each)


@member(command, "list", "列出上游目录。", "List the upstreams.")
@click.pass_obj
def list_upstreams(zone: str) -> None:
    open_zone(zone)
    from rich.table import Table

    from qiantang.doors.cli.screen import console
    from qiantang.rooms.harvest import selectors

    heads = (
        say("编号", "id"),
        say("名称", "name"),
        say("地址", "address"),
        say("上次汇聚", "last harvested"),
        say("下次", "due"),
        say("最近的问题", "latest failure"),
    )
    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for each in selectors.upstreams(SYSTEM):
        days = (each.harvested_at, each.due if each.active else None)
        since, due = (f"{day.astimezone():%Y-%m-%d %H:%M}" if day else "" for day in days)
        table.add_row(each.id, read(each.name), each.address, since, due, read(each.error))
    console().print(table)


@member(command, "show", "显示上游目录最近的汇聚。", "Show an upstream's latest runs.")
@click.argument("upstream", metavar="ID")
@_FORMAT
@click.pass_obj
def show(zone: str, upstream: str, form: str) -> None:
    open_zone(zone)
    from qiantang.rooms.harvest import selectors

    found = selectors.runs(SYSTEM, upstream)
    if form == "json":
        click.echo(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        _tell(each)


@member(command, "conflicts", "列出待处理的条目冲突。", "List conflicts that wait for a decision.")
@click.argument("upstream", metavar="[ID]", default="")
@option("--settled", is_flag=True, zh="列出已处理的", en="List those that are settled")
@_FORMAT
@as_option
@click.pass_obj
def conflicts(
    zone: str, /, upstream: str, *, settled: bool, form: str, username: str | None
) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors, services

    found = selectors.conflicts(acting(username), upstream, settled=settled)
    if form == "json":
        said = [asdict(each) for each in found]
        click.echo(json.dumps(said, ensure_ascii=False, indent=2, default=str))
        return
    if not found:
        click.echo(say("没有冲突。", "No conflicts."))
    for each in found:
        click.echo(f"{each.id}  {each.entry} {read(each.entry_name)}")
        click.echo(
            f"    / {each.other} {read(each.other_name)}  {read(_KINDS[each.kind])} {each.value}"
        )
        if not each.other:
            click.echo(say("    请全区管理员处理。", "    An administrator of the zone decides."))
        if each.decision:
            click.echo(f"    {read(services.DECISIONS[each.decision])}  {each.reason}".rstrip())


@member(command, "settle", "以同一决定处理条目冲突。", "Settle conflicts in the same way.")
@click.argument("conflicts", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True)
@click.argument("decision", type=click.Choice(["both", "here", "theirs"]))
@option("--reason", required=True, zh="理由", en="Why")
@as_option
@click.pass_obj
def settle(
    zone: str, /, conflicts: tuple[int, ...], decision: str, reason: str, username: str | None
) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import services

    for done in services.settle_conflicts(acting(username), conflicts, decision, reason):
        click.echo(f"{done.entry} / {done.other}: {read(services.DECISIONS[done.decision])}")


def _watched(upstream: str, *, quiet: bool) -> Any:
    """A run with its progress; Ctrl-C ends it after the page at hand."""
    from qiantang.doors.cli.screen import console
    from qiantang.rooms.harvest import services

    out, asked = console(err=True), []
    before = signal.signal(signal.SIGINT, lambda *_: asked.append(True))

    def progress(run: Any, total: int | None) -> None:
        if not quiet:
            of = f"/{total}" if total else ""
            out.print(
                say(
                    f"· 第 {run.pages} 页，{run.seen}{of} 条", f"· page {run.pages}, {run.seen}{of}"
                )
            )

    try:
        return services.harvest(SYSTEM, upstream, progress=progress, cancelled=lambda: bool(asked))
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(run: Any) -> None:
    counted = ((read(_OUTCOMES[name]), number) for name, number in run.counts.items() if number)
    counts = say("，", ", ").join(f"{name} {number}" for name, number in counted)
    state = read(_STATES[run.state])
    click.echo(
        say(
            f"{run.upstream} 第 {run.number} 次：{state}；{run.pages} 页 {run.seen} 条；{counts}",
            f"{run.upstream} run {run.number}: {state}; {run.pages} pages, "
            f"{run.seen} seen; {counts}",
        )
    )
    if run.state == "stopped":
        click.echo(
            say(
                f"  上游少了 {run.gone} 条。核实后加 --confirm-withdrawals 撤下。",
                f"  {run.gone} are gone upstream. If right, withdraw with --confirm-withdrawals.",
            )
        )
    if run.error:
        click.echo(f"  {read(run.error_text)}")
    for problem in run.problems[:10]:
        text = Text(problem["text"]["zh"], problem["text"]["en"])
        click.echo(f"  {problem['dataset']}: {read(text)}")
