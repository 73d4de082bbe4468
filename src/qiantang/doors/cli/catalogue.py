"""`qiantang catalogue`: find entries, read them, follow duties, draft and decide."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.catalogue_keeping import (
    accept,
    decline,
    discard,
    duplicates,
    groups,
    offers,
    restore,
    transfer,
)
from qiantang.doors.cli.catalogue_shown import FORM, act, put, table
from qiantang.doors.cli.errors import ContentUnreadable
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.rooms.catalogue.selectors import ResourceView, SearchPage

SHOWN_VALUES = 6


@group(
    "catalogue",
    "信息资源目录：查找、查看、编目、审核。",
    "The catalogue: find, read, write, decide.",
)
def command() -> None:
    pass


@member(command, "search", "按词语和筛选项查找条目。", "Find entries by words and facets.")
@click.argument("words", nargs=-1)
@option("--facet", "facets", multiple=True, metavar="NAME=VALUE",
        zh="筛选项，可重复，如 level=county",
        en="A facet, may be repeated: level=county")  # fmt: skip
@option("--sort", default="", metavar="ORDER",
        zh="排序：relevance、newest、oldest、name、name-desc、id、id-desc、completeness",
        en="relevance, newest, oldest, name, name-desc, id, id-desc or completeness")  # fmt: skip
@option("--page", type=click.IntRange(1, 1_000_000), default=1, zh="页码", en="Page")
@option("--size", type=click.IntRange(1, 200), default=20, zh="每页条数", en="Hits on a page")
@FORM
@as_option
@click.pass_obj
def search(
    zone: str, /, words: tuple[str, ...], facets: tuple[str, ...], form: str, **given: Any
) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    chosen: dict[str, list[str]] = {}
    for each in facets:
        name, _, value = each.partition("=")
        chosen.setdefault(name, []).append(value)
    actor = acting(given.pop("username"))
    found = selectors.search(actor, " ".join(words), facets=chosen, **given)
    if form == "json":
        put({**asdict(found), "pages": found.pages})
    else:
        _show_hits(found)


@member(command, "show", "显示一个条目。", "Show one entry.")
@click.argument("id")
@FORM
@as_option
@click.pass_obj
def show(zone: str, /, id: str, form: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    view = selectors.resource(acting(username), id)
    said = selectors.completeness(view)
    if form == "json":
        put({**asdict(view), "missing": [asdict(m) for m in said.missing]})
        return
    _show_entry(view)
    for missing in said.missing:
        click.echo(f"  - {read(missing.label)} ({missing.weight}): {read(missing.why)}")


@member(command, "duties", "列出机构的编目责任及缺口。", "List an organisation's duties and gaps.")
@click.argument("organisation", default="")
@option("--state", type=click.Choice(["missing", "drafted", "done", "late"]),
        zh="只看一种状态", en="One state only")  # fmt: skip
@FORM
@as_option
@click.pass_obj
def duties(
    zone: str, /, organisation: str, state: str | None, form: str, username: str | None
) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    found = selectors.duties(acting(username), organisation, below=True)
    kept = [duty for duty in found if state in (None, duty.state)]
    if form == "json":
        put([asdict(duty) for duty in kept])
        return
    heads = (
        *(say("状态", "state"), say("机构", "organisation")),
        *(say("应登记", "duty"), say("来自上游", "from upstream")),
    )
    rows = [(d.state, read(d.organisation_name), read(d.name), read(d.origin_name)) for d in kept]
    table(heads, rows)


@member(command, "difference", "对比条目的两个版本。", "Compare two versions of an entry.")
@click.argument("id")
@click.argument("older", type=click.IntRange(0))
@click.argument("newer", type=click.IntRange(0), required=False)
@FORM
@as_option
@click.pass_obj
def difference(zone: str, /, id: str, older: int, newer: int | None, **given: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.catalogue import selectors

    found = selectors.difference(acting(given["username"]), id, older, newer)
    if given["form"] == "json":
        put(asdict(found))
        return
    heads = (say("项目", "what"), say("原为", "before"), say("现为", "after"))
    table(heads, [(read(c.label), read(c.before), read(c.after)) for c in found.changes])


@member(command, "draft", "以 JSON 文件起草条目。", "Draft an entry from a JSON file.")
@click.argument("organisation")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option
@click.pass_obj
def draft(zone: str, /, organisation: str, file: Path, username: str | None) -> None:
    said = _content(file)
    act(zone, username, lambda services, actor: services.draft(actor, organisation, said))


@member(command, "change", "以 JSON 文件修改条目。", "Change an entry from a JSON file.")
@click.argument("id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option
@click.pass_obj
def change(zone: str, /, id: str, file: Path, username: str | None) -> None:
    said = _content(file)
    act(zone, username, lambda services, actor: services.change(actor, id, said))


@member(command, "submit", "提交草稿审核。", "Submit a draft for review.")
@click.argument("id")
@as_option
@click.pass_obj
def submit(zone: str, /, id: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.submit(actor, id))


@member(command, "publish", "发布他人提交的版本。", "Publish what somebody else submitted.")
@click.argument("id")
@as_option
@click.pass_obj
def publish(zone: str, /, id: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.publish(actor, id))


@member(command, "send-back", "退回审核中的版本。", "Send a version in review back.")
@click.argument("id")
@click.argument("reason")
@as_option
@click.pass_obj
def send_back(zone: str, /, id: str, reason: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.send_back(actor, id, reason))


@member(command, "withdraw", "停用条目。", "Withdraw an entry.")
@click.argument("id")
@click.argument("reason")
@as_option
@click.pass_obj
def withdraw(zone: str, /, id: str, reason: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.withdraw(actor, id, reason))


@member(command, "take", "登记本地的同类资源。", "Register a division's own copy of a resource.")
@click.argument("declared")
@click.argument("division")
@as_option
@click.pass_obj
def take(zone: str, /, declared: str, division: str, username: str | None) -> None:
    act(zone, username, lambda services, actor: services.take(actor, declared, division))


for _each in (discard, restore, transfer, offers, accept, decline, groups, duplicates):
    command.add_command(_each)


def _content(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ContentUnreadable(found=file.name, cause=str(error)) from None
    if not isinstance(said, dict):
        raise ContentUnreadable(found=file.name, cause="{...}")
    return said


def _show_hits(found: SearchPage) -> None:
    heads = (say("编号", "id"), say("名称", "name"), say("提供方", "provider"), "%")
    rows = [
        (hit.id, read(hit.name), read(hit.provider), str(hit.completeness)) for hit in found.hits
    ]
    table(heads, rows)
    said = say("共 {n} 条，第 {p}/{m} 页", "{n} found, page {p} of {m}")
    click.echo(said.format(n=found.total, p=found.page, m=found.pages))
    if found.widened:
        click.echo(say("已按词语拆分查找：", "Looked for parts: ") + " ".join(found.words))
    for facet in found.facets:
        values = [f"{v.value}={v.count}" for v in facet.values[:SHOWN_VALUES] if v.count]
        if values:
            click.echo(f"  {facet.id} ({read(facet.name)}): {', '.join(values)}")


def _show_entry(view: ResourceView) -> None:
    click.echo(f"{view.id}  {view.code}  {view.status}")
    click.echo(f"{read(view.name)}\n{read(view.description)}\n{read(view.provider)}")
    heads = (say("信息项", "item"), say("名称", "name"), say("类型", "type"))
    rows = []
    for field in view.fields:
        name = field.get("name", {})
        said = read(Text(name.get("zh", ""), name.get("en", "")))
        rows.append((str(field.get("id", "")), said, str(field.get("type", ""))))
    table(heads, rows)
    click.echo(say("完整度", "completeness") + f": {view.completeness}/100")
