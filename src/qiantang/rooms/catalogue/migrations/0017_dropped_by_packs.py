"""An entry that its pack withdrew is told apart from one that a person withdrew.

Of those withdrawn before, nobody can say which they are; they stay withdrawn until restored.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0016_words_of_offers")]

    operations = [
        migrations.AddField(
            model_name="informationresource",
            name="dropped",
            field=models.BooleanField(default=False),
        ),
    ]
