"""`datastore_search_sql`: one select over one open resource, checked, sealed and bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Actions, Call
from qiantang.doors.protocols.datastore import kinds_of, placed, plain, table_of
from qiantang.doors.protocols.result_names import name_results
from qiantang.doors.protocols.tables import OpenTable
from qiantang.doors.turns import turn
from qiantang.standards import ckan
from qiantang.standards.ckan.tables import ID, LIMIT
from qiantang.standards.errors import ArgumentWrong

if TYPE_CHECKING:
    import pyarrow as pa

_DIALECT: Final = "duckdb"
LONGEST: Final = 20_000
"""Characters of a select."""


def datastore_search_sql(call: Call) -> dict[str, Any]:
    """One select over one open resource, whose id is the table's name."""
    sql = asked.text(call.given, "sql")
    resource, table = _asked_table(call, sql)
    tree = _checked(sql, resource, table)
    with turn():
        found = table.asked(tree)
    rows = found.slice(0, LIMIT).to_pylist()
    known = {str(c["id"]): c for c in table.columns}
    fields = [{**known.get(f.name, {}), "id": f.name, "stored": _stored(f)} for f in found.schema]
    answer: dict[str, Any] = {
        "sql": sql,
        "records": [plain(row) for row in rows],
        "fields": ckan.datastore_fields(fields),
    }
    if found.num_rows > LIMIT:
        answer["records_truncated"] = True
    return answer


ACTIONS: Final[Actions] = {
    "datastore_search_sql": (datastore_search_sql, "Rows by one select; sql. 以 SQL 查询。"),
}


def _asked_table(call: Call, sql: str) -> tuple[str, OpenTable]:
    """The one table that the text names; whether the text is sound is for the guard."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(sql) > LONGEST:
        raise _unsound(f"{len(sql)} > {LONGEST}")
    try:
        trees = sqlglot.parse(sql, read=_DIALECT)
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
    return resource, table_of(call, resource)


def _with_names(sql: str) -> str:
    """The text with a name for every result, so that it may be spoken of; what is no single select
    stays as it is, for the guard to refuse."""
    import sqlglot
    from sqlglot import exp

    trees = sqlglot.parse(sql, read=_DIALECT)
    tree = trees[0]
    if len(trees) != 1 or not isinstance(tree, exp.Query):
        return sql
    try:
        name_results(tree)
        return tree.sql(dialect=_DIALECT, comments=False)
    except RecursionError as error:
        raise _unsound("syntax") from error


def _checked(sql: str, resource: str, table: OpenTable) -> str:
    """What runs: written from the checked tree, over the visible fields (and the rows' places)
    alone, with a ceiling."""
    import sqlglot
    from sqlglot import exp

    from qiantang.engine.measures import check_sql

    sql = _with_names(sql)
    if problems := check_sql(sql, {resource: kinds_of(table)}):
        said = problems[0]
        raise ArgumentWrong(parameter="sql", found=said.text.en, expected="one select")
    tree = sqlglot.parse_one(sql, read=_DIALECT)
    assert isinstance(tree, exp.Query)
    limit = tree.args.get("limit")
    number = limit.expression.name if limit is not None and limit.expression is not None else ""
    if not number.isdigit() or int(number) > LIMIT:
        tree = tree.limit(LIMIT + 1)
    # Places cost a look at every row: only where the text names them.
    by_place = any(column.name == ID for column in tree.find_all(exp.Column))
    rows = placed(table) if by_place else table.visible()
    tree = tree.with_(exp.to_identifier(resource, quoted=True), as_=rows, append=True,
                      dialect=_DIALECT)  # fmt: skip
    ctes = tree.args.get("with_") or tree.args["with"]
    ctes.set("expressions", [ctes.expressions[-1], *ctes.expressions[:-1]])
    return tree.sql(dialect=_DIALECT, comments=False)


def _unsound(found: str) -> ArgumentWrong:
    return ArgumentWrong(parameter="sql", found=found, expected='SELECT ... FROM "resource id"')


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
