"""Signing in: right and wrong passwords, and the brake on guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from conftest import PASSWORD
from django.contrib.auth import authenticate
from django.test import RequestFactory

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.errors import SignInRequired
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.people import selectors, services
from qiantang.rooms.people.errors import TooManyAttempts, WeakPassword, WrongPassword
from qiantang.rooms.people.models import Account, SignInFailure
from qiantang.rooms.people.signin import FREE_FAILURES, sign_in, wait_of

pytestmark = pytest.mark.django_db
HERE, THERE = "10.0.0.1", "10.0.0.2"


def _try(password: str, address: str = HERE, username: str = "officer") -> object:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    return authenticate(request, username=username, password=password)


def test_the_right_password_signs_in_and_is_journaled(officer: Actor) -> None:
    account = _try(PASSWORD)
    assert isinstance(account, Account)
    assert selectors.actor_of(account) == officer
    entry = journal.entries(officer).entries[0]
    assert (entry.verb, entry.subject) == ("people.signed_in", officer.key)


def test_a_wrong_password_and_an_unknown_name_look_alike(officer: Actor) -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=HERE)
    said = []
    for username in ("officer", "nobody"):
        with pytest.raises(WrongPassword) as refused:
            sign_in(username, "wrong-password", request)
        said.append(refused.value.message("zh"))
    assert said[0] == said[1]


def test_guessing_makes_the_account_wait_for_that_address_only(officer: Actor) -> None:
    for _ in range(FREE_FAILURES):
        assert _try("wrong-password") is None
    assert 0 < wait_of("officer", HERE) <= 30
    assert _try(PASSWORD) is None, "even the right password waits"
    assert isinstance(_try(PASSWORD, THERE), Account), "the owner elsewhere is not locked out"
    with pytest.raises(TooManyAttempts) as refused:
        sign_in("officer", PASSWORD, RequestFactory().post("/", REMOTE_ADDR=HERE))
    assert str(wait_of("officer", HERE)) in refused.value.message("en")
    assert "people.sign_in_blocked" in journal.verbs(SYSTEM)


def test_each_further_failure_doubles_the_wait_up_to_a_limit(officer: Actor) -> None:
    waits = []
    for number in range(FREE_FAILURES + 8):
        _try("wrong-password")
        if number >= FREE_FAILURES - 1:
            waits.append(wait_of("officer", HERE))
        SignInFailure.objects.update(blocked_until=None)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_after_the_wait_the_right_password_clears_the_slate(officer: Actor) -> None:
    for _ in range(FREE_FAILURES):
        _try("wrong-password")
    SignInFailure.objects.update(blocked_until=datetime.now(UTC) - timedelta(seconds=1))
    assert isinstance(_try(PASSWORD), Account)
    assert SignInFailure.objects.count() == 0


def test_yesterdays_failures_are_forgotten(officer: Actor) -> None:
    for _ in range(FREE_FAILURES - 1):
        _try("wrong-password")
    SignInFailure.objects.update(last_at=datetime.now(UTC) - timedelta(days=2))
    _try("wrong-password")
    assert wait_of("officer", HERE) == 0


def test_a_password_typed_as_a_name_is_never_written_down(officer: Actor) -> None:
    for _ in range(FREE_FAILURES + 1):
        _try("x", username="my-secret-password")
    assert "people.sign_in_blocked" not in journal.verbs(SYSTEM)
    assert not SignInFailure.objects.filter(key__contains="my-secret-password").exists()


def test_a_closed_account_does_not_sign_in(officer: Actor) -> None:
    services.close_account(SYSTEM, "officer")
    assert _try(PASSWORD) is None


def test_a_person_changes_their_own_password(officer: Actor) -> None:
    with pytest.raises(WrongPassword):
        services.change_password(officer, "not-my-password", "another-fine-phrase")
    with pytest.raises(WeakPassword):
        services.change_password(officer, PASSWORD, "short")
    services.change_password(officer, PASSWORD, "another-fine-phrase")
    assert isinstance(_try("another-fine-phrase"), Account)
    assert _try(PASSWORD) is None


def test_an_administrator_resets_a_lost_password(officer: Actor, hangzhou_admin: Actor) -> None:
    with pytest.raises(Exception) as refused:
        services.reset_password(hangzhou_admin, "officer", "another-fine-phrase")
    assert refused.value.code == "people.account_unknown"  # type: ignore[attr-defined]
    services.reset_password(SYSTEM, "officer", "another-fine-phrase")
    assert isinstance(_try("another-fine-phrase"), Account)


def test_nobody_has_no_account_to_change(db: None) -> None:
    with pytest.raises(SignInRequired):
        services.change_password(SYSTEM, "a", "b")
