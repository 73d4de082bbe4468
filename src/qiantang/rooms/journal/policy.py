"""Who may read which journal entries.

Administrators and auditors read what people of their organisations did; everyone signed in reads
their own acts; the public reads nothing.
"""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text


def visible_to(actor: Actor) -> Q:
    """The entries the actor may read, as a predicate on `AuditEntry`."""
    if actor.is_anonymous or not actor.may_use("read"):
        return Q(pk__in=[])
    seen = Q(actor=actor.key)
    for scope in _scopes(actor):
        seen |= Q(path__startswith=scope)
    return seen


def sees_everything(actor: Actor) -> bool:
    """Whether the actor looks after the whole zone (the outbox belongs to nobody smaller)."""
    return "" in _scopes(actor)


def why(actor: Actor) -> Text:
    """What the journal page says about the entries shown."""
    if actor.is_anonymous:
        return Text(zh="登录后可查看审计日志。", en="Sign in to read the journal.")
    if _scopes(actor):
        return Text(
            zh="您可查看本人及所管理机构人员的操作。",
            en="You see your own acts and those of the organisations you look after.",
        )
    return Text(zh="您可查看本人的操作。", en="You see your own acts.")


def _scopes(actor: Actor) -> tuple[str, ...]:
    return actor.scopes(Role.ADMINISTRATOR) + actor.scopes(Role.AUDITOR)
