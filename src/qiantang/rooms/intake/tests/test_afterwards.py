"""Checks that warn: asked of the lake once a delivery is in it, and never in its way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import selectors as catalogue_selectors
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import services
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf import tasks

NAMED = """-- resource: firm
-- name.zh: 同名企业
-- name.en: Firms of one name
-- hint.zh: 请核对是否重复登记。
-- hint.en: Look whether one is registered twice.
-- dimension: consistency
-- severity: warn
-- fields: name
select a.code, a.name
from firm as a
join firm as b on a.name = b.name
where a.code > b.code
"""
IN_COUNTIES = NAMED.replace("同名企业", "各市已有").replace(
    "join firm as b on a.name = b.name\nwhere a.code > b.code",
    "join county_firm as c on a.code = c.code",
)

PER_ROW = 2
"""The two checks; the resource has no other rule of consistency."""


@pytest.fixture
def checks(tmp_path: Path) -> None:
    folder = tmp_path / "next" / "trade"
    files = {**PACK, "checks/same_name.sql": NAMED, "checks/in_counties.sql": IN_COUNTIES}
    files["pack.toml"] = files["pack.toml"].replace("1.0.0", "1.1.0")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    installed = shelf_services.install_pack(SYSTEM, folder)
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "trade")


@pytest.fixture
def send(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    def sent(*rows: tuple[str, str]) -> RunView:
        path = tmp_path / "firms.csv"
        lines = [f"{code},{name},1,2026-01-05" for code, name in rows]
        path.write_text("\n".join(["编码,名称,金额,日期", *lines]) + "\n", encoding="utf-8")
        run = services.receive(officer, FIRMS, path)
        return services.work(run.id)

    return sent


def findings(run: RunView) -> dict[str, Any]:
    assert run.verdict is not None
    return {found["id"]: found for found in run.verdict["sql"]}


def test_what_lies_between_two_deliveries_is_found(
    checks: None, send: Callable[..., RunView]
) -> None:
    first = findings(send(("F000001", "甲"), ("F000002", "乙")))
    assert (first["same_name"]["failed"], first["same_name"]["keys"]) == (0, [])
    run = send(("F000003", "甲"), ("F000004", "丙"))
    assert (run.status, run.accepted, run.set_aside) == ("published", 2, 0)
    found = findings(run)["same_name"]
    assert (found["failed"], found["keys"], found["severity"]) == (1, ["F000003"], "warn")
    assert found["name"] == {"zh": "同名企业", "en": "Firms of one name"}
    assert shelf.lake().read(FIRMS).num_rows == 4


def test_only_the_first_keys_are_kept_and_all_are_counted(
    checks: None, send: Callable[..., RunView]
) -> None:
    found = findings(send(*((f"F{n:06d}", "甲") for n in range(30))))["same_name"]
    assert (found["failed"], len(found["keys"])) == (29, 20)


def test_a_check_that_cannot_be_run_is_told_and_stops_nothing(
    checks: None, send: Callable[..., RunView]
) -> None:
    def break_off(*given: object, **more: object) -> object:
        raise KeyError("county_firm")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "engine_settings", break_off)
        run = send(("F000001", "甲"))
    found = findings(run)
    assert run.status == "published"
    assert {each["failed"] for each in found.values()} == {None}
    assert all("county_firm" in each["error"] for each in found.values())


def test_a_check_over_a_resource_that_nobody_sent_finds_nothing(
    checks: None, send: Callable[..., RunView]
) -> None:
    found = findings(send(("F000001", "甲")))["in_counties"]
    assert found["failed"] in (0, None)
    assert found["failed"] == 0, found["error"]


def test_a_check_counts_in_the_dimension_that_it_declares_by_the_rows_of_the_delivery(
    checks: None, send: Callable[..., RunView], tmp_path: Path
) -> None:
    """Rows of earlier deliveries that fail are told and count for their own."""

    def consistency(run: RunView) -> tuple[int, int]:
        assert run.verdict is not None
        said = run.verdict["dimensions"]["consistency"]
        return said["checked"], said["failed"]

    first = send(("F000001", "甲"), ("F000005", "甲"))
    assert consistency(first) == (2 * PER_ROW, 1)
    assert first.verdict is not None
    assert first.verdict["dimensions"]["accuracy"]["failed"] == 0
    again = send(("F000003", "甲"), ("F000004", "丙"), ("F000006", "丁"))
    assert findings(again)["same_name"]["failed"] == 2
    assert consistency(again) == (3 * PER_ROW, 1)
    kept = catalogue_selectors.resource(SYSTEM, FIRMS).quality.dimensions["consistency"]
    assert kept == pytest.approx(1 - 1 / (3 * PER_ROW))
