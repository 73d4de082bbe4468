"""`qiantang catalogue` for keepers: drafts given up, entries brought back, offered or handed over,
and what is alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qiantang.doors.cli.catalogue_shown import FORM, act, put, table
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import command
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.rooms.catalogue.selectors import Group

_OWING = Text("未登记", "missing")
_KINDS = {
    "name": Text("同一机构、同一名称", "same owner, same name"),
    "fields": Text("信息项相同", "same items"),
}


@command("discard", "放弃草稿。", "Give an open draft up.")
@click.argument("id")
@as_option
@click.pass_obj
def discard(zone: str, /, id: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.discard(actor, id))


@command("restore", "恢复已停用的条目。", "Bring a withdrawn entry back.")
@click.argument("id")
@click.argument("reason")
@as_option
@click.pass_obj
def restore(zone: str, /, id: str, reason: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.restore(actor, id, reason))


@command(
    "transfer",
    "把条目移交给另一机构；不能同时管理双方的，由对方接收。",
    "Give an entry to another organisation; who does not administer both only offers it.",
)
@click.argument("id")
@click.argument("organisation")
@click.argument("reason")
@as_option
@click.pass_obj
def transfer(zone: str, /, id: str, organisation: str, reason: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.transfer(actor, id, organisation, reason))


@command("accept", "接收移交来的条目。", "Take over an entry that was offered.")
@click.argument("id")
@as_option
@click.pass_obj
def accept(zone: str, /, id: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.accept_transfer(actor, id))


@command("decline", "不接收移交来的条目。", "Say no to an entry that was offered.")
@click.argument("id")
@click.argument("reason")
@as_option
@click.pass_obj
def decline(zone: str, /, id: str, reason: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import services

    services.decline_transfer(acting(username), id, reason)
    click.echo(say("未接收：", "Declined: ") + id)


@command(
    "offers",
    "列出待接收的移交：哪个条目、由谁移交给谁。",
    "List open offers: which entry, by whom and to whom.",
)
@FORM
@as_option
@click.pass_obj
def offers(zone: str, /, form: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    found = selectors.open_offers(acting(username))
    if form == "json":
        put([asdict(each) for each in found])
        return
    heads = (
        *(say("条目", "entry"), say("名称", "name"), say("移交方", "from")),
        *(say("接收方", "to"), say("理由", "reason"), say("可答复", "yours")),
    )
    rows = [
        (
            *(o.entry.id, read(o.entry.name), read(o.entry.provider)),
            *(read(o.to_name), o.reason, "✓" if o.may_answer else ""),
        )
        for o in found
    ]
    table(heads, rows)


@command(
    "group",
    "列出同一资源在各地的条目；不写编号时列出全部同类资源。",
    "List the entries of one resource in all divisions; without an id, all such resources.",
)
@click.argument("id", default="")
@FORM
@as_option
@click.pass_obj
def groups(zone: str, /, id: str, form: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    actor = acting(username)
    if id:
        found = selectors.group(actor, id)
        put(asdict(found)) if form == "json" else _show_group(found)
        return
    every = selectors.groups(actor)
    if form == "json":
        put([asdict(each) for each in every])
        return
    heads = (
        *(say("资源", "resource"), say("名称", "name")),
        *(say("已登记", "registered"), say("未登记", "missing")),
    )
    rows = [(g.declared, read(g.name), str(len(g.members)), str(len(g.owing))) for g in every]
    table(heads, rows)


@command(
    "duplicates",
    "列出可能重复登记的条目；可只看一个机构及其下级。",
    "List what may be registered twice; of one organisation and below, if named.",
)
@click.argument("organisation", default="")
@FORM
@as_option
@click.pass_obj
def duplicates(zone: str, /, organisation: str, form: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    found = selectors.duplicates(acting(username), organisation)
    if form == "json":
        put([asdict(twin) for twin in found])
        return
    heads = (
        *(say("何处相同", "what is alike"), say("编号", "id")),
        *(say("名称", "name"), say("提供方", "provider")),
    )
    rows = [
        (read(_KINDS[twin.kind]), entry.id, read(entry.name), read(entry.provider))
        for twin in found
        for entry in twin.entries
    ]
    table(heads, rows)


def _show_group(found: Group) -> None:
    click.echo(f"{found.declared}  {read(found.name)}")
    heads = (
        *(say("区划", "division"), say("名称", "name")),
        *(say("条目", "entry"), say("状态", "state")),
    )
    rows = [(m.division, read(m.name), m.entry, m.status) for m in found.members]
    rows += [(m.division, read(m.name), "", read(_OWING)) for m in found.owing]
    table(heads, rows)
