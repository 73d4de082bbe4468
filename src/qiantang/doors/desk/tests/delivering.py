"""Files as the desk's forms take them, and the run that follows."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from qiantang.rooms.intake.tests.conftest import FIRMS

DELIVER = f"/desk/resources/{FIRMS}/deliver/"


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def send(browser: Any, file: Any, **more: str) -> str:
    """Deliver; the run's id."""
    answer = browser.post(DELIVER, {"file": file, "mode": "append", **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].split("/")[3])


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def messy(rows: int = 8, *, heading: str = "名称") -> SimpleUploadedFile:
    """A sheet with a title, an amount in 万 and a total."""
    book = Workbook()
    sheet = book.active
    sheet.append(["企业名录", None, None, None])
    sheet.append(["编码", heading, "金额（万）", "日期"])
    for n in range(rows):
        sheet.append([f"F{n:06d}", f"企业{n}", "１２", "2026年1月3日"])
    sheet.append(["合计", None, rows * 12, None])
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("firms.xlsx", out.getvalue())


def reading_form(browser: Any, id: str, page: Any = None, **changes: str) -> dict[str, str]:
    """What the reading's form would send."""
    answer = page or browser.get(f"/desk/runs/{id}/reading/")
    html = answer.content.decode()
    form = html[html.index('<form id="reading"') :]
    given = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    given |= {
        name: (re.findall(r'<option value="([^"]*)" selected', body) or [""])[0]
        for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form)
    }
    boxes = re.findall(r'<input[^>]*name="([^"]+)" type="checkbox" checked', form)
    given.pop("csrfmiddlewaretoken", None)
    return {**given, **dict.fromkeys(boxes, "on"), **changes}
