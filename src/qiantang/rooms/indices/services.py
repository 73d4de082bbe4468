"""The room's verbs: plan an edition, publish it, discard it.

An edition is frozen when it is planned: figures, recipe and results do not change between what an
approver looked at and what goes out. Its bundle is on disk before the row is committed.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from qiantang.engine.index.bundle import About, Contents, survey, write
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indices import making, policy, storing
from qiantang.rooms.indices.declaring import owner_of, owner_path
from qiantang.rooms.indices.errors import (
    AlreadyDecided,
    AlreadyPlanned,
    EditionUnknown,
    FourEyes,
    NotApprover,
    NotYourIndex,
    TextMissing,
)
from qiantang.rooms.indices.events import EditionDiscarded, EditionPlanned, EditionPublished
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.shapes import EditionView, Made
from qiantang.rooms.indices.views import edition_view
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

LONGEST_TITLE = 300
LONGEST_NOTE = 4000


def plan_edition(
    actor: Actor,
    index: str,
    *,
    title: Text,
    note: str = "",
    as_of: date | None = None,
    corrects: int | None = None,
    reason: str = "",
) -> EditionView:
    """Freeze the index of the present figures (or of those known on a past day) for an approver to
    look at. ``corrects``: the published edition that this one corrects, with the ``reason``.

    Raises `IndexUnknown`, `NotYourIndex`, `TextMissing`, `EditionUnknown`, `AlreadyPlanned`,
    `NoFigures`, the engine's errors, `DiskFull`, `StoreBusy`."""
    declared = shelf.composite_index(index)
    path = owner_path(declared)
    if not policy.may_plan(actor, path):
        raise NotYourIndex(found=index, owner=owner_of(declared))
    named, told, why = _texts(title, note, reason, corrects)
    _refuse_second(index)
    if corrects is not None:
        _published(index, corrects)
    day = _day(as_of)
    made = making.present(actor, declared, day, past=as_of is not None)
    ways = survey(made.data, made.structure, made.tables, made.index)
    with storage(), transaction.atomic():
        row = Edition(
            index=index, number=_next_number(index), title_zh=named.zh, title_en=named.en,
            note=told, as_of=day, dated=as_of is not None, organisation=path, corrects=corrects,
            reason=why, prepared_by=actor.key, prepared_name=actor.name.as_dict(),
            prepared_at=timezone.now(),
        )  # fmt: skip
        _freeze(row, made, ways)
        detail = {"title": named.as_dict(), "as_of": day.isoformat(), "digest": row.digest,
                  "corrects": corrects, "reason": why}  # fmt: skip
        record(actor, "indices.edition_planned", f"edition:{index}/{row.number}", detail)
        emit(EditionPlanned(index, row.number, actor.key))
    return edition_view(row, actor)


def publish_edition(actor: Actor, index: str, number: int) -> EditionView:
    """Give a planned edition to the public. Raises `IndexUnknown`, `EditionUnknown`, `NotApprover`,
    `FourEyes`, `AlreadyDecided`, `BundleLost`."""
    with storage(), transaction.atomic():
        row = _to_decide(actor, index, number)
        if row.prepared_by == actor.key:
            raise FourEyes()
        storing.bytes_of(row.file, row.digest, row.number)
        _decide(row, actor, Edition.State.PUBLISHED, "")
        detail = {"digest": row.digest, "prepared_by": row.prepared_by, "corrects": row.corrects}
        record(actor, "indices.edition_published", f"edition:{index}/{number}", detail)
        emit(EditionPublished(index, number, actor.key, row.corrects))
    return edition_view(row, actor)


def discard_edition(actor: Actor, index: str, number: int, reason: str = "") -> EditionView:
    """Give up a planned edition: its preparer or an approver. The bundle stays, to be read by those
    who may. Raises `IndexUnknown`, `EditionUnknown`, `NotApprover`, `AlreadyDecided`."""
    with storage(), transaction.atomic():
        row = _to_decide(actor, index, number, own=True)
        _decide(row, actor, Edition.State.DISCARDED, _cut("reason", reason, LONGEST_NOTE))
        detail = {"reason": row.decision}
        record(actor, "indices.edition_discarded", f"edition:{index}/{number}", detail)
        emit(EditionDiscarded(index, number, actor.key))
    return edition_view(row, actor)


def _texts(title: Text, note: str, reason: str, corrects: int | None) -> tuple[Text, str, str]:
    named = Text(*(_cut("title", text, LONGEST_TITLE) for text in (title.zh, title.en)))
    if not named.zh or not named.en:
        said = Text("中文和英文标题都要填写。", "A title in Chinese and one in English.")
        raise TextMissing(field=Text("标题", "title"), expected=said)
    why = _cut("reason", reason, LONGEST_NOTE)
    if corrects is not None and not why:
        said = Text("说明更正了什么、为什么。", "Say what is corrected and why.")
        raise TextMissing(field=Text("更正理由", "reason of the correction"), expected=said)
    return named, _cut("note", note, LONGEST_NOTE), why


def _day(as_of: date | None) -> date:
    """Nobody knows yet what will be known on a day to come."""
    today = timezone.localdate()
    if as_of is not None and as_of > today:
        said = Text(f"不晚于 {today}。", f"Not after {today}.")
        raise TextMissing(field=Text("不晚于今天的日期", "day that has come"), expected=said)
    return as_of or today


def _cut(field: str, text: str, limit: int) -> str:
    plain = "".join(ch for ch in text if ch.isprintable() or ch in "\n\t").strip()
    if len(plain) > limit:
        said = Text(f"最多 {limit} 个字符。", f"At most {limit} characters.")
        raise TextMissing(field=Text(field, field), expected=said)
    return plain


def _refuse_second(index: str) -> None:
    standing = Edition.objects.filter(index=index, state=Edition.State.PLANNED).first()
    if standing is not None:
        raise AlreadyPlanned(index=index, found=standing.number)


def _published(index: str, number: int) -> None:
    known = Edition.objects.filter(index=index, number=number, state=Edition.State.PUBLISHED)
    if not known.exists():
        raise EditionUnknown(index=index, found=number)


def _next_number(index: str) -> int:
    last = Edition.objects.filter(index=index).order_by("-number").first()
    return last.number + 1 if last else 1


def _freeze(row: Edition, made: Made, ways: dict[str, object] | None) -> None:
    """Write the bundle, then the row; of two that plan at once the database lets one through."""
    key = storing.signer()
    about = About(
        index=row.index, edition=row.number, title=Text(row.title_zh, row.title_en),
        as_of=row.as_of.isoformat(), made_at=row.prepared_at.isoformat(timespec="seconds"),
        name=made.declared.name, publisher=people.organisation(owner_of(made.declared)).name,
        note=row.note, corrects=row.corrects, reason=row.reason,
    )  # fmt: skip
    contents = Contents(
        about, made.data, made.structure, made.tables, made.index, made.names, made.unit_names,
        made.origins, made.gaps, ways,
    )  # fmt: skip
    raw = write(contents, key)
    row.digest, row.size = storing.digest_of(raw), len(raw)
    row.fingerprint = key.public.fingerprint
    row.file = storing.keep(row.index, row.number, raw)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyPlanned(index=row.index, found=row.number) from error


def _to_decide(actor: Actor, index: str, number: int, *, own: bool = False) -> Edition:
    """The planned edition, held for the decision; ``own``: its preparer may decide too."""
    shelf.composite_index(index)
    rows = Edition.objects.select_for_update().filter(policy.visible_to(actor), index=index)
    row = rows.filter(number=number).first() if 0 < number < 2**31 else None
    if row is None:
        raise EditionUnknown(index=index, found=number)
    preparer = own and row.prepared_by == actor.key and actor.may_use("write")
    if not policy.may_decide(actor, row.organisation) and not preparer:
        raise NotApprover(found=row.organisation)
    if row.state != Edition.State.PLANNED:
        raise AlreadyDecided(found=number, state=row.state)
    return row


def _decide(row: Edition, actor: Actor, state: Edition.State, reason: str) -> None:
    row.state, row.decision = state, reason
    row.decided_by, row.decided_name = actor.key, actor.name.as_dict()
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "decision", "decided_by", "decided_name", "decided_at"])
