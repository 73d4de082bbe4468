"""API tokens: shown once, kept as a hash, limited in scope and time, revocable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.kernel.errors import SignInRequired
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.people import selectors, services
from qiantang.rooms.people.errors import (
    BadTokenRequest,
    ScopeMissing,
    TokenExpired,
    TokenInvalid,
    TokenUnknown,
)
from qiantang.rooms.people.models import Token

pytestmark = pytest.mark.django_db


def test_a_token_acts_for_its_owner_within_its_scopes(officer: Actor) -> None:
    raw = services.issue_token(officer, "日报", ["read"], days=30)
    actor = selectors.actor_of_token(raw)
    assert (actor.key, actor.grants, actor.path) == (officer.key, officer.grants, officer.path)
    assert actor.may_use("read")
    assert not actor.may_use("write")
    assert actor.token
    assert actor.token in raw


def test_only_the_hash_is_kept(officer: Actor) -> None:
    raw = services.issue_token(officer, "report")
    row = Token.objects.get()
    secret = raw.split("_", 2)[2]
    kept = f"{row.prefix}{row.digest}{row.name}{[e.detail for e in journal.entries(SYSTEM)]}"
    assert secret not in kept
    assert len(secret) >= 40
    assert [t.state for t in selectors.tokens_of(officer)] == ["active"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: "",
        lambda raw: raw[:-1],
        lambda raw: raw + "x",
        lambda raw: raw.upper(),
        lambda raw: raw.replace("qt_", "gh_"),
        lambda raw: "qt_" + "0" * 8 + "_" + raw.split("_", 2)[2],
        lambda raw: "令牌",
        lambda raw: "qt__",
    ],
)
def test_anything_but_the_token_is_refused(officer: Actor, spoil: object) -> None:
    raw = services.issue_token(officer, "report")
    with pytest.raises(TokenInvalid):
        selectors.actor_of_token(spoil(raw))  # type: ignore[operator]


def test_an_expired_token_says_when(officer: Actor) -> None:
    raw = services.issue_token(officer, "report", days=1)
    Token.objects.update(expires_at=datetime(2020, 5, 1, tzinfo=UTC))
    with pytest.raises(TokenExpired) as refused:
        selectors.actor_of_token(raw)
    assert "2020-05-01" in refused.value.message("zh")
    assert [t.state for t in selectors.tokens_of(officer)] == ["expired"]


def test_a_revoked_token_and_one_of_a_closed_account_are_refused(officer: Actor) -> None:
    first, second = (services.issue_token(officer, name) for name in ("a", "b"))
    services.revoke_token(officer, Token.objects.get(name="a").pk)
    with pytest.raises(TokenInvalid):
        selectors.actor_of_token(first)
    assert selectors.actor_of_token(second).key == officer.key
    services.close_account(SYSTEM, "officer")
    with pytest.raises(TokenInvalid):
        selectors.actor_of_token(second)


def test_others_tokens_can_be_neither_seen_nor_revoked(
    officer: Actor, stranger: Actor, hangzhou_admin: Actor, administrator: Actor
) -> None:
    services.issue_token(officer, "report")
    id = Token.objects.get().pk
    for outsider in (stranger, hangzhou_admin, ANONYMOUS):
        assert selectors.tokens(outsider) == ()
        with pytest.raises(TokenUnknown):
            services.revoke_token(outsider, id)
    assert len(selectors.tokens(administrator)) == 1
    services.revoke_token(administrator, id)
    assert [t.state for t in selectors.tokens_of(officer)] == ["revoked"]


def test_revoking_twice_is_journaled_once(officer: Actor) -> None:
    services.issue_token(officer, "report")
    id = Token.objects.get().pk
    services.revoke_token(officer, id)
    count = journal.head()[0]
    services.revoke_token(officer, id)
    assert journal.head()[0] == count


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["read"], 30),
        ("x" * 81, ["read"], 30),
        ("report", [], 30),
        ("report", ["read", "everything"], 30),
        ("report", ["read"], 0),
        ("report", ["read"], 367),
    ],
)
def test_tokens_without_name_known_scope_or_end_are_refused(
    officer: Actor, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(BadTokenRequest):
        services.issue_token(officer, name, scopes, days)
    assert Token.objects.count() == 0


def test_a_token_cannot_make_tokens_and_nobody_can(officer: Actor) -> None:
    actor = selectors.actor_of_token(services.issue_token(officer, "w", ["read", "write"]))
    for who in (actor, ANONYMOUS, SYSTEM):
        with pytest.raises(SignInRequired):
            services.issue_token(who, "more")


def test_a_reading_token_revokes_nothing(officer: Actor) -> None:
    raw = services.issue_token(officer, "r", ["read"])
    with pytest.raises(ScopeMissing):
        services.revoke_token(selectors.actor_of_token(raw), Token.objects.get().pk)


def test_a_year_is_the_longest(officer: Actor) -> None:
    services.issue_token(officer, "y", days=366)
    left = Token.objects.get().expires_at - datetime.now(UTC)
    assert left <= timedelta(days=366)
