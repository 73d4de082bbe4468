"""Reading through the API: every address, paging, filters, versions of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from qiantang.doors.api.tests.conftest import Reader

pytestmark = pytest.mark.usefixtures("figures")
FOR_PEOPLE = {"submissions", "runs", "recipes", "sources", "lake/tables"}


def test_every_address_named_at_the_start_answers(public: Reader) -> None:
    links = public.get("/").json()["links"]
    assert {"targets", "observations", "catalogue", "runs", "openapi", "docs"} <= set(links)
    for name, address in links.items():
        expected = 401 if name in FOR_PEOPLE else 200
        assert public.client.get(address).status_code == expected, name


def test_an_assessment_is_one_object_with_targets_evidence_and_reasons(public: Reader) -> None:
    found = public.get("/plans/zone-2017/assessment").json()
    assert len(found["targets"]) == 27
    first = found["targets"][0]
    assert {"id", "verdict", "confidence", "gap", "evidence", "rejected"} <= set(first)
    assert first["value"] == 6228.9
    assert {e["id"] for e in first["evidence"]} >= {"X19"}


def test_a_past_day_is_judged_by_what_was_known_then(public: Reader) -> None:
    now, then = (
        public.get("/targets/T01").json(),
        public.get("/targets/T01?as_of=2018-12-31").json(),
    )
    assert now["verdict"] != then["verdict"] == "not_yet_due"


def test_targets_can_be_filtered(public: Reader) -> None:
    everything = public.get("/targets?size=200").json()
    some = public.get("/targets?verdict=no_evidence&size=200").json()
    assert 0 < some["total"] < everything["total"] == 27
    assert {t["verdict"] for t in some["items"]} == {"no_evidence"}
    assert public.get("/targets?plan=no-such-plan").status_code == 404


def test_a_list_is_cut_into_pages_with_addresses_of_the_neighbours(public: Reader) -> None:
    seen: list[str] = []
    address: str | None = "/api/v1/targets?size=10"
    while address:
        response = public.client.get(address)
        page = response.json()
        seen += [t["id"] for t in page["items"]]
        assert (page["next"] is not None) == ('rel="next"' in response.headers.get("Link", ""))
        address = page["next"]
    assert seen == [f"T{n:02}" for n in range(1, 28)]


def test_behind_the_last_page_is_an_empty_page(public: Reader) -> None:
    for address in ("/targets?page=99", "/observations?page=99"):
        page = public.get(address).json()
        assert page["items"] == []
        assert page["next"] is None
        assert page["total"] > 0


def test_observations_by_indicator_year_and_kind(public: Reader) -> None:
    found = public.get("/observations?indicator=core_va&year=2018").json()
    assert [o["id"] for o in found["items"]] == ["X18"]
    assert public.get("/observations?kind=preliminary").json()["total"] == 0


def test_an_observation_shows_its_revisions_and_who_recorded_them(public: Reader) -> None:
    found = public.get("/observations/X19").json()
    assert found["withdrawn"] is False
    assert [r["revision"] for r in found["revisions"]] == [1]
    assert found["revisions"][0]["recorded_by"]["en"]


def test_an_indicator_comes_with_its_series(public: Reader) -> None:
    found = public.get("/indicators/core_va").json()
    assert [o["id"] for o in found["series"]] == ["X14", "X18", "X19"]
    assert found["latest"]["id"] == "X19"


def test_divisions_by_level_and_a_profile(public: Reader) -> None:
    cities = public.get("/divisions?level=city").json()
    assert cities["total"] == 11
    profile = public.get("/divisions/330000").json()
    assert [row["id"] for row in profile["known"]] == ["core_va"]
    assert len(profile["children"]) == 11


def test_packs_and_resources(public: Reader) -> None:
    assert public.get("/packs/geography").json()["contents"]["code_lists"] >= 2
    found = public.get("/resources?pack=geography").json()["items"]
    detail = public.get(f"/resources/{found[0]['id']}").json()
    assert detail["fields"]


@pytest.mark.parametrize(
    "address",
    [
        "/targets/T99",
        "/plans/none",
        "/plans/none/assessment",
        "/indicators/none",
        "/observations/none",
        "/divisions/999999",
        "/packs/none",
        "/resources/none",
        "/plans/zone-2017/assessment?division=999999",
        "/nowhere",
        "/targets/a/b/c",
    ],
)
def test_what_is_not_there_is_a_problem_document(public: Reader, address: str) -> None:
    response = public.get(address)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 404
    assert problem["messages"]["zh"]
    assert problem["messages"]["en"]


def test_an_answer_that_did_not_change_is_not_sent_again(public: Reader) -> None:
    first = public.get("/targets/T01")
    etag = first.headers["ETag"]
    assert etag.startswith('"')
    again = public.get("/targets/T01", **{"If-None-Match": f'"other", W/{etag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == etag
    assert public.get("/targets/T01", **{"If-None-Match": '"other"'}).status_code == 200


def test_head_gives_the_headers_of_get(public: Reader) -> None:
    got = public.get("/packs")
    headed = public.client.head("/api/v1/packs")
    assert headed.status_code == 200
    assert headed.content == b""
    assert headed.headers["ETag"] == got.headers["ETag"]
    assert headed.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "zh-Hans"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("fr, zh-CN;q=0.8, en;q=0.5", "zh-Hans"),
        ("fr", "zh-Hans"),
        ("en;q=nonsense", "zh-Hans"),
    ],
)
def test_problems_speak_the_reader_s_language(public: Reader, wish: str, language: str) -> None:
    response = public.get("/nowhere", **{"Accept-Language": wish})
    assert response.headers["Content-Language"] == language
    assert (response.json()["title"] == "No such address") == (language == "en")


def test_health_names_what_fails(public: Reader, monkeypatch: Any) -> None:
    assert public.get("/health").json()["status"] == "ok"

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk gone")

    monkeypatch.setattr("qiantang.doors.api.routes.shelf.indicators.observations", broken)
    response = public.get("/health")
    assert response.status_code == 503
    assert response.json()["checks"]["lake"] == "failing"
    assert "disk gone" not in response.content.decode()


def test_the_description_for_people_needs_no_script_and_speaks_both_languages(
    public: Reader,
) -> None:
    zh = public.get("/docs").content.decode()
    en = public.get("/docs", **{"Accept-Language": "en"}).content.decode()
    assert "<script" not in zh + en
    assert "目标" in zh
    assert "Assessment" in en
    assert 'lang="en"' in en
    assert "http" not in zh.replace("https://tjj", "")


def test_an_unknown_address_below_api_is_json_too(db: None) -> None:
    response = Client().get("/api/v2/targets")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_rows_that_came_with_a_pack_are_refused_for_a_day_before(
    zone: None, public: Reader
) -> None:
    past = public.get("/resources/geography.division/rows?at=2020-01-01")
    assert (past.status_code, past.json()["code"]) == (422, "indicators.no_history")
    assert public.get("/resources/geography.division/rows").json()["total"] > 90
