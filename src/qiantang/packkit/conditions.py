"""Conditions over the fields of one row (``holds``): parsed, and held to a small language.

Both engines can evaluate what is allowed here: comparisons, arithmetic, lists, ``case``, and a
few functions of texts and dates. Nothing reads a table, the clock or chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from qiantang.kernel.text import Text

MOST_CHARACTERS: Final = 2_000
_MOST_NODES: Final = 400
_ALLOWED_TEXT: Final = """
    Column Identifier Literal Boolean Null Paren Tuple
    And Or Not EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Is In Between Like Escape
    Add Sub Mul Div Mod Neg Case If Cast TryCast DataType DataTypeParam Interval Var
    Coalesce Nullif Abs Round Ceil Floor Greatest Least Length Lower Upper Trim Substring
    Left Right StartsWith EndsWith Contains RegexpLike Concat DPipe Replace
    Year Month Day Extract DateDiff LastDay
"""
_ALLOWED: Final = frozenset(_ALLOWED_TEXT.split())
FUNCTIONS: Final = (
    "abs, round, ceil, floor, greatest, least, coalesce, nullif, length, lower, upper, trim, "
    "substring, left, right, starts_with, ends_with, contains, regexp_matches, concat, replace, "
    "year, month, day, extract, date_diff, last_day, cast, case; date + interval 1 year"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What was understood. ``problem`` is set when the text is no condition at all; ``refused``
    are the constructs that are outside the language; ``columns`` in order of first use."""

    columns: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    problem: Text | None = None


def look_at_condition(text: str) -> Condition:
    """Parse one condition; never raises."""
    if len(text) > MOST_CHARACTERS:
        return Condition(problem=Text(zh="条件过长", en="the condition is too long"))
    try:
        trees = sqlglot.parse(f"select {text}", read="duckdb")
    except (SqlglotError, RecursionError) as error:
        return Condition(problem=_said(error))
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or _clauses(tree):
        return Condition(problem=Text("不是一个条件", "this is not one condition"))
    return _judge(tree.expressions[0])


def output_columns(sql: str) -> tuple[str, ...] | None:
    """The names of the columns that a select gives; None when they cannot be told from its text."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return None
    if not isinstance(tree, exp.Query) or tree.is_star:
        return None
    return tuple(name.lower() for name in tree.named_selects)


def _judge(tree: exp.Expr) -> Condition:
    nodes = list(tree.walk(bfs=False))
    if len(nodes) > _MOST_NODES:
        return Condition(problem=Text("条件过于复杂", "the condition is too complex"))
    if isinstance(tree, exp.Alias):
        return Condition(problem=Text("不是一个条件", "this is not one condition"))
    columns = dict.fromkeys(_name(node) for node in nodes if isinstance(node, exp.Column))
    return Condition(tuple(columns), tuple(dict.fromkeys(_refused(nodes))))


def _name(column: exp.Column) -> str:
    return column.sql(dialect="duckdb").lower().replace('"', "")


def _refused(nodes: list[exp.Expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, exp.Anonymous):
            yield node.name
        elif type(node).__name__ not in _ALLOWED:
            yield node.sql(dialect="duckdb")[:40]


def _clauses(tree: exp.Select) -> bool:
    return any(value for key, value in tree.args.items() if key not in {"expressions", "kind"})


def _said(error: Exception) -> Text:
    found = getattr(error, "errors", None)
    if found and isinstance(found, list):
        near = str(found[0].get("highlight") or "").strip()
        return Text(f"语法错误，在“{near}”附近", f'syntax error near "{near}"')
    return Text("语法错误", "syntax error")
