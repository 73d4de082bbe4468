"""Catalogue work at the desk: duties, drafts, review, transfer; sources; waivers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Duty
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue import services as catalogue_services
from qiantang.rooms.elements import selectors as elements
from qiantang.rooms.elements.findings import Finding, Rule
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.intake import services as intake_services
from qiantang.rooms.intake.tests.conftest import FIRMS, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade
from qiantang.rooms.shelf import selectors as shelf

__all__ = ["spool_folder", "trade"]
pytestmark = pytest.mark.django_db
ENTRY = {
    "owner": "330000-stats",
    "name-zh": "规上工业企业月报",
    "name-en": "Monthly report of industry",
    "description-zh": "全省规模以上工业企业每月产值、用工和能耗的报表数据，按企业汇总。",
    "description-en": "Output, staff and energy of larger industrial firms, monthly.",
    "classes": "3",
    "keywords-zh": "工业、月报",
    "keywords-en": "industry",
    "format": "table",
    "sharing": "conditional",
    "conditions-zh": "部门间按需共享",
    "conditions-en": "Among departments",
    "share_mode": "file",
    "cadence": "P1M",
    "items": "3",
    "item-0-id": "code",
    "item-0-zh": "企业代码",
    "item-0-en": "Code",
    "item-0-type": "text",
    "item-0-personal": "none",
    "item-1-id": "output",
    "item-1-zh": "产值",
    "item-1-en": "Output",
    "item-1-type": "decimal",
    "item-1-unit": "万元",
    "item-1-personal": "none",
    "item-2-id": "",
}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def drafted(officer: Actor, signed_in: SignedIn) -> str:
    answer = signed_in(officer).post("/desk/resources/new/", ENTRY)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].split("/")[3])


def test_a_draft_is_written_submitted_compared_and_published(
    drafted: str, officer: Actor, approver: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    page = text_of(browser.get(f"/desk/resources/{drafted}/edit/"))
    assert "规上工业企业月报" in page
    assert 'name="item-1-unit" value="万元"' in page
    answer = browser.post(f"/desk/resources/{drafted}/edit/", {**ENTRY, "submit": "1"}, follow=True)
    assert "已提交" in text_of(answer)
    assert "起草和审核须由两个人完成" in text_of(
        browser.get(f"/desk/resources/{drafted}/versions/")
    )
    refused = browser.post(f"/desk/resources/{drafted}/decide/", {"decision": "publish"})
    assert refused.status_code == 403

    other = signed_in(approver)
    assert "规上工业企业月报" in text_of(other.get("/desk/"))
    page = text_of(other.get(f"/desk/resources/{drafted}/versions/"))
    assert "产值（定点数，单位 万元）" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    back = other.post(f"/desk/resources/{drafted}/decide/", {"decision": "send_back"})
    assert back.status_code == 422
    answer = other.post(
        f"/desk/resources/{drafted}/decide/",
        {"decision": "publish", "seen": seen.group(1)},
        follow=True,
    )
    assert "已发布，目录已更新" in text_of(answer)
    assert catalogue.resource(officer, drafted).number == 1

    changed = {
        **ENTRY,
        "description-zh": ENTRY["description-zh"] + "含能耗。",
        "item-1-unit": "亿元",
    }
    browser.post(f"/desk/resources/{drafted}/edit/", changed)
    page = text_of(browser.get(f"/desk/resources/{drafted}/versions/"))
    assert "<del>万元</del>" in page
    assert "<ins>亿元</ins>" in page
    english = text_of(browser.get(f"/desk/resources/{drafted}/versions/?lang=en"))
    assert "Versions and differences" in english


def test_what_is_wrong_is_said_at_its_input_and_nothing_is_lost(
    officer: Actor, signed_in: SignedIn
) -> None:
    wrong = {**ENTRY, "cadence": "monthly", "item-1-id": "1st"}
    answer = signed_in(officer).post("/desk/resources/new/", wrong)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "应为 ISO 8601 时长" in page
    assert 'value="1st"' in page
    assert "规上工业企业月报" in page


def test_a_cycle_is_chosen_and_irregular_is_a_choice(officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(officer)
    unsaid = browser.post("/desk/resources/new/", {**ENTRY, "cadence": "", "submit": "1"})
    page = text_of(unsaid)
    assert unsaid.status_code == 422
    assert "缺少更新周期" in page
    assert '<option value="irregular">不定期</option>' in page
    assert "留空" not in page.split('name="cadence"')[1].split("</div>")[0]
    made = browser.post(
        "/desk/resources/new/", {**ENTRY, "cadence": "irregular", "submit": "1"}, follow=True
    )
    assert "已提交" in text_of(made)
    odd = text_of(browser.post("/desk/resources/new/", {**ENTRY, "cadence": "P15D"}, follow=True))
    assert '<option value="P15D" selected>P15D</option>' in odd


def test_somebody_else_saved_first(drafted: str, officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(officer)
    stale = {**ENTRY, "seen": str(catalogue.resource(officer, drafted).edition)}
    browser.post(f"/desk/resources/{drafted}/edit/", ENTRY)
    answer = browser.post(f"/desk/resources/{drafted}/edit/", stale)
    assert answer.status_code == 409
    assert "他人已先行修改" in text_of(answer)


def test_nothing_of_another_person_is_overwritten_unseen(
    drafted: str, officer: Actor, signed_in: SignedIn
) -> None:
    browser, page = signed_in(officer), f"/desk/resources/{drafted}/edit/"
    edition = str(catalogue.resource(officer, drafted).edition)
    browser.post(page, {**ENTRY, "seen": edition, "contact-zh": "甲处"})
    mine = {**ENTRY, "contact-zh": "乙处"}
    shown = browser.post(page, {**mine, "seen": edition})
    said = text_of(shown)
    assert "甲处" in said
    assert 'name="contact-zh" value="乙处"' in said
    assert f'name="seen" value="{edition}"' in said
    # Saved again as the form came back: still somebody else's words would be lost.
    assert browser.post(page, {**mine, "seen": edition}).status_code == 409
    over = re.search(r'name="over" type="checkbox" value="(\d+)"', said)
    assert over is not None
    assert browser.post(page, {**mine, "seen": edition, "over": over[1]}).status_code == 302
    assert 'name="contact-zh" value="乙处"' in text_of(browser.get(page))


def test_a_reviewer_sees_what_an_added_item_holds(
    drafted: str, officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    sensitive = {**ENTRY, "item-1-personal": "sensitive", "item-1-required": "on"}
    browser.post(f"/desk/resources/{drafted}/edit/", sensitive)
    said = text_of(browser.get(f"/desk/resources/{drafted}/versions/"))
    assert "产值（定点数，敏感个人信息，必填，单位 万元）" in said


def test_an_entry_is_about_its_owners_division(
    drafted: str, officer: Actor, signed_in: SignedIn
) -> None:
    assert catalogue.resource(officer, drafted).division == "330000"


def test_drafts_of_others_do_not_exist(
    drafted: str, stranger: Actor, citizen: Actor, signed_in: SignedIn
) -> None:
    for actor in (stranger, citizen):
        browser = signed_in(actor)
        for part in ("", "edit/", "versions/", "deliver/"):
            assert browser.get(f"/desk/resources/{drafted}/{part}").status_code == 404
        assert browser.post(f"/desk/resources/{drafted}/submit/").status_code == 404
        assert drafted not in text_of(browser.get("/desk/resources/"))
    refused = signed_in(stranger).post("/desk/resources/new/", ENTRY)
    assert refused.status_code == 403


def test_a_draft_is_given_up(drafted: str, officer: Actor, signed_in: SignedIn) -> None:
    answer = signed_in(officer).post(f"/desk/resources/{drafted}/discard/", follow=True)
    assert "草稿已放弃" in text_of(answer)
    assert signed_in(officer).post(f"/desk/resources/{drafted}/explode/").status_code == 404


def test_a_resource_is_offered_accepted_and_withdrawn(
    administrator: Actor,
    make_actor: Callable[..., Actor],
    signed_in: SignedIn,
) -> None:
    admin = make_actor("stats-admin", Role.ADMINISTRATOR, at="330000-stats")
    taker = make_actor("economy-admin", Role.ADMINISTRATOR, at="330000-economy")
    browser = signed_in(admin)
    page = f"/desk/resources/{FIRMS}/"
    assert browser.post(f"{page}transfer/", {"to": "330000-economy"}).status_code == 422
    wrong = browser.post(f"{page}transfer/", {"to": "nowhere", "reason": "职责调整"})
    assert wrong.status_code == 404
    assert 'value="nowhere"' in text_of(wrong)
    assert '<option value="330000-economy">经济和信息化厅</option>' in text_of(wrong)
    given = {"to": "330000-economy", "reason": "职责调整"}
    assert "等待“经济和信息化厅”接收" in text_of(
        browser.post(f"{page}transfer/", given, follow=True)
    )
    assert f"{page}accept/" in text_of(signed_in(taker).get(page))
    assert FIRMS in text_of(signed_in(taker).get("/desk/resources/"))
    signed_in(taker).post(f"{page}accept/")
    assert catalogue.resource(taker, FIRMS).owner == "330000-economy"
    done = signed_in(taker).post(f"{page}withdraw/", {"reason": "已并入其他资源"}, follow=True)
    assert "已撤回" in text_of(done)
    assert "已停用" in text_of(done) or "↩ 已撤回" in text_of(done)
    assert signed_in(admin).post(f"{page}withdraw/", {"reason": "x"}).status_code == 403
    assert f"{page}restore/" not in text_of(signed_in(admin).get(page))
    assert signed_in(admin).post(f"{page}restore/", {"reason": "x"}).status_code == 403
    assert f"{page}restore/" in text_of(signed_in(taker).get(page))
    assert signed_in(taker).post(f"{page}restore/", {"reason": " "}).status_code == 422
    back = signed_in(taker).post(f"{page}restore/", {"reason": "仍需单列"}, follow=True)
    assert "已恢复" in text_of(back)
    assert f"{page}restore/" not in text_of(back)
    assert catalogue.resource(taker, FIRMS).status == "published"


def test_a_withheld_entry_is_answered_by_those_who_may_and_a_no_is_told(
    drafted: str, make_actor: Callable[..., Actor], signed_in: SignedIn
) -> None:
    admin = make_actor("stats-admin", Role.ADMINISTRATOR, at="330000-stats")
    taker = make_actor("economy-approver", Role.APPROVER, at="330000-economy")
    reader = make_actor("economy-officer", Role.OFFICER, at="330000-economy")
    above = make_actor("government", Role.ADMINISTRATOR, at="330000")
    page, accept = f"/desk/resources/{drafted}/", f"/desk/resources/{drafted}/accept/"
    assert signed_in(taker).get(page).status_code == 404
    signed_in(admin).post(f"{page}transfer/", {"to": "330000-economy", "reason": "职责调整"})
    for person in (taker, above):
        browser = signed_in(person)
        assert page in text_of(browser.get("/desk/"))
        shown = text_of(browser.get(page))
        assert accept in shown
        assert "职责调整" in shown
    told = text_of(signed_in(reader).get(page))
    assert "规上工业企业月报" in told
    assert accept not in told
    assert page not in text_of(signed_in(reader).get("/desk/"))
    signed_in(taker).post(f"{page}decline/", {"reason": "不归我们管"})
    assert "不归我们管" in text_of(signed_in(admin).get(page))
    assert "Reason: 不归我们管" in text_of(signed_in(admin).get(f"{page}?lang=en"))
    assert signed_in(taker).get(page).status_code == 404
    signed_in(admin).post(f"{page}transfer/", {"to": "330000-economy", "reason": "再议"})
    signed_in(above).post(accept)
    assert catalogue.resource(taker, drafted).owner == "330000-economy"


def test_my_resources_and_their_last_deliveries(
    officer: Actor, signed_in: SignedIn, tmp_path: Path
) -> None:
    file = tmp_path / "firms.csv"
    file.write_text("编码,名称,金额,日期\nF000001,甲,1,2026-01-01\n", encoding="utf-8")
    run = intake_services.receive(officer, FIRMS, file, accept_doubts=True)
    intake_services.work(run.id)
    browser = signed_in(officer)
    page = text_of(browser.get("/desk/resources/"))
    assert "企业名录" in page
    assert f"/desk/runs/{run.id}/" in page
    assert "没有符合条件的资源" in text_of(browser.get("/desk/resources/?q=没有这个"))
    assert "firms.csv" in text_of(browser.get(f"/desk/resources/{FIRMS}/"))


def test_reading_my_resources_asks_the_database_a_bounded_number_of_times(
    officer: Actor, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(officer)
    browser.get("/desk/resources/")
    with django_assert_max_num_queries(70):
        browser.get("/desk/resources/")


WEB = {
    "kind": "http",
    "id": "firms-web",
    "resource": FIRMS,
    "http-url": "https://data.example.org/firms.csv",
    "every": "P1D",
}


def test_a_web_source_is_added_paused_and_removed(officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(officer)
    assert "还没有来源" in text_of(browser.get("/desk/sources/"))
    assert 'name="http-url"' in text_of(browser.get("/desk/sources/new/?kind=http"))
    answer = browser.post("/desk/sources/new/", WEB, follow=True)
    assert "来源已添加" in text_of(answer)
    assert "firms-web" in text_of(browser.get("/desk/sources/"))
    assert "已暂停" in text_of(browser.post("/desk/sources/firms-web/pause/", follow=True))
    assert "已恢复" in text_of(browser.post("/desk/sources/firms-web/resume/", follow=True))
    assert "已安排" in text_of(browser.post("/desk/sources/firms-web/fetch/", follow=True))
    assert "已移除" in text_of(browser.post("/desk/sources/firms-web/remove/", follow=True))
    assert intake.sources(officer) == ()


def test_a_source_is_changed_and_its_address_only_with_the_token(
    officer: Actor, stranger: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    browser.post("/desk/sources/new/", {**WEB, "password": "token-one"})
    page = "/desk/sources/firms-web/change/"
    assert page in text_of(browser.get("/desk/sources/firms-web/"))
    form = text_of(browser.get(page))
    assert f'value="{WEB["http-url"]}"' in form
    assert 'value="P1D"' in form
    assert 'name="resource"' not in form
    kept = {"http-url": WEB["http-url"], "every": "P1D", "mode": "upsert"}
    assert "设置已更改" in text_of(browser.post(page, kept, follow=True))
    moved = {**kept, "http-url": "https://data.example.com/firms.csv"}
    refused = browser.post(page, moved)
    assert refused.status_code == 422
    assert f'value="{moved["http-url"]}"' in text_of(refused)
    done = browser.post(page, {**moved, "password": "token-two"}, follow=True)
    source = intake.source(officer, "firms-web")
    assert (source.mode, source.config) == ("upsert", {"url": moved["http-url"]})
    assert "token-" not in "".join(map(text_of, (refused, done, browser.get(page))))
    assert signed_in(stranger).get(page).status_code == 404
    assert signed_in(stranger).post(page, kept).status_code == 404


def test_wrong_settings_come_back_with_what_was_typed(officer: Actor, signed_in: SignedIn) -> None:
    answer = signed_in(officer).post("/desk/sources/new/", {**WEB, "id": "Not An Id"})
    assert answer.status_code == 422
    assert 'value="Not An Id"' in text_of(answer)
    folder = {**WEB, "kind": "folder", "folder-path": "/srv/data"}
    refused = signed_in(officer).post("/desk/sources/new/", folder)
    assert refused.status_code == 403
    assert "须由示范区管理员设置" in text_of(refused)


def test_a_folder_is_tested_and_a_password_never_shown(
    administrator: Actor, signed_in: SignedIn, tmp_path: Path
) -> None:
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    browser = signed_in(administrator)
    folder = {**WEB, "id": "share", "kind": "folder", "folder-path": str(waiting)}
    browser.post("/desk/sources/new/", folder)
    assert "可以连接" in text_of(browser.post("/desk/sources/share/test/"))
    base = {
        "kind": "database",
        "id": "base",
        "resource": FIRMS,
        "database-engine": "postgresql",
        "database-host": "db.example.org",
        "database-database": "firms",
        "database-user": "reader",
        "database-table": "firms",
        "password": "hunter2-hunter2",
    }
    page = text_of(browser.post("/desk/sources/new/", base, follow=True))
    assert "已保存，不再显示" in page
    assert "hunter2" not in page
    refused = browser.post("/desk/sources/new/", {**base, "id": "Bad Id"})
    assert "hunter2" not in text_of(refused)


def test_an_overdue_source_is_in_the_inbox(
    officer: Actor, signed_in: SignedIn, settings: Any
) -> None:
    from datetime import UTC, datetime

    signed_in(officer).post("/desk/sources/new/", WEB)
    intake_services.mark_overdue(datetime.now(UTC) + timedelta(days=9))
    page = text_of(signed_in(officer).get("/desk/"))
    assert "逾期未更新（数据来源 firms-web）" in page
    assert "1 个来源逾期" in text_of(signed_in(officer).get("/desk/sources/"))


def test_sources_of_others_do_not_exist(
    officer: Actor, stranger: Actor, signed_in: SignedIn
) -> None:
    signed_in(officer).post("/desk/sources/new/", WEB)
    browser = signed_in(stranger)
    assert browser.get("/desk/sources/firms-web/").status_code == 404
    for verb in ("test", "fetch", "pause", "remove"):
        assert browser.post(f"/desk/sources/firms-web/{verb}/").status_code == 404
    assert "firms-web" not in text_of(browser.get("/desk/sources/"))
    assert browser.post("/desk/sources/new/", {**WEB, "id": "mine"}).status_code == 403


@pytest.fixture
def difference(monkeypatch: pytest.MonkeyPatch) -> Finding:
    """One field that differs from its element, whatever packs say."""
    from qiantang.rooms.elements import selectors

    found = Finding("name", Rule.TYPE, "trade.name", "text", "code")
    monkeypatch.setattr(selectors, "findings", lambda *_: (found,))
    return found


def test_the_authority_above_waives_a_difference_until_a_day(
    difference: Finding,
    officer: Actor,
    make_actor: Callable[..., Actor],
    signed_in: SignedIn,
) -> None:
    above = make_actor("province", Role.ADMINISTRATOR, at="330000")
    page = f"/desk/resources/{FIRMS}/"
    assert "本单位不能自行豁免" in text_of(signed_in(officer).get(page))
    asked = {
        "point": "name type-differs",
        "valid_to": (date.today() + timedelta(days=90)).isoformat(),
        "reason": "系统改造中",
        "document": "浙数〔2026〕9 号",
    }
    assert signed_in(officer).post(f"{page}waive/", asked).status_code == 403
    browser = signed_in(above)
    assert "豁免一处差异" in text_of(browser.get(page))
    assert browser.post(f"{page}waive/", {**asked, "valid_to": ""}).status_code == 422
    assert browser.post(f"{page}waive/", {**asked, "document": " "}).status_code == 422
    done = text_of(browser.post(f"{page}waive/", asked, follow=True))
    assert "✓ 生效中" in done
    assert "没有未豁免的差异" in done
    assert "延长；现至" in done
    assert browser.post(f"{page}waive/", asked).status_code == 422
    longer = {**asked, "valid_to": (date.today() + timedelta(days=180)).isoformat()}
    assert browser.post(f"{page}waive/", longer).status_code == 302
    waivers = elements.waivers(above, FIRMS)
    assert [w.valid_to.isoformat() for w in waivers] == [longer["valid_to"], asked["valid_to"]]
    waiver = re.search(rf"{page}waive/(\d+)/", done)
    assert waiver is not None
    gone = browser.post(f"{page}waive/{waiver.group(1)}/", {"reason": "改造完成"}, follow=True)
    assert "↩ 已撤销" in text_of(gone)


def test_an_entry_that_follows_no_element_is_not_said_to_conform(
    drafted: str, officer: Actor, signed_in: SignedIn
) -> None:
    page = f"/desk/resources/{drafted}/"
    shown = text_of(signed_in(officer).get(page))
    assert "2 个字段中 0 个引用数据元" in shown
    assert "无从比对" in shown
    assert "没有未豁免的差异" not in shown
    assert "there is nothing to compare" in text_of(signed_in(officer).get(f"{page}?lang=en"))


def test_a_duty_without_its_own_copy_becomes_a_draft(
    officer: Actor, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue_services.retire(SYSTEM, FIRMS, "合并")
    name, basis = Text("企业名录", "Firms"), Text("统计法", "Statistics act")
    duty = Duty("firms", "trade", name, "stats", ("province",), basis, FIRMS)
    known = dict(shelf.packs())
    known["trade"] = replace(known["trade"], duties=(duty,))
    monkeypatch.setattr(shelf, "packs", lambda: known)
    answer = signed_in(officer).post(
        "/desk/resources/duty/", {"resource": FIRMS, "organisation": "330000-stats"}, follow=True
    )
    page = text_of(answer)
    assert "已按领域包起草" in page
    assert 'value="企业名录"' in page
