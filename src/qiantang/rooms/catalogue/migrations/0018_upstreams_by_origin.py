"""Entries of one upstream are found by an index: SQLite uses none with a condition for a value that
is handed over beside the statement."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0017_dropped_by_packs")]

    operations = [
        migrations.AddIndex(
            model_name="informationresource",
            index=models.Index(fields=["origin", "upstream_id"], name="catalogue_by_origin"),
        ),
    ]
