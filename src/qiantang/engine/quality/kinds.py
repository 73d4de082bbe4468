"""Every kind of problem: its code for ever, its dimension, what is wrong and how to mend it.

``{found}`` is the value as it was sent, ``{expected}`` what would be right, ``{field}`` the
field's name. A kind's code also ends the name of its rule: ``birth.not_a_date``.
"""
# ruff: noqa: E501 - texts and patterns stand on one line each

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Dimension

_NORM, _FULL, _TRUE, _SAME = (
    Dimension.NORMATIVITY,
    Dimension.COMPLETENESS,
    Dimension.ACCURACY,
    Dimension.CONSISTENCY,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem of a value or a row."""

    code: str
    dimension: Dimension
    text: Text
    hint: Text


def _kind(code: str, dimension: Dimension, text: tuple[str, str], hint: tuple[str, str]) -> Kind:
    return Kind(code, dimension, Text(*text), Text(*hint))


_ALL: Final = (
    _kind("required", _FULL,
          ("“{field}”为必填项，这里是空的", '"{field}" is required and is empty here'),
          ("请补填。", "Fill it in.")),
    _kind("required_new", _FULL,
          ("“{field}”为必填项：文件没有这一列，表中也没有该主键的原值", '"{field}" is required: the file has no such column, and the table no value for the key'),
          ("新增的行请加上这一列并填写；本应更新已有行的，请核对主键。", "Add the column and fill it in for a new row; compare the key where a row should have been there.")),
    _kind("misshapen", _NORM,
          ("该行的单元格多于表头，各列可能错位", "the row has more cells than the header; values may stand in wrong columns"),
          ("请核对分隔符和引号：含逗号的内容要加引号。", "Check separators and quotes: a value with a comma needs quotes.")),
    _kind("broken_line", _NORM,
          ("这条记录不能按 JSON 对象读取：{expected}", "the record cannot be read as a JSON object: {expected}"),
          ("请改正该条记录：应为一个完整的 JSON 对象，同一个键只出现一次。", "Correct the record: it is one whole JSON object, in which each key stands once.")),
    _kind("not_a_number", _NORM,
          ("“{found}”不是数字", '"{found}" is not a number'),
          ("请填写数字，如 1234.5；说明文字请写到其他列。", "Give a number such as 1234.5; put words into another column.")),
    _kind("figure_marked", _NORM,
          ("“{found}”的数字带有注号（或上标、下标），不能直接当作数字", '"{found}" is a figure with a note mark, or a raised or lowered one, and is not taken for a number as it stands'),
          ("如是注号，请删去，只留 {expected}，或在读取方案中让该列去掉注号；如是乘方，请写出完整的数值。", "If it marks a note, take it away and leave {expected}, or let the recipe leave the marks of the column out; if it is a power, write the number out.")),
    _kind("mark_left_out", _NORM,
          ("“{found}”已按读取方案去掉注号，读作 {expected}", '"{found}" was read as {expected}, without its note mark, as the recipe says'),
          ("无需处理；不应去掉时，请在读取方案中取消。", "Nothing to do; change the recipe if it should not be left out.")),
    _kind("not_whole", _NORM,
          ("“{found}”不是整数", '"{found}" is not a whole number'),
          ("请填写整数。", "Give a whole number.")),
    _kind("too_many_places", _NORM,
          ("“{found}”的小数超过 8 位，入库会丢失精度", '"{found}" has more than 8 decimal places, which would be lost'),
          ("请保留至多 8 位小数，或改用合适的计量单位；可以舍入时，请在读取方案中允许该列四舍五入。", "Keep at most 8 decimal places, or use a fitting unit; where rounding is right, let the recipe round the column.")),
    _kind("digits_not_kept", _NORM,
          ("“{found}”的有效数字过多，无法原样保存，只能存为 {expected}", '"{found}" has more digits than can be kept; {expected} would be kept'),
          ("请保留至多 15 位有效数字；需要更多位时，请在元数据中把“{field}”改为定点小数（decimal）类型；可以舍入时，请在读取方案中允许该列四舍五入。", 'Keep at most 15 significant digits; where more are needed, "{field}" is to be declared as decimal; where rounding is right, let the recipe round the column.')),
    _kind("rounded", _NORM,
          ("“{found}”已按读取方案四舍五入为 {expected}", '"{found}" was rounded to {expected}, as the recipe says'),
          ("无需处理；不应舍入时，请在读取方案中取消。", "Nothing to do; change the recipe if it should not be rounded.")),
    _kind("number_too_large", _NORM,
          ("“{found}”超出可存储的范围", '"{found}" is larger than can be kept'),
          ("请核对数值和计量单位。", "Check the number and its unit.")),
    _kind("unit_unfit", _NORM,
          ("“{found}”的单位与“{field}”的计量单位不符（应为：{expected}）", 'the unit of "{found}" does not fit "{field}" (declared: {expected})'),
          ("请换算成规定的计量单位后只填数字。", "Convert to the declared unit and give the number only.")),
    _kind("excel_error", _NORM,
          ("“{found}”是电子表格的公式错误", '"{found}" is an error of a spreadsheet formula'),
          ("请在原表中修正公式，粘贴为数值后重新提交。", "Mend the formula, paste it as a value and send again.")),
    _kind("formula", _NORM,
          ("“{found}”是公式，不是数值或文字", '"{found}" is a formula, no value'),
          ("请把公式的结果粘贴为数值后重新提交；确为文字时，请去掉开头的符号。", "Paste the formula's result as a value and send again; where it is text, take its first sign away.")),
    _kind("digits_lost", _TRUE,
          ("“{found}”已被 Excel 改写，原有数字丢失（Excel 只保留 15 位有效数字）", '"{found}" was changed by Excel, its digits are gone (Excel keeps 15)'),
          ("无法从该值恢复：请从源系统重新导出，并先把该列设为“文本”格式。", "It cannot be restored from this: export again from the source system with the column formatted as text.")),
    _kind("not_a_date", _NORM,
          ("“{found}”不是有效的日期", '"{found}" is not a date'),
          ("请写成 2017-04-27。", "Write it as 2017-04-27.")),
    _kind("not_a_moment", _NORM,
          ("“{found}”的时刻不存在", '"{found}" has a time of day that does not exist'),
          ("请写成 2017-04-27 08:30:00。", "Write it as 2017-04-27 08:30:00.")),
    _kind("date_too_coarse", _NORM,
          ("“{found}”不够精确，“{field}”要求精确到{expected}", '"{found}" is too coarse; "{field}" needs the {expected}'),
          ("请补全日期；不知道具体日期时请留空，不要编造。", "Complete the date; leave it empty rather than invent a day.")),
    _kind("date_two_digit_year", _NORM,
          ("“{found}”的年份只有两位，世纪不明", '"{found}" has a year of two digits: the century is not clear'),
          ("请写四位年份，如 2017-04-27。", "Write four digits of the year, such as 2017-04-27.")),
    _kind("date_ambiguous", _NORM,
          ("“{found}”的日和月无法区分", '"{found}": which is the day and which the month is not clear'),
          ("请按年-月-日书写，如 2017-04-27。", "Write year-month-day, such as 2017-04-27.")),
    _kind("date_serial", _NORM,
          ("“{found}”是 Excel 的日期序号", '"{found}" is a day number of Excel'),
          ("如确为日期，应为 {expected}；请把该列设为日期格式后重新导出。", "If it is a date it would be {expected}; format the column as a date and export again.")),
    _kind("date_open_ended", _NORM,
          ("“{found}”表示没有截止日期，而“{field}”只收具体日期", '"{found}" says that there is no end, and "{field}" takes days only'),
          ("{empty}要填“长期”，请资源维护单位在元数据中为该字段声明 open_end（可长期有效）。", "{empty}To take it as it stands, the keeper of the resource declares open_end for the field.")),
    _kind("date_has_time", _NORM,
          ("“{found}”含有时刻，“{field}”只保存日期", '"{found}" has a time of day; "{field}" keeps days only'),
          ("请去掉时刻部分。", "Take the time of day away.")),
    _kind("not_a_period", _NORM,
          ("“{found}”不是有效的时期", '"{found}" is not a period'),
          ("请写成 2019、2019-03、2019-01/2019-09、2019-12-31 或 2016/2020。", "Write 2019, 2019-03, 2019-01/2019-09, 2019-12-31 or 2016/2020.")),
    _kind("period_is_week", _NORM,
          ("“{found}”是一周，时期只能是日、月、季、年或其区间", '"{found}" is a week; a period is a day, months, a year or several'),
          ("请改用月份（2020-01），或写出所指的那一天（2019-12-30）。", "Give the month (2020-01), or the day that is meant (2019-12-30).")),
    _kind("not_a_boolean", _NORM,
          ("“{found}”不是“是”或“否”", '"{found}" is neither yes nor no'),
          ("请填写“是”或“否”。", "Write 是 (yes) or 否 (no).")),
    _kind("pattern", _NORM,
          ("“{found}”的格式不符合“{field}”的规定：{expected}", '"{found}" does not have the form of "{field}": {expected}'),
          ("请按规定格式填写。", "Write it in the required form.")),
    _kind("range", _TRUE,
          ("“{found}”超出“{field}”的允许范围：{expected}", '"{found}" is outside the range of "{field}": {expected}'),
          ("请核对数值和计量单位。", "Check the number and its unit.")),
    _kind("values", _NORM,
          ("“{found}”不是“{field}”的允许值", '"{found}" is not one of the values of "{field}"'),
          ("请填写：{expected}。", "Use one of: {expected}.")),
    _kind("code_unknown", _NORM,
          ("“{field}”的代码表中没有“{found}”", 'the code list of "{field}" has no "{found}"'),
          ("请填写代码表 {list} 中的代码{expected}。", "Use a code of the list {list}{expected}.")),
    _kind("code_not_in_force", _SAME,
          ("“{field}”的代码“{found}”在{expected}未生效或已废止", 'the code "{found}" of "{field}" was not in force on {expected}'),
          ("请改用代码表 {list} 中当时有效的代码，或核对日期。", "Use the code of the list {list} in force at that time, or check the date.")),
    _kind("reference", _SAME,
          ("“{found}”在{list}中不存在", '"{found}" does not occur in {list}'),
          ("请核对该值，或先提交被引用的数据。", "Check the value, or send the data that it refers to first.")),
    _kind("id_form", _NORM,
          ("“{found}”不是{expected}的格式", '"{found}" does not have the form of a {expected}'),
          ("{advice}", "{advice}")),
    _kind("id_check_digit", _TRUE,
          ("“{found}”的校验码不符（{expected}）", 'the check character of "{found}" does not fit ({expected})'),
          ("很可能有一位写错：请对照原件核对。", "One character is probably wrong: compare with the original.")),
    _kind("id_birth_date", _TRUE,
          ("“{found}”中的出生日期不存在、晚于今天或早于 130 年前", 'the date of birth in "{found}" does not exist, is in the future or over 130 years ago'),
          ("请对照身份证核对第 7 至 14 位。", "Compare characters 7 to 14 with the identity card.")),
    _kind("id_division", _TRUE,
          ("“{found}”的前 6 位从未是行政区划代码", 'the first six digits of "{found}" have never been a division code'),
          ("请对照身份证核对前 6 位。", "Compare the first six digits with the identity card.")),
    _kind("disagrees", _SAME,
          ("“{field}”为“{found}”，与“{list}”中的信息不一致", '"{found}" in "{field}" does not agree with "{list}"'),
          ("按号码应为 {expected}；请核对哪一项有误。", "The number says {expected}; check which of the two is wrong.")),
    _kind("check", _SAME,
          ("不满足规则“{expected}”", 'the rule "{expected}" does not hold'),
          ("{hint}", "{hint}")),
    _kind("repeated", _SAME,
          ("与另一行完全相同，只保留第一行", "the same as another row; the first one is kept"),
          ("无需处理；请在源表中删除重复行。", "Nothing to do; delete the copy at the source.")),
    _kind("key_conflict", _SAME,
          ("标识“{found}”对应的多行内容不同，无法判断哪一行正确", 'several rows with different content have the key "{found}"; which is right cannot be told'),
          ("请只保留正确的一行（参见第 {expected} 行）。", "Keep only the right one (see row {expected}).")),
    _kind("not_unique", _SAME,
          ("“{field}”的值“{found}”在多行中出现", 'the value "{found}" of "{field}" stands in several rows'),
          ("该字段的值不得重复：请核对（参见第 {expected} 行）。", "Values of this field may not repeat: check row {expected} too.")),
    _kind("key_exists", _SAME,
          ("标识“{found}”的记录已入库", 'a record with the key "{found}" is published already'),
          ("追加方式不能更新已有记录；需要更新时请选择“按标识更新”。", "Appending does not update; choose update by key to change it.")),
    _kind("outside_area", _SAME,
          ("“{found}”不在本次交付的行政区划之内（{expected}）", '"{found}" lies outside the division that this delivery is for ({expected})'),
          ("请核对“{field}”；其他地方的行请由当地交付。", 'Check "{field}"; rows of other places are sent by them.')),
    _kind("key_elsewhere", _SAME,
          ("标识“{found}”的记录已由{expected}交付", 'a record with the key "{found}" was sent by {expected}'),
          ("同一条记录只能由一地报送：请与对方核对归属，由一方删除。", "One record is sent by one place: settle with them whose it is; the other takes it out.")),
    _kind("key_absent", _SAME,
          ("表中没有标识为“{found}”的行，无可删除", 'no row has the key "{found}"; there was nothing to delete'),
          ("如确有应删除的行，请核对标识；否则无需处理。", "Compare the key if a row should have gone; else there is nothing to do.")),
    _kind("key_newer", _SAME,
          ("标识为“{found}”的行已由之后的交付写入，或在所改正的交付中已接受", 'the row with the key "{found}" came with a later delivery, or with the one that this mends'),
          ("入库将改动该行；不应改动时，请从文件中删去此行后重新交付。", "Publishing changes that row; if it should stay, take it out of the file and send that.")),
    _kind("sql_check", _SAME,
          ("未通过检查“{expected}”", 'the check "{expected}" found it'),
          ("{hint}", "{hint}")),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {kind.code: kind for kind in _ALL}
WARNED: Final = frozenset({"rounded", "mark_left_out"})
"""Codes that accept the row and are listed."""
DUPLICATE: Final = frozenset({"repeated", "key_exists"})
"""Codes of rows that are set aside because the platform has them already."""
