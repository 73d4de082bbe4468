"""`datastore_search` and `datastore_search_sql`: rows of open resources, as CKAN's clients ask."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.actions import Action, Call
from qiantang.doors.protocols.tables import OpenTable, open_table, quoted
from qiantang.doors.turns import turn
from qiantang.kernel.digits import digits
from qiantang.standards import ckan
from qiantang.standards.ckan.tables import LIMIT
from qiantang.standards.errors import ArgumentWrong

_DIALECT: Final = "duckdb"
_FRACTIONS: Final = ("decimal", "number")
_PLACES: Final = Decimal("1e-8")
_BEYOND: Final = Decimal("1e19")


@dataclass(frozen=True, slots=True)
class Written:
    """A result whose ``records`` are JSON already."""

    result: dict[str, Any]
    records: str


def datastore_search(call: Call) -> dict[str, Any] | Written:
    query = ckan.parse_datastore(call.given)
    table = _table(call, query.resource)
    columns = _columns(table, query)
    records, total = _quickly(table, query, columns) or _from_table(table, query, columns)
    kept = {str(c["id"]): c for c in table.columns}
    answer: dict[str, Any] = {
        "resource_id": query.resource,
        "fields": ckan.datastore_fields([kept[c] for c in columns]),
        "records_format": "objects",
        "limit": query.limit,
        "offset": query.offset,
        "_links": _links(query),
    }
    if query.total:
        answer |= {"total": total, "total_was_estimated": False}
    if isinstance(records, str):
        return Written(answer, records)
    return {**answer, "records": records}


def _quickly(
    table: OpenTable, query: ckan.DatastoreQuery, columns: tuple[str, ...]
) -> tuple[str, int] | None:
    """Records as JSON and the number of all from the snapshot's look-up file; None where it cannot
    say."""
    plain = not (query.sort or query.q or query.distinct)
    if not plain or any(None in values for values in query.filters.values()):
        return None
    kinds = _kinds(table)
    filters = {
        name: [_text(v, kinds[name]) for v in values] for name, values in query.filters.items()
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
    """The same from the table itself, whatever is asked."""
    where, params = _where(table, query)
    picked = ", ".join(quoted(c) for c in columns)
    distinct = "DISTINCT " if query.distinct else ""
    order = ", ".join(f"{quoted(c)} {'DESC' if falls else 'ASC'}" for c, falls in query.sort)
    body = f"{distinct}{picked} FROM ({table.visible()}){where}"
    sql = f"SELECT {body}" + (f" ORDER BY {order}" if order else "")
    found = table.query(f"{sql} LIMIT {query.limit} OFFSET {query.offset}", params)
    numbered = enumerate(found.to_pylist(), query.offset + 1)
    rows = [{"_id": n, **_plain(row)} for n, row in numbered]
    if not query.total:
        return rows, -1
    counted = table.query(f"SELECT count(*) AS n FROM (SELECT {body})", params)  # noqa: S608
    return rows, counted.column("n")[0].as_py()


def datastore_search_sql(call: Call) -> dict[str, Any]:
    """One select over one open resource, whose id is the table's name."""
    sql = asked.text(call.given, "sql")
    resource, table = _asked_table(call, sql)
    tree = _checked(sql, resource, table)
    with turn():
        found = table.query(tree)
    rows = found.slice(0, LIMIT).to_pylist()
    types = {str(c["id"]): c for c in table.columns}
    fields = [types.get(name, {"id": name, "type": "text"}) for name in found.column_names]
    answer: dict[str, Any] = {
        "sql": sql,
        "records": [_plain(row) for row in rows],
        "fields": ckan.datastore_fields(fields)[1:],
    }
    if found.num_rows > LIMIT:
        answer["records_truncated"] = True
    return answer


ACTIONS: Final[dict[str, tuple[Action, str]]] = {
    "datastore_search": (
        datastore_search,
        "Rows; resource_id, filters, q, fields, sort, limit, offset. 查询数据行。",
    ),
    "datastore_search_sql": (datastore_search_sql, "Rows by one select; sql. 以 SQL 查询。"),
}


def _table(call: Call, resource: str) -> OpenTable:
    return open_table(call.actor, ckan.id_of(resource).partition("#")[0])


def _columns(table: OpenTable, query: ckan.DatastoreQuery) -> tuple[str, ...]:
    known = set(table.ids)
    columns = tuple(c for c in query.columns if c != "_id") or table.ids
    for name in (*columns, *query.filters, *(c for c, _ in query.sort)):
        if name not in known:
            expected = ", ".join(table.ids)
            raise ArgumentWrong(parameter="fields", found=name[:80], expected=expected)
    return columns


def _where(table: OpenTable, query: ckan.DatastoreQuery) -> tuple[str, list[object]]:
    """Values are compared as text, so that ``5`` and ``"5"`` mean the same."""
    parts: list[str] = []
    params: list[object] = []
    kinds = _kinds(table)
    for name, values in query.filters.items():
        texts = [_text(value, kinds[name]) for value in values if value is not None]
        some = f"CAST({quoted(name)} AS VARCHAR) IN ({', '.join('?' * len(texts))})"
        none = f"{quoted(name)} IS NULL"
        wanted = ([some] if texts else []) + ([none] if None in values else [])
        parts.append("(" + " OR ".join(wanted or ["false"]) + ")")
        params += texts
    for word in query.q.split()[:10]:
        anywhere = " OR ".join(f"contains(lower(CAST({quoted(c)} AS VARCHAR)), lower(?))"
                               for c in table.ids)  # fmt: skip
        parts.append(f"({anywhere})")
        params += [word] * len(table.ids)
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), params


def _kinds(table: OpenTable) -> dict[str, str]:
    return {str(c["id"]): str(c.get("type", "text")) for c in table.columns}


def _text(value: object, kind: str) -> str:
    """The value as the column's own text: 50000 stands in a decimal as 50000.00000000."""
    if isinstance(value, bool):
        return "true" if value else "false"
    said = str(value)
    if kind not in _FRACTIONS or not (number := _number(said)).is_finite():
        return said
    if kind == "number":
        return str(float(number))
    whole = number.quantize(_PLACES) if abs(number) < _BEYOND else number
    return f"{whole:f}" if whole == number else said


def _number(said: str) -> Decimal:
    try:
        return Decimal(said)
    except InvalidOperation:
        return Decimal("nan")


def _asked_table(call: Call, sql: str) -> tuple[str, OpenTable]:
    """The one table that the text names; whether the text is sound is for the guard."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        trees = sqlglot.parse(sql[:20_000], read=_DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise _unsound("syntax") from error
    first = trees[0] if trees else None
    if first is None:
        raise _unsound("select")
    ctes = {cte.alias.lower() for cte in first.find_all(exp.CTE)}
    named = {t.name for t in first.find_all(exp.Table) if t.name and t.name.lower() not in ctes}
    if len(named) != 1:
        raise _unsound(f"{len(named)} tables")
    resource = named.pop()
    return resource, _table(call, resource)


def _checked(sql: str, resource: str, table: OpenTable) -> str:
    """What runs: written from the checked tree, over the visible fields alone, with a ceiling."""
    import sqlglot
    from sqlglot import exp

    from qiantang.engine.measures import check_sql

    if problems := check_sql(sql, {resource: _kinds(table)}):
        said = problems[0]
        raise ArgumentWrong(parameter="sql", found=said.text.en, expected="one select")
    tree = sqlglot.parse_one(sql, read=_DIALECT)
    assert isinstance(tree, exp.Query)
    limit = tree.args.get("limit")
    number = limit.expression.name if limit is not None and limit.expression is not None else ""
    if not number.isdigit() or int(number) > LIMIT:
        tree = tree.limit(LIMIT + 1)
    tree = tree.with_(exp.to_identifier(resource, quoted=True), as_=table.visible(), append=True,
                      dialect=_DIALECT)  # fmt: skip
    ctes = tree.args.get("with_") or tree.args["with"]
    ctes.set("expressions", [ctes.expressions[-1], *ctes.expressions[:-1]])
    return tree.sql(dialect=_DIALECT, comments=False)


def _unsound(found: str) -> ArgumentWrong:
    return ArgumentWrong(parameter="sql", found=found, expected='SELECT ... FROM "resource id"')


def _plain(row: dict[str, Any]) -> dict[str, Any]:
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
            return _plain(value)
    return value


def _links(query: ckan.DatastoreQuery) -> dict[str, str]:
    base = f"/api/3/action/datastore_search?resource_id={query.resource}&limit={query.limit}"
    return {"start": base, "next": f"{base}&offset={query.offset + query.limit}"}
