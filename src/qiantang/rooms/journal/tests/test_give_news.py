"""News is stored with its change, delivered after it, and tried again until it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from qiantang.rooms.journal import outbox, selectors
from qiantang.rooms.journal.errors import OutsideTransaction
from qiantang.rooms.journal.models import OutboxItem
from qiantang.rooms.journal.services import deliver_pending, emit, on

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class FigureCorrected:
    id: str
    value: Decimal
    on: date
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unheard:
    id: str


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What a well-behaved reaction has heard; the registries are as before afterwards."""
    monkeypatch.setattr(outbox, "_REACTIONS", {})
    monkeypatch.setattr(outbox, "_BY_EVENT", {})
    seen: list[object] = []

    @on(FigureCorrected)
    def listen(event: FigureCorrected) -> None:
        seen.append(event)

    return seen


def _give(event: object) -> None:
    with transaction.atomic():
        emit(event)


NEWS = FigureCorrected("gdp-2020", Decimal("0.10"), date(2021, 2, 28), ("gdp", "growth"))


def test_a_reaction_gets_the_very_event(heard: list[object]) -> None:
    _give(NEWS)
    assert heard == []
    assert deliver_pending() == 1
    assert heard == [NEWS]
    assert deliver_pending() == 0


@pytest.mark.django_db(transaction=True)
def test_news_is_delivered_after_commit_by_itself(heard: list[object]) -> None:
    with transaction.atomic():
        emit(NEWS)
        assert heard == []
    assert heard == [NEWS]
    assert selectors.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_news_of_a_failed_change_is_never_given(heard: list[object]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        emit(NEWS)
        raise RuntimeError
    assert deliver_pending() == 0
    assert OutboxItem.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_news_needs_a_transaction(heard: list[object]) -> None:
    with pytest.raises(OutsideTransaction):
        emit(NEWS)


def test_news_that_nobody_awaits_is_kept_for_the_record(heard: list[object]) -> None:
    _give(Unheard("a"))
    assert (OutboxItem.objects.count(), selectors.waiting()) == (1, 0)


def test_a_failed_reaction_keeps_its_news_and_is_tried_again(heard: list[object]) -> None:
    broken = [True]

    @on(FigureCorrected)
    def stumble(event: FigureCorrected) -> None:
        OutboxItem.objects.create(
            event="left.behind", emitted_at=datetime.now(UTC), due_at=datetime.now(UTC),
            delivered_at=datetime.now(UTC),
        )  # fmt: skip
        if broken[0]:
            raise ValueError("lake is closed")

    _give(NEWS)
    assert deliver_pending() == 1
    assert heard == [NEWS], "the other reaction is not held up"
    stuck = selectors.stuck()
    assert [(s.attempts, s.error) for s in stuck] == [(1, "ValueError: lake is closed")]
    assert not OutboxItem.objects.filter(event="left.behind").exists(), "nothing half done"
    assert deliver_pending() == 0, "it waits before the next attempt"

    _make_due()
    assert deliver_pending() == 0
    again = selectors.stuck()[0]
    assert again.attempts == 2
    assert again.due_at - datetime.now(UTC) > timedelta(seconds=5), "and then longer"

    broken[0] = False
    _make_due()
    assert deliver_pending() == 1
    assert selectors.stuck() == ()
    assert heard == [NEWS], "the reaction that succeeded is not run twice"


def test_a_reaction_may_give_news_itself(heard: list[object]) -> None:
    @on(Unheard)
    def pass_on(event: Unheard) -> None:
        with transaction.atomic():
            emit(NEWS)

    _give(Unheard("a"))
    assert deliver_pending() == 2
    assert heard == [NEWS]


def test_news_for_a_reaction_that_is_gone_waits_and_says_so(heard: list[object]) -> None:
    _give(NEWS)
    OutboxItem.objects.update(reaction="rooms.gone.reactions.vanished")
    assert deliver_pending() == 0
    assert "vanished" in selectors.stuck()[0].error


def test_registering_a_reaction_twice_runs_it_once(heard: list[object]) -> None:
    on(FigureCorrected)(_count)
    on(FigureCorrected)(_count)
    _COUNTED.clear()
    _give(NEWS)
    deliver_pending()
    assert _COUNTED == [NEWS]


_COUNTED: list[object] = []


def _count(event: FigureCorrected) -> None:
    _COUNTED.append(event)


def _make_due() -> None:
    OutboxItem.objects.filter(delivered_at=None).update(due_at=datetime.now(UTC))
