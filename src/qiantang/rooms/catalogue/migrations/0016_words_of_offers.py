"""An offer keeps its words: why it was made, and why it was declined."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0015_arrivals_of_divisions")]

    operations = [
        migrations.AddField(
            model_name="informationresource",
            name="offer",
            field=models.JSONField(default=dict),
        ),
    ]
