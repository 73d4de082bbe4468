"""One figure's whole way, through the doors: delivered, approved, judged, corrected, overruled."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from openpyxl import load_workbook

from qiantang.doors.cli.examination import examine
from qiantang.rooms.indicators.rows import to_row
from qiantang.rooms.journal.services import deliver_pending
from tests.bad_input.furnishing import build
from tests.bad_input.house import call, client, words

pytestmark = pytest.mark.usefixtures("db", "lake_folder")
CORRECTED = "5000.5"


def read(path: str) -> Any:
    answer = call("", path).en
    assert answer.status_code == 200, answer.content
    return answer.json()


def correct(id: str, value: str, grade: str) -> int:
    """The officer corrects a figure at the desk; the number of the submission."""
    from qiantang.rooms.indicators import selectors

    standing = selectors.observation(id)
    form = to_row(standing) | {
        "value": value,
        "grade": grade,
        "base_revision": str(standing.revision),
        "note": "年鉴勘误",
        "document": "统计年鉴勘误表",
    }
    answer = client("officer").post(f"/desk/figures/{id}/", form)
    assert answer.status_code == 302, words(answer)[-1500:]
    return int(answer.headers["Location"].rstrip("/").split("/")[-1])


def approve(submission: int) -> None:
    page = f"/desk/submissions/{submission}/"
    assert "统计年鉴勘误表" in words(client("approver").get(page))
    answer = client("approver").post(f"{page}approve/", {"version": "1"})
    assert answer.status_code == 302
    # Tests run inside a transaction, so the news that follows a commit is delivered by hand.
    deliver_pending()


def test_from_a_delivery_to_a_verdict_and_through_everything_that_may_follow() -> None:
    build()
    before = read("/api/v1/targets/T01")
    deciding = next(e for e in before["evidence"] if e["use"] == "deciding")
    assert before["verdict"] == "met_near"
    assert before["history"] == 1

    # A correction changes nothing until somebody else has approved it.
    sent = correct(deciding["id"], CORRECTED, "A")
    assert read("/api/v1/targets/T01")["verdict"] == before["verdict"]
    assert [o["revision"] for o in read(f"/api/v1/observations/{deciding['id']}")["revisions"]] == [
        1
    ]

    approve(sent)
    after = read("/api/v1/targets/T01")
    assert after["verdict"].startswith("not_met")
    assert after["value"] == float(CORRECTED)

    # The earlier verdict stays, with the day until which it stood and what ended it.
    newest, oldest = read("/api/v1/targets/T01/history")["items"]
    assert (newest["verdict"], oldest["verdict"]) == (after["verdict"], before["verdict"])
    assert oldest["superseded_at"] == newest["computed_at"]
    assert str(sent) in newest["cause"]
    for lang in ("zh", "en"):
        page = words(client("", lang).get("/targets/T01/"))
        assert before["verdict_name"][lang] in page
        assert after["verdict_name"][lang] in page

    # Every revision stays and says who let it in.
    found = read(f"/api/v1/observations/{deciding['id']}")["revisions"]
    assert [(r["revision"], r["value"]) for r in found] == [(2, 5000.5), (1, 6228.9)]

    # A person overrules; the computed verdict stays beside it.
    form = {
        "verdict": "undecided",
        "reason": "勘误尚待省政府确认",
        "title": "会议纪要〔2020〕3号",
        "address": "https://example.org/minutes",
    }
    assert client("approver").post("/desk/targets/T01/overrule/", form).status_code == 302
    overruled = read("/api/v1/targets/T01")
    assert overruled["verdict"] == after["verdict"]
    assert overruled["overrule"]["verdict"] == "undecided"
    assert overruled["overrule"]["computed_verdict"] == after["verdict"]
    for lang in ("zh", "en"):
        page = words(client("", lang).get("/targets/T01/"))
        assert "勘误尚待省政府确认" in page
        assert "会议纪要〔2020〕3号" in page
        assert after["verdict_name"][lang] in page

    # A past day is judged by what was known then, without today's overrule.
    past = read("/api/v1/targets/T01?as_of=2018-12-31")
    assert past["verdict"] == "not_yet_due"
    assert past["overrule"] is None
    assert {e["id"] for e in past["evidence"]}.isdisjoint({deciding["id"]})

    check_exports(after)
    check_journal(sent)
    check_doctor()


def check_exports(after: dict[str, Any]) -> None:
    table = client("", "en").get("/targets/table.csv").content.decode("utf-8-sig")
    line = next(row for row in table.splitlines() if row.startswith("T01,"))
    assert after["verdict"] in line
    assert "undecided" in line
    series = client().get("/targets/T01/series.csv").content.decode("utf-8-sig")
    assert CORRECTED in series
    book = load_workbook(io.BytesIO(client().get("/plan/report.xlsx").content))
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert "勘误尚待省政府确认" in " ".join(cells)
    assert any(cell.startswith(CORRECTED) for cell in cells)
    printed = client().get("/plan/report.pdf")
    assert printed.content.startswith(b"%PDF")


def check_journal(sent: int) -> None:
    page = words(client("administrator").get(f"/desk/journal/?subject=submission:{sent}"))
    assert "indicators.submitted" in page
    assert "indicators.approved" in page
    assert "officer甲" in page
    assert "approver甲" in page
    page = words(client("administrator").get("/desk/journal/?verb=indicators.overruled"))
    assert "勘误尚待省政府确认" in page


def check_doctor() -> None:
    findings = list(examine(os.environ["QIANTANG_ZONE"]))
    wrong = [f.said.en for f in findings if f.level == "bad" and f.what.en != "Disk"]
    assert wrong == []
    assert {"Journal", "Outbox", "Lake", "Packs"} <= {f.what.en for f in findings}
