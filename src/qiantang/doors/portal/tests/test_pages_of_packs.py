"""Packs bring pages: every kind of tile is shown, in both languages, to those who may see it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.test import Client

from qiantang.doors.portal.tests.zone import figure, publish
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.shelf import services as shelf_services

SHIPPED = [
    ("/packs/geography/divisions/", "行政区划与人口", "Divisions and population"),
    (
        "/packs/statistics-zhejiang/economy/",
        "信息经济统计",
        "Statistics of the information economy",
    ),
    ("/packs/zone-plan-2017/method/", "判定方法", "How targets are judged"),
    ("/packs/zone-plan-2017/outline/", "方案目录", "Outline of the plan"),
]
MANIFEST = """id = "tiles"
version = "1.0.0"
name = { zh = "各种方块", en = "Every tile" }
description = { zh = "试验。", en = "A trial." }
owner = "stats"
licence = "CC0-1.0"
requires = ["geography", "statistics-zhejiang", "zone-plan-2017"]
"""
PAGE = """id = "all"
name = { zh = "全部", en = "All of them" }

[[tiles]]
kind = "text"
text = { zh = "<b>第一段</b>\\n\\n第二段", en = "First\\n\\nSecond" }

[[tiles]]
kind = "target_lights"
plan = "zone-2017"
section = "二(二)1"

[[tiles]]
kind = "series"
indicator = "core_va"
target = "T01"
plan = "zone-2017"
width = "half"

[[tiles]]
kind = "series"
indicator = "online_retail"
division = "330100"
width = "half"

[[tiles]]
kind = "table"
indicator = "core_va"
columns = ["period", "value", "scope_note"]
limit = 1

[[tiles]]
kind = "table"
codes = "zone-plan-2017.section"
limit = 3

[[tiles]]
kind = "outline"
plan = "zone-2017"

[[tiles]]
kind = "outline"
resource = "geography.division"

[[tiles]]
kind = "table"
resource = "secret"

[[tiles]]
kind = "map"
indicator = "gdp"
level = "county"
"""
SECRET = """id = "secret"
grain = ["id"]
cadence = "P1Y"
sharing = "withheld"
conditions = { zh = "不予共享", en = "withheld" }
open = false
owner = "stats"
data = "data/secret.csv"
name = { zh = "内部名单", en = "Internal list" }
description = { zh = "内部。", en = "Internal." }
licence = { zh = "内部", en = "internal" }

[fields.id]
type = "text"
zh = "编号"
en = "Id"
required = true
"""


@pytest.fixture
def every_tile(figures: None, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    for name, text in {
        "pack.toml": MANIFEST,
        "pages/all.toml": PAGE,
        "resources/secret.toml": SECRET,
        "data/secret.csv": "id\nhidden-row\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shelf_services.install_pack(SYSTEM, folder)


@pytest.mark.parametrize(("address", "zh", "en"), SHIPPED)
def test_the_shipped_pages_are_shown_in_both_languages(
    figures: None, reader: Client, address: str, zh: str, en: str
) -> None:
    for lang, name in (("zh", zh), ("en", en)):
        answer = reader.get(address, {"lang": lang})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f"<h1>{name}</h1>" in page
        assert "portal.failed" not in page
        assert "这一块暂时无法显示" not in page
        assert "This part cannot be shown" not in page
    assert zh in reader.get("/packs/?lang=zh").content.decode()
    assert address in reader.get("/packs/").content.decode()
    assert address in reader.get(address.rsplit("/", 2)[0] + "/").content.decode()


def test_every_kind_of_tile_stands_on_one_page(every_tile: None, reader: Client) -> None:
    page = reader.get("/packs/tiles/all/").content.decode()
    assert "&lt;b&gt;第一段&lt;/b&gt;" in page
    assert "电子信息制造业主营业务收入" in page
    assert "/packs/tiles/all/3/chart.json" in page
    assert "杭州市还没有这个指标的数据" in page
    assert "共 4 行，显示前 1 行" in page
    assert "只有设区市有边界数据" in page
    data = reader.get("/packs/tiles/all/?format=json").json()
    assert [t["kind"] for t in data["tiles"]][:3] == ["text", "target_lights", "series"]
    assert [r[0] for r in data["tiles"][1]["rows"]] == ["T05"]


def test_a_table_that_is_not_the_reader_s_says_so_calmly(every_tile: None, reader: Client) -> None:
    answer = reader.get("/packs/tiles/all/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "这一块暂时无法显示" in page
    assert "hidden-row" not in page
    assert reader.get("/packs/tiles/all/9/table.csv").status_code == 404


def test_a_tile_that_breaks_leaves_the_others(
    every_tile: None, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qiantang.doors.portal.tiles.series.series_spec", broken)
    monkeypatch.setattr("qiantang.doors.portal.tiles.series.target_chart", broken)
    answer = reader.get("/packs/tiles/all/")
    assert answer.status_code == 200
    assert "portal.failed" in answer.content.decode()
    assert "&lt;b&gt;第一段" in answer.content.decode()


def test_charts_and_rows_of_a_tile_leave_as_files(every_tile: None, reader: Client) -> None:
    spec = reader.get("/packs/tiles/all/3/chart.json").json()
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    text = reader.get("/packs/tiles/all/5/table.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {r["value"] for r in rows} == {"2854", "3855.7", "6228.9", "7000"}
    for missing in ("1/chart.json", "99/table.csv", "1/table.csv", "3/chart.gif"):
        assert reader.get(f"/packs/tiles/all/{missing}").status_code == 404
    assert reader.get("/packs/tiles/no-such/").status_code == 404
    assert reader.get("/packs/no-such/all/").status_code == 404


def test_a_measure_follows_what_is_published(
    figures: None, officer: Actor, approver: Actor, reader: Client
) -> None:
    address = "/packs/statistics-zhejiang/economy/5/table.csv"
    assert len(reader.get(address).content.decode().splitlines()) == 1
    publish(officer, approver, figure("X19B", "2019", "6500"))
    (row,) = csv.DictReader(io.StringIO(reader.get(address).content.decode("utf-8-sig")))
    assert (row["indicator"], row["sources"]) == ("core_va", "2")


def test_a_milestone_shows_its_verdict_alone(figures: None, reader: Client) -> None:
    from qiantang.doors.portal.target_cards import cards
    from qiantang.rooms.indicators import selectors as indicators

    shown = {c["row"].id: c for c in cards(indicators.assessment("zone-2017").rows)}
    assert list(shown) == [f"T{n:02}" for n in range(1, 28)]
    assert shown["T01"]["with_figure"]
    assert not shown["T27"]["with_figure"]


def test_bar_and_chart_of_verdicts_have_the_same_colours(figures: None, reader: Client) -> None:
    from qiantang.doors.charts import VERDICT_COLOURS
    from qiantang.doors.portal.target_cards import tally
    from qiantang.rooms.indicators import selectors as indicators

    page = reader.get("/").content.decode()
    for part in tally(indicators.assessment("zone-2017").rows):
        assert part["colour"] == {v.value: c for v, c in VERDICT_COLOURS.items()}[part["verdict"]]
        assert f'fill="{part["colour"]}"' in page
