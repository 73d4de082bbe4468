"""`datastore_search`: its arguments, and a table's fields as the datastore names them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qiantang.standards.errors import ArgumentWrong

LIMIT: Final = 32_000
"""CKAN's own ceiling for the rows of one answer."""
_TYPES: Final = {
    "text": "text",
    "integer": "int8",
    "number": "float8",
    "decimal": "numeric",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}


@dataclass(frozen=True, slots=True)
class DatastoreQuery:
    """What rows are wanted. ``sort`` holds (field, falling) pairs; ``filters`` a field's values,
    any of which will do; ``columns`` is empty for all."""

    resource: str
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    q: str = ""
    columns: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int = 100
    offset: int = 0
    total: bool = True
    distinct: bool = False


def parse_datastore(given: Mapping[str, Any]) -> DatastoreQuery:
    """The arguments of an action, texts from an address or values from JSON.

    Raises `ArgumentWrong`."""
    resource = str(given.get("resource_id") or given.get("id") or "")
    if not resource:
        raise ArgumentWrong(parameter="resource_id", found="", expected="id")
    q = given.get("q") or ""
    if not isinstance(q, str) or q.lstrip().startswith("{"):
        raise ArgumentWrong(parameter="q", found=str(q)[:80], expected="text")
    return DatastoreQuery(
        resource=resource,
        filters=_filters(given.get("filters")),
        q=q.strip(),
        columns=_names(given.get("fields")),
        sort=tuple(_order(each) for each in _names(given.get("sort"))),
        limit=min(_whole(given, "limit", 100), LIMIT),
        offset=_whole(given, "offset", 0),
        total=_yes(given.get("include_total", True)),
        distinct=_yes(given.get("distinct", False)),
    )


def datastore_fields(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields' ids, types and titles; ``_id`` is the number of the row in the answer's order."""
    found: list[dict[str, Any]] = [{"id": "_id", "type": "int"}]
    for column in columns:
        name = column.get("name") or {}
        found.append(
            {
                "id": column["id"],
                "type": _TYPES.get(str(column.get("type", "")), "text"),
                "info": {
                    "label": name.get("zh", column["id"]),
                    "label_en": name.get("en", ""),
                    "notes": str(column.get("unit") or ""),
                },
            }
        )
    return found


def _filters(given: Any) -> dict[str, tuple[Any, ...]]:
    if not given:
        return {}
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            given = None
    if not isinstance(given, dict):
        raise ArgumentWrong(parameter="filters", found="", expected='{"field": value}')
    return {
        str(key): tuple(value) if isinstance(value, list) else (value,)
        for key, value in given.items()
    }


def _names(given: Any) -> tuple[str, ...]:
    if not given:
        return ()
    parts = given if isinstance(given, list) else str(given).split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _order(said: str) -> tuple[str, bool]:
    name, _, way = said.partition(" ")
    way = way.replace("nulls last", "").replace("nulls first", "").strip().lower()
    if way not in {"", "asc", "desc"}:
        raise ArgumentWrong(parameter="sort", found=said, expected="field asc|desc")
    return name.strip('"'), way == "desc"


def _whole(given: Mapping[str, Any], name: str, standard: int) -> int:
    said = given.get(name, standard)
    text = str(said)
    if isinstance(said, bool) or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ArgumentWrong(parameter=name, found=text[:40], expected="0, 1, 2 ...")
    return int(text)


def _yes(said: Any) -> bool:
    return str(said).strip().lower() not in {"false", "0", "no", "off", ""}
