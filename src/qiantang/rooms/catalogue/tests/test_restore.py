"""What a person withdrew stays withdrawn until a person restores it; packs installed again and
again change nothing about that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.errors import (
    AlreadyTaken,
    EntryWithdrawn,
    NoLongerDeclared,
    NotAllowed,
    ReasonMissing,
    ResourceUnknown,
    StatusForbids,
)
from qiantang.rooms.catalogue.tests.conftest import content
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.tests.folders import write_pack

pytestmark = pytest.mark.django_db
BERTHS = "fishing.berths"


@pytest.fixture
def boss(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("boss", Role.ADMINISTRATOR, at="330000-stats")


def _install(root: Path, version: str, *ids: str, per_division: bool = False) -> None:
    folder = write_pack(root, version, resources=dict.fromkeys(ids, "unconditional"))
    if per_division:
        file = folder / "resources" / "berths.toml"
        file.write_text(f"per_division = true\n{file.read_text('utf-8')}", "utf-8")
    shelf.install_pack(SYSTEM, folder)
    services.register_resources(SYSTEM, "fishing")


def _status(id: str = BERTHS) -> str:
    return selectors.resource(SYSTEM, id).status


def test_registering_a_pack_anew_leaves_withdrawn_what_a_person_withdrew(
    fishing: Path, boss: Actor
) -> None:
    services.retire(boss, BERTHS, "不再采集")
    before = journal.head()[0]
    services.register_resources(SYSTEM, "fishing")
    assert journal.head()[0] == before
    _install(fishing.parent, "1.1.0", "berths", "catches")
    views = {v.id: v for v in services.register_resources(SYSTEM, "fishing")}
    assert (views[BERTHS].status, views[BERTHS].reason) == ("retired", "不再采集")
    assert (views[BERTHS].version, views["fishing.catches"].version) == ("1.0.0", "1.1.0")


def test_what_only_its_pack_left_out_comes_back_with_it(
    fishing: Path, boss: Actor, make_actor: Callable[..., Actor]
) -> None:
    """Entry and copies that the pack withdrew; not what a person had withdrawn before."""
    _install(fishing.parent, "1.1.0", "berths", "catches", per_division=True)
    copy = services.take(make_actor("hz", Role.OFFICER, at="330100-stats"), BERTHS, "330100").id
    services.retire(boss, "fishing.catches", "不再采集")
    _install(fishing.parent, "1.2.0", "patrols")
    assert [_status(id) for id in (BERTHS, copy, "fishing.catches")] == ["retired"] * 3
    _install(fishing.parent, "1.3.0", "berths", "catches", per_division=True)
    assert [_status(id) for id in (BERTHS, copy)] == ["published"] * 2
    assert _status("fishing.catches") == "retired"


def test_the_owners_administrator_restores_and_others_cannot(
    fishing: Path, boss: Actor, officer: Actor, approver: Actor, stranger: Actor
) -> None:
    with pytest.raises(StatusForbids):
        services.restore(boss, BERTHS, "误停用")
    services.retire(boss, BERTHS, "不再采集")
    for actor in (officer, approver, stranger, ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.restore(actor, BERTHS, "误停用")
        assert not selectors.why(actor, "restore", BERTHS)
    with pytest.raises(ReasonMissing):
        services.restore(boss, BERTHS, " ")
    view = services.restore(boss, BERTHS, "恢复采集")
    assert (view.status, view.reason, view.number) == ("published", "", 1)
    last = journal.entries(boss).entries[0]
    assert (last.verb, last.detail) == ("catalogue.entry_restored", {"reason": "恢复采集"})
    services.register_resources(SYSTEM, "fishing")
    assert _status() == "published"


def test_a_withheld_entry_is_restored_by_nobody_who_may_not_know_of_it(
    fishing: Path, boss: Actor, stranger: Actor
) -> None:
    services.retire(boss, "fishing.patrols", "不再采集")
    with pytest.raises(ResourceUnknown):
        services.restore(stranger, "fishing.patrols", "误停用")


def test_what_is_restored_says_what_its_pack_says_now(fishing: Path, boss: Actor) -> None:
    services.retire(boss, BERTHS, "不再采集")
    folder = write_pack(fishing.parent, "1.1.0", resources={"berths": "unconditional"})
    file = folder / "resources" / "berths.toml"
    file.write_text(file.read_text("utf-8").replace("泊位数", "泊位数量"), "utf-8")
    shelf.install_pack(SYSTEM, folder)
    services.register_resources(SYSTEM, "fishing")
    view = services.restore(boss, BERTHS, "恢复采集")
    assert (view.status, view.version, view.number) == ("published", "1.1.0", 2)
    assert view.fields[1]["name"]["zh"] == "泊位数量"


def test_what_its_pack_no_longer_declares_is_not_restored(fishing: Path, boss: Actor) -> None:
    services.retire(boss, BERTHS, "不再采集")
    _install(fishing.parent, "1.1.0", "catches")
    with pytest.raises(NoLongerDeclared):
        services.restore(boss, BERTHS, "恢复采集")


def test_an_entry_written_by_hand_is_restored_and_its_old_draft_stays_given_up(
    tree: None, hangzhou_officer: Actor, hangzhou_approver: Actor, hangzhou_admin: Actor
) -> None:
    id = services.draft(hangzhou_officer, "330100-stats", content()).id
    services.submit(hangzhou_officer, id)
    services.publish(hangzhou_approver, id)
    services.change(hangzhou_officer, id, {"cadence": "P1M"})
    services.withdraw(hangzhou_admin, id, "并入省级目录")
    with pytest.raises(EntryWithdrawn) as refused:
        services.submit(hangzhou_officer, id)
    assert "恢复" in refused.value.hint.zh
    view = services.restore(hangzhou_admin, id, "仍由本地采集")
    assert (view.status, view.number, view.cadence) == ("published", 1, "P1D")
    assert selectors.open_version(hangzhou_admin, id) is None


def test_an_officer_takes_no_copy_again_that_was_withdrawn(
    fishing: Path, hangzhou_officer: Actor, hangzhou_admin: Actor
) -> None:
    """Only who may restore it: taking it again would bring it back as well."""
    _install(fishing.parent, "1.1.0", "berths", per_division=True)
    copy = services.take(hangzhou_officer, BERTHS, "330100").id
    services.withdraw(hangzhou_admin, copy, "改由省里统一登记")
    with pytest.raises(NotAllowed):
        services.take(hangzhou_officer, BERTHS, "330100")
    assert services.take(hangzhou_admin, BERTHS, "330100").status == "published"


def test_no_second_entry_of_a_division_is_restored(
    fishing: Path, hangzhou_officer: Actor, hangzhou_admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(fishing.parent, "1.1.0", "berths", per_division=True)
    copy = services.take(hangzhou_officer, BERTHS, "330100").id
    services.withdraw(hangzhou_admin, copy, "改写")
    monkeypatch.setattr("qiantang.rooms.catalogue.services.drafting.owes", lambda *_: True)
    other = services.draft(hangzhou_officer, "330100-stats", content(), fulfils=BERTHS)
    with pytest.raises(AlreadyTaken) as refused:
        services.restore(hangzhou_admin, copy, "恢复")
    assert refused.value.fields["entry"] == other.id
