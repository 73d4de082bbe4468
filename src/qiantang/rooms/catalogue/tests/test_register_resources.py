"""Information resources: registered from packs, known to those who may know of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import (
    NotAllowed,
    NotKeeper,
    ReasonMissing,
    ResourceUnknown,
    StatusForbids,
)
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.errors import PackUnknown
from qiantang.rooms.shelf.tests.folders import write_pack

pytestmark = pytest.mark.django_db
KINDS = {"berths": "unconditional", "catches": "conditional", "patrols": "withheld"}


@pytest.fixture
def pack_folder(tmp_path: Path, settings: Any) -> Path:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    return tmp_path


@pytest.fixture(autouse=True)
def _fishing(tree: None, pack_folder: Path) -> None:
    shelf.install_builtin(SYSTEM)
    shelf.install_pack(SYSTEM, write_pack(pack_folder, resources=KINDS))
    services.register_resources(SYSTEM, "fishing")


def _seen(actor: Actor) -> list[str]:
    return [r.id.removeprefix("fishing.") for r in selectors.resources(actor, pack="fishing")]


def test_a_pack_fills_the_catalogue(citizen: Actor) -> None:
    berths = selectors.resource(citizen, "fishing.berths")
    assert (berths.owner, berths.owner_department) == ("330000-stats", "stats")
    assert (berths.name.zh, berths.name.en) == ("泊位", "Berths")
    assert (berths.sharing, berths.status, berths.version) == (
        "unconditional", "published", "1.0.0",
    )  # fmt: skip
    assert [f["id"] for f in berths.fields] == ["division", "berths"]
    assert berths.fields[1]["minimum"] == "0"
    assert selectors.resource(citizen, "fishing.catches").conditions.en == "After approval"


def test_the_shipped_packs_can_be_registered() -> None:
    for pack in ("geography", "statistics-zhejiang", "zone-plan-2017"):
        services.register_resources(SYSTEM, pack)
    assert selectors.resources(ANONYMOUS, pack="statistics-zhejiang")


def test_registering_again_changes_nothing() -> None:
    entries = journal.head()[0]
    services.register_resources(SYSTEM, "fishing")
    assert journal.head()[0] == entries


def test_withheld_resources_are_known_to_their_organisation_only(
    officer: Actor, stranger: Actor, citizen: Actor, hangzhou_admin: Actor, administrator: Actor
) -> None:
    public, everything = ["berths", "catches"], ["berths", "catches", "patrols"]
    for actor in (ANONYMOUS, citizen, stranger, hangzhou_admin):
        assert _seen(actor) == public
        with pytest.raises(ResourceUnknown):
            selectors.resource(actor, "fishing.patrols")
    for actor in (officer, administrator):
        assert _seen(actor) == everything


def test_auditors_above_see_what_is_withheld(make_actor: Callable[..., Actor]) -> None:
    assert "patrols" in _seen(make_actor("audit", Role.AUDITOR, at="330000"))
    assert "patrols" not in _seen(make_actor("city-audit", Role.AUDITOR, at="330100"))


def test_drafts_are_known_to_their_organisation_only(officer: Actor, citizen: Actor) -> None:
    InformationResource.objects.filter(pk="fishing.berths").update(status="draft")
    assert "berths" in _seen(officer)
    assert "berths" not in _seen(citizen)
    assert "berths" not in _seen(ANONYMOUS)


def test_a_token_without_the_read_scope_sees_nothing(officer: Actor) -> None:
    assert _seen(replace(officer, token_scopes=frozenset({"write"}))) == []


def test_why_agrees_with_what_is_listed(
    officer: Actor, stranger: Actor, citizen: Actor, hangzhou_admin: Actor, administrator: Actor
) -> None:
    for actor in (ANONYMOUS, officer, stranger, citizen, hangzhou_admin, administrator):
        listed = set(_seen(actor))
        for name in KINDS:
            reason = selectors.why(actor, "see", f"fishing.{name}")
            assert bool(reason) == (name in listed)
            assert reason.text.zh
            assert reason.text.en


def test_asking_why_does_not_tell_of_hidden_resources(stranger: Actor) -> None:
    for id in ("fishing.patrols", "fishing.nothing"):
        with pytest.raises(ResourceUnknown):
            selectors.why(stranger, "retire", id)


def test_only_zone_administrators_register(
    officer: Actor, hangzhou_admin: Actor, administrator: Actor
) -> None:
    reading = replace(administrator, token_scopes=frozenset({"read"}))
    for actor in (officer, hangzhou_admin, ANONYMOUS, reading):
        with pytest.raises(NotKeeper):
            services.register_resources(actor, "fishing")
    with pytest.raises(PackUnknown):
        services.register_resources(administrator, "nothing")


def test_a_resource_that_a_pack_no_longer_declares_retires(pack_folder: Path) -> None:
    fewer = {"berths": "unconditional"}
    shelf.install_pack(SYSTEM, write_pack(pack_folder, "1.1.0", resources=fewer))
    services.register_resources(SYSTEM, "fishing")
    assert selectors.resource(SYSTEM, "fishing.catches").status == "retired"
    assert selectors.resource(SYSTEM, "fishing.berths").version == "1.1.0"


def test_the_owners_administrator_retires_and_others_cannot(
    make_actor: Callable[..., Actor], officer: Actor, stranger: Actor
) -> None:
    boss = make_actor("boss", Role.ADMINISTRATOR, at="330000-stats")
    for actor in (officer, stranger, ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.retire(actor, "fishing.berths", "不再采集")
    with pytest.raises(ResourceUnknown):
        services.retire(stranger, "fishing.patrols", "不再采集")
    with pytest.raises(ReasonMissing):
        services.retire(boss, "fishing.berths", "  ")
    assert services.retire(boss, "fishing.berths", "不再采集").status == "retired"
    with pytest.raises(StatusForbids):
        services.retire(boss, "fishing.berths", "不再采集")
    assert journal.entries(boss).entries[0].detail == {"reason": "不再采集"}


def test_a_resource_of_a_department_that_does_not_exist_belongs_to_the_zone(
    pack_folder: Path, officer: Actor, settings: Any
) -> None:
    settings.QIANTANG_DIVISION = "339900"
    withheld = {"patrols": "withheld"}
    shelf.install_pack(SYSTEM, write_pack(pack_folder, "1.1.0", resources=withheld))
    services.register_resources(SYSTEM, "fishing")
    assert selectors.resource(SYSTEM, "fishing.patrols").owner == ""
    assert "patrols" not in _seen(officer)
