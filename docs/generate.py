"""Writes the generated reference pages; with --check, says which are out of date.

Generated: the error catalogue, the command line, the API's addresses and the pack language.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
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


def pages() -> dict[str, str]:
    return {"errors.md": errors_page(), "commands.md": commands_page()}


def _prepare() -> None:
    os.environ.setdefault("QIANTANG_ZONE", tempfile.mkdtemp())
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
