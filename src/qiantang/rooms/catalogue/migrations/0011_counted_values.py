"""Provider, licence and keywords of every entry in the index, so that search counts them."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from qiantang.rooms.catalogue.keeping import keywords_kept, licence_kept, provider_kept

AT_ONCE = 500
READ = (
    *("provider_code", "provider_zh", "provider_en", "licence_zh", "licence_en"),
    *("keywords_zh", "keywords_en"),
)
WRITTEN = ["provider", "licence", "keywords"]


def fill(apps: Any, schema_editor: Any) -> None:
    index = apps.get_model("catalogue", "EntryIndex")
    rows = index.objects.select_related("resource").only(
        *WRITTEN, *(f"resource__{name}" for name in READ)
    )
    part: list[Any] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        row.provider = provider_kept(row.resource)
        row.licence = licence_kept(row.resource)
        row.keywords = keywords_kept(row.resource)
        part.append(row)
        if len(part) == AT_ONCE:
            index.objects.bulk_update(part, WRITTEN)
            part = []
    index.objects.bulk_update(part, WRITTEN)


def nothing(apps: Any, schema_editor: Any) -> None:
    """The columns go."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_owner_of_versions")]

    operations = [
        *(
            migrations.AddField(
                model_name="entryindex",
                name=name,
                field=models.TextField(blank=True, default=""),
            )
            for name in WRITTEN
        ),
        migrations.RunPython(fill, nothing),
    ]
