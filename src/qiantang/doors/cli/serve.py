"""`qiantang serve`: the server takes this process's place, so that memory stays small."""

from __future__ import annotations

import importlib
from typing import Any

import click

from qiantang.doors.cli.language import say
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import open_zone

HOST = "127.0.0.1"


def server() -> Any:
    """The site's server; asked for by name, as in `zones`."""
    return importlib.import_module("qiantang.site.server")


@declare("serve", "启动示范区网站。", "Serve the zone's pages.")
@option(
    "--port",
    type=int,
    metavar="PORT",
    zh="端口（默认 8000 起第一个空闲的）",
    en="Port (default: the first free one from 8000)",
)
@option(
    "--host",
    default=HOST,
    show_default=True,
    metavar="HOST",
    zh="监听地址",
    en="Address to listen on",
)
@click.pass_obj
def command(zone: str, port: int | None, host: str) -> None:
    opened = open_zone(zone)
    start(opened, host, port)


def start(zone: Any, host: str = HOST, port: int | None = None) -> None:
    """Print the address and become the server; returns only by an error."""
    chosen = server().choose_port(host, port)
    address = f"http://{host}:{chosen}/"
    click.echo(say(f"网站地址：{address}", f"The portal: {address}"))
    click.echo(say("按 Ctrl-C 停止。", "Press Ctrl-C to stop."))
    server().serve(zone, host, chosen)
