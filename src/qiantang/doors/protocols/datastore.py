"""`datastore_search` and `datastore_search_sql`: rows of open resources, as CKAN's clients ask."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Action, Call
from qiantang.doors.protocols.errors import NoOpenData
from qiantang.doors.protocols.tables import OpenTable, open_table, quoted
from qiantang.doors.turns import turn
from qiantang.kernel.digits import digits
from qiantang.standards import ckan
from qiantang.standards.ckan.tables import ID, LIMIT
from qiantang.standards.errors import ArgumentWrong

if TYPE_CHECKING:
    import pyarrow as pa

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
    plain = query.sort in {(), ((ID, False),)} and not (query.q or query.words or query.distinct)
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
    """The same from the table itself, whatever is asked. Rows that the order leaves equal stay in
    their places, so that pages do not overlap."""
    where, params = _where(table, query)
    picked = ", ".join(quoted(c) for c in columns)
    order = [f"{quoted(c)} {'DESC' if falls else 'ASC'}" for c, falls in query.sort]
    if query.distinct:
        body, last = f"DISTINCT {picked} FROM ({_placed(table)}){where}", columns
    else:
        body, last = f"{picked} FROM ({_placed(table)}){where}", (ID,) if order else ()
    order += [quoted(c) for c in last]
    sql = f"SELECT {body}" + (f" ORDER BY {', '.join(order)}" if order else "")
    found = table.query(f"{sql} LIMIT {query.limit} OFFSET {query.offset}", params)
    rows = [_plain(row) for row in found.to_pylist()]
    if not query.total:
        return rows, -1
    placed = query.distinct or ID in query.filters
    plain = f"SELECT 1 FROM ({table.visible()}){where}"  # noqa: S608
    counting = f"SELECT {body}" if placed else plain
    counted = table.query(f"SELECT count(*) AS n FROM ({counting})", params)  # noqa: S608
    return rows, counted.column("n")[0].as_py()


def _placed(table: OpenTable) -> str:
    """The visible rows with their places. Without an order of its own DuckDB numbers rows as they
    are stored, while they stream by."""
    return f'SELECT row_number() OVER () AS "{ID}", * FROM ({table.visible()})'  # noqa: S608


def datastore_search_sql(call: Call) -> dict[str, Any]:
    """One select over one open resource, whose id is the table's name."""
    sql = asked.text(call.given, "sql")
    resource, table = _asked_table(call, sql)
    tree = _checked(sql, resource, table)
    with turn():
        found = table.query(tree)
    rows = found.slice(0, LIMIT).to_pylist()
    known = {str(c["id"]): c for c in table.columns}
    fields = [{**known.get(f.name, {}), "id": f.name, "stored": _stored(f)} for f in found.schema]
    answer: dict[str, Any] = {
        "sql": sql,
        "records": [_plain(row) for row in rows],
        "fields": ckan.datastore_fields(fields),
    }
    if found.num_rows > LIMIT:
        answer["records_truncated"] = True
    return answer


ACTIONS: Final[dict[str, tuple[Action, str]]] = {
    "datastore_search": (
        datastore_search,
        "Rows; resource_id, filters, q, fields, sort, limit, offset, distinct, include_total, "
        "records_format. "
        "查询数据行。",
    ),
    "datastore_search_sql": (datastore_search_sql, "Rows by one select; sql. 以 SQL 查询。"),
}


def _table(call: Call, resource: str) -> OpenTable:
    """The open table of a resource's id, which names the entry and the form of its rows; the
    entry's own id means the same. Raises `NoOpenData`."""
    entry, mark, form = ckan.id_of(resource).partition("#")
    if mark and form != ckan.TABLE:
        raise NoOpenData(found=resource)
    return open_table(call.actor, entry)


def _columns(table: OpenTable, query: ckan.DatastoreQuery) -> tuple[str, ...]:
    """The fields that are asked for, each once; all of them and the row's place without a wish."""
    known = (ID, *table.ids)
    named = {
        "fields": query.columns,
        "filters": tuple(query.filters),
        "sort": tuple(column for column, _ in query.sort),
        "q": tuple(query.words),
    }
    for parameter, names in named.items():
        for name in names:
            if name not in known:
                expected = ", ".join(known)
                raise ArgumentWrong(parameter=parameter, found=name[:80], expected=expected)
    return tuple(dict.fromkeys(query.columns)) or known


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
    wanted_in = [(word, table.ids) for word in query.q.split()[:10]]
    wanted_in += [(w, (name,)) for name, said in query.words.items() for w in said.split()[:10]]
    for word, columns in wanted_in:
        there = (f"contains(lower(CAST({quoted(c)} AS VARCHAR)), lower(?))" for c in columns)
        parts.append(f"({' OR '.join(there)})")
        params += [word] * len(columns)
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), params


def _kinds(table: OpenTable) -> dict[str, str]:
    return {ID: "integer", **{str(c["id"]): str(c.get("type", "text")) for c in table.columns}}


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
    """What runs: written from the checked tree, over the visible fields (and the rows' places)
    alone, with a ceiling."""
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
    # Places cost a look at every row: only where the text names them.
    placed = any(column.name == ID for column in tree.find_all(exp.Column))
    rows = _placed(table) if placed else table.visible()
    tree = tree.with_(exp.to_identifier(resource, quoted=True), as_=rows, append=True,
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


def _stored(field: pa.Field) -> str:
    """PostgreSQL's name of a result's type, as the datastore tells types."""
    import pyarrow.types as kinds

    tests = (
        ("bool", kinds.is_boolean),
        ("int8", kinds.is_integer),
        ("numeric", kinds.is_decimal),
        ("float8", kinds.is_floating),
        ("date", kinds.is_date),
        ("timestamp", kinds.is_timestamp),
    )
    return next((name for name, is_it in tests if is_it(field.type)), "text")


def _links(call: Call, query: ckan.DatastoreQuery) -> dict[str, str]:
    """The same question for the first and the next page."""
    given = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in call.given.items()
        if name != "offset"
    }
    base = f"/api/3/action/datastore_search?{urlencode({**given, 'limit': query.limit})}"
    return {"start": base, "next": f"{base}&offset={query.offset + query.limit}"}
