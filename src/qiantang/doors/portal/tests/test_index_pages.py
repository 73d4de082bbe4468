"""People read an index: every page in both languages, errors as pages, names kept harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from qiantang.doors.portal.tests.indexed import KEY, publish_index
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indices.tests.yearly import FIRST, SECOND, SMALL, declare, publish_year
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.contents import Contents

__all__ = ["declare", "publish_year"]
PAGES = {
    "": ("瑞士居首", "Switzerland comes first"),
    "units/AUT/": ("奥地利在 51 个单位中居第", "Austria is number"),
    "elements/LPI/": ("越大越好", "more is better"),
    "elements/Conn/": ("组成", "Made of"),
    "compare/?unit=AUT&other=CHE": ("瑞士比奥地利高", "points ahead of"),
    "what-if/": ("现在是公布的方法和名次", "These are the published method and ranks"),
    "robustness/": ("2,000 种算法", "2,000 ways"),
    "method/": ("逐级合成", "Aggregate"),
    "editions/": ("qiantang index verify", "qiantang index verify"),
}


def test_units_of_measure_are_said_in_the_reader_s_language(index: str, reader: Client) -> None:
    for page in ("units/AUT/", "elements/Flights/"):
        address = f"/indices/{index}/{page}"
        assert "千座" in reader.get(f"{address}?lang=zh").content.decode()
        english = reader.get(f"{address}?lang=en").content.decode()
        assert "Thousand seats" in english
        assert "千座" not in english


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_whole_in_both_languages(index: str, reader: Client, lang: str) -> None:
    for path, words in PAGES.items():
        mark = "&" if "?" in path else "?"
        answer = reader.get(f"/indices/{index}/{path}{mark}lang={lang}")
        text = answer.content.decode()
        assert answer.status_code == 200, path
        assert words[lang == "en"] in text, path
        assert text.count("<h1") == 1, path
        assert "{{" not in text, path
        assert "{%" not in text, path


def test_every_page_has_its_json_twin(index: str, reader: Client) -> None:
    for path in PAGES:
        mark = "&" if "?" in path else "?"
        answer = reader.get(f"/indices/{index}/{path}{mark}format=json")
        assert answer.headers["Content-Type"] == "application/json", path
        assert json.loads(answer.content), path


def test_the_list_names_who_leads_and_what_is_not_published(index: str, reader: Client) -> None:
    text = reader.get("/indices/").content.decode()
    assert "瑞士" in text
    assert "尚未发布" in text


def test_an_index_that_was_never_published_says_so(editions: None, reader: Client) -> None:
    answer = reader.get(f"/indices/{KEY}/")
    assert answer.status_code == 404
    assert "尚未发布" in answer.content.decode()


def test_what_moved_and_why_stands_on_the_home_of_a_panel(panel: str, reader: Client) -> None:
    found = json.loads(reader.get(f"/indices/{panel}/?format=json").content)
    moved = [r for r in found["ranking"] if r["moved"]]
    assert found["year"] == 2022
    assert moved
    assert all(r["moved"] == r["before"] - r["rank"] for r in moved)
    assert all(r["share"] * r["moved"] > 0 for r in moved if r["because"])
    text = reader.get(f"/indices/{panel}/").content.decode()
    assert "谁变化最大，为什么" in text
    assert "人造数据" in text
    earlier = reader.get(f"/indices/{panel}/?year=2019").content.decode()
    assert "2019 年与 2018 年相比" in earlier


def test_editions_of_single_years_are_held_against_the_year_before(
    publish_year: Callable[..., Any], reader: Client
) -> None:
    publish_year(2018, FIRST)
    assert "谁变化最大" not in reader.get(f"/indices/{SMALL}/").content.decode()
    publish_year(2019, SECOND)
    home = reader.get(f"/indices/{SMALL}/?lang=en").content.decode()
    for words in (
        "2019 against 2018",
        "The yardstick moved too: 1 of 2 indicators",
        "Ranked now, not then",
        "Ranked then, not now",
        f"/indices/{SMALL}/?edition=1",
    ):
        assert words in home
    data = json.loads(reader.get(f"/indices/{SMALL}/?format=json").content)
    assert (data["since"]["before"], data["since"]["edition"]) == (2018, 1)
    unit = reader.get(f"/indices/{SMALL}/units/CHN/?lang=zh").content.decode()
    assert "与 2018 年相比" in unit
    assert "标尺变动" in unit
    assert "2 → 3" in unit
    new = reader.get(f"/indices/{SMALL}/units/KOR/?lang=en").content.decode()
    assert "has no score in one of the two years" in new


MISSING = (
    *("?edition=9", "?edition=x", "units/XXX/", "elements/XXX/", "compare/?unit=XXX"),
    *("charts/nothing.json", "charts/map.json", "charts/weights.svg", "charts/scores.gif"),
    *("report.doc", "editions/9/bundle.zip"),
)


def test_what_is_not_there_is_a_page(index: str, reader: Client) -> None:
    for path in MISSING:
        answer = reader.get(f"/indices/{index}/{path}")
        assert answer.status_code == 404, path
        assert "<h1" in answer.content.decode(), path


def test_a_year_that_the_panel_lacks_is_a_page(panel: str, reader: Client) -> None:
    answer = reader.get(f"/indices/{panel}/?year=1800")
    assert answer.status_code == 404
    assert "2018" in answer.content.decode()


def test_an_unknown_index_is_a_page(editions: None, reader: Client) -> None:
    assert reader.get("/indices/no.such/").status_code == 404


BUDGETS = {"": 4, "units/AUT/": 4, "what-if/": 4, "robustness/": 4, "method/": 4, "editions/": 6}


def test_pages_of_an_index_keep_their_query_budget(
    index: str,
    reader: Client,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for path, most in BUDGETS.items():
        address = f"/indices/{index}/{path}"
        reader.get(address)
        with django_assert_max_num_queries(most):
            assert reader.get(address).status_code == 200


HOSTILE = Text("<script>alert('名')</script>", '<img src=x onerror="alert(1)">')


@pytest.fixture
def hostile(
    editions: None, officer: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The index with a name, a description and an element that would run if they could."""
    shipped = shelf.contents

    def changed() -> Contents:
        found = shipped()
        own = found.indices[KEY]
        elements = tuple(
            replace(e, name=HOSTILE) if e.code in {"Conn", "LPI"} else e for e in own.elements
        )
        own = replace(own, name=HOSTILE, description=HOSTILE, note=HOSTILE, elements=elements)
        return replace(found, indices={**found.indices, KEY: own})

    monkeypatch.setattr(shelf, "contents", changed)
    publish_index(officer, approver, KEY)
    return KEY


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_stay_texts_everywhere(hostile: str, reader: Client, lang: str) -> None:
    for path in ("", *PAGES, "card/"):
        mark = "&" if "?" in path else "?"
        text = reader.get(f"/indices/{hostile}/{path}{mark}lang={lang}").content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path


def test_a_unit_s_figures_say_what_was_filled(index: str, reader: Client) -> None:
    profile: dict[str, Any] = json.loads(
        reader.get(f"/indices/{index}/units/BRN/?format=json").content
    )
    filled = [i for i in profile["indicators"] if i["filled"]]
    assert filled
    assert all(i["raw"] is None for i in filled)
    assert "补缺" in reader.get(f"/indices/{index}/units/BRN/").content.decode()
