"""The allowed language: node classes of the parse tree and function names. All else is refused.

Names are those of sqlglot's classes, so that a construct which a later version of the parser
learns is refused until it is named here.
"""

from __future__ import annotations

from typing import Final

MOST_CHARACTERS: Final = 20_000
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
FUNCTIONS: Final = _words(
    """
    Count CountIf Sum Avg Min Max Median Quantile PercentileCont PercentileDisc Stddev
    StddevPop StddevSamp Variance VariancePop ArgMax ArgMin First Last AnyValue Mode Corr
    CovarPop CovarSamp LogicalAnd LogicalOr GroupConcat ApproxDistinct Kurtosis Skewness
    RegrSlope RegrIntercept RegrR2 Entropy Product RowNumber Rank DenseRank PercentRank
    CumeDist Ntile Lag Lead FirstValue LastValue NthValue Abs Round Ceil Floor Trunc Sqrt
    Exp Ln Log Sign Greatest Least Power Cbrt Pi Degrees Radians Coalesce Nullif Lower Upper
    Trim Length Substring Left Right Concat ConcatWs Replace StartsWith EndsWith Contains
    StrPosition Pad Reverse SplitPart RegexpExtract RegexpReplace Initcap Unicode Repeat
    Translate Extract Year Month Day Quarter Week DayOfWeek DayOfYear DateTrunc
    TimestampTrunc DateDiff DateAdd DateSub TsOrDsAdd TsOrDsToDate Date LastDay MakeDate
    DateFromParts StrToTime TimeToStr StrToDate TimestampFromParts Hour Minute Second IsNan
    IsInf
    """
)
ANONYMOUS: Final = _words(
    """
    fsum favg kahan_sum product geomean trunc even gcd lcm isfinite monthname dayname year
    month day quarter make_date date_part datepart century decade regr_count regr_avgx
    regr_avgy regr_sxx regr_sxy regr_syy skewness kurtosis kurtosis_pop entropy mad bool_and
    bool_or list_position format_number try_strptime
    """
)
ALLOWED: Final = STRUCTURE | OPERATORS | FUNCTIONS
