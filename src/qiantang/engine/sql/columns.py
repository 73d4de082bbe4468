"""Do the columns exist? Every scope of the select is held against what its sources offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from qiantang.engine.sql.findings import SqlProblem, problem
from qiantang.engine.sql.places import place_of

Tables = Mapping[str, Mapping[str, str]]
Offered = frozenset[str] | None
"""Lower-case names of columns; None when they cannot be known here."""
MOST_NAMED: Final = 30


def column_problems(tree: exp.Expr, tables: Tables) -> list[SqlProblem]:
    """A finding for each column or alias that nothing offers."""
    known = {name.lower(): frozenset(c.lower() for c in cols) for name, cols in tables.items()}
    seen: dict[int, SqlProblem | None] = {}
    for scope in traverse_scope(tree):
        for column in scope.columns:
            if id(column) not in seen and not isinstance(column.this, exp.Star):
                seen[id(column)] = _column(column, scope, known)
    return [found for found in seen.values() if found is not None]


def _column(
    column: exp.Column, scope: Scope, known: Mapping[str, frozenset[str]]
) -> SqlProblem | None:
    wanted, alias = column.name.lower(), column.table.lower()
    offered: set[str] = set()
    alias_seen = False
    at: Scope | None = scope
    while at is not None:
        for name, source in at.sources.items():
            if alias and name.lower() != alias:
                continue
            alias_seen = True
            columns = _offers(source, known)
            if columns is None or wanted in columns:
                return None
            offered |= columns
        if not alias and wanted in _aliases(at):
            return None
        at = at.parent
    if alias and not alias_seen:
        return problem("sql.alias", *place_of(column), found=column.table)
    names = ", ".join(sorted(offered)[:MOST_NAMED])
    return problem("sql.column", *place_of(column), found=column.name, expected=names)


def _aliases(scope: Scope) -> set[str]:
    """Names given in the select list: later clauses may use them."""
    query = scope.expression
    while isinstance(query, exp.SetOperation):  # named by its first select
        query = query.this
    selects = getattr(query, "selects", ())
    if isinstance(scope.expression, exp.SetOperation):
        return {s.alias_or_name.lower() for s in selects}
    return {s.alias.lower() for s in selects if isinstance(s, exp.Alias)}


def _offers(source: exp.Expr | Scope, known: Mapping[str, frozenset[str]]) -> Offered:
    if isinstance(source, exp.Table):
        return known.get(source.name.lower())
    if not isinstance(source, Scope):
        return None
    query = source.expression
    if not isinstance(query, exp.Query):
        return None
    named = _given_names(source)
    if named:
        return frozenset(named)
    names: set[str] = set()
    for select in query.selects:
        if select.is_star:
            inner = _star(source, known)
            if inner is None:
                return None
            names |= inner
        else:
            names.add(select.alias_or_name.lower())
    return frozenset(names)


def _given_names(source: Scope) -> list[str]:
    """``with t(a, b) as`` and ``(select ...) as t(a, b)`` name the columns anew."""
    holder = source.expression.parent
    alias = holder.args.get("alias") if isinstance(holder, (exp.CTE, exp.Subquery)) else None
    columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    return [column.name.lower() for column in columns or ()]


def _star(scope: Scope, known: Mapping[str, frozenset[str]]) -> Offered:
    names: set[str] = set()
    for source in scope.sources.values():
        inner = _offers(source, known)
        if inner is None:
            return None
        names |= inner
    return frozenset(names)
