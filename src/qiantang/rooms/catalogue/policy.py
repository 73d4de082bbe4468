"""Who may know of an information resource, and who may change its standing.

A published resource that may be shared (at once or on conditions) is known to everyone. A
withheld one, and one that is still a draft, is known to people of the owner's organisation and to
the administrators and auditors above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Sharing
from qiantang.rooms.catalogue.models import InformationResource

Status = InformationResource.Status


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer with its ground; true when allowed."""

    allowed: bool
    text: Text

    def __bool__(self) -> bool:
        return self.allowed


def visible_to(actor: Actor) -> Q:
    """The resources the actor may know of, as a predicate on `InformationResource`."""
    if not actor.may_use("read"):
        return Q(pk__in=[])
    seen = ~Q(status=Status.DRAFT) & ~Q(sharing=Sharing.WITHHELD)
    if actor.path:
        seen |= Q(owner_path=actor.path)
    for scope in _watched(actor):
        seen |= Q(owner_path__startswith=scope)
    return seen


def why(actor: Actor, verb: str, resource: InformationResource) -> Reason:
    """Whether the actor may ``see``, ``publish`` or ``retire`` the resource, and why."""
    if verb == "see":
        return _why_see(actor, resource)
    if not actor.may_use("write"):
        return Reason(False, Text(zh="此令牌只能读取。", en="This token may only read."))
    if actor.has(Role.ADMINISTRATOR, resource.owner_path):
        text = Text(
            zh="您是其所属机构的管理员。", en="You administer the organisation it belongs to."
        )
        return Reason(True, text)
    text = Text(
        zh="只有所属机构的管理员可以操作。",
        en="Only administrators of its organisation may do this.",
    )
    return Reason(False, text)


def _why_see(actor: Actor, resource: InformationResource) -> Reason:
    public = resource.status != Status.DRAFT and resource.sharing != Sharing.WITHHELD
    if not actor.may_use("read"):
        return Reason(False, Text(zh="此令牌不能读取。", en="This token may not read."))
    if public:
        return Reason(True, Text(zh="目录信息公开。", en="Its entry is public."))
    if actor.path and actor.path == resource.owner_path:
        return Reason(True, Text(zh="属于您所在的机构。", en="It belongs to your organisation."))
    if any(resource.owner_path.startswith(scope) for scope in _watched(actor)):
        return Reason(True, Text(zh="属于您管理的范围。", en="It is within what you look after."))
    text = Text(
        zh="不予共享或尚未发布，仅所属机构可见。",
        en="It is withheld or not yet published, and shown to its organisation only.",
    )
    return Reason(False, text)


def _watched(actor: Actor) -> tuple[str, ...]:
    return actor.scopes(Role.ADMINISTRATOR) + actor.scopes(Role.AUDITOR)
