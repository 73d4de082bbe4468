"""Entries under a new owner: at once or offered, read while offered, accepted or declined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import (
    AlreadyOwner,
    NotAllowed,
    NothingOffered,
    ResourceUnknown,
)
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.tests.conftest import content

pytestmark = pytest.mark.django_db


def test_an_administrator_above_both_transfers_at_once_and_the_pack_does_not_undo_it(
    fishing: Path, administrator: Actor
) -> None:
    view = services.transfer(administrator, "fishing.berths", "330000-economy", "机构改革")
    assert (view.owner, view.owner_department) == ("330000-economy", "economy")
    services.register_resources(SYSTEM, "fishing")
    assert selectors.resource(SYSTEM, "fishing.berths").owner == "330000-economy"
    found = selectors.search(ANONYMOUS, facets={"department": "economy"})
    assert [hit.id for hit in found.hits] == ["fishing.berths"]


def test_a_new_owner_is_a_new_version_and_the_difference_says_so(
    fishing: Path, administrator: Actor
) -> None:
    before = selectors.resource(SYSTEM, "fishing.berths")
    view = services.transfer(administrator, "fishing.berths", "330000-economy", "机构改革")
    assert (before.number, view.number) == (1, 2)
    newest, oldest = selectors.versions(ANONYMOUS, "fishing.berths")
    assert (newest.state, oldest.state) == ("published", "superseded")
    assert (oldest.owner["code"], newest.owner["code"]) == (before.owner, "330000-economy")
    assert newest.note == f"{before.owner} → 330000-economy"
    (change,) = selectors.difference(ANONYMOUS, "fishing.berths", 1, 2).changes
    assert (change.attribute, change.before, change.after) == (
        "owner",
        before.provider,
        view.provider,
    )
    services.register_resources(SYSTEM, "fishing")
    assert selectors.resource(SYSTEM, "fishing.berths").number == 2


def test_a_version_from_before_owners_were_noted_gets_the_one_it_had(
    fishing: Path, administrator: Actor
) -> None:
    ResourceVersion.objects.filter(resource="fishing.berths").update(owner={})
    services.transfer(administrator, "fishing.berths", "330000-economy", "机构改革")
    (change,) = selectors.difference(ANONYMOUS, "fishing.berths", 1, 2).changes
    assert change.attribute == "owner"


def test_nobody_is_given_what_is_theirs(fishing: Path, administrator: Actor) -> None:
    before = InformationResource.objects.get(pk="fishing.berths")
    with pytest.raises(AlreadyOwner):
        services.transfer(administrator, "fishing.berths", str(before.owner_id), "机构改革")
    after = InformationResource.objects.get(pk="fishing.berths")
    assert (after.edition, after.number, after.moved) == (before.edition, 1, False)


def test_a_draft_goes_on_under_the_new_owner(
    fishing: Path, officer: Actor, administrator: Actor, stranger: Actor
) -> None:
    said = {"contact": {"zh": "综合处", "en": "Office"}, "classes": content()["classes"]}
    services.change(officer, "fishing.berths", said)
    services.transfer(administrator, "fishing.berths", "330000-economy", "机构改革")
    services.submit(administrator, "fishing.berths")
    published = services.publish(stranger, "fishing.berths")
    assert (published.number, published.contact.zh) == (3, "综合处")
    changed = selectors.difference(ANONYMOUS, "fishing.berths", 1, 3).changes
    assert [c.attribute for c in changed] == ["owner", "classes", "contact"]


def test_an_entry_that_was_withdrawn_stays_so_with_a_new_owner(
    fishing: Path, administrator: Actor
) -> None:
    services.withdraw(administrator, "fishing.berths", "试点结束")
    view = services.transfer(administrator, "fishing.berths", "330000-economy", "机构改革")
    assert (view.status, view.number) == ("retired", 2)


def test_between_equals_a_transfer_needs_both(
    fishing: Path, make_actor: Callable[..., Actor], stranger: Actor, officer: Actor
) -> None:
    giver = make_actor("giver", Role.ADMINISTRATOR, at="330000-stats")
    with pytest.raises(NotAllowed):
        services.transfer(officer, "fishing.patrols", "330000-economy", "职能划转")
    offered = services.transfer(giver, "fishing.patrols", "330000-economy", "职能划转")
    assert (offered.owner, offered.offered_to) == ("330000-stats", "330000-economy")
    assert [v.id for v in selectors.mine(stranger)] == ["fishing.patrols"]
    with pytest.raises(NotAllowed):
        services.accept_transfer(officer, "fishing.patrols")
    assert services.accept_transfer(stranger, "fishing.patrols").owner == "330000-economy"
    with pytest.raises(ResourceUnknown):
        services.accept_transfer(giver, "fishing.patrols")
    with pytest.raises(NothingOffered):
        services.accept_transfer(giver, "fishing.berths")


def test_an_entry_handed_to_another_level_stays_about_its_area(
    tree: None,
    fishing: Path,
    hangzhou_officer: Actor,
    hangzhou_approver: Actor,
    hangzhou_admin: Actor,
    stranger: Actor,
) -> None:
    made = services.draft(hangzhou_officer, "330100-stats", content())
    services.submit(hangzhou_officer, made.id)
    before = services.publish(hangzhou_approver, made.id)
    assert (before.level, before.division) == ("city", "330100")
    services.transfer(hangzhou_admin, made.id, "330000-economy", "职能上收")
    after = services.accept_transfer(stranger, made.id)
    assert (after.owner, after.level, after.division) == ("330000-economy", "province", "330100")
    assert after.code == before.code
    chosen = {"level": "province", "division": "330100"}
    assert [hit.id for hit in selectors.search(ANONYMOUS, facets=chosen).hits] == [made.id]
    below = {"level": "city", "division": "330100"}
    assert selectors.search(ANONYMOUS, facets=below).hits == ()


def test_what_is_offered_is_read_by_its_receiver_while_it_is_offered(
    fishing: Path, make_actor: Callable[..., Actor], stranger: Actor, hangzhou_officer: Actor
) -> None:
    giver = make_actor("giver", Role.ADMINISTRATOR, at="330000-stats")
    reader = make_actor("economy-officer", Role.OFFICER, at="330000-economy")
    above = make_actor("government", Role.ADMINISTRATOR, at="330000")
    held_back = "fishing.patrols"
    with pytest.raises(ResourceUnknown):
        selectors.resource(stranger, held_back)
    services.transfer(giver, held_back, "330000-economy", "职能划转")
    for person in (stranger, reader, above):
        assert selectors.resource(person, held_back).offered_to == "330000-economy"
    for person in (ANONYMOUS, hangzhou_officer):
        with pytest.raises(ResourceUnknown):
            selectors.resource(person, held_back)
    assert [hit.id for hit in selectors.search(reader).hits].count(held_back) == 0
    assert not selectors.reads_rows(reader, selectors.resource(reader, held_back), "330000-stats")
    assert [e.id for e in selectors.offers(stranger)] == [held_back]
    assert [e.id for e in selectors.offers(above)] == [held_back]
    assert selectors.offers(reader) == selectors.offers(giver) == ()
    assert selectors.why(stranger, "accept", held_back)
    assert not selectors.why(reader, "accept", held_back)
    said = selectors.offer(reader, held_back)
    assert said is not None
    assert (said.to, said.reason, said.declined) == ("330000-economy", "职能划转", "")
    services.decline_transfer(stranger, held_back, "不属于本部门职责")
    with pytest.raises(ResourceUnknown):
        selectors.resource(stranger, held_back)
    back = selectors.offer(giver, held_back)
    assert back is not None
    assert (back.to, back.declined) == ("330000-economy", "不属于本部门职责")
    services.transfer(giver, held_back, "330000-economy", "再议")
    services.accept_transfer(stranger, held_back)
    assert selectors.offer(stranger, held_back) is None


def test_why_an_offer_was_declined_is_for_its_two_sides(
    fishing: Path, make_actor: Callable[..., Actor], stranger: Actor
) -> None:
    giver = make_actor("giver", Role.ADMINISTRATOR, at="330000-stats")
    services.transfer(giver, "fishing.berths", "330000-economy", "职能划转")
    assert selectors.offer(ANONYMOUS, "fishing.berths") is None
    services.decline_transfer(stranger, "fishing.berths", "不属于本部门职责")
    assert selectors.offer(ANONYMOUS, "fishing.berths") is None


def test_an_offer_can_be_declined(
    fishing: Path, make_actor: Callable[..., Actor], stranger: Actor
) -> None:
    giver = make_actor("giver", Role.ADMINISTRATOR, at="330000-stats")
    services.transfer(giver, "fishing.berths", "330000-economy", "职能划转")
    services.decline_transfer(stranger, "fishing.berths", "不属于本部门职责")
    assert selectors.resource(giver, "fishing.berths").offered_to == ""
    with pytest.raises(NothingOffered):
        services.decline_transfer(stranger, "fishing.berths", "重复")


def test_both_sides_see_which_entries_are_offered_to_whom_and_nobody_else_does(
    fishing: Path, make_actor: Callable[..., Actor], stranger: Actor, hangzhou_admin: Actor
) -> None:
    giver = make_actor("giver", Role.ADMINISTRATOR, at="330000-stats")
    reader = make_actor("economy-officer", Role.OFFICER, at="330000-economy")
    assert selectors.open_offers(giver) == ()
    services.transfer(giver, "fishing.patrols", "330000-economy", "职能划转")
    services.transfer(giver, "fishing.berths", "330100-stats", "由市里管理")
    first, second = selectors.open_offers(SYSTEM)
    assert (first.entry.id, first.to, first.reason) == (
        "fishing.patrols",
        "330000-economy",
        "职能划转",
    )
    assert (second.to_name, first.at is not None) == (Text("统计局", "Bureau of Statistics"), True)
    told = {
        actor.key: [(o.entry.id, o.may_answer) for o in selectors.open_offers(actor)]
        for actor in (giver, stranger, reader, hangzhou_admin, ANONYMOUS)
    }
    assert told == {
        giver.key: [("fishing.patrols", False), ("fishing.berths", False)],
        stranger.key: [("fishing.patrols", True)],
        reader.key: [("fishing.patrols", False)],
        hangzhou_admin.key: [("fishing.berths", True)],
        ANONYMOUS.key: [],
    }
    services.accept_transfer(stranger, "fishing.patrols")
    assert [o.entry.id for o in selectors.open_offers(giver)] == ["fishing.berths"]
    InformationResource.objects.filter(pk="fishing.berths").update(offer={})
    (early,) = selectors.open_offers(giver)
    assert (early.to, early.reason, early.at) == ("330100-stats", "", None)
