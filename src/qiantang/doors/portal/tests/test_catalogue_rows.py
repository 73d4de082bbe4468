"""Sample rows on a resource's page: who sees which, as of which day; versions and quality."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from qiantang.doors.portal.catalogue import flow, sample
from qiantang.doors.portal.catalogue.trend import trend_chart
from qiantang.doors.portal.tests.zone import install
from qiantang.engine.quality import schema_of
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake.shapes import TrendPoint
from qiantang.rooms.people.services import create_organisation
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.django_db
FIRMS = "data-commons.legal-entity"
SCHOOLS = "data-commons.school"


@pytest.fixture
def listed(tree: None, lake_folder: Path) -> None:
    install()
    catalogue.register_resources(SYSTEM, "data-commons")


def deliver(id: str, **values: object) -> None:
    """One row into the lake's table of a resource; fields that are not given stay empty."""
    schema = schema_of(shelf.resources()[id])
    row = {name: values.get(name) for name in schema.names}
    lake = shelf.lake()
    if id not in lake.tables():
        lake.ensure(id, schema)
    lake.append(id, pa.Table.from_pylist([row], schema=schema))


def sample_of(reader: Client, id: str, query: str = "") -> dict[str, Any]:
    answer = reader.get(f"/catalogue/{id}/?format=json{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()["sample"]
    return found


def test_open_rows_are_shown_to_everybody(listed: None, reader: Client) -> None:
    shown = sample_of(reader, "geography.division")
    assert shown["rows"][0][0] == "330000"
    assert shown["total"] > len(shown["rows"])
    page = reader.get("/catalogue/geography.division/").content.decode()
    assert "前 8 行，共" in page


def test_rows_that_are_not_open_come_with_the_reason_instead(listed: None, reader: Client) -> None:
    deliver(FIRMS, uscc="91330000142947170Y", name="钱塘实业", legal_representative="王小明")
    shown = sample_of(reader, FIRMS)
    assert shown["rows"] == []
    assert "不向社会开放" in shown["why"]["zh"]
    page = reader.get(f"/catalogue/{FIRMS}/").content.decode()
    for secret in ("91330000142947170Y", "王小明"):
        assert secret not in page
    assert "经提供部门同意" in sample_of(reader, "data-commons.population")["why"]["zh"]


def test_other_departments_see_shared_rows_without_personal_data(
    listed: None, reader: Client, make_actor: Callable[..., Actor]
) -> None:
    deliver(FIRMS, uscc="91330000142947170Y", name="钱塘实业", legal_representative="王小明")
    make_actor("colleague", Role.OFFICER, at="330000-economy")
    sent = {"username": "colleague", "password": "correct-horse-battery"}
    assert reader.post("/desk/sign-in/", sent).status_code == 302
    page = reader.get(f"/catalogue/{FIRMS}/").content.decode()
    assert "钱塘实业" in page
    assert "王小明" not in page
    assert "含个人信息的字段不显示：" in page
    assert "法定代表人" in [h["zh"] for h in sample_of(reader, FIRMS)["hidden"]]


def test_rows_can_be_read_as_of_a_past_day(listed: None, reader: Client) -> None:
    deliver("data-commons.air-station", code="A1", name="西湖")
    now = sample_of(reader, "data-commons.air-station")
    assert now["total"] == 1
    before = sample_of(reader, "data-commons.air-station", "&on=2020-01-01")
    assert before["rows"] == []
    assert before["why"] == {"zh": "那时没有数据。", "en": "There was no data then."}
    past = reader.get("/catalogue/data-commons.air-station/?on=2020-01-01").content.decode()
    assert "回到现在" in past
    page = reader.get("/catalogue/data-commons.air-station/").content.decode()
    assert "数据截至" in page
    assert "1 行" in page
    day = page.split('<option value="20', 1)[1][:8]
    chosen = reader.get(f"/catalogue/data-commons.air-station/?on=20{day}").content.decode()
    assert chosen.count(f'<option value="20{day}"') == 1
    assert past.count('<option value="2020-01-01" selected>') == 1


def test_a_past_day_counts_the_rows_of_this_resource_alone(figures: None, reader: Client) -> None:
    """Figures of all resources lie in one table."""
    for pack in ("geography", "statistics-zhejiang"):
        catalogue.register_resources(SYSTEM, pack)
    mine = selectors.resource(SYSTEM, "statistics-zhejiang.observation")
    census = selectors.resource(SYSTEM, "geography.population_census")
    (moment,) = sample.moments(SYSTEM, mine)
    assert moment.rows == sample.sample(SYSTEM, mine, moment.day).total == 4
    assert sample.moments(SYSTEM, census) == ()
    page = reader.get("/catalogue/geography.population_census/").content.decode()
    assert "4 行" not in page


def test_a_past_day_counts_the_rows_of_this_copy_alone(listed: None) -> None:
    create_organisation(SYSTEM, "330100", shelf.division("330100").name, department="education")
    catalogue.take(SYSTEM, SCHOOLS, "330100")
    copy = selectors.resource(SYSTEM, f"{SCHOOLS}@330100")
    deliver(SCHOOLS, name="东钱湖中学", _division="330200")
    assert sample.moments(SYSTEM, copy) == ()
    deliver(SCHOOLS, name="西湖小学", _division="330100")
    assert [moment.rows for moment in sample.moments(SYSTEM, copy)] == [1]


def test_a_copy_shows_the_rows_of_its_own_division_only(listed: None, reader: Client) -> None:
    for code in ("330100", "330200"):
        create_organisation(SYSTEM, code, shelf.division(code).name, department="education")
        catalogue.take(SYSTEM, SCHOOLS, code)
    deliver(SCHOOLS, name="西湖小学", _division="330100")
    deliver(SCHOOLS, name="东钱湖中学", _division="330200")
    shown = sample_of(reader, f"{SCHOOLS}@330100")
    assert shown["total"] == 1
    assert any("西湖小学" in row for row in shown["rows"])
    assert not any("东钱湖中学" in row for row in shown["rows"])


def test_versions_are_compared_in_words(
    listed: None, reader: Client, make_actor: Callable[..., Actor]
) -> None:
    writer = make_actor("writer", Role.OFFICER, at="330000-stats")
    decider = make_actor("decider", Role.APPROVER, at="330000-stats")
    id = "geography.division"
    view = selectors.resource(writer, id)
    catalogue.change(
        writer, id, {"contact": {"zh": "数据管理处", "en": "Data office"}}, seen=view.edition
    )
    catalogue.submit(writer, id)
    catalogue.publish(decider, id)
    page = reader.get(f"/catalogue/{id}/").content.decode()
    assert "第 1 版到第 2 版的变化" in page
    assert "数据管理处" in page
    assert reader.get(f"/catalogue/{id}/?older=2&newer=1").status_code == 200
    assert reader.get(f"/catalogue/{id}/?older=x&newer=99").status_code == 200


def test_lineage_is_drawn_with_its_table(listed: None, reader: Client) -> None:
    graph = flow.flow_of(ANONYMOUS, "geography.population_census")
    assert graph is not None
    answer = reader.get("/catalogue/geography.population_census/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img"' in page
    assert f"以表格查看（{len(graph.edges)} 条）" in page


def test_the_trend_draws_each_dimension(listed: None) -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 3, 1, tzinfo=UTC)
    shares = {"accuracy": 0.98, "completeness": 1.0}
    points = [TrendPoint(f"r{n}", at, "published", 100, 98, 2, "good", shares) for n in (1, 2)]
    spec = trend_chart(points, "zh")
    assert {v["dimension"] for v in spec["data"]["values"]} == {"准确性", "完整性"}
    assert "共 2 次交付" in spec["description"]
    # Two deliveries of one moment stay two.
    assert len({v["number"] for v in spec["data"]["values"]}) == 2
    assert spec["encoding"]["y"]["scale"]["domain"] == [95, 100]
    assert trend_chart([], "en")["description"] == "No delivery yet."
