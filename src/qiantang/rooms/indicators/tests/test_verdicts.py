"""A figure changes a verdict; the earlier one stays; people may overrule and it always shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.errors import Refused, SignInRequired
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.errors import (
    DayOutOfRange,
    MayNotOverrule,
    NoOverrule,
    NoSuchDivision,
    NoSuchPlan,
    NoSuchTarget,
    NoSuchVerdict,
    OverruleIncomplete,
)
from qiantang.rooms.indicators.models import VerdictRecord
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.journal import selectors as journal

from .conftest import Row

Publish = Callable[[Row], SubmissionView]
PLAN = "zone-2017"
DOCUMENT = {"title": "浙数评〔2021〕3号", "address": "https://example.gov.cn/3"}


def _verdict(target: str = "T01", as_of: date | None = None) -> str:
    row = selectors.assessment(PLAN, as_of).row(target)
    assert row is not None
    return row.verdict


def test_without_figures_every_target_has_a_verdict() -> None:
    view = selectors.assessment(PLAN)
    assert len(view.rows) == 27
    assert view.counts["good"] == 0
    assert _verdict() == "no_evidence"
    assert "27" in view.headline.zh
    assert "27" in view.headline.en


def test_a_published_figure_changes_the_verdict_and_the_earlier_stays(
    publish: Publish, form: Row
) -> None:
    services.reassess(SYSTEM, PLAN, cause="start")
    publish(form)
    publish({**form, "value": "5400", "base_revision": "1"})
    history = selectors.target_history(PLAN, "T01")
    assert [e.verdict for e in history] == ["not_met_near", "met_near", "no_evidence"]
    assert history[0].superseded_at is None
    assert history[1].superseded_at == history[0].computed_at
    assert history[0].cause.startswith("submission-")
    assert history[1].data["value"] == 6228.9
    row = selectors.assessment(PLAN).row("T01")
    assert row is not None
    assert (row.verdict, row.tone, row.history) == ("not_met_near", "bad", 3)


def test_the_history_can_be_exported(publish: Publish, form: Row) -> None:
    services.reassess(SYSTEM, PLAN, cause="start")
    publish(form)
    exported = [e.as_json() for e in selectors.verdict_history(PLAN)]
    assert len(exported) == 28
    first = exported[0]
    assert (first["target"], first["verdict"], first["value"]) == ("T01", "met_near", 6228.9)
    assert first["superseded_at"] is None
    assert json.loads(json.dumps(exported, ensure_ascii=False)) == exported


def test_only_affected_targets_are_judged_again(publish: Publish, form: Row) -> None:
    services.reassess(SYSTEM, PLAN)
    before = VerdictRecord.objects.count()
    publish(form)
    fresh = VerdictRecord.objects.order_by("pk")[before:]
    assert {r.target for r in fresh} == {"T01"}


def test_judging_again_without_news_writes_nothing(publish: Publish, form: Row) -> None:
    publish(form)
    services.reassess(SYSTEM, PLAN)
    entries = journal.head()
    assert services.reassess(SYSTEM, PLAN) == []
    assert journal.head() == entries


def test_a_single_target_can_be_judged(administrator: Actor) -> None:
    made = services.reassess(administrator, PLAN, targets=["T05"], cause="request")
    assert [(e.target, e.cause) for e in made] == [("T05", "request")]


def test_only_administrators_start_judging(officer: Actor, citizen: Actor) -> None:
    for actor in (officer, citizen, ANONYMOUS):
        with pytest.raises(Refused):
            services.reassess(actor, PLAN)
    with pytest.raises(NoSuchPlan):
        services.reassess(SYSTEM, "other")


def test_a_past_day_is_judged_by_what_was_known_then(publish: Publish, form: Row) -> None:
    publish({**form, "id": "X0", "period": "2018", "value": "5547.7", "published": "2019-05-27"})
    publish(form)
    assert _verdict(as_of=date(2018, 12, 31)) == "not_yet_due"
    assert _verdict(as_of=date(2020, 3, 1)) != "met_near"
    assert _verdict(as_of=date(2020, 12, 31)) == "met_near"
    view = selectors.assess_as_of(PLAN, date(2018, 12, 31))
    row = view.row("T01")
    assert row is not None
    assert {r["code"] for r in row.data["rejected"]} == {"not_yet_known"}
    assert "2018-12-31" in view.headline.zh


def test_a_later_correction_does_not_change_what_was_known_then(
    publish: Publish, form: Row
) -> None:
    publish(form)
    corrected = {**form, "value": "5400", "published": "2022-01-11", "base_revision": "1"}
    publish(corrected)
    assert _verdict(as_of=date(2021, 6, 30)) == "met_near"
    assert _verdict() == "not_met_near"


def test_a_withdrawn_figure_leaves_the_verdict(
    publish: Publish, form: Row, officer: Actor, approver: Actor
) -> None:
    publish(form)
    sent = services.submit_withdrawal(officer, "X1", 1)
    services.approve(approver, sent.id)
    assert _verdict() == "no_evidence"


def test_unknown_plan_target_and_division_are_told() -> None:
    with pytest.raises(NoSuchPlan, match=PLAN):
        selectors.assessment("other")
    with pytest.raises(NoSuchTarget, match="T27"):
        selectors.target_history(PLAN, "T99")
    with pytest.raises(NoSuchDivision):
        selectors.assessment(PLAN, division="999999")
    assert selectors.assessment(PLAN, division="330100").rows == ()


def test_the_json_form_carries_what_is_documented(publish: Publish, form: Row) -> None:
    publish(form)
    body = selectors.assessment(PLAN).as_json()
    target = next(t for t in body["targets"] if t["id"] == "T01")
    wanted = "id name verdict confidence value unit period target comparator gap evidence rejected"
    assert set(wanted.split()) <= set(target)
    assert (target["value"], target["overrule"]) == (6228.9, None)


def _overrule(actor: Actor, **changes: Any) -> Any:
    given: dict[str, Any] = {"reason": "经联合评估", "document": DOCUMENT, **changes}
    verdict = given.pop("verdict", "met")
    return services.overrule(actor, PLAN, "T01", verdict, **given)


def test_an_overrule_stands_beside_the_computed_verdict(
    publish: Publish, form: Row, approver: Actor
) -> None:
    publish(form)
    _overrule(approver)
    row = selectors.assessment(PLAN).row("T01")
    assert row is not None
    assert row.overrule is not None
    assert row.verdict == "met_near"
    shown = row.as_json()["overrule"]
    assert (shown["verdict"], shown["computed_verdict"]) == ("met", "met_near")
    assert shown["document"] == DOCUMENT
    entry = journal.entries(approver, verb="indicators.overruled").entries[0]
    assert (entry.actor, entry.detail["reason"]) == (approver.key, "经联合评估")


def test_a_second_overrule_replaces_the_first_which_stays_on_record(approver: Actor) -> None:
    _overrule(approver)
    _overrule(approver, verdict="not_met", reason="复核")
    assert [o.verdict for o in selectors.overrules(PLAN, "T01")] == ["not_met"]
    everything = selectors.overrules(PLAN, "T01", withdrawn=True)
    assert [o.verdict for o in everything] == ["not_met", "met"]
    assert everything[1].withdrawn_at is not None


def test_an_overrule_can_be_withdrawn(approver: Actor) -> None:
    _overrule(approver)
    services.withdraw_overrule(approver, PLAN, "T01", "依据文件已废止")
    row = selectors.assessment(PLAN).row("T01")
    assert row is not None
    assert row.overrule is None
    with pytest.raises(NoOverrule):
        services.withdraw_overrule(approver, PLAN, "T01")


def test_an_administrator_of_the_zone_may_overrule(administrator: Actor) -> None:
    assert _overrule(administrator).verdict == "met"


def test_others_may_not_overrule(
    officer: Actor, stranger: Actor, citizen: Actor, make_actor: Callable[..., Actor]
) -> None:
    city = make_actor("city", Role.APPROVER, at="330100-stats")
    for actor in (officer, stranger, citizen, city, SYSTEM):
        with pytest.raises(MayNotOverrule):
            _overrule(actor)
    with pytest.raises(SignInRequired):
        _overrule(ANONYMOUS)
    assert selectors.overrules(PLAN) == ()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, OverruleIncomplete),
        ({"document": {"title": ""}}, OverruleIncomplete),
        ({"verdict": "splendid"}, NoSuchVerdict),
    ],
)
def test_an_overrule_needs_reason_document_and_a_verdict(
    approver: Actor, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _overrule(approver, **changes)


def test_a_day_no_calendar_of_plans_knows_is_refused() -> None:
    with pytest.raises(DayOutOfRange):
        selectors.assessment(PLAN, date(1, 1, 1))
