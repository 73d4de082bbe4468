"""Looking for a resource: words, synonyms, facets, places that keep the same resource."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape

from qiantang.doors.portal.catalogue.marking import marks_of
from qiantang.doors.portal.tests.zone import install
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.catalogue.tests.entries import taken
from qiantang.rooms.people.services import create_organisation
from qiantang.standards.entries import Word

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tree: None, lake_folder: Path) -> None:
    install()
    catalogue.register_resources(SYSTEM, "data-commons")


def page_of(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_hits_are_marked_and_synonyms_told(listed: None, reader: Client) -> None:
    page = page_of(reader, "/catalogue/?q=人口")
    assert "<mark>户籍人口</mark>基本信息" in page
    assert "“人口”也查找了：居民" in page
    english = page_of(reader, "/catalogue/?q=人口&lang=en")
    assert "<mark>residents</mark>" in english


def test_words_that_find_too_little_are_taken_apart_and_the_page_says_so(
    listed: None, reader: Client
) -> None:
    page = page_of(reader, "/catalogue/?q=公民户口登记信息")
    assert "已拆开查找" in page
    assert "户籍人口基本信息" in page.replace("<mark>", "").replace("</mark>", "")


def test_a_text_is_marked_as_it_is_written() -> None:
    for query in ("戶籍", "户籍"):
        marks = marks_of(query)
        assert marks is not None
        assert [p for p, said in marks.parts("戶籍和户籍人口") if said] == ["戶籍", "户籍"]


def test_markup_in_a_question_stays_words(listed: None, reader: Client) -> None:
    page = page_of(reader, "/catalogue/?q=<script>alert(1)</script>人口")
    assert "<script>alert(1)" not in page
    marks = marks_of("a.b (c")
    assert marks is not None
    pieces = list(marks.parts("xabcx A.B"))
    assert pieces == [("xabcx ", False), ("A", True), (".", False), ("B", True)]


def test_a_facet_is_a_link_that_narrows_and_lets_go(listed: None, reader: Client) -> None:
    page = page_of(reader, "/catalogue/?q=&open=open")
    assert 'class="choice__link is-chosen"' in page
    assert '<input type="hidden" name="open" value="open" form="catalogue-form">' in page
    found = reader.get("/catalogue/?q=&open=open&format=json").json()
    assert found["entries"]
    assert all(e["open"] for e in found["entries"])
    both = reader.get("/catalogue/?q=&open=open&open=closed&format=json").json()
    assert both["total"] == reader.get("/catalogue/?q=&format=json").json()["total"]
    form = reader.get("/catalogue/?q=&form=table&format=json").json()
    assert form["total"] == both["total"]


@pytest.fixture
def tagged(listed: None) -> None:
    """Two entries about the sea, one of them with fifty keywords of its own; one of few words."""
    many = tuple(Word(f"港{n}", "zh") for n in range(50))
    sea = (Word("海 & 港", "zh"), Word("sea/coast", "en"), Word("GDP", "en"))
    licence = Text("署名 4.0", "CC BY 4.0")
    taken(
        ("渔港", "Harbours", {"keywords": (*sea, *many), "licence": licence}),
        ("渔船", "Boats", {"keywords": sea, "licence": Text("", "ODbL")}),
        ("码头", "Piers", {}),
    )


def _facet(page: str, id: str) -> str:
    return page.split(f'aria-labelledby="facet-{id}"')[1].split("</section>", maxsplit=1)[0]


def test_tags_and_licence_of_an_entry_lead_to_its_like(tagged: None, reader: Client) -> None:
    (entry,) = reader.get("/catalogue/?q=渔船&format=json").json()["entries"]
    zh = page_of(reader, f"/catalogue/{entry['id']}/")
    en = page_of(reader, f"/catalogue/{entry['id']}/?lang=en")
    for page, word, total in ((zh, "海 & 港", 2), (en, "sea/coast", 2), (zh, "ODbL", 1)):
        (address,) = re.findall(f'href="([^"]+)">{re.escape(escape(word))}</a>', page)
        assert reader.get(f"{address}&format=json").json()["total"] == total
        assert 'class="choice__link is-chosen"' in page_of(reader, address)


def test_keywords_in_the_reader_s_language_stand_first(tagged: None, reader: Client) -> None:
    zh = _facet(page_of(reader, "/catalogue/?q=渔&lang=zh"), "keyword")
    en = _facet(page_of(reader, "/catalogue/?q=渔&lang=en"), "keyword")
    assert zh.index("GDP") < zh.index("海 &amp; 港") < zh.index("港0<")
    assert "sea/coast" not in zh
    assert en.index("GDP") < en.index("sea/coast") < en.index("海 &amp; 港")
    assert "另有 13 项没有列出。" in zh
    assert "13 others are not listed." in en
    rare = _facet(page_of(reader, "/catalogue/?q=渔&keyword=港49&lang=en"), "keyword")
    assert rare.index("港49<") < rare.index("GDP")


def test_a_licence_is_a_facet_in_both_languages(tagged: None, reader: Client) -> None:
    for lang, names in (("zh", ("署名 4.0", "未注明")), ("en", ("CC BY 4.0", "Not stated"))):
        facet = _facet(page_of(reader, f"/catalogue/?q=&lang={lang}"), "licence")
        for name in (*names, "ODbL"):
            assert f'class="choice__name">{name}</span>' in facet, name


def test_classes_open_along_what_is_chosen(listed: None, reader: Client) -> None:
    closed = page_of(reader, "/catalogue/?q=")
    assert "choice--1" not in closed
    opened = page_of(reader, "/catalogue/?q=&class=1")
    assert "choice--1" in opened
    assert "人口信息" in opened


def test_typing_changes_only_the_results(listed: None, reader: Client) -> None:
    part = reader.get(
        "/catalogue/?q=人口", headers={"HX-Request": "true", "HX-Target": "catalogue-results"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="catalogue-results"')
    assert "<html" not in part


def test_orders_pages_and_odd_values_never_fail(listed: None, reader: Client) -> None:
    for query in ("sort=name", "sort=nonsense", "page=99", "page=-1", "page=x", "class=999"):
        assert reader.get(f"/catalogue/?q=&{query}").status_code == 200, query
    assert "这一页没有结果" in page_of(reader, "/catalogue/?q=&page=99")


def test_the_same_resource_of_many_places_is_one_line(listed: None, reader: Client) -> None:
    for code in ("330100", "330200"):
        name = Text("教育局", "Bureau of Education")
        create_organisation(SYSTEM, code, name, department="education")
        catalogue.take(SYSTEM, "data-commons.school", code)
    page = page_of(reader, "/catalogue/?q=学校")
    assert "3 个地方" in page
    assert page.count('class="hit card"') == 1
    assert 'href="/catalogue/groups/data-commons.school/"' in page
    group = reader.get("/catalogue/groups/data-commons.school/?format=json").json()
    assert {m["division"] for m in group["members"]} == {"330000", "330100", "330200"}
    copy = page_of(reader, "/catalogue/data-commons.school@330100/")
    assert "各地同类资源" in copy


def test_what_a_department_owes_is_on_its_page(listed: None, reader: Client) -> None:
    create_organisation(
        SYSTEM, "330100", Text("教育局", "Bureau of Education"), department="education"
    )
    page = page_of(reader, "/catalogue/organisations/330100-education/")
    assert "尚未登记" in page
    catalogue.take(SYSTEM, "data-commons.school", "330100")
    duties = reader.get("/catalogue/organisations/330100-education/?format=json").json()["duties"]
    assert [(d["resource"], d["state"]) for d in duties] == [("data-commons.school", "done")]
    (owed,) = [
        d
        for d in reader.get("/catalogue/divisions/330100/?format=json").json()["duties"]
        if d["organisation"] == "330100-education"
    ]
    assert owed["entry"] == "data-commons.school@330100"
