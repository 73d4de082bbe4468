"""What goes wrong, said to a person at a terminal: message and next step, never a traceback."""

from __future__ import annotations

import click

from qiantang.doors.cli.language import read, say
from qiantang.kernel.errors import QiantangError

CANCELLED = 130


def show(error: QiantangError) -> None:
    """Message in red, hint below it, on stderr."""
    click.secho(
        f"{read(error.title)}：" if _zh() else f"{read(error.title)}: ",
        nl=False,
        fg="red",
        bold=True,
        err=True,
    )
    click.secho(read(error.text()), fg="red", err=True)
    for problem in getattr(error, "problems", ())[:50]:
        said = problem.as_text() if hasattr(problem, "as_text") else problem.text
        click.echo(f"  · {read(said)}", err=True)
    hint = read(error.hint.format(**error.fields))
    if hint:
        click.secho(f"  → {hint}", fg="yellow", err=True)


def of_the_machine(error: Exception) -> QiantangError | None:
    """Database busy or away, disk full, as an error of ours; None for anything else.

    Commands that never opened a zone have no database, so Django is not loaded to ask.
    """
    import sys

    if "django.db" not in sys.modules:
        return None
    from qiantang.rooms.journal.outage import as_ours

    return as_ours(error)


def show_usage(error: click.ClickException) -> None:
    """A wrong use of the command line, and where its help is."""
    click.secho(say("用法有误：", "Wrong use: ") + _usage(error), fg="red", err=True)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "qiantang"
    tail = say(f"  → 运行 {path} --help 查看用法。", f"  → See {path} --help.")
    click.secho(tail, fg="yellow", err=True)


def _zh() -> bool:
    return say("zh", "en") == "zh"


def _expected(error: click.BadParameter) -> str:
    """What would be right, in Chinese, as far as the parameter's type says it."""
    match error.param.type if error.param is not None else None:
        case click.DateTime():
            return "应为形如 2019-12-31 的日期"
        case click.Choice(choices=choices):
            return f"应为 {'、'.join(map(str, choices))} 之一"
        case click.types.IntParamType():
            return "应为允许范围内的整数"
        case _:
            return error.message.rstrip(".")


def _usage(error: click.ClickException) -> str:
    if not _zh():
        return error.format_message()
    match error:
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}。"
        case click.MissingParameter():
            param = error.param
            name = param.human_readable_name if param is not None else error.param_hint
            return f"缺少参数 {name}。"
        case click.BadParameter():
            name = error.param.opts[0] if error.param is not None else error.param_hint
            return f"参数 {name} 的值无效：{_expected(error)}。"
        case _ if error.message.startswith("No such command"):
            return error.message.replace("No such command", "没有命令").rstrip(".") + "。"
        case _:
            return error.format_message()
