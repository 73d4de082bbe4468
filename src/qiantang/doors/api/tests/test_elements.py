"""The registry of data elements, conformance and waivers through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from qiantang.doors.api.tests.conftest import Reader
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue

pytestmark = pytest.mark.usefixtures("zone")
As = Callable[..., Reader]


def test_the_registry_is_public_and_searchable(public: Reader) -> None:
    found = public.get("/elements?q=身份").json()
    assert found["total"] >= 1
    one = public.get(f"/elements/{found['items'][0]['id']}").json()
    assert one["standard"]
    assert public.get("/elements/data-commons.nil").status_code == 404


def test_a_resource_reports_how_it_conforms(public: Reader) -> None:
    catalogue.register_resources(SYSTEM, "data-commons")
    report = public.get("/resources/data-commons.legal-entity/conformance").json()
    assert report["followed"] > 5
    assert 0 <= report["share"] <= 1


def test_a_waiver_is_granted_and_withdrawn_by_the_authority_above(
    public: Reader, administrator: Actor, officer: Actor, as_actor: As
) -> None:
    resource = "statistics-zhejiang.observation"
    report = public.get(f"/resources/{resource}/conformance").json()
    assert report["findings"], "the shipped statistics follow no element yet"
    point = report["findings"][0]
    body = {
        "resource": resource, "field": point["field"], "rule": point["rule"],
        "reason": "历史口径", "document": "〔2026〕1号",
        "valid_from": date.today().isoformat(),
        "valid_to": (date.today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert public.post("/waivers", body).status_code in (401, 403)
    assert as_actor(officer).post("/waivers", body).status_code == 403
    made = as_actor(administrator).post("/waivers", body)
    assert made.status_code == 201, made.content
    again = public.get(f"/resources/{resource}/conformance").json()
    assert len(again["findings"]) == len(report["findings"]) - 1
    assert again["excused"][0]["waiver"] == made.json()["id"]
    ended = as_actor(administrator).post(
        f"/waivers/{made.json()['id']}/withdraw", {"reason": "不再需要"}
    )
    assert ended.json()["state"] == "withdrawn"
    assert public.get(f"/waivers?resource={resource}").json()["total"] == 1
