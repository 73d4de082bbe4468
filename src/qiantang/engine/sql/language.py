"""The allowed language: node classes of the parse tree and the table of functions; no more.

Names are those of sqlglot's classes, so that a construct which a later version of the parser
learns is refused until it is named here.
"""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions import FUNCTIONS

MOST_CHARACTERS: Final = 20_000
MOST_REPEATED: Final = 1000
"""How long `repeat`, `lpad` and `rpad` may make a text, or how often: nobody's answer needs more,
and no limit of an engine holds while one of them is at work."""
MOST_NODES: Final = 5_000
MOST_NESTED: Final = 60


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRUCTURE: Final = _words(
    """
    Select From Join Where Group Having Order Ordered Limit Offset Distinct Qualify Window
    WindowSpec Windows With CTE Subquery Union Intersect Except Table TableAlias Identifier
    Column Alias Aliases Star Literal Boolean Null Paren Tuple Filter Cube Rollup
    GroupingSets DataType DataTypeParam Var Interval WithinGroup IgnoreNulls RespectNulls
    Values
    """
)
OPERATORS: Final = _words(
    """
    And Or Not EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Add Sub Mul Div IntDiv Mod Neg
    Pow In Between Is Like ILike Escape DPipe Any All Exists Case If Cast TryCast Xor
    SimilarTo RegexpLike BitwiseAnd BitwiseOr
    """
)
NODES: Final = frozenset(function.node for function in FUNCTIONS if function.node)
ANONYMOUS: Final = frozenset(function.name for function in FUNCTIONS if not function.node)
ALLOWED: Final = STRUCTURE | OPERATORS | NODES
