"""Sources and runs again over the API: the same verbs, people and refusals as at the desk."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from qiantang.doors.api.tests.test_delivering import Headers, Made, bearer, get, post, say
from qiantang.doors.api.urls import schema
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import credentials, services
from qiantang.rooms.intake.tests.conftest import *  # noqa: F403 - the room's zone and files
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.journal import selectors as journal

Run: Any = apps.get_model("intake", "Run")
WEB = {"url": "https://example.com/firms.csv"}
NEW = {"id": "web", "kind": "http", "resource": FIRMS, "config": WEB, "every": "P1D"}


@pytest.fixture
def sender(officer: Actor) -> Headers:
    return bearer(officer)


@pytest.fixture
def keeper(administrator: Actor) -> Headers:
    """An administrator of the zone."""
    return bearer(administrator)


def patch(who: Headers, address: str, body: dict[str, Any]) -> Any:
    return Client().patch(
        f"/api/v1/{address}", json.dumps(body), content_type="application/json", **who
    )


def do(who: Headers, address: str) -> Any:
    return Client().post(f"/api/v1/{address}", content_type="application/json", **who)


def test_a_failed_run_is_worked_on_again(sender: Headers, csv_file: Made) -> None:
    id = post(sender, csv_file(5)).json()["id"]
    refused = do(sender, f"runs/{id}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "intake.not_again")
    Run.objects.filter(pk=id).update(status="failed", error_code="intake.failed")
    again = do(sender, f"runs/{id}/retry")
    assert (again.status_code, again.json()["status"]) == (200, "received")
    assert again.json()["error_code"] == ""
    assert services.work(id).status == "published"


def test_a_cancelled_run_is_worked_on_again(sender: Headers, csv_file: Made) -> None:
    id = post(sender, csv_file(5)).json()["id"]
    assert do(sender, f"runs/{id}/cancel").json()["status"] == "cancelled"
    assert do(sender, f"runs/{id}/retry").json()["status"] == "received"
    assert services.work(id).accepted == 5


def test_only_who_may_deliver_works_on_a_run_again(
    officer: Actor, approver: Actor, stranger: Actor, csv_file: Made
) -> None:
    id = post(bearer(officer), csv_file(5)).json()["id"]
    Run.objects.filter(pk=id).update(status="failed")
    assert do({}, f"runs/{id}/retry").status_code == 401
    assert do(bearer(officer, "read"), f"runs/{id}/retry").status_code == 403
    assert do(bearer(approver), f"runs/{id}/retry").status_code == 403
    assert do(bearer(stranger), f"runs/{id}/retry").status_code == 404
    assert do(bearer(officer), "runs/none/retry").status_code == 404


def test_a_source_is_added_changed_paused_and_removed(sender: Headers) -> None:
    made = say(sender, "sources", NEW)
    assert made.status_code == 201, made.content
    address = made.headers["Location"].removeprefix("/api/v1/")
    assert get(sender, address).json() == made.json()
    assert (made.json()["mode"], made.json()["every"]) == ("append", "P1D")
    changed = patch(sender, address, {"every": "P1M", "mode": "upsert"}).json()
    assert (changed["every"], changed["mode"], changed["config"]) == ("P1M", "upsert", WEB)
    assert do(sender, f"{address}/pause").json()["paused"]
    assert not do(sender, f"{address}/resume").json()["paused"]
    assert do(sender, f"{address}/fetch").json()["next_due"]
    assert do(sender, f"{address}/remove").json()["id"] == "web"
    assert get(sender, address).status_code == 404
    assert get(sender, "sources").json()["total"] == 0
    verbs = [e.verb for e in journal.entries(SYSTEM, subject="source:web")]
    assert verbs[-1::-1] == [
        "intake.source_added",
        "intake.source_changed",
        "intake.source_paused",
        "intake.source_paused",
        "intake.source_removed",
    ]


def test_a_folder_and_a_database_are_added_by_the_zone(
    sender: Headers, keeper: Headers, tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "a.csv").write_text("编码\n", encoding="utf-8")
    folder = {
        "id": "nightly",
        "kind": "folder",
        "resource": FIRMS,
        "config": {"path": str(drop), "pattern": "*.csv"},
    }
    refused = say(sender, "sources", folder)
    assert (refused.status_code, refused.json()["code"]) == (403, "intake.server_path_forbidden")
    assert say(keeper, "sources", folder).status_code == 201
    tried = do(keeper, "sources/nightly/test").json()
    assert [*tried["files"], *tried["settling"]] == ["a.csv"]
    lost = {"engine": "sqlite", "file": str(tmp_path / "none.db"), "table": "firms"}
    base = {"id": "db", "kind": "database", "resource": FIRMS, "config": lost}
    assert say(keeper, "sources", {**base, "watermark_column": "seq"}).status_code == 201
    failed = do(keeper, "sources/db/test")
    assert (failed.status_code, failed.json()["code"]) == (503, "intake.source_refused")


def test_a_password_goes_in_and_never_comes_out(
    keeper: Headers, officer: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    config = {"engine": "postgresql", "host": "127.0.0.1", "port": 9, "table": "firms"}
    more = {"config": {**config, "database": "d", "user": "reader"}, "password": "pw-in-1"}
    base = {"id": "db", "kind": "database", "resource": FIRMS, **more}
    answers = [
        say(keeper, "sources", base),
        say(keeper, "sources", base),
        get(keeper, "sources/db"),
        get(keeper, "sources"),
        do(keeper, "sources/db/test"),
        patch(keeper, "sources/db", {"password": "pw-in-2"}),
        patch(keeper, "sources/db", {"password": "pw-in-3", "every": "nonsense"}),
        patch(keeper, "sources/db", {"password": "pw-in-4", "nonsense": 1}),
        do(keeper, "sources/db/remove"),
    ]
    assert [a.status_code for a in answers] == [201, 409, 200, 200, 503, 200, 422, 422, 200]
    assert credentials.look_up("file:source-db") == "pw-in-2"
    assert answers[0].json()["credential"] == "file:source-db"
    trail = [e.detail for e in journal.entries(SYSTEM, subject="source:db")]
    said = " ".join([*(a.content.decode() for a in answers), str(trail), caplog.text])
    assert "pw-in-" not in said


def test_who_may_not_keep_a_source_is_refused(
    officer: Actor, approver: Actor, stranger: Actor, sender: Headers
) -> None:
    assert say({}, "sources", NEW).status_code == 401
    assert say(bearer(officer, "read"), "sources", NEW).status_code == 403
    for actor in (approver, stranger):
        refused = say(bearer(actor), "sources", NEW)
        assert (refused.status_code, refused.json()["code"]) == (403, "intake.not_source_keeper")
    assert say(sender, "sources", NEW).status_code == 201
    assert patch(bearer(approver), "sources/web", {"every": "P1M"}).status_code == 403
    for verb in ("test", "fetch", "pause", "resume", "remove"):
        assert do({}, f"sources/web/{verb}").status_code == 401
        assert do(bearer(officer, "read"), f"sources/web/{verb}").status_code == 403
        assert do(bearer(approver), f"sources/web/{verb}").status_code == 403
        assert do(bearer(stranger), f"sources/web/{verb}").status_code == 404
    assert get(bearer(stranger), "sources/web").status_code == 404
    assert get({}, "sources/web").status_code == 401
    assert get(sender, "sources/web").json()["paused"] is False


def test_wrong_settings_are_told_in_both_languages(sender: Headers) -> None:
    wrong: list[dict[str, Any]] = [
        {"kind": "carrier-pigeon"},
        {"config": {"url": "https://example.com/x.csv", "password": "p"}},
        {"config": {"url": "https://user:pw@example.com/x.csv"}},
        {"config": {}},
        {"id": "Upper Case"},
        {"every": "daily"},
        {"mode": "sideways"},
        {"credential": "env:PATH"},
        {"config": {"port": 70_000}},
    ]
    for each in wrong:
        told = say(sender, "sources", {**NEW, **each})
        assert told.status_code == 422, each
        assert set(told.json()["messages"]) == {"zh", "en"}
    inside = say(sender, "sources", {**NEW, "config": {"url": "http://127.0.0.1/x.csv"}})
    assert inside.json()["code"] == "intake.address_forbidden"
    assert say(sender, "sources", {**NEW, "resource": "no.such"}).status_code == 404
    assert get(sender, "sources").json()["total"] == 0


def test_the_description_says_that_a_password_is_only_taken() -> None:
    described = schema()["components"]["schemas"]
    assert described["SourceIn"]["properties"]["password"]["writeOnly"]
    assert "password" not in described["SourceOut"]["properties"]
