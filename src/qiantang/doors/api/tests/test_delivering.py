"""Deliveries over the API: a file in, followed, decided; rows of a day out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.intake import services
from qiantang.rooms.intake.tests.conftest import *  # noqa: F403 - the room's zone and files
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.people.services import issue_token

Made = Callable[..., Path]
Headers = dict[str, str]


def bearer(actor: Actor, *scopes: str) -> Headers:
    token = issue_token(actor, "t", scopes or ("read", "write"))
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def post(who: Headers, path: Path, **more: str) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return Client().post("/api/v1/deliveries", {"file": file, "resource": FIRMS, **more}, **who)


def say(who: Headers, address: str, body: dict[str, Any]) -> Any:
    return Client().post(
        f"/api/v1/{address}", json.dumps(body), content_type="application/json", **who
    )


def get(who: Headers, address: str) -> Any:
    return Client().get(f"/api/v1/{address}", **who)


@pytest.fixture
def sender(officer: Actor) -> Headers:
    return bearer(officer)


def test_rows_left_out_are_named_in_their_run_and_counted_in_the_list(
    sender: Headers, csv_file: Made
) -> None:
    file = csv_file(3)
    file.write_text(file.read_text("utf-8") + "合计,,3,\n", "utf-8")
    id = post(sender, file).json()["id"]
    services.work(id)
    run = get(sender, f"runs/{id}").json()
    assert (run["sent"], run["skipped"], run["left_out"]["total"]) == (3, 2, 2)
    assert [(r["row"], r["content"]) for r in run["left_out"]["rows"]][1] == (5, "合计 | 3")
    (listed,) = get(sender, "runs").json()["items"]
    assert (listed["left_out"]["total"], listed["left_out"]["rows"]) == (2, [])


def test_a_file_is_taken_and_its_run_followed(sender: Headers, csv_file: Made) -> None:
    answer = post(sender, csv_file(40, bad=2))
    assert answer.status_code == 201, answer.content
    address = answer.headers["Location"].removeprefix("/api/v1/")
    assert get(sender, address).json()["status"] == "received"
    services.work(answer.json()["id"])
    run = get(sender, address).json()
    assert (run["status"], run["accepted"], run["set_aside"]) == ("published", 38, 2)
    found = get(sender, f"{address}/problems?size=1").json()
    assert (found["total"], len(found["items"])) == (2, 1)
    book = get(sender, f"{address}/set-aside")
    assert book.content[:2] == b"PK"


def test_keys_to_delete_that_were_not_there_are_named(
    sender: Headers, csv_file: Made, tmp_path: Path
) -> None:
    services.work(post(sender, csv_file(5)).json()["id"])
    gone = tmp_path / "gone.csv"
    gone.write_text("编码\nF000001\nF999999\n", encoding="utf-8")
    id = post(sender, gone, mode="delete").json()["id"]
    assert get(sender, f"runs/{id}/report").status_code == 404
    services.work(id)
    run = get(sender, f"runs/{id}").json()
    assert (run["accepted"], run["set_aside"], run["absent"]) == (2, 0, 1)
    assert run["snapshot_id"] == str(run["snapshot"]) == str(int(run["snapshot_id"]))
    (finding,) = get(sender, f"runs/{id}/problems").json()["items"]
    assert (finding["code"], finding["row"], finding["value"]) == ("key_absent", 3, "F999999")
    assert get(sender, f"runs/{id}/report").content[:2] == b"PK"
    assert get({}, f"runs/{id}/report").status_code == 401


def test_the_same_file_or_request_again_gives_the_run(sender: Headers, csv_file: Made) -> None:
    first = post(sender, csv_file(5))
    again = post(sender, csv_file(5))
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    keyed = {**sender, "HTTP_IDEMPOTENCY_KEY": "once"}
    one, two = post(keyed, csv_file(6)), post(keyed, csv_file(6))
    assert one.json()["id"] == two.json()["id"] != first.json()["id"]


def test_a_held_run_is_decided_by_another(sender: Headers, approver: Actor, csv_file: Made) -> None:
    id = post(sender, csv_file(20, bad=5)).json()["id"]
    services.work(id)
    decision = {"decision": "publish", "reason": "核对过"}
    assert say(sender, f"runs/{id}/decision", decision).status_code == 403
    decided = say(bearer(approver), f"runs/{id}/decision", decision)
    assert decided.json()["status"] == "publishing"
    assert services.work(id).status == "published"


def test_a_reading_is_looked_at_and_confirmed(sender: Headers, csv_file: Made) -> None:
    id = post(sender, csv_file(5)).json()["id"]
    reading = get(sender, f"runs/{id}/reading").json()
    fields = {column["field"] for column in reading["recipe"]["columns"]}
    assert fields == {"code", "name", "amount", "day"}
    body = {"recipe": reading["recipe"]}
    assert say(sender, f"runs/{id}/reading", body).json()["status"] == "received"
    assert services.work(id).status == "published"
    assert get(sender, f"recipes?resource={FIRMS}").json()["total"] == 1


def test_who_may_not_is_refused_before_the_file_is_read(
    officer: Actor, stranger: Actor, citizen: Actor, csv_file: Made
) -> None:
    assert post({}, csv_file(3)).status_code == 401
    assert post(bearer(officer, "read"), csv_file(3)).status_code == 403
    assert post(bearer(stranger), csv_file(3)).status_code == 403
    unread = post(bearer(citizen), csv_file(3))
    assert (unread.status_code, unread.json()["code"]) == (403, "intake.officers_only")
    id = post(bearer(officer), csv_file(3)).json()["id"]
    for address in (f"runs/{id}", f"runs/{id}/problems", f"runs/{id}/set-aside"):
        assert get(bearer(stranger), address).status_code == 404
    assert get({}, "runs").status_code == 401
    assert get(bearer(stranger), "runs").json()["total"] == 0


def test_wrong_requests_are_told(sender: Headers, csv_file: Made, settings: Any) -> None:
    assert say(sender, "deliveries", {"resource": FIRMS}).status_code == 415
    assert post(sender, csv_file(3), mode="sideways").status_code == 422
    assert post(sender, csv_file(3), recipe="{").status_code == 422
    assert post(sender, csv_file(3), resource="no.such").status_code == 404
    missing = Client().post("/api/v1/deliveries", {"resource": FIRMS}, **sender)
    assert missing.status_code == 422
    settings.QIANTANG_INTAKE_LARGEST = 20
    assert post(sender, csv_file(3)).status_code == 413


def test_rows_of_a_day_for_those_who_may_read(
    officer: Actor, stranger: Actor, sender: Headers, csv_file: Made
) -> None:
    services.work(post(sender, csv_file(5)).json()["id"])
    found = get(sender, f"resources/{FIRMS}/rows?size=2").json()
    assert (found["total"], found["items"][0]["code"]) == (5, "F000000")
    assert found["items"][0]["name"] == "企业0"
    before = get(sender, f"resources/{FIRMS}/rows?at=2020-01-01").json()
    assert before["total"] == 0
    assert get(bearer(stranger), f"resources/{FIRMS}/rows").status_code == 403
    assert get({}, f"resources/{FIRMS}/rows").status_code == 403


def test_a_request_key_with_another_file_is_refused(sender: Headers, csv_file: Made) -> None:
    keyed = {**sender, "HTTP_IDEMPOTENCY_KEY": "k9"}
    first = post(keyed, csv_file(3))
    other = post(keyed, csv_file(4, name="other.csv"))
    assert (first.status_code, other.status_code) == (201, 422)
    said = other.json()
    assert said["code"] == "intake.request_key_reused"
    assert first.json()["id"] in said["detail"]
    assert get(sender, "runs").json()["total"] == 1


def test_publishing_over_newer_data_is_confirmed(
    sender: Headers, approver: Actor, csv_file: Made
) -> None:
    old = post(sender, csv_file(3), mode="replace", publish="false").json()["id"]
    services.work(old)
    new = post(sender, csv_file(4, name="newer.csv"), mode="replace").json()["id"]
    services.work(new)
    (since,) = get(sender, f"runs/{old}").json()["since"]
    assert (since["run"], since["file"]) == (new, "newer.csv")
    decision = {"decision": "publish", "reason": "核对过"}
    refused = say(bearer(approver), f"runs/{old}/decision", decision)
    assert (refused.status_code, refused.json()["code"]) == (409, "intake.overtaken")
    assert new in refused.json()["detail"]
    agreed = say(bearer(approver), f"runs/{old}/decision", {**decision, "over": new})
    assert agreed.json()["status"] == "publishing"


def test_keys_that_two_divisions_keep_are_told_to_who_may_read_both(
    sender: Headers, kept_twice: str, make_actor: Callable[..., Actor]
) -> None:
    above = bearer(make_actor("government", Role.OFFICER, at="330000"))
    address = f"resources/{kept_twice}/shared-keys"
    found = get(above, address)
    both = [{"key": "A", "divisions": ["330100", "330200"]}]
    assert (found.status_code, found.json()) == (200, {"total": 1, "first": both})
    assert get(bearer(make_actor("city", Role.OFFICER, at="330100")), address).status_code == 404
    assert Client().get(f"/api/v1/{address}").status_code == 401
