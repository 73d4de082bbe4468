"""The words of entries: an FTS5 table on SQLite, tsvectors with a GIN index on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE catalogue_text USING fts5("
    "name, keywords, body, items, tokenize = 'unicode61 remove_diacritics 0')",
)
POSTGRESQL = (
    "CREATE TABLE catalogue_text (key bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX catalogue_text_words ON catalogue_text USING gin (words)",
)


def put_up(apps: Any, schema_editor: Any) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def take_down(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS catalogue_text")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_entries")]
    operations = [migrations.RunPython(put_up, take_down)]
