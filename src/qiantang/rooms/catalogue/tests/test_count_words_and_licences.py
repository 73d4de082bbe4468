"""Counting keywords, licences and providers: exactly, of what one may know of, as of now."""

from __future__ import annotations

import random
from collections import Counter
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from django.apps import apps
from django.db import transaction

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.keeping import BETWEEN
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors import columns, feeds
from qiantang.rooms.catalogue.selectors.conditions import Clause, Lacking
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.rooms.catalogue.tests.entries import ORIGIN, taken
from qiantang.standards.entries import Agency, Word

CC_BY = Text("署名 4.0", "CC BY 4.0")
PORTS = Agency("330200-ports", Text("宁波市港口局", "Ningbo Ports"))


def _facet(page: selectors.SearchPage, id: str) -> selectors.Facet:
    return next(facet for facet in page.facets if facet.id == id)


def _counts(id: str, actor: Actor = ANONYMOUS, **asked: Any) -> dict[str, int]:
    return {v.value: v.count for v in _facet(selectors.search(actor, **asked), id).values}


@pytest.fixture
def coast(tree: None) -> None:
    """Three entries about the coast; two of them with a licence."""
    taken(
        ("渔港", "Harbours", {"keywords": ("海洋", "渔业"), "licence": CC_BY}),
        ("渔船", "Boats", {"keywords": ("渔业",), "licence": Text("", "ODbL")}),
        ("码头", "Piers", {"keywords": ("海洋", "A|B", "a"), "publisher": PORTS}),
    )


def test_each_keyword_is_counted_as_it_is_written(coast: None) -> None:
    assert _counts("keyword") == {"海洋": 2, "渔业": 2, "A|B": 1, "a": 1}
    assert _counts("keyword", query="渔港") == {"海洋": 1, "渔业": 1}


def test_a_word_that_both_languages_say_is_counted_once(tree: None) -> None:
    both = (Word("GDP", "zh"), Word("产值", "zh"), Word("GDP", "en"), Word("output", "en"))
    taken(("生产总值", "Output", {"keywords": both}))
    assert _counts("keyword") == {"GDP": 1, "output": 1, "产值": 1}


def test_licences_and_providers_are_counted_under_their_names(coast: None) -> None:
    page = selectors.search(ANONYMOUS)
    assert [(v.value, v.name, v.count) for v in _facet(page, "licence").values] == [
        ("ODbL", Text("ODbL", "ODbL"), 1),
        ("notspecified", Text("未注明", "Not stated"), 1),
        ("署名 4.0", CC_BY, 1),
    ]
    assert [(v.value, v.name, v.count) for v in _facet(page, "provider").values] == [
        ("330100-data", Text("杭州市数据局", "Hangzhou Data Bureau"), 2),
        ("330200-ports", PORTS.name, 1),
    ]


def test_a_facet_s_counts_ignore_its_own_choice_and_follow_the_others(coast: None) -> None:
    chosen: dict[str, Any] = {"keyword": "渔业", "licence": "署名 4.0"}
    page = selectors.search(ANONYMOUS, facets=chosen)
    assert [hit.name.zh for hit in page.hits] == ["渔港"]
    assert _counts("keyword", facets=chosen) == {"海洋": 1, "渔业": 1}
    assert _counts("licence", facets=chosen) == {"署名 4.0": 1, "ODbL": 1}
    assert _counts("provider", facets=chosen) == {"330100-data": 1}
    either = selectors.search(ANONYMOUS, facets={"keyword": ("渔业", "A|B")})
    assert either.total == 3


def test_an_exact_question_asks_for_whole_keywords_and_licences(coast: None) -> None:
    def names(by: str, *values: str, without: bool = False) -> set[str]:
        clause = Clause(by, values)
        asked = Exact((Lacking(clause) if without else clause,))
        found = selectors.search(ANONYMOUS, exact=asked)
        return {hit.name.zh for hit in found.hits}

    assert names("keyword", "海洋") == {"渔港", "码头"}
    assert names("keyword", "海") == names("keyword", "A") == set()
    assert names("keyword", "海洋", without=True) == {"渔船"}
    assert names("licence", "notspecified") == {"码头"}
    assert names("provider", PORTS.code) == {"码头"}


def test_new_changed_and_withdrawn_entries_are_counted_in_the_next_search(coast: None) -> None:
    assert _counts("keyword")["渔业"] == 2
    taken(("养殖", "Farms", {"keywords": ("渔业", "养殖")}))
    assert _counts("keyword")["渔业"] == 3
    taken(("渔船", "Boats", {"keywords": ("船舶",), "licence": CC_BY}))
    assert _counts("keyword") == {"渔业": 2, "海洋": 2, "A|B": 1, "a": 1, "养殖": 1, "船舶": 1}
    assert _counts("licence") == {"署名 4.0": 2, "notspecified": 2}
    services.withdraw_harvested(SYSTEM, ORIGIN.upstream, ["urn:test:码头"])
    assert _counts("keyword") == {"渔业": 2, "海洋": 1, "养殖": 1, "船舶": 1}
    assert _counts("provider") == {"330100-data": 3}


def test_what_another_process_changed_is_counted_in_the_next_search(
    coast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: dict[str, Any] = {}
    monkeypatch.setattr(columns, "_KEPT", here)
    assert _counts("keyword")["海洋"] == 2
    monkeypatch.setattr(columns, "_KEPT", {})
    taken(
        ("渔港", "Harbours", {"keywords": ("海洋",)}), ("灯塔", "Lights", {"keywords": ("海洋",)})
    )
    there = _counts("keyword")
    monkeypatch.setattr(columns, "_KEPT", here)
    assert _counts("keyword") == there == {"海洋": 3, "渔业": 1, "A|B": 1, "a": 1}


def test_what_was_rolled_back_is_not_counted(coast: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        taken(("灯塔", "Lights", {"keywords": ("海洋", "灯塔")}))
        assert _counts("keyword")["灯塔"] == 1
        raise ZeroDivisionError
    assert _counts("keyword") == {"海洋": 2, "渔业": 2, "A|B": 1, "a": 1}


def test_words_of_a_withheld_entry_are_told_to_those_who_may_know_of_it(
    coast: None, officer: Actor
) -> None:
    secret = Text("内部使用", "Internal")
    said = {"keywords": ("雷达", "海洋"), "sharing": "withheld", "licence": secret}
    taken(("雷达站", "Radar", said))
    for actor, radar, sea in ((ANONYMOUS, None, 2), (SYSTEM, 1, 3)):
        counts = _counts("keyword", actor)
        assert (counts.get("雷达"), counts["海洋"]) == (radar, sea)
        assert _counts("licence", actor).get("内部使用") == radar
    asked = selectors.search(ANONYMOUS, facets={"keyword": "雷达"})
    assert asked.total == 0
    assert _facet(asked, "keyword").values[-1].count == 0


def test_of_many_keywords_the_frequent_and_the_chosen_ones_are_given(tree: None) -> None:
    words = tuple(f"词{n:03}" for n in range(300))
    taken(("甲", "A", {"keywords": words}), ("乙", "B", {"keywords": ("词299", "词250")}))
    facet = _facet(selectors.search(ANONYMOUS), "keyword")
    given = [(v.value, v.count) for v in facet.values]
    assert given == [("词250", 2), ("词299", 2), *((word, 1) for word in words[:198])]
    assert facet.further == 100
    chosen = _facet(selectors.search(ANONYMOUS, facets={"keyword": ("词280", "无")}), "keyword")
    assert [(v.value, v.count) for v in chosen.values][200:] == [("词280", 1), ("无", 0)]
    assert chosen.further == 99
    few = _facet(selectors.search(ANONYMOUS, exact=Exact(most=3)), "keyword")
    assert ([v.value for v in few.values], few.further) == (["词250", "词299", "词000"], 297)


def test_machine_feeds_name_every_word_and_provider_at_once(coast: None) -> None:
    bureau = ("330100-data", Text("杭州市数据局", "Hangzhou Data Bureau"), 2)
    assert feeds.feed_owners(ANONYMOUS) == (bureau, (PORTS.code, PORTS.name, 1))
    assert feeds.feed_words(ANONYMOUS) == ("A|B", "a", "海洋", "渔业")
    taken(("灯塔", "Lights", {"keywords": tuple(f"词{n:03}" for n in range(300))}))
    assert len(feeds.feed_words(ANONYMOUS)) == 304
    assert feeds.feed_owners(ANONYMOUS)[0][2] == 3


def test_further_values_of_other_facets_are_told_too(coast: None) -> None:
    page = selectors.search(ANONYMOUS, exact=Exact(most=1))
    assert (len(_facet(page, "licence").values), _facet(page, "licence").further) == (1, 2)
    assert _facet(page, "status").further == 0
    nothing = selectors.search(ANONYMOUS, facets={"licence": "MIT"})
    assert _facet(nothing, "licence").further == 0


def test_an_index_of_before_is_filled_by_the_upgrade(coast: None) -> None:
    before = {id: _counts(id) for id in ("keyword", "licence", "provider")}
    EntryIndex.objects.update(provider="", licence="", keywords="")
    migration = import_module("qiantang.rooms.catalogue.migrations.0011_counted_values")
    assert EntryIndex.objects.count() % migration.AT_ONCE
    migration.fill(apps, None)
    columns._KEPT.clear()
    assert {id: _counts(id) for id in before} == before


def test_columns_follow_every_change_as_if_read_anew() -> None:
    chance = random.Random(7)
    texts: dict[int, list[str]] = {}
    known = columns._EMPTY
    for moment in range(1, 40):
        keys = sorted(chance.sample(range(1, 60), chance.randint(1, 6)))
        texts |= {key: chance.sample("甲乙丙丁戊己", chance.randint(0, 4)) for key in keys}
        rows = [_read(key, texts[key]) for key in keys]
        known = columns._merged(known, rows, (moment, str(moment)))
        assert known.keys.tolist() == sorted(texts)
        assert [known.coded["licence"].texts[c] for c in known.coded["licence"].codes] == [
            "".join(texts[key]) for key in sorted(texts)
        ]
        listed = known.listed["keywords"]
        some = np.array(chance.sample(range(len(texts)), len(texts) // 2), np.int64)
        for rows_counted in (None, some):
            counted = listed.counts(rows_counted)
            at = range(len(texts)) if rows_counted is None else some
            expected = Counter(t for n in at for t in texts[sorted(texts)[n]])
            assert dict(zip(listed.texts, counted.tolist(), strict=True)) == {
                text: expected[text] for text in listed.texts
            }
        assert listed.having(["甲", "己"]).tolist() == [
            not {"甲", "己"}.isdisjoint(texts[key]) for key in sorted(texts)
        ]


def _read(key: int, texts: list[str]) -> tuple[Any, ...]:
    said = {"key": key, "licence": "".join(texts), "keywords": BETWEEN.join(texts)}
    blank = dict.fromkeys(columns.CODED, "") | dict.fromkeys(columns.NUMBERS, 0)
    return tuple((blank | said)[name] for name in columns._READ)
