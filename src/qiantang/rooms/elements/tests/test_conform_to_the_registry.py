"""Fields conform to data elements, or differ and are told, or are excused until a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit import builtin_packs
from qiantang.packkit.compiled import Element, FieldType, Personal
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.elements import selectors, services
from qiantang.rooms.elements.errors import (
    ElementUnknown,
    NothingToWaive,
    NotStandardsOffice,
    WaiverIncomplete,
    WaiverNotLonger,
    WaiverOver,
    WaiverUnknown,
)
from qiantang.rooms.elements.findings import Rule, findings
from qiantang.rooms.elements.services import Leave
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.tests.folders import write_pack

DAY = date(2026, 3, 1)
ELEMENTS = (
    "id,zh,en,definition_zh,definition_en,type,unit,codes,identifier,pattern,minimum,maximum,"
    "personal,standard,valid_from,valid_to,status\n"
    "berths,泊位数,Berths,港口泊位的个数,Number of berths in a port,integer,个,,,,,,"
    "none,港口统计规范,2015-01-01,,unverified\n"
)


def element(**more: Any) -> Element:
    plain = Element(
        "name", "commons", Text("姓名", "Full name"), Text("人的姓名", "Name of a person"),
        FieldType.TEXT, "GB/T 18391", personal=Personal.PERSONAL,
    )  # fmt: skip
    return replace(plain, **more)


def rules_of(field: dict[str, Any], registry: dict[str, Element]) -> list[Rule]:
    return [f.rule for f in findings([field], registry, DAY)]


def test_a_field_that_is_written_as_its_element_says_has_no_finding() -> None:
    field = {"id": "n", "type": "text", "personal": "personal", "element": "commons.name"}
    assert rules_of(field, {"commons.name": element()}) == []


def test_a_field_may_be_classified_higher_but_not_lower() -> None:
    field = {"id": "n", "type": "text", "element": "commons.name"}
    registry = {"commons.name": element()}
    assert rules_of({**field, "personal": "sensitive"}, registry) == []
    assert rules_of({**field, "personal": "none"}, registry) == [Rule.PERSONAL]


def test_every_point_of_difference_is_told() -> None:
    registry = {
        "commons.name": element(
            codes="commons.list", identifier="cn.uscc", unit="人", pattern="a+",
            valid_to=date(2025, 12, 31),
        )
    }  # fmt: skip
    field = {"id": "n", "type": "integer", "element": "commons.name"}
    assert set(rules_of(field, registry)) == {
        Rule.NOT_IN_FORCE, Rule.TYPE, Rule.CODES, Rule.IDENTIFIER, Rule.UNIT, Rule.PATTERN,
        Rule.PERSONAL,
    }  # fmt: skip


def test_an_element_of_the_same_name_is_offered_unless_two_have_it() -> None:
    field = {"id": "n", "type": "text", "name": {"zh": "姓名", "en": "Name"}}
    one = {"commons.name": element()}
    assert rules_of(field, one) == [Rule.WITHOUT]
    assert rules_of(field, {**one, "other.name": element(pack="other")}) == []


def test_an_english_name_alone_is_too_general_to_tell_by() -> None:
    field = {"id": "name", "type": "text", "name": {"zh": "点位名称", "en": "Full name"}}
    assert rules_of(field, {"commons.person-name": element(id="person-name")}) == []


def test_a_reference_to_nothing_is_told() -> None:
    assert rules_of({"id": "n", "type": "text", "element": "commons.nil"}, {}) == [Rule.UNKNOWN]


@pytest.fixture
def ports(tree: None, tmp_path: Path, settings: Any) -> str:
    """A resource that has a name like an element's, and does not follow it."""
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    folder = write_pack(tmp_path, resources={"berths": "unconditional", "patrols": "withheld"})
    (folder / "elements").mkdir()
    (folder / "elements" / "port.csv").write_text(ELEMENTS, encoding="utf-8")
    geography = next(path for path in builtin_packs() if path.name == "geography")
    shelf.install_pack(SYSTEM, geography)
    installed = shelf.install_pack(SYSTEM, folder)
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "fishing")
    return "fishing.berths"


def leave(resource: str, **more: Any) -> Leave:
    today = date.today()
    plain = Leave(
        resource, "berths", Rule.WITHOUT, "旧系统年底前下线", "浙标办〔2026〕3号",
        today - timedelta(days=1), today + timedelta(days=30),
    )  # fmt: skip
    return replace(plain, **more)


@pytest.mark.django_db
class TestWaivers:
    def test_a_waiver_lets_a_difference_stand_until_its_last_day(
        self, ports: str, administrator: Actor
    ) -> None:
        before = selectors.report(ANONYMOUS, ports)
        assert (before.fields, before.compared, before.share, len(before.findings)) == (2, 1, 0, 1)
        granted = services.grant_waiver(administrator, leave(ports))
        during = selectors.report(ANONYMOUS, ports, on=granted.valid_to)
        assert (during.share, during.findings, len(during.excused)) == (1.0, (), 1)
        after = selectors.report(ANONYMOUS, ports, on=granted.valid_to + timedelta(days=1))
        assert (after.share, len(after.findings)) == (0, 1)
        assert [w.id for w in after.lapsed] == [granted.id]

    def test_a_waiver_is_extended_before_it_ends(self, ports: str, administrator: Actor) -> None:
        first = services.grant_waiver(administrator, leave(ports))
        for until in (first.valid_to, first.valid_to - timedelta(days=1)):
            with pytest.raises(WaiverNotLonger):
                services.grant_waiver(administrator, leave(ports, valid_to=until))
        later = first.valid_to + timedelta(days=90)
        longer = services.grant_waiver(administrator, leave(ports, valid_to=later))
        (excused,) = selectors.report(ANONYMOUS, ports).excused
        assert excused.waiver.id == longer.id
        after = selectors.report(ANONYMOUS, ports, on=first.valid_to + timedelta(days=1))
        assert (after.findings, after.lapsed) == ((), ())
        services.withdraw_waiver(administrator, longer.id, "提前完成")
        (excused,) = selectors.report(ANONYMOUS, ports).excused
        assert excused.waiver.id == first.id

    def test_where_no_field_has_to_do_with_an_element_nothing_is_said_to_conform(
        self, ports: str, administrator: Actor
    ) -> None:
        fields = [{"id": "shade", "name": {"zh": "色号", "en": "Shade"}, "type": "text"}]
        made = catalogue.draft(administrator, "330000-stats", {"fields": fields})
        report = selectors.report(administrator, made.id)
        assert (report.fields, report.followed, report.compared) == (1, 0, 0)
        assert report.share is None

    def test_granting_and_withdrawing_are_journaled(self, ports: str, administrator: Actor) -> None:
        granted = services.grant_waiver(administrator, leave(ports))
        services.withdraw_waiver(administrator, granted.id, "提前下线")
        verbs = [e.verb for e in journal.entries(administrator, subject=f"resource:{ports}")]
        assert {"elements.waiver_granted", "elements.waiver_withdrawn"} <= set(verbs)
        assert selectors.waivers(administrator)[0].state == "withdrawn"
        with pytest.raises(WaiverOver):
            services.withdraw_waiver(administrator, granted.id, "再次")

    def test_nobody_excuses_himself(
        self, ports: str, make_actor: Callable[..., Actor], hangzhou_admin: Actor, officer: Actor
    ) -> None:
        own = make_actor("own", Role.ADMINISTRATOR, at="330000-stats")
        for actor in (own, officer, hangzhou_admin, ANONYMOUS):
            with pytest.raises(NotStandardsOffice):
                services.grant_waiver(actor, leave(ports))
        assert selectors.waivers(own) == ()

    def test_a_token_that_only_reads_waives_nothing(self, ports: str, administrator: Actor) -> None:
        reader = replace(administrator, token="t", token_scopes=frozenset({"read"}))
        with pytest.raises(NotStandardsOffice):
            services.grant_waiver(reader, leave(ports))

    @pytest.mark.parametrize(
        "wrong", [{"reason": " "}, {"document": ""}, {"valid_to": date(2020, 1, 1)}]
    )
    def test_a_waiver_needs_a_reason_a_document_and_an_end(
        self, ports: str, administrator: Actor, wrong: dict[str, Any]
    ) -> None:
        with pytest.raises(WaiverIncomplete):
            services.grant_waiver(administrator, leave(ports, **wrong))

    def test_what_does_not_differ_is_not_waived(self, ports: str, administrator: Actor) -> None:
        with pytest.raises(NothingToWaive):
            services.grant_waiver(administrator, leave(ports, field="division"))

    def test_what_nobody_may_know_of_has_no_report_and_no_waiver(
        self, ports: str, administrator: Actor, citizen: Actor
    ) -> None:
        granted = services.grant_waiver(administrator, leave("fishing.patrols"))
        with pytest.raises(ResourceUnknown):
            selectors.report(citizen, "fishing.patrols")
        assert selectors.waivers(citizen) == ()
        with pytest.raises(WaiverUnknown):
            services.withdraw_waiver(citizen, granted.id, "x")

    def test_the_registry_is_searched_by_word_and_read_by_id(self, ports: str) -> None:
        assert list(selectors.elements("泊位")) == ["fishing.berths"]
        assert selectors.elements("没有这样的词") == {}
        with pytest.raises(ElementUnknown):
            selectors.element("fishing.nil")

    def test_the_worst_resources_come_first(self, ports: str, citizen: Actor) -> None:
        shares = [r.share for r in selectors.reports(citizen)]
        assert shares == sorted(shares)
