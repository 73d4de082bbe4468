"""Which columns of which tables each result column of a measure comes from."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as trace

from qiantang.engine.measures.errors import MeasureRefused
from qiantang.engine.sql.checking import DIALECT, Tables, parse

Source = tuple[str, str]


def lineage(sql: str, tables: Tables) -> Mapping[str, tuple[Source, ...]]:
    """Result column -> the (table, column) pairs that its values are made of, sorted.

    A constant or ``count(*)`` has none. Columns that only filter or join are not part of it.
    Raises `MeasureRefused`.
    """
    tree, problems = parse(sql, tables)
    if tree is None:
        raise MeasureRefused(tuple(problems))
    schema = {name: dict(columns) for name, columns in tables.items()}
    roots = trace(None, tree.copy(), schema=schema, dialect=DIALECT)
    return {name: _leaves(root) for name, root in roots.items()}


def _leaves(root: Node) -> tuple[Source, ...]:
    found: set[Source] = set()
    for node in root.walk():
        if isinstance(node.expression, exp.Table) and not node.downstream:
            found.add((node.expression.name, node.name.rsplit(".", 1)[-1].strip('"')))
    return tuple(sorted(found))
