"""Who may know of waivers, and who grants them.

The registry is public. A waiver is known to whoever may know of its resource. It is granted by an
administrator of an organisation above the resource's keeper: nobody excuses himself.
"""

from __future__ import annotations

from qiantang.kernel.actors import Actor, Role


def may_waive(actor: Actor, owner_path: str) -> bool:
    """Whether the actor administers an organisation strictly above the keeper."""
    if not actor.may_use("write"):
        return False
    above = (scope for scope in actor.scopes(Role.ADMINISTRATOR) if owner_path.startswith(scope))
    return any(scope != owner_path for scope in above)
