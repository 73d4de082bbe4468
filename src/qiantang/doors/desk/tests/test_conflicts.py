"""Conflicts at the desk: seen beside each other, settled with a button and a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.apps import apps

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.selectors import ConflictView
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested

pytestmark = pytest.mark.django_db


@pytest.fixture
def conflict(zone: None) -> ConflictView:
    services.register_resources(SYSTEM, "geography")
    ours = selectors.resource(SYSTEM, "geography.division")
    twin = harvested("外来区划表", "Divisions", code=ours.code, division=ours.division)
    services.take_harvested(SYSTEM, ORIGIN, [twin])
    (found,) = selectors.conflicts(SYSTEM)
    return found


def test_an_administrator_settles_and_may_change_it(
    conflict: ConflictView, administrator: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(administrator)
    assert 'href="/desk/conflicts/"' in browser.get("/desk/").content.decode()
    page = browser.get("/desk/conflicts/?upstream=test").content.decode()
    assert "外来区划表" in page
    assert "代码相同" in page
    address = f"/desk/conflicts/{conflict.id}/settle/"
    assert address in page
    assert browser.post(address, {"decision": "here", "reason": ""}).status_code == 422
    said = {"decision": "here", "reason": "本地登记在先", "upstream": "test"}
    page = browser.post(address, said, follow=True).content.decode()
    assert "冲突已处理" in page
    assert "没有待处理的冲突" in page
    assert "本地登记在先" in page
    assert 'href="/desk/conflicts/"' not in browser.get("/desk/").content.decode()
    assert selectors.resource(SYSTEM, conflict.entry).status == "retired"
    browser.post(address, {"decision": "both", "reason": "并不重复"})
    assert selectors.resource(SYSTEM, conflict.entry).status == "published"
    assert "Entry conflicts" in browser.get("/desk/conflicts/?lang=en").content.decode()


@pytest.fixture
def three(conflict: ConflictView) -> list[ConflictView]:
    """The one with an entry of ours, and two between upstreams."""
    twins = [harvested("甲", "A"), harvested("乙", "B")]
    for origin in (ORIGIN, replace(ORIGIN, upstream="other")):
        services.take_harvested(SYSTEM, origin, twins)
    return sorted(selectors.conflicts(SYSTEM), key=lambda c: c.id)


def test_several_are_settled_at_once(
    three: list[ConflictView], administrator: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(administrator)
    page = browser.get("/desk/conflicts/?lang=zh").content.decode()
    assert page.count('form="several" name="conflict"') == page.count('name="shown"') == 3
    assert "以上全部 3 处" in page
    address, said = "/desk/conflicts/settle/", {"decision": "here", "reason": "本地登记在先"}
    assert browser.post(address, said).status_code == 422
    assert browser.post(address, {**said, "conflict": ["x"]}).status_code == 404
    two = {**said, "conflict": [three[0].id, three[2].id], "upstream": "test"}
    page = browser.post(address, two, follow=True).content.decode()
    assert "2 处冲突已处理：保留原有条目，不收上游条目。" in page
    assert 'id="several"' not in page
    statuses = [selectors.resource(SYSTEM, c.entry).status for c in three]
    assert statuses == ["retired", "published", "retired"]


def test_all_that_the_page_showed_are_settled_with_one_tick(
    three: list[ConflictView], administrator: Actor, officer: Actor, signed_in: SignedIn
) -> None:
    said = {"decision": "both", "reason": "并不重复", "all": "on", "shown": [c.id for c in three]}
    refused = signed_in(officer)
    assert 'id="several"' not in refused.get("/desk/conflicts/").content.decode()
    assert refused.post("/desk/conflicts/settle/", said).status_code == 403
    page = signed_in(administrator).post("/desk/conflicts/settle/?lang=en", said, follow=True)
    assert "Conflicts settled: 3; keep both." in page.content.decode()
    assert selectors.conflicts(SYSTEM) == ()


def test_the_entry_that_is_here_leads_to_its_conflict(
    conflict: ConflictView, administrator: Actor, signed_in: SignedIn
) -> None:
    page = signed_in(administrator).get("/catalogue/geography.division/").content.decode()
    assert conflict.entry in page
    assert 'href="/desk/conflicts/"' in page


def test_others_see_it_without_a_button_and_are_refused(
    conflict: ConflictView, officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    assert "/settle/" not in browser.get("/desk/conflicts/").content.decode()
    said = {"decision": "here", "reason": "重复"}
    assert browser.post(f"/desk/conflicts/{conflict.id}/settle/", said).status_code == 403
    assert selectors.resource(SYSTEM, conflict.entry).status == "published"


def test_the_keeper_of_an_upstream_is_told_who_decides_about_what_he_may_not_see(
    zone: None, make_actor: Callable[..., Actor], signed_in: SignedIn
) -> None:
    services.register_resources(SYSTEM, "geography")
    ours = selectors.resource(SYSTEM, "geography.division")
    path = "/330000/330100/330100-stats/"
    origin = replace(ORIGIN, owner="330100-stats", owner_path=path)
    twin = harvested("外来区划表", "Divisions", code=ours.code, division=ours.division)
    services.take_harvested(SYSTEM, origin, [twin])
    entries = apps.get_model("catalogue", "InformationResource").objects
    entries.filter(pk=ours.id).update(sharing="withheld")
    browser = signed_in(make_actor("keeper", Role.ADMINISTRATOR, at="330100-stats"))
    page = browser.get("/desk/conflicts/?lang=zh").content.decode()
    assert "外来区划表" in page
    assert "请全区管理员处理" in page
    assert ours.id not in page
    (seen,) = selectors.conflicts(SYSTEM)
    for door in ("/catalogue/upstreams/", f"/catalogue/{seen.entry}/"):
        assert ours.id not in browser.get(door).content.decode()
    english = browser.get("/desk/conflicts/?lang=en").content.decode()
    assert "ask an administrator of the whole zone" in english
