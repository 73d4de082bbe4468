"""Declared checks that are a select over resources: run on what the lake holds afterwards.

Such a check returns the rows that fail, with the grain of its resource among the columns; the
rows become problems like any other. They warn or show what to set right, for the rows are in the
lake already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from qiantang.engine.quality.problem_rows import Problem
from qiantang.engine.quality.rulebook import check_rule, fill
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Resource

Ask = Callable[[str, tuple[str, ...]], pa.Table]
"""Runs a select over resources (names as the SQL says them) and gives its rows: the caller maps
the names to tables and keeps to the guarded language (`engine.sql.check_sql`)."""
MOST_PROBLEMS: Final = 1_000


@dataclass(frozen=True, slots=True)
class SqlFinding:
    """What one check found: ``failed`` rows in all, each counted once however often the select
    gives it; the first of them as problems, with their ``keys``."""

    check: Check
    failed: int
    problems: tuple[Problem, ...]
    keys: tuple[str, ...] = ()


def sql_checks(
    resource: Resource, ask: Ask, *, checks: Sequence[Check] | None = None
) -> tuple[SqlFinding, ...]:
    """Run the resource's SQL checks (or ``checks``); those that found nothing are there too."""
    chosen = [check for check in checks or resource.checks if check.sql]
    return tuple(_found(resource, check, ask) for check in chosen)


def _found(resource: Resource, check: Check, ask: Ask) -> SqlFinding:
    rows = _once(resource, ask(check.sql, check.resources))
    first = rows.slice(0, MOST_PROBLEMS).to_pylist()
    keys = tuple(_key(resource, _known(row)) for row in first)
    return SqlFinding(check, rows.num_rows, tuple(_problems(resource, check, first)), keys)


def _once(resource: Resource, rows: pa.Table) -> pa.Table:
    """Each failing row once: a join may give it many times."""
    names = {name.lower(): name for name in rows.column_names}
    grain = [names[name.lower()] for name in resource.grain if name.lower() in names]
    if not grain or len(grain) < len(resource.grain) or not rows.num_rows:
        return rows
    at = pa.array(range(rows.num_rows), pa.int64())
    numbered = rows.select(grain).append_column("__at", at)
    first = numbered.group_by(grain, use_threads=False).aggregate([("__at", "min")])
    return rows.take(first["__at_min"].combine_chunks().sort())


def _known(row: dict[str, Any]) -> dict[str, Any]:
    # DuckDB keeps the case in which the select names its columns.
    return {name.lower(): value for name, value in row.items()}


def _key(resource: Resource, known: dict[str, Any]) -> str:
    return " | ".join(str(known.get(name.lower(), "")) for name in resource.grain)


def _problems(
    resource: Resource, check: Check, rows: Sequence[dict[str, Any]]
) -> Iterator[Problem]:
    rule = check_rule(check, "sql_check")
    for row in rows:
        known = _known(row)
        key = _key(resource, known)
        said = {"found": Text(key, key)}
        shown = known.get(rule.field.lower()) if rule.field else key
        yield Problem(
            sheet="",
            row=int(known.get("_row") or 0),
            column=rule.field,
            field=rule.field,
            value="" if shown is None else str(shown),
            code=rule.code,
            rule=rule.id,
            dimension=rule.dimension.value,
            severity=rule.severity.value,
            text=fill(rule.text, said),
            hint=fill(rule.hint, said),
        )
