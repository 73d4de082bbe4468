"""A draft that cannot be submitted yet: where it is, what lacks, and how to go on with it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.test_entries_sources_waivers import ENTRY, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake.tests.conftest import spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade

__all__ = ["spool_folder", "trade"]
pytestmark = pytest.mark.django_db


def test_what_lacks_is_named_as_the_form_names_it_and_saved_once(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    nameless = {**ENTRY, "name-zh": "", "name-en": "", "classes": "", "submit": "1"}
    answer = browser.post("/desk/resources/new/", nameless)
    (made,) = [e for e in catalogue.mine(officer) if e.status == "draft"]
    assert (answer.status_code, made.name.zh, made.name.en) == (422, made.id, made.id)
    page = text_of(answer)
    assert "<strong>信息资源名称</strong>" in page
    assert "<code>classes</code>" not in page
    form = reverse("desk:entry", kwargs={"id": made.id})
    assert f'action="{form}"' in page
    assert browser.post(form, {**ENTRY, "seen": made.edition}).status_code == 302
    assert [e.name.zh for e in catalogue.mine(officer) if e.status == "draft"] == [ENTRY["name-zh"]]


def test_the_list_of_classes_is_one_step_away(officer: Actor, signed_in: SignedIn) -> None:
    page = text_of(signed_in(officer).get("/desk/resources/new/"))
    assert 'href="/catalogue/codes/data-commons.resource-class/"' in page


def test_what_is_sent_back_waits_in_its_authors_inbox_until_it_is_submitted_again(
    officer: Actor, approver: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    browser.post("/desk/resources/new/", {**ENTRY, "submit": "1"})
    (made,) = [e for e in catalogue.mine(officer) if e.status == "review"]
    assert catalogue.sent_back(officer) == ()
    decision = {"decision": "send_back", "reason": "请补充主键"}
    signed_in(approver).post(f"/desk/resources/{made.id}/decide/", decision)
    page = text_of(browser.get("/desk/"))
    assert "退回给您的条目" in page
    assert "请补充主键" in page
    assert "退回给您的条目" not in text_of(signed_in(approver).get("/desk/"))
    browser.post(f"/desk/resources/{made.id}/edit/", {**ENTRY, "submit": "1"})
    assert catalogue.sent_back(officer) == ()
