"""`qiantang intake`: deliver a file and see it through, look at runs, decide on held ones.

    qiantang intake FILE --resource ID      read, check, publish; in this process, with progress
    qiantang intake list | show | reading | problems | shared | decide | cancel | retry | work

Exit codes of a delivery: 0 published (or known already), 3 held, 4 refused, 5 failed or waiting
to be tried again, 130 cancelled, 1 not taken at all, 2 wrong use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli import deliveries
from qiantang.doors.cli.language import current, say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.words import Group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.kernel.actors import Actor
    from qiantang.rooms.intake.shapes import RunView

MODES: Final = ("append", "replace", "upsert", "delete")
DELIVER: Final = "deliver"


class Deliveries(Group):
    """A group whose first word may also be a file: ``intake FILE`` is ``intake deliver FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = [DELIVER, *args]
        return super().parse_args(ctx, args)


command = Deliveries(
    "intake",
    words=Text(
        "交付数据：qiantang intake 文件 --resource 资源编号。\n"
        "退出码：0 已入库，3 待人工确认，4 整批拒收，5 处理失败，130 已取消。",
        "Deliver data: qiantang intake FILE --resource ID.\n"
        "Exit codes: 0 published, 3 held, 4 refused, 5 failed, 130 cancelled.",
    ),
    no_args_is_help=True,
)
_format = option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    zh="输出格式",
    en="Output format",
)


@member(command, DELIVER, "读取、检查并入库一个文件。", "Read, check and publish a file.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option("--resource", "-r", required=True, metavar="ID", zh="信息资源编号", en="The resource's id")
@option(
    "--mode", type=click.Choice(MODES), zh="方式（默认按资源规定）", en="Mode (default: its own)"
)
@option("--division", default="", metavar="CODE", zh="区划代码", en="Division code")
@option("--sheet", metavar="NAME", zh="工作表", en="Sheet of a workbook")
@option("--member", metavar="NAME", zh="压缩包中的文件", en="File inside an archive")
@option(
    "--recipe",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    zh="读取方案（JSON 文件）",
    en="How to read it (a JSON file)",
)
@option("--propose", is_flag=True, zh="只显示建议的读取方案", en="Only show the proposed reading")
@option("--accept-doubts", is_flag=True, zh="读取存疑时照建议读取", en="Read it despite doubts")
@option("--keep-recipe", is_flag=True, zh="保存读取方案供下次使用", en="Keep how it was read")
@option("--no-publish", is_flag=True, zh="检查后等待人工确认", en="Check it, then hold it")
@option("--resend-of", default="", metavar="RUN", zh="更正重报的原运行", en="The run it corrects")
@_format
@as_option
@click.pass_context
def deliver(
    ctx: click.Context, /, file: Path, username: str | None, form: str, **given: Any
) -> int:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    actor = acting(username)
    hints = {"sheet": given["sheet"], "member": given["member"]}
    if given["propose"]:
        reading = services.preview_file(
            actor, given["resource"], file, hints=hints, division=given["division"]
        )
        click.echo(json.dumps(deliveries.reading_form(reading), ensure_ascii=False, indent=2))
        return 0
    try:
        run = services.receive(
            actor,
            given["resource"],
            file,
            mode=given["mode"],
            division=given["division"],
            recipe=deliveries.recipe_from(given["recipe"]),
            accept_doubts=given["accept_doubts"],
            publish=not given["no_publish"],
            resend_of=given["resend_of"],
            **hints,
        )
    except QiantangError as error:
        if form != "json":
            raise
        told = deliveries.not_taken_form(error, given["resource"], file)
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return 1
    code = _finish(run, username, form)
    if given["keep_recipe"]:
        _keep_recipe(run.id, actor)
    return code


def _keep_recipe(run_id: str, actor: Actor) -> None:
    """Keep the recipe that the run was read by, if it was read."""
    from qiantang.rooms.intake import selectors, services

    run = selectors.run(actor, run_id)
    if run.recipe:
        kept = services.keep_recipe(actor, run.resource, run.recipe, division=run.division)
        said = say(
            f"已保存读取方案，版本 {kept.version}", f"Kept the recipe, version {kept.version}"
        )
        click.echo(said, err=True)


@member(command, "list", "列出运行，最新的在前。", "Runs, newest first.")
@option("--resource", "-r", metavar="ID", zh="只看该资源", en="Of this resource only")
@option("--status", metavar="STATUS", zh="只看该状态", en="In this state only")
@option("--page", type=click.IntRange(1), default=1, zh="页码", en="Page")
@_format
@as_option
@click.pass_context
def list_runs(ctx: click.Context, /, username: str | None, form: str, **given: Any) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    found = selectors.runs(acting(username), **given)
    if form == "json":
        runs = [deliveries.run_form(run) for run in found.items]
        click.echo(json.dumps({"items": runs, "total": found.total}, ensure_ascii=False, indent=2))
        return
    deliveries.show_list(found)


@member(command, "show", "显示一次运行。", "One run.")
@click.argument("run")
@_format
@as_option
@click.pass_context
def show(ctx: click.Context, /, run: str, username: str | None, form: str) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    actor = acting(username)
    deliveries.show(selectors.run(actor, run), actor, form)


@member(
    command,
    "reading",
    "查看并确认一次运行的读取方案。",
    "See and confirm how a run's file is read.",
)
@click.argument("run")
@option("--confirm", is_flag=True, zh="照建议读取", en="Read it as proposed")
@option(
    "--recipe",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    zh="照此方案读取（改正过的 JSON 文件）",
    en="Read it by this recipe (the JSON, corrected)",
)
@option("--once", is_flag=True, zh="只用于此次，不保存", en="For this run only; do not keep it")
@_format
@as_option
@click.pass_context
def reading(ctx: click.Context, /, run: str, username: str | None, form: str, **given: Any) -> int:
    """Shows the proposed reading; with ``--confirm`` or ``--recipe`` reads the file by it."""
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors, services

    actor = acting(username)
    recipe: Mapping[str, Any] | None = deliveries.recipe_from(given["recipe"])
    if recipe is None:
        proposed = services.propose_reading(actor, run)
        if not given["confirm"]:
            shown = deliveries.reading_form(proposed, selectors.run(actor, run))
            click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
            return 0
        recipe = proposed.recipe
    view = services.confirm_reading(actor, run, recipe, keep=not given["once"])
    return _finish(view, username, form)


@member(command, "problems", "列出剔出行的问题。", "What was wrong with rows set aside.")
@click.argument("run")
@option("--page", type=click.IntRange(1), default=1, zh="页码", en="Page")
@option("--size", type=click.IntRange(1, 1000), default=100, zh="每页条数", en="Items on a page")
@option(
    "--excel",
    type=click.Path(dir_okay=False, path_type=Path),
    zh="把剔出行写成 Excel，改正后可直接重报",
    en="Write the rows set aside as Excel, to correct and send again",
)
@option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    zh="把全部问题（含提醒）写成 Excel",
    en="Write all findings, warnings among them, as Excel",
)
@_format
@as_option
@click.pass_context
def problems(
    ctx: click.Context, /, run: str, username: str | None, form: str, **given: Any
) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    actor = acting(username)
    if given["excel"]:
        deliveries.copy_out(selectors.rejects(actor, run, current()), given["excel"])
    if given["report"]:
        deliveries.copy_out(selectors.report(actor, run, current()), given["report"])
    if given["excel"] or given["report"]:
        return
    found = selectors.problems(actor, run, page=given["page"], size=given["size"])
    deliveries.show_problems(found, form)


@member(command, "decide", "审定待确认的运行。", "Decide on a held run.")
@click.argument("run")
@click.argument("verdict", type=click.Choice(["publish", "refuse"]))
@option("--reason", required=True, zh="理由", en="The reason")
@option(
    "--over",
    default="",
    zh="确认改动之后入库的数据：其中最新的运行",
    en="Confirm that data published since is changed: its newest run",
)
@option(
    "--as-declared",
    "as_declared",
    multiple=True,
    zh="确认该字段虽查到个人信息，仍按原声明入库（可多次）",
    en="Publish this field as declared although personal data was found in it (repeatable)",
)
@_format
@as_option
@click.pass_context
def decide(ctx: click.Context, /, run: str, verdict: str, form: str, **given: Any) -> int:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    username = given["username"]
    decided = services.decide(
        acting(username),
        run,
        verdict,
        given["reason"],
        over=given["over"],
        as_declared=given["as_declared"],
    )
    return _finish(decided, username, form)


@member(command, "cancel", "取消尚未入库的运行。", "Cancel a run before it is published.")
@click.argument("run")
@as_option
@click.pass_context
def cancel(ctx: click.Context, /, run: str, username: str | None) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    view = services.cancel(acting(username), run)
    click.echo(say(f"已请求取消 {view.id}", f"Asked to cancel {view.id}"))


@member(
    command, "retry", "再次处理失败或已取消的运行。", "Work again on a failed or cancelled run."
)
@click.argument("run")
@_format
@as_option
@click.pass_context
def retry(ctx: click.Context, /, run: str, username: str | None, form: str) -> int:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import services

    return _finish(services.retry(acting(username), run), username, form)


@member(command, "work", "处理等待中的运行和到期的来源。", "Work on what waits and sources due.")
@click.argument("run", required=False)
@_format
@as_option
@click.pass_context
def work(ctx: click.Context, /, run: str | None, username: str | None, form: str) -> int:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors, services

    if run:
        return _finish(selectors.run(acting(username), run), username, form)
    services.mark_overdue()
    done = services.work_waiting()
    click.echo(say(f"处理了 {done} 次运行", f"Runs worked on: {done}"))
    return 0


@member(
    command,
    "shared",
    "列出不止一地登记的主键（仅限您可读取的各地数据）。",
    "List keys that more than one division keeps, among the parts that you may read.",
)
@click.argument("resource")
@as_option
@_format
@click.pass_context
def shared(ctx: click.Context, /, resource: str, username: str | None, form: str) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    found = selectors.shared_keys(acting(username), resource)
    if form == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    for each in found.first:
        click.echo(f"{each.key}  {say('、', ', ').join(each.divisions)}")
    click.echo(say(f"共 {found.total} 个。", f"{found.total} in all."))


@member(command, "recipes", "列出保存的读取方案。", "Kept recipes.")
@option("--resource", "-r", metavar="ID", zh="只看该资源", en="Of this resource only")
@as_option
@click.pass_context
def recipes(ctx: click.Context, /, username: str | None, resource: str | None) -> None:
    open_zone(ctx.obj)
    from qiantang.rooms.intake import selectors

    found = [recipe.as_json() for recipe in selectors.recipes(acting(username), resource)]
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _finish(run: RunView, username: str | None, form: str) -> int:
    """Work on the run where it needs work, show it, and give the exit code."""
    actor = acting(username)
    if run.is_working:
        run = deliveries.worked(run, actor)
    elif run.repeated:
        said = say("此文件已交付过，未改变任何数据。", "It came before; nothing was changed.")
        click.echo(said, err=True)
    deliveries.show(run, actor, form)
    return deliveries.exit_code(run)
