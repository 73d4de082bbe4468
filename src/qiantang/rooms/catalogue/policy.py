"""Who may know of an information resource, and who may change it.

A published resource that may be shared (at once or on conditions) is known to everyone. A
withheld one, and one that is not published yet, is known to people of the owner's organisation and
to everybody whose role covers it: who may draft, decide or audit there must see what there is. Raw
values and fields with personal data are for those who hold a role in the owner's organisation, and
for officers and approvers whose scope covers it.

Officers of the owner (or of what is above it) draft and submit; an approver or administrator who
is not the one that wrote or submitted it decides; administrators withdraw, restore and transfer.
An entry that is offered may be read by the people of the organisation it is offered to, while it
is. What was harvested belongs to its upstream: nobody edits it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from django.db.models import Q

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Sharing
from qiantang.rooms.catalogue.models import InformationResource

Status = InformationResource.Status
HIDDEN: Final = (Status.DRAFT.value, Status.REVIEW.value)
WRITERS: Final = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
EDIT: Final = frozenset({"draft", "edit", "submit", "discard"})
DECIDE: Final = frozenset({"publish", "send_back"})
KEEP: Final = frozenset({"retire", "transfer", "withdraw", "restore"})
ANSWER: Final = frozenset({"accept", "decline"})


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer with its ground; true when allowed."""

    allowed: bool
    text: Text

    def __bool__(self) -> bool:
        return self.allowed


class Kept(Protocol):
    """What decides about an entry's rows; a row of the catalogue and its view both say it."""

    @property
    def status(self) -> str: ...
    @property
    def sharing(self) -> str: ...
    @property
    def open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor may know of: what is public, if ``public``; entries of the organisation at
    ``home``; entries whose owner lies at or below one of ``watched``. Search asks this of its
    index; `visible_to` is the same as a predicate on entries."""

    public: bool
    home: str = ""
    watched: tuple[str, ...] = ()

    def sees_owner(self, path: str) -> bool:
        """Whether everything of the owner at ``path`` may be known."""
        if self.home and path == self.home:
            return True
        return any(path.startswith(scope) for scope in self.watched)


def sight_of(actor: Actor) -> Sight:
    """How far the actor sees."""
    if not actor.may_use("read"):
        return Sight(public=False)
    return Sight(public=True, home=actor.path, watched=_watched(actor))


def visible_to(actor: Actor) -> Q:
    """The resources the actor may know of, as a predicate on `InformationResource`."""
    return seen_by(sight_of(actor))


def seen_by(sight: Sight) -> Q:
    """What this sight shows, as the same predicate."""
    if not sight.public:
        return Q(pk__in=[])
    return ~Q(status__in=HIDDEN) & ~Q(sharing=Sharing.WITHHELD) | _cared_for(sight)


def read_by(sight: Sight) -> Q:
    """What may be read one by one: what this sight shows, and what was offered to it. Lists,
    counts and search stay with `seen_by`: an offer is no entry of the receiver yet."""
    if not sight.public:
        return Q(pk__in=[])
    return seen_by(sight) | _at(sight, "offered_path")


def answered_by(actor: Actor) -> Q:
    """The offers that the actor may accept or decline, as a predicate on `InformationResource`."""
    found = Q(pk__in=[])
    if not actor.may_use("read"):
        return found
    for scope in {scope for role in _roles("accept") for scope in actor.scopes(role)}:
        found |= Q(offered_path__startswith=scope)
    return found & ~Q(offered_path="")


def offers_read_by(actor: Actor) -> Q:
    """The open offers that the actor may know of, as a predicate on `InformationResource`: those of
    entries of his side, and those to it."""
    sight = sight_of(actor)
    if not sight.public:
        return Q(pk__in=[])
    return (_cared_for(sight) | _at(sight, "offered_path")) & ~Q(offered_path="")


def _cared_for(sight: Sight) -> Q:
    """Entries of the actor's own organisation, and of those that his roles cover."""
    return _at(sight, "owner_path")


def _at(sight: Sight, field: str) -> Q:
    found = Q(pk__in=[])
    if sight.home:
        found |= Q(**{field: sight.home})
    for scope in sight.watched:
        found |= Q(**{f"{field}__startswith": scope})
    return found


def is_public(resource: InformationResource) -> bool:
    """Whether everybody may know of the resource."""
    return resource.status not in HIDDEN and resource.sharing != Sharing.WITHHELD


def sees_values(actor: Actor, path: str) -> bool:
    """Whether the actor may read raw rows and fields with personal data of the owner at ``path``.

    Administrators and auditors above it look after the data without reading them."""
    if not actor.may_use("read"):
        return False
    if actor.is_system or any(actor.has(role, path) for role in (Role.OFFICER, Role.APPROVER)):
        return True
    return bool(path) and actor.path == path and any(actor.has(role, path) for role in Role)


def reads_rows(actor: Actor, entry: Kept, path: str) -> bool:
    """Whether the actor may read rows (without personal fields) of an entry whose owner is at
    ``path``; what is not published, open or shared at once is for those who look after it.

    `rows_read_by` is the same as a predicate on entries."""
    sight = sight_of(actor)
    if not sight.public:
        return False
    if path and sight.sees_owner(path):
        return True
    if actor.is_system:
        return True
    shared = entry.open or (bool(actor.organisation) and entry.sharing == Sharing.UNCONDITIONAL)
    return entry.status == Status.PUBLISHED and entry.sharing != Sharing.WITHHELD and shared


def rows_read_by(actor: Actor) -> Q:
    """Entries whose rows the actor may read, as a predicate on `InformationResource`."""
    sight = sight_of(actor)
    if not sight.public:
        return Q(pk__in=[])
    if actor.is_system:
        return ~Q(pk__in=[])
    shared = Q(open=True)
    if actor.organisation:
        shared |= Q(sharing=Sharing.UNCONDITIONAL)
    return Q(status=Status.PUBLISHED) & ~Q(sharing=Sharing.WITHHELD) & shared | _cared_for(sight)


def keeps(actor: Actor, path: str, *roles: Role) -> bool:
    """Whether the actor may write and holds one of the roles for the organisation at ``path``."""
    return actor.may_use("write") and any(actor.has(role, path) for role in roles)


def why(actor: Actor, verb: str, resource: InformationResource) -> Reason:
    """Whether the actor may ``see``, ``edit``, ``submit``, ``publish``, ``send_back``, ``discard``,
    ``retire`` (or ``withdraw``), ``restore`` or ``transfer`` the resource, ``accept`` or
    ``decline`` an offer of it, and why."""
    if verb == "see":
        return _why_see(actor, resource)
    if not actor.may_use("write"):
        return Reason(False, Text(zh="此令牌只能读取。", en="This token may only read."))
    if resource.origin and verb != "retire":
        text = Text(zh="汇聚的条目由上游维护。", en="The upstream keeps a harvested entry.")
        return Reason(False, text)
    if verb in ANSWER:
        return _why_answer(actor, resource)
    roles = _roles(verb)
    if any(actor.has(role, resource.owner_path) for role in roles):
        text = Text(
            zh="您在其所属机构负有此项职责。",
            en="It is your task in the organisation it belongs to.",
        )
        return Reason(True, text)
    return Reason(False, lacking(roles))


def _why_answer(actor: Actor, resource: InformationResource) -> Reason:
    if not resource.offered_path:
        return Reason(False, Text(zh="没有待接收的移交。", en="It is not offered to anybody."))
    roles = _roles("accept")
    if any(actor.has(role, resource.offered_path) for role in roles):
        text = Text(
            zh="您在接收机构负有此项职责。", en="It is your task in the organisation offered to."
        )
        return Reason(True, text)
    return Reason(False, lacking(roles))


def _roles(verb: str) -> tuple[Role, ...]:
    if verb in EDIT:
        return WRITERS
    decides = verb in DECIDE or verb in ANSWER
    return (Role.APPROVER, Role.ADMINISTRATOR) if decides else (Role.ADMINISTRATOR,)


def lacking(roles: tuple[Role, ...]) -> Text:
    """Whose task it is."""
    if Role.OFFICER in roles:
        return Text(
            zh="只有所属机构的数据专员、审核员和管理员可以操作。",
            en="Only officers, approvers and administrators of its organisation may do this.",
        )
    if Role.APPROVER in roles:
        return Text(
            zh="只有所属机构的审核员和管理员可以操作。",
            en="Only approvers and administrators of its organisation may do this.",
        )
    return Text(
        zh="只有所属机构的管理员可以操作。",
        en="Only administrators of its organisation may do this.",
    )


def _why_see(actor: Actor, resource: InformationResource) -> Reason:
    if not actor.may_use("read"):
        return Reason(False, Text(zh="此令牌不能读取。", en="This token may not read."))
    if is_public(resource):
        return Reason(True, Text(zh="目录信息公开。", en="Its entry is public."))
    if actor.path and actor.path == resource.owner_path:
        return Reason(True, Text(zh="属于您所在的机构。", en="It belongs to your organisation."))
    if any(resource.owner_path.startswith(scope) for scope in _watched(actor)):
        return Reason(True, Text(zh="属于您管理的范围。", en="It is within what you look after."))
    if resource.offered_path and sight_of(actor).sees_owner(resource.offered_path):
        return Reason(True, Text(zh="正在移交给您所在的机构。", en="It is offered to you."))
    text = Text(
        zh="不予共享或尚未发布，仅所属机构可见。",
        en="It is withheld or not yet published, and shown to its organisation only.",
    )
    return Reason(False, text)


def _watched(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({scope for role in Role for scope in actor.scopes(role)}))
