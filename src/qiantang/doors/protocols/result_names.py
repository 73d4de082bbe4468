"""What PostgreSQL calls results of a select that nobody named: ``count``, ``sum``, ``?column?``.

The rules are those of its parser (``FigureColname``): a column keeps its name, a function gives
its own, a cast the column's or else the type's, a choice that of its last value or ``case``;
whatever else is ``?column?``. Where PostgreSQL would give two columns one name, the second is
numbered: an answer's records are objects, in which one of them would be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlglot import exp

NAMELESS: Final = "?column?"
_TYPES: Final = {
    "INT": "int4", "BIGINT": "int8", "SMALLINT": "int2", "TINYINT": "int2", "FLOAT": "float4",
    "DOUBLE": "float8", "DECIMAL": "numeric", "BOOLEAN": "bool", "TEXT": "text",
    "VARCHAR": "varchar", "CHAR": "bpchar", "DATE": "date", "TIME": "time",
    "TIMESTAMP": "timestamp", "TIMESTAMPTZ": "timestamptz", "INTERVAL": "interval",
}  # fmt: skip
_FUNCTIONS: Final = {
    "timestamp_trunc": "date_trunc", "datetrunc": "date_trunc", "str_position": "position",
    "approx_distinct": "approx_count_distinct", "group_concat": "string_agg",
    "logical_or": "bool_or", "logical_and": "bool_and", "array_length": "cardinality",
    "pow": "power", "time_to_str": "strftime",
}  # fmt: skip


def name_results(tree: exp.Query) -> None:
    """Give every result of every select that has no name the one that PostgreSQL would give."""
    from sqlglot import exp

    for select in tree.find_all(exp.Select):
        named = [(each, _name(each)) for each in select.expressions]
        taken = {each.alias_or_name.lower() for each, name in named if not name}
        for each, name in named:
            if name:
                final, number = name, 2
                while final.lower() in taken:
                    final, number = f"{name}_{number}", number + 1
                taken.add(final.lower())
                each.replace(exp.alias_(each.copy(), final, quoted=True))


def _name(result: exp.Expression) -> str:
    """The name of a result; empty where it has one already."""
    from sqlglot import exp

    if isinstance(result, exp.Alias | exp.Aliases | exp.Column | exp.Star) or result.is_star:
        return ""
    return _told(result)[0] or NAMELESS


def _told(node: exp.Expression | None) -> tuple[str, bool]:
    """The name that an expression gives, and whether a cast or a choice around it keeps it."""
    from sqlglot import exp

    match node:
        case exp.Column():
            return node.name, True
        case exp.Alias():
            return node.alias, True
        case exp.Cast():
            name, firm = _told(node.this)
            kind = node.to.this
            known = getattr(kind, "value", str(kind)).upper()
            return (name, True) if firm else (_TYPES.get(known, known.lower()), False)
        case exp.Case() | exp.If():
            last = node.args.get("default") or node.args.get("false")
            name, firm = _told(last)
            return (name, True) if firm else ("case", False)
        case exp.Paren() | exp.Window() | exp.Filter() | exp.WithinGroup() | exp.IgnoreNulls():
            return _told(node.this)
        case exp.Bracket() | exp.Collate():
            return _told(node.this)
        case exp.Subquery():
            first = node.this.selects[0] if node.this.selects else None
            return _told(first)
        case exp.Exists():
            return "exists", True
        case exp.Anonymous():
            return node.name.lower(), True
        case exp.And() | exp.Or() | exp.Binary() | exp.Unary():
            return "", False
        case exp.Boolean():
            return "bool", False
        case exp.Func():
            name = node.sql_names()[0].lower()
            return _FUNCTIONS.get(name, name), True
    return "", False
