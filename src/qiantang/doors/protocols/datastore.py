"""`datastore_search` and `datastore_info`: rows of open resources, as CKAN's clients ask."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from qiantang.doors.protocols.calls import Actions, Call
from qiantang.doors.protocols.errors import NoOpenData
from qiantang.doors.protocols.filtering import equal, told
from qiantang.doors.protocols.tables import OpenTable, open_table, quoted
from qiantang.doors.protocols.words import holding
from qiantang.kernel.digits import digits
from qiantang.standards import ckan
from qiantang.standards.ckan.tables import ID
from qiantang.standards.errors import ArgumentWrong


@dataclass(frozen=True, slots=True)
class Written:
    """A result whose ``records`` are JSON already."""

    result: dict[str, Any]
    records: str


def datastore_search(call: Call) -> dict[str, Any] | Written:
    query = ckan.parse_datastore(call.given)
    table = table_of(call, query.resource)
    columns = _columns(table, query)
    records, total = _quickly(table, query, columns) or _from_table(table, query, columns)
    kept = {ID: {"id": ID}, **{str(c["id"]): c for c in table.columns}}
    answer: dict[str, Any] = {
        "resource_id": query.resource,
        "fields": ckan.datastore_fields([kept[c] for c in columns]),
        "records_format": query.form,
        "limit": query.limit,
        "offset": query.offset,
        "_links": _links(call, query),
    }
    if query.total:
        answer |= {"total": total, "total_was_estimated": False}
    if isinstance(records, str) and query.form == "objects":
        return Written(answer, records)
    plain = json.loads(records) if isinstance(records, str) else records
    return {**answer, "records": ckan.records_in(query.form, plain)}


def _quickly(
    table: OpenTable, query: ckan.DatastoreQuery, columns: tuple[str, ...]
) -> tuple[str, int] | None:
    """Records as JSON and the number of all from the snapshot's look-up file; None where it cannot
    say."""
    in_place = all(each.field == ID and not each.falls for each in query.sort)
    if not in_place or query.sought or query.distinct:
        return None
    if any(None in values for values in query.filters.values()):
        return None
    kinds = kinds_of(table)
    filters = {
        name: [told(v, kinds[name]) for v in values] for name, values in query.filters.items()
    }
    found = table.lookup(columns, filters)
    if found is None:
        return None
    try:
        return found.records(
            columns, filters, limit=query.limit, offset=query.offset, count=query.total
        )
    except (sqlite3.Error, FileNotFoundError):
        # A newer snapshot's file has taken its place in this moment.
        return None


def _from_table(
    table: OpenTable, query: ckan.DatastoreQuery, columns: tuple[str, ...]
) -> tuple[list[dict[str, Any]], int]:
    """The same from the table itself, whatever is asked. Rows that the order leaves equal stay in
    their places, so that pages do not overlap."""
    where, params = _where(table, query)
    picked = ", ".join(quoted(c) for c in columns)
    order = [_ordered(each) for each in query.sort]
    if query.distinct:
        _among("sort", (each.field for each in query.sort), columns)
        body, last = f"DISTINCT {picked} FROM ({placed(table)}){where}", columns
    else:
        body, last = f"{picked} FROM ({placed(table)}){where}", (ID,) if order else ()
    order += [quoted(c) for c in last]
    sql = f"SELECT {body}" + (f" ORDER BY {', '.join(order)}" if order else "")
    found = table.query(f"{sql} LIMIT {query.limit} OFFSET {query.offset}", params)
    rows = [plain(row) for row in found.to_pylist()]
    if not query.total:
        return rows, -1
    with_places = query.distinct or ID in query.filters
    without = f"SELECT 1 FROM ({table.visible()}){where}"  # noqa: S608
    counting = f"SELECT {body}" if with_places else without
    counted = table.query(f"SELECT count(*) AS n FROM ({counting})", params)  # noqa: S608
    return rows, counted.column("n")[0].as_py()


def placed(table: OpenTable) -> str:
    """The visible rows with their places. Without an order of its own DuckDB numbers rows as they
    are stored, while they stream by."""
    return f'SELECT row_number() OVER () AS "{ID}", * FROM ({table.visible()})'  # noqa: S608


def datastore_info(call: Call) -> dict[str, Any]:
    """The fields of a table and how many rows it has. How much room it takes is not told: rows of
    several entries may lie in one table."""
    resource = ckan.resource_of(call.given)
    table = table_of(call, resource)
    counted = table.query(f"SELECT count(*) AS n FROM ({table.visible()})")  # noqa: S608
    fields = ckan.datastore_fields(table.columns)
    return {
        "meta": {
            "id": resource,
            "table_type": "BASE TABLE",
            "count": counted.column("n")[0].as_py(),
            "aliases": [],
        },
        "fields": [
            {**field, "schema": ckan.field_schema(field, column)}
            for field, column in zip(fields, table.columns, strict=True)
        ],
    }


ACTIONS: Final[Actions] = {
    "datastore_search": (
        datastore_search,
        "Rows; resource_id, filters, q, full_text, plain, fields, sort, limit, offset, distinct, "
        "include_total, records_format. "
        "查询数据行。",
    ),
    "datastore_info": (datastore_info, "What a table holds; resource_id, id. 数据表说明。"),
}


def table_of(call: Call, resource: str) -> OpenTable:
    """The open table of a resource's id, which names the entry and the form of its rows; the
    entry's own id means the same. Raises `NoOpenData`."""
    entry, mark, form = ckan.id_of(resource).partition("#")
    if mark and form != ckan.TABLE:
        raise NoOpenData(found=resource)
    return open_table(call.actor, entry)


def _columns(table: OpenTable, query: ckan.DatastoreQuery) -> tuple[str, ...]:
    """The fields that are asked for, each once; all of them and the row's place without a wish."""
    known = (ID, *table.ids)
    _among("fields", query.columns, known)
    _among("filters", query.filters, known)
    _among("sort", (each.field for each in query.sort), known)
    _among("q", (name for name, _ in query.sought if name), known)
    return tuple(dict.fromkeys(query.columns)) or known


def _among(parameter: str, names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            expected = ", ".join(known)
            raise ArgumentWrong(parameter=parameter, found=name[:80], expected=expected)


def _ordered(by: ckan.Order) -> str:
    way, nulls = "DESC" if by.falls else "ASC", "FIRST" if by.empty_first else "LAST"
    return f"{quoted(by.field)} {way} NULLS {nulls}"


def _where(table: OpenTable, query: ckan.DatastoreQuery) -> tuple[str, list[object]]:
    parts: list[str] = []
    params: list[object] = []
    kinds = kinds_of(table)
    for name, values in query.filters.items():
        said, more = equal(name, kinds[name], values)
        parts.append(said)
        params += more
    for name, sought in query.sought:
        said, more = holding(sought, (name,) if name else table.ids)
        parts.append(said)
        params += more
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), params


def kinds_of(table: OpenTable) -> dict[str, str]:
    return {ID: "integer", **{str(c["id"]): str(c.get("type", "text")) for c in table.columns}}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return digits(value)
        case float() if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124
            return None
        case bytes():
            return value.hex()
        case list():
            return [_value(each) for each in value]
        case dict():
            return plain(value)
    return value


def _links(call: Call, query: ckan.DatastoreQuery) -> dict[str, str]:
    """The same question for the first and the next page."""
    given = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in call.given.items()
        if name != "offset"
    }
    base = f"/api/3/action/datastore_search?{urlencode({**given, 'limit': query.limit})}"
    return {"start": base, "next": f"{base}&offset={query.offset + query.limit}"}
