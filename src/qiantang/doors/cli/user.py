"""`qiantang user`: accounts, roles, passwords and tokens, for whoever runs the machine."""

from __future__ import annotations

import sys

import click

from qiantang.doors.cli.errors import NoSuchAccount
from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.words import group, member, option
from qiantang.doors.cli.zones import open_zone
from qiantang.kernel.actors import SYSTEM, Role
from qiantang.kernel.text import Text

ROLES = tuple(role.value for role in Role)


@group("user", "账号与角色。", "Accounts and roles.")
def command() -> None:
    pass


@member(command, "add", "开设账号，可同时授予角色。", "Open an account, with a role if wanted.")
@click.argument("username")
@option("--name-zh", default="", zh="中文姓名", en="Chinese name")
@option("--name-en", default="", zh="英文姓名", en="English name")
@option(
    "--organisation",
    "-o",
    default="",
    metavar="CODE",
    zh="所在机构，如 330000-stats",
    en="Their organisation, such as 330000-stats",
)
@option(
    "--role",
    type=click.Choice(ROLES),
    zh="在该机构的角色（不给机构则为全域）",
    en="Role in it (without one: in the whole zone)",
)
@option(
    "--password-stdin", is_flag=True, zh="从标准输入读取密码", en="Read the password from stdin"
)
@click.pass_context
def add(ctx: click.Context, /, username: str, **given: str) -> None:
    open_zone(ctx.obj)
    from django.db import transaction

    from qiantang.rooms.people import services

    password, made = _password(bool(given["password_stdin"]))
    name = Text(
        given["name_zh"] or given["name_en"] or username,
        given["name_en"] or given["name_zh"] or username,
    )
    organisation = given["organisation"]
    with transaction.atomic():
        services.create_account(SYSTEM, username, password, name=name, organisation=organisation)
        if given["role"]:
            services.grant_role(SYSTEM, username, given["role"], organisation)
    click.echo(say(f"已开设账号 {username}", f"Opened the account {username}"))
    _tell(password, made=made)


@member(command, "list", "列出账号及角色。", "List accounts and their roles.")
@click.pass_obj
def list_users(zone: str) -> None:
    open_zone(zone)
    from rich.table import Table

    from qiantang.doors.cli.screen import console
    from qiantang.rooms.people import selectors

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in (
        say("账号", "user"),
        say("姓名", "name"),
        say("机构", "organisation"),
        say("角色", "roles"),
        say("状态", "state"),
    ):
        table.add_column(head)
    for account in selectors.accounts(SYSTEM):
        whole = say("全域", "whole zone")
        roles = ", ".join(f"{role}@{where or whole}" for role, where in account.roles)
        state = say("正常", "open") if account.active else say("停用", "closed")
        table.add_row(account.username, read(account.name), account.organisation, roles, state)
    console().print(table)


@member(command, "grant", "授予角色。", "Give a role.")
@click.argument("username")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("organisation", default="")
@option("--withdraw", is_flag=True, zh="改为收回该角色", en="Take the role back instead")
@click.pass_obj
def grant(zone: str, username: str, role: str, organisation: str, *, withdraw: bool) -> None:
    open_zone(zone)
    from qiantang.rooms.people import services

    if withdraw:
        services.withdraw_role(SYSTEM, username, role, organisation)
    else:
        services.grant_role(SYSTEM, username, role, organisation)
    done = say("已收回", "Withdrawn") if withdraw else say("已授予", "Granted")
    click.echo(f"{done}: {username} {role} {organisation or say('全域', 'whole zone')}")


@member(command, "password", "重设密码。", "Set a new password.")
@click.argument("username")
@option(
    "--password-stdin", is_flag=True, zh="从标准输入读取密码", en="Read the password from stdin"
)
@click.pass_obj
def password(zone: str, username: str, *, password_stdin: bool) -> None:
    open_zone(zone)
    from qiantang.rooms.people import services

    chosen, made = _password(password_stdin)
    services.reset_password(SYSTEM, username, chosen)
    click.echo(say(f"已更换 {username} 的密码", f"Changed the password of {username}"))
    _tell(chosen, made=made)


@member(
    command,
    "token",
    "为账号签发 API 令牌，只显示一次。",
    "Issue an API token for an account; it is shown once.",
)
@click.argument("username")
@option("--name", default="cli", show_default=True, zh="令牌名称", en="The token's name")
@option("--write", is_flag=True, zh="允许写入", en="May write, too")
@option(
    "--days",
    type=click.IntRange(1, 366),
    default=90,
    show_default=True,
    zh="有效天数",
    en="Days until it expires",
)
@click.pass_obj
def token(zone: str, username: str, *, name: str, write: bool, days: int) -> None:
    open_zone(zone)
    from qiantang.rooms.people import selectors, services

    actor = selectors.actor_of_account(username)
    if actor.is_anonymous:
        raise NoSuchAccount(found=username)
    raw = services.issue_token(actor, name, ("read", "write") if write else ("read",), days)
    click.echo(raw)
    click.echo(
        say("请立即保存，之后无法再次查看。", "Keep it now; it cannot be shown again."), err=True
    )


def _password(from_stdin: bool) -> tuple[str, bool]:
    """A password from stdin, or a new one; and whether it was made here."""
    from qiantang.doors.cli.signins import new_password

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    return new_password(), True


def _tell(chosen: str, *, made: bool) -> None:
    if made:
        click.echo(say(f"密码：{chosen}（请尽快更改）", f"Password: {chosen} (change it soon)"))
