"""Whoever changes the journal behind its back is found out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.journal.chain import ChainBreak
from qiantang.rooms.journal.migrations import __name__ as migrations_name
from qiantang.rooms.journal.models import AuditEntry, ChainHead
from qiantang.rooms.journal.services import record, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(db: None) -> None:
    with transaction.atomic():
        for number in range(1, 6):
            record(SYSTEM, "test.done", f"thing:{number}", {"number": number, "名": "值"})


@pytest.fixture
def open_table(chain: None) -> Iterator[None]:
    """The table as somebody with the database's own powers sees it: without triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_auditentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS journal_entry_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS journal_entry_no_delete")
    return


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_chain_is_whole(chain: None) -> None:
    assert verify() == []


def test_an_empty_chain_is_whole() -> None:
    assert verify() == []


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'test.undone'",
        "subject = 'thing:99'",
        "actor = 'user:1'",
        "path = '/330000/'",
        "token = 'abc'",
        "at = '2020-01-01 00:00:00+00:00'",
        "previous = digest",
    ],
)
def test_an_altered_entry_is_found(open_table: None, change: str) -> None:
    _sql(f"UPDATE journal_auditentry SET {change} WHERE seq = 3")
    assert verify() == [ChainBreak(3, "altered")]


def test_an_altered_detail_is_found(open_table: None) -> None:
    _sql("UPDATE journal_auditentry SET detail = '{\"number\": 4}' WHERE seq = 3")
    assert verify() == [ChainBreak(3, "altered")]


def test_an_entry_deleted_from_the_middle_is_found(open_table: None) -> None:
    _sql("DELETE FROM journal_auditentry WHERE seq = 3")
    assert verify() == [ChainBreak(3, "missing")]


def test_entries_deleted_from_the_end_are_found(open_table: None) -> None:
    _sql("DELETE FROM journal_auditentry WHERE seq >= 4")
    assert verify() == [ChainBreak(4, "missing"), ChainBreak(5, "missing")]


def test_the_whole_journal_deleted_is_found(open_table: None) -> None:
    _sql("DELETE FROM journal_auditentry")
    assert [each.kind for each in verify()] == ["missing"] * 5


def test_an_inserted_entry_is_found(open_table: None) -> None:
    columns = "at, actor, path, token, verb, subject, detail, previous, digest"
    _sql(
        f"INSERT INTO journal_auditentry (seq, {columns}) "
        f"SELECT 6, {columns} FROM journal_auditentry WHERE seq = 5"
    )
    assert verify() == [ChainBreak(6, "inserted")]


def test_an_entry_rewritten_with_a_right_digest_breaks_the_next(open_table: None) -> None:
    from qiantang.rooms.journal.chain import digest
    from qiantang.rooms.journal.services import _signed

    row = AuditEntry.objects.get(seq=3)
    row.verb = "test.undone"
    _sql(
        "UPDATE journal_auditentry SET verb = 'test.undone', "
        f"digest = '{digest(_signed(row))}' WHERE seq = 3"
    )
    assert verify() == [ChainBreak(4, "inserted")]


def test_a_head_moved_back_is_found(open_table: None) -> None:
    ChainHead.objects.update(seq=4, digest=AuditEntry.objects.get(seq=4).digest)
    assert verify() == [ChainBreak(5, "inserted")]


def test_a_head_with_another_digest_is_found(open_table: None) -> None:
    ChainHead.objects.update(digest="f" * 64)
    assert verify() == [ChainBreak(5, "head")]


def test_breaks_speak_both_languages(open_table: None) -> None:
    _sql("DELETE FROM journal_auditentry WHERE seq = 2")
    text = verify()[0].text
    assert "2" in text.zh
    assert "2" in text.en
    assert text.zh != text.en


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_auditentry SET verb = 'x' WHERE seq = 2",
        "DELETE FROM journal_auditentry WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_changes(chain: None, statement: str) -> None:
    _triggers_up()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql(statement)
    assert verify() == []


def _triggers_up() -> None:
    """Tests run without SQLite's delete trigger (see conftest); this one brings it back."""
    from importlib import import_module

    if connection.vendor == "sqlite":
        created = import_module(f"{migrations_name}.0002_append_only").SQLITE
        _sql("DROP TRIGGER IF EXISTS journal_entry_no_update")
        for statement in created.values():
            _sql(statement)
