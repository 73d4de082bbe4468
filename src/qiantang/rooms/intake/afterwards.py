"""The declared checks of severity "warn" that are a select, run on what the lake holds after a
delivery, on the engine that settings and size choose.

Their findings warn: the rows are in the lake already, and what is wrong often lies between two
deliveries. They stand in the run's verdict under ``sql``, after those of `beforehand`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qiantang.kernel.errors import QiantangError
from qiantang.packkit.compiled import Check, Resource, Severity
from qiantang.packkit.readers.measures import sql_name
from qiantang.rooms.intake.counting import count, keyed, of_this
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.compute import Given

SHOWN = 20


def check_afterwards(run: Run, resource: Resource) -> list[dict[str, Any]]:
    """What each check found: its id, names, how many rows fail, the first of their keys; or why it
    could not be run. Each counts in the verdict of the run, which is not saved here."""
    late = [c for c in resource.checks if c.sql and c.severity is Severity.WARN]
    return [_checked(check, resource, run) for check in late]


def _checked(check: Check, resource: Resource, run: Run) -> dict[str, Any]:
    from qiantang.engine.compute import open_engine
    from qiantang.engine.quality.sql_checks import sql_checks

    names = {"id": check.id, "name": check.name.as_dict(), "severity": check.severity.value}
    answered: list[pa.Table] = []

    def ask(sql: str, tables: tuple[str, ...]) -> pa.Table:
        known = {sql_name(r, resource.pack): id for id, r in shelf.resources().items()}
        given = {name: _planned(known[name], run) for name in tables}
        with open_engine(given, tasks.engine_settings(), sql=sql) as engine:
            answered.append(engine.query(sql))
            return answered[-1]

    try:
        found = sql_checks(resource, ask, checks=[check])[0]
        _count(run, resource, check, answered[-1])
    except (QiantangError, KeyError) as error:
        return {**names, "failed": None, "error": str(error)[:300]}
    # Where each division keeps its own, the keys may be those of another's rows.
    keys = [] if resource.per_division else list(found.keys[:SHOWN])
    return {**names, "failed": found.failed, "keys": keys}


def _count(run: Run, resource: Resource, check: Check, failing: pa.Table) -> None:
    """Of the rows that fail, those of this delivery count."""
    if not resource.grain:
        return
    ours = of_this(run, resource, keyed(failing, resource)).height if failing.num_rows else 0
    count(run, check, run.accepted, ours)


def _planned(id: str, run: Run) -> Given:
    """The delivered resource in the version that the run made, others as they are; with the
    columns of the lake's own, by which a check may tell rows."""
    if not tasks.is_delivered(id):
        return tasks.given(id)
    return shelf.lake().files(id, run.snapshot if id == run.resource else None)
