"""Two entries that contradict each other: somebody decides which of them is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import (
    ConflictUnknown,
    DecisionUnknown,
    NoConflictChosen,
    NotAllowed,
    ReasonMissing,
    StatusForbids,
)
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.selectors import ConflictView
from qiantang.rooms.catalogue.services import HarvestOrigin
from qiantang.rooms.catalogue.tests.entries import harvested, taken
from qiantang.rooms.journal import selectors as journal
from qiantang.standards.entries import CatalogueEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
OURS = "fishing.berths"
HANGZHOU = HarvestOrigin(
    "hangzhou", Text("杭州目录", "Hangzhou"), "https://hz.example/", "330100-stats",
    "/330000/330100/330100-stats/",
)  # fmt: skip
NINGBO = replace(HANGZHOU, upstream="ningbo")


@pytest.fixture
def twin(fishing: Path) -> CatalogueEntry:
    """An entry of Hangzhou's with the code of one of ours, in the same division."""
    ours = selectors.resource(ANONYMOUS, OURS)
    return harvested("甲", "A", code=ours.code, division=ours.division)


@pytest.fixture
def conflict(twin: CatalogueEntry) -> ConflictView:
    services.take_harvested(SYSTEM, HANGZHOU, [twin])
    (found,) = selectors.conflicts(ANONYMOUS)
    return found


def _statuses(conflict: ConflictView) -> tuple[str, str]:
    entry, other = (selectors.resource(ANONYMOUS, id) for id in (conflict.entry, conflict.other))
    return entry.status, other.status


def _again(entry: CatalogueEntry, origin: HarvestOrigin = HANGZHOU) -> str:
    return services.take_harvested(SYSTEM, origin, [entry])[0].outcome


def test_what_was_here_is_kept_and_theirs_stays_left_out(
    conflict: ConflictView, twin: CatalogueEntry
) -> None:
    done = services.settle_conflict(SYSTEM, conflict.id, "here", "省局登记在先")
    assert (done.decision, done.reason) == ("here", "省局登记在先")
    assert _statuses(conflict) == ("retired", "published")
    assert selectors.conflicts(ANONYMOUS) == ()
    assert [c.id for c in selectors.conflicts(ANONYMOUS, settled=True)] == [conflict.id]
    assert _again(twin) == "same"
    assert _again(replace(twin, title=Text("甲乙", "A and B"))) == "changed"
    assert _statuses(conflict) == ("retired", "published")
    assert selectors.search(ANONYMOUS, "甲乙").total == 0
    noted = journal.entries(SYSTEM, verb="catalogue.conflict_settled")
    assert noted.entries[0].detail["reason"] == "省局登记在先"


def test_theirs_is_taken_and_what_was_here_is_withdrawn(
    conflict: ConflictView, twin: CatalogueEntry
) -> None:
    services.settle_conflict(SYSTEM, conflict.id, "theirs", "由市局维护")
    assert _statuses(conflict) == ("published", "retired")
    assert selectors.resource(ANONYMOUS, OURS).reason == "由市局维护"
    with pytest.raises(StatusForbids):
        services.settle_conflict(SYSTEM, conflict.id, "here", "又改主意")
    assert _statuses(conflict) == ("published", "retired")


def test_both_stay_and_nobody_is_asked_again_while_the_value_is_the_same(
    conflict: ConflictView, twin: CatalogueEntry
) -> None:
    services.settle_conflict(SYSTEM, conflict.id, "both", "内容不同，代码巧合")
    assert _statuses(conflict) == ("published", "published")
    assert _again(replace(twin, title=Text("甲乙", "A and B"))) == "changed"
    assert selectors.conflicts(ANONYMOUS) == ()


def test_another_decision_brings_theirs_back_unless_it_is_gone_upstream(
    conflict: ConflictView, twin: CatalogueEntry
) -> None:
    services.settle_conflict(SYSTEM, conflict.id, "here", "重复")
    services.settle_conflict(SYSTEM, conflict.id, "both", "其实不重复")
    assert _statuses(conflict) == ("published", "published")
    services.settle_conflict(SYSTEM, conflict.id, "here", "还是重复")
    assert services.withdraw_harvested(SYSTEM, "hangzhou", [twin.identifier]) == 0
    services.settle_conflict(SYSTEM, conflict.id, "both", "并存")
    assert _statuses(conflict) == ("retired", "published")
    assert _again(twin) == "changed"
    assert _statuses(conflict) == ("published", "published")


def test_a_conflict_that_the_upstream_mends_is_forgotten(
    conflict: ConflictView, twin: CatalogueEntry
) -> None:
    assert _again(replace(twin, code="9/000001")) == "changed"
    assert selectors.conflicts(ANONYMOUS) == ()
    assert _again(twin) == "conflict"


def test_of_two_upstreams_one_is_left_out_and_the_decision_may_be_turned_round() -> None:
    (one,) = taken(("人口统计", "Population", {}), origin=HANGZHOU)
    twin = harvested("人口统计（市）", "Population", id="人口统计")
    (two,) = services.take_harvested(SYSTEM, NINGBO, [twin])
    assert (two.outcome, two.conflict) == ("conflict", "identifier")
    (found,) = selectors.conflicts(ANONYMOUS)
    services.settle_conflict(SYSTEM, found.id, "theirs", "宁波为准")
    assert _statuses(found) == ("published", "retired")
    assert _again(harvested("人口统计改", "Population", id="人口统计")) == "changed"
    assert selectors.resource(ANONYMOUS, one.id).status == "retired"
    services.settle_conflict(SYSTEM, found.id, "here", "杭州为准")
    assert _statuses(found) == ("retired", "published")


def test_only_those_who_answer_for_the_upstream_settle(
    conflict: ConflictView,
    make_actor: Callable[..., Actor],
    hangzhou_admin: Actor,
    administrator: Actor,
    officer: Actor,
) -> None:
    ningbo = make_actor("nb", Role.ADMINISTRATOR, at="330200")
    reading = replace(hangzhou_admin, token_scopes=frozenset({"read"}))
    for actor in (ANONYMOUS, officer, ningbo, reading):
        with pytest.raises(NotAllowed):
            services.settle_conflict(actor, conflict.id, "here", "重复")
        assert not selectors.conflicts(actor)[0].may_settle
    # Hangzhou may leave out what it harvests, not what the province has registered.
    with pytest.raises(NotAllowed):
        services.settle_conflict(hangzhou_admin, conflict.id, "theirs", "市局为准")
    assert _statuses(conflict) == ("published", "published")
    assert selectors.conflicts(hangzhou_admin)[0].may_settle
    services.settle_conflict(hangzhou_admin, conflict.id, "here", "重复")
    services.settle_conflict(administrator, conflict.id, "both", "并存")


def test_a_decision_needs_a_reason_and_a_name_that_is_known(conflict: ConflictView) -> None:
    with pytest.raises(ReasonMissing):
        services.settle_conflict(SYSTEM, conflict.id, "both", " ")
    with pytest.raises(DecisionUnknown):
        services.settle_conflict(SYSTEM, conflict.id, "neither", "都不要")
    with pytest.raises(ConflictUnknown):
        services.settle_conflict(SYSTEM, conflict.id + 1, "both", "并存")


@pytest.fixture
def two_conflicts(conflict: ConflictView) -> tuple[int, int]:
    """The one with ours, and one between two upstreams."""
    taken(("人口统计", "Population", {}), origin=HANGZHOU)
    twin = harvested("人口统计（市）", "Population", id="人口统计")
    services.take_harvested(SYSTEM, NINGBO, [twin])
    (other,) = (c for c in selectors.conflicts(ANONYMOUS) if c.id != conflict.id)
    return conflict.id, other.id


def test_several_are_settled_with_one_decision_and_an_entry_of_the_journal_each(
    two_conflicts: tuple[int, int], hangzhou_admin: Actor
) -> None:
    done = services.settle_conflicts(
        hangzhou_admin, (*two_conflicts, two_conflicts[0]), "here", "重复"
    )
    assert [(c.id, c.decision) for c in done] == [(id, "here") for id in two_conflicts]
    assert [_statuses(c) for c in done] == [("retired", "published")] * 2
    assert selectors.conflicts(ANONYMOUS) == ()
    noted = journal.entries(SYSTEM, verb="catalogue.conflict_settled").entries
    assert {e.subject for e in noted} == {f"resource:{c.entry}" for c in done}
    assert [e.detail["reason"] for e in noted] == ["重复"] * 2


def test_where_one_is_refused_none_is_settled(
    two_conflicts: tuple[int, int], hangzhou_admin: Actor
) -> None:
    with pytest.raises(NotAllowed):
        services.settle_conflicts(hangzhou_admin, two_conflicts, "theirs", "上游为准")
    with pytest.raises(ConflictUnknown):
        services.settle_conflicts(hangzhou_admin, (*two_conflicts, 10**6), "here", "重复")
    for actor in (ANONYMOUS, replace(hangzhou_admin, token_scopes=frozenset({"read"}))):
        with pytest.raises(NotAllowed):
            services.settle_conflicts(actor, two_conflicts, "here", "重复")
    with pytest.raises(NoConflictChosen):
        services.settle_conflicts(hangzhou_admin, (), "here", "重复")
    waiting = selectors.conflicts(ANONYMOUS)
    assert {c.id for c in waiting} == set(two_conflicts)
    assert {_statuses(c) for c in waiting} == {("published", "published")}
    assert journal.entries(SYSTEM, verb="catalogue.conflict_settled").entries == ()


def test_who_keeps_the_upstream_sees_that_there_is_one_with_what_is_withheld(
    conflict: ConflictView, make_actor: Callable[..., Actor], stranger: Actor
) -> None:
    InformationResource.objects.filter(pk=OURS).update(sharing="withheld")
    keeper = make_actor("keeper", Role.ADMINISTRATOR, at="330100-stats")
    (seen,) = selectors.conflicts(keeper)
    assert (seen.entry, seen.other, seen.may_settle) == (conflict.entry, "", False)
    assert seen.other_name.zh == "一条不向您公开的条目"
    assert OURS not in str(seen)
    with pytest.raises(ConflictUnknown):
        services.settle_conflict(keeper, conflict.id, "both", "并存")
    for other in (ANONYMOUS, stranger):
        assert selectors.conflicts(other) == ()
    (whole,) = selectors.conflicts(SYSTEM)
    assert (whole.other, whole.may_settle) == (OURS, True)
    services.settle_conflict(SYSTEM, conflict.id, "both", "并存")
    assert selectors.conflicts(keeper) == ()
    (done,) = selectors.conflicts(keeper, settled=True)
    assert (done.decision, done.reason, done.other) == ("both", "", "")
