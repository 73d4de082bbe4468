"""Fixtures for every test: actors, organisations, and a shelf that is never stale.

The zone's folder and the database are chosen before Django starts, by ``qiantang.site.testing``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text

# The real hash is slow on purpose; tests open hundreds of accounts.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A worker process would outlive its test and find another database; tests of workers name one.
django_settings.QIANTANG_WORKER = ""

PASSWORD = "correct-horse-battery"


_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is installed (QIANTANG_NO_SKIPS), a skipped test is a failure."""
    on_worker = hasattr(session.config, "workerinput")
    if _skipped and os.environ.get("QIANTANG_NO_SKIPS") and not on_worker:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and os.environ.get("QIANTANG_NO_SKIPS"):
        terminalreporter.section("skipped where nothing may be skipped", red=True)
        terminalreporter.write_line("\n".join(_skipped))


@pytest.fixture(autouse=True)
def _fresh_shelf() -> Iterator[None]:
    """What one test put on the shelf is not seen by the next."""
    from qiantang.rooms.shelf.contents import forget

    forget()
    yield
    forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """SQLite clears tables row by row between tests; the journal's trigger would refuse."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS journal_entry_no_delete")


@pytest.fixture
def tree(db: None) -> None:
    """Zhejiang, Hangzhou and Ningbo, each with a statistics bureau; the province also has an
    economy and information commission."""
    from qiantang.rooms.people.services import create_organisation

    create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang Provincial Government"))
    for code, zh, en in (("330100", "杭州市", "Hangzhou"), ("330200", "宁波市", "Ningbo")):
        name = Text(f"{zh}人民政府", f"{en} Municipal Government")
        create_organisation(SYSTEM, code, name, parent="330000")
    bureau = Text("统计局", "Bureau of Statistics")
    for code in ("330000", "330100", "330200"):
        create_organisation(SYSTEM, code, bureau, department="stats")
    create_organisation(
        SYSTEM, "330000", Text("经济和信息化厅", "Economy and Information"), department="economy"
    )


@pytest.fixture
def make_actor(tree: None) -> Callable[..., Actor]:
    """``make_actor("li", Role.OFFICER, at="330000-stats")``: a new account's actor."""
    from qiantang.rooms.people.selectors import actor_of_account
    from qiantang.rooms.people.services import create_account, grant_role

    def make(username: str, *roles: Role, at: str = "") -> Actor:
        name = Text(username, username.title())
        create_account(SYSTEM, username, PASSWORD, name=name, organisation=at)
        for role in roles:
            grant_role(SYSTEM, username, role, at)
        return actor_of_account(username)

    return make


@pytest.fixture
def citizen(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("citizen")


@pytest.fixture
def officer(make_actor: Callable[..., Actor]) -> Actor:
    """An officer of the province's statistics bureau."""
    return make_actor("officer", Role.OFFICER, at="330000-stats")


@pytest.fixture
def approver(make_actor: Callable[..., Actor]) -> Actor:
    """An approver of the province's statistics bureau."""
    return make_actor("approver", Role.APPROVER, at="330000-stats")


@pytest.fixture
def stranger(make_actor: Callable[..., Actor]) -> Actor:
    """An officer and approver of another department."""
    return make_actor("stranger", Role.OFFICER, Role.APPROVER, at="330000-economy")


@pytest.fixture
def hangzhou_admin(make_actor: Callable[..., Actor]) -> Actor:
    """The administrator of Hangzhou's government and its departments."""
    return make_actor("hangzhou", Role.ADMINISTRATOR, at="330100")


@pytest.fixture
def administrator(make_actor: Callable[..., Actor]) -> Actor:
    """The administrator of the whole zone."""
    return make_actor("admin", Role.ADMINISTRATOR)


@pytest.fixture
def anonymous() -> Actor:
    return ANONYMOUS


@pytest.fixture
def lake_folder(tmp_path: Path, settings: object) -> Path:
    """An empty lake of the test's own, in the setting that rooms read."""
    folder = tmp_path / "lake"
    folder.mkdir()
    settings.QIANTANG_LAKE = folder  # type: ignore[attr-defined]
    return folder
