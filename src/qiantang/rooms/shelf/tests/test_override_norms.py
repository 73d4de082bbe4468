"""An operator's figure stands beside the shipped one, with reason and document, never instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import selectors, services
from qiantang.rooms.shelf.errors import BadOverride, NormUnknown, NotKeeper, OverrideUnknown
from qiantang.rooms.shelf.tests.folders import write_pack

pytestmark = pytest.mark.django_db
DEPTH, DAY = "fishing.depth", date(2021, 6, 1)
WHY: dict[str, Any] = {
    "valid_from": date(2021, 1, 1),
    "reason": "省厅批复",
    "document": "浙港〔2021〕3号",
}


@pytest.fixture(autouse=True)
def _fishing(db: None, tmp_path: Path, settings: Any) -> None:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    services.install_builtin(SYSTEM)
    services.install_pack(SYSTEM, write_pack(tmp_path))


def test_the_shipped_figure_of_the_day_holds() -> None:
    assert selectors.norm(DEPTH, date(2019, 12, 31)).value == Decimal(3)
    assert selectors.norm(DEPTH, date(2020, 1, 1)).value == Decimal("3.5")
    with pytest.raises(NormUnknown):
        selectors.norm(DEPTH, date(2014, 1, 1))
    with pytest.raises(NormUnknown):
        selectors.norm("fishing.width", DAY)


def test_an_override_counts_from_its_day_and_shows_the_shipped_one() -> None:
    made = services.override_norm(SYSTEM, DEPTH, Decimal("4"), **WHY)
    found = selectors.norm(DEPTH, DAY)
    assert (found.value, found.shipped.value, found.override) == (4, Decimal("3.5"), made)
    assert selectors.norm(DEPTH, date(2020, 12, 31)).override is None
    entry = journal.entries(SYSTEM).entries[0]
    assert (entry.verb, entry.subject) == ("shelf.norm_overridden", f"norm:{DEPTH}")


def test_an_override_ends_with_its_last_day() -> None:
    services.override_norm(SYSTEM, DEPTH, Decimal("4"), valid_to=DAY, **WHY)
    assert selectors.norm(DEPTH, DAY).value == 4
    assert selectors.norm(DEPTH, date(2021, 6, 2)).value == Decimal("3.5")


def test_the_latest_override_counts() -> None:
    services.override_norm(SYSTEM, DEPTH, Decimal("4"), **WHY)
    services.override_norm(SYSTEM, DEPTH, Decimal("5"), **WHY)
    assert selectors.norm(DEPTH, DAY).value == 5
    assert len(selectors.overrides(DEPTH)) == 2


def test_a_withdrawn_override_stays_visible() -> None:
    made = services.override_norm(SYSTEM, DEPTH, Decimal("4"), **WHY)
    with pytest.raises(BadOverride):
        services.withdraw_override(SYSTEM, made.id, " ")
    services.withdraw_override(SYSTEM, made.id, "批复撤销")
    assert selectors.norm(DEPTH, DAY).value == Decimal("3.5")
    assert selectors.overrides(DEPTH)[0].withdrawn_at is not None
    with pytest.raises(OverrideUnknown):
        services.withdraw_override(SYSTEM, made.id, "again")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"document": ""},
        {"valid_to": date(2020, 12, 31)},
    ],
)
def test_an_override_needs_reason_document_and_a_sound_stretch(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadOverride):
        services.override_norm(SYSTEM, DEPTH, Decimal("4"), **{**WHY, **wrong})
    assert selectors.overrides() == ()


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_an_override_is_a_number(value: str) -> None:
    with pytest.raises(BadOverride):
        services.override_norm(SYSTEM, DEPTH, Decimal(value), **WHY)


@pytest.mark.parametrize("value", ["1", "5", "-0.01"])
def test_a_figure_that_plans_are_judged_by_is_a_share(value: str) -> None:
    id = "zone-plan-2017.about-tolerance"
    with pytest.raises(BadOverride, match="share"):
        services.override_norm(SYSTEM, id, Decimal(value), **WHY)
    assert services.override_norm(SYSTEM, id, Decimal("0.1"), **WHY).value == Decimal("0.1")


def test_the_rules_of_a_day_hold_the_figure_of_the_day() -> None:
    id = "zone-plan-2017.conflict-tolerance"
    shipped = selectors.plan("zone-2017")
    assert dict(shipped.rules.sources)["conflict_tolerance"] == id
    assert selectors.plans_in_force(DAY)["zone-2017"] is shipped
    made = services.override_norm(SYSTEM, id, Decimal("0.02"), valid_to=DAY, **WHY)
    rules = selectors.plans_in_force(DAY)["zone-2017"].rules
    assert (rules.conflict_tolerance, rules.overridden) == (Decimal("0.02"), (id,))
    assert rules.about_tolerance == shipped.rules.about_tolerance
    assert selectors.plans_in_force(date(2021, 6, 2))["zone-2017"] is shipped
    services.withdraw_override(SYSTEM, made.id, "批复撤销")
    assert selectors.plans_in_force(DAY)["zone-2017"] is shipped


def test_only_zone_administrators_override(
    officer: Actor, hangzhou_admin: Actor, administrator: Actor, anonymous: Actor
) -> None:
    made = services.override_norm(administrator, DEPTH, Decimal("4"), **WHY)
    reading = replace(administrator, token_scopes=frozenset({"read"}))
    for actor in (officer, hangzhou_admin, anonymous, reading):
        with pytest.raises(NotKeeper):
            services.override_norm(actor, DEPTH, Decimal("9"), **WHY)
        with pytest.raises(NotKeeper):
            services.withdraw_override(actor, made.id, "no")
    assert selectors.norm(DEPTH, DAY).value == 4
