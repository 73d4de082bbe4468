"""Finding entries: Chinese and English words, facets with counts, what one may know of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import policy, selectors, services, texts
from qiantang.rooms.catalogue.errors import FacetUnknown, SortUnknown
from qiantang.rooms.catalogue.models import EntryIndex, InformationResource
from qiantang.rooms.catalogue.selectors import asking, cutting
from qiantang.rooms.catalogue.tests.entries import ORIGIN, taken
from qiantang.rooms.shelf import services as shelf

pytestmark = pytest.mark.django_db


def _names(query: str, actor: Actor = ANONYMOUS, **more: Any) -> list[str]:
    return [hit.name.zh for hit in selectors.search(actor, query, **more).hits]


def _counts(page: selectors.SearchPage, facet: str) -> dict[str, int]:
    return {v.value: v.count for f in page.facets if f.id == facet for v in f.values}


@pytest.fixture
def water(tree: None) -> None:
    """Six entries about water, air and firms."""
    taken(
        ("地表水水质监测", "Surface water quality", {"cadence": "P1D", "division": "330100"}),
        ("环境空气质量日报", "Daily air quality", {"cadence": "P1D", "open": True}),
        ("企业信用评价结果", "Credit of firms", {"division": "330106"}),
        ("2017年4月用电量", "Power use", {"sharing": "conditional"}),
        ("环境统计年鉴", "Yearbook of environment", {"cadence": "P1Y"}),
        ("气象观测空域", "Weather", {"division": "330200"}),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("水", {"地表水水质监测"}),
        ("水质", {"地表水水质监测"}),
        ("空气", {"环境空气质量日报"}),
        ("环境 空气质量", {"环境空气质量日报"}),
        ("2017年4月", {"2017年4月用电量"}),
        ("２０１７年", {"2017年4月用电量"}),
        ("WATER quality", {"地表水水质监测"}),
        ("environ", {"环境统计年鉴"}),
        ("企业 信用", {"企业信用评价结果"}),
    ],
)
def test_words_find_exactly_what_says_them(water: None, query: str, expected: set[str]) -> None:
    found = selectors.search(ANONYMOUS, query)
    assert {hit.name.zh for hit in found.hits} >= expected
    exact = {h.name.zh for h in found.hits} == expected
    assert exact or found.widened


@pytest.mark.parametrize("query", ["戶籍人口", "户籍人口", "戶籍", "理發", "理髮", "理发"])
def test_simplified_and_traditional_characters_find_each_other(tree: None, query: str) -> None:
    taken(("户籍人口与理发店", "Registered people", {}), ("戶籍人口與理髮店", "The same", {}))
    found = selectors.search(ANONYMOUS, query)
    assert {hit.name.zh for hit in found.hits} == {"户籍人口与理发店", "戶籍人口與理髮店"}
    assert found.query == query


@pytest.mark.parametrize("code", ["330106", "330100"])
def test_a_division_s_code_finds_what_is_about_it(water: None, code: str) -> None:
    found = selectors.search(ANONYMOUS, code)
    expected = {"330106": "企业信用评价结果", "330100": "地表水水质监测"}[code]
    assert [hit.name.zh for hit in found.hits] == [expected]


def test_words_of_an_earlier_release_are_written_anew(water: None) -> None:
    taken(("戶籍人口", "Registered people", {"division": "330300"}))
    InformationResource.objects.update(name_plain="")
    rows = EntryIndex.objects.all()
    texts.put(texts.Words(row.key, ([], [], [], [])) for row in rows)
    assert not _names("户籍")
    migration = import_module("qiantang.rooms.catalogue.migrations.0013_folded_words")
    migration.write_anew(apps, None)
    assert _names("户籍") == _names("330300") == ["戶籍人口"]
    assert InformationResource.objects.get(name_zh="戶籍人口").name_plain == "户籍人口"


def test_a_phrase_does_not_run_from_one_section_into_the_next(tree: None) -> None:
    entry = ("名称末尾水", "Name", {"keywords": ("质量提升",)})
    taken(entry, ("水质公报", "Bulletin", {}))
    found = selectors.search(ANONYMOUS, "水质")
    assert found.hits[0].name.zh == "水质公报"
    assert found.total == 1 or found.widened


def test_what_is_not_literally_there_is_looked_for_in_parts(water: None) -> None:
    found = selectors.search(ANONYMOUS, "企业信用风险评价")
    assert found.widened
    assert found.hits[0].name.zh == "企业信用评价结果"
    assert "企业" in found.words


@pytest.fixture
def air(tree: None) -> None:
    """Entries whose names have parts of what is asked for; a bare word is written most often."""
    taken(
        ("空气", "Air", {"description": "空气空气空气"}),
        ("污染物清单", "Pollutants", {}),
        ("污染源与空气站", "Stations", {}),
        ("人口与就业统计", "People", {}),
        ("渔港", "Ports", {}),
    )


@pytest.mark.parametrize(
    ("query", "best", "others"),
    [
        ("空气污染", "污染源与空气站", {"空气", "污染物清单"}),
        ("空气污染物", "污染源与空气站", {"空气", "污染物清单"}),
        ("人口统计", "人口与就业统计", set()),
    ],
)
def test_a_compound_that_nobody_writes_finds_its_parts(
    air: None, query: str, best: str, others: set[str]
) -> None:
    found = selectors.search(ANONYMOUS, query)
    names = [hit.name.zh for hit in found.hits]
    assert (names[0], set(names[1:])) == (best, others)
    assert found.widened
    assert set(found.words) == {query[:2], query[2:]}


def test_the_more_of_the_words_an_entry_has_the_earlier_it_stands(tree: None) -> None:
    taken(
        ("老年人口", "Old", {"description": "人口人口人口人口"}),
        ("其他", "Other", {"description": "卫生服务与人口"}),
        ("卫生机构", "Health", {"description": "服务人口统计"}),
        ("流动人口", "Migrants", {}),
    )
    assert _names("人口卫生服务统计")[:2] == ["卫生机构", "其他"]


def test_a_name_that_no_dictionary_knows_is_looked_for_in_pairs(
    tree: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "words", lambda text: [text])
    taken(("渔舶登记", "Boats", {}), ("罟渔", "Nets", {}), ("渔", "Fish", {}))
    assert set(_names("罟渔舶")) == {"罟渔", "渔舶登记"}


def test_a_word_of_two_characters_stays_whole(water: None) -> None:
    found = selectors.search(ANONYMOUS, "水域")
    assert (found.total, found.widened) == (0, False)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("populations", {"人口", "人口表"}),
        ("population", {"人口", "人口表"}),
        ("cities", {"城市", "城市表"}),
        ("City", {"城市", "城市表"}),
        ("analyses", {"分析"}),
        ("news", set()),
    ],
)
def test_english_singular_and_plural_find_each_other(
    tree: None, query: str, expected: set[str]
) -> None:
    taken(
        ("人口", "Resident population", {}),
        ("人口表", "Populations", {}),
        ("城市", "City list", {}),
        ("城市表", "Cities", {}),
        ("分析", "Analysis of new firms", {}),
    )
    found = selectors.search(ANONYMOUS, query)
    assert {hit.name.zh for hit in found.hits} == expected
    assert not found.widened


def test_the_name_weighs_more_than_the_description(tree: None) -> None:
    said = {"description": "与婚姻登记有关的其他说明"}
    taken(("其他资源", "Other", said), ("婚姻登记", "Marriages", {}))
    assert _names("婚姻登记") == ["婚姻登记", "其他资源"]


def test_synonyms_find_each_other(water: None, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {("信", "誉"): (("信", "用"),)}
    monkeypatch.setattr(asking, "_synonyms", lambda: known)
    assert _names("信誉") == ["企业信用评价结果"]


def test_a_quote_or_an_operator_is_only_a_character(water: None) -> None:
    for query in ('"水', "水'", "水 OR", "name:水", "水*", "NEAR(水)", "水 & !气", "\\"):
        assert selectors.search(ANONYMOUS, query).took >= 0


def test_facets_count_what_choosing_otherwise_would_give(water: None) -> None:
    found = selectors.search(ANONYMOUS, facets={"cycle": "P1D", "level": "city"})
    assert found.total == 1
    assert _counts(found, "cycle") == {"P1D": 1, "P1M": 1}
    assert _counts(found, "level") == {"city": 1, "province": 1}
    assert _counts(found, "sharing") == {"unconditional": 1}
    assert _counts(selectors.search(ANONYMOUS), "status") == {"published": 6}


def test_a_division_counts_what_lies_in_it(water: None) -> None:
    found = selectors.search(ANONYMOUS, facets={"division": "330100"})
    assert {h.name.zh for h in found.hits} == {"地表水水质监测", "企业信用评价结果"}
    assert _counts(found, "division")["330000"] == 6


def test_several_values_of_a_facet_are_one_or_the_other(water: None) -> None:
    found = selectors.search(ANONYMOUS, facets={"cycle": ["P1D", "P1Y"]})
    assert found.total == 3
    assert _counts(found, "cycle") == {"P1D": 2, "P1M": 3, "P1Y": 1}


def test_wrong_facets_and_orders_are_refused() -> None:
    with pytest.raises(FacetUnknown):
        selectors.search(ANONYMOUS, facets={"colour": "red"})
    with pytest.raises(SortUnknown):
        selectors.search(ANONYMOUS, sort="price")


def test_pages_neither_repeat_nor_miss(tree: None) -> None:
    taken(*((f"名录{n % 3}", f"List {n}", {"id": str(n)}) for n in range(25)))
    for sort in ("newest", "name", "completeness", "relevance"):
        seen: list[str] = []
        for page in range(1, 5):
            found = selectors.search(ANONYMOUS, "名录", page=page, size=8, sort=sort)
            seen += [hit.id for hit in found.hits]
        assert len(seen) == len(set(seen)) == found.total == 25
        assert found.pages == 4


def test_names_are_sorted_as_chinese_lists_are(water: None) -> None:
    assert _names("", sort="name")[:3] == ["2017年4月用电量", "地表水水质监测", "环境空气质量日报"]


def test_what_is_new_changed_or_withdrawn_shows_in_the_next_search(water: None) -> None:
    assert _names("婚姻") == []
    taken(("婚姻登记", "Marriages", {}))
    assert _names("婚姻") == ["婚姻登记"]
    taken(("收养登记", "Adoptions", {"id": "婚姻登记"}))
    assert (_names("收养"), _names("婚姻")) == (["收养登记"], [])
    assert services.withdraw_harvested(SYSTEM, ORIGIN.upstream, ["urn:test:婚姻登记"]) == 1
    assert _names("收养") == []


def test_what_was_rolled_back_is_forgotten(water: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        taken(("殡葬服务", "Funerals", {}))
        assert _names("殡葬") == ["殡葬服务"]
        raise ZeroDivisionError
    taken(("流动人口", "Migrants", {}))
    assert (_names("殡葬"), _names("流动人口")) == ([], ["流动人口"])
    assert selectors.search(ANONYMOUS).total == 7


@pytest.fixture
def archives(water: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight entries more, about a word that counts as frequent."""
    module = sys.modules["qiantang.rooms.catalogue.selectors.search"]
    monkeypatch.setattr(module, "RANKED", 3)
    monkeypatch.setattr(module, "FEW", 1)
    taken(
        *((f"档案{n}", f"Data {n}", {}) for n in range(6)),
        ("其他", "Other", {"description": "档案说明"}),
    )


def test_frequent_words_follow_changes_too(archives: None) -> None:
    for _ in range(2):
        assert selectors.search(ANONYMOUS, "档案").total == 7
        assert _names("档案")[-1] == "其他"
    taken(("档案8", "Data 8", {}))
    assert selectors.search(ANONYMOUS, "档案").total == 8
    taken(("账簿0", "Books 0", {"id": "档案0"}), ("档案其他", "Other", {"id": "其他"}))
    assert selectors.search(ANONYMOUS, "档案").total == 7
    assert "其他" not in _names("档案")
    services.withdraw_harvested(SYSTEM, ORIGIN.upstream, ["urn:test:档案1"])
    assert "档案1" not in _names("档案")


def test_after_a_change_only_what_changed_is_asked_again(
    archives: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["qiantang.rooms.catalogue.selectors.search"]
    asked: list[int | None] = []
    found = module.texts.found

    def noted(words: Any, section: str = "", *, among: Any = None) -> Any:
        asked.append(None if among is None else len(among))
        return found(words, section, among=among)

    monkeypatch.setattr(module.texts, "found", noted)
    _names("档案")
    assert asked == [None, None]
    taken(("档案8", "Data 8", {}))
    assert "档案8" in _names("档案")
    assert asked[2:] == [1, 1]
    _names("档案")
    assert len(asked) == 4


def test_after_many_changes_frequent_words_are_asked_anew(
    archives: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiantang.rooms.catalogue.selectors.frequent.MOST_CHANGED", 1)
    _names("档案")
    taken(("档案8", "Data 8", {}), ("档案9", "Data 9", {}))
    assert selectors.search(ANONYMOUS, "档案").total == 9


def test_frequent_words_of_a_rolled_back_change_are_forgotten(archives: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        taken(("档案8", "Data 8", {}))
        assert selectors.search(ANONYMOUS, "档案").total == 8
        raise ZeroDivisionError
    assert selectors.search(ANONYMOUS, "档案").total == 7
    taken(("档案9", "Data 9", {}))
    assert set(_names("档案")) >= {"档案9", "其他"}
    assert selectors.search(ANONYMOUS, "档案").total == 8


def test_withheld_entries_are_neither_found_nor_counted(
    fishing: Path, officer: Actor, stranger: Actor
) -> None:
    for actor, total in ((ANONYMOUS, 2), (stranger, 2), (officer, 3)):
        found = selectors.search(actor, "泊位")
        assert found.total == total == len(found.hits)
        counts = _counts(found, "sharing")
        assert sum(counts.values()) == total
        assert ("withheld" in counts) == (total == 3)
    nobody = replace(officer, token_scopes=frozenset({"write"}))
    assert selectors.search(nobody).total == 0


def test_search_sees_what_the_policy_shows(
    fishing: Path,
    officer: Actor,
    stranger: Actor,
    hangzhou_admin: Actor,
    make_actor: Callable[..., Actor],
) -> None:
    InformationResource.objects.filter(pk="fishing.catches").update(status="draft")
    EntryIndex.objects.filter(resource="fishing.catches").update(status="draft", moment=0)
    services.retire(SYSTEM, "fishing.berths", "试点结束")
    auditor = make_actor("audit", Role.AUDITOR, at="330000")
    everything = ["draft", "review", "published", "retired"]
    from qiantang.rooms.catalogue.selectors.columns import _KEPT

    _KEPT.clear()
    for actor in (ANONYMOUS, officer, stranger, hangzhou_admin, auditor, SYSTEM):
        found = selectors.search(actor, size=200, facets={"status": everything})
        rows = InformationResource.objects.filter(policy.visible_to(actor))
        assert {hit.id for hit in found.hits} == set(rows.values_list("pk", flat=True))


def test_a_search_asks_the_database_few_questions(
    fishing: Path, django_assert_max_num_queries: Any
) -> None:
    selectors.search(ANONYMOUS, "泊位")
    with django_assert_max_num_queries(6):
        selectors.search(ANONYMOUS, "泊位", facets={"level": "province"})
    with django_assert_max_num_queries(4):
        selectors.search(ANONYMOUS)


def test_counts_alone_read_no_entry(water: None, django_assert_max_num_queries: Any) -> None:
    whole = selectors.search(ANONYMOUS)
    with django_assert_max_num_queries(1):
        found = selectors.search(ANONYMOUS, size=0)
    assert (found.total, found.facets) == (whole.total, whole.facets)
    assert (found.hits, found.pages) == ((), 0)


def test_the_name_of_a_declared_resource_changes_with_its_pack(fishing: Path) -> None:
    text = next((fishing / "resources").glob("berths.toml"))
    text.write_text(text.read_text(encoding="utf-8").replace("泊位数", "锚位数"), encoding="utf-8")
    manifest = fishing / "pack.toml"
    said = manifest.read_text(encoding="utf-8").replace("1.0.0", "1.1.0")
    manifest.write_text(said, encoding="utf-8")
    shelf.install_pack(SYSTEM, fishing)
    services.register_resources(SYSTEM, "fishing")
    assert [h.id for h in selectors.search(ANONYMOUS, "锚位").hits] == ["fishing.berths"]
    found = selectors.difference(ANONYMOUS, "fishing.berths", 1, 2)
    changed = [(c.attribute, c.where) for c in found.changes]
    assert changed == [("description", ""), ("fields.name", "berths")]
    assert found.changes[1].label == Text("锚位数：名称", "Berths: name")
