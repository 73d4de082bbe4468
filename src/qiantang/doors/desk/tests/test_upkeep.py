"""The lake's care at the desk: seen by administrators, asked for with a button."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import Actor
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.upkeep import selectors, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(zone: None) -> str:
    lake = shelf.lake()
    lake.ensure("trade.ships", pa.schema([("code", pa.string())]), sort_by=["code"])
    for n in range(3):
        lake.append("trade.ships", pa.table({"code": [str(n)]}))
    return "trade.ships"


def test_an_administrator_sees_tables_and_asks(
    table: str, administrator: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(administrator)
    page = browser.get("/desk/upkeep/").content.decode()
    assert "数据湖维护" in page
    assert table in page
    assert "3" in page
    answer = browser.post(f"/desk/upkeep/{table}/verify/", follow=True)
    said = answer.content.decode()
    assert "已安排校验" in said
    assert 'hx-trigger="every 3s"' in said  # it asks again while something waits
    services.work()
    page = browser.get("/desk/upkeep/").content.decode()
    assert "完好" in page
    assert "全部文件完好" in page
    assert 'hx-trigger="every 3s"' not in page
    english = browser.get("/desk/upkeep/?lang=en").content.decode()
    assert "all files sound" in english


def test_a_damaged_file_is_an_alert(table: str, administrator: Actor, signed_in: SignedIn) -> None:
    path = Path(shelf.lake().files(table).paths[0])
    whole = bytearray(path.read_bytes())
    whole[-20] ^= 1
    path.write_bytes(bytes(whole))
    services.tend(administrator, table, ["verify"])
    page = signed_in(administrator).get("/desk/upkeep/").content.decode()
    assert "1 张表有文件损坏" in page
    assert path.name in page


def test_how_long_versions_are_kept(table: str, administrator: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(administrator)
    browser.post(f"/desk/upkeep/{table}/keep/", {"retention": "P3Y"})
    assert selectors.table_health(administrator, table).retention == "P3Y"
    refused = browser.post(f"/desk/upkeep/{table}/keep/", {"retention": "long"})
    assert refused.status_code == 422
    assert "保留期限" in refused.content.decode()


def test_others_are_refused(
    table: str, officer: Actor, hangzhou_admin: Actor, signed_in: SignedIn
) -> None:
    for actor in (officer, hangzhou_admin):
        browser = signed_in(actor)
        assert browser.get("/desk/upkeep/").status_code == 403
        assert browser.post(f"/desk/upkeep/{table}/verify/").status_code == 403
        assert "/desk/upkeep/" not in browser.get("/desk/").content.decode()


def test_the_public_is_asked_to_sign_in(table: str, client: object) -> None:
    answer = client.get("/desk/upkeep/")  # type: ignore[attr-defined]
    assert answer.status_code in (302, 401)
