"""One row of the table of functions: what it is, what it gives, how Spark computes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qiantang.kernel.text import Text


class Kind(StrEnum):
    """Where the function stands: in every row, over a group, or over a window."""

    SCALAR = "scalar"
    AGGREGATE = "aggregate"
    WINDOW = "window"


class Gives(StrEnum):
    """The family of the result: what Spark needs to know to compute the same.

    ``same``: as the first argument; ``wider``: the widest of the arguments.
    """

    INTEGER = "integer"
    DECIMAL = "decimal"
    DOUBLE = "double"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    SAME = "same"
    WIDER = "wider"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Function:
    """A function as DuckDB writes it.

    ``node``: the parser's class for it, empty where the parser knows only its name. ``examples``
    are run on both engines by the conformance suite, over the columns of its sample table; the
    first is shown in the reference. ``how``: what Spark runs in its place, empty when the same.
    ``why``: the reason when it is for DuckDB alone.
    """

    name: str
    node: str
    kind: Kind
    gives: Gives
    examples: tuple[str, ...]
    how: str = ""
    why: Text | None = None

    @property
    def portable(self) -> bool:
        return self.why is None


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the rows of one kind, so that the table reads as a table."""

    kind: Kind

    def same(self, name: str, node: str, gives: Gives, *examples: str) -> Function:
        return Function(name, node, self.kind, gives, examples)

    def rewritten(self, name: str, node: str, gives: Gives, *examples: str, how: str) -> Function:
        return Function(name, node, self.kind, gives, examples, how)

    def duckdb_only(
        self, name: str, node: str, gives: Gives, example: str, *, why: Text
    ) -> Function:
        return Function(name, node, self.kind, gives, (example,), "", why)


NOT_THERE = Text("Spark 没有相同的函数", "Spark has no such function")
NO_ORDER = Text(
    "各行的先后不确定，结果不唯一；请用 arg_min 或 arg_max",
    "rows have no order, so the answer is not settled; use arg_min or arg_max",
)
TIES = Text("并列时两个引擎取不同的值", "the engines settle ties differently")
APPROXIMATE = Text("近似算法不同，结果不同", "the approximations differ")
OTHER_FORMULA = Text("两个引擎的公式不同", "the engines use different formulas")
"""Reasons for which a function is for DuckDB alone."""
