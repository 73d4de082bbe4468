"""`datastore_search_sql`: one select over one open resource, checked, sealed and bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Actions, Call
from qiantang.doors.protocols.datastore import kinds_of, placed, plain, table_of
from qiantang.doors.protocols.result_names import name_results
from qiantang.doors.protocols.tables import OpenTable
from qiantang.doors.turns import turn
from qiantang.kernel.text import Text
from qiantang.standards import ckan
from qiantang.standards.ckan.tables import ID, LIMIT
from qiantang.standards.errors import ArgumentWrong

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

_TOO_DEEP: Final = Text("括号或嵌套过深", "too deeply nested")


def datastore_search_sql(call: Call) -> dict[str, Any]:
    """One select over one open resource, whose id is the table's name."""
    sql = asked.text(call.given, "sql")
    tree = _tree(sql)
    resource, table = _asked_table(call, tree)
    checked = _checked(tree, resource, table)
    with turn():
        found = table.asked(checked)
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


def _tree(sql: str) -> exp.Query:
    """The one select of the text, with a name for every result so that it may be spoken of; what
    it asks is not judged yet."""
    from sqlglot import exp

    from qiantang.engine.sql.checking import tree_of

    tree, problems = tree_of(sql)
    if not isinstance(tree, exp.Query):
        raise _unsound(problems[0].text)
    try:
        name_results(tree)
    except RecursionError as error:
        raise _unsound(_TOO_DEEP) from error
    return tree


def _asked_table(call: Call, tree: exp.Query) -> tuple[str, OpenTable]:
    """The one table that the select names; whether the text is sound is for the guard."""
    from sqlglot import exp

    ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    named = {t.name for t in tree.find_all(exp.Table) if t.name and t.name.lower() not in ctes}
    if len(named) != 1:
        raise _unsound(Text(f"{len(named)} 张表", f"{len(named)} tables"))
    resource = named.pop()
    return resource, table_of(call, resource)


def _checked(tree: exp.Query, resource: str, table: OpenTable) -> str:
    """What runs: written from the checked tree, over the visible fields (and the rows' places)
    alone, with a ceiling."""
    from sqlglot import exp

    from qiantang.engine.sql.checking import DIALECT, parse

    try:
        sql = tree.sql(dialect=DIALECT, comments=False)
    except RecursionError as error:
        raise _unsound(_TOO_DEEP) from error
    sound, problems = parse(sql, {resource: kinds_of(table)})
    if not isinstance(sound, exp.Query):
        raise _unsound(problems[0].text)
    limit = sound.args.get("limit")
    number = limit.expression.name if limit is not None and limit.expression is not None else ""
    if not number.isdigit() or int(number) > LIMIT:
        sound = sound.limit(LIMIT + 1)
    # Places cost a look at every row: only where the text names them.
    by_place = any(column.name == ID for column in sound.find_all(exp.Column))
    rows = placed(table) if by_place else table.visible()
    sound = sound.with_(exp.to_identifier(resource, quoted=True), as_=rows, append=True,
                        dialect=DIALECT)  # fmt: skip
    ctes = sound.args.get("with_") or sound.args["with"]
    ctes.set("expressions", [ctes.expressions[-1], *ctes.expressions[:-1]])
    return sound.sql(dialect=DIALECT, comments=False)


def _unsound(found: Text) -> ArgumentWrong:
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
