"""What a caller needs around a question that somebody wrote: the tables it names, and a bound."""

from __future__ import annotations

from sqlglot import exp

from qiantang.engine.sql.checking import DIALECT, Tables, parse, tree_of
from qiantang.engine.sql.errors import SqlRefused


def tables_named(sql: str) -> frozenset[str]:
    """The names that stand where tables stand, in lower case; those of CTEs among them.

    Raises `SqlRefused` for what is no select.
    """
    tree, problems = tree_of(sql)
    if tree is None:
        raise SqlRefused(tuple(problems))
    tables = tree.find_all(exp.Table)
    return frozenset(t.name.lower() for t in tables if isinstance(t.this, exp.Identifier))


def limited(sql: str, tables: Tables, most: int) -> str:
    """The select with at most ``most`` rows; a lower limit of its own stays.

    Raises `SqlRefused` with every finding.
    """
    tree, problems = parse(sql, tables)
    if tree is None:
        raise SqlRefused(tuple(problems))
    own = tree.args.get("limit")
    if own is None:
        tree.set("limit", _limit(most))
    elif not _is_lower(own, most):
        bounded = exp.select("*").from_(exp.Subquery(this=tree, alias=exp.TableAlias(this="q")))
        bounded.set("limit", _limit(most))
        tree = bounded
    return str(tree.sql(dialect=DIALECT, comments=False))


def _limit(most: int) -> exp.Limit:
    return exp.Limit(expression=exp.Literal.number(most))


def _is_lower(limit: exp.Expr, most: int) -> bool:
    said = limit.args.get("expression")
    return isinstance(said, exp.Literal) and said.name.isdigit() and int(said.name) <= most
