"""An index for what a page of a harvest asks: who has these identifiers already."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_first_versions")]

    operations = [
        migrations.AddIndex(
            model_name="informationresource",
            index=models.Index(fields=["upstream_id"], name="catalogue_by_upstream_id"),
        ),
    ]
