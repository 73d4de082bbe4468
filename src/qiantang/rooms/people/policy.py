"""Who may see and change accounts, roles and tokens.

The tree of organisations is public. An account and its tokens are seen by their person and by
administrators of the account's organisation; an account of no organisation (a citizen) by
administrators of the whole zone. An administrator also sees whoever holds a role in their part:
what was given there can be taken back there. Home and roles elsewhere stay with their own
administrators, and so does the account itself.
"""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.people.errors import NotAdministrator, ScopeMissing
from qiantang.rooms.people.models import Account, Membership

WHOLE_ZONE = Text(zh="全区", en="the whole zone")


def organisations_visible_to(actor: Actor) -> Q:
    """Organisations are public; an expression all the same, so that reads begin here."""
    return Q()


def accounts_visible_to(actor: Actor) -> Q:
    """The accounts the actor may see, as a predicate on `Account`."""
    scopes = actor.scopes(Role.ADMINISTRATOR)
    if "" in scopes:
        return Q()
    seen = _own(actor, "pk")
    for scope in scopes:
        held = Membership.objects.filter(organisation__path__startswith=scope)
        seen |= Q(organisation__path__startswith=scope) | Q(pk__in=held.values("account_id"))
    return seen


def is_guest(actor: Actor, account: Account) -> bool:
    """Whether the actor knows the account only by the roles that it holds in the actor's part."""
    home = account.organisation
    own = account_id(actor) == account.pk
    return not own and not actor.has(Role.ADMINISTRATOR, home.path if home else "")


def tokens_visible_to(actor: Actor) -> Q:
    """The tokens the actor may see, as a predicate on `Token`."""
    if "" in actor.scopes(Role.ADMINISTRATOR):
        return Q()
    seen = _own(actor, "account_id")
    for scope in actor.scopes(Role.ADMINISTRATOR):
        seen |= Q(account__organisation__path__startswith=scope)
    return seen


def account_id(actor: Actor) -> int | None:
    """The account behind a person's or a token's actor."""
    kind, _, number = actor.key.partition(":")
    return int(number) if kind == "user" and number.isdigit() else None


def require_administrator(actor: Actor, path: str, name: Text | None = None) -> None:
    """Raise unless the actor administers the organisation at ``path`` and may write."""
    require_scope(actor, "write")
    if not actor.has(Role.ADMINISTRATOR, path):
        raise NotAdministrator(scope=name or WHOLE_ZONE)


def require_scope(actor: Actor, scope: str) -> None:
    """Raise unless the credential in use allows ``scope``."""
    if not actor.may_use(scope):
        raise ScopeMissing(expected=scope)


def _own(actor: Actor, field: str) -> Q:
    number = account_id(actor)
    return Q(**{field: number}) if number is not None else Q(pk__in=[])
