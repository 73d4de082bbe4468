"""The file formats of every entry in the index, so that search can narrow by them."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from qiantang.rooms.catalogue.forms import forms_of, written

AT_ONCE = 500


def fill(apps: Any, schema_editor: Any) -> None:
    index = apps.get_model("catalogue", "EntryIndex")
    rows = index.objects.select_related("resource").only(
        "forms",
        *(f"resource__{name}" for name in ("pack", "open", "origin", "fields", "distributions")),
    )
    part: list[Any] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        row.forms = written(forms_of(row.resource))
        part.append(row)
        if len(part) == AT_ONCE:
            index.objects.bulk_update(part, ["forms"])
            part = []
    index.objects.bulk_update(part, ["forms"])


def nothing(apps: Any, schema_editor: Any) -> None:
    """The column goes."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_by_provider")]

    operations = [
        migrations.AddField(
            model_name="entryindex",
            name="forms",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.RunPython(fill, nothing),
    ]
