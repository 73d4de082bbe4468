"""Functions over a group of rows."""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.entry import (
    APPROXIMATE,
    NO_ORDER,
    NOT_THERE,
    OTHER_FORMULA,
    TIES,
    Function,
    Gives,
    Kind,
    Maker,
)

_ = Maker(Kind.AGGREGATE)

AGGREGATES: Final[tuple[Function, ...]] = (
    _.same(
        "count", "Count", Gives.INTEGER,
        "count(*)", "count(m)", "count(distinct s)", "count(*) filter (where f)",
    ),
    _.same("count_if", "CountIf", Gives.INTEGER, "count_if(f)", "count_if(m > 1)"),
    _.rewritten(
        "sum", "Sum", Gives.SAME,
        "sum(m)", "sum(i)", "sum(d)", "sum(f)", "sum(distinct i)", "sum(m) filter (where f)",
        how="sum(x); sum(cast(x as bigint)) 布尔值 boolean",
    ),
    _.rewritten("avg", "Avg", Gives.DOUBLE, "avg(m)", "avg(i)", how="avg(cast(x as double))"),
    _.same("min", "Min", Gives.SAME, "min(m)", "min(s)", "min(day)", "min(ts)"),
    _.same("max", "Max", Gives.SAME, "max(m)", "max(s)", "max(day)", "max(ts)"),
    _.rewritten(
        "median", "Median", Gives.DOUBLE, "median(i)", "median(d)", "median(cast(m as double))",
        how="percentile(x, 0.5)",
    ),
    _.rewritten(
        "quantile_cont", "PercentileCont", Gives.DOUBLE,
        "quantile_cont(d, 0.9)", "quantile_cont(i, 0.25)",
        "percentile_cont(0.5) within group (order by d)",
        how="percentile(x, p)",
    ),
    _.rewritten(
        "quantile_disc", "PercentileDisc", Gives.SAME,
        "quantile_disc(i, 0.5)", "percentile_disc(0.9) within group (order by d)",
        how="percentile_disc(p) within group (order by x)",
    ),
    _.duckdb_only("quantile", "Quantile", Gives.SAME, "quantile(i, 0.5)", why=NOT_THERE),
    _.same("stddev", "Stddev", Gives.DOUBLE, "stddev(d)"),
    _.same("stddev_pop", "StddevPop", Gives.DOUBLE, "stddev_pop(d)"),
    _.same("stddev_samp", "StddevSamp", Gives.DOUBLE, "stddev_samp(i)"),
    _.same("var_samp", "Variance", Gives.DOUBLE, "var_samp(d)", "variance(d)"),
    _.same("var_pop", "VariancePop", Gives.DOUBLE, "var_pop(d)"),
    _.rewritten(
        "arg_max", "ArgMax", Gives.SAME, "arg_max(s, id)", "arg_max(m, id)",
        how="max_by(x, if(x is null, null, y))",
    ),
    _.rewritten(
        "arg_min", "ArgMin", Gives.SAME, "arg_min(s, id)", "arg_min(day, id)",
        how="min_by(x, if(x is null, null, y))",
    ),
    _.duckdb_only("first", "First", Gives.SAME, "first(i)", why=NO_ORDER),
    _.duckdb_only("last", "Last", Gives.SAME, "last(i)", why=NO_ORDER),
    _.duckdb_only("any_value", "AnyValue", Gives.SAME, "any_value(i)", why=NO_ORDER),
    _.duckdb_only("mode", "Mode", Gives.SAME, "mode(i)", why=TIES),
    _.same("corr", "Corr", Gives.DOUBLE, "corr(d, id)"),
    _.same("covar_pop", "CovarPop", Gives.DOUBLE, "covar_pop(d, id)"),
    _.same("covar_samp", "CovarSamp", Gives.DOUBLE, "covar_samp(d, id)"),
    _.same("bool_and", "LogicalAnd", Gives.BOOLEAN, "bool_and(f)", "bool_and(id > 0)"),
    _.same("bool_or", "LogicalOr", Gives.BOOLEAN, "bool_or(f)"),
    _.rewritten(
        "string_agg", "GroupConcat", Gives.TEXT, "string_agg(s, '、' order by id)",
        "string_agg(s, ',' order by id desc)",
        how="listagg(x, sep) within group (order by y)",
    ),
    _.same("regr_slope", "RegrSlope", Gives.DOUBLE, "regr_slope(d, id)"),
    _.same("regr_intercept", "RegrIntercept", Gives.DOUBLE, "regr_intercept(d, id)"),
    _.same("regr_r2", "RegrR2", Gives.DOUBLE, "regr_r2(d, id)"),
    _.same("regr_count", "RegrCount", Gives.INTEGER, "regr_count(d, id)"),
    _.same("regr_avgx", "RegrAvgx", Gives.DOUBLE, "regr_avgx(d, id)"),
    _.same("regr_avgy", "RegrAvgy", Gives.DOUBLE, "regr_avgy(d, id)"),
    _.same("regr_sxx", "RegrSxx", Gives.DOUBLE, "regr_sxx(d, id)"),
    _.same("regr_sxy", "RegrSxy", Gives.DOUBLE, "regr_sxy(d, id)"),
    _.same("regr_syy", "RegrSyy", Gives.DOUBLE, "regr_syy(d, id)"),
    _.duckdb_only(
        "approx_count_distinct", "ApproxDistinct", Gives.INTEGER, "approx_count_distinct(i)",
        why=APPROXIMATE,
    ),
    _.duckdb_only("kurtosis", "Kurtosis", Gives.DOUBLE, "kurtosis(d)", why=OTHER_FORMULA),
    _.duckdb_only("kurtosis_pop", "", Gives.DOUBLE, "kurtosis_pop(d)", why=OTHER_FORMULA),
    _.duckdb_only("skewness", "Skewness", Gives.DOUBLE, "skewness(d)", why=OTHER_FORMULA),
    _.duckdb_only("entropy", "", Gives.DOUBLE, "entropy(i)", why=NOT_THERE),
    _.duckdb_only("product", "", Gives.DOUBLE, "product(d)", why=NOT_THERE),
    _.duckdb_only("geomean", "", Gives.DOUBLE, "geomean(abs(d) + 1)", why=NOT_THERE),
    _.duckdb_only("mad", "", Gives.SAME, "mad(d)", why=NOT_THERE),
    _.duckdb_only("fsum", "", Gives.DOUBLE, "fsum(d)", why=NOT_THERE),
    _.duckdb_only("kahan_sum", "", Gives.DOUBLE, "kahan_sum(d)", why=NOT_THERE),
    _.duckdb_only("favg", "", Gives.DOUBLE, "favg(d)", why=NOT_THERE),
)  # fmt: skip
