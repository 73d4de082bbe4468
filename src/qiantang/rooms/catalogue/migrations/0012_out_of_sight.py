"""Entries know since when everybody lost sight of them; of those from before, versions tell."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_WITHHELD = "withheld"
_KNOWN = ("published", "retired")


def note_sight(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("catalogue", "InformationResource")
    known = entries.objects.filter(status__in=_KNOWN)
    known.exclude(sharing=_WITHHELD).update(public=True, shown_division=models.F("division"))
    versions = apps.get_model("catalogue", "ResourceVersion")
    for row in known.filter(sharing=_WITHHELD):
        said = versions.objects.filter(resource=row, number__isnull=False).order_by("-number")
        hidden_at = None
        for version in said.iterator():
            if version.content.get("sharing") != _WITHHELD:
                row.hidden_at = hidden_at or row.changed_at
                row.shown_division = version.content.get("division") or row.division
                row.save(update_fields=["hidden_at", "shown_division"])
                break
            hidden_at = version.decided_at


def nothing(apps: Any, schema_editor: Any) -> None:
    """The columns go."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_counted_values")]

    operations = [
        migrations.AddField("informationresource", "public", models.BooleanField(default=False)),
        migrations.AddField(
            "informationresource", "hidden_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "informationresource",
            "shown_division",
            models.CharField(blank=True, default="", max_length=6),
            preserve_default=False,
        ),
        migrations.RunPython(note_sight, nothing),
    ]
