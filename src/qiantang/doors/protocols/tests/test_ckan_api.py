"""CKAN's action API, called by CKAN's own client over a live server."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import NotFound, RemoteCKAN, ValidationError
from django.test import Client

RESOURCE = "harbour--berths_x23_csv"


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("get_only", [False, True])
def test_a_client_finds_and_reads_datasets(ckan: RemoteCKAN, get_only: bool) -> None:
    ckan.get_only = get_only
    assert ckan.action.site_read() is True
    names = ckan.action.package_list()
    assert "harbour--berths" in names
    assert "harbour--patrols" not in names
    package = ckan.action.package_show(id="harbour--berths")
    assert package["title"] == "泊位berths"
    assert package["title_translated"] == {"zh": "泊位berths", "en": "Berths berths"}
    assert sorted(t["name"] for t in package["tags"]) == ["berth", "harbour", "泊位", "渔港"]
    assert [r["format"] for r in package["resources"]] == ["CSV", "ZIP"]
    assert package["resources"][0]["id"] == RESOURCE
    assert package["organization"]["name"] == "330000-stats"
    assert ckan.action.resource_show(id=RESOURCE)["datastore_active"] is True
    with pytest.raises(NotFound):
        ckan.action.package_show(id="harbour--patrols")
    with pytest.raises(NotFound):
        ckan.action.package_show(id="nothing")


def test_searching_as_ckan_is_searched(ckan: RemoteCKAN) -> None:
    whole = ckan.action.package_search(q="*:*", rows=1000)
    assert whole["count"] == len(whole["results"]) == len(ckan.action.package_list())
    part = ckan.action.package_search(q="渔港", rows=1, start=1)
    assert part["count"] == 2
    assert len(part["results"]) == 1
    filtered = ckan.action.package_search(fq="organization:330000-stats +sharing:conditional")
    assert [p["name"] for p in filtered["results"]] == ["harbour--catches"]
    one = ckan.action.package_search(fq='name:"harbour--berths"')
    assert one["count"] == 1
    faceted = ckan.action.package_search(**{"facet.field": ["sharing"]}, rows=0)
    items = {i["name"]: i["count"] for i in faceted["search_facets"]["sharing"]["items"]}
    assert items["conditional"] == 1
    assert faceted["results"] == []


def test_what_is_not_wanted_and_what_will_do(ckan: RemoteCKAN) -> None:
    def names(**asked: Any) -> set[str]:
        return {p["name"] for p in ckan.action.package_search(rows=1000, **asked)["results"]}

    whole = names(q="*:*", fq="*:*")
    conditional = names(fq="sharing:conditional")
    assert conditional
    assert names(fq="-sharing:conditional") == names(fq="NOT sharing:conditional")
    assert names(fq="-sharing:conditional") == whole - conditional
    assert names(q="渔港", fq="-sharing:conditional +state:active") == {"harbour--berths"}
    assert names(fq="-organization:330000-stats -res_format:CSV").isdisjoint(
        names(fq="organization:330000-stats") | names(fq="res_format:CSV")
    )
    either = names(fq="sharing:(conditional OR unconditional)")
    assert either == conditional | names(fq="sharing:unconditional")
    assert names(fq="(sharing:conditional OR sharing:unconditional) -sharing:conditional") == (
        either - conditional
    )
    assert names(fq="sharing:conditional AND sharing:unconditional") == set()
    assert names(fq="name:(harbour--berths OR harbour--catches)") == {
        "harbour--berths", "harbour--catches",
    }  # fmt: skip
    assert names(fq="name:harbour--berths -sharing:unconditional") == set()
    assert names(fq="-id:harbour--berths") == whole - {"harbour--berths"}
    assert names(fq="name:harbour--patrols") == set()


def test_the_order_is_the_one_asked_for(ckan: RemoteCKAN) -> None:
    def listed(sort: str) -> list[Any]:
        return list(ckan.action.package_search(rows=1000, sort=sort)["results"])

    for field in ("name", "id"):
        rising = [p["name"] for p in listed(f"{field} asc")]
        assert rising == [p["name"] for p in listed(field)]
        assert rising == ckan.action.package_list()
        assert rising[::-1] == [p["name"] for p in listed(f"{field} desc")]
    titles = [p["title"].encode("gb18030") for p in listed("title_string asc")]
    assert titles == sorted(titles)
    assert [p["title"].encode("gb18030") for p in listed("title_string desc")] == titles[::-1]
    moments = [p["metadata_modified"][:19] for p in listed("metadata_modified asc")]
    assert moments == sorted(moments)


def test_a_tag_is_the_whole_keyword(ckan: RemoteCKAN) -> None:
    for tag, number in (("渔港", 2), ("harbour", 2), ("港", 0), ("Harbour", 0), ("渔港 泊位", 0)):
        assert ckan.action.package_search(fq=f'tags:"{tag}"')["count"] == number, tag
    for asked, number in (('tags:渔港 AND tags:"berth"', 2), ("tags:渔港 +tags:berths", 0)):
        assert ckan.action.package_search(fq=asked)["count"] == number, asked
    found = ckan.action.package_search(fq="tags:渔港 +sharing:conditional")
    assert [p["name"] for p in found["results"]] == ["harbour--catches"]


def test_a_provider_is_no_other_than_the_one_named(ckan: RemoteCKAN) -> None:
    whole = ckan.action.package_search(rows=1000, **{"facet.field": '["organization", "sharing"]'})
    counted = {i["name"]: i["count"] for i in whole["search_facets"]["organization"]["items"]}
    providers = [(p["organization"] or {}).get("name") for p in whole["results"]]
    assert counted == {name: providers.count(name) for name in set(providers) - {None}}
    for name, number in counted.items():
        found = ckan.action.package_search(fq=f"organization:{name}", rows=1000)
        assert found["count"] == number
        assert {p["organization"]["name"] for p in found["results"]} == {name}
    assert ckan.action.package_search(fq="organization:nobody")["count"] == 0


def test_facets_count_the_hits(ckan: RemoteCKAN) -> None:
    asked: Any = {"facet.field": ["sharing", "groups"], "fq": "sharing:conditional"}
    found = ckan.action.package_search(q="渔港", **asked)
    assert found["facets"]["sharing"] == {"conditional": found["count"]} == {"conditional": 1}


def test_tags_licences_and_providers_are_counted(ckan: RemoteCKAN) -> None:
    fields = ["tags", "license_id", "organization"]
    found = ckan.action.package_search(q="渔港", **{"facet.field": fields})
    assert found["facets"]["tags"] == dict.fromkeys(["berth", "harbour", "泊位", "渔港"], 2)
    (package, other) = found["results"]
    assert package["license_id"] == other["license_id"] == "知识共享署名 4.0"
    assert found["facets"]["license_id"] == {package["license_id"]: 2}
    assert found["search_facets"]["organization"]["items"] == [
        {"name": "330000-stats", "display_name": "统计局", "count": 2}
    ]
    same = ckan.action.package_search(fq=f'license_id:"{package["license_id"]}" +tags:berth')
    assert same["count"] == 2
    one = {"facet.field": ["tags"], "facet.limit": 1, "rows": 0}
    assert ckan.action.package_search(q="渔港", **one)["facets"] == {"tags": {"berth": 2}}


def test_two_characters_are_a_word(ckan: RemoteCKAN) -> None:
    for word in ("渔港", "泊位", "管理"):
        names = [p["name"] for p in ckan.action.package_search(q=word)["results"]]
        assert set(names) >= {"harbour--berths", "harbour--catches"}, word


@pytest.mark.parametrize(
    "asked",
    [
        {"fq": "sharing:conditional OR sharing:unconditional +division:330000"},
        {"fq": "sharing:(conditional OR)"},
        {"fq": "-state:active"},
        {"sort": "score asc"},
        {"sort": "metadata_created desc"},
        {"q": "{!lucene}x"},
        {"q": "title:water^4"},
        {"fq": "metadata_created:[NOW TO *]"},
        {"fq": "nonsense:1"},
        {"sort": "views desc"},
        {"rows": "many"},
    ],
)
def test_what_is_not_spoken_is_refused_by_name(ckan: RemoteCKAN, asked: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        ckan.action.package_search(**asked)
    assert next(iter(asked)) in refused.value.error_dict


def test_organisations_groups_and_tags(ckan: RemoteCKAN) -> None:
    assert "330000-stats" in ckan.action.organization_list()
    shown = ckan.action.organization_show(id="330000-stats", include_datasets=True)
    assert shown["package_count"] == len(shown["packages"])
    listed = {o["name"]: o for o in ckan.action.organization_list(all_fields=True)}
    assert listed["330000-stats"]["package_count"] == shown["package_count"]
    assert "packages" not in ckan.action.organization_show(
        id="330000-stats", include_datasets=False
    )
    some = ckan.action.organization_list(
        all_fields=True, organizations=["330000-stats"], include_dataset_count=False
    )
    assert [(o["name"], o.get("package_count")) for o in some] == [("330000-stats", None)]
    second = ckan.action.organization_list(sort="name asc", limit=1, offset=1)
    assert second == sorted(listed)[1:2]
    assert ckan.action.group_list(sort="name") == sorted(ckan.action.group_list())
    for name in ckan.action.group_list():
        assert ckan.action.group_show(id=name)["name"] == name
    assert {"渔港", "berth"} <= set(ckan.action.tag_list())
    assert ckan.action.tag_list(query="bert") == ["berth"]
    with pytest.raises(NotFound):
        ckan.action.organization_show(id="nobody")


def test_rows_of_an_open_resource(ckan: RemoteCKAN) -> None:
    found = ckan.action.datastore_search(
        resource_id=RESOURCE, filters={"kind": "deep"}, sort="number desc", limit=3, offset=1
    )
    assert [r["number"] for r in found["records"]] == [23, 21, 19]
    assert found["total"] == 13
    assert [f["id"] for f in found["fields"]] == [
        "_id", "number", "name", "kind", "depth", "opened",
    ]  # fmt: skip
    searched = ckan.action.datastore_search(resource_id=RESOURCE, q="泊位25", fields="number")
    assert searched["records"] == [{"number": 25}]
    several = ckan.action.datastore_search(resource_id=RESOURCE, filters={"number": [1, "2", 99]})
    assert several["total"] == 2
    empty = ckan.action.datastore_search(resource_id=RESOURCE, filters={"depth": None})
    assert [r["number"] for r in empty["records"]] == [3]
    quiet = ckan.action.datastore_search(resource_id=RESOURCE, limit=0, include_total=False)
    assert "total" not in quiet
    shipped = ckan.action.datastore_search(resource_id="geography--division_x23_csv", limit=1)
    assert shipped["total"] > 100


def test_a_rows_number_is_its_place_in_the_table(ckan: RemoteCKAN) -> None:
    def ask(**given: Any) -> list[dict[str, Any]]:
        return list(ckan.action.datastore_search(resource_id=RESOURCE, **given)["records"])

    places = {r["number"]: r["_id"] for r in ask()}
    assert sorted(places.values()) == list(range(1, 26))
    for asked in (
        {"filters": {"kind": "deep"}},
        {"q": "泊位2"},
        {"sort": "name desc"},
        {"offset": 9},
    ):
        assert {r["number"]: r["_id"] for r in ask(**asked)}.items() <= places.items(), asked
    assert [r["_id"] for r in ask(sort="_id desc", limit=2)] == [25, 24]
    assert [r["_id"] for r in ask(filters={"_id": [7, "3"]}, sort="_id")] == [3, 7]
    assert ask(fields="kind", limit=1) == [{"kind": "deep"}]
    assert list(ask(fields=["kind", "_id"], limit=1)[0]) == ["kind", "_id"]
    pages = [ask(sort="kind", fields="_id", limit=7, offset=n) for n in range(0, 28, 7)]
    assert sorted(r["_id"] for page in pages for r in page) == list(range(1, 26))
    sql = f'SELECT number FROM "{RESOURCE}" WHERE _id = {places[12]}'
    assert ckan.action.datastore_search_sql(sql=sql)["records"] == [{"number": 12}]


def test_records_come_in_ckans_formats(ckan: RemoteCKAN) -> None:
    def ask(form: str) -> Any:
        found = ckan.action.datastore_search(
            resource_id=RESOURCE, fields="number,name,depth", sort="number", limit=3,
            records_format=form,
        )  # fmt: skip
        assert found["records_format"] == form
        return found["records"]

    objects = ask("objects")
    assert [list(row.values()) for row in objects] == ask("lists")
    assert ask("csv") == '1,泊位1,1\n2,"泊位，2号\n“甲”",2\n3,泊位3,\n'
    assert ask("tsv") == '1\t泊位1\t1\n2\t"泊位，2号\n“甲”"\t2\n3\t泊位3\t\n'
    with pytest.raises(ValidationError) as refused:
        ask("xml")
    assert "objects, lists, csv, tsv" in str(refused.value.error_dict["records_format"])


def test_words_may_be_asked_of_one_field(ckan: RemoteCKAN) -> None:
    def ask(**given: Any) -> list[int]:
        found = ckan.action.datastore_search(resource_id=RESOURCE, sort="number", **given)
        return [r["number"] for r in found["records"]]

    assert ask(q={"name": "25"}) == [25]
    assert ask(q='{"name": "泊位1", "kind": "shallow"}') == [10, 12, 14, 16, 18]
    assert ask(q={"kind": "泊位"}) == []
    for wrong in ({"q": {"keeper": "x"}}, {"q": {"name": 1}}):
        with pytest.raises(ValidationError) as refused:
            ask(**wrong)
        assert "q" in refused.value.error_dict


def test_words_are_asked_for_in_postgresqls_language(ckan: RemoteCKAN) -> None:
    def ask(q: Any, **given: Any) -> list[int]:
        found = ckan.action.datastore_search(
            resource_id=RESOURCE, sort="number", plain=False, q=q, **given
        )
        assert found["total"] == len(found["records"])
        return [r["number"] for r in found["records"]]

    shallow = list(range(2, 26, 2))
    assert ask("泊位 & shallow") == ask("shallow") == shallow
    assert ask("shal") == []
    assert ask("SHAL:*") == shallow
    assert ask("!shallow & (泊位1 | 泊位3 | 泊位4)") == [1, 3]
    assert ask("泊位1:*") == [1, *range(10, 20)]
    assert ask("泊位1") == [1]
    assert ask("'泊位 1' | 泊 <-> 位 <-> 3") == [1, 3]
    assert ask({"name": "泊位7 | shallow"}) == [7]
    assert ask({"kind": "!deep"}) == shallow
    assert ask({"kind": "deep"}, full_text="泊位7 | 泊位8") == [7]
    for wrong in ("a b", "a &", "(a", "a:A", "!", "a <2> b", "'a", "&", "（）"):
        with pytest.raises(ValidationError) as refused:
            ask(wrong)
        assert "q" in refused.value.error_dict


def test_the_whole_row_is_searched_beside_its_fields(ckan: RemoteCKAN) -> None:
    def ask(**given: Any) -> list[int]:
        found = ckan.action.datastore_search(resource_id=RESOURCE, sort="number", **given)
        return [r["number"] for r in found["records"]]

    assert ask(full_text="泊位25") == ask(q="泊位25") == [25]
    assert ask(full_text="泊位1 shallow", q={"name": "12"}) == [12]
    assert ask(full_text="shallow", filters={"number": [3, 4]}) == [4]
    with pytest.raises(ValidationError):
        ask(full_text={"name": "12"})
    with pytest.raises(ValidationError):
        ask(q="a " * 60)


def test_what_is_empty_stands_where_postgresql_puts_it(ckan: RemoteCKAN) -> None:
    def first(sort: Any) -> int:
        found = ckan.action.datastore_search(resource_id=RESOURCE, sort=sort, limit=1)
        return int(found["records"][0]["number"])

    assert (first("depth"), first("depth desc")) == (1, 3)
    assert (first("depth nulls first"), first("depth desc nulls last")) == (3, 25)
    assert first(["kind desc", "number desc"]) == 24
    assert first('"kind" desc, number') == 2
    for wrong in ("depth up", "depth nulls", {"depth": "asc"}, "depth; drop"):
        with pytest.raises(ValidationError):
            first(wrong)


def test_different_rows_are_given_once(ckan: RemoteCKAN) -> None:
    asked: Any = {"resource_id": RESOURCE, "distinct": True, "fields": ["kind"]}
    found = ckan.action.datastore_search(sort="kind desc", **asked)
    assert (found["total"], found["records"]) == (2, [{"kind": "shallow"}, {"kind": "deep"}])
    with pytest.raises(ValidationError):
        ckan.action.datastore_search(sort="number", **asked)
    with pytest.raises(ValidationError):
        ckan.action.datastore_search(resource_id=RESOURCE, filters={"kind": {"gt": "a"}})


def test_a_table_says_what_it_holds(ckan: RemoteCKAN) -> None:
    info = ckan.action.datastore_info(id=RESOURCE)
    assert (info["meta"]["id"], info["meta"]["count"]) == (RESOURCE, 25)
    fields = {f["id"]: f for f in info["fields"]}
    assert list(fields) == ["number", "name", "kind", "depth", "opened"]
    assert fields["number"]["schema"] == {
        "native_type": "int8", "notnull": True, "is_index": False, "uniquekey": False,
    }  # fmt: skip
    assert fields["depth"]["info"]["label_en"] == "Depth"
    with pytest.raises(NotFound):
        ckan.action.datastore_info(id="harbour--catches_x23_csv")


def test_the_next_page_is_of_the_same_question(ckan: RemoteCKAN, client: Client) -> None:
    asked: Any = {"filters": {"kind": "shallow"}, "sort": "number", "limit": 5, "offset": 5}
    found = ckan.action.datastore_search(resource_id=RESOURCE, **asked)
    following = client.get(found["_links"]["next"]).json()["result"]["records"]
    assert [r["number"] for r in following] == [22, 24]
    start = client.get(found["_links"]["start"]).json()["result"]["records"]
    assert [r["number"] for r in start] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("name", ["harbour--catches", "harbour--patrols", "nothing"])
def test_rows_of_what_is_not_open_are_nowhere(ckan: RemoteCKAN, name: str) -> None:
    with pytest.raises(NotFound):
        ckan.action.datastore_search(resource_id=f"{name}_x23_csv")
    with pytest.raises(NotFound):
        ckan.action.datastore_search_sql(sql=f'SELECT * FROM "{name}_x23_csv"')


def test_failures_have_ckans_form(harbour: None, client: Client) -> None:
    missing = client.get("/api/3/action/package_show?id=nothing")
    assert (missing.status_code, missing.json()["error"]["__type"]) == (404, "Not Found Error")
    assert missing.json()["success"] is False
    unknown = client.get("/api/action/package_create")
    assert (unknown.status_code, unknown.json()) == (
        400, "Bad request - Action name not known: package_create",
    )  # fmt: skip
    listed = client.post(
        "/api/action/package_show", data='{"id": ["x"]}', content_type="application/json"
    )
    assert (listed.status_code, listed.json()["error"]["__type"]) == (409, "Validation Error")
    key = {"Authorization": "qt_wrong_key"}
    refused = client.get("/api/action/package_list", headers=key)
    assert (refused.status_code, refused.json()["error"]["__type"]) == (403, "Authorization Error")
    told = client.get("/api/3/action/help_show?name=package_show").json()["result"]
    assert "One dataset" in told


def test_an_answer_is_not_sent_twice(harbour: None, client: Client) -> None:
    first = client.get("/api/3/action/package_show?id=harbour--berths")
    again = client.get(
        "/api/3/action/package_show?id=harbour--berths", headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
