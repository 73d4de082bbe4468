"""`check_sql`: everything that is wrong with a measure's SQL, at once, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from qiantang.engine.sql import language
from qiantang.engine.sql.columns import column_problems
from qiantang.engine.sql.findings import SqlProblem, problem
from qiantang.engine.sql.places import place_of

Tables = Mapping[str, Mapping[str, str]]
DIALECT: Final = "duckdb"
_GROWING: Final = (exp.Repeat, exp.Pad)
_QUERIES: Final = (exp.Select, exp.Union, exp.Intersect, exp.Except)


def check_sql(sql: str, tables: Tables) -> list[SqlProblem]:
    """All findings about ``sql`` over ``tables`` (table -> column -> type); empty when it may run.

    Allowed is exactly one select over declared tables and columns, built from the constructs and
    functions in `language`.
    """
    return parse(sql, tables)[1]


def parse(sql: str, tables: Tables) -> tuple[exp.Expr | None, list[SqlProblem]]:
    """The tree, when it is sound, and the findings."""
    tree, found = tree_of(sql)
    if tree is None:
        return None, found
    nodes = list(tree.walk())
    if len(nodes) > language.MOST_NODES:
        return None, [problem("sql.too_large", 0, 0, expected=language.MOST_NODES)]
    found += (finding for node in nodes for finding in _node(node))
    found += _names(tree, tables)
    if not found:
        found += column_problems(tree, tables)
    else:
        found += _columns_if_possible(tree, tables)
    unique = dict.fromkeys(sorted(found, key=lambda f: (f.line, f.column, f.code)))
    return (None if unique else tree), list(unique)


def tree_of(sql: str) -> tuple[exp.Expr | None, list[SqlProblem]]:
    """The tree of one select, not yet judged, or why it is none."""
    if len(sql) > language.MOST_CHARACTERS or _nesting(sql) > language.MOST_NESTED:
        limit = f"{language.MOST_CHARACTERS} / {language.MOST_NESTED}"
        return None, [problem("sql.too_large", 0, 0, expected=limit)]
    try:
        trees = [tree for tree in sqlglot.parse(sql, read=DIALECT) if tree is not None]
    except ParseError as wrong:
        return None, [_syntax(error) for error in wrong.errors[:5]]
    except SqlglotError as wrong:
        return None, [problem("sql.syntax", 0, 0, found=str(wrong)[:80])]
    except RecursionError:
        return None, [problem("sql.too_large", 0, 0, expected=language.MOST_NESTED)]
    if len(trees) != 1:
        return None, [problem("sql.not_one_select", 0, 0, found=f"{len(trees)}")]
    tree = trees[0]
    if isinstance(tree, exp.Select) and not tree.expressions:
        return None, [problem("sql.syntax", 1, 1, found=sql.strip()[:80])]
    if not isinstance(tree, _QUERIES):
        return None, [problem("sql.not_one_select", 1, 1, found=tree.key)]
    return tree, []


def _syntax(error: Mapping[str, object]) -> SqlProblem:
    line, column = error.get("line"), error.get("col")
    return problem(
        "sql.syntax",
        line if isinstance(line, int) else 0,
        column if isinstance(column, int) else 0,
        found=f"{error.get('highlight') or error.get('description')}"[:80],
    )


def _nesting(sql: str) -> int:
    """The deepest bracket, counted without regard to strings: a bound, not a judgement."""
    depth = deepest = 0
    for letter in sql:
        if letter in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in ")]}":
            depth -= 1
    return deepest


def _node(node: exp.Expr) -> Iterator[SqlProblem]:
    """Whether this construct or function is in the language."""
    if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier):
        name = _function_name(node.this) if isinstance(node.this, exp.Func) else "?"
        yield problem("sql.table_function", *place_of(node), found=name)
    elif isinstance(node, exp.Anonymous):
        if node.name.lower() not in language.ANONYMOUS:
            yield problem("sql.function", *place_of(node), found=node.name)
    elif type(node).__name__ not in language.ALLOWED:
        code = "sql.function" if isinstance(node, exp.Func) else "sql.construct"
        yield problem(code, *place_of(node), found=_function_name(node))
    elif isinstance(node, _GROWING) and not _is_bounded(node):
        limit = language.MOST_REPEATED
        yield problem("sql.growth", *place_of(node), found=_function_name(node), expected=limit)
    elif isinstance(node, exp.With) and node.args.get("recursive"):
        yield problem("sql.construct", *place_of(node), found="with recursive")
    elif isinstance(node, exp.Select) and node.args.get("into"):
        yield problem("sql.construct", *place_of(node), found="select into")
    elif isinstance(node, exp.Join) and node.args.get("method"):
        yield problem("sql.construct", *place_of(node), found=f"{node.args['method']} join".lower())


def _is_bounded(node: exp.Expr) -> bool:
    """Whether a text grows by a number that is written out, once."""
    times = node.args["expression" if isinstance(node, exp.Pad) else "times"]
    inside = any(each is not node for each in node.find_all(*_GROWING))
    written = isinstance(times, exp.Literal) and times.is_int
    return written and int(times.this) <= language.MOST_REPEATED and not inside


def _function_name(node: exp.Expr) -> str:
    """The name as DuckDB writes it; the parser has names of its own."""
    if isinstance(node, exp.Anonymous):
        return node.name
    if not isinstance(node, exp.Func):
        return str(node.key)
    return node.sql(dialect=DIALECT).split("(")[0].lower()[:40]


def _names(tree: exp.Expr, tables: Tables) -> Iterator[SqlProblem]:
    """Tables are declared ones or CTEs in scope, unqualified; no CTE takes a declared name."""
    declared = {name.lower() for name in tables}
    for cte in tree.find_all(exp.CTE):
        if cte.alias.lower() in declared:
            yield problem("sql.shadow", *place_of(cte.args["alias"]), found=cte.alias)
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            continue
        if table.db or table.catalog:
            full = table.sql(dialect=DIALECT)
            yield problem("sql.qualified", *place_of(table), found=full)
        elif table.name.lower() not in declared and not _is_cte(table):
            known = ", ".join(sorted(tables))
            yield problem("sql.table", *place_of(table), found=table.name, expected=known)


def _is_cte(table: exp.Table) -> bool:
    """Whether the name stands for a CTE here: one of a query around it, and written before it.

    A CTE of some other part of the text does not count: there the engine would take the name for
    a relation of its own, declared or not."""
    wanted = table.name.lower()
    below: exp.Expr = table
    above: exp.Expr | None = table.parent
    while above is not None:
        if any(cte.alias.lower() == wanted for cte in _ctes_before(above, below)):
            return True
        below, above = above, above.parent
    return False


def _ctes_before(above: exp.Expr, below: exp.Expr) -> Iterator[exp.Expr]:
    """The CTEs of ``above`` that its part ``below`` may name."""
    if isinstance(above, exp.With):
        return takewhile(lambda cte: cte is not below, above.expressions)
    held = above.args.get("with_") or above.args.get("with")
    return iter(() if held is None or held is below else held.expressions)


def _columns_if_possible(tree: exp.Expr, tables: Tables) -> list[SqlProblem]:
    """Columns too, when other findings do not make the scopes unreadable."""
    try:
        return column_problems(tree, tables)
    except (SqlglotError, KeyError, AttributeError, ValueError):
        return []
