"""Who may change the shelf: administrators of the whole zone. What stands on it is public."""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.shelf.errors import NotKeeper


def require_keeper(actor: Actor) -> None:
    """Raise unless the actor may install packs and override norms."""
    if not (actor.has(Role.ADMINISTRATOR, "") and actor.may_use("write")):
        raise NotKeeper


def visible_to(actor: Actor) -> Q:
    """Installed packs are public: the method of a judgement can be read by everyone."""
    return Q()
