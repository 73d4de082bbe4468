"""An update at the desk needs its key and the columns to change alone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import DELIVER, send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.tests.conftest import csv_file, hangzhou_officer, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]
pytestmark = pytest.mark.django_db
LACKING = "没有列对应这些必填字段"


def test_only_the_key_is_asked_for(officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(officer)
    assert "文件可以只有主键和要更新的列" in text_of(browser.get(DELIVER))
    for text, mode, lacking in (
        ("编码,金额,其他\nF000001,1,x\n", "upsert", False),
        ("名称,金额\n甲,1\n", "upsert", True),
        ("编码,金额\nF000001,1\n", "append", True),
    ):
        id = send(browser, SimpleUploadedFile("f.csv", text.encode()), mode=mode)
        services.work(id)
        page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
        assert (LACKING in page) == lacking
