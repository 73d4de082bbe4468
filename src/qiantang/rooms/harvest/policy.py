"""Who may look after upstreams: administrators of the organisation that answers for them here.

Auditors see them too. To everybody else they do not exist; where an entry came from is told by the
catalogue with the entry itself.
"""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role


def visible_to(actor: Actor) -> Q:
    """The upstreams the actor may know of."""
    if not actor.may_use("read"):
        return Q(pk__in=[])
    scopes = {*actor.scopes(Role.ADMINISTRATOR), *actor.scopes(Role.AUDITOR)}
    seen = Q(pk__in=[])
    for scope in sorted(scopes):
        seen |= Q(owner_path__startswith=scope)
    return seen


def keeps(actor: Actor, path: str) -> bool:
    """Whether the actor may add, change and harvest an upstream of the organisation at ``path``."""
    return actor.may_use("write") and actor.has(Role.ADMINISTRATOR, path)


def whole_zone(actor: Actor) -> bool:
    """Whether the actor may let an upstream lie in the own network."""
    return keeps(actor, "")
