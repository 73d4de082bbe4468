"""Signing in with a brake: wrong passwords in a row make an account wait, per address.

Used as Django's authentication backend, so that every door that signs people in is braked alike.
After five failures the wait is 30 seconds and doubles with each further failure, to 15 minutes.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.http import HttpRequest

from qiantang.rooms.journal.services import record
from qiantang.rooms.people.errors import TooManyAttempts, WrongPassword
from qiantang.rooms.people.models import Account, SignInFailure
from qiantang.rooms.people.selectors import actor_of

FREE_FAILURES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)


class BrakedBackend(ModelBackend):
    """Django's own password check behind the brake; while an account waits, nothing is checked."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        name = username or ""
        if wait_of(name, address):
            return None
        account = super().authenticate(request, username=username, password=password, **kwargs)
        if account is None:
            _failed(name, address)
            return None
        _succeeded(account, name, address)
        return account


def sign_in(username: str, password: str, request: HttpRequest) -> Account:
    """Check a password for a door that wants the reason. Raises `TooManyAttempts`,
    `WrongPassword`; the door then calls Django's ``login``."""
    from django.contrib.auth import authenticate

    address = request.META.get("REMOTE_ADDR", "")
    account = (
        None
        if wait_of(username, address)
        else authenticate(request, username=username, password=password)
    )
    if account is not None:
        return account
    if seconds := wait_of(username, address):
        raise TooManyAttempts(seconds=seconds)
    raise WrongPassword


def wait_of(username: str, address: str) -> int:
    """Seconds until this account may be tried again from this address; 0 when it may be now."""
    row = SignInFailure.objects.filter(pk=_key(username, address)).first()
    if row is None or row.blocked_until is None:
        return 0
    left = (row.blocked_until - datetime.now(UTC)).total_seconds()
    return max(0, int(left + 0.999))


@transaction.atomic
def _failed(username: str, address: str) -> None:
    now, key = datetime.now(UTC), _key(username, address)
    SignInFailure.objects.bulk_create([SignInFailure(key=key, last_at=now)], ignore_conflicts=True)
    row = SignInFailure.objects.select_for_update().get(pk=key)
    fresh = now - row.last_at < FORGOTTEN_AFTER
    row.failures = row.failures + 1 if fresh else 1
    row.last_at = now
    if row.failures >= FREE_FAILURES:
        doubled = min(row.failures - FREE_FAILURES, 10)
        row.blocked_until = now + min(FIRST_WAIT * 2**doubled, LONGEST_WAIT)
        _journal_block(username, row.failures)
    row.save()
    SignInFailure.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()


def _journal_block(username: str, failures: int) -> None:
    # A name that is no account may be a password typed into the wrong field: never written down.
    account = Account.objects.filter(username=username).first()
    if account is not None:
        record(
            actor_of(account),
            "people.sign_in_blocked",
            f"user:{account.pk}",
            {"failures": failures},
        )


@transaction.atomic
def _succeeded(account: Any, username: str, address: str) -> None:
    SignInFailure.objects.filter(pk=_key(username, address)).delete()
    record(actor_of(account), "people.signed_in", f"user:{account.pk}")


def _key(username: str, address: str) -> str:
    return hashlib.sha256(f"{username.lower()}|{address}".encode()).hexdigest()
