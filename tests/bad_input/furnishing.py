"""Furnishing a zone for tests: organisations, people of two departments, packs, real figures."""

from __future__ import annotations

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text

PEOPLE = (
    ("citizen", "", ()),
    ("officer", "330000-stats", (Role.OFFICER,)),
    ("colleague", "330000-stats", (Role.OFFICER,)),
    ("approver", "330000-stats", (Role.APPROVER,)),
    ("stranger", "330000-economy", (Role.OFFICER, Role.APPROVER)),
    ("hangzhou", "330100-stats", (Role.OFFICER, Role.APPROVER)),
    ("administrator", "", (Role.ADMINISTRATOR,)),
)
PASSWORD = "correct-horse-battery"
RESOURCE = "statistics-zhejiang.observation"


def build() -> None:
    """Organisations, people, packs, and the real figures by the normal way in."""
    from qiantang.rooms.catalogue.services import register_resources
    from qiantang.rooms.indicators import services
    from qiantang.rooms.indicators.sheet import read_sheet
    from qiantang.rooms.journal.services import deliver_pending
    from qiantang.rooms.people.selectors import actor_of_account
    from qiantang.rooms.shelf import selectors as shelf
    from qiantang.rooms.shelf import services as shelf_services

    _people()
    shelf_services.install_builtin(SYSTEM)
    for pack in shelf.packs():
        register_resources(SYSTEM, pack)
    data = shelf.resources()[RESOURCE].data
    assert data is not None
    officer: Actor = actor_of_account("officer")
    rows = read_sheet(data.read_bytes(), data.name).rows
    sent = services.deliver(officer, RESOURCE, rows)
    services.approve(actor_of_account("approver"), sent.id, sent.version)
    deliver_pending()


def _people() -> None:
    from qiantang.rooms.people import services as people

    people.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
    for code, zh, en in (("330100", "杭州市", "Hangzhou"), ("330200", "宁波市", "Ningbo")):
        people.create_organisation(SYSTEM, code, Text(zh, en), parent="330000")
    for code in ("330000", "330100", "330200"):
        for department, zh, en in (("stats", "统计局", "Stats"), ("economy", "经信厅", "Economy")):
            people.create_organisation(SYSTEM, code, Text(zh, en), department=department)
    for username, home, roles in PEOPLE:
        name = Text(f"{username}甲", username.title())
        people.create_account(SYSTEM, username, PASSWORD, name=name, organisation=home)
        for role in roles:
            people.grant_role(SYSTEM, username, role, home)
