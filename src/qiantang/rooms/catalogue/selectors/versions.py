"""The versions of an entry, and what differs between two of them in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Personal, Sharing
from qiantang.packkit.personal_kinds import CLASSES
from qiantang.rooms.catalogue import cycles, policy
from qiantang.rooms.catalogue.attributes import (
    ATTRIBUTES,
    FIELD_LABELS,
    FIELD_TYPES,
    FORMATS,
    SHARE_MODES,
    SHARING,
    Attribute,
    empty_content,
    is_tombstone,
)
from qiantang.rooms.catalogue.errors import VersionUnknown
from qiantang.rooms.catalogue.indexing import CLASSES as RESOURCE_CLASSES
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.entries import visible_row, visible_rows
from qiantang.rooms.catalogue.selectors.views import Change, Difference, VersionView
from qiantang.rooms.shelf import selectors as shelf

State = ResourceVersion.State
_PUBLIC: Final = (State.PUBLISHED, State.SUPERSEDED)
_YES: Final = Text("是", "yes")
_NO: Final = Text("否", "no")
_NOTHING: Final = Text("（空）", "(nothing)")
_OWNER: Final = Text("提供方", "Provider")


def versions(actor: Actor, id: str) -> tuple[VersionView, ...]:
    """The versions of an entry, newest first. Drafts, what was in force while the entry was
    withheld or before its upstream withdrew it, and who did what are for its organisation and those
    above.
    Raises `ResourceUnknown`."""
    row = visible_row(actor, id)
    insider = _is_insider(actor, row)
    return tuple(_view(each, insider) for each in _seen_of(row, insider).order_by("-id"))


def open_version(actor: Actor, id: str) -> VersionView | None:
    """The draft, or the version in review, where there is one and the actor may see it."""
    row = _seen(actor, id).filter(state__in=(State.DRAFT, State.REVIEW)).first()
    return _view(row, insider=True) if row else None


def waiting_for(actor: Actor) -> tuple[VersionView, ...]:
    """The versions in review that the actor may decide on, the longest waiting first."""
    scopes = {*actor.scopes(Role.APPROVER), *actor.scopes(Role.ADMINISTRATOR)}
    if not scopes or not actor.may_use("read"):
        return ()
    owned = Q()
    for scope in scopes:
        owned |= Q(resource__owner_path__startswith=scope)
    rows = ResourceVersion.objects.filter(owned, state=State.REVIEW).exclude(
        resource__status=InformationResource.Status.RETIRED
    )
    rows = rows.order_by("submitted_at", "id")
    others = (row for row in rows if actor.key not in (*row.authors, row.submitted_by))
    return tuple(_view(row, insider=True) for row in others)


def sent_back(actor: Actor) -> tuple[VersionView, ...]:
    """Drafts of the actor's that a reviewer sent back and that were not submitted again, the
    longest waiting first."""
    if not actor.may_use("read"):
        return ()
    rows = ResourceVersion.objects.filter(
        resource__in=visible_rows(actor), state=State.DRAFT
    ).exclude(reason="")
    mine = (row for row in rows.order_by("decided_at", "id") if actor.key in row.authors)
    return tuple(_view(row, insider=True) for row in mine)


def difference(actor: Actor, id: str, older: int | None, newer: int | None) -> Difference:
    """What differs between two versions by number; 0 is an empty entry, None the open draft.
    Raises `ResourceUnknown`, `VersionUnknown`."""
    rows = _seen(actor, id)
    (before, was), (after, is_) = (_said(rows, id, number) for number in (older, newer))
    changes = (*_owner_changed(was, is_), *_changes(before, after))
    return Difference(id, older, newer, changes)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two contents, in words."""
    return tuple(_changes(before, after))


def _seen(actor: Actor, id: str) -> QuerySet[ResourceVersion]:
    row = visible_row(actor, id)
    return _seen_of(row, _is_insider(actor, row))


def _seen_of(row: InformationResource, insider: bool) -> QuerySet[ResourceVersion]:
    rows = ResourceVersion.objects.filter(resource=row)
    if insider:
        return rows
    if is_tombstone(row):
        return rows.none()
    return rows.filter(state__in=_PUBLIC).exclude(content__sharing=Sharing.WITHHELD.value)


def _is_insider(actor: Actor, row: InformationResource) -> bool:
    return policy.sight_of(actor).sees_owner(row.owner_path) and not actor.is_anonymous


def _said(
    rows: QuerySet[ResourceVersion], id: str, number: int | None
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Content and owner of a version."""
    if number == 0:
        blank = empty_content()
        return {**blank, "format": "", "sharing": "", "share_mode": ""}, {}
    open_ = Q(state__in=(State.DRAFT, State.REVIEW))
    found = rows.filter(Q(number=number) if number is not None else open_).first()
    if found is None:
        raise VersionUnknown(id=id, found="draft" if number is None else number)
    return found.content, found.owner


def _owner_changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Where both versions say whose they were; a draft does not."""
    if before and after and before["code"] != after["code"]:
        was, is_ = (_plain({k: each[k] for k in ("zh", "en")}) for each in (before, after))
        yield _change("owner", "", _OWNER, was, is_)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for each in ATTRIBUTES:
        old, new = before.get(each.id), after.get(each.id)
        if each.kind == "fields":
            yield from _items_changed(old or [], new or [])
        elif old != new:
            yield _change(each.id, "", each.label, said(each, old), said(each, new))


def _items_changed(
    before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]
) -> Iterator[Change]:
    old, new = ({str(item.get("id")): item for item in items} for items in (before, after))
    for id, item in old.items():
        if id not in new:
            yield _change("fields", id, _item_label(item), _item_said(item), _NOTHING)
    for id, item in new.items():
        if id not in old:
            yield _change("fields", id, _item_label(item), _NOTHING, _item_said(item))
            continue
        for name in dict.fromkeys([*old[id], *item]):
            was, is_ = old[id].get(name), item.get(name)
            if was != is_:
                what = FIELD_LABELS.get(name, Text(name, name))
                label = Text("{item}：{what}", "{item}: {what}").format(
                    item=_item_label(item), what=what
                )
                yield _change(
                    f"fields.{name}", id, label, _attribute(name, was), _attribute(name, is_)
                )
    shared = [id for id in old if id in new]
    if shared != [id for id in new if id in old]:
        order = Text("信息项顺序", "Order of items")
        was_, is__ = (_plain([id for id in items if id in shared]) for items in (old, new))
        yield _change("fields.order", "", order, was_, is__)


def _change(attribute: str, where: str, label: Text, before: Text, after: Text) -> Change:
    kind = "added" if before == _NOTHING else "removed" if after == _NOTHING else "changed"
    return Change(kind, attribute, where, label, *_told_apart(before, after))


def _told_apart(before: Text, after: Text) -> tuple[Text, Text]:
    """Where a text changed in one language only, readers of the other see that change as well."""
    if before.en == after.en:
        return Text(before.zh, before.zh), Text(after.zh, after.zh)
    if before.zh == after.zh:
        return Text(before.en, before.en), Text(after.en, after.en)
    return before, after


def said(attribute: Attribute, value: Any) -> Text:
    """A value as a person reads it."""
    if attribute.kind == "yes":
        return _YES if value else _NO
    if not value:
        return _NOTHING
    if attribute.kind == "keywords":
        zh, en = "、".join(value["zh"]), ", ".join(value["en"])
        return Text(zh or en, en or zh) if zh or en else _NOTHING
    if attribute.id == "cadence":
        return cycles.cycle_name(value)
    if attribute.id == "classes":
        return _named_classes(value)
    known = {"format": FORMATS, "share_mode": SHARE_MODES, "sharing": SHARING}.get(attribute.id)
    return known[value] if known and value in known else _plain(value)


def _named_classes(codes: Iterable[str]) -> Text:
    found = shelf.code_lists().get(RESOURCE_CLASSES)
    names = {each.code: each.name for each in found.codes} if found else {}
    told = [(code, names.get(code, Text("", ""))) for code in codes]
    return Text(
        "、".join(f"{code} {name.zh}".strip() for code, name in told),
        ", ".join(f"{code} {name.en}".strip() for code, name in told),
    )


def _plain(value: Any) -> Text:
    if isinstance(value, bool):
        return _YES if value else _NO
    if value in (None, "", [], {}):
        return _NOTHING
    if isinstance(value, Mapping):
        if set(value) <= {"zh", "en"}:
            zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
            return Text(zh or en, en or zh) if zh or en else _NOTHING
        value = [f"{k}={v}" for k, v in value.items()]
    if isinstance(value, list):
        return Text("、".join(map(str, value)), ", ".join(map(str, value)))
    return Text(str(value), str(value))


def _item_label(item: Mapping[str, Any]) -> Text:
    name = _plain(item.get("name"))
    return Text(str(item.get("id")), str(item.get("id"))) if name == _NOTHING else name


def _item_said(item: Mapping[str, Any]) -> Text:
    """Name and type, and what a reviewer has to know: whose data it is, what holds for it."""
    label = _item_label(item)
    facts = [_attribute("type", item.get("type"))]
    for name in _TELLING:
        value = item.get(name)
        if value is True:
            facts.append(FIELD_LABELS[name])
        elif name == "personal" and value not in (None, Personal.NONE.value):
            facts.append(_attribute(name, value))
        elif name != "personal" and value:
            said = _plain(value)
            what = FIELD_LABELS[name]
            facts.append(Text(f"{what.zh} {said.zh}", f"{what.en} {said.en}"))
    zh, en = "，".join(f.zh for f in facts), ", ".join(f.en for f in facts)
    return Text(f"{label.zh}（{zh}）", f"{label.en} ({en})")


_TELLING: Final = ("personal", "required", "unique", "unit", "codes", "identifier", "element")


def _attribute(name: str, value: Any) -> Text:
    """The value of an item's attribute as a person reads it."""
    if name == "type":
        return FIELD_TYPES.get(str(value), _plain(value))
    if name != "personal":
        return _plain(value)
    return next(
        (CLASSES[each] for each in Personal if each.value == (value or "none")), _plain(value)
    )


def _view(row: ResourceVersion, insider: bool) -> VersionView:
    """``insider``: with the people and their words to each other."""
    return VersionView(
        id=row.pk,
        resource=row.resource_id,
        number=row.number,
        base=row.base,
        state=row.state,
        content=row.content,
        note=row.note,
        drafted_by=row.drafted_by if insider else "",
        drafted_at=row.drafted_at,
        submitted_by=row.submitted_by if insider else "",
        submitted_at=row.submitted_at,
        decided_by=row.decided_by if insider else "",
        decided_at=row.decided_at,
        reason=row.reason if insider else "",
        owner=row.owner,
    )
