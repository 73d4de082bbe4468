"""Deliveries at the desk: send a file, confirm how it is read, see what was set aside, decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import DELIVER, messy, reading_form, send, text_of, upload
from qiantang.doors.desk.views.intake_deliver import in_units
from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.tests.conftest import (
    FIRMS,
    csv_file,
    hangzhou_officer,
    kept_twice,
    spool_folder,
)
from qiantang.rooms.intake.tests.conftest import zone as trade
from qiantang.rooms.intake.tests.test_personal_data import with_note
from qiantang.rooms.intake.tests.test_updating import install

__all__ = ["csv_file", "hangzhou_officer", "kept_twice", "spool_folder", "trade"]


pytestmark = pytest.mark.django_db


CsvFile = Callable[..., Path]


def test_the_form_says_modes_limit_and_what_is_required(
    officer: Actor, signed_in: SignedIn
) -> None:
    page = text_of(signed_in(officer).get(DELIVER))
    assert "不超过 20 GB" in page
    assert "原有的行不动，只增加新行" in page
    assert 'value="append" checked' in page
    assert "名称" in page
    english = text_of(signed_in(officer).get(f"{DELIVER}?lang=en"))
    assert "Rows with a known key are updated" in english


def test_the_form_promises_to_ask_where_the_first_reading_is_unsure_and_so_it_is(
    officer: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    page = text_of(browser.get(DELIVER))
    assert "没有疑问就直接检查，有疑问就停下，由您确认" in page
    sound = send(browser, upload(csv_file(5)))
    services.work(sound)
    assert selectors.run(officer, sound).status == "published"
    unsure = send(browser, messy(heading="单位"))
    services.work(unsure)
    run = selectors.run(officer, unsure)
    assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
    english = text_of(browser.get(f"{DELIVER}?lang=en"))
    assert "with doubts it stops for you to confirm" in english


def test_nothing_chosen_and_an_unfit_mode_are_said_on_the_form(
    officer: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    assert browser.post(DELIVER, {"mode": "append"}).status_code == 422
    answer = browser.post(DELIVER, {"file": upload(csv_file()), "mode": "sideways"})
    assert answer.status_code == 422
    assert "方式不适用" in text_of(answer)
    assert selectors.runs(officer).total == 0


def test_a_delivery_goes_its_way_and_the_page_asks_again(
    officer: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    id = send(browser, upload(csv_file(20)))
    waiting = text_of(browser.get(f"/desk/runs/{id}/"))
    assert 'hx-trigger="every 2s"' in waiting
    assert f"/desk/runs/{id}/cancel/" in waiting
    services.work(id)
    done = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "已入库" in done
    assert 'hx-trigger="every 2s"' not in done
    assert "此后全表 20 行" in done
    assert "准确性" in done
    again = browser.post(DELIVER, {"file": upload(csv_file(20)), "mode": "append"}, follow=True)
    assert "同样的文件此前已交付" in text_of(again)


def test_a_waiting_delivery_is_cancelled_and_tried_again(
    officer: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    id = send(browser, upload(csv_file(5)))
    assert "已要求取消" in text_of(browser.post(f"/desk/runs/{id}/cancel/", follow=True))
    assert selectors.run(officer, id).status == "cancelled"
    assert browser.post(f"/desk/runs/{id}/cancel/").status_code == 409
    browser.post(f"/desk/runs/{id}/retry/")
    services.work(id)
    assert selectors.run(officer, id).status == "published"


def test_held_rows_are_shown_filtered_downloaded_corrected_and_sent_again(
    officer: Actor, approver: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    id = send(browser, upload(csv_file(20, bad=3)))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "待人工确认" in page
    assert "格式不符" in page
    assert "交付人不能审定自己的交付" in page or "您不是资源所属机构的审核员" in page
    assert f"/desk/runs/{id}/decide/" not in page
    one = text_of(browser.get(f"/desk/runs/{id}/?rule=code.pattern"))
    assert ">X0<" in one
    assert ">X0<" not in text_of(browser.get(f"/desk/runs/{id}/?rule=name.required"))
    assert ">X0<" in text_of(browser.get(f"/desk/runs/{id}/?column=编码"))

    assert ">X1<" in text_of(signed_in(approver).get(f"/desk/runs/{id}/"))
    decided = signed_in(approver)
    assert decided.post(f"/desk/runs/{id}/decide/", {"decision": "publish"}).status_code == 422
    answer = decided.post(
        f"/desk/runs/{id}/decide/", {"decision": "publish", "reason": "先入库"}, follow=True
    )
    assert "已决定入库" in text_of(answer)
    services.work(id)

    workbook = browser.get(f"/desk/runs/{id}/set-aside.xlsx")
    book = load_workbook(BytesIO(workbook.content))
    sheet = book.active
    for row in sheet.iter_rows():
        for cell in row:
            if re.fullmatch(r"X\d", str(cell.value)):
                cell.value = f"F9{cell.value[1:]:0>5}"
    out = BytesIO()
    book.save(out)
    second = send(browser, SimpleUploadedFile("fixed.xlsx", out.getvalue()), resend_of=id)
    services.work(second)
    found = selectors.run(officer, second)
    if found.status == "held" and found.verdict is None:
        browser.post(f"/desk/runs/{second}/reading/", reading_form(browser, second))
        services.work(second)
    found = selectors.run(officer, second)
    assert (found.status, found.accepted, found.parent) == ("published", 3, id)
    assert "fixed.xlsx" in text_of(browser.get(f"/desk/runs/{id}/"))
    assert "改正自" in text_of(browser.get(f"/desk/runs/{second}/"))


def test_keys_to_delete_that_were_not_there_are_on_the_page(
    officer: Actor, csv_file: CsvFile, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    services.work(send(browser, upload(csv_file(5))))
    keys = SimpleUploadedFile("gone.csv", "编码\nF000001\nF999999\n".encode())
    id = send(browser, keys, mode="delete")
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "接受的主键中有 1 个不在表中" in page
    assert ">F999999<" in page
    assert "要删除的主键不在表中" in page
    assert f"/desk/runs/{id}/set-aside.xlsx" not in page
    book = load_workbook(BytesIO(browser.get(f"/desk/runs/{id}/findings.xlsx").content))
    assert [cell.value for cell in book.active[2]][2:4] == ["编码", "F999999"]
    english = text_of(browser.get(f"/desk/runs/{id}/?lang=en"))
    assert "1 of the accepted keys were not in the table" in english


def test_publishing_over_newer_data_needs_a_tick(
    officer: Actor, approver: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    old = services.receive(officer, FIRMS, csv_file(3), mode="replace", publish=False)
    services.work(old.id)
    file = csv_file(4, name="newer.csv")
    new = services.work(services.receive(officer, FIRMS, file, mode="replace").id)
    browser, address = signed_in(approver), f"/desk/runs/{old.id}/decide/"
    page = text_of(browser.get(f"/desk/runs/{old.id}/"))
    assert "newer.csv" in page
    assert f'name="over" value="{new.id}"' in page
    answer = browser.post(address, {"decision": "publish", "reason": "已核对"})
    assert answer.status_code == 409
    assert "之后已有数据入库" in text_of(answer)
    ticked = {"decision": "publish", "reason": "已核对", "over": new.id}
    assert "已决定入库" in text_of(browser.post(address, ticked, follow=True))
    assert services.work(old.id).status == "published"


def test_the_approver_refuses_and_the_sender_sees_why(
    officer: Actor, approver: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    id = send(signed_in(officer), upload(csv_file(20, bad=3)))
    services.work(id)
    inbox = text_of(signed_in(approver).get("/desk/"))
    assert "合格 17 行，剔出 3 行" in inbox
    assert '<span class="count">1<' in inbox
    signed_in(approver).post(
        f"/desk/runs/{id}/decide/", {"decision": "refuse", "reason": "请先核对编码"}
    )
    page = text_of(signed_in(officer).get(f"/desk/runs/{id}/"))
    assert "整批拒收" in page
    assert "请先核对编码" in page


def test_to_others_a_run_does_not_exist(
    officer: Actor, stranger: Actor, citizen: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    id = send(signed_in(officer), upload(csv_file(20, bad=3)))
    services.work(id)
    for actor in (stranger, citizen):
        browser = signed_in(actor)
        for part in ("", "reading/", "set-aside.xlsx"):
            answer = browser.get(f"/desk/runs/{id}/{part}")
            assert answer.status_code == 404
            assert "没有这次运行" in text_of(answer)
        for verb in ("decide", "cancel", "retry", "reading", "reading/preview"):
            assert browser.post(f"/desk/runs/{id}/{verb}/").status_code == 404
        refused = browser.post(DELIVER, {"file": upload(csv_file(3))})
        assert refused.status_code == 403
        assert "只有“" in text_of(refused)
    assert selectors.runs(officer).total == 1


def test_above_the_organisation_values_are_masked(
    officer: Actor, administrator: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    id = send(signed_in(officer), upload(csv_file(20, bad=3)))
    services.work(id)
    browser = signed_in(administrator)
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "值已遮蔽" in page
    # A form's random token may hold these letters within a longer word.
    assert not re.search(r"(?<![A-Za-z0-9])X\d(?![A-Za-z0-9])", page)
    assert browser.get(f"/desk/runs/{id}/set-aside.xlsx").status_code == 403
    assert browser.get(f"/desk/runs/{id}/reading/").status_code == 403
    preview = browser.post(f"/desk/runs/{id}/reading/preview/", {})
    assert not re.search(r"(?<![A-Za-z0-9])X\d(?![A-Za-z0-9])", text_of(preview))


def test_the_public_is_asked_to_sign_in(client: Any) -> None:
    for address in (DELIVER, "/desk/resources/", "/desk/sources/", "/desk/runs/x/"):
        assert client.get(address).status_code in (302, 401), address


def test_each_division_delivers_its_own_part(hangzhou_officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(hangzhou_officer)
    page = text_of(browser.get("/desk/resources/trade.county_firm@330100/deliver/"))
    assert "没有此信息资源" in page
    made = browser.post(
        "/desk/resources/duty/",
        {"resource": "trade.county_firm", "organisation": "330100-stats"},
        follow=True,
    )
    assert "已登记" in text_of(made)
    page = text_of(browser.get("/desk/resources/trade.county_firm@330100/deliver/"))
    assert '<option value="330100" selected' in page
    file = SimpleUploadedFile("part.csv", "编码\nA1\nA2\n".encode())
    answer = browser.post(
        "/desk/resources/trade.county_firm@330100/deliver/", {"file": file, "mode": "replace"}
    )
    id = answer.headers["Location"].split("/")[3]
    services.work(id)
    found = selectors.run(hangzhou_officer, id)
    assert (found.status, found.division, found.accepted) == ("published", "330100", 2)


def test_undeclared_personal_data_is_told_beside_the_decision_and_published_only_when_ticked(
    officer: Actor, approver: Actor, signed_in: SignedIn, tmp_path: Path
) -> None:
    install(with_note(), tmp_path)
    lines = ["编码,名称,备注", *(f"F{n:06d},企业{n},请联系1380013800{n}" for n in range(5))]
    text = SimpleUploadedFile("firms.csv", "\n".join(lines).encode())
    id = send(signed_in(officer), text)
    services.work(id)
    browser = signed_in(approver)
    page = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "待确认的原因" in page
    assert "查看的 5 个值中有 5 个" in page
    assert "“备注”按原声明入库" in page
    decide = {"decision": "publish", "reason": "行没有错"}
    refused = browser.post(f"/desk/runs/{id}/decide/", decide)
    assert refused.status_code == 409
    assert "intake.personal_undeclared" in text_of(refused)
    assert selectors.run(approver, id).status == "held"
    browser.post(f"/desk/runs/{id}/decide/", {**decide, "as_declared": "note"})
    services.work(id)
    assert selectors.run(approver, id).status == "published"
    after = text_of(browser.get(f"/desk/runs/{id}/?lang=en"))
    assert "Was held" in after
    assert "Held because" not in after


def test_the_inbox_tells_decisions_from_files_that_are_not_read_yet(
    officer: Actor, approver: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    unread = send(signed_in(officer), messy(heading="单位"))
    services.work(unread)
    nothing = text_of(signed_in(approver).get("/desk/"))
    assert '待我审核 <span class="soft">(0)</span>' in nothing
    assert unread not in nothing
    checked = send(signed_in(officer), upload(csv_file(20, bad=3)))
    services.work(checked)
    inbox = text_of(signed_in(approver).get("/desk/"))
    assert '待我审核 <span class="soft">(1)</span>' in inbox
    assert "firms.csv：合格 17 行，剔出 3 行。" in inbox
    own = text_of(signed_in(officer).get("/desk/?lang=en"))
    assert 'For you to decide <span class="soft">(0)</span>' in own
    assert "not read yet" in own
    assert "The reading of firms.xlsx" in own
    assert checked not in own


def test_the_header_is_not_counted_among_the_rows_left_out(
    officer: Actor, signed_in: SignedIn, csv_file: CsvFile
) -> None:
    browser = signed_in(officer)
    plain = send(browser, upload(csv_file(5)))
    services.work(plain)
    page = text_of(browser.get(f"/desk/runs/{plain}/"))
    assert "不是数据" not in page
    titled = send(browser, messy())
    services.work(titled)
    services.confirm_reading(
        officer, titled, selectors.run(officer, titled).proposal["recipe"], keep=False
    )
    services.work(titled)
    page = text_of(browser.get(f"/desk/runs/{titled}/"))
    assert "另有 2 行不是数据，不计入：标题 1、合计 1。" in page


@pytest.mark.parametrize(
    ("size", "said"), [(20 * 2**30, "20 GB"), (3 * 2**29, "1.5 GB"), (500 * 2**20, "500 MB")]
)
def test_a_limit_is_said_in_the_largest_unit(size: int, said: str) -> None:
    assert in_units(size) == said


def test_the_page_of_a_resource_names_keys_that_two_places_keep(
    kept_twice: str, make_actor: Callable[..., Actor], signed_in: SignedIn
) -> None:
    browser = signed_in(make_actor("government", Role.OFFICER, at="330000"))
    page = text_of(browser.get(f"/desk/resources/{kept_twice}/"))
    assert "有 1 个主键不止一地登记" in page
    assert "330100、330200" in page
    assert "1 keys are kept" in text_of(browser.get(f"/desk/resources/{kept_twice}/?lang=en"))
    assert "不止一地登记" not in text_of(browser.get(f"/desk/resources/{FIRMS}/"))
