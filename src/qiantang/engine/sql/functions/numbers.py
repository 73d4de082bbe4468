"""Functions on numbers, and those that choose between values."""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.entry import NOT_THERE, Function, Gives, Kind, Maker

_ = Maker(Kind.SCALAR)

NUMBERS: Final[tuple[Function, ...]] = (
    _.same("abs", "Abs", Gives.SAME, "abs(m)", "abs(i)", "abs(d)"),
    _.rewritten(
        "round", "Round", Gives.SAME, "round(m, 1)", "round(m)", "round(d, 2)", "round(d)",
        "round(i / 7, 2)", how="round(x, n); round(x * 10^n) / 10^n 双精度 double",
    ),
    _.rewritten("ceil", "Ceil", Gives.SAME, "ceil(m)", "ceil(d)", how="cast(ceil(x) as double)"),
    _.rewritten(
        "floor", "Floor", Gives.SAME, "floor(m)", "floor(d)", how="cast(floor(x) as double)"
    ),
    _.rewritten(
        "trunc", "Trunc", Gives.SAME, "trunc(m)", "trunc(d)", how="if(x < 0, ceil(x), floor(x))"
    ),
    _.same("sqrt", "Sqrt", Gives.DOUBLE, "sqrt(abs(i))", "sqrt(abs(m))"),
    _.same("cbrt", "Cbrt", Gives.DOUBLE, "cbrt(d)"),
    _.same("exp", "Exp", Gives.DOUBLE, "exp(d / 100)"),
    _.rewritten(
        "ln", "Ln", Gives.DOUBLE, "ln(abs(d) + 1)", how="ln(x); -Infinity 零 zero"
    ),
    _.rewritten(
        "log", "Log", Gives.DOUBLE, "log(abs(d) + 1)", "log(2, abs(d) + 1)",
        how="log10(x); log(b, x)",
    ),
    _.rewritten("pow", "Pow", Gives.DOUBLE, "pow(d, 2)", "i ** 2", how="power(x, y)"),
    _.rewritten("sign", "Sign", Gives.INTEGER, "sign(m)", "sign(d)", how="cast(sign(x) as int)"),
    _.same("pi", "Pi", Gives.DOUBLE, "pi()"),
    _.same("degrees", "Degrees", Gives.DOUBLE, "degrees(d)"),
    _.same("radians", "Radians", Gives.DOUBLE, "radians(d)"),
    _.same("greatest", "Greatest", Gives.WIDER, "greatest(i, 3)", "greatest(m, 1.5)"),
    _.same("least", "Least", Gives.WIDER, "least(i, 3)", "least(day, date '2020-02-29')"),
    _.rewritten(
        "isnan", "IsNan", Gives.BOOLEAN, "isnan(d)", how="if(x is null, null, isnan(x))"
    ),
    _.rewritten("isinf", "IsInf", Gives.BOOLEAN, "isinf(d / i)", how="abs(x) = Infinity"),
    _.duckdb_only("isfinite", "", Gives.BOOLEAN, "isfinite(d)", why=NOT_THERE),
    _.duckdb_only("even", "", Gives.DOUBLE, "even(d)", why=NOT_THERE),
    _.duckdb_only("gcd", "", Gives.INTEGER, "gcd(i, 6)", why=NOT_THERE),
    _.duckdb_only("lcm", "", Gives.INTEGER, "lcm(i, 6)", why=NOT_THERE),
    _.duckdb_only("xor", "BitwiseXor", Gives.INTEGER, "xor(i, 3)", why=NOT_THERE),
    _.same("coalesce", "Coalesce", Gives.WIDER, "coalesce(s, '无')", "coalesce(m, i, 0)"),
    _.same("nullif", "Nullif", Gives.SAME, "nullif(i, 0)", "nullif(s, '')"),
    _.same("if", "If", Gives.WIDER, "if(f, i, 0)"),
)  # fmt: skip
