"""What was decided of entries that contradict each other, and what is left out for it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='entryconflict',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='entryconflict',
            name='decided_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='entryconflict',
            name='decision',
            field=models.CharField(blank=True, choices=[('both', 'Both'), ('here', 'Here'), ('theirs', 'Theirs')], max_length=8),
        ),
        migrations.AddField(
            model_name='entryconflict',
            name='reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='informationresource',
            name='left_out',
            field=models.BooleanField(default=False),
        ),
    ]
