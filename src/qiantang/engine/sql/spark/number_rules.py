"""Numbers: division, rounding and casts as DuckDB computes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from qiantang.engine.sql import families as f
from qiantang.engine.sql.spark import refusals
from qiantang.engine.sql.spark.building import (
    call,
    cast,
    choose,
    compared,
    infinity,
    name_of,
    number,
    text,
    whole,
    wrapped,
)
from qiantang.engine.sql.spark.refusals import NotPortable

Family = Callable[[exp.Expr | None], str]
Rule = Callable[[exp.Expr, Family], exp.Expr | None]
_NUMBERS: Final = (f.INTEGER, f.DECIMAL, f.DOUBLE, f.BOOLEAN, f.NULL)


def known(node: exp.Expr | None, family: Family, written: exp.Expr) -> str:
    """The family of ``node``; refused where it cannot be told."""
    found = family(node)
    if found == f.UNKNOWN:
        raise NotPortable(name_of(written), refusals.TYPE_UNKNOWN)
    return found


def divide(node: exp.Expr, family: Family) -> exp.Expr:
    """DuckDB divides in doubles and gives infinity or NaN for a divisor of zero."""
    above, below = cast(node.this, "DOUBLE"), cast(node.expression, "DOUBLE")
    share = wrapped(exp.Div, above, below)
    if isinstance(_bare(node.expression), exp.Nullif) or (whole(node.expression) or 0) != 0:
        return share
    at_zero = wrapped(exp.Mul, above, infinity())
    return choose(compared(exp.EQ, below, number(0)), at_zero, share)


def divide_whole(node: exp.Expr, family: Family) -> None:
    if {family(node.this), family(node.expression)} - {f.INTEGER, f.NULL}:
        raise NotPortable("//", refusals.WHOLE_NUMBERS)


def round_half(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Doubles are rounded after scaling, as DuckDB does; Spark rounds their shortest decimal."""
    digits = node.args.get("decimals")
    kind = known(node.this, family, node)
    if kind != f.DOUBLE:
        return None
    if digits is None or whole(digits) == 0:
        return call("ROUND", node.this)
    scale = whole(digits)
    if scale is None:
        raise NotPortable("round", refusals.LITERAL_WANTED)
    power = exp.Literal.number(f"{10.0 ** abs(scale):.1f}D")
    away, back = (exp.Mul, exp.Div) if scale > 0 else (exp.Div, exp.Mul)
    scaled = wrapped(away, node.this, power)
    fits = compared(exp.LT, call("ABS", scaled), exp.Literal.number("1E17D"))
    return choose(fits, wrapped(back, call("ROUND", scaled), power), node.this)


def to_double_again(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Spark's ceil and floor of a double are whole numbers; DuckDB's stay doubles."""
    name = "CEIL" if isinstance(node, exp.Ceil) else "FLOOR"
    if node.args.get("decimals"):
        raise NotPortable(name.lower(), refusals.NO_DIGITS)
    if known(node.this, family, node) != f.DOUBLE:
        return None
    return cast(call(name, node.this), "DOUBLE")


def truncate(node: exp.Expr, family: Family) -> exp.Expr:
    if node.args.get("decimals"):
        raise NotPortable("trunc", refusals.NO_DIGITS)
    kind = known(node.this, family, node)
    below = compared(exp.LT, node.this, number(0))
    cut = choose(below, call("CEIL", node.this), call("FLOOR", node.this))
    return cast(cut, "DOUBLE") if kind == f.DOUBLE else cut


def natural_log(node: exp.Expr, family: Family) -> exp.Expr:
    return _log(node.this, call("LN", node.this))


def any_log(node: exp.Expr, family: Family) -> exp.Expr:
    if node.args.get("expression") is None:
        return _log(node.this, call("LOG10", node.this))
    return _log(node.expression, call("LOG", node.this, node.expression))


def _log(of: exp.Expr, result: exp.Expr) -> exp.Expr:
    """Spark gives null at zero and below; DuckDB minus infinity and NaN."""
    small = choose(compared(exp.EQ, of, number(0)), _minus_infinity(), cast(text("NaN"), "DOUBLE"))
    return choose(compared(exp.LTE, of, number(0)), small, result)


def _minus_infinity() -> exp.Expr:
    return cast(text("-Infinity"), "DOUBLE")


def sign(node: exp.Expr, family: Family) -> exp.Expr:
    return cast(call("SIGN", node.this), "INT")


def is_nan(node: exp.Expr, family: Family) -> exp.Expr:
    """Null stays null; Spark would say false."""
    missing = exp.Is(this=node.this.copy(), expression=exp.Null())
    return choose(missing, exp.Null(), call("ISNAN", node.this))


def is_infinite(node: exp.Expr, family: Family) -> exp.Expr:
    return exp.paren(compared(exp.EQ, call("ABS", node.this), infinity()))


def convert(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Casts round to whole numbers; Spark's would cut, or read other forms of text."""
    attempt = isinstance(node, exp.TryCast)
    wanted = f.family_of_type(node.args["to"].sql(dialect="duckdb"))
    given = family(node.this)
    target = node.args["to"].sql(dialect="spark")
    if wanted == f.INTEGER and given not in (f.INTEGER, f.BOOLEAN, f.NULL):
        return _to_whole(node, known(node.this, family, node), target)
    if wanted == f.TEXT and known(node.this, family, node) == f.DOUBLE:
        raise NotPortable(name_of(node), refusals.DOUBLE_TEXT)
    if wanted in (f.DATE, f.TIMESTAMP) and known(node.this, family, node) == f.TEXT:
        return cast(_only_dates(node.this, wanted), target, attempt=attempt)
    return cast(node.this, target, attempt=attempt)


def _to_whole(node: exp.Expr, given: str, target: str) -> exp.Expr:
    attempt = isinstance(node, exp.TryCast)
    if given == f.TEXT:
        read = cast(node.this, "DECIMAL(38, 10)", attempt=attempt)
        return cast(call("ROUND", read), target, attempt=attempt)
    name = "RINT" if given == f.DOUBLE else "ROUND"
    return cast(call(name, node.this), target, attempt=attempt)


_DAY: Final = r"\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_SHAPES: Final = {
    f.DATE: rf"^{_DAY}\s*$",
    f.TIMESTAMP: rf"^{_DAY}([T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?)?\s*$",
}


def _only_dates(node: exp.Expr, wanted: str) -> exp.Expr:
    """Spark would read ``2020`` as the first of January; what DuckDB refuses stays refused."""
    if isinstance(node, exp.Literal) and re.match(_SHAPES[wanted], str(node.this)):
        return text(str(node.this).replace("/", "-"))
    shaped = exp.RegexpLike(this=node.copy(), expression=text(_SHAPES[wanted]))
    same = call("REPLACE", node, text("/"), text("-"))
    return choose(shaped, same, call("CONCAT", text("?"), node))


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


NUMBER_RULES: Final[Mapping[type[exp.Expr], Rule]] = {
    exp.Div: divide,
    exp.IntDiv: divide_whole,
    exp.Round: round_half,
    exp.Ceil: to_double_again,
    exp.Floor: to_double_again,
    exp.Trunc: truncate,
    exp.Ln: natural_log,
    exp.Log: any_log,
    exp.Sign: sign,
    exp.IsInf: is_infinite,
    exp.IsNan: is_nan,
    exp.Cast: convert,
    exp.TryCast: convert,
}
