"""Deliveries of divisions are noted for each division; what the zone's entry had of a division's
copy was never its own."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_NOTED = ("run", "arrived_at", "grade", "quality")


def part(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("catalogue", "InformationResource")
    arrivals = apps.get_model("catalogue", "DivisionArrival")
    copies = entries.objects.filter(origin="", pk__contains="@").exclude(run="")
    for copy in copies.exclude(arrived_at=None):
        noted = {name: getattr(copy, name) for name in _NOTED}
        division = copy.pk.rpartition("@")[2]
        arrivals.objects.create(declared=copy.declared, division=division, **noted)
        entries.objects.filter(pk=copy.declared, run=copy.run).update(
            run="", arrived_at=None, grade="", quality={}, due_on=None, rows=None
        )
    # They counted the rows of all divisions.
    copies.update(rows=None)


def nothing(apps: Any, schema_editor: Any) -> None:
    """The table goes."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0014_tombstones")]

    operations = [
        migrations.CreateModel(
            name='DivisionArrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared', models.CharField(max_length=160)),
                ('division', models.CharField(max_length=6)),
                ('run', models.CharField(max_length=60)),
                ('arrived_at', models.DateTimeField()),
                ('grade', models.CharField(blank=True, max_length=20)),
                ('quality', models.JSONField(default=dict)),
                ('rows', models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['declared', 'division'],
                'constraints': [models.UniqueConstraint(fields=('declared', 'division'), name='catalogue_arrival_once')],
            },
        ),
        migrations.RunPython(part, nothing),
    ]
