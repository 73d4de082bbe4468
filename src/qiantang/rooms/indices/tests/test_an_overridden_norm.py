"""Weights that name a norm: an operator's override marks the edition that was made without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indices import reactions, selectors, services
from qiantang.rooms.indices.daily import OnceADay
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.indices.tests.conftest import KEY, TITLE, declared
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

NORM = "statistics-zhejiang.disclosure-reporters"
OTHER = "statistics-zhejiang.disclosure-largest"


@pytest.fixture
def weighed(zone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index takes the weight of value added from a norm (of 3)."""
    given = shelf.contents
    first, *others = declared().elements
    index = replace(declared(), elements=(replace(first, weight_norm=NORM), *others))
    monkeypatch.setattr(
        shelf, "contents",
        lambda: replace(given(), indices={**given().indices, KEY: index}),
    )  # fmt: skip


@pytest.fixture
def published(
    weighed: None, figures: None, officer: Actor, approver: Actor
) -> Callable[[], EditionView]:
    def done() -> EditionView:
        planned = services.plan_edition(officer, KEY, title=TITLE)
        return services.publish_edition(approver, KEY, planned.number)

    return done


def override(norm: str, value: str, *, days: int = 0) -> int:
    day = timezone.localdate() + timedelta(days=days)
    made = shelf_services.override_norm(
        SYSTEM, norm, Decimal(value), valid_from=day, reason="专家会议", document="会议纪要 3 号"
    )
    deliver_pending()
    return made.id


def test_an_overridden_norm_marks_the_edition_with_the_reason(
    published: Callable[[], EditionView],
) -> None:
    published()
    before = selectors.ranking(selectors.made(ANONYMOUS, KEY))
    override(NORM, "5")
    marked = selectors.edition(ANONYMOUS, KEY)
    assert marked.is_outdated
    assert (marked.outdated, marked.outdated_at is not None) == (0, True)
    (change,) = marked.reweighed
    assert (change.element, change.norm, change.before, change.after) == ("va", NORM, 3.0, 5.0)
    assert (change.reason, change.document) == ("专家会议", "会议纪要 3 号")
    assert change.norm_name == shelf.norm(NORM, timezone.localdate()).shipped.name
    assert selectors.ranking(selectors.made(ANONYMOUS, KEY)) == before


def test_an_override_that_is_taken_back_clears_the_mark(
    published: Callable[[], EditionView],
) -> None:
    published()
    made = override(NORM, "5")
    shelf_services.withdraw_override(SYSTEM, made, "又议")
    deliver_pending()
    cleared = selectors.edition(ANONYMOUS, KEY)
    assert (cleared.reweighed, cleared.outdated_at) == ((), None)


def test_a_new_edition_has_the_other_weight_and_no_mark(
    published: Callable[[], EditionView],
) -> None:
    published()
    override(NORM, "5")
    published()
    deliver_pending()
    assert selectors.edition(ANONYMOUS, KEY).reweighed == ()
    assert selectors.made(ANONYMOUS, KEY).structure.by_code["va"].weight == 5


def test_an_override_while_the_edition_waits_is_told_when_it_is_published(
    weighed: None, figures: None, officer: Actor, approver: Actor
) -> None:
    planned = services.plan_edition(officer, KEY, title=TITLE)
    override(NORM, "5")
    assert selectors.edition(officer, KEY, planned.number).reweighed == ()
    services.publish_edition(approver, KEY, planned.number)
    deliver_pending()
    assert [c.after for c in selectors.edition(ANONYMOUS, KEY).reweighed] == [5.0]


def test_a_norm_that_weighs_nothing_here_marks_nothing(
    published: Callable[[], EditionView],
) -> None:
    published()
    override(OTHER, "2")
    assert not selectors.edition(ANONYMOUS, KEY).is_outdated


def test_an_override_of_a_day_to_come_marks_on_that_day(
    published: Callable[[], EditionView], monkeypatch: pytest.MonkeyPatch
) -> None:
    published()
    override(NORM, "5", days=3)
    assert not selectors.edition(ANONYMOUS, KEY).is_outdated
    later = timezone.localdate() + timedelta(days=3)
    monkeypatch.setattr(reactions.timezone, "localdate", lambda: later)
    reactions.mark_by_day()
    assert [c.after for c in selectors.edition(ANONYMOUS, KEY).reweighed] == [5.0]


def test_norms_are_looked_at_once_a_day_and_again_where_that_failed(
    weighed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, looked, faults = timezone.localdate(), [], [OSError("disk")]

    def mark(index: CompositeIndex, *, weights: bool = False) -> None:
        if index.key == KEY:
            looked.append(weights)
            if faults:
                raise faults.pop()

    monkeypatch.setattr(reactions, "_BY_DAY", OnceADay())
    monkeypatch.setattr(reactions, "_mark", mark)
    with pytest.raises(OSError, match="disk"):
        reactions.mark_by_day()
    for _ in range(3):
        reactions.mark_by_day()
    assert looked == [True, True]
    monkeypatch.setattr(reactions.timezone, "localdate", lambda: today + timedelta(days=1))
    reactions.mark_by_day()
    assert looked == [True, True, True]


def test_an_edition_of_a_past_day_keeps_the_norms_of_its_day(
    weighed: None, figures: None, officer: Actor, approver: Actor
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    planned = services.plan_edition(officer, KEY, title=TITLE, as_of=yesterday)
    services.publish_edition(approver, KEY, planned.number)
    deliver_pending()
    override(NORM, "5")
    assert selectors.edition(ANONYMOUS, KEY).reweighed == ()
    override(NORM, "4", days=-2)
    assert [c.after for c in selectors.edition(ANONYMOUS, KEY).reweighed] == [4.0]
