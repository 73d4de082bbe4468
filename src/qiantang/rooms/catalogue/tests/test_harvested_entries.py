"""Entries of other catalogues: taken as they are, kept apart from ours, withdrawn when gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import NotAllowed, NotKeeper
from qiantang.rooms.catalogue.services import HarvestOrigin
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested, taken
from qiantang.rooms.journal import selectors as journal
from qiantang.standards.classes import class_uri
from qiantang.standards.entries import Distribution, Stop, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
OURS = "fishing.berths"
HANGZHOU = HarvestOrigin(
    "hangzhou", Text("杭州目录", "Hangzhou"), "https://hz.example/", "330100-stats",
    "/330000/330100/330100-stats/",
)  # fmt: skip


def test_an_entry_is_taken_with_its_provenance() -> None:
    stop = Stop("urn:city", "杭州市目录", "https://hz.example/")
    (got,) = taken(("人口统计", "Population", {"id": "p1", "passage": (stop,), "address": "u:1"}))
    view = selectors.resource(ANONYMOUS, got.id)
    assert got.outcome == "new"
    assert view.origin is not None
    assert (view.origin.code, view.origin.address) == ("test", "u:1")
    assert view.origin.passage[0]["instance"] == "urn:city"
    assert (view.provider.zh, view.provider_code) == ("杭州市数据局", "330100-data")
    assert (view.owner_department, view.status, view.number) == ("data", "published", 1)


def test_taking_the_same_again_writes_nothing() -> None:
    taken(("人口统计", "Population", {}))
    before = journal.head()[0]
    assert [t.outcome for t in taken(("人口统计", "Population", {}))] == ["same"]
    assert journal.head()[0] == before


def test_a_change_upstream_becomes_a_new_version() -> None:
    (first,) = taken(("人口统计", "Population", {"id": "p"}))
    (again,) = taken(("人口与就业统计", "Population and jobs", {"id": "p"}))
    assert (again.id, again.outcome) == (first.id, "changed")
    found = selectors.difference(ANONYMOUS, first.id, 1, 2)
    assert [(c.attribute, c.after.zh) for c in found.changes] == [("name", "人口与就业统计")]


def test_the_same_content_numbered_and_dated_anew_is_no_version() -> None:
    (first,) = taken(("人口统计", "Population", {"id": "p", "version": "1"}))
    dated = {"id": "p", "version": "2", "modified": datetime(2026, 11, 1, tzinfo=UTC)}
    edition = selectors.resource(ANONYMOUS, first.id).edition
    assert [t.outcome for t in taken(("人口统计", "Population", dated))] == ["same"]
    assert [t.outcome for t in taken(("人口统计", "Population", dated))] == ["same"]
    assert selectors.resource(ANONYMOUS, first.id).edition == edition
    assert [v.number for v in selectors.versions(ANONYMOUS, first.id)] == [1]


def test_another_form_of_the_data_changes_the_entry_and_is_no_version() -> None:
    (first,) = taken(("人口统计", "Population", {"id": "p"}))
    table = Distribution("csv", Text("表", "Table"), "https://example.org/p.csv", format="CSV")
    again = taken(("人口统计", "Population", {"id": "p", "distributions": (table,)}))
    assert [t.outcome for t in again] == ["changed"]
    found = selectors.resource(ANONYMOUS, first.id)
    assert [d["format"] for d in found.distributions] == ["CSV"]
    assert [v.number for v in selectors.versions(ANONYMOUS, first.id)] == [1]


def test_our_classes_are_taken_as_classes_and_other_concepts_with_their_names() -> None:
    health = Theme("https://example.org/health", Text("健康", "Health"))
    ours = Theme(class_uri("201"), Text("公共服务", "Public services"))
    more = {"classes": ("201",), "themes": (health, ours)}
    (got,) = taken(("人口统计", "Population", more))
    view = selectors.resource(ANONYMOUS, got.id)
    assert (view.classes, view.themes) == (("201",), (health.uri,))
    assert view.theme_names[health.uri] == health.name


def test_what_is_gone_upstream_is_withdrawn_and_may_come_back() -> None:
    (got,) = taken(("人口统计", "Population", {}))
    assert services.withdraw_harvested(SYSTEM, "test", ["urn:test:人口统计"]) == 1
    assert services.withdraw_harvested(SYSTEM, "test", ["urn:test:人口统计"]) == 0
    assert selectors.resource(ANONYMOUS, got.id).status == "retired"
    assert [t.outcome for t in taken(("人口统计", "Population", {}))] == ["changed"]
    assert selectors.resource(ANONYMOUS, got.id).status == "published"


def test_a_tombstone_of_the_upstream_withdraws() -> None:
    (got,) = taken(("人口统计", "Population", {}))
    (gone,) = taken(("人口统计", "Population", {"withdrawn": True}))
    assert (gone.id, gone.outcome) == (got.id, "withdrawn")
    assert selectors.search(ANONYMOUS, "人口统计").total == 0


@pytest.mark.parametrize("by", ["absence", "mark"])
def test_what_the_upstream_withdrew_is_told_by_name_alone(
    by: str, make_actor: Callable[..., Actor]
) -> None:
    """It may well be withheld there now."""
    table = Distribution("csv", Text("表", "Table"), "https://example.org/p.csv", format="CSV")
    said = {
        "id": "p",
        "description": "含渔船位置",
        "columns": ({"id": "place", "name": {"zh": "位置", "en": "Place"}, "type": "text"},),
        "distributions": (table,),
        "keywords": ("渔船",),
        "open": True,
    }
    (got,) = taken(("人口统计", "Population", said), origin=HANGZHOU)
    keeper = make_actor("keeper", Role.ADMINISTRATOR, at="330100-stats")
    if by == "absence":
        services.withdraw_harvested(SYSTEM, "hangzhou", ["urn:test:p"])
    else:
        taken(("人口统计", "Population", {**said, "withdrawn": True}), origin=HANGZHOU)
    for actor in (ANONYMOUS, keeper):
        view = selectors.resource(actor, got.id)
        assert selectors.is_tombstone(view)
        assert (view.name.zh, view.status, view.description.zh) == ("人口统计", "retired", "")
        assert (view.fields, view.distributions, view.keywords_zh) == ((), (), ())
        assert (view.sharing, view.open) == ("", False)
    assert selectors.versions(ANONYMOUS, got.id) == ()
    assert selectors.versions(keeper, got.id)[-1].content["description"]["zh"] == "含渔船位置"
    everything = {"status": ("published", "retired")}
    assert selectors.search(ANONYMOUS, "渔船", facets=everything).total == 0
    (again,) = taken(("人口统计", "Population", said), origin=HANGZHOU)
    assert (again.id, again.outcome) == (got.id, "changed")
    view = selectors.resource(ANONYMOUS, got.id)
    assert (view.description.zh, view.sharing, view.open) == ("含渔船位置", "unconditional", True)


def test_the_upstream_stays_the_owner(administrator: Actor) -> None:
    (got,) = taken(("人口统计", "Population", {}))
    with pytest.raises(NotAllowed):
        services.change(administrator, got.id, {"cadence": "P1D"})
    with pytest.raises(NotAllowed):
        services.transfer(administrator, got.id, "330100-stats", "改由市局维护")
    assert not selectors.why(administrator, "edit", got.id)


def test_two_upstreams_with_one_identifier_are_both_kept_and_the_conflict_shown() -> None:
    (one,) = taken(("人口统计", "Population", {}))
    (two,) = taken(("人口统计（市）", "Population", {"id": "人口统计"}), origin=HANGZHOU)
    assert (one.outcome, two.outcome) == ("new", "conflict")
    assert selectors.resource(ANONYMOUS, one.id).name.zh == "人口统计"
    assert selectors.resource(ANONYMOUS, two.id).name.zh == "人口统计（市）"
    (found,) = selectors.conflicts(ANONYMOUS)
    assert (found.entry, found.other, found.kind) == (two.id, one.id, "identifier")
    assert selectors.conflicts(ANONYMOUS, "test") == ()


def test_only_administrators_of_the_upstreams_keeper_take_and_withdraw(
    make_actor: Callable[..., Actor], hangzhou_admin: Actor, officer: Actor
) -> None:
    entry = harvested("人口统计", "Population")
    services.take_harvested(hangzhou_admin, HANGZHOU, [entry])
    ningbo = make_actor("nb", Role.ADMINISTRATOR, at="330200")
    reading = replace(hangzhou_admin, token_scopes=frozenset({"read"}))
    for actor in (ningbo, officer, reading, ANONYMOUS):
        with pytest.raises(NotKeeper):
            services.take_harvested(actor, HANGZHOU, [entry])
        with pytest.raises(NotKeeper):
            services.withdraw_harvested(actor, "hangzhou", [entry.identifier])
    with pytest.raises(NotKeeper):
        services.take_harvested(hangzhou_admin, ORIGIN, [entry])


def test_another_instance_that_claims_an_entry_of_ours_is_a_conflict(
    settings: Any, fishing: Path
) -> None:
    """The division and id in an identifier are ours, the entry was made elsewhere."""
    settings.QIANTANG_DIVISION = "330000"
    twin = replace(harvested("甲", "A"), identifier="urn:qiantang:330000:fishing.berths")
    other = replace(twin, identifier="urn:qiantang:330100:fishing.berths")
    got, free = services.take_harvested(SYSTEM, ORIGIN, [twin, other])
    assert (got.outcome, free.outcome) == ("conflict", "new")
    (found,) = selectors.conflicts(ANONYMOUS)
    assert (found.entry, found.other, found.kind) == (got.id, OURS, "identifier")
    assert selectors.resource(ANONYMOUS, OURS).name.zh != "甲"


def test_the_same_code_in_the_same_division_is_a_conflict(fishing: Path) -> None:
    ours = selectors.resource(ANONYMOUS, OURS)
    assert ours.code
    same = harvested("甲", "A", code=ours.code, division=ours.division)
    elsewhere = harvested("乙", "B", code=ours.code, division="330106")
    got, free = services.take_harvested(SYSTEM, ORIGIN, [same, elsewhere])
    assert (got.outcome, free.outcome) == ("conflict", "new")
    (found,) = selectors.conflicts(ANONYMOUS)
    assert (found.other, found.kind, found.value) == (OURS, "code", ours.code)
    assert selectors.by_code(ANONYMOUS, ours.code).id == OURS


def test_a_code_that_changes_into_a_conflict_is_noticed(fishing: Path) -> None:
    ours = selectors.resource(ANONYMOUS, OURS)
    first = harvested("甲", "A", division=ours.division)
    assert [t.outcome for t in services.take_harvested(SYSTEM, ORIGIN, [first])] == ["new"]
    again = services.take_harvested(SYSTEM, ORIGIN, [replace(first, code=ours.code)])
    assert [t.outcome for t in again] == ["conflict"]
    assert len(selectors.conflicts(ANONYMOUS, "test")) == 1


def test_an_entry_follows_what_its_upstream_says_it_follows() -> None:
    entry = harvested("甲", "A")
    (got,) = services.take_harvested(SYSTEM, ORIGIN, [entry])
    assert selectors.resource(ANONYMOUS, got.id).declared == ""
    follows = replace(entry, declared="elsewhere.berths")
    assert [t.outcome for t in services.take_harvested(SYSTEM, ORIGIN, [follows])] == ["changed"]
    assert [t.outcome for t in services.take_harvested(SYSTEM, ORIGIN, [follows])] == ["same"]
    assert selectors.resource(ANONYMOUS, got.id).declared == "elsewhere.berths"
