"""Packs come to the shelf: sound ones are used, broken ones are recorded with every problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import selectors, services
from qiantang.rooms.shelf.errors import (
    CodeListUnknown,
    DivisionUnknown,
    Downgrade,
    IndexUnknown,
    NotKeeper,
    PackNotReadable,
    PackUnknown,
    PlanUnknown,
)
from qiantang.rooms.shelf.tests.folders import break_pack, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_packs_folder(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    return


@pytest.fixture
def shipped(db: None) -> None:
    services.install_builtin(SYSTEM)


def test_the_shipped_packs_are_sound(shipped: None) -> None:
    assert {p.id for p in selectors.installed()} >= {
        "geography",
        "statistics-zhejiang",
        "zone-plan-2017",
    }
    assert all(p.usable and p.shipped and not p.problems for p in selectors.installed())
    assert selectors.problems() == ()
    assert len(selectors.plan("zone-2017").targets) == 27
    assert selectors.indicators()
    assert "statistics-zhejiang.observation" in selectors.resources()


def test_installing_again_changes_nothing(shipped: None) -> None:
    entries = journal.head()[0]
    again = services.install_builtin(SYSTEM)
    assert journal.head()[0] == entries
    assert again == selectors.installed()


def test_an_empty_shelf_answers_plainly(db: None) -> None:
    assert selectors.packs() == {}
    assert selectors.divisions() == ()
    assert selectors.boundaries()["features"] == []
    for missing, kind in (
        (lambda: selectors.pack("x"), PackUnknown),
        (lambda: selectors.plan("x"), PlanUnknown),
        (lambda: selectors.code_list("x.y"), CodeListUnknown),
        (lambda: selectors.division("330100"), DivisionUnknown),
    ):
        with pytest.raises(kind):
            missing()


def test_divisions_follow_the_calendar(shipped: None) -> None:
    before = {c.code for c in selectors.divisions(date(2020, 12, 31))}
    after = {c.code for c in selectors.divisions(date(2022, 1, 1))}
    assert before - after, "the districts abolished in 2021"
    assert {"330000", "330100"} <= before & after
    assert len(selectors.divisions()) >= len(before | after)
    assert selectors.division("330100").name.zh == "杭州市"


def test_boundaries_come_with_geography(shipped: None) -> None:
    assert len(selectors.boundaries()["features"]) == 11


def test_a_pack_from_a_folder_is_copied_into_the_zone(shipped: None, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    installed = services.install_pack(SYSTEM, folder)
    assert (installed.usable, installed.shipped, installed.version) == (True, False, "1.0.0")
    break_pack(folder)
    selectors.forget()
    assert selectors.pack("fishing").version == "1.0.0"
    assert tmp_path / "zone-packs" in selectors.pack("fishing").path.parents
    assert "fishing.berths" in selectors.resources()
    assert journal.entries(SYSTEM).entries[0].subject == "pack:fishing"


def test_the_folder_of_a_pack_may_have_any_name(shipped: None, tmp_path: Path) -> None:
    folder = write_pack(tmp_path).rename(tmp_path / "Draft of March")
    installed = services.install_pack(SYSTEM, folder)
    assert (installed.id, installed.usable) == ("fishing", True)
    assert selectors.pack("fishing").version == "1.0.0"
    break_pack(folder)
    again = services.install_pack(SYSTEM, folder)
    assert again.id == "fishing"
    assert again.problems


def test_a_broken_pack_is_recorded_with_all_its_problems(shipped: None, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    break_pack(folder)
    installed = services.install_pack(SYSTEM, folder)
    assert not installed.usable
    files = {p.place.file for p in installed.problems}
    assert any(f and f.endswith("berths.toml") for f in files)
    assert any(f and f.endswith("depth.csv") for f in files)
    assert all(p.place.file and p.text.zh and p.text.en for p in installed.problems)
    assert "fishing" not in selectors.packs()
    assert "geography" in selectors.packs(), "the others go on"
    assert set(installed.problems) <= set(selectors.problems())


def test_a_broken_upgrade_leaves_the_version_in_use(shipped: None, tmp_path: Path) -> None:
    services.install_pack(SYSTEM, write_pack(tmp_path))
    newer = write_pack(tmp_path, "1.1.0")
    break_pack(newer)
    installed = services.install_pack(SYSTEM, newer)
    assert installed.problems
    assert installed.usable
    assert selectors.pack("fishing").version == "1.0.0"
    mended = services.install_pack(SYSTEM, write_pack(tmp_path, "1.1.0"))
    assert (mended.version, mended.problems) == ("1.1.0", ())
    assert selectors.pack("fishing").version == "1.1.0"


def test_a_pack_does_not_go_back(shipped: None, tmp_path: Path) -> None:
    services.install_pack(SYSTEM, write_pack(tmp_path, "1.10.0"))
    with pytest.raises(Downgrade) as refused:
        services.install_pack(SYSTEM, write_pack(tmp_path, "1.9.0"))
    assert "1.10.0" in refused.value.message("zh")
    assert selectors.pack("fishing").version == "1.10.0"


def test_a_pack_whose_required_pack_is_missing_is_set_aside(db: None, tmp_path: Path) -> None:
    installed = services.install_pack(SYSTEM, write_pack(tmp_path))
    assert not installed.usable
    assert any("geography" in p.text.en for p in installed.problems)


def test_only_zone_administrators_install(
    tree: None, officer: Actor, hangzhou_admin: Actor, administrator: Actor, anonymous: Actor,
    tmp_path: Path,
) -> None:  # fmt: skip
    folder = write_pack(tmp_path)
    reading = replace(administrator, token_scopes=frozenset({"read"}))
    for actor in (officer, hangzhou_admin, anonymous, reading):
        with pytest.raises(NotKeeper):
            services.install_pack(actor, folder)
        with pytest.raises(NotKeeper):
            services.install_builtin(actor)
    assert selectors.installed() == ()
    services.install_builtin(administrator)
    assert services.install_pack(administrator, folder).installed_by == administrator.key


def test_a_folder_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(PackNotReadable):
        services.install_pack(SYSTEM, tmp_path / "nothing")


def test_files_that_vanish_are_reported_and_the_rest_goes_on(shipped: None, tmp_path: Path) -> None:
    services.install_pack(SYSTEM, write_pack(tmp_path))
    path = selectors.pack("fishing").path
    path.rename(tmp_path / "moved-away")
    from qiantang.rooms.shelf import contents

    contents._compiled.cache_clear()
    assert "fishing" not in selectors.packs()
    assert "geography" in selectors.packs()
    assert any(p.pack == "fishing" for p in selectors.problems())


def test_another_process_notices_an_installation(shipped: None, monkeypatch: Any) -> None:
    from qiantang.rooms.shelf import contents
    from qiantang.rooms.shelf.models import InstalledPack

    assert "zone-plan-2017" in selectors.packs()
    InstalledPack.objects.filter(pk="zone-plan-2017").update(usable=False)
    later = contents.time.monotonic() + contents.NOTICED_WITHIN
    monkeypatch.setattr(contents.time, "monotonic", lambda: later)
    assert "zone-plan-2017" not in selectors.packs()


def test_a_pack_from_outside_is_found_after_the_zone_has_moved(
    shipped: None, tmp_path: Path, settings: Any
) -> None:
    services.install_pack(SYSTEM, write_pack(tmp_path))
    (tmp_path / "zone-packs").rename(tmp_path / "restored")
    settings.QIANTANG_PACKS = tmp_path / "restored"
    selectors.forget()
    assert selectors.problems() == ()
    assert selectors.pack("fishing").path.is_relative_to(tmp_path / "restored")


def test_an_index_that_no_pack_declares_is_unknown(shipped: None) -> None:
    with pytest.raises(IndexUnknown):
        selectors.composite_index("geography.nothing")
