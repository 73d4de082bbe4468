"""Tokens that are no longer, never were, or do not reach so far."""

from __future__ import annotations

import pytest

from qiantang.rooms.people.models import Account

from .house import ask, call, expire, observation, problem, refused, revoke, token_of, untouched

SUBMISSIONS = "/api/v1/submissions"


def test_an_expired_token() -> None:
    token = token_of("officer", "read", "write")
    expire(token)
    with untouched():
        problem(call(token, SUBMISSIONS), "people.token_expired", 401)
        problem(call(token, SUBMISSIONS, observation()), "people.token_expired", 401)


def test_a_revoked_token_works_no_more() -> None:
    token = token_of("officer", "read", "write")
    assert call(token, SUBMISSIONS).en.status_code == 200
    revoke("officer", token)
    with untouched():
        problem(call(token, SUBMISSIONS, observation()), "people.token_invalid", 401)


def test_a_token_of_a_closed_account() -> None:
    token = token_of("officer", "read", "write")
    Account.objects.filter(username="officer").update(is_active=False)
    with untouched():
        problem(call(token, SUBMISSIONS, observation()), "people.token_invalid", 401)


def test_a_token_that_may_only_read_sends_nothing() -> None:
    token = token_of("officer", "read")
    with untouched():
        problem(call(token, SUBMISSIONS, observation()), "people.scope_missing", 403)


def test_a_token_that_may_only_write_reads_nothing() -> None:
    token = token_of("officer", "write")
    problem(call(token, SUBMISSIONS), "people.scope_missing", 403)


def test_a_token_does_not_open_the_desk() -> None:
    token = token_of("officer", "read", "write")
    with untouched():
        answer = call(token, "/desk/")
    assert {a.status_code for a in answer.both} == {302}
    assert answer.zh.headers["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer  ",
        "Basic b2ZmaWNlcjpwdw==",
        "Bearer qt_0_0",
        "Bearer " + "x" * 20_000,
        "Bearer qtk_é_\x7f",
        "Bearer '; drop table people_token; --",
        "bearer a b c",
    ],
)
def test_a_credential_that_never_was(given: str) -> None:
    asked = call("", SUBMISSIONS, observation(), headers={"Authorization": given})
    code = "sign_in_required" if not given else "people.token_invalid"
    problem(asked, code, 401)
    assert "Bearer" in asked.en.headers["WWW-Authenticate"]


@pytest.mark.parametrize("half", [0, 1])
def test_a_token_with_half_of_another(half: int) -> None:
    one, other = (t.split("_") for t in (token_of("officer", "read"), token_of("approver", "read")))
    mixed = [one[0], (one, other)[half][1], (other, one)[half][2]]
    problem(call("_".join(mixed), SUBMISSIONS), "people.token_invalid", 401)


def test_a_public_read_with_a_bad_token_is_refused_rather_than_anonymous() -> None:
    problem(call("nonsense", "/api/v1/targets"), "people.token_invalid", 401)


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scopes": "read"},
        {"name": "长" * 81, "scopes": "read"},
        {"name": "a", "scopes": "administer"},
        {"name": "a", "scopes": "read", "days": "0"},
        {"name": "a", "scopes": "read", "days": "367"},
        {"name": "a", "scopes": "read", "days": "²"},
        {"name": "a", "scopes": "read", "days": "9" * 5000},
    ],
)
def test_a_token_that_cannot_be_made(form: dict[str, str]) -> None:
    with untouched():
        refused(ask("officer", "/desk/tokens/", form), "people.bad_token_request", 422)


def test_nobody_revokes_anothers_token() -> None:
    from qiantang.rooms.people.models import Token

    token_of("officer", "read")
    number = Token.objects.latest("pk").pk
    with untouched():
        refused(ask("stranger", f"/desk/tokens/{number}/revoke/", {}), "people.token_unknown", 404)


def test_a_forged_form_is_refused() -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    forger = Client(enforce_csrf_checks=True)
    forger.force_login(get_user_model().objects.get(username="officer"))
    with untouched():
        page = forger.post("/desk/figures/new/", {})
        body = forger.post(SUBMISSIONS, b"{}", content_type="application/json")
    assert page.status_code == 403
    assert b"portal.form_expired" in page.content
    assert body.status_code == 403
    assert body.json()["code"] == "api.form_token_missing"


def test_passwords_tried_in_a_row_must_wait() -> None:
    form = {"username": "officer", "password": "wrong-wrong-wrong"}
    for _ in range(3):
        asked = ask("", "/desk/sign-in/", form)
    refused(asked, "people.too_many_attempts", 429)
    right = {"username": "officer", "password": "correct-horse-battery"}
    refused(ask("", "/desk/sign-in/", right), "people.too_many_attempts", 429)


@pytest.mark.parametrize("name", ["", "nobody", "x" * 5000, "' or 1=1 --", "<script>", "管理员"])
def test_signing_in_as_nobody(name: str) -> None:
    refused(
        ask("", "/desk/sign-in/", {"username": name, "password": "x"}),
        "people.wrong_password",
        401,
    )


def test_signing_in_leads_nowhere_else() -> None:
    from .house import client

    form = {"username": "officer", "password": "correct-horse-battery"}
    for goal in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"):
        answer = client().post("/desk/sign-in/", {**form, "next": goal})
        assert answer.headers["Location"] == "/desk/"
