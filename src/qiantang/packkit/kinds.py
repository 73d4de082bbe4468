"""Every kind of problem that the checker can find, as data: code, sentence and next step.

A code is for ever: it is never renamed or given to something else. The tests break a pack once
for each row of this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Templates whose named fields `Findings.add` fills."""

    code: str
    text: Text
    hint: Text


def _table(rows: list[tuple[str, str, str, str, str]]) -> dict[str, ProblemKind]:
    return {
        f"pack.{code}": ProblemKind(f"pack.{code}", Text(zh, en), Text(hint_zh, hint_en))
        for code, zh, en, hint_zh, hint_en in rows
    }


_FILES: Final = [
    (
        "folder_missing",
        "“{found}”不是文件夹。",
        '"{found}" is not a folder.',
        "请给出含有 pack.toml 的文件夹。",
        "Give the folder that holds pack.toml.",
    ),
    (
        "manifest_missing",
        "缺少 pack.toml。",
        "There is no pack.toml.",
        "请在文件夹根部建立 pack.toml。",
        "Write pack.toml at the root of the folder.",
    ),
    (
        "file_unreadable",
        "无法读取：{reason}。",
        "The file cannot be read: {reason}.",
        "请检查文件权限。",
        "Check the permissions of the file.",
    ),
    (
        "file_empty",
        "文件为空。",
        "The file is empty.",
        "请写入内容，或删除此文件。",
        "Fill it, or remove it.",
    ),
    (
        "file_too_large",
        "文件有 {found} 字节，超过上限 {limit} 字节。",
        "The file has {found} bytes; the limit is {limit}.",
        "请拆分；大量数据应报送而不是放在领域包内。",
        "Split it; large data are to be delivered, not shipped in a pack.",
    ),
    (
        "not_utf8",
        "文件不是 UTF-8 编码。",
        "The file is not UTF-8.",
        "{guess}请另存为“UTF-8（无 BOM）”。",
        "{guess}Save it as UTF-8 without a byte order mark.",
    ),
    (
        "byte_order_mark",
        "文件开头有 BOM（字节顺序标记）。",
        "The file begins with a byte order mark.",
        "请另存为“UTF-8（无 BOM）”。",
        "Save it as UTF-8 without a byte order mark.",
    ),
    (
        "broken_toml",
        "TOML 语法错误：{reason}。",
        "TOML syntax error: {reason}.",
        "请对照 toml.io 检查引号、括号和重复的键。",
        "Check quotes, brackets and repeated keys; see toml.io.",
    ),
    (
        "broken_csv",
        "CSV 格式错误：{reason}。",
        "CSV error: {reason}.",
        "请检查引号是否成对。",
        "Check that quotes are closed.",
    ),
    (
        "unexpected_file",
        "“{folder}”文件夹只读取 {expected} 文件，不会读取“{found}”。",
        'The folder "{folder}" is read for {expected} files only; "{found}" would be ignored.',
        "请更改文件名，或移走此文件。",
        "Rename the file or move it away.",
    ),
    (
        "folder_unknown",
        "文件夹“{found}”不属于领域包。",
        'A pack has no folder "{found}".',
        "可用的文件夹：{expected}。",
        "The folders of a pack: {expected}.",
    ),
    (
        "folder_not_supported",
        "本版本不读取“{found}”文件夹。",
        'This version does not read the folder "{found}".',
        "请移走该文件夹，以免误以为其已生效。",
        "Move it away, so that nobody believes it has effect.",
    ),
]

_SHAPE: Final = [
    (
        "key_unknown",
        "不认识的键“{found}”。",
        'Unknown key "{found}".',
        "此处可用的键：{expected}。",
        "Keys allowed here: {expected}.",
    ),
    ("key_missing", "缺少键“{found}”。", 'The key "{found}" is missing.', "请补上。", "Add it."),
    (
        "type_wrong",
        "“{key}”应为{expected}，而不是{found}。",
        '"{key}" must be {expected}, not {found}.',
        "请改正其值。",
        "Correct the value.",
    ),
    (
        "text_empty",
        "“{key}”不能为空。",
        '"{key}" must not be empty.',
        "请填写内容。",
        "Write the text.",
    ),
    (
        "language_missing",
        "“{key}”缺少{missing}。",
        '"{key}" has no {missing}.',
        "中英文都必须填写。",
        "Both languages are required.",
    ),
    (
        "value_not_allowed",
        "“{key}”的值“{found}”不在允许范围内。",
        '"{found}" is not allowed for "{key}".',
        "可用的值：{expected}。",
        "Use one of: {expected}.",
    ),
    (
        "column_missing",
        "表头缺少“{found}”列。",
        'The header has no column "{found}".',
        "必需的列：{expected}。",
        "Required columns: {expected}.",
    ),
    (
        "column_unknown",
        "不认识的列“{found}”。",
        'Unknown column "{found}".',
        "可用的列：{expected}。",
        "Columns allowed here: {expected}.",
    ),
    (
        "column_repeated",
        "“{found}”列出现两次。",
        'The column "{found}" stands twice.',
        "请改名或删除其中一列。",
        "Rename or remove one of them.",
    ),
    (
        "row_ragged",
        "此行有 {found} 格，表头有 {expected} 列。",
        "This row has {found} cells; the header has {expected} columns.",
        "请检查逗号；含逗号的内容须加引号。",
        "Check the commas; put a cell that holds a comma in quotes.",
    ),
    ("cell_empty", "此格不能为空。", "This cell must not be empty.", "请填写。", "Fill it."),
    (
        "cell_malformed",
        "“{found}”不是{expected}。",
        '"{found}" is not {expected}.',
        "请改正。",
        "Correct it.",
    ),
]

_IDS: Final = [
    (
        "id_malformed",
        "编号“{found}”格式错误。",
        'The id "{found}" is malformed.',
        "应为：{expected}。",
        "It must be {expected}.",
    ),
    (
        "id_not_file_name",
        "编号“{found}”与文件名“{expected}”不一致。",
        'The id "{found}" differs from the file name "{expected}".',
        "请使二者一致。",
        "Make them the same.",
    ),
    (
        "id_repeated",
        "编号“{found}”重复，首次出现在{first}。",
        'The id "{found}" is used twice; first in {first}.',
        "编号永久有效且唯一，请另取。",
        "Ids are unique and for ever; choose another.",
    ),
    (
        "id_taken",
        "编号“{found}”已属于{first}。",
        'The id "{found}" belongs to {first}.',
        "编号永久有效且唯一，请另取。",
        "Ids are unique and for ever; choose another.",
    ),
    (
        "version_malformed",
        "版本号“{found}”格式错误。",
        'The version "{found}" is malformed.',
        "请写成 主.次.修订，如 0.1.0。",
        "Write major.minor.patch, such as 0.1.0.",
    ),
    (
        "cadence_malformed",
        "更新周期“{found}”不是 ISO 8601 时长。",
        'The cadence "{found}" is not an ISO 8601 duration.',
        "如 P1Y（每年）、P3M（每季）、P1M、P1D、PT1H。",
        "Such as P1Y (yearly), P3M (quarterly), P1M, P1D, PT1H.",
    ),
]

_REFERENCES: Final = [
    (
        "requires_missing",
        "所依赖的领域包“{found}”不存在。",
        'The required pack "{found}" is not there.',
        "请安装它，或从 requires 中删去。可用的领域包：{expected}。",
        "Install it or take it out of requires. Packs at hand: {expected}.",
    ),
    (
        "requires_broken",
        "所依赖的领域包“{found}”有误。",
        'The required pack "{found}" is broken.',
        "请先改正该领域包。",
        "Mend that pack first.",
    ),
    (
        "requires_cycle",
        "领域包互相依赖：{found}。",
        "Packs require each other: {found}.",
        "请去掉其中一个依赖。",
        "Take one of these requirements out.",
    ),
    (
        "reference_unknown",
        "没有{kind}“{found}”。",
        'There is no {kind} "{found}".',
        "可用的有：{expected}。",
        "Known here: {expected}.",
    ),
    (
        "reference_undeclared",
        "“{found}”属于领域包“{other}”，但未声明依赖。",
        '"{found}" belongs to the pack "{other}", which is not required.',
        "请在 pack.toml 的 requires 中加入它。",
        "Add it to requires in pack.toml.",
    ),
    (
        "unit_unknown",
        "“{found}”不是已登记的计量单位。",
        '"{found}" is not a registered unit.',
        "可用的单位：{expected}。",
        "Registered units: {expected}.",
    ),
    (
        "unit_incompatible",
        "“{found}”与“{expected}”不是同一类单位。",
        '"{found}" cannot be compared with "{expected}".',
        "请核对指标与目标的单位。",
        "Check the units of the indicator and of the target.",
    ),
    (
        "path_missing",
        "文件“{found}”不存在。",
        'The file "{found}" does not exist.',
        "路径从领域包的文件夹算起。",
        "Paths start at the pack's folder.",
    ),
    (
        "path_outside",
        "“{found}”指向领域包之外。",
        '"{found}" points outside the pack.',
        "请使用领域包内的相对路径。",
        "Use a relative path inside the pack.",
    ),
]

_MEANING: Final = [
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

_PLANS: Final = [
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

_SQL: Final = [
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

_ROWS: Final = [
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

PROBLEM_KINDS: Final[dict[str, ProblemKind]] = _table(
    [*_FILES, *_SHAPE, *_IDS, *_REFERENCES, *_MEANING, *_PLANS, *_SQL, *_ROWS]
)
