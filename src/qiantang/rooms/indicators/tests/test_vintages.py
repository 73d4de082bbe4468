"""How figures were revised: by how much, when, and what stood on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.errors import DayOutOfRange, TooWideForADay
from qiantang.rooms.indicators.shapes import SubmissionView

from .conftest import Row

Publish = Callable[[Row], SubmissionView]
pytestmark = pytest.mark.usefixtures("of_both_sizes")


def test_a_correction_is_shown_with_its_size(publish: Publish, form: Row) -> None:
    publish(form)
    assert selectors.vintages("core_va", "330000") == ()
    publish({**form, "value": "0.6229", "unit": "万亿元", "base_revision": "1"})
    (found,) = selectors.vintages("core_va", "330000")
    assert [o.revision for o in found.revisions] == [1, 2]
    assert found.difference == Decimal("0.6229") - Decimal("0.62289")
    assert found.percent == "+0.00%"
    assert selectors.vintages("core_va", "330100") == ()


def test_a_withdrawal_has_no_size(
    publish: Publish, form: Row, officer: Actor, approver: Actor
) -> None:
    publish(form)
    services.approve(approver, services.submit_withdrawal(officer, "X1", 1).id)
    (found,) = selectors.vintages("core_va", "330000")
    assert found.now.withdrawn
    assert (found.difference, found.relative, found.percent) == (None, None, None)


def test_a_figure_that_moved_is_revised_where_it_stands(publish: Publish, form: Row) -> None:
    publish(form)
    publish({**form, "period": "2018", "base_revision": "1"})
    (found,) = selectors.vintages("core_va", "330000")
    assert [str(o.period) for o in found.revisions] == ["2019", "2018"]


def test_lists_and_series_of_a_past_day(publish: Publish, form: Row) -> None:
    publish(form)
    publish({**form, "id": "X2", "period": "2020", "published": "2021-09-01"})
    before = date(2021, 1, 1)
    assert [o.id for o in selectors.series("core_va", "330000", before).points] == ["X1"]
    listed = selectors.observations(indicator="core_va", as_of=before)
    assert (listed.total, listed.items[0].id) == (1, "X1")
    assert selectors.observations(division="330000", year=2020, as_of=before).total == 0
    assert selectors.indicator_row("core_va", "330000", before).count == 1
    with pytest.raises(TooWideForADay):
        selectors.observations(as_of=before)
    with pytest.raises(DayOutOfRange):
        selectors.series("core_va", "330000", date(1, 1, 1))


def test_the_api_answers_as_known_on_a_day(publish: Publish, form: Row, client: Client) -> None:
    publish(form)
    publish({**form, "value": "6230", "base_revision": "1"})
    early = selectors.observation("X1").known_on - timedelta(days=1)
    address = "/api/v1/indicators/core_va"
    assert client.get(address, {"as_of": early}).json()["series"] == []
    now = client.get(address, {"as_of": timezone.localdate()}).json()
    assert [p["value"] for p in now["series"]] == [6230]
    listed = client.get("/api/v1/observations", {"indicator": "core_va", "as_of": early}).json()
    assert listed["total"] == 0
    assert client.get("/api/v1/observations", {"as_of": early}).status_code == 422
    (revised,) = client.get(f"{address}/vintages").json()["vintages"]
    assert revised["difference"] == pytest.approx(1.1)
    assert [r["revision"] for r in revised["revisions"]] == [1, 2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_revisions_and_a_past_day(
    publish: Publish, form: Row, client: Client, lang: str
) -> None:
    publish(form)
    publish({**form, "value": "6230", "base_revision": "1"})
    page = client.get("/indicators/core_va/", {"lang": lang}).content.decode()
    assert 'id="vintages"' in page
    assert "+0.02%" in page
    early = selectors.observation("X1").known_on - timedelta(days=1)
    past = client.get("/indicators/core_va/", {"lang": lang, "as_of": early})
    assert past.status_code == 200
    assert 'id="X1"' not in past.content.decode()
    assert 'id="X1"' in page
