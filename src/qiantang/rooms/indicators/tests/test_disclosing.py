"""Unit records become a table that may be published, by the norms in force."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators.disclosing import (
    choices,
    publishable_table,
    resources_to_choose,
    rules_in_force,
)
from qiantang.rooms.indicators.errors import (
    NamesSomebody,
    NotAQuantity,
    NotAShownField,
    RowsWithheld,
)
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.tests.folders import write_pack

FIRMS = """id = "firms"
grain = ["code"]
cadence = "P1Y"
sharing = "conditional"
open = false
owner = "stats"
data = "data/firms.csv"
name = { zh = "企业", en = "Firms" }
description = { zh = "企业年报。", en = "Yearly reports of firms." }
licence = { zh = "内部", en = "internal" }
conditions = { zh = "内部", en = "internal" }
"""
COLUMNS = (
    *(("code", "text", "代码", "Code"), ("city", "text", "市", "City")),
    *(("trade", "text", "行业", "Trade"), ("revenue", "decimal", "营收", "Revenue")),
)
ROWS = [
    ("A", "h", "it", "50"),
    ("B", "h", "it", "40"),
    ("C", "h", "it", "45"),
    ("D", "h", "it", "48"),
]
ROWS += [("E", "n", "it", "100"), ("F", "n", "tex", "30"), ("G", "n", "tex", "31")]
ROWS += [("H", "n", "tex", "29"), ("I", "h", "tex", "20"), ("J", "h", "tex", "22")]
ROWS += [
    ("K", "h", "tex", "21"),
    ("L", "w", "it", "60"),
    ("M", "w", "it", "61"),
    ("N", "w", "it", "58"),
]
ROWS += [("O", "w", "tex", "10"), ("P", "w", "tex", "11"), ("Q", "w", "tex", "12")]


@pytest.fixture
def firms(tree: None, lake_folder: Path, tmp_path: Path) -> str:
    folder = write_pack(tmp_path, id="firm-register")
    for name in ("resources", "data"):
        (folder / name).mkdir(exist_ok=True)
    fields = "".join(
        f'\n[fields.{id}]\ntype = "{type}"\nzh = "{zh}"\nen = "{en}"\n'
        for id, type, zh, en in COLUMNS
    )
    fields += '\n[fields.head]\ntype = "text"\npersonal = "personal"\nzh = "负责人"\nen = "Head"\n'
    (folder / "resources/firms.toml").write_text(FIRMS + fields, encoding="utf-8")
    lines = ["code,city,trade,revenue,head", *(f"{','.join(row)},人{row[0]}" for row in ROWS)]
    (folder / "data/firms.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    installed = shelf_services.install_pack(SYSTEM, folder)
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "firm-register")
    return "firm-register.firms"


def cells(found: dict[str, object]) -> dict[tuple[str | None, str | None], tuple[object, object]]:
    listed = found["cells"]
    assert isinstance(listed, list)
    return {(c["row"], c["column"]): (c["value"], c["suppressed"]) for c in listed}


def test_a_single_reporter_is_hidden_and_cannot_be_computed(firms: str, officer: Actor) -> None:
    made = publishable_table(
        officer, firms, rows="city", columns="trade", value="revenue", reporter="code"
    )
    shown = cells(made.as_json())
    assert shown["n", "it"] == (None, "few_reporters")
    assert shown["h", "it"][1] in (None, "secondary")
    assert shown[None, None] == (648, None)
    hidden = [key for key, (value, _) in shown.items() if value is None]
    for row in {r for r, _ in hidden}:
        assert sum(r == row for r, _ in hidden) > 1
    for column in {c for _, c in hidden}:
        assert sum(c == column for _, c in hidden) > 1


def test_counts_of_one_dimension(firms: str, officer: Actor) -> None:
    made = publishable_table(officer, firms, rows="city", reporter="code")
    assert cells(made.as_json()) == {
        ("h", None): (7, None),
        ("n", None): (4, None),
        ("w", None): (6, None),
        (None, None): (17, None),
    }


def test_the_thresholds_are_norms_that_an_operator_may_override() -> None:
    rules = rules_in_force()
    assert (rules.minimum, rules.dominance) == (3, (1, Decimal("0.85")))


def test_only_who_may_read_the_records_makes_a_table(
    firms: str, officer: Actor, make_actor: Callable[..., Actor], client: Client
) -> None:
    ask = {"rows": "city", "reporter": "code"}
    for actor in (ANONYMOUS, make_actor("ningbo", Role.OFFICER, at="330200-stats")):
        with pytest.raises(RowsWithheld):
            publishable_table(actor, firms, **ask)
    assert client.get(f"/api/v1/resources/{firms}/publishable", ask).status_code in (401, 403, 404)


def test_only_resources_that_may_be_read_are_offered(
    firms: str, officer: Actor, make_actor: Callable[..., Actor]
) -> None:
    offered = {f"{r.pack}.{r.id}" for r in resources_to_choose(officer)}
    assert firms in offered
    other = make_actor("ningbo", Role.OFFICER, at="330200-stats")
    assert firms not in {f"{r.pack}.{r.id}" for r in resources_to_choose(other)}
    assert firms not in {f"{r.pack}.{r.id}" for r in resources_to_choose(ANONYMOUS)}
    with pytest.raises(RowsWithheld):
        choices(other, firms)


def test_fields_are_offered_for_what_they_may_be(firms: str, officer: Actor) -> None:
    found = choices(officer, firms)
    assert [f.id for f in found.plain] == ["code", "city", "trade", "revenue"]
    assert [f.id for f in found.quantities] == ["revenue"]
    assert "head" in {f.id for f in found.reporters}


def test_rows_and_columns_never_name_a_reporter(firms: str, officer: Actor) -> None:
    for names in ({"rows": "code"}, {"rows": "city", "columns": "code"}):
        with pytest.raises(NamesSomebody):
            publishable_table(officer, firms, reporter="code", **names)


def test_rows_never_hold_personal_data(firms: str, officer: Actor) -> None:
    with pytest.raises(NamesSomebody) as refused:
        publishable_table(officer, firms, rows="head", reporter="code")
    assert "head" not in str(refused.value.fields["expected"])


def test_what_cannot_be_added_up_is_told(firms: str, officer: Actor) -> None:
    with pytest.raises(NotAQuantity):
        publishable_table(officer, firms, rows="city", reporter="code", value="trade")
    with pytest.raises(NotAShownField):
        publishable_table(officer, firms, rows="province", reporter="code")


def test_the_api_gives_the_table(client: Client, officer: Actor, installed_census: None) -> None:
    ask = {"rows": "level", "columns": "status", "reporter": "code"}
    address = "/api/v1/resources/geography.division/publishable"
    assert client.get(address, ask).status_code == 401
    client.force_login(get_user_model().objects.get(username="officer"))
    found = client.get(address, ask)
    assert found.status_code == 200, found.content
    assert found.json()["rules"]["minimum"] == 3
    shown = cells(found.json())
    assert shown["province", "in force"][0] is None


@pytest.fixture
def installed_census(tree: None) -> None:
    catalogue.register_resources(SYSTEM, "geography")
