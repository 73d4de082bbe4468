"""Triggers that refuse changes to audit entries, whoever asks the database."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = {
    "journal_entry_no_update": """
        CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_auditentry
        BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END
    """,
    "journal_entry_no_delete": """
        CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_auditentry
        BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END
    """,
}
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION journal_entry_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'journal entries are append-only' USING ERRCODE = '23514'; END $$
"""
POSTGRESQL = """
    CREATE TRIGGER journal_entry_fixed BEFORE UPDATE OR DELETE ON journal_auditentry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_fixed()
"""


def put_up(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
            cursor.execute(POSTGRESQL)
        elif schema_editor.connection.vendor == "sqlite":
            for statement in SQLITE.values():
                cursor.execute(statement)


def take_down(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS journal_entry_fixed ON journal_auditentry")
            cursor.execute("DROP FUNCTION IF EXISTS journal_entry_fixed()")
        elif schema_editor.connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
