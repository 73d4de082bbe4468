"""Sending a figure through the API and having it approved by a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qiantang.doors.api.tests.conftest import Reader, figure
from qiantang.kernel.actors import Actor

pytestmark = pytest.mark.usefixtures("figures")
As = Callable[..., Reader]


def sent(reader: Reader, form: dict[str, Any], **more: Any) -> Any:
    return reader.post("/submissions", {"observation": form, **more})


def test_a_correction_is_published_after_a_second_person_approved_it(
    officer: Actor, approver: Actor, as_actor: As, public: Reader
) -> None:
    made = sent(as_actor(officer), figure("X19", "2019", "5400"), base_revision=1, note="更正")
    assert made.status_code == 201
    submission = made.json()
    assert made.headers["Location"] == f"/api/v1/submissions/{submission['id']}"
    assert public.get("/observations/X19").json()["value"] == 6228.9

    body = {"version": submission["version"]}
    decided = as_actor(approver).post(f"/submissions/{submission['id']}/approve", body)
    assert decided.json()["state"] == "approved"
    found = public.get("/observations/X19").json()
    assert (found["value"], found["revision"]) == (5400, 2)
    assert [r["value"] for r in found["revisions"]] == [5400, 6228.9]


def test_numbers_may_be_json_numbers(officer: Actor, as_actor: As) -> None:
    for id, value in (("N1", 6000), ("N2", 6000.5)):
        made = sent(as_actor(officer), {**figure(id, "2021", ""), "value": value})
        assert made.status_code == 201, made.content
        assert made.json()["payload"][0]["value"] == str(value)


def test_the_sender_may_not_approve(officer: Actor, approver: Actor, as_actor: As) -> None:
    made = sent(as_actor(officer), figure("N1", "2021", "1")).json()
    response = as_actor(officer).post(f"/submissions/{made['id']}/approve", {})
    assert response.status_code == 403


def test_a_rejection_carries_its_reason_and_publishes_nothing(
    officer: Actor, approver: Actor, as_actor: As, public: Reader
) -> None:
    made = sent(as_actor(officer), figure("N1", "2021", "1")).json()
    approving = as_actor(approver)
    assert approving.post(f"/submissions/{made['id']}/reject", {"reason": " "}).status_code == 422
    done = approving.post(f"/submissions/{made['id']}/reject", {"reason": "数字有误"})
    assert done.json()["reason"] == "数字有误"
    assert public.get("/observations/N1").status_code == 404
    again = approving.post(f"/submissions/{made['id']}/approve", {})
    assert again.status_code == 409


def test_the_second_of_two_writers_is_told(officer: Actor, approver: Actor, as_actor: As) -> None:
    first = sent(as_actor(officer), figure("X19", "2019", "5400"), base_revision=1).json()
    as_actor(approver).post(f"/submissions/{first['id']}/approve", {})
    late = sent(as_actor(officer), figure("X19", "2019", "5500"), base_revision=1)
    assert late.status_code == 409
    assert late.json()["code"] == "indicators.changed_meanwhile"


def test_another_department_may_not_touch_it(stranger: Actor, as_actor: As) -> None:
    response = sent(as_actor(stranger), figure("X19", "2019", "1"), base_revision=1)
    assert response.status_code == 403


def test_another_organisation_s_submission_is_not_there(
    officer: Actor, stranger: Actor, as_actor: As
) -> None:
    made = sent(as_actor(officer), figure("N1", "2021", "1")).json()
    assert as_actor(stranger).get(f"/submissions/{made['id']}").status_code == 404
    assert as_actor(officer).get(f"/submissions/{made['id']}").json()["id"] == made["id"]


def test_nobody_may_write_without_signing_in(public: Reader) -> None:
    response = sent(public, figure("N1", "2021", "1"))
    assert response.status_code == 401
    assert public.get("/submissions").status_code == 401


def test_wrong_cells_are_all_named(officer: Actor, as_actor: As) -> None:
    form = figure("N1", "2021-13", "abc", unit="斗")
    response = sent(as_actor(officer), form)
    assert response.status_code == 422
    body = response.json()
    assert body["code"] == "indicators.rows_invalid"
    assert len(body["problems"]) >= 2


def test_a_withdrawal_is_asked_for_and_taken_back(officer: Actor, as_actor: As) -> None:
    reader = as_actor(officer)
    made = reader.post("/observations/X19/withdrawal", {"base_revision": 1, "note": "重复"})
    assert made.status_code == 201
    assert made.json()["kind"] == "withdraw"
    done = reader.post(f"/submissions/{made.json()['id']}/withdraw")
    assert done.json()["state"] == "withdrawn"
    listed = reader.get("/submissions?state=withdrawn").json()
    assert [s["id"] for s in listed["items"]] == [made.json()["id"]]
