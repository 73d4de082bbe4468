"""The release calendar: due, late, published, and as a feed that calendars read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from qiantang.rooms.indicators import selectors
from qiantang.rooms.indicators.calendar import ReleaseState
from qiantang.rooms.indicators.shapes import SubmissionView

from .conftest import Row

Publish = Callable[[Row], SubmissionView]
GDP = {
    "id": "G1",
    "indicator": "gdp",
    "division": "330000",
    "period": "2019",
    "value": "62352",
    "unit": "亿元",
    "kind": "actual",
    "grade": "A",
    "source_title": "公报",
    "published": "2020-03-05",
}


def standing(today: date, period: str) -> tuple[ReleaseState, date | None]:
    found = selectors.release_calendar(today)
    (one,) = [r for r in found if r.release.id == "accounts" and str(r.period) == period]
    return one.state, one.published


def test_what_has_no_figure_is_due_until_its_day_and_late_after_it() -> None:
    assert standing(date(2020, 3, 31), "2019") == (ReleaseState.DUE, None)
    assert standing(date(2020, 4, 1), "2019") == (ReleaseState.LATE, None)


def test_what_is_published_shows_its_day(publish: Publish) -> None:
    publish(GDP)
    assert standing(date(2020, 4, 1), "2019") == (ReleaseState.PUBLISHED, date(2020, 3, 5))
    publish({**GDP, "id": "G2", "period": "2020", "published": "2021-05-01"})
    assert standing(date(2021, 6, 1), "2020") == (ReleaseState.PUBLISHED_LATE, date(2021, 5, 1))


def test_an_aim_and_another_place_publish_nothing(publish: Publish) -> None:
    publish({**GDP, "kind": "later_target"})
    assert standing(date(2020, 3, 1), "2019") == (ReleaseState.DUE, None)


def test_of_several_indicators_all_must_be_there(publish: Publish, form: Row) -> None:
    publish(form)
    found = selectors.release_calendar(date(2020, 10, 1))
    (one,) = [r for r in found if r.release.id == "core-industries" and str(r.period) == "2019"]
    assert (one.state, one.published) == (ReleaseState.LATE, None)
    assert "core_va" not in one.missing
    assert "core_share" in one.missing


def test_a_due_day_on_a_weekend_is_the_next_working_day() -> None:
    (release,) = [r for r in selectors.releases() if r.id == "accounts"]
    days = {str(p): release.due(p) for p in release.periods(date(2024, 12, 31))}
    assert days["2017"] == date(2018, 4, 2)  # 31 March 2018 was a Saturday
    assert days["2019"] == date(2020, 3, 31)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_and_the_api_show_the_calendar(
    publish: Publish, client: Client, lang: str
) -> None:
    publish(GDP)
    page = client.get("/statistics/calendar/", {"lang": lang})
    assert page.status_code == 200
    assert "2020" in page.content.decode()
    listed = client.get("/api/v1/releases", {"size": 200}).json()["items"]
    (one,) = [r for r in listed if r["period"] == "2019" and r["indicators"] == ["gdp"]]
    assert (one["state"], one["published"], one["verified"]) == ("published", "2020-03-05", False)


def test_calendars_can_read_the_feed(publish: Publish, client: Client) -> None:
    publish(GDP)
    answer = client.get("/statistics/calendar.ics", {"lang": "zh"})
    assert answer["Content-Type"].startswith("text/calendar")
    raw = answer.content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    events = parsed(raw)
    assert len({e["UID"] for e in events}) == len(events) == len(selectors.release_calendar())
    (one,) = [e for e in events if e["SUMMARY"] == "地区生产总值（年度） 2019年"]
    assert (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]) == ("20200331", "20200401")
    assert one["STATUS"] == "CONFIRMED"
    assert "/statistics/calendar/" in one["DESCRIPTION"]


def parsed(raw: bytes) -> list[dict[str, str]]:
    """The events of an iCalendar object, unfolded and told apart as RFC 5545 says."""
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            events[-1][name] = value.replace("\\,", ",").replace("\\n", "\n")
    return events
