"""The family of every expression of a select: integer, decimal, double, text, date ...

Rounding, division and text forms differ between engines by type, so the translation must know it.
What cannot be known is `UNKNOWN`; a rule that depends on it refuses instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from qiantang.engine.sql.functions import BY_NAME, BY_NODE, Function, Gives

UNKNOWN: Final = "unknown"
INTEGER: Final = "integer"
DECIMAL: Final = "decimal"
DOUBLE: Final = "double"
TEXT: Final = "text"
BOOLEAN: Final = "boolean"
DATE: Final = "date"
TIMESTAMP: Final = "timestamp"
ZONED: Final = "timestamptz"
INTERVAL: Final = "interval"
NULL: Final = "null"

Families = Mapping[int, str]
"""Family by ``id`` of the node."""
Tables = Mapping[str, Mapping[str, str]]
_WIDTH: Final = (NULL, BOOLEAN, INTEGER, DECIMAL, DOUBLE)
_TIMES: Final = (NULL, DATE, TIMESTAMP, ZONED)
_WORDS: Final = (
    ("interval", INTERVAL),
    ("timestamp with time zone", ZONED),
    ("timestamptz", ZONED),
    ("timestamp", TIMESTAMP),
    ("datetime", TIMESTAMP),
    ("date", DATE),
    ("decimal", DECIMAL),
    ("numeric", DECIMAL),
    ("int128", INTEGER),
    ("hugeint", INTEGER),
    ("int", INTEGER),
    ("long", INTEGER),
    ("double", DOUBLE),
    ("float", DOUBLE),
    ("real", DOUBLE),
    ("bool", BOOLEAN),
    ("char", TEXT),
    ("string", TEXT),
    ("text", TEXT),
    ("period", TEXT),
    ("code", TEXT),
    ("number", DOUBLE),
)
_TRUTHS: Final = (
    exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean, exp.Exists, exp.IsNan, exp.IsInf,
)  # fmt: skip
_SUMS: Final = (exp.Add, exp.Sub, exp.Mul, exp.Mod)


def family_of_type(name: str) -> str:
    """The family of a type as DuckDB, Arrow, Iceberg or a pack writes it."""
    said = name.lower()
    if said.startswith("timestamp[") and "tz=" in said:
        return ZONED
    if "int" in said and said.lstrip("u").startswith(("int", "big", "small", "tiny")):
        return INTERVAL if said.startswith("interval") else INTEGER
    return next((family for word, family in _WORDS if word in said), UNKNOWN)


def families(tree: exp.Expr, tables: Tables) -> Families:
    """The families of all expressions in a qualified tree; ``tables``: name -> column -> type."""
    known = {
        t.lower(): {c.lower(): family_of_type(k) for c, k in cs.items()} for t, cs in tables.items()
    }
    return _Reading(known).of(tree)


class _Reading:
    """One pass over a tree, inner selects first."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self.tables = tables
        self.outputs: dict[int, dict[str, str]] = {}
        self.found: dict[int, str] = {}

    def of(self, tree: exp.Expr) -> Families:
        for scope in traverse_scope(tree):
            for column in scope.columns:
                self.found[id(column)] = self._column(column, scope)
            self._outputs(scope)
        for node in tree.walk():
            if isinstance(node, exp.Condition):
                self.family(node)
        return self.found

    def _outputs(self, scope: Scope) -> None:
        query = scope.expression
        while isinstance(query, exp.SetOperation):
            query = query.this
        selects = query.selects if isinstance(query, exp.Query) else []
        named = [(s.alias_or_name.lower(), self.family(s)) for s in selects]
        holder = scope.expression.parent
        alias = holder.args.get("alias") if isinstance(holder, (exp.CTE, exp.Subquery)) else None
        given = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        if given:
            named = [(g.name.lower(), f) for g, (_, f) in zip(given, named, strict=False)]
        self.outputs[id(scope.expression)] = dict(named)

    def _column(self, column: exp.Column, scope: Scope) -> str:
        at: Scope | None = scope
        while at is not None:
            source = at.sources.get(column.table)
            if isinstance(source, exp.Table):
                return self.tables.get(source.name.lower(), {}).get(column.name.lower(), UNKNOWN)
            if isinstance(source, Scope):
                return self._offered(source, column.name.lower())
            at = at.parent
        return UNKNOWN

    def _offered(self, source: Scope, name: str) -> str:
        values = source.expression
        if isinstance(values, exp.Values):
            return self._of_values(values, name)
        return self.outputs.get(id(values), {}).get(name, UNKNOWN)

    def _of_values(self, values: exp.Values, name: str) -> str:
        alias = values.args.get("alias")
        names = [c.name.lower() for c in alias.args.get("columns") or ()] if alias else []
        if name not in names:
            return UNKNOWN
        rows = [row.expressions for row in values.expressions]
        return _widest([self.family(row[names.index(name)]) for row in rows])

    def family(self, node: exp.Expr | None) -> str:
        if node is None:
            return UNKNOWN
        if id(node) not in self.found:
            self.found[id(node)] = UNKNOWN  # a cycle cannot happen; a guard all the same
            self.found[id(node)] = self._family(node)
        return self.found[id(node)]

    def _family(self, node: exp.Expr) -> str:
        if isinstance(node, (exp.Cast, exp.TryCast)):
            return family_of_type(node.to.sql(dialect="duckdb"))
        if isinstance(node, _TRUTHS):
            return BOOLEAN
        if isinstance(node, exp.Literal):
            return TEXT if node.is_string else _of_number(node.name)
        if isinstance(node, exp.Null):
            return NULL
        if isinstance(node, exp.Interval):
            return INTERVAL
        if isinstance(node, exp.Subquery):
            return self._of_subquery(node)
        if isinstance(node, (exp.Div, exp.Pow)):
            return DOUBLE
        if isinstance(node, exp.DPipe):
            return TEXT
        if isinstance(node, exp.Case):
            branches = [branch.args.get("true") for branch in node.args["ifs"]]
            return _widest([self.family(b) for b in [*branches, node.args.get("default")] if b])
        if isinstance(node, exp.If):
            ends = (node.args.get("true"), node.args.get("false"))
            return _widest([self.family(end) for end in ends if end])
        if isinstance(node, _SUMS):
            return self._of_sum(node)
        return self._of_function(node)

    def _of_sum(self, node: exp.Expr) -> str:
        left, right = self.family(node.this), self.family(node.expression)
        if isinstance(node, exp.Sub) and left == right and left in _TIMES:
            return INTEGER if left == DATE else INTERVAL
        if INTERVAL in (left, right) and left != right:
            return ZONED if ZONED in (left, right) else TIMESTAMP
        if left == DATE and right == INTEGER:
            return DATE
        return _widest([left, right])

    def _of_subquery(self, node: exp.Subquery) -> str:
        query = node.this
        while isinstance(query, exp.SetOperation):
            query = query.this
        selects = query.selects if isinstance(query, exp.Query) else []
        return self.family(selects[0]) if len(selects) == 1 else UNKNOWN

    def _of_function(self, node: exp.Expr) -> str:
        row = function_of(node)
        if row is None:  # a bracket, an alias, a window, a filter: what stands inside
            inner = node.this
            return self.family(inner) if isinstance(inner, exp.Expr) else UNKNOWN
        if row.gives is Gives.SAME:
            same = self.family(_argument(node))
            return INTEGER if isinstance(node, exp.Sum) and same == BOOLEAN else same
        if row.gives is Gives.WIDER:
            arguments = [node.this, *node.expressions]
            return _widest([self.family(a) for a in arguments if isinstance(a, exp.Expr)])
        return UNKNOWN if row.gives is Gives.ANY else str(row.gives)


def function_of(node: exp.Expr) -> Function | None:
    """The table's row for a call, None for what is no call."""
    if isinstance(node, exp.Anonymous):
        return BY_NAME.get(node.name.lower())
    return BY_NODE.get(type(node).__name__)


def _argument(node: exp.Expr) -> exp.Expr | None:
    inner = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
    while isinstance(inner, (exp.Distinct, exp.Order)):
        inner = inner.expressions[0] if isinstance(inner, exp.Distinct) else inner.this
    return inner if isinstance(inner, exp.Expr) else None


def _of_number(text: str) -> str:
    if "e" in text.lower():
        return DOUBLE
    return DECIMAL if "." in text else INTEGER


def _widest(found: list[str]) -> str:
    for line in (_WIDTH, _TIMES):
        if all(f in line for f in found) and found:
            return max(found, key=line.index)
    kinds = {f for f in found if f != NULL}
    return kinds.pop() if len(kinds) == 1 else UNKNOWN
