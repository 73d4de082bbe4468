"""`package_search` finds what a query says and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from ckanapi import RemoteCKAN

pytestmark = pytest.mark.django_db
HARBOUR: Final = {"harbour--berths", "harbour--catches"}


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    """Everybody may ask as often as they like."""
    settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = 0


def names(ckan: RemoteCKAN, **asked: Any) -> set[str]:
    return {p["name"] for p in ckan.action.package_search(rows=1000, **asked)["results"]}


@pytest.mark.parametrize("way", ["q", "fq"])
def test_a_field_is_the_one_that_is_named(ckan: RemoteCKAN, way: str) -> None:
    for query, found in (
        ("title:泊位berths", {"harbour--berths"}),
        ('title:"Berths berths"', {"harbour--berths"}),
        ("title:berths", HARBOUR),
        ("title:BERTH", HARBOUR),
        ("title:渔港", set()),
        ("notes:渔港", HARBOUR),
        ("notes:各渔港", HARBOUR),
        ("notes:keeper", HARBOUR),
        ("notes:keep*", HARBOUR),
        ('notes:"harbour keepers"', set()),
        ("notes:统计局", set()),
        ("tags:berth", HARBOUR),
        ("tags:berths", set()),
        ("name:harbour--berths", {"harbour--berths"}),
        ("organization:330000-stats AND title:berths", HARBOUR),
        ("title:berths res_format:zip", {"harbour--berths"}),
        ("groups:nothing", set()),
    ):
        assert names(ckan, **{way: query}) == found, query


def test_nothing_is_found_that_was_not_asked_for(ckan: RemoteCKAN) -> None:
    for query, found in (
        ("渔港和泊位", set()),
        ("渔港泊位", HARBOUR),
        ('"harbour berth"', set()),
        ("渔港的泊位", set()),
        ('"渔港 泊位"', HARBOUR),
        ('"泊位 渔港"', set()),
        ("渔港 泊位", HARBOUR),
        ("渔港 nothing", set()),
        ("berth", HARBOUR),
        ("berths keeper", HARBOUR),
        ('"their keeper"', set()),
        ('"their keepers"', HARBOUR),
        ("ber", set()),
        ("ber*", HARBOUR),
        ("，", set()),
        ("no，body", set()),
    ):
        assert names(ckan, q=query) == found, query


def test_conditions_combine_as_they_are_written(ckan: RemoteCKAN) -> None:
    whole = names(ckan)
    conditional, berths = names(ckan, fq="sharing:conditional"), names(ckan, q="title:berths")
    for query, found in (
        ("sharing:conditional OR title:berths", conditional | berths),
        ("渔港 OR sharing:conditional", conditional | HARBOUR),
        ("渔港 OR nothing", HARBOUR),
        ("title:berths -sharing:conditional", berths - conditional),
        ("-title:berths", whole - berths),
        ("NOT (sharing:conditional OR title:berths)", whole - conditional - berths),
        ("-(tags:berth AND tags:harbour)", whole - HARBOUR),
        (
            "(tags:berth OR groups:x) AND (渔港 OR nothing) AND NOT name:*catches",
            {"harbour--berths"},
        ),
        ("name:(harbour--berths OR harbour--catches OR nobody)", HARBOUR),
        ("name:harbour-*", HARBOUR),
        ("name:harbour--?e*s", {"harbour--berths"}),
        ("organization:330000-st*", names(ckan, fq="organization:330000-stats")),
        ("res_format:c?V -res_format:*", set()),
        ("tags:b*th", HARBOUR),
        ("tags:*", {n for n in whole if ckan.action.package_show(id=n)["tags"]}),
    ):
        assert names(ckan, q=query) == names(ckan, fq=query) == found, query


def test_hits_come_by_how_well_they_match_and_are_counted(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(q="泊位berths OR 渔港", **{"facet.field": ["sharing"]})
    assert found["results"][0]["name"] == "harbour--berths"
    assert sum(found["facets"]["sharing"].values()) == found["count"] == 2
    pages = [names(ckan, q="渔港", start=start) for start in (0, 1, 2)]
    assert [len(page) for page in pages] == [2, 1, 0]


def test_what_changed_since_a_moment_is_found(ckan: RemoteCKAN) -> None:
    whole = names(ckan)
    package = ckan.action.package_show(id="harbour--berths")
    moment = datetime.fromisoformat(package["metadata_modified"]).replace(tzinfo=UTC)

    def ask(low: datetime | str, high: datetime | str = "*", ends: str = "[]") -> set[str]:
        said = [
            e if isinstance(e, str) else e.isoformat().replace("+00:00", "Z") for e in (low, high)
        ]
        return names(ckan, fq=f"metadata_modified:{ends[0]}{said[0]} TO {said[1]}{ends[1]}")

    tick = timedelta(microseconds=1)
    assert "harbour--berths" in ask(moment)
    assert "harbour--berths" in ask(moment, moment)
    assert "harbour--berths" in ask(moment - tick, moment + tick, "{}")
    assert "harbour--berths" not in ask(moment, "*", "{]")
    assert "harbour--berths" not in ask("*", moment, "[}")
    assert "harbour--berths" not in ask(moment + tick)
    assert ask(moment) | ask("*", moment, "[}") == whole
    assert ask("NOW-1DAY") == ask("NOW-1DAY/DAY", "NOW+1DAY") == whole
    assert ask("NOW") == set()
