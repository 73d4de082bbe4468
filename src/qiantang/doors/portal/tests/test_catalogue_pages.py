"""The catalogue's public pages: in both languages, within their budgets, and told to nobody what
is withheld."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from qiantang.doors.portal.catalogue import dictionary
from qiantang.doors.portal.tests.zone import install
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.catalogue.selectors import resource
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested, taken
from qiantang.rooms.people.services import create_organisation
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.tests.folders import write_pack
from qiantang.standards.entries import Agency

pytestmark = pytest.mark.django_db
PAGES = [
    ("/catalogue/", "最近更新", "Newest", 6),
    ("/catalogue/?q=", "找到", "resources found", 6),
    ("/catalogue/?q=人口&open=open", "筛选", "Filters", 12),
    ("/catalogue/?q=无此词语", "可以试试", "You may try", 12),
    ("/catalogue/geography.division/", "共享、开放和获取", "Sharing, opening", 16),
    ("/catalogue/data-commons.population/", "有条件共享", "Shared on conditions", 16),
    ("/catalogue/organisations/330000-stats/", "编目责任", "What it must register", 6),
    ("/catalogue/divisions/330000/", "本级编目责任", "Duties at this level", 9),
    ("/catalogue/divisions/330100/", "各部门", "Departments", 9),
    ("/catalogue/groups/data-commons.school/", "各地情况", "place by place", 6),
    ("/catalogue/codes/", "每个代码的有效期", "Code lists", 2),
    ("/catalogue/codes/data-commons.resource-class/", "基础信息资源", "Base resources", 2),
    ("/catalogue/upstreams/", "条目来自哪里", "Where entries come from", 8),
    ("/elements/", "统一社会信用代码", "Unified social credit code", 2),
    ("/elements/data-commons.uscc/", "引用它的字段", "Fields that follow it", 12),
]
PASSWORD = "correct-horse-battery"
CONDITIONAL = "/catalogue/data-commons.population/"


@pytest.fixture
def listed(tree: None, lake_folder: Path) -> None:
    """The shipped packs with their resources in the catalogue."""
    install()
    catalogue.register_resources(SYSTEM, "data-commons")


@pytest.fixture
def fishing(listed: None, tmp_path: Path, settings: Any) -> None:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    kinds = {"berths": "unconditional", "patrols": "withheld"}
    shelf.install_pack(SYSTEM, write_pack(tmp_path, resources=kinds))
    catalogue.register_resources(SYSTEM, "fishing")


@pytest.mark.parametrize(("address", "zh", "en", "queries"), PAGES)
def test_page_speaks_both_languages_within_its_budget(
    listed: None,
    reader: Client,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
    address: str,
    zh: str,
    en: str,
    queries: int,
) -> None:
    assert zh in reader.get(address).content.decode()
    tail = "&" if "?" in address else "?"
    with django_assert_max_num_queries(queries):
        page = reader.get(f"{address}{tail}lang=en").content.decode()
    assert '<html lang="en">' in page
    assert en in page
    assert reader.get(f"{address}{tail}format=json").headers["Content-Type"] == "application/json"


def test_the_number_of_queries_does_not_grow_with_the_hits(
    listed: None,
    reader: Client,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    taken(*((f"气象站点{n}", f"Weather station {n}", {"id": f"w{n}"}) for n in range(60)))
    reader.get("/catalogue/?q=气象")
    with django_assert_max_num_queries(6):
        page = reader.get("/catalogue/?q=气象").content.decode()
    assert "找到 60 项信息资源" in page
    assert page.count('class="hit card"') == 30
    second = reader.get("/catalogue/?q=气象&page=2").content.decode()
    assert "第 2 页，共 2 页" in second
    assert second.count('class="hit card"') == 30


def test_a_withheld_resource_does_not_exist_for_the_public(fishing: None, reader: Client) -> None:
    for address in (
        "/catalogue/fishing.patrols/",
        "/catalogue/fishing.patrols/dictionary.csv",
        "/catalogue/fishing.patrols/quality.json",
        "/catalogue/groups/fishing.patrols/",
    ):
        answer = reader.get(address)
        assert answer.status_code == 404, address
        assert "没有" in answer.content.decode()
    assert reader.get("/catalogue/fishing.berths/").status_code == 200
    found = reader.get("/catalogue/?q=&format=json").json()
    assert "fishing.patrols" not in {e["id"] for e in found["entries"]}
    owner = reader.get("/catalogue/organisations/330000-stats/?format=json").json()
    assert "fishing.patrols" not in {e["id"] for e in owner["resources"]}


def test_its_own_people_see_a_withheld_resource(
    fishing: None, make_actor: Callable[..., Actor], reader: Client
) -> None:
    make_actor("keeper", Role.OFFICER, at="330000-stats")
    sent = reader.post("/desk/sign-in/", {"username": "keeper", "password": PASSWORD})
    assert sent.status_code == 302
    page = reader.get("/catalogue/fishing.patrols/")
    assert page.status_code == 200
    assert "不予共享" in page.content.decode()


def test_an_unknown_entry_list_element_or_day_is_a_clear_answer(
    listed: None, reader: Client
) -> None:
    for address in (
        "/catalogue/no.such/",
        "/catalogue/codes/no.such/",
        "/catalogue/groups/geography.division/",
        "/catalogue/organisations/999999/",
        "/catalogue/divisions/999999/",
        "/elements/no.such/",
        f"{CONDITIONAL}dictionary.pdf",
    ):
        assert reader.get(address).status_code == 404, address
    assert reader.get(f"{CONDITIONAL}?on=yesterday").status_code == 400
    assert reader.get("/catalogue/codes/geography.division/?on=x").status_code == 400
    government = reader.get("/catalogue/organisations/330100/")
    assert government.headers["Location"] == "/catalogue/divisions/330100/"


def test_the_page_tells_only_ways_that_there_are(listed: None, reader: Client) -> None:
    is_open = reader.get("/catalogue/geography.division/").content.decode()
    for address in ("/data/geography.division.csv", "/data/geography.division.zip"):
        assert f'href="{address}"' in is_open
        assert reader.get(address).status_code == 200
    assert 'rel="alternate" type="text/turtle"' in is_open
    assert reader.get("/dcat/dataset/geography.division.ttl").status_code == 200
    closed = reader.get(CONDITIONAL).content.decode()
    assert "/data/data-commons.population" not in closed
    assert 'type="text/csv"' not in closed


@pytest.mark.parametrize(("lang", "head"), [("zh", "中文名称"), ("en", "Data element")])
def test_the_data_dictionary_is_there_in_both_forms(
    listed: None, reader: Client, lang: str, head: str
) -> None:
    csv = reader.get(f"{CONDITIONAL}dictionary.csv?lang={lang}").content.decode("utf-8-sig")
    assert head in csv.splitlines()[0]
    book = reader.get(f"{CONDITIONAL}dictionary.xlsx?lang={lang}").content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert head in rows[0]
    assert len(rows) == len(csv.splitlines())
    fields = reader.get(f"{CONDITIONAL}?format=json").json()["fields"]
    assert [row[1] for row in rows[1:]] == [f["id"] for f in fields]


def test_a_dictionarys_workbook_shows_a_text_as_it_is_and_runs_none(
    listed: None, reader: Client
) -> None:
    view = resource(SYSTEM, "data-commons.population")
    fields = ({"id": "a", "name": {"zh": "=1+2", "en": "@x"}, "type": "text"},)
    book = dictionary.workbook(replace(view, fields=fields), "zh")
    cells = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0][3]
    assert [(cell.value, cell.data_type) for cell in cells[2:4]] == [("=1+2", "s"), ("@x", "s")]


def test_a_harvested_entry_names_its_upstream(listed: None, reader: Client) -> None:
    stop = {"id": "p1", "address": "https://upstream.example/p1"}
    (got,) = taken(("外地人口统计", "Population elsewhere", stop))
    page = reader.get(f"/catalogue/{got.id}/").content.decode()
    assert "本条目汇聚自上游目录" in page
    assert 'href="https://upstream.example/p1"' in page
    assert "数据在上游" in page
    origins = reader.get("/catalogue/upstreams/?format=json").json()["origins"]
    assert origins == [{"code": "test", "entries": 1}]


def test_people_without_an_upstream_see_no_runs(listed: None, reader: Client) -> None:
    assert reader.get("/catalogue/upstreams/?format=json").json()["upstreams"] == []


def test_codes_are_listed_as_in_force_on_a_day(listed: None, reader: Client) -> None:
    whole = reader.get("/catalogue/codes/geography.division/?format=json").json()["codes"]
    then = reader.get("/catalogue/codes/geography.division/?on=2020-01-01&format=json").json()
    codes = {c["code"] for c in then["codes"]}
    assert "330103" in codes
    assert "330113" not in codes
    assert len(whole) > len(codes)


def test_a_place_with_a_platform_of_its_own_is_shown_as_having_the_resource(
    listed: None, reader: Client
) -> None:
    create_organisation(SYSTEM, "330100", Text("教育局", "Education"), department="education")
    bureau = Agency("330100-education", Text("杭州市教育局", "Hangzhou Education"))
    schools = replace(
        harvested("杭州市学校", "Schools of Hangzhou", declared="data-commons.school"),
        publisher=bureau,
        division="330100",
    )
    (got,) = catalogue.take_harvested(SYSTEM, ORIGIN, [schools])
    group = reader.get("/catalogue/groups/data-commons.school/?format=json").json()
    assert {"division": "330100", "entry": got.id, "origin": "test"} in group["members"]
    assert "330100" not in group["owing"]
    assert "来自 测试目录" in reader.get("/catalogue/groups/data-commons.school/").content.decode()
    page = reader.get("/catalogue/organisations/330100-education/").content.decode()
    assert f'href="/catalogue/{got.id}/"' in page
    assert "来自 测试目录" in page
    assert "这个部门还没有发布信息资源" not in page
    (duty,) = reader.get("/catalogue/organisations/330100-education/?format=json").json()["duties"]
    assert (duty["state"], duty["entry"], duty["origin"]) == ("done", got.id, "test")
    entry = reader.get(f"/catalogue/{got.id}/").content.decode()
    assert 'href="/catalogue/groups/data-commons.school/"' in entry


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_an_upstream_withdrew_is_a_tombstone_on_every_door(
    reader: Client, tree: None, lang: str
) -> None:
    entry = harvested("渔船动态", "Boats", description="逐分钟的渔船位置", open=True)
    (got,) = catalogue.take_harvested(SYSTEM, ORIGIN, [entry])
    catalogue.withdraw_harvested(SYSTEM, ORIGIN.upstream, [entry.identifier])
    doors = (
        f"/catalogue/{got.id}/?lang={lang}",
        f"/catalogue/{got.id}/?format=json",
        f"/api/v1/catalogue/{got.id}",
        f"/api/v1/resources/{got.id}",
        f"/dcat/dataset/{got.id}.ttl",
        f"/api/3/action/package_show?id={got.id}",
    )
    for door in doors:
        answer = reader.get(door)
        assert answer.status_code in {200, 404}, (door, answer.content)
        told = answer.content.decode()
        assert "逐分钟的渔船位置" not in told, door
        assert "An abstract" not in told, door
        assert "unconditional" not in told, door
        assert "无条件共享" not in told, door
    page = reader.get(doors[0]).content.decode()
    assert ("测试目录" if lang == "zh" else "Test catalogue") in page
    assert ("不再公开本条目" if lang == "zh" else "shows it no longer") in page
