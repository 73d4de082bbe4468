"""An officer sends a figure, another person approves it, the target follows."""

from __future__ import annotations

from django.test import Client

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.portal.tests.zone import figure
from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors


def correction(value: str, base: int = 1, **more: str) -> dict[str, str]:
    return {**figure("X19", "2019", value), "base_revision": str(base), **more}


def verdict() -> str:
    return Client().get("/targets/T01/?format=json").json()["verdict"]


def test_a_correction_needs_four_eyes_and_then_changes_the_target(
    figures: None, signed_in: SignedIn, officer: Actor, approver: Actor
) -> None:
    before = verdict()
    desk = signed_in(officer)
    form = desk.get("/desk/figures/X19/").content.decode()
    assert 'value="6228.9"' in form
    sent = desk.post("/desk/figures/X19/", correction("5000", note="年鉴修订"))
    assert sent.status_code == 302
    page = sent.headers["Location"]
    seen = desk.get(page).content.decode()
    assert "6228.9" in seen
    assert "5000" in seen
    assert "通过并发布" not in seen
    assert desk.post(f"{page}approve/", {"version": "1"}).status_code == 403
    assert verdict() == before
    other = signed_in(approver)
    assert "核心产业增加值" in other.get("/desk/").content.decode()
    done = other.post(f"{page}approve/", {"version": "1"}, follow=True)
    assert "已通过" in done.content.decode()
    assert verdict() != before
    history = Client().get("/targets/T01/?format=json").json()["history"]
    assert [h["verdict"] for h in history][-1] == before


def test_errors_stand_at_their_fields_with_hints(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    desk = signed_in(officer)
    wrong = {**figure("", "去年", "很多"), "unit": "人"}
    answer = desk.post("/desk/figures/new/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="period" name="period" type="text" value="去年" required aria-invalid="true"' in page
    assert "很多" in page
    assert 'role="alert"' in page
    at_period = page.partition('id="period-hint"')[2].partition("</div>")[0]
    assert "field__error" in at_period
    assert at_period.count("2019-01/2019-09") == 1
    assert (
        "如 2019、2019-01/2019-09、2019-12-31。" in desk.get("/desk/figures/new/").content.decode()
    )
    english = desk.post("/desk/figures/new/?lang=en", wrong).content.decode()
    assert "things to correct; nothing was saved" in english
    assert selectors.submissions(officer).total == 2


def test_the_second_writer_sees_both_values(
    figures: None, signed_in: SignedIn, officer: Actor, approver: Actor
) -> None:
    desk, other = signed_in(officer), signed_in(approver)
    page = desk.post("/desk/figures/X19/", correction("6300")).headers["Location"]
    other.post(f"{page}approve/", {"version": "1"})
    late = desk.post("/desk/figures/X19/", correction("6400", base=1))
    shown = late.content.decode()
    assert late.status_code == 409
    assert "6300" in shown
    assert "6400" in shown
    assert 'name="base_revision" value="2"' in shown
    assert desk.post("/desk/figures/X19/", correction("6400", base=2)).status_code == 302


def test_another_departments_officer_is_refused(
    figures: None, signed_in: SignedIn, officer: Actor, stranger: Actor
) -> None:
    desk = signed_in(stranger)
    answer = desk.post("/desk/figures/X19/", correction("1"))
    assert answer.status_code == 403
    assert "indicators.not_your_figure" in answer.content.decode()
    page = signed_in(officer).post("/desk/figures/X19/", correction("6300")).headers["Location"]
    assert desk.get(page).status_code == 404
    assert desk.post(f"{page}approve/", {"version": "1"}).status_code in {403, 404}


def test_a_citizen_reads_the_form_and_is_told_why_not(
    figures: None, signed_in: SignedIn, citizen: Actor
) -> None:
    page = signed_in(citizen).get("/desk/figures/new/").content.decode()
    assert "不是任何部门的数据专员" in page


def test_sent_back_with_a_reason_and_taken_back(
    figures: None, signed_in: SignedIn, officer: Actor, approver: Actor
) -> None:
    desk, other = signed_in(officer), signed_in(approver)
    page = desk.post("/desk/figures/X19/", correction("6300")).headers["Location"]
    assert other.post(f"{page}reject/", {"reason": ""}).status_code == 422
    assert other.post(f"{page}reject/", {"reason": "缺少原文"}).status_code == 302
    assert "缺少原文" in desk.get(page).content.decode()
    again = desk.post("/desk/figures/X19/", correction("6300")).headers["Location"]
    assert desk.post(f"{again}withdraw/").status_code == 302
    assert "已撤回" in desk.get(again).content.decode()


def test_a_figure_is_withdrawn_with_approval(
    figures: None, signed_in: SignedIn, officer: Actor, approver: Actor
) -> None:
    form = {"base_revision": "1", "note": "来源撤稿"}
    page = signed_in(officer).post("/desk/figures/X19/withdraw/", form).headers["Location"]
    signed_in(approver).post(f"{page}approve/", {"version": "1"})
    assert verdict() != "met_near"
    assert "来源撤稿" in signed_in(approver).get(page).content.decode()


def test_htmx_error_is_put_at_the_top(figures: None, signed_in: SignedIn, officer: Actor) -> None:
    desk = signed_in(officer)
    page = desk.post("/desk/figures/X19/", correction("6300")).headers["Location"]
    answer = desk.post(f"{page}approve/", {"version": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Reselect"] == ".problem"
    assert "indicators.four_eyes" in answer.content.decode() or "not_approver" in (
        answer.content.decode()
    )


def test_the_unit_follows_the_chosen_indicator(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    part = signed_in(officer).get("/desk/figures/unit/?indicator=core_va").content.decode()
    assert '<option value="亿元" selected>' in part
    assert "<html" not in part
