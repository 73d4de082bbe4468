"""Kinds of problems of form: files, keys, columns, ids and references."""

from __future__ import annotations

from typing import Final

Rows = list[tuple[str, str, str, str, str]]
"""Code without its prefix, sentence zh and en, next step zh and en."""

FILES: Final[Rows] = [
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
        "TOML 语法错误：{cause}（解析器原文：{reason}）。",
        "TOML syntax error: {cause} (the parser says: {reason}).",
        "请对照 toml.io 检查引号、括号和重复的键。",
        "Check quotes, brackets and repeated keys; see toml.io.",
    ),
    (
        "broken_csv",
        "CSV 格式错误：{cause}（解析器原文：{reason}）。",
        "CSV error: {cause} (the parser says: {reason}).",
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
        "folder_is_file",
        "“{found}”应为文件夹，实为文件，不会被读取。",
        '"{found}" should be a folder; it is a file and would be ignored.',
        "请删除此文件，或改名后放入同名文件夹。",
        "Remove the file, or put it into a folder of that name.",
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

SHAPE: Final[Rows] = [
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

IDS: Final[Rows] = [
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

REFERENCES: Final[Rows] = [
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
