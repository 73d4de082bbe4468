"""How the arguments of CKAN's actions come in: lists, wrong types, bodies, callbacks."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from ckanapi import NotFound, RemoteCKAN, ValidationError
from django.test import Client

from qiantang.doors.protocols import resource_search
from qiantang.doors.protocols.ckan_api import ACTIONS

pytestmark = pytest.mark.django_db
RESOURCE: Final = "harbour--berths_x23_csv"
WRONG: Final = (5, -1, 1.5, True, None, "", "x", [], [[]], [{}], [5], ["x"], {}, {"x": {}},
                "{", "[", "x" * 3000, "\x00", "\ud800", ["\ud800"], {"\ud800": 1},
                1e308, float("nan"))  # fmt: skip
_WORD: Final = re.compile(r"[a-z_.]+")
SOUND: Final = {
    "package_show": {"id": "harbour--berths"},
    "resource_show": {"id": RESOURCE},
    "organization_show": {"id": "330000-stats"},
    "tag_show": {"id": "渔港"},
    "datastore_search": {"resource_id": RESOURCE},
    "datastore_info": {"resource_id": RESOURCE},
    "datastore_search_sql": {"sql": f'SELECT count(*) FROM "{RESOURCE}"'},
    "package_search": {"facet.field": ["sharing"]},
}


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    """Everybody may ask as often as they like."""
    settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = 0


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_whatever_type_an_argument_has_the_answer_is_a_known_one(
    harbour: None, client: Client, action: str
) -> None:
    _, _, parameters = ACTIONS[action][1].partition(";")
    for parameter in _WORD.findall(parameters):
        for wrong in WRONG:
            given = {**SOUND.get(action, {}), parameter: wrong}
            answer = client.post(
                f"/api/3/action/{action}", json.dumps(given), content_type="application/json"
            )
            assert answer.status_code in {200, 404, 409}, (given, answer.content[:300])
            assert answer.json()["success"] is (answer.status_code == 200)


@pytest.mark.parametrize(
    "given",
    [
        {"facet.field": 5},
        {"facet.field": [{}]},
        {"fq_list": 5},
        {"fq_list": [5]},
        {"facet.limit": "many"},
        {"facet.field": ["nothing"]},
    ],
)
def test_a_wrong_argument_is_named_in_both_languages(
    ckan: RemoteCKAN, given: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        ckan.action.package_search(**given)
    (said,) = refused.value.error_dict[next(iter(given))]
    assert "is wrong" in said
    assert "无效" in said


def test_lists_come_the_same_by_address_form_and_json(ckan: RemoteCKAN, client: Client) -> None:
    asked: Any = {
        "facet.field": ["sharing", "groups"],
        "fq_list": ["tags:渔港", "sharing:conditional"],
    }
    posted = ckan.action.package_search(**asked)
    ckan.get_only = True
    assert ckan.action.package_search(**asked) == posted
    form = client.post("/api/3/action/package_search", asked).json()["result"]
    assert form["count"] == posted["count"] == 1
    assert form["facets"] == posted["facets"]
    assert set(posted["facets"]) == {"sharing", "groups"}
    for one in (["sharing"], "sharing", '["sharing"]'):
        found = ckan.action.package_search(**{"facet.field": one})
        assert set(found["facets"]) == {"sharing"}
    twice = client.get("/api/3/action/package_search?fq=tags:渔港&fq=sharing:conditional").json()
    assert twice["result"]["count"] == 1
    both = client.get("/api/3/action/organization_list?organizations=330000-stats&organizations=x")
    assert both.json()["result"] == ["330000-stats"]
    assert client.get("/api/3/action/package_show?id=a&id=b").status_code == 409


def test_a_body_that_is_no_json_object_is_a_bad_request(harbour: None, client: Client) -> None:
    for body in ("{", "[]", "5", "[" * 100_000, '{"id": 1' + "0" * 5000 + "}"):
        answer = client.post("/api/action/package_show", body, content_type="application/json")
        assert answer.status_code == 400, body[:20]
        assert answer.json().startswith("Bad request - JSON Error: ")
    old = client.post("/api/action/package_show", {'{"id": "harbour--berths"}': "1"})
    assert old.json()["result"]["name"] == "harbour--berths"


def test_no_script_is_made_of_an_answer(harbour: None, client: Client) -> None:
    answer = client.get("/api/3/action/site_read?callback=alert")
    assert answer.status_code == 409
    assert "callback" in answer.json()["error"]
    assert answer["Content-Type"].startswith("application/json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    posted = client.post("/api/3/action/site_read", {"callback": "alert"})
    assert posted.json()["result"] is True


def test_facets_are_as_many_as_asked_for(ckan: RemoteCKAN) -> None:
    def counted(**given: Any) -> dict[str, int]:
        asked = {"facet.field": ["groups"], **given}
        return dict(ckan.action.package_search(rows=0, **asked)["facets"].get("groups", {}))

    whole = counted(**{"facet.limit": -1})
    assert len(whole) > 3
    first = list(whole.items())
    assert list(counted(**{"facet.limit": 2}).items()) == first[:2]
    assert list(counted(**{"facet.limit": "3"}).items()) == first[:3]
    assert counted(**{"facet.limit": 0}) == {}
    assert counted(facet="false") == counted(facet=False) == {}
    most = max(whole.values())
    assert counted(**{"facet.mincount": most}) == {v: n for v, n in whole.items() if n == most}
    few = counted(fq="name:harbour--berths")
    assert 0 not in few.values()
    with_none = counted(fq="name:harbour--berths", **{"facet.mincount": 0, "facet.limit": -1})
    assert set(with_none) == set(whole)
    assert {v: n for v, n in with_none.items() if n} == few


def test_lists_come_in_the_order_asked_for(ckan: RemoteCKAN) -> None:
    for action in ("organization_list", "group_list"):

        def ask(sort: str, action: str = action) -> list[dict[str, Any]]:
            return list(ckan.call_action(action, {"all_fields": True, "sort": sort}))

        names = [e["name"] for e in ask("name asc")]
        assert names == sorted(names)
        assert [e["name"] for e in ask("name desc")] == names[::-1]
        counts = [e["package_count"] for e in ask("package_count")]
        assert counts == sorted(counts, reverse=True)
        rising = [e["package_count"] for e in ask("package_count asc")]
        assert rising == counts[::-1]
        titles = [e["title"].lower().encode("gb18030") for e in ask("title")]
        assert titles == sorted(titles)
        assert ckan.call_action(action) == [e["name"] for e in ask("title asc")]
        old = ckan.call_action(action, {"order_by": "packages", "all_fields": True})
        assert [e["package_count"] for e in old] == counts
        for wrong in ("views", "name up", "name, title"):
            with pytest.raises(ValidationError):
                ask(wrong)


def test_names_are_found_by_a_piece_of_them(ckan: RemoteCKAN) -> None:
    assert "330000-stats" in [o["name"] for o in ckan.action.organization_autocomplete(q="统计")]
    assert ckan.action.organization_list(q="STATISTICS") == ["330000-stats"]
    groups = ckan.action.group_list(all_fields=True)
    found = ckan.action.group_autocomplete(q=groups[0]["title"], limit=1)
    assert found[0]["title"] == groups[0]["title"]
    assert ckan.action.tag_autocomplete(query="bert") == ["berth"]
    assert ckan.action.tag_search(query=["har", "bour"])["count"] == 1
    assert ckan.action.vocabulary_list() == []
    with pytest.raises(ValidationError):
        ckan.action.group_autocomplete()
    shown = ckan.action.tag_show(id="渔港", include_datasets=True)
    assert {p["name"] for p in shown["packages"]} == {"harbour--berths", "harbour--catches"}
    assert "packages" not in ckan.action.tag_show(id="渔港")
    for missing in ({"id": "渔"}, {"id": "渔港", "vocabulary_id": "x"}):
        with pytest.raises(NotFound):
            ckan.action.tag_show(**missing)


def test_a_group_is_shown_with_its_packages(ckan: RemoteCKAN) -> None:
    for group in ckan.action.group_list(all_fields=True, sort="package_count", limit=2):
        shown = ckan.action.group_show(id=group["name"], include_datasets=True)
        assert len(shown["packages"]) == shown["package_count"] == group["package_count"]
        listed = ckan.action.group_package_show(id=group["name"])
        assert listed == shown["packages"]
        assert ckan.action.group_package_show(id=group["name"], limit=1) == listed[:1]


@pytest.mark.parametrize(
    "resource",
    ["harbour--berths_x23_nothing", "harbour--berths_x23_package",
     "harbour--berths_x23_", "harbour--berths_x23_csv_x23_csv"],
)  # fmt: skip
def test_rows_have_no_other_name_than_their_resources(ckan: RemoteCKAN, resource: str) -> None:
    with pytest.raises(NotFound):
        ckan.action.datastore_search(resource_id=resource)
    with pytest.raises(NotFound):
        ckan.action.datastore_search_sql(sql=f'SELECT * FROM "{resource}"')


def test_datasets_come_whole_the_newest_first(ckan: RemoteCKAN) -> None:
    whole = ckan.action.current_package_list_with_resources()
    assert {p["name"] for p in whole} == set(ckan.action.package_list())
    moments = [p["metadata_modified"][:19] for p in whole]
    assert moments == sorted(moments, reverse=True)
    second = ckan.action.current_package_list_with_resources(limit=2, offset=2)
    assert second == whole[2:4] == ckan.action.current_package_list_with_resources(limit=2, page=2)


def test_datasets_are_completed_by_title_and_name(ckan: RemoteCKAN) -> None:
    (found,) = ckan.action.package_autocomplete(q="泊位cat")
    assert found == {
        "name": "harbour--catches",
        "title": "泊位catches",
        "match_field": "title",
        "match_displayed": "泊位catches (harbour--catches)",
    }
    named = ckan.action.package_autocomplete(q="HARBOUR--")
    assert [each["match_field"] for each in named] == ["name", "name"]
    assert len(ckan.action.package_autocomplete(q="泊", limit=1)) == 1
    assert ckan.action.package_autocomplete(q="keeper") == []
    assert ckan.action.format_autocomplete(q="C") == ["csv"]
    with pytest.raises(ValidationError):
        ckan.action.package_autocomplete()


def test_licences_are_those_that_datasets_have(ckan: RemoteCKAN) -> None:
    listed = {licence["id"] for licence in ckan.action.license_list()}
    packages = ckan.action.current_package_list_with_resources()
    assert listed == {package["license_id"] for package in packages}


def test_resources_are_found_by_their_fields(
    ckan: RemoteCKAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ckan.action.resource_search(query=["format:csv", "package_id:BERTHS"])
    assert (found["count"], found["results"][0]["id"]) == (1, RESOURCE)
    every = ckan.action.resource_search(query="url:http", order_by="id")
    ids = [each["id"] for each in every["results"]]
    assert ids == sorted(ids)
    assert every["count"] == len(ids) > 2
    some = ckan.action.resource_search(query="url:http", order_by="id", offset=1, limit=2)
    assert [each["id"] for each in some["results"]] == ids[1:3]
    for wrong in ({}, {"query": "csv"}, {"query": "size:5"}, {"query": "url:x", "order_by": "y"}):
        with pytest.raises(ValidationError):
            ckan.action.resource_search(**wrong)
    monkeypatch.setattr(resource_search, "MOST_READ", 1)
    with pytest.raises(ValidationError):
        ckan.action.resource_search(query="url:http")


def test_a_package_is_in_every_group_that_counts_it(ckan: RemoteCKAN) -> None:
    whole = ckan.action.current_package_list_with_resources()
    listed = ckan.action.group_list(all_fields=True)
    assert {group["name"] for package in whole for group in package["groups"]} >= {
        group["name"] for group in listed
    }
    for group in listed:
        named = [p for p in whole if group["name"] in {g["name"] for g in p["groups"]}]
        assert len(named) == group["package_count"]


@pytest.mark.parametrize("name", ["mm", "qf", "defType", "q.op", "fl", "nothing"])
def test_what_would_change_the_search_and_is_not_known_is_refused(
    ckan: RemoteCKAN, name: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ckan.action.package_search(q="渔港", **{name: "1"})
    assert name in refused.value.error_dict
    assert ckan.action.package_search(q="渔港", include_private=True, ext_x="1")["count"] == 2
