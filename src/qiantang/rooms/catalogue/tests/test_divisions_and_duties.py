"""The same resource in many divisions: taken, owed, delivered late, handed to another owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Duty
from qiantang.rooms.catalogue import cycles, selectors, services
from qiantang.rooms.catalogue.errors import (
    AlreadyTaken,
    ContentInvalid,
    NotAllowed,
    NotItsDuty,
    NotKeeper,
    NotPerDivision,
    ResourceUnknown,
)
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.services import Arrival
from qiantang.rooms.catalogue.tests.conftest import content
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested
from qiantang.rooms.people.errors import OrganisationUnknown
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.standards.entries import Agency, CatalogueEntry

pytestmark = pytest.mark.django_db


NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


@pytest.fixture
def owed(fishing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Berths are kept by every division; every statistics bureau of province and city owes them."""
    text = fishing / "resources" / "berths.toml"
    said = text.read_text(encoding="utf-8")
    text.write_text(said.replace("open = false", "open = false\nper_division = true"), "utf-8")
    manifest = fishing / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("1.0.0", "1.1.0"), "utf-8")
    shelf_services.install_pack(SYSTEM, fishing)
    services.register_resources(SYSTEM, "fishing")
    duty = Duty(
        "berths", "fishing", Text("泊位", "Berths"), "stats", ("province", "city"),
        Text("港口条例", "Ports act"), "fishing.berths",
    )  # fmt: skip
    known = {id: replace(pack, duties=()) for id, pack in shelf.packs().items()}
    known["fishing"] = replace(known["fishing"], duties=(duty,))
    monkeypatch.setattr(shelf, "packs", lambda: known)


def _states(actor: Actor = ANONYMOUS, organisation: str = "") -> dict[str, str]:
    found = selectors.duties(actor, organisation, below=True)
    return {duty.division: duty.state for duty in found}


def test_the_duty_list_shows_what_is_missing(owed: None) -> None:
    assert _states() == {"330000": "done", "330100": "missing", "330200": "missing"}
    assert _states(ANONYMOUS, "330100") == {"330100": "missing"}
    assert _states(ANONYMOUS, "330000-economy") == {}
    with pytest.raises(OrganisationUnknown):
        selectors.duties(ANONYMOUS, "339999")
    (count,) = selectors.duty_summary(ANONYMOUS)
    assert (count.key, count.required, count.done, count.missing) == ("stats", 3, 1, 2)
    by_division = selectors.duty_summary(ANONYMOUS, "division")
    assert [(c.key, c.missing) for c in by_division] == [
        ("330100", 1), ("330200", 1), ("330000", 0),
    ]  # fmt: skip


def test_an_abolished_division_owes_nothing_any_more(
    owed: None, monkeypatch: pytest.MonkeyPatch, make_actor: Callable[..., Actor]
) -> None:
    standing = tuple(d for d in shelf.divisions() if d.code != "330200")
    monkeypatch.setattr(shelf, "divisions", lambda on=None: standing)
    assert _states() == {"330000": "done", "330100": "missing"}
    assert [m.division for m in selectors.group(ANONYMOUS, "fishing.berths").owing] == ["330100"]
    officer = make_actor("nb-officer", Role.OFFICER, at="330200-stats")
    with pytest.raises(NotItsDuty):
        services.draft(officer, "330200-stats", content(), fulfils="fishing.berths")


def test_a_division_takes_its_own_copy_and_the_group_shows_it(
    owed: None, hangzhou_officer: Actor
) -> None:
    view = services.take(hangzhou_officer, "fishing.berths", "330100")
    assert (view.id, view.owner, view.declared) == (
        "fishing.berths@330100", "330100-stats", "fishing.berths",
    )  # fmt: skip
    assert view.code not in ("", selectors.resource(ANONYMOUS, "fishing.berths").code)
    group = selectors.group(ANONYMOUS, view.id)
    assert [m.division for m in group.members] == ["330000", "330100"]
    assert [m.division for m in group.owing] == ["330200"]
    assert _states()["330100"] == "done"
    assert view.id not in {r.entry.id for r in selectors.related(ANONYMOUS, "fishing.berths")}
    with pytest.raises(AlreadyTaken):
        services.take(hangzhou_officer, "fishing.berths", "330100")


def test_a_division_that_has_an_entry_of_it_takes_no_second_one(
    owed: None, hangzhou_officer: Actor
) -> None:
    """Neither the zone's own division, whose entry came with the pack, nor one with a draft."""
    with pytest.raises(AlreadyTaken) as refused:
        services.take(SYSTEM, "fishing.berths", "330000")
    assert refused.value.fields == {"found": "fishing.berths", "entry": "fishing.berths"}
    assert [m.division for m in selectors.group(ANONYMOUS, "fishing.berths").members] == ["330000"]
    services.withdraw(SYSTEM, "fishing.berths", "停用")
    assert services.take(SYSTEM, "fishing.berths", "330000").id == "fishing.berths"
    draft = services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.berths")
    with pytest.raises(AlreadyTaken) as refused:
        services.take(hangzhou_officer, "fishing.berths", "330100")
    assert refused.value.fields["entry"] == draft.id


def test_only_the_departments_people_take_it(
    owed: None, hangzhou_officer: Actor, ningbo_approver: Actor, hangzhou_admin: Actor
) -> None:
    for actor in (ningbo_approver, ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.take(actor, "fishing.berths", "330100")
    with pytest.raises(NotPerDivision):
        services.take(hangzhou_officer, "fishing.catches", "330100")
    with pytest.raises(ResourceUnknown):
        services.take(hangzhou_officer, "fishing.nothing", "330100")
    assert services.take(hangzhou_admin, "fishing.berths", "330100").owner == "330100-stats"


def test_a_copy_follows_its_declaration_and_retires_with_it(
    owed: None, hangzhou_officer: Actor, fishing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.take(hangzhou_officer, "fishing.berths", "330100")
    (fishing / "resources" / "berths.toml").unlink()
    manifest = fishing / "pack.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("1.1.0", "1.2.0"), "utf-8")
    shelf_services.install_pack(SYSTEM, fishing)
    monkeypatch.undo()
    services.register_resources(SYSTEM, "fishing")
    view = selectors.resource(ANONYMOUS, "fishing.berths@330100")
    assert (view.status, view.number) == ("retired", 1)


def test_a_draft_counts_as_drafted_for_those_who_may_know_of_it(
    owed: None, hangzhou_officer: Actor
) -> None:
    services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.berths")
    assert _states(hangzhou_officer)["330100"] == "drafted"
    assert _states(ANONYMOUS)["330100"] == "missing"
    with pytest.raises(AlreadyTaken):
        services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.berths")


def test_only_an_own_duty_is_fulfilled_and_only_for_the_own_division(
    owed: None, hangzhou_officer: Actor, make_actor: Callable[..., Actor]
) -> None:
    economist = make_actor("economist", Role.OFFICER, at="330000-economy")
    with pytest.raises(NotItsDuty):
        services.draft(economist, "330000-economy", content(), fulfils="fishing.berths")
    with pytest.raises(NotItsDuty):
        services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.catches")
    with pytest.raises(ContentInvalid):
        elsewhere = content(division="330200")
        services.draft(hangzhou_officer, "330100-stats", elsewhere, fulfils="fishing.berths")
    made = services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.berths")
    assert made.division == "330100"
    with pytest.raises(ContentInvalid):
        services.change(hangzhou_officer, made.id, {"division": "330200"})


def test_a_delivery_shows_as_quality_and_freshness(owed: None, hangzhou_officer: Actor) -> None:
    services.take(hangzhou_officer, "fishing.berths", "330100")
    summary: dict[str, Any] = {
        "run": "r1", "at": datetime.now(UTC).isoformat(), "grade": "A", "sent": 100,
        "accepted": 98, "set_aside": 2, "dimensions": {"accuracy": 0.98}, "rows": 98,
        "division": "330100", "mode": "replace", "snapshot": 7, "part": 30,
    }  # fmt: skip
    services.record_arrival(SYSTEM, "fishing.berths", summary)
    view = selectors.resource(ANONYMOUS, "fishing.berths@330100")
    assert (view.quality.grade, view.quality.share, view.rows) == ("A", 0.98, 30)
    assert view.freshness.state == "fresh"
    facets = selectors.search(ANONYMOUS, facets={"freshness": "fresh", "grade": "A"})
    assert facets.total == 1


def test_each_division_of_a_group_is_told_by_its_own_delivery(
    owed: None, hangzhou_officer: Actor, make_actor: Callable[..., Actor]
) -> None:
    """Ningbo delivered without taking an entry; the province delivered nothing."""
    services.take(hangzhou_officer, "fishing.berths", "330100")
    for run, division, rows in (("r1", "330100", 60), ("r2", "330200", 13)):
        arrival = Arrival(run, datetime.now(UTC), rows, rows, 0, "A", {}, 73, division, rows)
        services.record_arrival(SYSTEM, "fishing.berths", arrival)
    found = selectors.group(ANONYMOUS, "fishing.berths")
    told = {m.division: (m.entry, m.freshness, m.grade, m.rows) for m in found.members}
    assert told == {
        "330000": ("fishing.berths", "never", "", None),
        "330100": ("fishing.berths@330100", "fresh", "A", 60),
        "330200": ("fishing.berths", "fresh", "A", 13),
    }
    assert "330200" not in {m.division for m in found.owing}
    view = selectors.resource(ANONYMOUS, "fishing.berths")
    assert (view.quality.grade, view.rows, view.freshness.state) == ("", None, "never")
    ningbo = make_actor("nb", Role.OFFICER, at="330200-stats")
    copy = services.take(ningbo, "fishing.berths", "330200")
    assert (copy.rows, copy.quality.grade, copy.freshness.state) == (13, "A", "fresh")
    InformationResource.objects.filter(pk=copy.id).update(sharing="withheld")
    told_now = {m.division for m in selectors.group(ANONYMOUS, "fishing.berths").members}
    assert "330200" not in told_now


def test_a_delivery_of_the_zone_s_own_division_counts_for_its_entry(owed: None) -> None:
    arrival = Arrival("r1", datetime.now(UTC), 9, 9, 0, "A", {}, 70, "330000", 9)
    services.record_arrival(SYSTEM, "fishing.berths", arrival)
    view = selectors.resource(ANONYMOUS, "fishing.berths")
    assert (view.rows, view.freshness.state) == (9, "fresh")


def test_an_older_or_repeated_delivery_changes_nothing(fishing: Path) -> None:
    new = Arrival("r2", NOW, 10, 10, 0, grade="A")
    services.record_arrival(SYSTEM, "fishing.berths", new)
    edition = selectors.resource(SYSTEM, "fishing.berths").changed_at
    services.record_arrival(SYSTEM, "fishing.berths", new)
    services.record_arrival(
        SYSTEM, "fishing.berths", Arrival("r1", NOW - timedelta(days=9), 1, 0, 1, grade="D")
    )
    view = selectors.resource(SYSTEM, "fishing.berths")
    assert (view.quality.grade, view.quality.run, view.changed_at) == ("A", "r2", edition)


def test_late_data_makes_a_duty_late(owed: None) -> None:
    old = Arrival("r1", datetime(2020, 1, 31, tzinfo=UTC), 10, 10, 0)
    services.record_arrival(SYSTEM, "fishing.berths", old)
    assert selectors.resource(ANONYMOUS, "fishing.berths").freshness.due == date(2021, 1, 31)
    assert _states()["330000"] == "late"
    (count,) = selectors.duty_summary(ANONYMOUS, division="330000")
    assert (count.done, count.late) == (1, 1)


def test_only_the_system_notes_deliveries(fishing: Path, administrator: Actor) -> None:
    for actor in (administrator, ANONYMOUS):
        with pytest.raises(NotKeeper):
            services.record_arrival(actor, "fishing.berths", Arrival("r", NOW, 1, 1, 0))
    with pytest.raises(ResourceUnknown):
        services.record_arrival(SYSTEM, "fishing.nothing", Arrival("r", NOW, 1, 1, 0))


@pytest.mark.parametrize(
    ("cadence", "after", "due"),
    [
        ("P1M", date(2024, 1, 31), date(2024, 2, 29)),
        ("P1Y", date(2024, 2, 29), date(2025, 2, 28)),
        ("P1W", date(2024, 12, 30), date(2025, 1, 6)),
        ("P3M", date(2024, 11, 30), date(2025, 2, 28)),
        ("PT1H", date(2024, 1, 1), date(2024, 1, 2)),
        ("", date(2024, 1, 1), None),
        ("P", date(2024, 1, 1), None),
    ],
)
def test_the_next_delivery_is_due_a_cycle_later(
    cadence: str, after: date, due: date | None
) -> None:
    assert cycles.next_due(cadence, after) == due


def test_an_entry_about_another_division_fulfils_no_duty_of_its_new_owner(
    owed: None,
    hangzhou_officer: Actor,
    hangzhou_approver: Actor,
    administrator: Actor,
    make_actor: Callable[..., Actor],
) -> None:
    made = services.draft(hangzhou_officer, "330100-stats", content(), fulfils="fishing.berths")
    services.submit(hangzhou_officer, made.id)
    services.publish(hangzhou_approver, made.id)
    assert _states() == {"330000": "done", "330100": "done", "330200": "missing"}
    moved = services.transfer(administrator, made.id, "330200-stats", "代管")
    assert (moved.owner, moved.division) == ("330200-stats", "330100")
    assert _states() == {"330000": "done", "330100": "missing", "330200": "missing"}
    ningbo = make_actor("nb-officer", Role.OFFICER, at="330200-stats")
    changed = services.change(ningbo, made.id, {"contact": {"zh": "综合处", "en": "Office"}})
    assert changed.division == "330100"
    with pytest.raises(ContentInvalid):
        services.change(ningbo, made.id, {"division": "330200"})
    own = services.draft(ningbo, "330200-stats", content(), fulfils="fishing.berths")
    assert (own.division, _states(ningbo)["330200"]) == ("330200", "drafted")


def test_twins_and_relatives_are_found_by_name_and_items(
    tree: None, hangzhou_officer: Actor, hangzhou_approver: Actor
) -> None:
    made = []
    for name in ("死亡登记信息", "死亡登记 信息", "殡葬火化信息"):
        entry = services.draft(
            hangzhou_officer, "330100-stats", content(name={"zh": name, "en": "Deaths"})
        )
        services.submit(hangzhou_officer, entry.id)
        made.append(services.publish(hangzhou_approver, entry.id).id)
    twins = {t.kind: {e.id for e in t.entries} for t in selectors.duplicates(ANONYMOUS)}
    assert twins == {"name": set(made[:2]), "fields": set(made)}
    assert selectors.duplicates(ANONYMOUS, "330200") == ()
    near = selectors.related(ANONYMOUS, made[0])
    assert {r.entry.id for r in near} == set(made[1:])
    assert near[0].reasons == ("fields",)
    assert near[0].shared == ("died_on", "person", "place")


def _from_hangzhou(**more: Any) -> CatalogueEntry:
    """Berths as a platform of Hangzhou's own has them."""
    said = harvested("杭州泊位", "Berths of Hangzhou", declared="fishing.berths", **more)
    bureau = Agency("330100-stats", Text("杭州市统计局", "Hangzhou Statistics"))
    return replace(said, publisher=bureau, division="330100")


def test_what_is_harvested_from_a_divisions_own_platform_counts(owed: None) -> None:
    (got,) = services.take_harvested(SYSTEM, ORIGIN, [_from_hangzhou()])
    (done,) = selectors.duties(ANONYMOUS, "330100-stats")
    assert (done.state, done.entry, done.origin) == ("done", got.id, "test")
    assert done.origin_name == ORIGIN.name
    group = selectors.group(ANONYMOUS, "fishing.berths")
    assert [(m.division, m.origin) for m in group.members] == [("330000", ""), ("330100", "test")]
    assert group.members[1].organisation == "330100-stats"
    assert [m.division for m in group.owing] == ["330200"]
    assert selectors.group(ANONYMOUS, got.id) == group
    provided = selectors.resources(ANONYMOUS, provider="330100-stats")
    assert [r.id for r in provided] == [got.id]
    services.withdraw_harvested(SYSTEM, "test", [_from_hangzhou().identifier])
    assert _states()["330100"] == "missing"


def test_a_division_counts_once_however_many_have_its_entry(
    owed: None, hangzhou_officer: Actor
) -> None:
    other = replace(ORIGIN, upstream="other")
    for origin in (ORIGIN, other):
        services.take_harvested(SYSTEM, origin, [_from_hangzhou()])
    assert len(selectors.group(ANONYMOUS, "fishing.berths").members) == 2
    own = services.take(hangzhou_officer, "fishing.berths", "330100")
    group = selectors.group(ANONYMOUS, "fishing.berths")
    assert [m.entry for m in group.members] == ["fishing.berths", own.id]
    (done,) = selectors.duties(ANONYMOUS, "330100-stats")
    assert (done.entry, done.origin) == (own.id, "")


def test_a_harvested_entry_of_another_provider_or_place_fulfils_nothing(owed: None) -> None:
    stranger = replace(
        _from_hangzhou(id="a"), publisher=Agency("330100-data", Text("数据局", "Data"))
    )
    elsewhere = replace(_from_hangzhou(id="b"), division="330106")
    services.take_harvested(SYSTEM, ORIGIN, [stranger, elsewhere])
    assert _states()["330100"] == "missing"
