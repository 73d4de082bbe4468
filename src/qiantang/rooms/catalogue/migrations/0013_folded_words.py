"""Words and plain names of every entry anew: simplified characters, the code of the division."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from qiantang.rooms.catalogue import texts
from qiantang.rooms.catalogue.indexing import plain_name, sections_of

AT_ONCE = 500


def write_anew(apps: Any, schema_editor: Any) -> None:
    index = apps.get_model("catalogue", "EntryIndex").objects
    entries = apps.get_model("catalogue", "InformationResource").objects
    rows = index.select_related("resource").order_by("key")
    last = 0
    while part := list(rows.filter(key__gt=last)[:AT_ONCE]):
        texts.put(texts.Words(row.key, sections_of(row.resource)) for row in part)
        renamed = []
        for entry in (row.resource for row in part):
            plain = plain_name(entry.name_zh)
            if plain != entry.name_plain:
                entry.name_plain = plain
                renamed.append(entry)
        entries.bulk_update(renamed, ["name_plain"])
        last = part[-1].key


def nothing(apps: Any, schema_editor: Any) -> None:
    """The words of before are written when an entry changes."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0012_out_of_sight")]

    operations = [migrations.RunPython(write_anew, nothing)]
