"""News between rooms: stored with the change that made it, delivered after, retried until done.

A room declares frozen dataclasses in its ``events.py``; a room above registers reactions with
``@on(Event)``. ``emit`` stores one item per reaction in the caller's transaction. Delivery runs
after commit, each reaction in a transaction of its own together with its tick mark, so that an
effect on the database happens exactly once. A reaction that fails keeps its item, with the error,
and is tried again later; the others are not held up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from pydantic import TypeAdapter

from qiantang.rooms.journal.errors import OutsideTransaction
from qiantang.rooms.journal.models import OutboxItem

Event = TypeVar("Event")
Reaction = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A reaction and the class of news it takes."""

    event: type[Any]
    run: Reaction


_REACTIONS: Final[dict[str, Registered]] = {}
_BY_EVENT: Final[dict[type[Any], list[str]]] = {}
_DELIVERING: Final = threading.local()
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(hours=1)
_BATCH: Final = 500


def on(event: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a reaction to a class of news; registering the same function again is harmless."""

    def register(run: Callable[[Event], None]) -> Callable[[Event], None]:
        name = f"{run.__module__}.{run.__qualname__}"
        _REACTIONS[name] = Registered(event, run)
        names = _BY_EVENT.setdefault(event, [])
        if name not in names:
            names.append(name)
        return run

    return register


def event_name(event: type[Any]) -> str:
    """``room.ClassName``, as the outbox shows it."""
    parts = event.__module__.split(".")
    room = parts[-2] if len(parts) > 1 else parts[-1]
    return f"{room}.{event.__name__}"


def emit(event: object) -> None:
    """Store news for every reaction to it, in the caller's transaction; deliver after commit."""
    kind = type(event)
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(found=event_name(kind))
    now = datetime.now(UTC)
    reactions = _BY_EVENT.get(kind, [])
    payload = TypeAdapter(kind).dump_python(event, mode="json")
    OutboxItem.objects.bulk_create(
        OutboxItem(
            event=event_name(kind),
            payload=payload,
            reaction=name,
            emitted_at=now,
            due_at=now,
            delivered_at=None if name else now,
        )
        for name in (reactions or [""])
    )
    if reactions:
        transaction.on_commit(_deliver_after_commit, robust=True)


def deliver_pending() -> int:
    """Deliver what is due, oldest first; how many reactions succeeded.

    Several deliverers may run at once: each item is claimed under a row lock (SQLite: the write
    lock), and one that is already claimed is passed over.
    """
    if getattr(_DELIVERING, "active", False):
        return 0
    _DELIVERING.active = True
    try:
        done, tried = 0, -1
        for _ in range(_BATCH):
            outcome = _deliver_next(tried)
            if outcome is None:
                break
            tried, succeeded = outcome
            done += succeeded
        return done
    finally:
        _DELIVERING.active = False


def _deliver_after_commit() -> None:
    deliver_pending()


def _deliver_next(after: int) -> tuple[int, bool] | None:
    with transaction.atomic():
        waiting = OutboxItem.objects.filter(
            delivered_at__isnull=True, due_at__lte=datetime.now(UTC), pk__gt=after
        ).order_by("pk")
        skip = connection.features.has_select_for_update_skip_locked
        item = waiting.select_for_update(skip_locked=skip).first()
        if item is None:
            return None
        error = _react(item)
        _tick(item, error)
        return item.pk, not error


def _react(item: OutboxItem) -> str:
    """Run the reaction in a savepoint; the error as text, empty when it succeeded."""
    registered = _REACTIONS.get(item.reaction)
    if registered is None:
        return f"no reaction named {item.reaction} is registered"
    try:
        with transaction.atomic():
            registered.run(TypeAdapter(registered.event).validate_python(item.payload))
    except Exception as error:  # noqa: BLE001
        # Whatever a reaction raises must not lose the news nor stop the news behind it.
        return f"{type(error).__name__}: {error}"[:2000]
    return ""


def _tick(item: OutboxItem, error: str) -> None:
    now = datetime.now(UTC)
    item.attempts += 1
    item.error = error
    if error:
        item.due_at = now + min(_FIRST_WAIT * 2 ** min(item.attempts - 1, 12), _LONGEST_WAIT)
    else:
        item.delivered_at = now
    item.save(update_fields=["attempts", "error", "due_at", "delivered_at"])
