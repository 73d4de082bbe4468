"""A target rests on the score of an index: each edition is its evidence, by number and digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.errors import Refused
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator, Nature
from qiantang.packkit.plans import Comparator, EvidenceRule, Plan, TargetKind
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services as indicator_services
from qiantang.rooms.indicators.deriving import Origin
from qiantang.rooms.indices import reactions, selectors, services
from qiantang.rooms.indices.events import EditionPublished
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.indices.tests.conftest import KEY, TITLE, declared, form
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.contents import Contents

SCORE = "growth_score"
TARGET = "T01"


@pytest.fixture
def plan(zone: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A plan whose one target wants Ningbo at 40 index points in 2019."""
    shipped = shelf.contents
    known = next(iter(shelf.plans().values()))
    target = replace(
        known.targets[0], id=TARGET, kind=TargetKind.QUANTITY, unit="index",
        comparator=Comparator.AT_LEAST, low=Decimal(40), high=None, base=None,
        due=date(2019, 12, 31), division="330200", evidence=(EvidenceRule(SCORE),),
        reached_when=None,
    )  # fmt: skip
    made: Plan = replace(known, targets=(target,))
    score = Indicator(
        SCORE, "statistics-zhejiang", Text("增长指数得分", "Score"), "index", Nature.INDEX, "stats"
    )

    def with_score() -> Contents:
        found = shipped()
        return replace(
            found,
            indices={**found.indices, KEY: replace(declared(), scores=SCORE)},
            indicators={**found.indicators, SCORE: score},
            plans={**found.plans, made.id: made},
        )

    monkeypatch.setattr(shelf, "contents", with_score)
    return made.id


@pytest.fixture
def issue(plan: str, figures: None, officer: Actor, approver: Actor) -> Callable[..., EditionView]:
    def done(**more: object) -> EditionView:
        planned = services.plan_edition(officer, KEY, title=TITLE, **more)  # type: ignore[arg-type]
        found = services.publish_edition(approver, KEY, planned.number)
        deliver_pending()
        return found

    return done


def score_of(unit: str, year: int) -> Decimal:
    made = selectors.made(SYSTEM, KEY)
    row = next(r for r in selectors.ranking(made, year) if r.unit == unit)
    assert row.score is not None
    return Decimal(f"{row.score:.6f}")


def test_the_verdict_takes_the_published_score_with_number_and_digest(
    plan: str, issue: Callable[..., EditionView]
) -> None:
    before = indicators.assessment(plan).row(TARGET)
    assert before is not None
    assert before.data["evidence"] == []
    edition = issue()
    row = indicators.assessment(plan).row(TARGET)
    assert row is not None
    (one,) = [e for e in row.data["evidence"] if e["period"] == "2019"]
    # 1 + 99 * (200 / 3095 + 2 * 1239 / 4627) / 3 points
    assert Decimal(str(one["value"])) == score_of("330200", 2019) < 40
    assert row.data["verdict"] == "not_met"
    assert edition.digest in one["quote"]
    assert "第 1 版" in one["source_title"]
    assert (one["kind"], one["grade"]) == ("actual", "A")


def test_a_correction_revises_the_figure_and_the_verdict(
    plan: str, issue: Callable[..., EditionView], publish: Callable[..., None]
) -> None:
    issue()
    publish(form("core_va", "330200", 2019, "3600", base_revision="1"))
    second = issue(corrects=1, reason="Ningbo's figure")
    figures = indicators.figures(indicators=[SCORE], divisions=["330200"])
    now = next(o for o in figures if o.period.year == 2019)
    assert (now.revision, now.value) == (2, score_of("330200", 2019))
    assert second.digest in now.source.quote
    row = indicators.assessment(plan).row(TARGET)
    assert row is not None
    assert row.data["verdict"] == "met"


def test_news_that_comes_again_changes_nothing(
    plan: str, issue: Callable[..., EditionView]
) -> None:
    first, second = issue(), issue()
    state = indicators.figures_state()
    for edition in (first, second):
        reactions.count_scores_as_figures(EditionPublished(KEY, edition.number, "x"))
    assert indicators.figures_state() == state
    figures = indicators.figures(indicators=[SCORE])
    assert {o.source.quote[-64:] for o in figures} == {second.digest}


def test_a_unit_that_lost_its_score_is_no_evidence_any_more(
    plan: str, issue: Callable[..., EditionView], bureaus: Callable[[str], tuple[Actor, Actor]]
) -> None:
    issue()
    one, other = bureaus("330200")
    for indicator in ("core_va", "gdp"):
        waiting = indicator_services.submit_withdrawal(one, f"{indicator}-330200-2019", 1)
        indicator_services.approve(other, waiting.id, waiting.version)
    deliver_pending()
    issue(corrects=1, reason="withdrawn")
    figures = indicators.figures(indicators=[SCORE], divisions=["330200"])
    assert {o.period.year for o in figures} == {2018}


def test_figures_of_another_index_are_left_alone(
    plan: str, issue: Callable[..., EditionView]
) -> None:
    other = form(SCORE, "330300", 2019, "55", unit="index", kind="derived")
    origin = Origin("other.index/1", "330000", "another index")
    assert indicator_services.publish_derived(SYSTEM, [other], origin) == 1
    issue()
    kept = indicators.figures(indicators=[SCORE], divisions=["330300"])
    assert [(o.id, o.value) for o in kept] == [(other["id"], 55)]


def test_only_the_machine_derives_figures(plan: str, officer: Actor) -> None:
    with pytest.raises(Refused):
        indicator_services.publish_derived(officer, [], Origin("x", "330000", ""))


def test_an_index_that_names_no_indicator_publishes_no_figures(
    figures: None, officer: Actor, approver: Actor
) -> None:
    planned = services.plan_edition(officer, KEY, title=TITLE)
    state = indicators.figures_state()
    services.publish_edition(approver, KEY, planned.number)
    deliver_pending()
    assert indicators.figures_state() == state
