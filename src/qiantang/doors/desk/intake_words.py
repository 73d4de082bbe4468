"""The desk's words for deliveries and resources: modes explained, rules, dimensions, grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource

MODES: Final[Mapping[str, tuple[Text, Text]]] = {
    "append": (
        Text("追加", "Append"),
        Text(
            "原有的行不动，只增加新行；主键已存在的行会被剔出。",
            "What is there stays; new rows are added. Rows whose key is there already are set "
            "aside.",
        ),
    ),
    "replace": (
        Text("全量替换", "Replace all"),
        Text(
            "用这份文件替换现有的全部行；旧版本仍可按日期查看。",
            "This file takes the place of all rows; earlier versions can still be read by date.",
        ),
    ),
    "upsert": (
        Text("按主键更新", "Update by key"),
        Text(
            "主键相同的行更新，没有的行新增，其余不动。文件可以只有主键和要更新的列，其他列保留原值；"
            "新增的行须有全部必填字段。",
            "Rows with a known key are updated, others added; the rest stays. The file may have "
            "the key and the columns to update alone, others keep their values; new rows need all "
            "required fields.",
        ),
    ),
    "delete": (
        Text("按主键删除", "Delete by key"),
        Text(
            "删除与文件中主键相同的行；文件只需主键列。表中没有的主键逐个列出，不影响其余。",
            "Rows with the keys in the file are deleted; the file needs the key columns only. Keys "
            "that are not there are named one by one and stop nothing.",
        ),
    ),
}
DIMENSIONS: Final[Mapping[str, Text]] = {
    "normativity": Text("规范性", "Normativity"),
    "completeness": Text("完整性", "Completeness"),
    "accuracy": Text("准确性", "Accuracy"),
    "consistency": Text("一致性", "Consistency"),
    "timeliness": Text("时效性", "Timeliness"),
    "accessibility": Text("可访问性", "Accessibility"),
}
HEADER: Final = "heading"
LEFT_OUT: Final[Mapping[str, Text]] = {
    "title": Text("标题", "titles"),
    "blank": Text("空行", "blanks"),
    "total": Text("合计", "totals"),
    "footnote": Text("表尾说明", "notes under the table"),
    "second-table": Text("另一张表", "of another table"),
    "heading-again": Text("重复的表头", "headers repeated"),
}
"""Why rows of a file are no data, in short."""
GRADES: Final[Mapping[str, tuple[Text, str]]] = {
    "excellent": (Text("优", "excellent"), "good"),
    "good": (Text("良", "good"), "good"),
    "fair": (Text("中", "fair"), "warn"),
    "poor": (Text("差", "poor"), "bad"),
}
FRESHNESS: Final[Mapping[str, tuple[Text, str]]] = {
    "fresh": (Text("✓ 按期", "✓ in time"), "good"),
    "overdue": (Text("! 逾期", "! overdue"), "bad"),
    "never": (Text("○ 尚无数据", "○ no data yet"), ""),
    "no-cycle": (Text("不定期", "no fixed cycle"), ""),
}
ENTRY_STATES: Final[Mapping[str, tuple[Text, str]]] = {
    "published": (Text("✓ 已发布", "✓ published"), "good"),
    "draft": (Text("✎ 草稿", "✎ draft"), ""),
    "review": (Text("◷ 审核中", "◷ in review"), "warn"),
    "retired": (Text("↩ 已撤回", "↩ withdrawn"), ""),
    "superseded": (Text("已被取代", "superseded"), ""),
    "discarded": (Text("✕ 已放弃", "✕ discarded"), ""),
}
DUTY_STATES: Final[Mapping[str, tuple[Text, str]]] = {
    "missing": (Text("! 尚未登记", "! not registered"), "bad"),
    "drafted": (Text("✎ 已起草", "✎ drafted"), "warn"),
    "late": (Text("! 数据逾期", "! data overdue"), "warn"),
    "done": (Text("✓ 已登记", "✓ registered"), "good"),
}
WAIVER_STATES: Final[Mapping[str, tuple[Text, str]]] = {
    "in-force": (Text("✓ 生效中", "✓ in force"), "good"),
    "coming": (Text("◷ 未开始", "◷ coming"), ""),
    "expired": (Text("已到期", "expired"), "warn"),
    "withdrawn": (Text("↩ 已撤销", "↩ withdrawn"), ""),
}
PERSONAL: Final[Mapping[str, Text]] = {
    "none": Text("非个人信息", "no personal data"),
    "personal": Text("个人信息", "personal data"),
    "sensitive": Text("敏感个人信息", "sensitive personal data"),
}
RULES: Final[Mapping[str, Text]] = {
    "required": Text("必填项为空", "required, but empty"),
    "required_new": Text("新行缺必填项", "new row lacks what is required"),
    "misshapen": Text("单元格多于表头", "more cells than headings"),
    "broken_line": Text("JSON 记录有误", "broken JSON record"),
    "not_a_number": Text("不是数字", "not a number"),
    "figure_marked": Text("数字带注号", "figure with a mark"),
    "not_whole": Text("不是整数", "not a whole number"),
    "too_many_places": Text("小数位过多", "too many decimal places"),
    "digits_not_kept": Text("有效数字过多", "more digits than can be kept"),
    "rounded": Text("已四舍五入", "rounded"),
    "mark_left_out": Text("已去掉注号", "note mark left out"),
    "number_too_large": Text("数值过大", "number too large"),
    "unit_unfit": Text("计量单位不符", "unit does not fit"),
    "excel_error": Text("公式错误", "formula error"),
    "formula": Text("公式", "formula"),
    "digits_lost": Text("数字被 Excel 改写", "digits lost in Excel"),
    "not_a_date": Text("不是日期", "not a date"),
    "not_a_moment": Text("时刻不存在", "no such time of day"),
    "date_too_coarse": Text("日期不够精确", "date too coarse"),
    "date_two_digit_year": Text("年份只有两位", "year of two digits"),
    "date_ambiguous": Text("日月不分", "day and month unclear"),
    "date_serial": Text("Excel 日期序号", "Excel day number"),
    "date_open_ended": Text("没有截止日期", "no end date"),
    "date_has_time": Text("日期含时刻", "date with a time of day"),
    "not_a_period": Text("不是时期", "not a period"),
    "period_is_week": Text("时期不能是周", "a week is no period"),
    "not_a_boolean": Text("不是“是/否”", "neither yes nor no"),
    "pattern": Text("格式不符", "wrong form"),
    "range": Text("超出范围", "out of range"),
    "values": Text("不是允许值", "value not allowed"),
    "code_unknown": Text("代码不存在", "code unknown"),
    "code_not_in_force": Text("代码当时无效", "code not in force then"),
    "reference": Text("被引用的值不存在", "refers to nothing"),
    "id_form": Text("号码格式不符", "wrong form of number"),
    "id_check_digit": Text("校验码不符", "check character wrong"),
    "id_birth_date": Text("号码中出生日期无效", "birth date in the number wrong"),
    "outside_area": Text("不属于本地", "of another place"),
    "key_elsewhere": Text("他处已报送", "sent by another place"),
    "id_division": Text("号码中区划代码无效", "division in the number wrong"),
    "disagrees": Text("与号码信息不一致", "disagrees with the number"),
    "check": Text("不满足规则", "rule does not hold"),
    "repeated": Text("重复行", "repeated row"),
    "key_conflict": Text("主键相同而内容不同", "same key, other content"),
    "not_unique": Text("值重复", "value repeated"),
    "key_exists": Text("主键已入库", "key published already"),
    "key_absent": Text("要删除的主键不在表中", "key to delete is not there"),
    "key_newer": Text("主键已有之后的数据", "later data has the key"),
    "sql_check": Text("未通过检查", "found by a check"),
}


def rule_name(resource: Resource | None, rule: str, code: str) -> Text:
    """A rule in a few words: the declared check's name, else what its kind is called."""
    if resource is not None and code in ("check", "sql_check"):
        found = next((c for c in resource.checks if c.id == rule), None)
        if found is not None:
            return found.name
    return RULES.get(code, Text(rule, rule))
