"""Opening a zone for work in this process: settings, Django, and an up-to-date database."""

from __future__ import annotations

import os

import django

from qiantang.site.errors import DatabaseNewer
from qiantang.site.zone import Zone


def setup(zone: Zone, *, migrate: bool = True) -> None:
    """Make Django ready for ``zone`` and apply what migrations are missing. Safe to repeat.

    Raises `DatabaseNewer` when the database was brought further by a later version.
    """
    os.environ["QIANTANG_ZONE"] = str(zone.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")
    django.setup()
    if migrate:
        bring_up_to_date()


def bring_up_to_date() -> None:
    """Apply missing migrations, if any."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations))
    if unknown:
        raise DatabaseNewer(found=", ".join(".".join(name) for name in unknown))
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
