"""Text: positions, white space, patterns and joining as DuckDB does them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from qiantang.engine.sql import families as f
from qiantang.engine.sql.spark import refusals
from qiantang.engine.sql.spark.building import (
    call,
    cast,
    choose,
    compared,
    constant,
    name_of,
    number,
    text,
    whole,
)
from qiantang.engine.sql.spark.number_rules import Family, Rule, known
from qiantang.engine.sql.spark.patterns import first_match, java_pattern, java_replacement
from qiantang.engine.sql.spark.refusals import NotPortable

SPACE: Final = r"[\p{Zs}]+"
"""White space to DuckDB's trim: also the full-width blank and the no-break space."""


def trim(node: exp.Expr, family: Family) -> exp.Expr | None:
    side = str(node.args.get("position") or "BOTH").upper()
    if node.args.get("expression") is not None:
        return None
    ends = {"LEADING": f"^{SPACE}", "TRAILING": f"{SPACE}$"}
    pattern = ends.get(side, f"^{SPACE}|{SPACE}$")
    return call("REGEXP_REPLACE", node.this, text(pattern), text(""))


def part(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Position 0 stands before the first character in DuckDB and for the first in Spark."""
    start, length = node.args["start"], node.args.get("length")
    fixed = whole(start)
    rest = [length] if length is not None else []
    if fixed is not None:
        if fixed < 1 and not (fixed < 0 and length is None):
            raise NotPortable("substr", refusals.START_FROM_ONE)
        return call("SUBSTRING", node.this, start, *rest)
    plain = call("SUBSTRING", node.this, start, *rest)
    if length is None:
        return plain
    less = exp.Sub(this=exp.paren(length.copy()), expression=number(1))
    at_zero = call("SUBSTRING", node.this, number(1), less)
    return choose(compared(exp.EQ, start, number(0)), at_zero, plain)


def end(node: exp.Expr, family: Family) -> exp.Expr:
    count = whole(node.expression)
    name = "LEFT" if isinstance(node, exp.Left) else "RIGHT"
    if count is None or count < 0:
        raise NotPortable(name.lower(), refusals.START_FROM_ONE)
    return call(name, node.this, node.expression)


def piece(node: exp.Expr, family: Family) -> exp.Expr:
    index = whole(node.args.get("part_index"))
    if index is None or index == 0:
        raise NotPortable("split_part", refusals.START_FROM_ONE)
    return call("SPLIT_PART", node.this, node.args["delimiter"], node.args["part_index"])


def concat(node: exp.Expr, family: Family) -> exp.Expr:
    """Nulls are left out."""
    pieces = [
        exp.Coalesce(this=_written(e, family, node), expressions=[text("")])
        for e in node.expressions
    ]
    return call("CONCAT", *pieces)


def concat_with(node: exp.Expr, family: Family) -> exp.Expr:
    separator, *pieces = node.expressions
    return call("CONCAT_WS", separator, *[_written(e, family, node) for e in pieces])


def joined(node: exp.Expr, family: Family) -> exp.Expr:
    left, right = (_written(side, family, node) for side in (node.this, node.expression))
    return exp.paren(exp.DPipe(this=left, expression=right))


def _written(node: exp.Expr, family: Family, whole_node: exp.Expr) -> exp.Expr:
    kind = known(node, family, whole_node)
    if kind == f.DOUBLE:
        raise NotPortable(name_of(whole_node), refusals.DOUBLE_TEXT)
    return node.copy() if kind == f.TEXT else cast(node, "STRING")


def extract_match(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = _pattern(node, node.args.get("parameters"))
    group = node.args.get("group")
    if group is not None and whole(group) is None:
        raise NotPortable("regexp_extract", refusals.LITERAL_WANTED)
    return call("REGEXP_EXTRACT", node.this, text(pattern), group or number(0))


def replace_match(node: exp.Expr, family: Family) -> exp.Expr:
    """DuckDB replaces the first match unless told ``g``, and writes groups as ``\\1``."""
    options = node.args.get("modifiers")
    flags = constant(options, node) if options is not None else ""
    pattern = _pattern(node, text(flags.replace("g", "")))
    replacement = constant(node.args.get("replacement"), node)
    if "g" in flags:
        return _replaced(node.this, pattern, java_replacement(replacement, 0))
    first, groups_before = first_match(pattern)
    return _replaced(node.this, first, "$1" + java_replacement(replacement, groups_before))


def _replaced(of: exp.Expr, pattern: str, replacement: str) -> exp.Expr:
    return call("REGEXP_REPLACE", of, text(pattern), text(replacement))


def matches(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = _pattern(node, node.args.get("flag"))
    return exp.RegexpLike(this=node.this.copy(), expression=text(pattern))


def similar(node: exp.Expr, family: Family) -> exp.Expr:
    pattern = java_pattern(constant(node.expression, node), "")
    return exp.RegexpLike(this=node.this.copy(), expression=text(rf"\A(?:{pattern})\z"))


def _pattern(node: exp.Expr, flags: exp.Expr | None) -> str:
    options = constant(flags, node) if flags is not None else ""
    if set(options) - set("cis"):
        raise NotPortable(name_of(node), refusals.OPTION)
    return java_pattern(constant(node.expression, node), options)


def like(node: exp.Expr, family: Family) -> None:
    """A backslash is an ordinary character to DuckDB; Spark would take it as an escape."""
    pattern = node.expression
    if isinstance(node.parent, exp.Escape) or isinstance(pattern, exp.Escape):
        return
    if isinstance(pattern, exp.Literal):
        pattern.replace(text(str(pattern.this).replace("\\", "\\\\")))
    else:
        node.set("expression", call("REPLACE", pattern, text("\\"), text("\\\\")))


TEXT_RULES: Final[Mapping[type[exp.Expr], Rule]] = {
    exp.Trim: trim,
    exp.Substring: part,
    exp.Left: end,
    exp.Right: end,
    exp.SplitPart: piece,
    exp.Concat: concat,
    exp.ConcatWs: concat_with,
    exp.DPipe: joined,
    exp.RegexpExtract: extract_match,
    exp.RegexpReplace: replace_match,
    exp.RegexpLike: matches,
    exp.SimilarTo: similar,
    exp.Like: like,
    exp.ILike: like,
}
