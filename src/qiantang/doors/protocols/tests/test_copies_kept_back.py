"""Rows of a division's own copy leave by no door for those who may not read the copy itself."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest
from django.apps import apps
from django.test import Client
from frictionless import Package

from qiantang.doors.protocols.tables import open_table
from qiantang.doors.protocols.tests.conftest import BERTHS, MANIFEST
from qiantang.engine.lake import lookup_making, lookups
from qiantang.engine.quality import schema_of
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators.tables import measure_rows, resource_rows
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

pytestmark = pytest.mark.django_db
QUAYS: Final = "quays.quays"
COUNTY: Final = "330106"
COPY: Final = f"{QUAYS}@{COUNTY}"
KEPT: Final = "西湖码头"
SHOWN: Final = "东钱湖码头"
COUNT: Final = """-- name.zh: 码头数
-- name.en: Quays
-- unit: 个
-- grain: n
select count(*) as n, max(name) as last from quays
"""
STATES: Final[dict[str, dict[str, object]]] = {
    "withheld": {"sharing": "withheld", "open": False},
    "conditional": {"sharing": "conditional", "open": False},
    "shared without being open": {"open": False},
    "draft": {"status": "draft"},
    "withdrawn": {"status": "retired"},
}


@pytest.fixture
def quays(harbour: None, tmp_path: Path, settings: Any) -> None:
    """Every division keeps its quays in one open table: one row of 330106, one of 330203."""
    settings.QIANTANG_LAKE = tmp_path / "lake"
    settings.QIANTANG_LAKE.mkdir()
    folder = tmp_path / "quays"
    for name in ("resources", "measures"):
        (folder / name).mkdir(parents=True)
    manifest = MANIFEST.replace('"harbour"', '"quays"')
    (folder / "pack.toml").write_text(manifest, encoding="utf-8")
    text = BERTHS.format(id="quays", sharing="unconditional", open="true\nper_division = true")
    (folder / "resources" / "quays.toml").write_text(text, encoding="utf-8")
    (folder / "measures" / "count.sql").write_text(COUNT, encoding="utf-8")
    shelf_services.install_pack(SYSTEM, folder)
    catalogue.register_resources(SYSTEM, "quays")
    for code in ("330100", COUNTY):
        people.create_organisation(SYSTEM, code, shelf.division(code).name)
    bureau = Text("统计局", "Bureau of Statistics")
    people.create_organisation(SYSTEM, COUNTY, bureau, department="stats")
    catalogue.take(SYSTEM, QUAYS, COUNTY)
    schema = schema_of(shelf.resources()[QUAYS])
    rows = [
        {"number": 1, "name": KEPT, "_run": "R1", "_row": 1, "_division": COUNTY},
        {"number": 2, "name": SHOWN, "_run": "R2", "_row": 1, "_division": "330203"},
    ]
    shelf.lake().ensure(QUAYS, schema)
    shelf.lake().append(QUAYS, pa.Table.from_pylist(rows, schema=schema))


@pytest.fixture
def become(quays: None) -> Callable[[str], None]:
    def become(state: str) -> None:
        row = apps.get_model("catalogue", "InformationResource").objects.get(pk=COPY)
        for field, value in STATES[state].items():
            setattr(row, field, value)
        row.edition += 1
        row.save()

    return become


def _unpacked(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("data.csv").decode()


def _everything(client: Client) -> Iterator[tuple[str, str]]:
    """What anybody is told of the rows, by the door that tells it."""
    action = "/api/3/action/datastore_search"
    asked = {
        "csv": client.get(f"/data/{QUAYS}.csv"),
        "rows": client.get(f"/api/v1/resources/{QUAYS}/rows"),
        "search": client.get(action, {"resource_id": QUAYS}),
        "search for words": client.get(action, {"resource_id": QUAYS, "q": "码头"}),
        "one row": client.get(action, {"resource_id": QUAYS, "filters": '{"number": 1}'}),
        "sql": client.get(f"{action}_sql", {"sql": f'SELECT name FROM "{QUAYS}"'}),
        "query": client.post(
            "/api/v1/query",
            json.dumps({"sql": "select name from quays__quays"}),
            content_type="application/json",
        ),
        "page": client.get(f"/catalogue/{QUAYS}/"),
        "page as data": client.get(f"/catalogue/{QUAYS}/?format=json"),
    }
    for door, answer in asked.items():
        assert answer.status_code == 200, (door, answer.content)
        whole = getattr(answer, "streaming_content", None)
        yield door, (b"".join(whole) if whole else answer.content).decode()
    packed = client.get(f"/data/{QUAYS}.zip")
    yield "package", _unpacked(b"".join(packed.streaming_content))  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", STATES)
def test_the_copy_itself_gives_no_rows_either(
    become: Callable[[str], None], client: Client, state: str
) -> None:
    doors = (
        f"/data/{COPY}.csv",
        f"/api/v1/resources/{COPY}/rows",
        f"/catalogue/{COPY}/",
        f"/catalogue/{COPY}/?format=json",
    )
    assert KEPT in client.get(doors[1]).content.decode()
    become(state)
    for door in doors:
        answer = client.get(door)
        assert answer.status_code in {200, 401, 403, 404}, door
        assert KEPT not in answer.content.decode(), door


@pytest.mark.parametrize("state", STATES)
def test_no_door_gives_the_rows_of_a_copy_that_is_not_open(
    become: Callable[[str], None], client: Client, state: str
) -> None:
    assert all(KEPT in told for door, told in _everything(client) if door != "page")
    become(state)
    for door, told in _everything(client):
        assert KEPT not in told, door
        if door != "one row":
            assert SHOWN in told or door.startswith("page"), door
    assert [r["name"] for r in resource_rows(SYSTEM, QUAYS).rows] == [KEPT, SHOWN]


def test_counts_and_measures_leave_out_what_is_kept_back(
    become: Callable[[str], None], client: Client
) -> None:
    assert measure_rows(ANONYMOUS, "quays.count").rows == ({"n": 2, "last": KEPT},)
    become("withheld")
    assert measure_rows(ANONYMOUS, "quays.count").rows == ({"n": 1, "last": SHOWN},)
    assert measure_rows(SYSTEM, "quays.count").rows == ({"n": 2, "last": KEPT},)
    assert resource_rows(ANONYMOUS, QUAYS).total == 1
    action = "/api/3/action/datastore_search"
    assert client.get(action, {"resource_id": QUAYS}).json()["result"]["total"] == 1
    counted = {"sql": f'SELECT count(*) AS n FROM "{QUAYS}"'}
    (row,) = client.get(f"{action}_sql", counted).json()["result"]["records"]
    assert row == {"n": 1}
    assert intake.trend(ANONYMOUS, QUAYS) == ()


def test_who_held_the_table_before_is_not_told_that_it_is_unchanged(
    become: Callable[[str], None], client: Client
) -> None:
    held = {"If-None-Match": client.get(f"/data/{QUAYS}.csv")["ETag"]}
    assert client.get(f"/data/{QUAYS}.csv", headers=held).status_code == 304
    become("withheld")
    assert client.get(f"/data/{QUAYS}.csv", headers=held).status_code == 200


def test_a_lookup_file_made_before_answers_no_more(
    become: Callable[[str], None], client: Client
) -> None:
    table = open_table(ANONYMOUS, QUAYS)
    wanted = lookups.Wanted(table.name, int(table.state), table.ids, table._keys())
    assert lookup_making.make(shelf.lake(), wanted) is not None
    given = {"resource_id": QUAYS, "filters": '{"number": 1}'}
    action = "/api/3/action/datastore_search"
    assert client.get(action, given).json()["result"]["total"] == 1
    become("withheld")
    assert (
        client.get(action, given).json()["result"] | {"total": 0, "records": []}
        == (client.get(action, given).json()["result"])
    )


def test_the_keeper_of_a_copy_reads_its_rows_in_the_table_of_all(
    become: Callable[[str], None], clerk: Actor
) -> None:
    become("withheld")
    assert [r["name"] for r in resource_rows(clerk, QUAYS).rows] == [SHOWN]
    name = Text("区统计员", "County clerk")
    at = f"{COUNTY}-stats"
    people.create_account(SYSTEM, "county", "correct-horse-battery", name=name, organisation=at)
    keeper = actor_of_account("county")
    assert [r["name"] for r in resource_rows(keeper, QUAYS).rows] == [KEPT, SHOWN]


def test_frictionless_accepts_the_package_of_a_copy(
    quays: None, client: Client, tmp_path: Path
) -> None:
    packed = client.get(f"/data/{COPY}.zip")
    whole = b"".join(packed.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path / "package")
    descriptor = tmp_path / "package" / "datapackage.json"
    report = Package(str(descriptor)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:10]
    assert report.tasks[0].stats["rows"] == 1
    said = json.loads(descriptor.read_text(encoding="utf-8"))
    assert COUNTY in said["name"]
    assert COUNTY in said["resources"][0]["name"]
