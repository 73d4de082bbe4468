"""The people room's reads: actors from accounts and tokens, the tree of organisations, tokens."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.text import Lang, Text, lang_of
from qiantang.rooms.people import policy
from qiantang.rooms.people.errors import OrganisationUnknown, TokenExpired, TokenInvalid
from qiantang.rooms.people.models import Account, Membership, Organisation, Token

TOKEN_MARK: Final = "qt"  # noqa: S105 - the public first part of every token


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as other rooms and doors see it."""

    code: str
    name: Text
    kind: str
    division: str
    department: str
    parent: str
    path: str


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret. ``state`` is ``active``, ``expired`` or ``revoked``."""

    id: int
    owner: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as administrators see it; ``roles`` are (role, organisation code) pairs. A
    ``guest`` belongs elsewhere and holds roles here: only those are told."""

    key: str
    username: str
    name: Text
    organisation: str
    language: Lang
    active: bool
    roles: tuple[tuple[str, str], ...]
    guest: bool = False


def actor_of(user: Any) -> Actor:
    """The actor for a Django user; ANONYMOUS for nobody and for a closed account."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    account = Account.objects.select_related("organisation").filter(pk=user.pk).first()
    return ANONYMOUS if account is None or not account.is_active else _actor(account)


def actor_of_account(username: str) -> Actor:
    """The actor of an account by name, for the command line; ANONYMOUS when there is none."""
    account = Account.objects.select_related("organisation").filter(username=username).first()
    return actor_of(account)


def actor_of_token(raw: str) -> Actor:
    """The actor behind an API token, within its scopes. Raises `TokenInvalid`, `TokenExpired`."""
    token = _token(raw)
    if token is None or token.revoked_at is not None or not token.account.is_active:
        raise TokenInvalid
    if token.expires_at <= datetime.now(UTC):
        raise TokenExpired(found=f"{token.expires_at:%Y-%m-%d}")
    return _actor(token.account, token)


def organisation(code: str) -> OrganisationView:
    """One organisation. Raises `OrganisationUnknown`."""
    row = Organisation.objects.filter(pk=code).first()
    if row is None:
        raise OrganisationUnknown(found=code)
    return organisation_view(row)


def paths(codes: Iterable[str]) -> dict[str, str]:
    """The places in the tree of those of the organisations that there are."""
    return dict(Organisation.objects.filter(pk__in=list(codes)).values_list("pk", "path"))


def organisations(
    division: str | None = None, actor: Actor = ANONYMOUS
) -> tuple[OrganisationView, ...]:
    """All organisations in tree order, or those of one division."""
    rows = Organisation.objects.filter(policy.organisations_visible_to(actor))
    if division is not None:
        rows = rows.filter(division=division)
    return tuple(organisation_view(row) for row in rows)


def accounts(actor: Actor) -> tuple[AccountView, ...]:
    """The accounts the actor may see, by name."""
    rows = (
        Account.objects.filter(policy.accounts_visible_to(actor))
        .select_related("organisation")
        .prefetch_related("memberships__organisation")
        .order_by("username")
    )
    return tuple(_account_seen(actor, row) for row in rows)


def account(actor: Actor, username: str) -> AccountView | None:
    """One account by name, if there is one and the actor may see it."""
    row = Account.objects.filter(policy.accounts_visible_to(actor), username=username).first()
    return _account_seen(actor, row) if row else None


def tokens_of(actor: Actor) -> tuple[TokenView, ...]:
    """The actor's own tokens, newest first."""
    number = policy.account_id(actor)
    if number is None:
        return ()
    rows = Token.objects.filter(account_id=number).select_related("account")
    return tuple(_token_view(row) for row in rows)


def tokens(actor: Actor) -> tuple[TokenView, ...]:
    """Every token the actor may see: own ones, and those of people they administer."""
    rows = Token.objects.filter(policy.tokens_visible_to(actor)).select_related("account")
    return tuple(_token_view(row) for row in rows)


def names(keys: Iterable[str]) -> dict[str, Text]:
    """Display names for actor keys such as ``user:7``, for journals and histories."""
    wanted = set(keys)
    known = {a.key: a.name for a in (ANONYMOUS, SYSTEM) if a.key in wanted}
    ids = [int(k[5:]) for k in wanted if k.startswith("user:") and k[5:].isdigit()]
    known.update({f"user:{row.pk}": _name(row) for row in Account.objects.filter(pk__in=ids)})
    return known


def _token(raw: str) -> Token | None:
    mark, _, rest = raw.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != TOKEN_MARK or not secret:
        return None
    row = Token.objects.select_related("account__organisation").filter(prefix=prefix).first()
    right = row is not None and hmac.compare_digest(row.digest, token_digest(raw))
    return row if right else None


def token_digest(raw: str) -> str:
    """What is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(raw.encode()).hexdigest()


def _actor(account: Account, token: Token | None = None) -> Actor:
    home = account.organisation
    return Actor(
        key=f"user:{account.pk}",
        name=_name(account),
        grants=_grants(account),
        organisation=home.code if home else "",
        token=token.prefix if token else "",
        token_scopes=frozenset(token.scopes) if token else None,
        path=home.path if home else "",
    )


def _grants(account: Account) -> frozenset[Grant]:
    rows = Membership.objects.filter(account=account).values_list("role", "organisation__path")
    return frozenset(Grant(Role(role), path or "") for role, path in rows)


def _name(account: Account) -> Text:
    zh = account.name_zh or account.username
    return Text(zh=zh, en=account.name_en or zh)


def _account_seen(actor: Actor, row: Account) -> AccountView:
    """An account as the actor may know it: of a guest, the roles in the actor's part."""
    view = account_view(row)
    if not policy.is_guest(actor, row):
        return view
    held = [(m.role, m.organisation) for m in row.memberships.all() if m.organisation]
    roles = sorted((r, o.code) for r, o in held if actor.has(Role.ADMINISTRATOR, o.path))
    return replace(view, roles=tuple(roles), guest=True)


def account_view(row: Account) -> AccountView:
    roles = sorted((m.role, m.organisation_id or "") for m in row.memberships.all())
    return AccountView(
        key=f"user:{row.pk}",
        username=row.username,
        name=_name(row),
        organisation=row.organisation_id or "",
        language=lang_of(row.language),
        active=row.is_active,
        roles=tuple(roles),
    )


def organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        code=row.code,
        name=Text(row.name_zh, row.name_en),
        kind=row.kind,
        division=row.division,
        department=row.department,
        parent=row.parent_id or "",
        path=row.path,
    )


def _token_view(row: Token) -> TokenView:
    expired = row.expires_at <= datetime.now(UTC)
    state = "revoked" if row.revoked_at else "expired" if expired else "active"
    return TokenView(
        id=row.pk,
        owner=row.account.username,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=state,
    )
