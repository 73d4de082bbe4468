"""An index for a department's page: the entries it provides, here and on other platforms."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_theme_names")]

    operations = [
        migrations.AddIndex(
            model_name="informationresource",
            index=models.Index(fields=["provider_code"], name="catalogue_by_provider"),
        ),
    ]
