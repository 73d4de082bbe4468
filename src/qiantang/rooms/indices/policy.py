"""Who may see and do what with editions.

Published editions are everybody's. Planned and discarded ones, present figures and differences
are for officers, approvers, administrators and auditors of the owner's organisation or one above.
"""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.indices.models import Edition

_INSIDE = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> Q:
    """The editions that the actor may know of."""
    seen = Q(state=Edition.State.PUBLISHED)
    if actor.is_anonymous or not actor.may_use("read"):
        return seen
    for role in _INSIDE:
        for scope in actor.scopes(role):
            seen |= Q(organisation__startswith=scope) if scope else Q(pk__isnull=False)
    return seen


def sees_inside(actor: Actor, path: str) -> bool:
    """Whether the actor may see what is not published: present figures, plans, differences."""
    return actor.may_use("read") and any(actor.has(role, path) for role in _INSIDE)


def may_plan(actor: Actor, path: str) -> bool:
    """An officer or approver of the owner; the machine alone publishes nothing."""
    return actor.may_use("write") and (
        actor.has(Role.OFFICER, path) or actor.has(Role.APPROVER, path)
    )


def may_decide(actor: Actor, path: str) -> bool:
    """An approver whose scope covers the owner."""
    return actor.may_use("write") and actor.has(Role.APPROVER, path)


def why(actor: Actor, prepared_by: str, path: str) -> Text:
    """Why the actor may or may not publish a planned edition."""
    if not may_decide(actor, path):
        return Text("您不是主管部门的审核员。", "You are not an approver of its department.")
    if actor.key == prepared_by:
        return Text("编制人不能发布自己编制的版次。", "You prepared it; another person decides.")
    return Text("您是主管部门的审核员。", "You are an approver of its department.")
