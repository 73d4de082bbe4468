"""Kinds of problems of meaning: validity, resources, plans, SQL and rows."""

from __future__ import annotations

from typing import Final

from qiantang.packkit.kinds_of_form import Rows

MEANING: Final[Rows] = [
    (
        "validity_reversed",
        "失效日期 {found} 早于生效日期 {first}。",
        "valid_to {found} is before valid_from {first}.",
        "valid_to 是有效期的最后一天。",
        "valid_to is the last day in force.",
    ),
    (
        "validity_overlap",
        "“{found}”的有效期与第 {first} 行重叠。",
        'The validity of "{found}" overlaps that of row {first}.',
        "请在新一行生效的前一天结束旧的一行。",
        "End the old row on the day before the new one begins.",
    ),
    (
        "parent_unknown",
        "上级代码“{found}”不在本代码表中。",
        'The parent "{found}" is not in this list.',
        "请先列出上级代码。",
        "List the parent too.",
    ),
    (
        "parent_cycle",
        "上级关系成环：{found}。",
        "Parents form a cycle: {found}.",
        "请改正其中一个上级代码。",
        "Correct one of the parents.",
    ),
    (
        "grain_not_a_field",
        "粒度“{found}”不是本资源的字段。",
        'The grain "{found}" is not a field of this resource.',
        "本资源的字段：{expected}。",
        "Fields of this resource: {expected}.",
    ),
    (
        "fields_missing",
        "资源没有字段。",
        "The resource has no fields.",
        "请至少声明一个字段。",
        "Declare at least one field.",
    ),
    (
        "option_misplaced",
        "“{found}”不适用于 {type} 类型的字段。",
        '"{found}" does not apply to a field of type {type}.',
        "请删除它或更改类型。",
        "Remove it or change the type.",
    ),
    (
        "code_without_list",
        "代码字段“{found}”未指明代码表。",
        'The code field "{found}" names no code list.',
        '请以 codes = "领域包.代码表" 指明。',
        'Name it with codes = "pack.list".',
    ),
    (
        "pattern_invalid",
        "正则表达式有误：{reason}。",
        "The pattern is not valid: {reason}.",
        "请改正正则表达式。",
        "Correct the regular expression.",
    ),
    (
        "range_reversed",
        "下限 {low} 大于上限 {high}。",
        "The low end {low} is above {high}.",
        "请对调或改正。",
        "Swap or correct them.",
    ),
    (
        "conditions_missing",
        "有条件共享的资源必须写明条件。",
        "A resource shared on conditions must state them.",
        "请补上 conditions。",
        "Add conditions.",
    ),
    (
        "open_conflict",
        "资源不能开放：{reason}。",
        "The resource cannot be open: {reason}.",
        "请设 open = false，或更改分类。",
        "Set open = false, or change the classification.",
    ),
    (
        "observation_field_missing",
        "观测值资源缺少字段“{found}”。",
        'A resource of observations needs the field "{found}".',
        "必需的字段：{expected}。",
        "Required fields: {expected}.",
    ),
]

PLANS: Final[Rows] = [
    (
        "due_reversed",
        "期限 {found} 早于 {first}。",
        "The deadline {found} is before {first}.",
        "请核对期限。",
        "Check the deadline.",
    ),
    (
        "figures_mismatch",
        "比较方式“{comparator}”需要 {expected}。",
        'The comparator "{comparator}" needs {expected}.',
        "单侧与相等用 value；区间用 low 和 high。",
        "Use value for one-sided, equal and about; low and high for range.",
    ),
    (
        "comparator_missing",
        "定量目标必须写明 comparator。",
        "A quantity target needs a comparator.",
        "可用：{expected}。",
        "Use one of: {expected}.",
    ),
    (
        "kind_mismatch",
        "“{found}”不适用于 {kind} 类目标。",
        '"{found}" does not apply to a target of kind {kind}.',
        "请删除它，或更改 kind。",
        "Remove it, or change kind.",
    ),
    (
        "milestone_unproved",
        "里程碑有指标证据，却没有 reached_when。",
        "The milestone has an indicator as evidence but no reached_when.",
        "请写明指标达到多少即视为达成，或删除证据。",
        "Say at which figure it is reached, or remove the evidence.",
    ),
    (
        "direction_conflict",
        "方向“{found}”与比较方式“{comparator}”矛盾。",
        'The direction "{found}" contradicts the comparator "{comparator}".',
        "请改正其一，或省略 direction。",
        "Correct one of them, or leave direction out.",
    ),
    (
        "reason_missing",
        "关系为“{found}”的证据必须用中英文说明理由。",
        'Evidence with the relation "{found}" must say why, in both languages.',
        "请补上 zh 和 en。",
        "Add zh and en.",
    ),
    (
        "norm_not_positive",
        "规则所用的规范值“{found}”为负数或过大。",
        'The norm "{found}" used by a rule is negative or too large.',
        "容差是 0 到 1 之间的相对值。",
        "A tolerance is a share between 0 and 1.",
    ),
    (
        "targets_missing",
        "规划没有目标。",
        "The plan has no targets.",
        "请至少声明一个 [[targets]]。",
        "Declare at least one [[targets]].",
    ),
    (
        "base_not_before_due",
        "基期 {found} 年不早于期限。",
        "The base year {found} is not before the deadline.",
        "请核对基期。",
        "Check the base year.",
    ),
]

SQL: Final[Rows] = [
    (
        "sql_header_missing",
        "缺少头部“{found}”。",
        'The header "{found}" is missing.',
        "头部写在查询之前，每行一项。",
        "Headers come before the query, one a line.",
    ),
    (
        "sql_header_unknown",
        "不认识的头部“{found}”。",
        'Unknown header "{found}".',
        "可用的头部：{expected}。",
        "Headers allowed: {expected}.",
    ),
    ("sql_empty", "没有查询语句。", "There is no query.", "请写一个 select。", "Write one select."),
    (
        "sql_not_select",
        "语句以“{found}”开头。",
        'The statement begins with "{found}".',
        "只允许一个 select（可用 with 开头）。",
        "Only one select is allowed (it may begin with with).",
    ),
    (
        "sql_many_statements",
        "只允许一条语句。",
        "Only one statement is allowed.",
        "请删去分号之后的内容。",
        "Remove what follows the semicolon.",
    ),
    ("sql_unclosed", "{what}没有结束。", "{what} is not closed.", "请补上结束符号。", "Close it."),
    (
        "sql_table_unknown",
        "没有可查询的资源“{found}”。",
        'There is no resource "{found}" to query.',
        "可用的资源：{expected}。",
        "Resources at hand: {expected}.",
    ),
    (
        "sql_no_resource",
        "查询没有用到任何资源。",
        "The query uses no resource.",
        "请从声明的资源取数。",
        "Select from a declared resource.",
    ),
    ("sql_refused", "{reason}", "{reason}", "请改正查询。", "Correct the query."),
]

ROWS: Final[Rows] = [
    (
        "row_required",
        "必填字段“{field}”为空。",
        'The required field "{field}" is empty.',
        "请填写。",
        "Fill it.",
    ),
    (
        "row_type",
        "“{found}”不是{expected}。",
        '"{found}" is not {expected}.',
        "请改正。",
        "Correct it.",
    ),
    (
        "row_code",
        "“{found}”不在代码表 {list} 中{when}。",
        '"{found}" is not in the code list {list}{when}.',
        "请使用有效的代码。",
        "Use a code in force.",
    ),
    (
        "row_range",
        "{found} 超出范围（{low} 至 {high}）。",
        "{found} is out of range ({low} to {high}).",
        "请核对数值。",
        "Check the figure.",
    ),
    (
        "row_pattern",
        "“{found}”不符合格式 {expected}。",
        '"{found}" does not match {expected}.',
        "请改正。",
        "Correct it.",
    ),
    (
        "row_value",
        "“{found}”不在允许的值中。",
        '"{found}" is not an allowed value.',
        "可用的值：{expected}。",
        "Use one of: {expected}.",
    ),
    (
        "row_repeated",
        "与第 {first} 行的键相同：{found}。",
        "The same key as row {first}: {found}.",
        "按粒度每个键只能有一行。",
        "The grain allows one row for each key.",
    ),
    (
        "row_indicator_unit",
        "单位“{found}”与指标 {indicator} 的单位“{expected}”不可比。",
        'The unit "{found}" cannot be compared with "{expected}" of the indicator {indicator}.',
        "请核对单位。",
        "Check the unit.",
    ),
    (
        "rows_more",
        "还有 {count} 处问题未列出。",
        "{count} more problem(s) are not listed.",
        "请先改正以上问题。",
        "Correct the ones above first.",
    ),
]
