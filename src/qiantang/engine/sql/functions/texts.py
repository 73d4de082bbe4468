"""Functions on text."""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.entry import NOT_THERE, Function, Gives, Kind, Maker

_ = Maker(Kind.SCALAR)

TEXTS: Final[tuple[Function, ...]] = (
    _.same("lower", "Lower", Gives.TEXT, "lower(s)"),
    _.same("upper", "Upper", Gives.TEXT, "upper(s)"),
    _.rewritten(
        "trim", "Trim", Gives.TEXT, "trim(s)", "ltrim(s)", "rtrim(s)", "trim(s, 'a ')",
        how="regexp_replace(s, '^\\p{Zs}+|\\p{Zs}+$', '')",
    ),
    _.same("length", "Length", Gives.INTEGER, "length(s)"),
    _.rewritten(
        "substr", "Substring", Gives.TEXT, "substr(s, 2, 2)", "substr(s, 3)", "substr(s, -2)",
        "substr(s, i, 2)", how="substring(s, start, n)",
    ),
    _.rewritten("left", "Left", Gives.TEXT, "left(s, 2)", how="left(s, n)"),
    _.rewritten("right", "Right", Gives.TEXT, "right(s, 2)", how="right(s, n)"),
    _.rewritten(
        "concat", "Concat", Gives.TEXT, "concat(s, '-', i)", "concat(k, null, day)",
        how="concat(coalesce(cast(x as string), ''), ...)",
    ),
    _.rewritten("concat_ws", "ConcatWs", Gives.TEXT, "concat_ws('-', s, k, i)",
        how="concat_ws(sep, cast(x as string), ...)"),
    _.same("replace", "Replace", Gives.TEXT, "replace(s, '州', '*')"),
    _.same("starts_with", "StartsWith", Gives.BOOLEAN, "starts_with(s, '杭')"),
    _.same("ends_with", "EndsWith", Gives.BOOLEAN, "ends_with(s, '州')"),
    _.same("contains", "Contains", Gives.BOOLEAN, "contains(s, '州')"),
    _.same("strpos", "StrPosition", Gives.INTEGER, "strpos(s, '州')", "instr(s, 'b')"),
    _.same("lpad", "Pad", Gives.TEXT, "lpad(s, 6, '*')", "rpad(s, 2, '。')"),
    _.same("reverse", "Reverse", Gives.TEXT, "reverse(s)"),
    _.rewritten(
        "split_part", "SplitPart", Gives.TEXT, "split_part(s, ' ', 1)", "split_part(s, '州', 2)",
        how="split_part(s, sep, n)",
    ),
    _.rewritten(
        "regexp_extract", "RegexpExtract", Gives.TEXT, "regexp_extract(s, '[a-z]+')",
        "regexp_extract(s, '(.)州', 1)", how="regexp_extract(s, pattern, group)",
    ),
    _.rewritten(
        "regexp_replace", "RegexpReplace", Gives.TEXT,
        "regexp_replace(s, '(\\d{3})\\d{4}(\\d{4})', '\\1****\\2', 'g')",
        "regexp_replace(s, 'a', 'x')", "regexp_replace(s, '[\\p{Han}]', '$', 'g')",
        "regexp_replace(s, '(b)|(c)', '[\\1\\2]')",
        how="$1, $2 ...; 首个匹配 first match: '(?s)\\A(.*?)(?:pattern)'",
    ),
    _.rewritten(
        "regexp_matches", "RegexpLike", Gives.BOOLEAN, "regexp_matches(s, '^[a-z]')",
        how="s rlike pattern",
    ),
    _.same("unicode", "Unicode", Gives.INTEGER, "unicode(nullif(s, ''))"),
    _.same("repeat", "Repeat", Gives.TEXT, "repeat(s, 2)"),
    _.same("translate", "Translate", Gives.TEXT, "translate(s, '杭州', 'HZ')"),
    _.duckdb_only("regexp_full_match", "RegexpFullMatch", Gives.BOOLEAN,
        "regexp_full_match(s, '[a-z]+')", why=NOT_THERE),
)  # fmt: skip
