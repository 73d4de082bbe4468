"""Who looks after the lake: administrators of the whole zone. Its auditors may look on."""

from __future__ import annotations

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import SignInRequired
from qiantang.kernel.text import Text
from qiantang.rooms.upkeep.errors import NotTender


def visible_to(actor: Actor) -> Q:
    """The runs that the actor may read, as a predicate on `TendRun`."""
    return Q() if may_look(actor) else Q(pk__in=[])


def may_look(actor: Actor) -> bool:
    """Whether the actor may see the lake's tables, whatever is in them."""
    looks = actor.has(Role.ADMINISTRATOR, "") or actor.has(Role.AUDITOR, "")
    return looks and actor.may_use("read")


def may_tend(actor: Actor) -> bool:
    """Whether the actor may have tables tended."""
    return actor.has(Role.ADMINISTRATOR, "") and actor.may_use("write")


def require_looker(actor: Actor) -> None:
    """Raise `SignInRequired` or `NotTender` unless the actor may look."""
    if actor.is_anonymous:
        raise SignInRequired
    if not may_look(actor):
        raise NotTender


def require_tender(actor: Actor) -> None:
    """Raise `SignInRequired` or `NotTender` unless the actor may tend."""
    if actor.is_anonymous:
        raise SignInRequired
    if not may_tend(actor):
        raise NotTender


def why(actor: Actor) -> Text:
    """What the page says about what is shown."""
    if may_tend(actor):
        return Text(zh="您负责全区数据湖。", en="You look after the zone's lake.")
    if may_look(actor):
        return Text(zh="您可查看，不可操作。", en="You may look, not act.")
    return Text(zh="只有全区管理员可以查看。", en="Only administrators of the zone see this.")
