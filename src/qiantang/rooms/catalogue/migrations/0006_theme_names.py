"""An upstream's names of its own concepts, so that they are handed on with them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_by_upstream_id")]

    operations = [
        migrations.AddField(
            model_name="informationresource",
            name="theme_names",
            field=models.JSONField(default=dict),
        ),
    ]
