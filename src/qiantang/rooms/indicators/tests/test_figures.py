"""Figures for those who calculate with them: chosen, in force or as known on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.shapes import SubmissionView

from .conftest import RESOURCE, Row

Publish = Callable[[Row], SubmissionView]
pytestmark = pytest.mark.usefixtures("of_both_sizes")


def test_an_empty_zone_has_no_figures() -> None:
    assert selectors.figures(indicators=["core_va"]) == []


def test_only_the_indicators_and_divisions_asked_for(
    officer: Actor, approver: Actor, real_rows: list[Row]
) -> None:
    sent = services.deliver(officer, RESOURCE, real_rows)
    services.approve(approver, sent.id)
    every = selectors.figures(indicators=["core_va"])
    assert len(every) == len(real_rows)
    assert selectors.figures(indicators=["gdp"]) == []
    assert selectors.figures(indicators=[]) == []
    assert selectors.figures(indicators=["core_va"], divisions=[]) == []
    province = selectors.figures(indicators=["core_va"], divisions={"330000"})
    assert {o.division for o in province} == {"330000"}
    assert 0 < len(province) < len(every)
    ends = [o.period.end for o in province]
    assert ends == sorted(ends)


def test_a_correction_is_in_force_at_once_and_the_day_before_still_knows_nothing_newer(
    publish: Publish, form: Row
) -> None:
    publish(form)
    publish({**form, "value": "6229.0", "base_revision": "1"})
    (now,) = selectors.figures(indicators=["core_va"])
    assert (str(now.value), now.revision) == ("6229", 2)
    (today,) = selectors.figures(indicators=["core_va"], as_of=timezone.localdate())
    assert today.revision == 2


def test_what_was_published_later_is_not_known_yet(publish: Publish, form: Row) -> None:
    publish(form)
    published = selectors.observation("X1").known_on
    before = published - timedelta(days=1)
    assert selectors.figures(indicators=["core_va"], as_of=before) == []
    (found,) = selectors.figures(indicators=["core_va"], as_of=published)
    assert found.id == "X1"


@pytest.mark.parametrize("past", [True, False])
def test_a_withdrawn_figure_is_left_out(
    publish: Publish, form: Row, officer: Actor, approver: Actor, past: bool
) -> None:
    publish(form)
    sent = services.submit_withdrawal(officer, "X1", 1)
    services.approve(approver, sent.id)
    as_of = timezone.localdate() if past else None
    assert selectors.figures(indicators=["core_va"], as_of=as_of) == []
