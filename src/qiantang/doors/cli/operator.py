"""Who acts on the command line: an account named with ``--as``, else the machine's operator."""

from __future__ import annotations

from typing import Any

from qiantang.doors.cli.errors import NoSuchAccount
from qiantang.doors.cli.words import option
from qiantang.kernel.actors import SYSTEM, Actor


def as_option(command: Any) -> Any:
    """``--as NAME``: act as this account (env QIANTANG_USER)."""
    return option(
        "--as",
        "username",
        envvar="QIANTANG_USER",
        metavar="NAME",
        zh="以该账号的身份操作（环境变量 QIANTANG_USER；不给则为本机管理者）",
        en="Act as this account (env QIANTANG_USER; without it, as the machine's operator)",
    )(command)


def acting(username: str | None) -> Actor:
    """The actor for ``--as``. Raises `NoSuchAccount`."""
    if not username:
        return SYSTEM
    from qiantang.rooms.people import selectors as people

    found = people.actor_of_account(username)
    if found.is_anonymous:
        raise NoSuchAccount(found=username)
    return found
