"""The declared checks that are a select, run on what the lake holds after a delivery.

Their findings warn: the rows are in the lake already, and what is wrong often lies between two
deliveries. They stand in the run's verdict under ``sql``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiantang.kernel.errors import QiantangError
from qiantang.packkit.compiled import Check, Resource
from qiantang.packkit.readers.measures import sql_name
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.quality.sql_checks import SqlFinding

SHOWN = 20


def check_afterwards(run: Run, resource: Resource) -> list[dict[str, Any]]:
    """What each check found: its id, names, how many rows fail, the first of their keys; or why it
    could not be run."""
    return [_checked(check, resource, run) for check in resource.checks if check.sql]


def _checked(check: Check, resource: Resource, run: Run) -> dict[str, Any]:
    from qiantang.engine.quality.sql_checks import sql_checks

    names = {"id": check.id, "name": check.name.as_dict(), "severity": check.severity.value}

    def ask(sql: str, tables: tuple[str, ...]) -> pa.Table:
        known = {sql_name(r, resource.pack): id for id, r in shelf.resources().items()}
        given = {name: known[name] for name in tables}
        return shelf.lake().query(sql, given, at=run.snapshot if len(given) == 1 else None)

    try:
        found = sql_checks(resource, ask, checks=[check])[0]
    except (QiantangError, KeyError) as error:
        return {**names, "failed": None, "error": str(error)[:300]}
    return {**names, "failed": found.failed, "keys": _keys(found)}


def _keys(found: SqlFinding) -> list[str]:
    return [problem.value for problem in found.problems[:SHOWN]]
