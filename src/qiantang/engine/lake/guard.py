"""What `Lake.query` lets through: one select over the declared tables and nothing else.

DuckDB's own parser says what the text is; every table leaf must be a declared name or a CTE, and
the only table functions are those that make rows out of values. So a query can reach exactly the
planned files. Requesters' SQL goes through engine/measures, which is stricter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, Final

import duckdb

from qiantang.engine.lake.errors import QueryInvalid

VALUES_FUNCTIONS: Final = frozenset({"unnest", "generate_series", "range"})
_REFUSED_LEAVES: Final = frozenset({"SHOW_REF", "TABLE_FUNCTION_REF", "COLUMN_DATA"})


def check_select(connection: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> None:
    """Raise `QueryInvalid` unless ``sql`` is one select over ``tables``."""
    cursor = connection.cursor()
    try:
        text = cursor.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0]
    finally:
        cursor.close()
    tree = json.loads(text)
    if tree.get("error"):
        raise QueryInvalid(found=str(tree.get("error_message", ""))[:200])
    if len(tree["statements"]) != 1:
        raise QueryInvalid(found=f"{len(tree['statements'])} statements")
    known = {t.lower() for t in tables} | {c.lower() for c in _ctes(tree)}
    for node in _nodes(tree):
        _check_leaf(node, known)


def _check_leaf(node: dict[str, Any], known: set[str]) -> None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        plain = not node.get("schema_name") and not node.get("catalog_name")
        if not plain or node["table_name"].lower() not in known:
            raise QueryInvalid(found=f'table "{node["table_name"]}"')
    elif kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "?")
        if name not in VALUES_FUNCTIONS:
            raise QueryInvalid(found=f"{name}()")
    elif isinstance(kind, str) and kind in _REFUSED_LEAVES:
        raise QueryInvalid(found=str(kind))


def _ctes(tree: object) -> Iterator[str]:
    for node in _nodes(tree):
        ctes = node.get("cte_map")
        if isinstance(ctes, dict):
            yield from (entry["key"] for entry in ctes.get("map", ()))
        if node.get("type") == "RECURSIVE_CTE_NODE":
            yield node.get("cte_name", "")


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    pending = [tree]
    while pending:
        at = pending.pop()
        if isinstance(at, dict):
            yield at
            pending.extend(at.values())
        elif isinstance(at, list):
            pending.extend(at)
