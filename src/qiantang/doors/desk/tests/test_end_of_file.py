"""The reading page shows the end of a long file, with what becomes of totals and notes there."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.tests.conftest import csv_file, hangzhou_officer, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]
pytestmark = pytest.mark.django_db


def test_totals_and_notes_at_the_end_are_seen(officer: Actor, signed_in: SignedIn) -> None:
    lines = ["编码,单位,金额,日期", *(f"F{n:06d},企业{n},{n},2026-01-03" for n in range(300))]
    lines += ["合计,,44850,", "制表人：张三,,,"]
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("long.csv", "\n".join(lines).encode()))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "前 21 行 · 文件共 303 行" in page
    end = page.partition("文件末尾 8 行")[2]
    assert '<tr class="raw--data"><th scope="row">301 数据行' in end
    assert '<tr class="raw--total"><th scope="row">302 合计行' in end
    assert '<tr class="raw--footnote"><th scope="row">303 表尾的说明行' in end
    english = text_of(browser.get(f"/desk/runs/{id}/reading/?lang=en"))
    assert "The last 8 rows" in english


def test_a_short_file_has_no_other_end(officer: Actor, signed_in: SignedIn) -> None:
    lines = ["编码,单位", *(f"F{n:06d},企业{n}" for n in range(5))]
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("short.csv", "\n".join(lines).encode()))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "文件末尾" not in page
    assert "<caption>6 行 · 文件共 6 行</caption>" in page
