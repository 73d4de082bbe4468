"""`datastore_search`: its arguments, and a table's fields as the datastore names them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qiantang.standards.errors import ArgumentWrong

FORMS: Final = ("objects", "lists", "csv", "tsv")
"""In which forms the records of an answer may be asked for; the last two have no header."""
ID: Final = "_id"
"""The row's place in the table as it is stored, from 1."""
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
    any of which will do; ``columns`` is empty for all; ``q`` are words that stand anywhere in a
    row, ``words`` those that stand in a field; ``form`` is one of `FORMS`."""

    resource: str
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    q: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int = 100
    offset: int = 0
    total: bool = True
    distinct: bool = False
    form: str = "objects"


def parse_datastore(given: Mapping[str, Any]) -> DatastoreQuery:
    """The arguments of an action, texts from an address or values from JSON.

    Raises `ArgumentWrong`."""
    resource = str(given.get("resource_id") or given.get("id") or "")
    if not resource:
        raise ArgumentWrong(parameter="resource_id", found="", expected="id")
    form = given.get("records_format") or FORMS[0]
    if form not in FORMS:
        expected = ", ".join(FORMS)
        raise ArgumentWrong(parameter="records_format", found=str(form)[:40], expected=expected)
    q, words = _words(given.get("q") or "")
    return DatastoreQuery(
        resource=resource,
        filters=_filters(given.get("filters")),
        q=q,
        words=words,
        columns=_names(given.get("fields")),
        sort=tuple(_order(each) for each in _names(given.get("sort"))),
        limit=min(_whole(given, "limit", 100), LIMIT),
        offset=_whole(given, "offset", 0),
        total=_yes(given.get("include_total", True)),
        distinct=_yes(given.get("distinct", False)),
        form=form,
    )


def datastore_fields(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields' ids, types and titles. A column's ``stored`` is its type in the datastore where
    that is known better than by its declared ``type``."""
    found: list[dict[str, Any]] = []
    for column in columns:
        if column["id"] == ID:
            found.append({"id": ID, "type": "int"})
            continue
        name = column.get("name") or {}
        found.append(
            {
                "id": column["id"],
                "type": column.get("stored") or _TYPES.get(str(column.get("type", "")), "text"),
                "info": {
                    "label": name.get("zh", column["id"]),
                    "label_en": name.get("en", ""),
                    "notes": str(column.get("unit") or ""),
                },
            }
        )
    return found


def records_in(form: str, records: Sequence[Mapping[str, Any]]) -> list[Any] | str:
    """Records in one of `FORMS`."""
    if form == "objects":
        return list(records)
    lists = [list(record.values()) for record in records]
    if form == "lists":
        return lists
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerows([_cell(value) for value in each] for each in lists)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _words(given: Any) -> tuple[str, dict[str, str]]:
    """Words for the whole row, or for fields by name (a mapping, or one written as JSON)."""
    said = given
    if isinstance(said, str) and said.lstrip().startswith("{"):
        try:
            said = json.loads(said)
        except (ValueError, RecursionError):
            said = None
    if isinstance(said, str):
        return said.strip(), {}
    if not isinstance(said, dict) or not all(isinstance(v, str) for v in said.values()):
        expected = 'text, {"field": "text"}'
        raise ArgumentWrong(parameter="q", found=str(given)[:80], expected=expected)
    return "", {str(name): value.strip() for name, value in said.items()}


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
