"""`qiantang version`."""

from __future__ import annotations

import platform

import click

from qiantang import __version__
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option


@declare("version", "显示版本。", "Show the version.")
@option(
    "--all", "everything", is_flag=True, zh="同时显示各组件版本", en="Also the components' versions"
)
def command(everything: bool) -> None:
    click.echo(f"qiantang {__version__}")
    if everything:
        from importlib.metadata import version

        click.echo(f"python {platform.python_version()} ({platform.system()} {platform.machine()})")
        for name in ("django", "duckdb", "pyarrow", "pyiceberg", "granian", "typst"):
            click.echo(f"{name} {version(name)}")
