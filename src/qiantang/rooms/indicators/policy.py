"""Who may see and do what with submissions and overrules; published figures are everybody's."""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text

_SEEING = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> Q:
    """Submissions of the organisations in which the actor holds any role, and the actor's own."""
    if actor.is_anonymous or not actor.may_use("read"):
        return Q(pk__in=[])
    seen = Q(submitted_by=actor.key)
    for role in _SEEING:
        for scope in actor.scopes(role):
            seen |= Q(organisation__startswith=scope) if scope else Q(pk__isnull=False)
    return seen


def may_submit(actor: Actor, path: str) -> bool:
    """An officer of the organisation at ``path``."""
    return actor.may_use("write") and actor.has(Role.OFFICER, path)


def may_decide(actor: Actor, path: str) -> bool:
    """An approver whose scope covers the organisation at ``path``."""
    return actor.may_use("write") and actor.has(Role.APPROVER, path)


def may_overrule(actor: Actor, path: str) -> bool:
    """An approver or administrator of the target's owner."""
    return (
        actor.may_use("write")
        and not actor.is_system
        and (actor.has(Role.APPROVER, path) or actor.has(Role.ADMINISTRATOR, path))
    )


def may_reassess(actor: Actor) -> bool:
    """The system itself, or an administrator of the whole zone or of any government in it."""
    return actor.is_system or (actor.may_use("write") and bool(actor.scopes(Role.ADMINISTRATOR)))


def why(actor: Actor, submitted_by: str, path: str) -> Text:
    """Why the actor may or may not decide a submission."""
    if not may_decide(actor, path):
        return Text("您不是责任机构的审核员。", "You are not an approver of this organisation.")
    if actor.key == submitted_by:
        return Text("报送人不能审核自己的报送。", "You submitted this; another person decides.")
    return Text("您是责任机构的审核员。", "You are an approver of this organisation.")
