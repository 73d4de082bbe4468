"""How often in a row an upstream could not be harvested, since when and why."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harvest", "0001_initial")]

    operations = [
        migrations.AddField("upstream", "tried_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("upstream", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "upstream", "error_zh", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "upstream", "error_en", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
