"""A figure of the method is overridden: plans are judged by it, and by the old one again after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor, Grant, Role
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.models import VerdictRecord
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.errors import NotKeeper

from .conftest import Row

PLAN, ABOUT = "zone-2017", "zone-plan-2017.about-tolerance"
WHY: dict[str, Any] = {
    "valid_from": date(2018, 1, 1),
    "reason": "省里对“左右”的解释",
    "document": "浙数评〔2021〕3号",
}


@pytest.fixture(autouse=True)
def short_of_the_target(officer: Actor, approver: Actor, form: Row) -> None:
    """4950 of about 5500: a tenth short, where the shipped tolerance is a twentieth."""
    sender = replace(officer, grants=frozenset({Grant(Role.OFFICER, "/330000/")}))
    decider = replace(approver, grants=frozenset({Grant(Role.APPROVER, "/330000/")}))
    figure = {**form, "indicator": "sw_rev", "value": "4950", "quote": "软件业务收入4950亿元"}
    sent = services.submit_observation(sender, figure)
    services.approve(decider, sent.id, sent.version)
    deliver_pending()


def _verdict(as_of: date | None = None) -> str:
    row = selectors.assessment(PLAN, as_of).row("T06")
    assert row is not None
    return row.verdict


def _override(actor: Actor = SYSTEM, value: str = "0.15", **more: Any) -> int:
    made = shelf_services.override_norm(actor, ABOUT, Decimal(value), **{**WHY, **more})
    deliver_pending()
    return made.id


def test_an_overridden_tolerance_changes_the_verdict_and_back() -> None:
    assert _verdict() == "not_met_near"
    made = _override()
    assert _verdict() == "met_near"
    rules = selectors.assessment(PLAN).plan.rules
    assert (rules.about_tolerance, rules.overridden) == (Decimal("0.15"), (ABOUT,))
    shelf_services.withdraw_override(SYSTEM, made, "解释收回")
    deliver_pending()
    assert _verdict() == "not_met_near"
    assert selectors.assessment(PLAN).plan is shelf.plans()[PLAN]


def test_the_earlier_verdicts_stay_with_their_cause() -> None:
    made = _override()
    shelf_services.withdraw_override(SYSTEM, made, "解释收回")
    deliver_pending()
    history = selectors.target_history(PLAN, "T06")
    assert [e.verdict for e in history] == ["not_met_near", "met_near", "not_met_near"]
    assert [e.cause for e in history[:2]] == [
        f"override of {ABOUT} withdrawn",
        f"override of {ABOUT}",
    ]
    assert [e.superseded_at is None for e in history] == [True, False, False]


def test_only_days_on_which_the_override_holds_are_judged_by_it() -> None:
    _override(valid_from=date(2021, 1, 1), valid_to=date(2021, 12, 31))
    assert _verdict(date(2020, 12, 31)) == "not_met_near"
    assert _verdict(date(2021, 6, 30)) == "met_near"
    assert _verdict(date(2022, 1, 1)) == "not_met_near"


def test_a_norm_that_feeds_no_rule_starts_no_judging() -> None:
    services.reassess(SYSTEM, PLAN)
    before = VerdictRecord.objects.count()
    assert services.reassess_ruled_by(SYSTEM, "zone-plan-2017.nothing") == []
    _override(value="0.05")
    assert VerdictRecord.objects.count() == before


def test_only_zone_administrators_change_the_method(
    administrator: Actor, officer: Actor, approver: Actor
) -> None:
    for actor in (officer, approver):
        with pytest.raises(NotKeeper):
            _override(actor)
    assert _verdict() == "not_met_near"
    _override(administrator)
    assert _verdict() == "met_near"
