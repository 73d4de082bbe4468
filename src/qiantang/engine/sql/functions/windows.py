"""Functions over a window of rows."""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.entry import Function, Gives, Kind, Maker

_ = Maker(Kind.WINDOW)

WINDOWS: Final[tuple[Function, ...]] = (
    _.same("row_number", "RowNumber", Gives.INTEGER, "row_number() over (order by id)"),
    _.same("rank", "Rank", Gives.INTEGER, "rank() over (partition by k order by i)"),
    _.same("dense_rank", "DenseRank", Gives.INTEGER, "dense_rank() over (order by i desc)"),
    _.same("percent_rank", "PercentRank", Gives.DOUBLE, "percent_rank() over (order by id)"),
    _.same("cume_dist", "CumeDist", Gives.DOUBLE, "cume_dist() over (order by i)"),
    _.same("ntile", "Ntile", Gives.INTEGER, "ntile(3) over (order by id)"),
    _.same(
        "lag", "Lag", Gives.SAME, "lag(m) over (partition by k order by id)",
        "lag(m, 2, 0.00000000) over (order by id)",
        "lag(m ignore nulls) over (order by id)",
    ),
    _.same("lead", "Lead", Gives.SAME, "lead(s) over (order by id)"),
    _.same(
        "first_value", "FirstValue", Gives.SAME, "first_value(s) over (partition by k order by id)",
        "first_value(m ignore nulls) over (order by id)",
    ),
    _.same(
        "last_value", "LastValue", Gives.SAME, "last_value(s) over (partition by k order by id)",
        "last_value(s) over (order by id rows between unbounded preceding and unbounded following)",
    ),
    _.same("nth_value", "NthValue", Gives.SAME, "nth_value(s, 2) over (order by id)"),
)  # fmt: skip
