"""Rules over several fields of a row, asked of the row as an update leaves it.

Where a file lacks columns, what it says of a row is not the whole row: a condition that needs the
rest is asked once the table's values are beside the file's (`kept_columns`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl
import pyarrow as pa

from qiantang.engine.quality.agreements import disagreements
from qiantang.engine.quality.conditions import Conditions
from qiantang.engine.quality.rulebook import Rule, check_rule, field_rule
from qiantang.engine.quality.schema import precision_column
from qiantang.packkit.compiled import Check, Field, Resource, Severity
from qiantang.packkit.conditions import look_at_condition


def conditions_on(resource: Resource, fields: Collection[str]) -> tuple[Check, ...]:
    """The conditions of severity set-aside that use any of these fields."""
    known = {field.lower() for field in fields}
    return tuple(
        check
        for check in resource.checks
        if check.holds
        and check.severity is Severity.SET_ASIDE
        and known.intersection(name.lower() for name in look_at_condition(check.holds).columns)
    )


def failing_keys(
    rows: Iterable[pa.RecordBatch], resource: Resource, fields: Collection[str]
) -> list[tuple[Rule, pl.DataFrame]]:
    """Each rule that uses any of these fields and fails, with the keys of the rows that fail it;
    what would be right stands beside them (``expected``, ``expected_en``) where it is known.
    Required ones among the fields must have a value in the whole row.

    ``rows`` are read only where there is such a rule.
    """
    checks, needed = conditions_on(resource, fields), _required(resource, fields)
    if not checks and not needed and not _agreeing(resource, fields):
        return []
    conditions, key = Conditions(resource, checks), list(resource.grain)
    found: dict[str, tuple[Rule, list[pl.DataFrame]]] = {}
    for batch in rows:
        frame = pl.from_arrow(pa.Table.from_batches([batch]))
        assert isinstance(frame, pl.DataFrame)
        for field in needed:
            rule = field_rule(field, "required_new")
            keys = frame.filter(pl.col(field.id).is_null()).select(key)
            if keys.height:
                found.setdefault(rule.id, (rule, []))[1].append(keys)
        for check, at in conditions.failing(frame):
            rule = check_rule(check)
            found.setdefault(rule.id, (rule, []))[1].append(frame[at].select(key))
        beside = {f.id: c for f in resource.fields if (c := precision_column(f))}
        precision = {field: frame[companion] for field, companion in beside.items()}
        for each in disagreements(resource, frame, precision):
            rule = field_rule(each.field, "disagrees", each.source)
            right = {"expected": each.expected, "expected_en": each.expected_en}
            keys = frame[each.rows].select(key).with_columns(**right)
            found.setdefault(rule.id, (rule, []))[1].append(keys)
    return [(rule, pl.concat(frames)) for rule, frames in found.values()]


def _required(resource: Resource, fields: Collection[str]) -> list[Field]:
    """Those that must have a value; the key always comes with the file."""
    known = set(fields) - set(resource.grain)
    return [field for field in resource.fields if field.required and field.id in known]


def _agreeing(resource: Resource, fields: Collection[str]) -> bool:
    """Whether one of these fields must agree with an identifier, or is one."""
    return any(
        source.agrees
        and (source.id in fields or not set(fields).isdisjoint(source.agrees.values()))
        for source in resource.fields
    )
