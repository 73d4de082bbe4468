"""Writing an entry by hand: draft, review by another person, change beside what is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from qiantang.kernel.actors import ANONYMOUS, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import (
    ContentInvalid,
    DraftOutdated,
    EntryWithdrawn,
    NotAllowed,
    NothingChanged,
    ReasonMissing,
    ResourceUnknown,
    SamePerson,
    StaleEdit,
    StatusForbids,
    VersionUnknown,
)
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.catalogue.tests.conftest import content
from qiantang.rooms.journal import selectors as journal

pytestmark = pytest.mark.django_db
HOME = "330100-stats"


@pytest.fixture
def drafted(hangzhou_officer: Actor) -> ResourceView:
    return services.draft(hangzhou_officer, HOME, content())


@pytest.fixture
def published(
    drafted: ResourceView, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> ResourceView:
    services.submit(hangzhou_officer, drafted.id)
    return services.publish(hangzhou_approver, drafted.id)


def test_a_draft_is_known_to_its_organisation_and_those_above_only(
    drafted: ResourceView, hangzhou_approver: Actor, hangzhou_admin: Actor, ningbo_approver: Actor
) -> None:
    for actor in (hangzhou_approver, hangzhou_admin):
        found = selectors.search(actor, "死亡", facets={"status": "draft"})
        assert [hit.id for hit in found.hits] == [drafted.id]
    for actor in (ANONYMOUS, ningbo_approver):
        assert selectors.search(actor, "死亡", facets={"status": "draft"}).total == 0
        with pytest.raises(ResourceUnknown):
            selectors.resource(actor, drafted.id)
        with pytest.raises(ResourceUnknown):
            selectors.versions(actor, drafted.id)


def test_people_of_the_level_above_draft_and_decide_within_their_scope(
    make_actor: Callable[..., Actor],
) -> None:
    """Who may draft there finds the draft again; who decides there sees what is in review."""
    steward = make_actor("steward", Role.OFFICER, at="330000")
    approver = make_actor("province-approver", Role.APPROVER, at="330000")
    made = services.draft(steward, HOME, content())
    assert selectors.resource(steward, made.id).status == "draft"
    assert [entry.id for entry in selectors.mine(steward)] == [made.id]
    services.change(steward, made.id, {"system": {"zh": "新系统", "en": "New system"}})
    services.submit(steward, made.id)
    assert [v.resource for v in selectors.waiting_for(approver)] == [made.id]
    assert selectors.search(approver, facets={"status": "review"}).total == 1
    assert services.publish(approver, made.id).status == "published"


def test_an_entry_is_published_by_somebody_else_and_found_at_once(
    drafted: ResourceView, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    assert services.submit(hangzhou_officer, drafted.id).status == "review"
    assert selectors.search(ANONYMOUS, "死亡登记").total == 0
    view = services.publish(hangzhou_approver, drafted.id)
    assert (view.status, view.number, view.code) == ("published", 1, "1/000001")
    assert view.owner == HOME
    assert (view.level, view.division) == ("city", "330100")
    assert [h.id for h in selectors.search(ANONYMOUS, "死亡登记").hits] == [drafted.id]
    verbs = {e.verb for e in journal.entries(hangzhou_approver, subject=f"resource:{drafted.id}")}
    assert "catalogue.entry_published" in verbs


def test_who_wrote_or_submitted_does_not_decide(
    make_actor: Callable[..., Actor], hangzhou_approver: Actor, hangzhou_admin: Actor
) -> None:
    both = make_actor("both", Role.OFFICER, Role.APPROVER, at=HOME)
    entry = services.draft(both, HOME, content())
    services.change(hangzhou_approver, entry.id, {"contact": {"zh": "综合处", "en": "Office"}})
    services.submit(hangzhou_approver, entry.id)
    for actor in (both, hangzhou_approver):
        assert selectors.waiting_for(actor) == ()
        with pytest.raises(SamePerson):
            services.publish(actor, entry.id)
        with pytest.raises(SamePerson):
            services.send_back(actor, entry.id, "请补充")
    assert [v.resource for v in selectors.waiting_for(hangzhou_admin)] == [entry.id]
    assert services.publish(hangzhou_admin, entry.id).status == "published"


def test_other_organisations_neither_write_nor_decide(
    published: ResourceView,
    hangzhou_officer: Actor,
    ningbo_approver: Actor,
    stranger: Actor,
    citizen: Actor,
) -> None:
    services.change(hangzhou_officer, published.id, {"cadence": "P1W"})
    services.submit(hangzhou_officer, published.id)
    for actor in (ningbo_approver, stranger, citizen, ANONYMOUS):
        for act in (
            lambda a: services.draft(a, HOME, content()),
            lambda a: services.change(a, published.id, {"cadence": "P1M"}),
            lambda a: services.submit(a, published.id),
            lambda a: services.publish(a, published.id),
            lambda a: services.send_back(a, published.id, "不合格"),
            lambda a: services.discard(a, published.id),
            lambda a: services.retire(a, published.id, "不再采集"),
        ):
            with pytest.raises(NotAllowed):
                act(actor)
    reading = replace(hangzhou_officer, token_scopes=frozenset({"read"}))
    with pytest.raises(NotAllowed):
        services.change(reading, published.id, {"cadence": "P1M"})


def test_an_administrator_above_manages_the_citys_entries_and_no_others(
    hangzhou_admin: Actor, published: ResourceView, fishing: None
) -> None:
    assert services.retire(hangzhou_admin, published.id, "机构改革").status == "retired"
    with pytest.raises(NotAllowed):
        services.retire(hangzhou_admin, "fishing.berths", "机构改革")


def test_a_change_lies_beside_the_published_version_until_it_is_decided(
    published: ResourceView, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    said = {"name": {"zh": "死亡登记与注销信息", "en": "Deaths and cancellations"}}
    services.change(hangzhou_officer, published.id, said, note="并入注销信息")
    assert selectors.resource(ANONYMOUS, published.id).name.zh == "死亡登记信息"
    assert [v.number for v in selectors.versions(ANONYMOUS, published.id)] == [1]
    assert [v.number for v in selectors.versions(hangzhou_approver, published.id)] == [None, 1]
    services.submit(hangzhou_officer, published.id)
    view = services.publish(hangzhou_approver, published.id)
    assert (view.number, view.name.zh, view.code) == (2, "死亡登记与注销信息", published.code)
    states = [(v.number, v.state) for v in selectors.versions(ANONYMOUS, published.id)]
    assert states == [(2, "published"), (1, "superseded")]
    assert selectors.search(ANONYMOUS, "注销信息").total == 1


def test_the_public_history_begins_when_the_entry_was_opened_and_names_no_account(
    hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    withheld = services.draft(hangzhou_officer, HOME, content(sharing="withheld"))
    services.submit(hangzhou_officer, withheld.id)
    services.publish(hangzhou_approver, withheld.id)
    services.change(hangzhou_officer, withheld.id, {"sharing": "conditional"}, note="改为有条件")
    services.submit(hangzhou_officer, withheld.id)
    services.publish(hangzhou_approver, withheld.id)
    (shown,) = selectors.versions(ANONYMOUS, withheld.id)
    assert (shown.number, shown.note) == (2, "改为有条件")
    assert {shown.drafted_by, shown.submitted_by, shown.decided_by, shown.reason} == {""}
    with pytest.raises(VersionUnknown):
        selectors.difference(ANONYMOUS, withheld.id, 1, 2)
    newer, older = selectors.versions(hangzhou_officer, withheld.id)
    assert (older.number, newer.decided_by) == (1, hangzhou_approver.key)
    assert selectors.difference(hangzhou_officer, withheld.id, 1, 2).changes


def test_a_draft_that_is_sent_back_says_why(
    drafted: ResourceView, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    services.submit(hangzhou_officer, drafted.id)
    with pytest.raises(ReasonMissing):
        services.send_back(hangzhou_approver, drafted.id, " ")
    assert services.send_back(hangzhou_approver, drafted.id, "请写明主管处室").status == "draft"
    version = selectors.open_version(hangzhou_officer, drafted.id)
    assert version is not None
    assert (version.state, version.reason) == ("draft", "请写明主管处室")
    services.submit(hangzhou_officer, drafted.id)
    assert services.publish(hangzhou_approver, drafted.id).status == "published"


def test_a_stale_edit_is_refused(published: ResourceView, hangzhou_officer: Actor) -> None:
    seen = selectors.resource(hangzhou_officer, published.id).edition
    services.change(hangzhou_officer, published.id, {"cadence": "P1W"}, seen=seen)
    with pytest.raises(StaleEdit):
        services.change(hangzhou_officer, published.id, {"cadence": "P1M"}, seen=seen)
    version = selectors.open_version(hangzhou_officer, published.id)
    assert version is not None
    assert version.content["cadence"] == "P1W"


def test_a_draft_of_an_older_version_is_not_published_over_a_newer_one(
    fishing: None, make_actor: Callable[..., Actor], officer: Actor, pack_folder: object
) -> None:
    from qiantang.rooms.catalogue.models import ResourceVersion

    boss = make_actor("boss", Role.ADMINISTRATOR, at="330000-stats")
    services.change(officer, "fishing.catches", _more())
    services.submit(officer, "fishing.catches")
    ResourceVersion.objects.filter(state="review").update(base=0)
    with pytest.raises(DraftOutdated):
        services.publish(boss, "fishing.catches")
    services.send_back(boss, "fishing.catches", "现行版本已变")
    services.change(officer, "fishing.catches", {})
    services.submit(officer, "fishing.catches")
    assert services.publish(boss, "fishing.catches").number == 2


def _more() -> dict[str, object]:
    contact = {"zh": "渔业处", "en": "Fisheries"}
    return {"contact": contact, "classes": ["3"]}


def test_the_structure_of_a_declared_resource_is_the_packs(fishing: None, officer: Actor) -> None:
    with pytest.raises(ContentInvalid) as refused:
        services.change(
            officer, "fishing.berths", {"fields": [], "grain": ["x"], "division": "330200"}
        )
    assert [where for where, _ in refused.value.problems] == ["fields", "grain", "division"]


def test_every_problem_of_a_content_is_said_at_once(hangzhou_officer: Actor) -> None:
    wrong = {
        "name": "死亡登记",
        "sharing": "secret",
        "cadence": "monthly",
        "division": "33010",
        "colour": "red",
        "fields": [{"id": "1x", "type": "word"}, "y"],
    }
    with pytest.raises(ContentInvalid) as refused:
        services.draft(hangzhou_officer, HOME, wrong)
    assert {where for where, _ in refused.value.problems} == {
        "name", "sharing", "cadence", "division", "colour",
        "fields.1.id", "fields.1.type", "fields.2",
    }  # fmt: skip
    for _, text in refused.value.problems:
        assert text.zh
        assert text.en


ITEM = {"id": "a", "name": {"zh": "甲", "en": "A"}, "type": "text"}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("unit", {"x": 1}),
        ("description", "abc"),
        ("description", 5),
        ("name", {"zh": 1}),
        ("name", "甲"),
        ("pattern", "[("),
        ("length", "abc"),
        ("length", True),
        ("minimum", {"x": 1}),
        ("minimum", "no number"),
        ("maximum", float("nan")),
        ("values", "abc"),
        ("values", [1]),
        ("codes", "no.such-list"),
        ("codes", ["x"]),
        ("element", "no.such-element"),
        ("identifier", "cn.nothing"),
        ("required", "yes"),
        ("precision", "hour"),
        ("personal", "very"),
        ("type", ["text"]),
        ("reference", 5),
    ],
)
def test_an_attribute_of_an_item_is_what_it_is_declared_to_be(
    hangzhou_officer: Actor, attribute: str, value: object
) -> None:
    with pytest.raises(ContentInvalid) as refused:
        services.draft(hangzhou_officer, HOME, {"fields": [{**ITEM, attribute: value}]})
    ((where, text),) = refused.value.problems
    assert where == f"fields.1.{attribute}"
    assert text.zh != text.en


def test_an_item_with_everything_said_is_kept(hangzhou_officer: Actor) -> None:
    whole = {
        **ITEM,
        "description": {"zh": "说明", "en": "Says"},
        "length": 18,
        "unit": "人",
        "required": True,
        "personal": "sensitive",
        "identifier": "cn.resident-id",
        "pattern": "[0-9]{17}[0-9X]",
        "values": ["甲", "乙"],
        "minimum": 0,
        "maximum": "2030-12-31",
        "precision": "month",
    }
    made = services.draft(hangzhou_officer, HOME, {"fields": [whole], "grain": ["a"]})
    assert dict(made.fields[0]) == {**whole, "minimum": "0"}


def test_a_key_is_made_of_items(hangzhou_officer: Actor) -> None:
    with pytest.raises(ContentInvalid) as refused:
        services.draft(hangzhou_officer, HOME, {"fields": [ITEM], "grain": ["a", "b"]})
    ((where, text),) = refused.value.problems
    assert (where, "“b”" in text.zh) == ("grain", True)


@pytest.mark.parametrize("cadence", ["P0D", "P", "PT0S", "P0Y0M"])
def test_a_cycle_of_no_length_is_none(hangzhou_officer: Actor, cadence: str) -> None:
    with pytest.raises(ContentInvalid) as refused:
        services.draft(hangzhou_officer, HOME, {"cadence": cadence})
    assert refused.value.problems[0][0] == "cadence"


def test_an_entry_without_a_cycle_says_so_and_is_complete(
    hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    unsaid = services.draft(hangzhou_officer, HOME, content(cadence=""))
    with pytest.raises(ContentInvalid) as refused:
        services.submit(hangzhou_officer, unsaid.id)
    assert [where for where, _ in refused.value.problems] == ["cadence"]
    services.change(hangzhou_officer, unsaid.id, {"cadence": "irregular"})
    services.submit(hangzhou_officer, unsaid.id)
    made = services.publish(hangzhou_approver, unsaid.id)
    assert (made.cadence, made.freshness.state, made.completeness) == ("irregular", "no-cycle", 100)
    with pytest.raises(ContentInvalid):
        services.change(hangzhou_officer, made.id, {"retention": "irregular"})


def test_what_a_text_lacks_is_said_by_language_or_length(hangzhou_officer: Actor) -> None:
    given = content(
        conditions={"zh": "经审批", "en": ""},
        licence={"zh": "", "en": "Open"},
        contact={"zh": "", "en": ""},
        description={"zh": "短", "en": "Short"},
    )
    made = services.draft(hangzhou_officer, HOME, given)
    said = {m.attribute: m.label for m in selectors.completeness(made).missing}
    assert said == {
        "description": Text(
            "信息资源摘要（中文不足 20 字）", "Abstract (20 characters in Chinese)"
        ),
        "conditions": Text("共享条件（英文）", "Share conditions (in English)"),
        "licence": Text("许可（中文）", "Licence (in Chinese)"),
        "contact": Text("联系方式", "Contact"),
    }


def test_words_line_breaks_are_line_breaks(hangzhou_officer: Actor) -> None:
    said = {"description": {"zh": "第一行\x0b第二行\x07", "en": "One"}}
    made = services.draft(hangzhou_officer, HOME, said)
    assert made.description.zh == "第一行\n第二行"


def test_what_a_review_needs_is_asked_for_before_it(hangzhou_officer: Actor) -> None:
    entry = services.draft(hangzhou_officer, HOME, {"name": {"zh": "低保名单", "en": "Allowances"}})
    with pytest.raises(ContentInvalid) as refused:
        services.submit(hangzhou_officer, entry.id)
    missing = {where for where, _ in refused.value.problems}
    assert missing == {"description", "classes", "fields", "cadence", "conditions"}


def test_a_change_that_says_the_same_is_not_submitted(
    published: ResourceView, hangzhou_officer: Actor
) -> None:
    services.change(hangzhou_officer, published.id, {"cadence": published.cadence})
    with pytest.raises(NothingChanged):
        services.submit(hangzhou_officer, published.id)
    assert services.discard(hangzhou_officer, published.id).status == "published"
    assert selectors.open_version(hangzhou_officer, published.id) is None
    with pytest.raises(StatusForbids):
        services.discard(hangzhou_officer, published.id)


def test_while_it_is_in_review_nobody_writes_in_it(
    drafted: ResourceView, hangzhou_officer: Actor
) -> None:
    services.submit(hangzhou_officer, drafted.id)
    with pytest.raises(StatusForbids):
        services.change(hangzhou_officer, drafted.id, {"cadence": "P1M"})
    with pytest.raises(StatusForbids):
        services.submit(hangzhou_officer, drafted.id)


def test_codes_are_counted_by_class_and_never_given_again(
    hangzhou_officer: Actor, hangzhou_approver: Actor, hangzhou_admin: Actor
) -> None:
    codes = []
    for n in range(3):
        name = {"zh": f"名录{n}", "en": f"List {n}"}
        entry = services.draft(hangzhou_officer, HOME, content(name=name))
        services.submit(hangzhou_officer, entry.id)
        codes.append(services.publish(hangzhou_approver, entry.id).code)
        services.retire(hangzhou_admin, entry.id, "试用结束")
    assert codes == ["1/000001", "1/000002", "1/000003"]


def test_a_draft_from_before_a_withdrawal_brings_nothing_back(
    published: ResourceView,
    hangzhou_officer: Actor,
    hangzhou_approver: Actor,
    hangzhou_admin: Actor,
) -> None:
    services.change(hangzhou_officer, published.id, {"cadence": "P1W"})
    services.submit(hangzhou_officer, published.id)
    seen = selectors.resource(hangzhou_approver, published.id).edition
    services.withdraw(hangzhou_admin, published.id, "并入省级目录")
    with pytest.raises(EntryWithdrawn) as refused:
        services.publish(hangzhou_approver, published.id, seen=seen)
    for lang in ("zh", "en"):
        said = refused.value.problem(lang)
        assert said["status"] == 409
        assert "并入省级目录" in said["detail"]
        assert said["hint"]
    with pytest.raises(EntryWithdrawn):
        services.submit(hangzhou_officer, published.id)
    assert selectors.resource(ANONYMOUS, published.id).status == "retired"
    assert selectors.waiting_for(hangzhou_approver) == ()
    newest = selectors.versions(hangzhou_officer, published.id)[0]
    assert (newest.state, newest.reason) == ("discarded", "并入省级目录")


def test_what_is_withdrawn_leaves_the_list_at_once_and_keeps_its_page(
    published: ResourceView, hangzhou_admin: Actor
) -> None:
    services.withdraw(hangzhou_admin, published.id, "由省级统一采集")
    assert selectors.search(ANONYMOUS, "死亡登记").total == 0
    assert selectors.search(ANONYMOUS, "死亡登记", facets={"status": "retired"}).total == 1
    view = selectors.resource(ANONYMOUS, published.id)
    assert (view.status, view.reason) == ("retired", "由省级统一采集")


def test_difference_names_what_changed_attribute_by_attribute_and_field_by_field(
    published: ResourceView, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    fields = [
        {"id": "person", "name": {"zh": "身份证号", "en": "Resident id"}, "type": "text"},
        {"id": "cause", "name": {"zh": "死亡原因", "en": "Cause"}, "type": "text"},
        {"id": "place", "name": {"zh": "登记机关", "en": "Registry"}, "type": "text"},
    ]
    said = {"fields": fields, "cadence": "P1M", "open": True}
    services.change(hangzhou_officer, published.id, said)
    found = selectors.difference(hangzhou_officer, published.id, 1, None)
    changes = {(c.kind, c.attribute, c.where): c for c in found.changes}
    assert set(changes) == {
        ("changed", "cadence", ""),
        ("changed", "open", ""),
        ("changed", "fields.name", "person"),
        ("removed", "fields", "died_on"),
        ("added", "fields", "cause"),
    }
    name = changes[("changed", "fields.name", "person")]
    assert (name.before.en, name.after.en) == ("公民身份号码", "身份证号")
    cycle = changes[("changed", "cadence", "")]
    assert (cycle.before.zh, cycle.after.zh, cycle.after.en) == ("每日", "每月", "Monthly")
    named = changes[("changed", "fields.name", "person")]
    assert (named.before.zh, named.after.zh) == ("公民身份号码", "身份证号")
    assert not selectors.difference(ANONYMOUS, published.id, 1, 1)
    with pytest.raises(Exception, match="no version"):
        selectors.difference(ANONYMOUS, published.id, 1, None)


def test_completeness_names_what_is_missing_and_adds_up(drafted: ResourceView) -> None:
    assert selectors.completeness(drafted).missing == ()
    assert selectors.completeness(drafted).score == drafted.completeness == 100
    bare = replace(drafted, contact=drafted.contact.__class__("", ""), keywords_zh=())
    found = selectors.completeness(bare)
    assert {m.attribute for m in found.missing} == {"contact", "keywords"}
    assert found.score == 100 - sum(m.weight for m in found.missing) < 100
