"""Signing in, being braked, signing out, changing the password."""

from __future__ import annotations

from django.test import Client

from qiantang.doors.desk.tests.conftest import PASSWORD, SignedIn
from qiantang.kernel.actors import Actor

FORM = "/desk/sign-in/"


def test_the_desk_asks_the_public_to_sign_in_and_leads_back(zone: None) -> None:
    client = Client()
    answer = client.get("/desk/journal/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/sign-in/?next=/desk/journal/"
    assert client.post("/desk/submissions/1/approve/").status_code == 401


def test_right_password_opens_the_page_that_was_asked_for(zone: None, officer: Actor) -> None:
    answer = Client().post(
        FORM, {"username": "officer", "password": PASSWORD, "next": "/desk/tokens/"}
    )
    assert answer.headers["Location"] == "/desk/tokens/"


def test_sign_in_leads_to_no_other_site(zone: None, officer: Actor) -> None:
    form = {"username": "officer", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post(FORM, form).headers["Location"] == "/desk/"


def test_wrong_passwords_are_refused_and_then_braked_in_both_languages(
    zone: None, officer: Actor
) -> None:
    client = Client()
    form = {"username": "officer", "password": "wrong-wrong-wrong"}
    first = client.post(FORM, form)
    assert first.status_code == 401
    assert "账号或口令不正确" in first.content.decode()
    for _ in range(4):
        client.post(FORM, form)
    braked = client.post(f"{FORM}?lang=en", {**form, "password": PASSWORD})
    assert braked.status_code == 429
    assert "Too many" in braked.content.decode()


def test_sign_out_needs_a_post_and_ends_the_session(signed_in: SignedIn, officer: Actor) -> None:
    client = signed_in(officer)
    assert client.get("/desk/sign-out/").status_code == 405
    client.post("/desk/sign-out/")
    assert client.get("/desk/").status_code == 302


def test_password_changes_only_with_the_old_one(
    zone: None, signed_in: SignedIn, officer: Actor
) -> None:
    client = signed_in(officer)
    new = "a-fresh-tide-2026"
    wrong = client.post("/desk/password/", {"old": "x", "new": new, "again": new})
    assert wrong.status_code == 422
    differ = client.post("/desk/password/", {"old": PASSWORD, "new": new, "again": "y"})
    assert "两次输入的新口令不一致" in differ.content.decode()
    weak = client.post("/desk/password/", {"old": PASSWORD, "new": "12345678", "again": "12345678"})
    assert weak.status_code == 422
    done = client.post("/desk/password/", {"old": PASSWORD, "new": new, "again": new})
    assert done.status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_forged_form_is_refused(zone: None, officer: Actor) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(FORM, {"username": "officer", "password": PASSWORD})
    assert answer.status_code == 403
    assert "portal.form_expired" in answer.content.decode()
