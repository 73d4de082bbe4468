"""Opening the zone that a command works on."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

# The site composes doors; doors do not import it. The command line is the one door that also
# starts the house, so it asks for the composition root by name, here only.
_ZONE = "qiantang.site.zone"
_BOOTSTRAP = "qiantang.site.bootstrap"


def zone_class() -> Any:
    """`qiantang.site.zone.Zone`."""
    return importlib.import_module(_ZONE).Zone


def is_zone(folder: str) -> bool:
    """Whether a zone is in the folder."""
    return (Path(folder).expanduser() / "zone.toml").is_file()


def open_zone(folder: str, *, migrate: bool = True) -> Any:
    """The zone in ``folder``, with Django ready and the database up to date."""
    zone = zone_class().open(folder)
    set_up(zone, migrate=migrate)
    return zone


def create_zone(folder: str, **fields: Any) -> Any:
    """A new zone in ``folder``, with its database."""
    zone = zone_class().create(folder, **fields)
    set_up(zone)
    return zone


def set_up(zone: Any, *, migrate: bool = True) -> None:
    importlib.import_module(_BOOTSTRAP).setup(zone, migrate=migrate)


def unapplied_migrations() -> tuple[int, bool]:
    """How many migrations wait, and whether the database knows ones that this version lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = set(executor.loader.disk_migrations)
    return len(waiting), bool(set(executor.loader.applied_migrations) - known)
