"""The reading page shows which names become which codes, and lets a person say no."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import reading_form, send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.tests.conftest import csv_file, hangzhou_officer, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade
from qiantang.rooms.intake.tests.test_names_for_codes import with_sizes
from qiantang.rooms.intake.tests.test_updating import install

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]
pytestmark = pytest.mark.django_db


def test_names_and_their_codes_are_shown_and_may_be_refused(
    officer: Actor, signed_in: SignedIn, tmp_path: Path
) -> None:
    install(with_sizes(), tmp_path)
    browser = signed_in(officer)
    lines = ["编码,名称,规模", "F000001,甲,大型", "F000002,乙,中型"]
    id = send(browser, SimpleUploadedFile("f.csv", "\n".join(lines).encode()))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "将按代码表换成代码（大型 → 1、中型 → 2）" in page
    assert 'name="names-2" type="checkbox" checked' in page
    assert 'name="names-1"' not in page
    form = {**reading_form(browser, id), "names-2": "on"}
    without = {name: value for name, value in form.items() if name != "names-2"}
    unticked = text_of(browser.post(f"/desk/runs/{id}/reading/preview/", without))
    assert 'name="names-2" type="checkbox">' in unticked
    away = text_of(browser.post(f"/desk/runs/{id}/reading/preview/", {**form, "field-2": ""}))
    assert 'name="names-2"' not in away
    browser.post(f"/desk/runs/{id}/reading/", {**form, "keep": "on"})
    services.work(id)
    assert selectors.run(officer, id).status == "published"

    wrong = ["编码,名称,规模", "F000003,丙,9", *(f"F{n:06d},丁,大型" for n in range(4, 60))]
    id = send(browser, SimpleUploadedFile("g.csv", "\n".join(wrong).encode()))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert re.search(r'没有“9”.*?href="/catalogue/codes/[^"]+/">查看代码表</a>', page)


def test_another_reading_is_not_offered_for_what_is_no_table(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("letter.pdf", b"%PDF-1.4 a letter"))
    assert services.work(id).status == "refused"
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "PDF 文档，不是数据表" in page
    assert f"/desk/runs/{id}/reading/" not in page
