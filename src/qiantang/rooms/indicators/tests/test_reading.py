"""Reading what is published: lists, series, profiles, and the cache that never goes stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors, services, store
from qiantang.rooms.indicators.errors import (
    NoSuchDivision,
    NoSuchIndicator,
    NoSuchObservation,
)
from qiantang.rooms.indicators.shapes import SubmissionView

from .conftest import RESOURCE, Row

Publish = Callable[[Row], SubmissionView]
pytestmark = pytest.mark.usefixtures("of_both_sizes")


@pytest.fixture
def published(officer: Actor, approver: Actor, real_rows: list[Row]) -> int:
    sent = services.deliver(officer, RESOURCE, real_rows)
    services.approve(approver, sent.id)
    return len(real_rows)


def test_an_empty_zone_reads_as_empty() -> None:
    assert selectors.observations().total == 0
    assert selectors.series("core_va", "330000").points == ()
    assert all(row.latest is None for row in selectors.indicator_rows())
    with pytest.raises(NoSuchObservation):
        selectors.observation("X1")


def test_figures_are_filtered_and_paged(published: int) -> None:
    assert selectors.observations(indicator="core_va", size=500).total == published
    page = selectors.observations(division="330000", page=2, size=3)
    assert (page.page, len(page.items), page.has_previous) == (2, 3, True)
    assert {o.period.year for o in selectors.observations(year=2019).items} == {2019}
    assert {o.source.grade for o in selectors.observations(grade="B").items} == {"B"}
    assert {str(o.period) for o in selectors.observations(period="2020").items} == {"2020"}
    assert selectors.observations(kind="later_target", division="330800").total == 0


def test_a_page_beyond_the_end_is_the_last(published: int) -> None:
    page = selectors.observations(page=999, size=10)
    assert page.page == page.pages
    assert page.items
    assert not page.has_next


def test_a_series_runs_in_the_order_of_time(published: int) -> None:
    ends = [o.period.end for o in selectors.series("core_va", "330000").points]
    assert ends == sorted(ends)
    assert len(ends) > 5


def test_the_latest_result_is_a_full_year_and_never_an_aim(published: int) -> None:
    row = next(r for r in selectors.indicator_rows("330000") if r.indicator.id == "core_va")
    assert row.latest is not None
    assert row.latest.period.kind.value in ("year", "moment")
    assert not row.latest.kind.value.endswith("target")


def test_a_profile_says_what_is_known_and_what_is_missing(publish: Publish, form: Row) -> None:
    publish(form)
    profile = selectors.division_profile("330000")
    assert [r.indicator.id for r in profile.known] == ["core_va"]
    assert profile.level == "province"
    assert len(profile.children) == 11
    city = selectors.division_profile("330100")
    assert city.known == ()
    assert city.parent is not None
    assert city.parent.code == "330000"


def test_unknown_places_and_indicators_are_told() -> None:
    with pytest.raises(NoSuchDivision):
        selectors.division_profile("999999")
    with pytest.raises(NoSuchIndicator):
        selectors.series("nothing", "330000")


def test_what_another_process_publishes_is_seen_with_the_next_read(
    publish: Publish, form: Row
) -> None:
    publish(form)
    before = store.holding()
    assert store.holding() is before
    other = store.lake().__class__(store.folder())
    rows = store.lake().read(store.TABLE)
    later = rows.set_column(rows.schema.get_field_index("id"), rows.schema.field("id"), [["X2"]])
    other.append(store.TABLE, later, key="another process")
    assert selectors.observation("X2").id == "X2"


def test_public_reads_do_not_grow_with_the_figures(
    published: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    selectors.assessment("zone-2017")
    with django_assert_max_num_queries(4):
        selectors.assessment("zone-2017")
        selectors.observations(size=500)
        selectors.division_profile("330000")
