"""Open data whole, as a table and as a data package that frictionless accepts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.apps import apps
from django.test import Client
from frictionless import Package

from qiantang.doors.protocols import data
from qiantang.doors.protocols.tests.conftest import BERTHS, MANIFEST, SECRET
from qiantang.engine.quality import schema_of
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

pytestmark = pytest.mark.django_db


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_table_is_whole_and_without_personal_data(harbour: None, client: Client) -> None:
    answer = client.get("/data/harbour.berths.csv")
    rows = list(csv.DictReader(io.StringIO(body(answer).decode())))
    assert list(rows[0]) == ["number", "name", "kind", "depth", "opened"]
    assert len(rows) == 25
    assert rows[1]["name"] == "泊位，2号\n“甲”"
    assert (rows[2]["depth"], rows[0]["opened"]) == ("", "2020-02-01")
    assert SECRET not in str(rows)
    held = {"If-None-Match": answer["ETag"]}
    assert client.get("/data/harbour.berths.csv", headers=held).status_code == 304


def test_an_entry_written_by_hand_opens_no_rows_of_what_it_fulfils(
    harbour: None, client: Client
) -> None:
    row = apps.get_model("catalogue", "InformationResource").objects.get(pk="harbour.berths")
    row.pk, row.code, row.pack, row.declared = "local.000009", "", "", "harbour.berths"
    row.division, row.fields = "330000", [{**f, "personal": "none"} for f in row.fields]
    row.save(force_insert=True)
    assert client.get(f"/catalogue/{row.pk}/").status_code == 200
    for path in (f"/data/{row.pk}.csv", f"/data/{row.pk}.zip", f"/data/{row.pk}/datapackage.json"):
        assert client.get(path).status_code == 404
    page = client.get(f"/catalogue/{row.pk}/").content.decode()
    assert SECRET not in page
    assert f"/data/{row.pk}.csv" not in page


@pytest.mark.parametrize("id", ["harbour.berths", "geography.division"])
def test_frictionless_accepts_the_package(
    harbour: None, client: Client, tmp_path: Path, id: str
) -> None:
    packed = zipfile.ZipFile(io.BytesIO(body(client.get(f"/data/{id}.zip"))))
    packed.extractall(tmp_path)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:10]
    said = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert report.tasks[0].stats["rows"] == (
        25 if id == "harbour.berths" else report.tasks[0].stats["rows"]
    )
    assert said["title"]
    assert said["title_en"]


def test_the_package_says_how_its_lines_end_and_on_which_terms(
    harbour: None, client: Client
) -> None:
    packed = zipfile.ZipFile(io.BytesIO(body(client.get("/data/harbour.berths.zip"))))
    said = json.loads(packed.read("datapackage.json"))
    end = said["resources"][0]["dialect"]["lineTerminator"].encode()
    lines = packed.read("data.csv").replace("泊位，2号\n".encode(), b"").split(end)
    assert (len(lines), lines[-1]) == (25 + 2, b"")
    assert b"\r" not in b"".join(lines)
    (licence,) = said["licenses"]
    page = "http://testserver/catalogue/harbour.berths/"
    assert (licence["path"], licence["title_en"]) == (page, "CC BY 4.0")


def test_frictionless_finds_what_the_schema_forbids(
    harbour: None, client: Client, tmp_path: Path
) -> None:
    packed = zipfile.ZipFile(io.BytesIO(body(client.get("/data/harbour.berths.zip"))))
    packed.extractall(tmp_path)
    table = tmp_path / "data.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('"shallow"', '"bottomless"', 1), encoding="utf-8")
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert "constraint-error" in str(report.flatten(["type"]))


def test_the_descriptor_leads_to_the_table(harbour: None, client: Client) -> None:
    said = client.get("/data/harbour.berths/datapackage.json").json()
    resource = said["resources"][0]
    assert resource["path"] == "http://testserver/data/harbour.berths.csv"
    assert resource["schema"]["primaryKey"] == ["number"]
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    assert fields["kind"]["constraints"] == {"enum": ["deep", "shallow"]}
    assert (fields["name"]["title"], fields["name"]["title_en"]) == ("名称", "Name")
    assert "keeper" not in fields


@pytest.mark.parametrize("id", ["harbour.catches", "harbour.patrols", "nothing"])
@pytest.mark.parametrize("form", [".csv", ".zip", "/datapackage.json"])
def test_what_is_not_open_is_nowhere(harbour: None, client: Client, id: str, form: str) -> None:
    assert client.get(f"/data/{id}{form}").status_code == 404


@pytest.fixture
def soundings(harbour: None, tmp_path: Path) -> None:
    """Depths measured on days, in months and in years, some of them nought or very small."""
    folder = tmp_path / "soundings"
    (folder / "resources").mkdir(parents=True)
    manifest = MANIFEST.replace('id = "harbour"', 'id = "soundings"')
    (folder / "pack.toml").write_text(manifest, encoding="utf-8")
    text = BERTHS.format(id="depths", sharing="unconditional", open="true")
    text = text.replace('type = "date"', 'type = "date"\nprecision = "year"')
    (folder / "resources" / "depths.toml").write_text(text, encoding="utf-8")
    shelf_services.install_pack(SYSTEM, folder)
    catalogue.register_resources(SYSTEM, "soundings")
    schema = schema_of(shelf.resources()["soundings.depths"])
    made: dict[str, list[Any]] = {
        "number": [1, 2, 3, 4],
        "name": ["一", "二", "三", "四"],
        "depth": [Decimal("12000"), Decimal(0), Decimal("0.00000012"), None],
        "opened": [date(2020, 5, 6), date(2020, 5, 1), date(2020, 1, 1), None],
        "opened__precision": ["day", "month", "year", None],
        "_row": [1, 2, 3, 4],
    }
    arrays = [pa.array(made.get(f.name, [None] * 4)).cast(f.type) for f in schema]
    lake = shelf.lake()
    lake.ensure("soundings.depths", schema)
    if not lake.current("soundings.depths"):
        lake.append("soundings.depths", pa.Table.from_arrays(arrays, schema=schema))


def test_open_data_invents_no_day_and_no_digit(
    soundings: None, client: Client, tmp_path: Path
) -> None:
    answer = client.get("/data/soundings.depths.csv")
    rows = list(csv.DictReader(io.StringIO(body(answer).decode())))
    assert [row["opened"] for row in rows] == ["2020-05-06", "2020-05", "2020", ""]
    assert [row["depth"] for row in rows] == ["12000", "0", "0.00000012", ""]
    packed = zipfile.ZipFile(io.BytesIO(body(client.get("/data/soundings.depths.zip"))))
    packed.extractall(tmp_path / "package")
    report = Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:10]


def test_ckan_clients_see_the_same_and_find_numbers_however_they_are_written(
    soundings: None, client: Client
) -> None:
    def found(**filters: object) -> list[Any]:
        asked = {"resource_id": "soundings--depths_x23_csv", "filters": json.dumps(filters)}
        said = client.get("/api/3/action/datastore_search", asked).json()["result"]
        return [(row["depth"], row["opened"]) for row in said["records"]]

    assert found(depth=12000) == found(depth="12000.0") == [("12000", "2020-05-06")]
    assert found(depth="0.00000012") == [("0.00000012", "2020")]
    assert found(depth="deep") == []
    assert found(opened="2020-05") == [("0", "2020-05")]
    sql = 'SELECT depth, opened FROM "soundings--depths_x23_csv" WHERE number = 1'
    said = client.get("/api/3/action/datastore_search_sql", {"sql": sql}).json()["result"]
    assert said["records"] == [{"depth": "12000", "opened": "2020-05-06"}]


@pytest.mark.parametrize("form", ["csv", "zip"])
def test_a_damaged_table_is_an_error_and_no_shorter_download(
    harbour: None, client: Client, form: str
) -> None:
    (path,) = map(Path, shelf.lake().files("harbour.berths").paths)
    sound = path.read_bytes()
    path.write_bytes(sound[:200] + bytes([sound[200] ^ 1]) + sound[201:])
    try:
        answer = client.get(f"/data/harbour.berths.{form}")
    finally:
        path.write_bytes(sound)
    assert answer.status_code == 500
    assert answer.json()["code"] == "lake.data_file_damaged"
    assert path.name in answer.json()["detail"]


def test_moments_say_their_zone() -> None:
    taken = datetime(2026, 1, 1, 18, 0, 5, 120_000)
    batch = pa.record_batch(
        {
            "here": pa.array([taken, taken.replace(microsecond=0), None], pa.timestamp("us")),
            "there": pa.array([taken, None, None], pa.timestamp("us", "UTC")),
        }
    )
    assert data._plain(batch).to_pydict() == {
        "here": ["2026-01-01T18:00:05.12+08:00", "2026-01-01T18:00:05+08:00", None],
        "there": ["2026-01-01T18:00:05.12Z", None, None],
    }
