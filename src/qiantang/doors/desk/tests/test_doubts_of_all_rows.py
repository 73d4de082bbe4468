"""What only reading all rows shows is told on the page of the run that it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import send, text_of, upload
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.tests.conftest import spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade
from qiantang.rooms.intake.tests.test_remarks import confirmed, workbook

__all__ = ["confirmed", "spool_folder", "trade"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("confirmed")]
TOLD = {
    "zh": ("读取时的疑问", "有 1 个公式单元格没有计算结果（C11）", "请用 Excel 打开", "1 项"),
    "en": (
        "Doubts of the reading",
        "1 formula cell has no stored",
        "Open and save",
        "(1)",
    ),
}


def test_the_doubt_its_hint_and_why_the_run_is_held(
    officer: Actor, approver: Actor, signed_in: SignedIn, tmp_path: Path
) -> None:
    id = send(signed_in(officer), upload(workbook(tmp_path / "b.xlsx", 10, formula=True)))
    assert services.work(id).status == "held"
    browser = signed_in(approver)
    for lang, told in TOLD.items():
        page = text_of(browser.get(f"/desk/runs/{id}/?lang={lang}"))
        for words in told:
            assert words in page
    assert "重复 0 行" not in text_of(browser.get(f"/desk/runs/{id}/?lang=zh"))
