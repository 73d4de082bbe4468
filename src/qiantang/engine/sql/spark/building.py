"""Small pieces from which the rules build Spark's expressions."""

from __future__ import annotations

from sqlglot import exp

from qiantang.engine.sql.spark.refusals import LITERAL_WANTED, NotPortable


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call that is written exactly so."""
    return exp.Anonymous(this=name, expressions=[a.copy() for a in arguments])


def cast(node: exp.Expr, kind: str, *, attempt: bool = False) -> exp.Expr:
    wanted = exp.DataType.build(kind, dialect="spark")
    if attempt:
        return exp.TryCast(this=node.copy(), to=wanted, safe=True)
    return exp.Cast(this=node.copy(), to=wanted)


def choose(condition: exp.Expr, yes: exp.Expr, no: exp.Expr) -> exp.Anonymous:
    return call("IF", condition, yes, no)


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def compared(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return kind(this=exp.paren(left.copy()), expression=right.copy())


def wrapped(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Paren:
    """``(left op right)`` with brackets around all, so that it can stand anywhere."""
    return exp.paren(kind(this=exp.paren(left.copy()), expression=exp.paren(right.copy())))


def infinity() -> exp.Expr:
    return cast(text("Infinity"), "DOUBLE")


def constant(node: exp.Expr | None, written: exp.Expr) -> str:
    """The text of a string constant."""
    if isinstance(node, exp.Literal) and node.is_string:
        return str(node.this)
    raise NotPortable(name_of(written), LITERAL_WANTED)


def whole(node: exp.Expr | None) -> int | None:
    """The value of a whole-number constant, None for anything else."""
    if isinstance(node, exp.Neg):
        inner = whole(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Paren):
        return whole(node.this)
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        return int(node.name)
    return None


def name_of(node: exp.Expr) -> str:
    """What the author will recognise: the start of the expression as DuckDB writes it."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    if isinstance(node, exp.Func) and not isinstance(node, (exp.Cast, exp.TryCast)):
        return node.sql(dialect="duckdb").split("(")[0].lower()[:40]
    return node.sql(dialect="duckdb").replace('"', "")[:60]
