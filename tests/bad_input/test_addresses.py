"""Addresses that ask for what cannot be: every one is answered, none changes or breaks anything."""

from __future__ import annotations

import pytest

from .house import ask, call, problem, refused, untouched

BAD_DAYS = ("yesterday", "2019-13-01", "2019-02-30", "31.12.2019", "\x00", "2019-12-31T00:00", "²")
PAGES_WITH_DAYS = ("/", "/targets/", "/targets/T01/", "/plan/", "/plan/report.xlsx")


@pytest.mark.parametrize("path", PAGES_WITH_DAYS)
def test_a_day_that_is_none_is_named(path: str) -> None:
    with untouched():
        refused(ask("", path, query_params={"as_of": "yesterday"}), "portal.bad_day", 400)


@pytest.mark.parametrize("day", BAD_DAYS)
def test_no_spelling_of_a_day_breaks_a_page(day: str) -> None:
    asked = ask("", "/targets/T01/", query_params={"as_of": day})
    refused(asked, "portal.unreadable_text" if "\x00" in day else "portal.bad_day", 400)
    problem(call("", f"/api/v1/targets?as_of={day!r}"), "api.bad_parameters", 422)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2101-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(day: str) -> None:
    asked = ask("", "/targets/T01/", query_params={"as_of": day})
    refused(asked, "indicators.day_out_of_range", 422)
    problem(call("", f"/api/v1/targets?as_of={day}"), "api.bad_parameters", 422)
