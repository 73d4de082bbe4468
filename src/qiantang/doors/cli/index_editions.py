"""`qiantang index list|editions|plan|publish|discard`: editions of the zone's indices."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qiantang.doors.cli.files import write_whole
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import command, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.rooms.indices.shapes import EditionDifference, EditionView, WeightChange

STATES = {
    "planned": Text("待发布", "planned"),
    "published": Text("已发布", "published"),
    "discarded": Text("已放弃", "discarded"),
}
SHOWN = 10


def _format(run: Any) -> Any:
    return option("--format", "form", type=click.Choice(["table", "json"]), default="table",
                  show_default=True, zh="输出格式", en="Form of the result")(run)  # fmt: skip


@command("list", "列出示范区的综合指数。", "List the zone's indices.")
@as_option
@_format
@click.pass_obj
def list_indices(zone: str, username: str | None, form: str) -> None:
    open_zone(zone)
    from qiantang.rooms.indices import selectors

    rows = selectors.indices(acting(username))
    if form == "json":
        body = [{"id": r.key, "name": r.name.as_dict(), "editions": r.editions,
                 "edition": r.edition.number if r.edition else None,
                 "outdated": r.edition.outdated if r.edition else 0,
                 "reweighed": [_weight(c) for c in r.edition.reweighed] if r.edition else []}
                for r in rows]  # fmt: skip
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    for row in rows:
        told = say("尚未发布", "not published")
        if row.edition:
            told = say(f"第 {row.edition.number} 版，{row.edition.as_of}",
                       f"edition {row.edition.number}, {row.edition.as_of}")  # fmt: skip
            told += _outdated(row.edition)
        click.echo(f"{row.key}  {read(row.name)}  ({told})")


@command("editions", "列出指数的各个版次。", "List the editions of an index.")
@click.argument("index")
@as_option
@_format
@click.pass_obj
def editions(zone: str, index: str, username: str | None, form: str) -> None:
    open_zone(zone)
    from qiantang.rooms.indices import selectors

    rows = selectors.editions(acting(username), index)
    if form == "json":
        click.echo(json.dumps([_body(r) for r in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        _say(row)
    click.echo(say("公钥指纹：", "Key: ") + selectors.public_key().fingerprint)


@command("plan", "固定现行数据和结果，编制一个待发布的版次，并给出与已发布版次的差异。",
         "Freeze the present figures as a planned edition; show what it changes.")  # fmt: skip
@click.argument("index")
@option("--title-zh", required=True, metavar="TEXT", zh="中文标题", en="Title in Chinese")
@option("--title-en", required=True, metavar="TEXT", zh="英文标题", en="Title in English")
@option("--note", default="", metavar="TEXT", zh="说明", en="A note for readers")
@option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
        zh="以某日已知的数据计算", en="Rest on what was known on a day")  # fmt: skip
@option("--corrects", type=click.IntRange(1, 2**31 - 1), metavar="N",
        zh="更正第 N 版", en="It corrects edition N")  # fmt: skip
@option("--reason", default="", metavar="TEXT", zh="更正理由", en="Reason of the correction")
@as_option
@click.pass_obj
def plan(  # noqa: PLR0913 - each is an option
    zone: str, index: str, *, title_zh: str, title_en: str, note: str, as_of: datetime | None,
    corrects: int | None, reason: str, username: str | None,
) -> None:  # fmt: skip
    open_zone(zone)
    from qiantang.rooms.indices import selectors, services

    actor = acting(username)
    day: date | None = as_of.date() if as_of else None
    found = services.plan_edition(
        actor, index, title=Text(title_zh, title_en), note=note, as_of=day, corrects=corrects,
        reason=reason,
    )  # fmt: skip
    _say(found)
    _say_difference(selectors.difference(actor, index, found.number))


@command("publish", "发布他人编制的版次。", "Publish an edition that somebody else planned.")
@click.argument("index")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@option("--bundle", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        zh="同时把复现包写入此文件", en="Write the bundle to this file too")  # fmt: skip
@as_option
@click.pass_obj
def publish(
    zone: str, index: str, number: int, *, bundle: Path | None, username: str | None
) -> None:
    open_zone(zone)
    from qiantang.rooms.indices import selectors, services

    actor = acting(username)
    _say(services.publish_edition(actor, index, number))
    if bundle is not None:
        write_whole(bundle, selectors.bundle(actor, index, number)[1])
        click.echo(say(f"复现包已写入 {bundle}。", f"The bundle is in {bundle}."))


@command("discard", "放弃待发布的版次。", "Discard a planned edition.")
@click.argument("index")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@option("--reason", default="", metavar="TEXT", zh="理由", en="The reason")
@as_option
@click.pass_obj
def discard(zone: str, index: str, number: int, *, reason: str, username: str | None) -> None:
    open_zone(zone)
    from qiantang.rooms.indices import services

    _say(services.discard_edition(acting(username), index, number, reason))


def _say(row: EditionView) -> None:
    corrects = ""
    if row.corrects is not None:
        corrects = say(f"，更正第 {row.corrects} 版", f", corrects {row.corrects}")
    state = read(STATES[row.state])
    click.echo(f"{row.number:>3}  {state}  {row.as_of}  {read(row.title)}{corrects}"
               f"{_outdated(row)}  {row.digest[:12]}")  # fmt: skip


def _outdated(row: EditionView) -> str:
    told = ""
    if row.outdated:
        told += say(
            f"，此后有 {row.outdated} 个数据变化", f", {row.outdated} figures changed since"
        )
    if row.reweighed:
        norms = ", ".join(sorted({change.norm for change in row.reweighed}))
        count = len(row.reweighed)
        told += say(f"，此后有 {count} 个权重变化（{norms}）",
                    f", {count} weights changed since ({norms})")  # fmt: skip
    return told


def _say_difference(found: EditionDifference) -> None:
    if found.against is None:
        click.echo(say("这是第一版。", "It is the first edition."))
        return
    against, moved = found.against.number, found.moved
    figures, recipe, structure = map(len, (found.figures, found.recipe, found.structure))
    click.echo(
        say(
            f"与第 {against} 版相比：{figures} 个数据、{recipe} 项方案、{structure} 处结构不同，"
            f"{moved} 个评价单元名次变化。",
            f"Against edition {against}: {figures} figures, {recipe} keys of the recipe, "
            f"{structure} points of the structure; {moved} units change rank.",
        )
    )
    for each in found.figures[:SHOWN]:
        click.echo(f"  {each.unit} {each.year or ''} {each.column}: {_n(each.before)} → "
                   f"{_n(each.after)}")  # fmt: skip
    for row in found.scores[:SHOWN]:
        if row.rank_before != row.rank:
            click.echo(f"  {row.unit} {read(row.name)}: {_n(row.rank_before)} → {_n(row.rank)}")


def _n(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _weight(change: WeightChange) -> dict[str, Any]:
    return {"element": change.element, "norm": change.norm, "before": change.before,
            "after": change.after, "reason": change.reason}  # fmt: skip


def _body(row: EditionView) -> dict[str, Any]:
    return {
        "index": row.index, "number": row.number, "state": row.state,
        "title": row.title.as_dict(), "as_of": row.as_of.isoformat(), "note": row.note,
        "prepared_by": row.prepared_name.as_dict(), "decided_by": row.decided_name.as_dict(),
        "corrects": row.corrects, "corrected_by": row.corrected_by, "reason": row.reason,
        "digest": row.digest, "fingerprint": row.fingerprint, "outdated": row.outdated,
        "reweighed": [_weight(change) for change in row.reweighed],
    }  # fmt: skip
