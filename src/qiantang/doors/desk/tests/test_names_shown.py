"""People read names at the desk where files and programs know ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import DELIVER, send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import NotDecider
from qiantang.rooms.intake.tests.conftest import (
    FIRMS,
    PACK,
    csv_file,
    hangzhou_officer,
    spool_folder,
)
from qiantang.rooms.intake.tests.conftest import zone as trade
from qiantang.rooms.intake.tests.test_updating import install

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]
pytestmark = pytest.mark.django_db
SEAT = """
[fields.seat]
type = "text"
zh = "所在地"
en = "Seat"
reference = "geography.division.code"
"""


def test_the_key_is_told_by_the_names_of_its_fields(officer: Actor, signed_in: SignedIn) -> None:
    page = text_of(signed_in(officer).get(DELIVER))
    assert '主键：<span title="code">编码</span>' in page


def test_a_field_that_the_file_lacks_is_called_by_its_name(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    file = SimpleUploadedFile("f.csv", "编码,名称\nF000001,\nF000002,乙\n".encode())
    whole = send(browser, file)
    services.work(whole)
    page = text_of(browser.get(f"/desk/runs/{whole}/"))
    assert '<td data-label="列">名称</td>' in page
    lacking = send(browser, SimpleUploadedFile("g.csv", "编码,金额\nF000003,1\n".encode()))
    services.work(lacking)
    services.confirm_reading(
        officer, lacking, selectors.run(officer, lacking).proposal["recipe"], keep=False
    )
    services.work(lacking)
    page = text_of(browser.get(f"/desk/runs/{lacking}/"))
    assert '<td data-label="列">名称</td>' in page
    english = text_of(browser.get(f"/desk/runs/{lacking}/?lang=en"))
    assert '<td data-label="Column">Name</td>' in english


def test_what_a_value_should_refer_to_is_told_by_name(officer: Actor, tmp_path: Path) -> None:
    firm = PACK["resources/firm.toml"]
    install({**PACK, "resources/firm.toml": f"{firm}{SEAT}"}, tmp_path)
    path = tmp_path / "f.csv"
    path.write_text("编码,名称,所在地\nF000001,甲,990000\nF000002,乙,330100\n", encoding="utf-8")
    run = services.work(services.receive(officer, FIRMS, path).id, actor=officer)
    (problem,) = selectors.problems(officer, run.id).items
    assert problem.text.zh == "“990000”在“行政区划代码”的“代码”中不存在"
    assert "geography.division" not in problem.text.en


def test_who_may_decide_is_told_by_the_name_of_the_organisation(
    officer: Actor, signed_in: SignedIn
) -> None:
    lines = ["编码,名称", *(f"{'X' if n < 3 else 'F'}{n:06d},企业{n}" for n in range(20))]
    id = send(signed_in(officer), SimpleUploadedFile("f.csv", "\n".join(lines).encode()))
    services.work(id)
    with pytest.raises(NotDecider) as told:
        services.decide(officer, id, "publish", "看过")
    assert told.value.problem("zh")["detail"] == "只有“统计局”的审核员可以审定。"
