"""Click's commands and options with help in two languages, chosen when help is shown."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import click

from qiantang.doors.cli.language import read, say
from qiantang.kernel.text import Text


class Spoken:
    """What commands and groups share: a `Text` as help, headings in the language of the run."""

    words: Text

    def get_short_help_str(self, limit: int = 45) -> str:
        return read(self.words).split("\n", 1)[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            for line in read(self.words).split("\n"):
                formatter.write_text(line)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("用法：", "Usage: "))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [p.get_help_record(ctx) for p in self.get_params(ctx)]  # type: ignore[attr-defined]
        rows = [r for r in records if r is not None]
        if rows:
            with formatter.section(say("选项", "Options")):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("显示帮助。", "Show this help.")
        return option  # type: ignore[no-any-return]


class Command(Spoken, click.Command):
    """A command whose help is a `Text`."""

    def __init__(self, *args: Any, words: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words


class Group(Spoken, click.Group):
    """A group whose help is a `Text`."""

    def __init__(self, *args: Any, words: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.short(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl(rows)

    def short(self, ctx: click.Context, name: str) -> str:
        found = self.get_command(ctx, name)
        return found.get_short_help_str() if found else ""


class LazyGroup(Group):
    """A group that imports a command's module only when it is run: name -> (module, help)."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return None
        module = importlib.import_module(self.lazy[cmd_name][0])
        found: click.Command = module.command
        return found

    def short(self, ctx: click.Context, name: str) -> str:
        return read(self.lazy[name][1])


class Option(click.Option):
    """An option whose help is a `Text`."""

    def __init__(self, *args: Any, words: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = read(self.words)
        return super().get_help_record(ctx)


def option(*names: str, zh: str, en: str, **kwargs: Any) -> Callable[[Any], Any]:
    """`click.option` with help in both languages."""
    return click.option(*names, cls=Option, words=Text(zh, en), **kwargs)


def command(name: str, zh: str, en: str) -> Callable[[Any], Any]:
    """`click.command` with help in both languages."""
    return click.command(name, cls=Command, words=Text(zh, en))


def group(name: str, zh: str, en: str) -> Callable[[Any], Any]:
    """`click.group` with help in both languages."""
    return click.group(name, cls=Group, words=Text(zh, en))


def member(parent: click.Group, name: str, zh: str, en: str) -> Callable[[Any], Any]:
    """A command of a group, with help in both languages."""
    return parent.command(name, cls=Command, words=Text(zh, en))
