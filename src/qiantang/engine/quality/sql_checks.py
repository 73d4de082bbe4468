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
    """What one check found: ``failed`` rows in all, the first of them as problems."""

    check: Check
    failed: int
    problems: tuple[Problem, ...]


def sql_checks(
    resource: Resource, ask: Ask, *, checks: Sequence[Check] | None = None
) -> tuple[SqlFinding, ...]:
    """Run the resource's SQL checks (or ``checks``); those that found nothing are there too."""
    chosen = [check for check in checks or resource.checks if check.sql]
    return tuple(_found(resource, check, ask) for check in chosen)


def _found(resource: Resource, check: Check, ask: Ask) -> SqlFinding:
    rows = ask(check.sql, check.resources)
    problems = tuple(_problems(resource, check, rows.slice(0, MOST_PROBLEMS).to_pylist()))
    return SqlFinding(check, rows.num_rows, problems)


def _problems(
    resource: Resource, check: Check, rows: Sequence[dict[str, Any]]
) -> Iterator[Problem]:
    rule = check_rule(check, "sql_check")
    for row in rows:
        # DuckDB keeps the case in which the select names its columns.
        known = {name.lower(): value for name, value in row.items()}
        key = " | ".join(str(known.get(name.lower(), "")) for name in resource.grain)
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
