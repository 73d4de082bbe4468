"""Versions say whose they were."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_settled_conflicts")]

    operations = [
        migrations.AddField(
            model_name="resourceversion",
            name="owner",
            field=models.JSONField(default=dict),
        ),
    ]
