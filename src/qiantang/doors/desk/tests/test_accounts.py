"""People and roles: an administrator looks after the own part of the tree, and no other."""

from __future__ import annotations

import pytest
from django.test import Client

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.people import selectors as people

pytestmark = pytest.mark.usefixtures("zone")
FIRST = "long-first-password-7"


def form(**more: str) -> dict[str, str]:
    typed = {"username": "hz-new", "name_zh": "新人", "name_en": "New", "password": FIRST}
    return {**typed, "organisation": "330100-stats", "role": "officer", **more}


@pytest.fixture
def browser(hangzhou_admin: Actor, signed_in: SignedIn) -> Client:
    return signed_in(hangzhou_admin)


def test_a_citys_administrator_opens_an_account_that_can_sign_in(browser: Client) -> None:
    answer = browser.post("/desk/people/", form())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/people/")
    page = browser.get("/desk/people/").content.decode()
    assert "hz-new" in page
    assert 'href="/desk/people/" aria-current="page"' in page
    made = people.actor_of_account("hz-new")
    assert made.has(Role.OFFICER, made.path)
    signed = Client().post("/desk/sign-in/", {"username": "hz-new", "password": FIRST})
    assert signed.status_code == 302


def test_roles_are_granted_and_withdrawn_and_accounts_closed(browser: Client) -> None:
    browser.post("/desk/people/", form(role=""))
    given = {"role": "approver", "organisation": "330100-stats"}
    assert browser.post("/desk/people/hz-new/grant/", given).status_code == 302
    assert people.actor_of_account("hz-new").scopes(Role.APPROVER)
    assert browser.post("/desk/people/hz-new/withdraw/", given).status_code == 302
    assert not people.actor_of_account("hz-new").scopes(Role.APPROVER)
    other = {"password": "another-long-password-8"}
    assert browser.post("/desk/people/hz-new/password/", other).status_code == 302
    signed = Client().post("/desk/sign-in/", {"username": "hz-new", **other})
    assert signed.status_code == 302
    assert browser.post("/desk/people/hz-new/close/").status_code == 302
    assert people.actor_of_account("hz-new").is_anonymous
    assert browser.post("/desk/people/hz-new/promote/").status_code == 404


def test_nobody_reaches_beyond_the_own_part(
    browser: Client, officer: Actor, signed_in: SignedIn
) -> None:
    beyond = browser.post("/desk/people/", form(organisation="330000-stats"))
    assert beyond.status_code == 403
    assert FIRST not in beyond.content.decode()
    whole = {"role": "administrator", "organisation": ""}
    assert browser.post("/desk/people/officer/grant/", whole).status_code == 403
    page = browser.get("/desk/people/").content.decode()
    assert ">officer<" not in page
    plain = signed_in(officer)
    assert plain.get("/desk/people/").status_code == 403
    assert "/desk/people/" not in plain.get("/desk/").content.decode()
    assert Client().get("/desk/people/").status_code in (302, 401)


def test_a_guest_is_listed_with_the_roles_given_here(browser: Client, officer: Actor) -> None:
    given = {"role": "approver", "organisation": "330100-stats"}
    browser.post("/desk/people/officer/grant/", given)
    page = browser.get("/desk/people/?q=officer").content.decode()
    assert "其他单位的账号" in page
    assert "/desk/people/officer/withdraw/" in page
    assert "/desk/people/officer/grant/" in page
    assert "/desk/people/officer/password/" not in page
    assert "/desk/people/officer/close/" not in page
    assert browser.post("/desk/people/officer/withdraw/", given).status_code == 302
    assert "/desk/people/officer/" not in browser.get("/desk/people/").content.decode()


def test_what_was_typed_wrong_is_said_beside_the_form(browser: Client) -> None:
    answer = browser.post("/desk/people/", form(password="short"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="hz-new"' in page
    assert people.actor_of_account("hz-new").is_anonymous


def test_no_account_is_opened_without_the_role_that_was_chosen(browser: Client) -> None:
    assert browser.post("/desk/people/", form(role="king")).status_code == 422
    assert people.actor_of_account("hz-new").is_anonymous
