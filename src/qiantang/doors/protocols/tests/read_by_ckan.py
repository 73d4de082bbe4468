"""CKAN's own parser reads our feed: every dataset compared with the catalogue, item for item.

Not part of the ordinary tests: CKAN needs an environment of its own. ``make test-ckan`` makes it
and names its Python in QIANTANG_CKAN.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qiantang.kernel.actors import ANONYMOUS
from qiantang.rooms.catalogue.selectors import ResourceView, feeds

pytestmark = pytest.mark.django_db
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
FREQUENCIES = {"P1M": "MONTHLY", "P3M": "QUARTERLY", "P1Y": "ANNUAL", "P10Y": "DECENNIAL"}
AUTHORITY = "http://publications.europa.eu/resource/authority"


def read_by_ckan(page: bytes, form: str) -> dict[str, Any]:
    command = [os.environ["QIANTANG_CKAN"], str(Path(__file__).with_name("ckan_parser.py")), form]
    done = subprocess.run(command, input=page, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("form", FORMS)
def test_ckan_reads_every_dataset_as_it_is(harbour: None, client: Client, form: str) -> None:
    address, found = f"/dcat/catalog.{form}?size=3", {}
    while address:
        read = read_by_ckan(client.get(address).content, FORMS[form])
        for dataset in read["datasets"]:
            found[extras(dataset)["identifier"]] = dataset
        address = read["next"]
    views = {f"urn:qiantang:330000:{v.id}": v for v in feeds.feed_page(ANONYMOUS, size=1000)}
    assert found.keys() == views.keys()
    assert len(views) > 3
    for identifier, view in views.items():
        compare(found[identifier], view)


def compare(dataset: dict[str, Any], view: ResourceView) -> None:
    more = extras(dataset)
    root = "http://testserver"
    assert dataset["title"] in {view.name.zh, view.name.en}
    assert dataset["notes"] in {view.description.zh, view.description.en}
    tags = {*view.keywords_zh, *view.keywords_en}
    assert {tag["name"] for tag in dataset["tags"]} == tags
    assert dataset["url"] == f"{root}/catalogue/{view.id}/"
    assert dataset["version"] == str(view.number or view.version)
    assert more["uri"] == f"{root}/dcat/dataset/{view.id}"
    assert more["publisher_identifier"] == view.provider_code
    assert more["publisher_name"] in {view.provider.zh, view.provider.en}
    frequency = FREQUENCIES.get(view.cadence, "IRREG")
    assert more["frequency"] == f"{AUTHORITY}/frequency/{frequency}"
    right = "PUBLIC" if view.open else "RESTRICTED"
    assert more["access_rights"] == f"{AUTHORITY}/access-right/{right}"
    assert more["modified"] == view.changed_at.isoformat(timespec="seconds")
    assert "issued" in more
    themes = json.loads(more.get("theme", "[]"))
    assert sorted(themes) == sorted(f"urn:qiantang:resource-class:{c}" for c in view.classes)
    assert more["spatial_uri"] == f"urn:qiantang:division:{view.division}"
    compare_resources(dataset["resources"], view)


def compare_resources(resources: list[dict[str, Any]], view: ResourceView) -> None:
    if not view.open:
        assert resources == []
        return
    found = {r["uri"].rpartition("#")[2]: r for r in resources}
    root = f"http://testserver/data/{view.id}"
    assert {name: r["url"] for name, r in found.items()} == {
        "csv": f"{root}.csv",
        "package": f"{root}.zip",
    }
    assert found["csv"]["name"] in {"数据表", "Table"}
    assert found["csv"]["mimetype"].endswith("text/csv")
    assert found["csv"]["format"].endswith("CSV")
    assert found["csv"]["access_url"] == f"http://testserver/catalogue/{view.id}/"
    assert found["csv"]["license"].startswith("urn:qiantang:licence:")


def extras(dataset: dict[str, Any]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in dataset["extras"]}
