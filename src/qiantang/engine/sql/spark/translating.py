"""From a checked DuckDB select to Spark's: qualify, know the types, rewrite, write out.

Nothing is guessed: a form without a rule that is proven equal is refused with the reason, before
anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from qiantang.engine.sql.checking import DIALECT, parse
from qiantang.engine.sql.families import UNKNOWN, Families, Tables, families, function_of
from qiantang.engine.sql.findings import SqlProblem, problem
from qiantang.engine.sql.places import place_of
from qiantang.engine.sql.spark import refusals
from qiantang.engine.sql.spark.building import name_of
from qiantang.engine.sql.spark.date_rules import DATE_RULES
from qiantang.engine.sql.spark.group_rules import GROUP_RULES
from qiantang.engine.sql.spark.number_rules import NUMBER_RULES, Rule
from qiantang.engine.sql.spark.refusals import NotPortable
from qiantang.engine.sql.spark.text_rules import TEXT_RULES

RULES: Final[Mapping[type[exp.Expr], Rule]] = {
    **NUMBER_RULES,
    **GROUP_RULES,
    **TEXT_RULES,
    **DATE_RULES,
}


def check_portable(sql: str, tables: Tables) -> list[SqlProblem]:
    """Everything that keeps ``sql`` from running on Spark with the same rows; empty when it may.

    ``tables``: name -> column -> type, as for `check_sql`, whose findings come first.
    """
    return _translate(sql, tables)[1]


def to_spark(sql: str, tables: Tables) -> tuple[str, list[SqlProblem]]:
    """Spark's text for ``sql``, empty when there are findings, and the findings."""
    tree, found = _translate(sql, tables)
    return ("" if tree is None else tree.sql(dialect="spark", comments=False)), found


def _translate(sql: str, tables: Tables) -> tuple[exp.Expr | None, list[SqlProblem]]:
    tree, found = parse(sql, tables)
    if tree is None:
        return None, found
    found = list(_refused(tree))
    try:
        full = _qualified(tree, tables)
    except SqlglotError:
        found.append(problem("sql.portable", 0, 0, found="select", reason=refusals.TYPE_UNKNOWN))
        return None, found
    found += _rewrite(full, families(full, tables))
    unique = dict.fromkeys(sorted(found, key=lambda p: (p.line, p.column, p.text.en)))
    return (None if unique else full), list(unique)


def _qualified(tree: exp.Expr, tables: Tables) -> exp.Expr:
    """Every star spelt out, every column with its table, aliases resolved."""
    schema: dict[str, object] = {
        name: dict.fromkeys(columns, "text") for name, columns in tables.items()
    }
    return qualify(tree.copy(), schema=schema, dialect=DIALECT)


def _refused(tree: exp.Expr) -> Iterator[SqlProblem]:
    for node in tree.walk():
        row = function_of(node)
        if row is not None and row.why is not None:
            yield _finding(node, row.name, row.why)
        elif isinstance(node, (exp.Any, exp.All)):
            yield _finding(node, name_of(node), refusals.QUANTIFIED)
        elif isinstance(node, exp.In) and node.args.get("query"):
            if not isinstance(node.find_ancestor(exp.Where, exp.Select), exp.Where):
                yield _finding(node, "in (select ...)", refusals.IN_SELECT)
        elif isinstance(node, exp.Select) and _unordered_limit(node):
            yield _finding(node, "limit", refusals.UNORDERED_LIMIT)


def _unordered_limit(node: exp.Select) -> bool:
    return bool(node.args.get("limit")) and not node.args.get("order")


def _finding(node: exp.Expr, found: str, reason: object) -> SqlProblem:
    return problem("sql.portable", *place_of(node), found=found, reason=reason)


def _rewrite(tree: exp.Expr, known: Families) -> list[SqlProblem]:
    """Apply the rules from the leaves up, in place."""
    found: list[SqlProblem] = []
    kept = dict(known)
    nodes = list(tree.walk(bfs=True))
    held: list[exp.Expr] = []  # with ``nodes``: no new node may take over the id of an old one

    def family(node: exp.Expr | None) -> str:
        return kept.get(id(node), UNKNOWN) if node is not None else UNKNOWN

    for node in reversed(nodes):
        rule = RULES.get(type(node))
        if rule is None:
            continue
        try:
            fresh = rule(node, family)
        except NotPortable as wrong:
            found.append(_finding(node, wrong.found, wrong.reason))
            continue
        if fresh is not None:
            kept[id(fresh)] = family(node)
            held.append(fresh)
            node.replace(fresh)
    return found
