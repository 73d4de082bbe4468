"""Which run was the first not to meet an entry."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harvest", "0002_failures")]

    operations = [
        migrations.AddField("sighting", "missed", models.BigIntegerField(null=True, blank=True)),
    ]
