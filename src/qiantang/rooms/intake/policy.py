"""Who may see, send and decide deliveries.

A run is known to officers, approvers, administrators and auditors of its organisation or of one
above it. Officers send; approvers decide, never on what they sent themselves. The rows of a run
hold raw data: the catalogue says who reads their values (`catalogue.selectors.sees_values`);
administrators and auditors above see counts, codes and rules.
"""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text

_SEEING = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> Q:
    """The runs, sources and recipes the actor may know of, by their ``owner_path``."""
    if actor.is_system:
        return Q()
    if actor.is_anonymous or not actor.may_use("read"):
        return Q(pk__in=[])
    seen = Q(pk__in=[])
    for role in _SEEING:
        for scope in actor.scopes(role):
            seen |= Q(owner_path__startswith=scope) if scope else Q(pk__isnull=False)
    return seen


def may_deliver(actor: Actor, path: str) -> bool:
    """An officer of the organisation at ``path`` (or the system, for its sources)."""
    return actor.is_system or (actor.may_use("write") and actor.has(Role.OFFICER, path))


def sends_files(actor: Actor) -> bool:
    """Whether the actor may deliver anything at all: what is asked before a file is read."""
    return actor.is_system or (actor.may_use("write") and bool(actor.scopes(Role.OFFICER)))


def may_decide(actor: Actor, path: str) -> bool:
    """An approver whose scope covers the organisation at ``path``."""
    return actor.may_use("write") and not actor.is_system and actor.has(Role.APPROVER, path)


def may_cancel(actor: Actor, path: str) -> bool:
    """Those who may deliver or decide."""
    return may_deliver(actor, path) or may_decide(actor, path)


def may_keep_source(actor: Actor, path: str) -> bool:
    """Administrators of the organisation, and its officers."""
    if actor.is_system:
        return True
    return actor.may_use("write") and (
        actor.has(Role.ADMINISTRATOR, path) or actor.has(Role.OFFICER, path)
    )


def why(actor: Actor, sent_by: str, path: str) -> Text:
    """Why the actor may or may not decide on a run."""
    if not may_decide(actor, path):
        return Text(
            "您不是资源所属机构的审核员。",
            "You are not an approver of the resource's organisation.",
        )
    if actor.key == sent_by:
        return Text("交付人不能审定自己的交付。", "You delivered this; another person decides.")
    return Text("您是资源所属机构的审核员。", "You are an approver of the resource's organisation.")
