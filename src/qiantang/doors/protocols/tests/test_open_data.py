"""Open data whole, as a table and as a data package that frictionless accepts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from frictionless import Package

from qiantang.doors.protocols.tests.conftest import SECRET

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
