"""Writes the generated reference pages; with --check, says which are out of date.

Generated: the error catalogue, the command line, the pack language, the SQL and the settings.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`; change the source, not this page. -->\n\n"


def errors_page() -> str:
    """Every error of the tree: code, both languages, what to do."""
    from qiantang.kernel.errors import catalogue

    lines = [
        "# Errors · 错误代码\n",
        "A code stays for ever. Texts in braces are filled in.\n",
        "| code | status | 中文 | English | next step · 下一步 |",
        "|---|---|---|---|---|",
    ]
    seen: set[str] = set()
    for kind in catalogue():
        if kind.code in seen or not kind.__module__.startswith("qiantang."):
            continue
        seen.add(kind.code)
        cells = [kind.detail.zh, kind.detail.en, f"{kind.hint.zh} {kind.hint.en}"]
        cells = [c.replace("|", "\\|").replace("\n", " ") for c in cells]
        lines.append(f"| `{kind.code}` | {kind.status} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The command line, as `--help` says it in English."""
    import click

    from qiantang.doors.cli.main import cli

    lines = ["# Command line · 命令行\n"]

    def walk(command: click.Command, path: list[str]) -> None:
        context = click.Context(command, info_name=" ".join(path))
        lines.append(f"## `{' '.join(path)}`\n\n```\n{command.get_help(context)}\n```\n")
        if isinstance(command, click.Group):
            for name in sorted(command.list_commands(context)):
                if found := command.get_command(context, name):
                    walk(found, [*path, name])

    walk(cli, ["qiantang"])
    return "\n".join(lines)


def packs_page() -> str:
    """The pack language: every key of every kind of file, and every problem of the checker."""
    from qiantang.packkit.kinds import PROBLEM_KINDS
    from qiantang.packkit.reference import FILE_KINDS

    lines = [
        "# The pack language · 领域包语言\n",
        "`zh, en` is a table of both languages. In paths `.` goes into a table, `[]` stands for",
        "each of several, `*` for a name of your own. How to begin: "
        "[how to write a pack](../howto/write-a-pack.md).\n",
    ]
    for kind in FILE_KINDS:
        lines.append(f"## `{kind.file}`\n\n{kind.title.zh} · {kind.title.en}\n")
        rows = [
            (f"`{k.path}`", k.kind, "✓" if k.required else "", k.meaning.zh, k.meaning.en)
            for k in kind.keys
        ]
        lines += [
            _table(("key · 键", "type · 类型", "required · 必填", "中文", "English"), rows),
            "",
        ]
    lines.append(
        "## Problems · 问题代码\n\nWhat `qiantang pack check` can find. A code stays for ever.\n"
    )
    problems = [
        (f"`{p.code}`", p.text.zh, p.text.en, f"{p.hint.zh} {p.hint.en}")
        for p in PROBLEM_KINDS.values()
    ]
    lines.append(_table(("code", "中文", "English", "next step · 下一步"), problems))
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Environment variables and the keys of zone.toml."""
    from qiantang.site import reference

    head = ("name · 名称", "default · 默认", "中文", "English")
    parts = (
        ("Environment · 环境变量", reference.ENVIRONMENT),
        ("`zone.toml` · 示范区文件", reference.ZONE_FILE),
        ("For tests and the product's own processes · 供测试和内部使用", reference.INTERNAL),
    )
    lines = ["# Settings · 设置\n"]
    for title, settings in parts:
        rows = [(f"`{s.name}`", s.standard, s.meaning.zh, s.meaning.en) for s in settings]
        lines.append(f"## {title}\n\n{_table(head, rows)}\n")
    return "\n".join(lines)


def sql_page() -> str:
    """The SQL of measures, checks and queries: every function, and how Spark computes it."""
    from qiantang.engine.sql.reference import INTRODUCTION, sections

    head = ("function · 函数", "example · 示例", "gives · 结果", "Spark")
    lines = [INTRODUCTION]
    for title, rows in sections():
        lines.append(f"## {title}\n\n{_table(head, rows)}\n")
    return "\n".join(lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head)]
    lines += [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pages() -> dict[str, str]:
    return {
        "errors.md": errors_page(),
        "commands.md": commands_page(),
        "packs.md": packs_page(),
        "settings.md": settings_page(),
        "sql.md": sql_page(),
    }


def _prepare() -> None:
    os.environ.pop("QIANTANG_ZONE", None)  # the pages are the same whatever zone there is
    os.environ["QIANTANG_LANG"] = "en"
    os.environ["COLUMNS"] = "100"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")
    import django

    django.setup()
    import qiantang

    for module in pkgutil.walk_packages(qiantang.__path__, "qiantang."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)


def main() -> int:
    _prepare()
    stale = []
    for name, page in pages().items():
        path, text = REFERENCE / name, NOTE + page
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    verb = "out of date; run make docs:" if "--check" in sys.argv else "written:"
    if stale:
        sys.stdout.write(f"{verb} {', '.join(stale)}\n")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
