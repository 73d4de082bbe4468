"""The journal's verbs: record an act, give news, deliver it, and verify the chain.

``record`` and ``emit`` work only inside the caller's transaction: the change, its entry and its
news stand or fall together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.journal.chain import FIRST, ChainBreak, digest
from qiantang.rooms.journal.errors import OutsideTransaction, SecretInDetail
from qiantang.rooms.journal.models import AuditEntry, ChainHead
from qiantang.rooms.journal.outbox import deliver_pending, emit, on

__all__ = ["deliver_pending", "emit", "on", "record", "verify"]

_SECRET_WORDS: Final = (
    "password",
    "passwd",
    "secret",
    "token",
    "cookie",
    "session",
    "phone",
    "mobile",
    "email",
    "resident_id",
    "id_card",
    "口令",
    "密码",
    "令牌",
    "身份证",
    "手机",
)
_SIGNED: Final = ("seq", "at", "actor", "path", "token", "verb", "subject", "detail", "previous")


def record(actor: Actor, verb: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
    """Append one entry to the chain, inside the caller's transaction.

    ``verb`` is ``room.past_participle`` (``people.role_granted``), ``subject`` is ``noun:id``,
    ``detail`` plain JSON values. Raises `OutsideTransaction` and `SecretInDetail`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(found=verb)
    plain = dict(detail or {})
    _refuse_secrets(plain)
    head = _locked_head()
    entry = AuditEntry(
        seq=head.seq + 1,
        at=datetime.now(UTC),
        actor=actor.key,
        path=actor.path,
        token=actor.token,
        verb=verb,
        subject=subject,
        detail=plain,
        previous=head.digest or FIRST,
    )
    entry.digest = digest(_signed(entry))
    entry.save()
    ChainHead.objects.filter(pk=head.pk).update(seq=entry.seq, digest=entry.digest)


def verify() -> list[ChainBreak]:
    """Recompute the whole chain and list every break; empty means that it is whole."""
    with transaction.atomic():
        head = ChainHead.objects.filter(pk=1).first() or ChainHead()
        return list(_breaks(head))


def _breaks(head: ChainHead) -> Iterator[ChainBreak]:
    seq, before = 0, FIRST
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=1000):
        if entry.seq > head.seq or entry.seq < 1:
            yield ChainBreak(entry.seq, "inserted")
            continue
        gap = range(seq + 1, entry.seq)
        yield from (ChainBreak(lost, "missing") for lost in gap)
        if digest(_signed(entry)) != entry.digest:
            yield ChainBreak(entry.seq, "altered")
        elif not gap and entry.previous != before:
            yield ChainBreak(entry.seq, "inserted")
        seq, before = entry.seq, entry.digest
    yield from (ChainBreak(lost, "missing") for lost in range(seq + 1, head.seq + 1))
    if seq == head.seq and before != (head.digest or FIRST):
        yield ChainBreak(seq, "head")


def _signed(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _SIGNED}


def _locked_head() -> ChainHead:
    """The head row, held until the transaction ends, so that writers queue behind it."""
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def _refuse_secrets(value: object, name: str = "") -> None:
    lowered = name.lower()
    if any(word in lowered for word in _SECRET_WORDS):
        raise SecretInDetail(found=name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_secrets(inner, str(key))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_secrets(inner)
