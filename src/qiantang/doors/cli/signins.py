"""The demo's people: made once per zone, passwords kept in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qiantang.doors.cli.errors import SignInsLost
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people import services as people_services

FILE: Final = "demo-sign-ins.toml"
# Letters and digits that nobody confuses when reading them off a screen.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's people: a role in an organisation, or none (a citizen)."""

    username: str
    name: Text
    title: Text
    role: Role | None = None
    organisation: str = ""
    home: str = ""


PEOPLE: Final = (
    Person("citizen", Text("陈晓", "Chen Xiao"), Text("市民", "citizen")),
    Person(
        "officer",
        Text("李文", "Li Wen"),
        Text("省统计局数据专员", "officer, Bureau of Statistics"),
        Role.OFFICER,
        "330000-stats",
        "330000-stats",
    ),
    Person(
        "steward",
        Text("周岚", "Zhou Lan"),
        Text("省政府数据专员", "data officer, provincial government"),
        Role.OFFICER,
        "330000",
        "330000",
    ),
    Person(
        "approver",
        Text("王敏", "Wang Min"),
        Text("省政府审核员", "approver, provincial government"),
        Role.APPROVER,
        "330000",
        "330000-stats",
    ),
    Person(
        "administrator",
        Text("赵宁", "Zhao Ning"),
        Text("示范区管理员", "administrator of the zone"),
        Role.ADMINISTRATOR,
        "",
        "330000",
    ),
)


def ensure_people(folder: Path) -> tuple[dict[str, str], bool]:
    """The passwords by user name, and whether anybody is new. Raises `SignInsLost`."""
    file = folder / FILE
    refuse_real_zone(folder)
    known = {account.username for account in people.accounts(SYSTEM)}
    if not file.exists():
        _write(file, {p.username: new_password() for p in PEOPLE})
    passwords = kept_passwords(file)
    fresh = [p for p in PEOPLE if p.username not in known]
    for person in fresh:
        _create(person, passwords[person.username])
    return passwords, bool(fresh)


def refuse_real_zone(folder: Path) -> None:
    """A zone with people and without the file is not a demo's: keep out. Raises `SignInsLost`."""
    accounts = people.accounts(SYSTEM)
    if accounts and not (folder / FILE).exists():
        raise SignInsLost(found=accounts[0].username, file=folder / FILE)


def kept_passwords(file: Path) -> dict[str, str]:
    """User name to password, as the file keeps them."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: entry["password"] for name, entry in data.items()}


def actor(username: str) -> Actor:
    """The demo person as an actor."""
    return people.actor_of_account(username)


def new_password() -> str:
    """Fourteen letters and digits in three groups: about 60 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _create(person: Person, password: str) -> None:
    people_services.create_account(
        SYSTEM, person.username, password, name=person.name, organisation=person.home
    )
    if person.role is not None:
        people_services.grant_role(SYSTEM, person.username, person.role, person.organisation)


def _write(file: Path, passwords: Mapping[str, str]) -> None:
    by_name = {p.username: p for p in PEOPLE}
    lines = ["# 演示账号。仅供本机演示，请勿用于对外服务。Sign-ins of this demo zone only.", ""]
    for username, password in passwords.items():
        person = by_name[username]
        lines += [
            f"[{username}]",
            f'title = "{person.title.zh} / {person.title.en}"',
            f'password = "{password}"',
            "",
        ]
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))
