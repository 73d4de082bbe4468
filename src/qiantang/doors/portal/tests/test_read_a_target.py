"""A reader follows a target from the list to the evidence, and back in time."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from qiantang.doors.portal.tests.zone import figure, publish
from qiantang.kernel.actors import Actor

HTMX = {"HX-Request": "true", "HX-Target": "target-list"}


def test_filters_narrow_the_list(figures: None, reader: Client) -> None:
    assert len(reader.get("/targets/?format=json").json()["targets"]) == 27
    found = reader.get("/targets/?q=核心产业&format=json").json()["targets"]
    assert [t["id"] for t in found] == ["T01", "T02"]
    by_section = reader.get("/targets/?section=二(二)1&format=json").json()["targets"]
    assert [t["id"] for t in by_section] == ["T05"]
    assert reader.get("/targets/?verdict=met_near&format=json").json()["targets"][0]["id"] == "T01"
    nothing = reader.get("/targets/?q=没有这样的目标").content.decode()
    assert "没有符合条件的目标" in nothing
    assert "清除筛选" in nothing


def test_htmx_gets_the_list_alone(figures: None, reader: Client) -> None:
    part = reader.get("/targets/?q=核心产业", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="target-list"')
    assert "<html" not in part
    assert "T01" in part
    assert "T05" not in part


def test_evidence_and_what_was_set_aside_stand_with_reasons(figures: None, reader: Client) -> None:
    page = reader.get("/targets/T01/").content.decode()
    assert "全省信息经济核心产业增加值突破5500亿元" in page
    assert "核心产业增加值6228.9亿元" in page
    assert "未采用" in page
    assert "来源不明的网页" in page
    data = reader.get("/targets/T01/?format=json").json()
    assert data["value"] == 6228.9
    assert any(r["id"] == "XD" and r["code"] == "grade_d" for r in data["rejected"])
    assert data["history"][0]["verdict"] == data["verdict"]


def test_as_of_an_earlier_day_only_what_was_known_counts(figures: None, reader: Client) -> None:
    data = reader.get("/targets/T01/?as_of=2019-06-30&format=json").json()
    assert data["verdict"] == "not_yet_due"
    assert reader.get("/targets/T01/?as_of=2019-06-30").status_code == 200


def test_the_chart_is_of_the_plan_and_day_that_the_page_shows(
    figures: None, reader: Client
) -> None:
    text = reader.get("/targets/T01/?plan=zone-2017&as_of=2019-06-30").content.decode()
    for address in ("chart.json", "series.csv"):
        assert f"/targets/T01/{address}?plan=zone-2017&amp;as_of=2019-06-30" in text
    plain = reader.get("/targets/T01/").content.decode()
    assert 'data-chart-src="/targets/T01/chart.json"' in plain


def test_the_chart_and_its_csv_tell_the_same_figures(figures: None, reader: Client) -> None:
    spec = reader.get("/targets/T01/chart.json").json()
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    text = reader.get("/targets/T01/series.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {r["id"] for r in rows} == {"X14", "X18", "X19", "XD"}
    assert next(r for r in rows if r["id"] == "X19")["value"] == "6228.9"


def test_csv_runs_no_formula(zone: None, officer: Actor, approver: Actor, reader: Client) -> None:
    evil = figure("XE", "2019", "6000", source_title='=HYPERLINK("http://x")', quote="+1+1|cmd")
    publish(officer, approver, evil)
    for address in ("/targets/T01/series.csv", "/indicators/core_va/series.csv"):
        text = reader.get(address).content.decode("utf-8-sig")
        row = next(r for r in csv.DictReader(io.StringIO(text)) if r["id"] == "XE")
        assert row["source_title"] == '\'=HYPERLINK("http://x")'
        assert row["quote"] == "'+1+1|cmd"
        assert row["value"] == "6000"


def test_html_in_a_source_is_shown_and_not_run(
    zone: None, officer: Actor, approver: Actor, reader: Client
) -> None:
    evil = figure(
        "XH", "2019", "6000", source_title="<script>alert(1)</script>", quote='"><img src=x>'
    )
    publish(officer, approver, evil)
    for address in ("/targets/T01/", "/indicators/core_va/"):
        page = reader.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<img src=x>" not in page


def test_an_address_that_is_no_web_address_is_never_a_link(reader: Client) -> None:
    from qiantang.doors.portal.templatetags.words import web_address

    assert web_address("javascript:alert(1)") == ""
    assert web_address("https://tjj.zj.gov.cn/") == "https://tjj.zj.gov.cn/"


def test_reports_leave_as_files(figures: None, reader: Client) -> None:
    book = reader.get("/plan/report.xlsx?lang=en")
    assert book.content.startswith(b"PK")
    assert "attachment" in book.headers["Content-Disposition"]
    assert reader.get("/plan/report.docx").status_code == 404


@pytest.mark.parametrize("address", ["/targets/T02/", "/targets/"])
def test_the_way_from_target_to_target_stays_in_the_plan_and_on_the_day(
    figures: None, reader: Client, address: str
) -> None:
    text = reader.get(f"{address}?plan=zone-2017&as_of=2019-06-30").content.decode()
    for target in ("T01", "T03"):
        assert f'href="/targets/{target}/?plan=zone-2017&amp;as_of=2019-06-30"' in text
    assert '<input type="hidden" name="plan" value="zone-2017">' in text
