"""What a pack's tables show: rows of resources and measures, to those who may read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.quality import schema_of
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.periods import CHINA_TIME
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.tests.entries import taken
from qiantang.rooms.indicators import services
from qiantang.rooms.indicators.errors import NoHistory, NoSuchMeasure, RowsElsewhere, RowsWithheld
from qiantang.rooms.indicators.tables import measure_rows, resource_rows
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.tests.folders import write_pack

REGISTER = """id = "register"
grain = ["id"]
cadence = "P1Y"
sharing = "{sharing}"
open = {open}
owner = "stats"
data = "data/register.csv"
name = {{ zh = "登记簿", en = "Register" }}
description = {{ zh = "人员登记。", en = "A register of people." }}
licence = {{ zh = "内部", en = "internal" }}
{conditions}
[fields.id]
type = "text"
zh = "编号"
en = "Id"
required = true

[fields.phone]
type = "text"
zh = "电话"
en = "Phone"
personal = "personal"
"""
COUNT = """-- name.zh: 人数
-- name.en: People
-- unit: 人
-- grain: n
select count(*) as n, max(phone) as phone from register
"""


@pytest.fixture
def installed(tree: None) -> None:
    for pack in ("geography", "statistics-zhejiang"):
        catalogue.register_resources(SYSTEM, pack)


@pytest.fixture
def register(tree: None, lake_folder: Path, tmp_path: Path) -> Callable[..., None]:
    """``register("unconditional", open=False)``: a pack with one resource of people."""

    def install(sharing: str, *, open: bool = False, divided: bool = False) -> None:
        folder = write_pack(tmp_path, id="people-register")
        for name in ("resources", "data", "measures"):
            (folder / name).mkdir(exist_ok=True)
        conditions = (
            "" if sharing == "unconditional" else 'conditions = { zh = "内部", en = "internal" }'
        )
        conditions += "\nper_division = true" if divided else ""
        text = REGISTER.format(sharing=sharing, open=str(open).lower(), conditions=conditions)
        (folder / "resources/register.toml").write_text(text, encoding="utf-8")
        (folder / "data/register.csv").write_text("id,phone\n1,139\n2,138\n", encoding="utf-8")
        (folder / "measures/people.sql").write_text(COUNT, encoding="utf-8")
        shelf_services.install_pack(SYSTEM, folder)
        assert shelf.problems() == ()
        catalogue.register_resources(SYSTEM, "people-register")

    return install


def test_evidence_is_read_from_the_lake_as_it_is_now(
    installed: None, officer: Actor, approver: Actor
) -> None:
    before = measure_rows(ANONYMOUS, "statistics-zhejiang.conflicts")
    assert before.rows == ()
    for id, value in (("M1", "100"), ("M2", "110")):
        form = {
            "id": id,
            "indicator": "core_va",
            "division": "330000",
            "period": "2019",
            "value": value,
            "unit": "亿元",
            "kind": "actual",
            "grade": "A",
            "source_title": "统计公报",
        }
        sent = services.submit_observation(officer, form)
        services.approve(approver, sent.id, sent.version)
    rows = resource_rows(ANONYMOUS, "statistics-zhejiang.observation").rows
    assert [r["id"] for r in rows] == ["M1", "M2"]
    (row,) = measure_rows(ANONYMOUS, "statistics-zhejiang.conflicts").rows
    assert row["sources"] == 2
    assert Decimal(str(row["difference"])) == 10


def test_a_pack_s_own_rows_are_read_from_its_files(installed: None) -> None:
    found = resource_rows(ANONYMOUS, "geography.division")
    assert "杭州市" in {r["zh"] for r in found.rows}


def test_a_pack_s_own_rows_are_not_told_for_a_day_before_they_came(installed: None) -> None:
    today = datetime.now(CHINA_TIME).date()
    now = resource_rows(ANONYMOUS, "geography.division")
    assert resource_rows(ANONYMOUS, "geography.division", at=today).rows == now.rows
    with pytest.raises(NoHistory) as refused:
        resource_rows(ANONYMOUS, "geography.division", at=date(2020, 1, 1))
    for lang in ("zh", "en"):
        said = refused.value.message(lang)
        assert "2020-01-01" in said
        assert today.isoformat() in said


def test_personal_fields_are_for_those_with_a_role_in_the_owner(
    register: Callable[..., None], officer: Actor, make_actor: Callable[..., Actor]
) -> None:
    register("unconditional")
    own = make_actor("own-auditor", Role.AUDITOR, at="330000-stats")
    above = make_actor("government", Role.OFFICER, at="330000")
    for actor in (SYSTEM, officer, own, above):
        assert resource_rows(actor, "people-register.register").rows[0]["phone"] == "139"
        found = measure_rows(actor, "people-register.people")
        assert found.rows == ({"n": 2, "phone": "139"},)


def test_personal_fields_are_absent_for_others_and_for_who_looks_after_the_owner(
    register: Callable[..., None],
    stranger: Actor,
    administrator: Actor,
    make_actor: Callable[..., Actor],
) -> None:
    register("unconditional")
    with pytest.raises(RowsWithheld):
        resource_rows(ANONYMOUS, "people-register.register")
    watching = (
        make_actor("auditor", Role.AUDITOR, at="330000"),
        make_actor("manager", Role.ADMINISTRATOR, at="330000"),
    )
    idle = make_actor("no-role-yet", at="330000-stats")
    for actor in (stranger, administrator, idle, *watching):
        found = resource_rows(actor, "people-register.register")
        assert [f.id for f in found.fields] == ["id"]
        assert found.rows == ({"id": "1"}, {"id": "2"})
        with pytest.raises(RowsWithheld):
            measure_rows(actor, "people-register.people")


def test_withheld_rows_do_not_even_exist_for_others(
    register: Callable[..., None],
    officer: Actor,
    stranger: Actor,
    make_actor: Callable[..., Actor],
) -> None:
    register("withheld")
    for actor in (ANONYMOUS, stranger):
        with pytest.raises(ResourceUnknown):
            resource_rows(actor, "people-register.register")
        with pytest.raises(ResourceUnknown):
            measure_rows(actor, "people-register.people")
    auditor = make_actor("auditor", Role.AUDITOR, at="330000")
    for actor in (officer, auditor):
        assert len(resource_rows(actor, "people-register.register").rows) == 2


def test_rows_of_what_was_withdrawn_are_its_keeper_s_alone(
    register: Callable[..., None], officer: Actor, stranger: Actor, administrator: Actor
) -> None:
    register("unconditional")
    catalogue.retire(administrator, "people-register.register", "不再采集")
    with pytest.raises(RowsWithheld):
        resource_rows(stranger, "people-register.register")
    assert resource_rows(officer, "people-register.register").rows


def test_a_divisions_copy_holds_the_rows_of_that_division(
    register: Callable[..., None], stranger: Actor, make_actor: Callable[..., Actor]
) -> None:
    register("unconditional", divided=True)
    local = make_actor("hz-officer", Role.OFFICER, at="330100-stats")
    copy = catalogue.take(local, "people-register.register", "330100").id
    assert resource_rows(local, copy).rows == ()
    schema = schema_of(shelf.resources()["people-register.register"])
    rows = [
        {"id": "p1", "phone": "137", "_row": 1, "_division": "330000"},
        {"id": "h1", "phone": "136", "_row": 1, "_division": "330100"},
        {"id": "h2", "phone": "135", "_row": 2, "_division": "330100"},
    ]
    shelf.lake().ensure("people-register.register", schema)
    shelf.lake().append("people-register.register", pa.Table.from_pylist(rows, schema=schema))
    found = resource_rows(local, copy, limit=1, offset=1)
    assert (found.rows, found.total) == (({"id": "h2", "phone": "135"},), 2)
    assert resource_rows(stranger, copy).rows == ({"id": "h1"}, {"id": "h2"})
    assert len(resource_rows(local, "people-register.register").rows) == 3
    with pytest.raises(RowsWithheld):
        resource_rows(ANONYMOUS, copy)


def test_an_entry_without_rows_here_says_so(tree: None) -> None:
    (entry,) = taken(("水质监测", "Water quality", {}))
    with pytest.raises(RowsElsewhere):
        resource_rows(SYSTEM, entry.id)
    with pytest.raises(RowsWithheld):
        resource_rows(ANONYMOUS, entry.id)


def test_an_unknown_measure_is_named(installed: None) -> None:
    for id in ("geography.no_such", "no-such.measure", "plain"):
        with pytest.raises(NoSuchMeasure):
            measure_rows(ANONYMOUS, id)
