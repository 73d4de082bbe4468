"""News that stayed behind is delivered by the server's own rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from qiantang.rooms.journal import outbox, selectors
from qiantang.rooms.people.events import AccountCreated
from qiantang.site import rounds


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    monkeypatch.setattr(outbox, "_REACTIONS", {})
    monkeypatch.setattr(outbox, "_BY_EVENT", {})
    monkeypatch.setattr(outbox, "_deliver_after_commit", lambda: None)
    # The test's own transaction lives on the connection that a round would renew.
    monkeypatch.setattr(rounds, "close_old_connections", lambda: None)
    seen: list[object] = []
    outbox.on(AccountCreated)(seen.append)
    return seen


@pytest.mark.django_db
def test_a_round_delivers_what_a_dead_process_left(heard: list[object]) -> None:
    with transaction.atomic():
        outbox.emit(AccountCreated("user:1"))
    assert selectors.waiting() == 1
    assert rounds.make_round() == 1
    assert heard == [AccountCreated("user:1")]
    assert selectors.waiting() == 0


@pytest.mark.django_db
def test_a_fault_is_left_to_the_next_round(
    heard: list[object], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def away() -> int:
        raise DatabaseError("gone")

    closed: list[bool] = []
    real: Callable[[], int] = rounds.deliver_pending
    monkeypatch.setattr(rounds.connection, "close", lambda: closed.append(True))
    monkeypatch.setattr(rounds, "deliver_pending", away)
    assert rounds.make_round() == 0
    assert "gone" in caplog.text
    assert closed, "the next round begins with a new connection"
    monkeypatch.setattr(rounds, "deliver_pending", real)
    with transaction.atomic():
        outbox.emit(AccountCreated("user:2"))
    assert rounds.make_round() == 1
