"""Refusals of the indicators room, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused, TooLarge, Unavailable
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

_NO_HINT: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell or row of what was sent, and how to mend it."""

    code: str
    place: Place
    text: Text
    hint: Text = _NO_HINT

    def as_text(self) -> Text:
        where = self.place.as_text()
        if not where.en:
            return self.text
        return Text(f"{where.zh}:{self.text.zh}", f"{where.en}: {self.text.en}")

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "place": self.place.as_dict(),
            "text": self.text.as_dict(),
            "hint": self.hint.as_dict(),
        }


class RowsInvalid(Invalid):
    """Nothing was stored; every problem of every row is in ``problems``."""

    code = "indicators.rows_invalid"
    title = Text(zh="报送内容有误", en="The rows have errors")
    detail = Text(
        zh="共有 {count} 处错误，内容未保存。第一处：{first}",
        en="There are {count} errors; nothing was stored. The first: {first}",
    )
    hint = Text(
        zh="请按提示逐处改正后重新提交。", en="Correct each one as it says and send it again."
    )

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0].as_text() if self.problems else Text("", "")
        super().__init__(count=len(self.problems), first=first)

    def problem(self, lang: str) -> dict[str, object]:
        body = super().problem(lang)
        body["problems"] = [
            {
                "code": p.code,
                "place": p.place.as_dict(),
                "detail": p.as_text().in_(lang),
                "hint": p.hint.in_(lang),
            }
            for p in self.problems
        ]
        return body


class NothingToSubmit(Invalid):
    code = "indicators.nothing_to_submit"
    title = Text(zh="没有可报送的数据", en="Nothing to submit")
    detail = Text(zh="文件或表单中没有数据行。", en="There are no rows in the file or form.")
    hint = Text(
        zh="请在模板的表头下填写至少一行。", en="Fill at least one row below the template's header."
    )


class NothingChanged(Invalid):
    code = "indicators.nothing_changed"
    title = Text(zh="没有改动", en="Nothing changed")
    detail = Text(
        zh="提交的内容与观测值 {found} 的现行版本相同。",
        en="What was sent equals the current revision of observation {found}.",
    )
    hint = Text(zh="请修改后再提交，或无需提交。", en="Change something first, or leave it.")


class SheetFormat(Invalid):
    code = "indicators.sheet_format"
    title = Text(zh="文件格式不支持", en="File format not supported")
    detail = Text(
        zh="无法读取文件“{found}”：不是有效的 {expected} 文件。",
        en='The file "{found}" cannot be read: it is not a valid {expected} file.',
    )
    hint = Text(
        zh="请下载模板，填写后另存为 .xlsx，或导出为 UTF-8 的 .csv。",
        en="Download the template, fill it and save it as .xlsx, or export it as UTF-8 .csv.",
    )


class SheetEncoding(Invalid):
    code = "indicators.sheet_encoding"
    title = Text(zh="文件编码无法识别", en="Encoding not recognised")
    detail = Text(
        zh="文件“{found}”既不是 UTF-8 也不是 GB18030 编码。",
        en='The file "{found}" is neither UTF-8 nor GB18030.',
    )
    hint = Text(
        zh="请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。",
        en='In Excel, save it as "CSV UTF-8 (comma delimited)".',
    )


class SheetHeader(Invalid):
    code = "indicators.sheet_header"
    title = Text(zh="表头不符", en="Header does not fit")
    detail = Text(zh="表头缺少必填列：{found}。", en="The header lacks required columns: {found}.")
    hint = Text(
        zh="请使用下载的模板，不要改动第一行。应有的列：{expected}。",
        en="Use the downloaded template and leave its first row alone. Columns: {expected}.",
    )


class SheetTooLarge(TooLarge):
    code = "indicators.sheet_too_large"
    title = Text(zh="文件过大", en="File too large")
    detail = Text(zh="文件“{name}”过大：{found}。", en='The file "{name}" is too large: {found}.')


class NoSuchSubmission(NotFound):
    code = "indicators.no_such_submission"
    title = Text(zh="没有这条报送", en="No such submission")
    detail = Text(
        zh="没有编号为 {found} 的报送，或您无权查看。",
        en="There is no submission {found}, or you may not see it.",
    )


class NoSuchObservation(NotFound):
    code = "indicators.no_such_observation"
    title = Text(zh="没有这条数据", en="No such observation")
    detail = Text(zh="没有编号为“{found}”的观测值。", en='There is no observation "{found}".')


class NoSuchPlan(NotFound):
    code = "indicators.no_such_plan"
    title = Text(zh="没有这个规划", en="No such plan")
    detail = Text(zh="没有编号为“{found}”的规划。", en='There is no plan "{found}".')
    hint = Text(zh="现有规划：{expected}。", en="Plans in the zone: {expected}.")


class NoSuchTarget(NotFound):
    code = "indicators.no_such_target"
    title = Text(zh="没有这个目标", en="No such target")
    detail = Text(zh="规划中没有目标“{found}”。", en='The plan has no target "{found}".')
    hint = Text(zh="现有目标：{expected}。", en="Targets of the plan: {expected}.")


class NoSuchIndicator(NotFound):
    code = "indicators.no_such_indicator"
    title = Text(zh="没有这个指标", en="No such indicator")
    detail = Text(zh="没有编号为“{found}”的指标。", en='There is no indicator "{found}".')


class NoSuchMeasure(NotFound):
    code = "indicators.no_such_measure"
    title = Text(zh="没有此测算", en="No such measure")
    detail = Text(zh="没有测算“{found}”。", en='There is no measure "{found}".')
    hint = Text(zh="请安装声明它的领域包。", en="Install the pack that declares it.")


class RowsElsewhere(NotFound):
    """The entry is one that was harvested or written by hand: no pack declares its rows."""

    code = "indicators.rows_elsewhere"
    title = Text(zh="数据不在本平台", en="Rows kept elsewhere")
    detail = Text(
        zh="信息资源“{found}”只有目录信息，本平台没有它的数据行。",
        en='Of the resource "{found}" only the entry is kept here, not its rows.',
    )
    hint = Text(
        zh="请在条目页查看提供方和获取方式。",
        en="Its page in the catalogue names the provider and the ways to get the data.",
    )


class RowsWithheld(Refused):
    """The resource is known, its rows are not for this actor."""

    code = "indicators.rows_withheld"
    title = Text(zh="数据不公开", en="Rows not public")
    detail = Text(
        zh="信息资源“{found}”的数据不向您开放。",
        en='The rows of the resource "{found}" are not open to you.',
    )
    hint = Text(
        zh="请登录所属机构的账号，或按共享条件提出申请。",
        en="Sign in with an account of its organisation, or ask for it on its conditions.",
    )


class NoHistory(Invalid):
    """Rows that come with a pack's files are asked for as of a day before they were installed."""

    code = "indicators.no_history"
    title = Text(zh="没有更早的数据行", en="No earlier rows")
    detail = Text(
        zh="“{found}”的数据行随资源包“{pack}”于 {since} 装入，此前的没有保存，"
        "无法给出 {day} 的情况。",
        en='The rows of "{found}" came with the pack "{pack}" on {since}; rows of before were not '
        "kept, so how they stood on {day} is not known.",
    )
    hint = Text(
        zh="请不带 at 查询；行中有生效、失效日期的，请按这些日期筛选。",
        en="Ask without at; where rows have first and last days in force, choose by those.",
    )


class ColumnsAlike(Invalid):
    code = "indicators.columns_alike"
    title = Text(zh="结果中有同名的列", en="Columns of one name")
    detail = Text(
        zh="结果中有多列同名：{found}（不区分大小写）。",
        en="Several columns of the result have one name: {found} (case makes no difference).",
    )
    hint = Text(zh="请用 AS 给每一列各自的名称。", en="Give each column a name of its own with AS.")


class NoSuchDivision(NotFound):
    code = "indicators.no_such_division"
    title = Text(zh="没有这个行政区划", en="No such division")
    detail = Text(zh="没有代码为“{found}”的行政区划。", en='There is no division "{found}".')
    hint = Text(
        zh="请填写 6 位数字代码，如 330100（杭州市）。",
        en="Give the six-digit code, such as 330100 (Hangzhou).",
    )


class NoSuchResource(NotFound):
    code = "indicators.no_such_resource"
    title = Text(zh="没有这个信息资源", en="No such resource")
    detail = Text(
        zh="没有编号为“{found}”的观测值类信息资源。",
        en='There is no resource of observations "{found}".',
    )


class NoOwner(Invalid):
    code = "indicators.no_owner"
    title = Text(zh="没有责任机构", en="No responsible organisation")
    detail = Text(
        zh="机构 {found} 尚未登记，因此没有人能为此数据负责。",
        en="Organisation {found} is not registered, so nobody answers for this figure.",
    )
    hint = Text(zh="请管理员先登记该机构。", en="Ask an administrator to register it first.")


class NotYourFigure(Refused):
    code = "indicators.not_your_figure"
    title = Text(zh="不属于本单位的数据", en="Another organisation's figure")
    detail = Text(
        zh="此数据由机构 {found} 负责，您不是该机构的数据专员。",
        en="Organisation {found} answers for this figure, and you are not one of its officers.",
    )


class NotApprover(Refused):
    code = "indicators.not_approver"
    title = Text(zh="不是审核员", en="Not an approver")
    detail = Text(
        zh="只有责任机构 {found} 的审核员可以作出决定。",
        en="Only an approver of the responsible organisation {found} may decide.",
    )


class FourEyes(Refused):
    code = "indicators.four_eyes"
    title = Text(zh="须由他人审核", en="Another person must decide")
    detail = Text(
        zh="报送人不能审核自己的报送。", en="Whoever submitted something may not approve it."
    )
    hint = Text(zh="请由本单位另一位审核员办理。", en="Ask another approver of your organisation.")


class NotYourSubmission(Refused):
    code = "indicators.not_your_submission"
    title = Text(zh="不是您的报送", en="Not your submission")
    detail = Text(
        zh="只有报送人可以撤回报送 {found}。", en="Only its sender may withdraw submission {found}."
    )


class MayNotOverrule(Refused):
    code = "indicators.may_not_overrule"
    title = Text(zh="无权作出人工裁定", en="May not overrule")
    detail = Text(
        zh="只有责任机构 {found} 的审核员或管理员可以裁定此目标。",
        en="Only an approver or administrator of {found} may overrule this target.",
    )


class OverruleIncomplete(Invalid):
    code = "indicators.overrule_incomplete"
    title = Text(zh="人工裁定不完整", en="The overrule is incomplete")
    detail = Text(zh="人工裁定必须写明{missing}。", en="An overrule must state {missing}.")
    hint = Text(
        zh="请填写裁定理由，并注明依据文件的名称。",
        en="Give the reason and the title of the document it rests on.",
    )


class DayOutOfRange(Invalid):
    code = "indicators.day_out_of_range"
    title = Text(zh="日期超出范围", en="Day out of range")
    detail = Text(
        zh="{found} 不在可以判定的日期范围内。", en="{found} is not a day that can be judged."
    )
    hint = Text(zh="请选择 {expected} 之间的日期。", en="Choose a day within {expected}.")


class NotAShownField(Invalid):
    code = "indicators.not_a_shown_field"
    title = Text(zh="没有此字段", en="No such field")
    detail = Text(
        zh="“{found}”不是您能看到的字段。", en='"{found}" is not a field that you may see.'
    )
    hint = Text(zh="可以使用：{expected}。", en="Fields: {expected}.")


class NotAQuantity(Invalid):
    code = "indicators.not_a_quantity"
    title = Text(zh="字段不是数量", en="The field is no quantity")
    detail = Text(zh="“{found}”不能相加。", en='"{found}" cannot be added up.')
    hint = Text(
        zh="请选择整数或小数字段；不选则统计记录数。",
        en="Choose a field of whole or decimal numbers; without one, records are counted.",
    )


class NamesSomebody(Invalid):
    code = "indicators.names_somebody"
    title = Text(zh="字段会指明具体对象", en="The field names somebody")
    detail = Text(
        zh="“{found}”含个人信息或就是填报单位，不能作为可公布表的行或列。",
        en='"{found}" holds personal data or is the reporter; it cannot be the rows or columns '
        "of a table that may be published.",
    )
    hint = Text(zh="可以使用：{expected}。", en="Fields: {expected}.")


class CannotAdd(Invalid):
    code = "indicators.cannot_add"
    title = Text(zh="不能相加", en="Cannot be added up")
    detail = Text(
        zh="“{found}”是比率或指数，或未指明权重，各部分不能直接合计。",
        en='"{found}" is a ratio or an index, or lacks a weight; its parts are not added up.',
    )
    hint = Text(zh="可以使用：{expected}。", en="What can be done: {expected}.")


class TooWideForADay(Invalid):
    code = "indicators.too_wide_for_a_day"
    title = Text(zh="查询范围过大", en="Too wide for a past day")
    detail = Text(
        zh="按过去某日查询时须指明指标或行政区划。",
        en="What was known on a past day is read for an indicator or for a division.",
    )
    hint = Text(zh="请加上 {expected}。", en="Add {expected}.")


class ReasonMissing(Invalid):
    code = "indicators.reason_missing"
    title = Text(zh="缺少理由", en="The reason is missing")
    detail = Text(zh="退回报送时必须写明理由。", en="Say why the submission is sent back.")
    hint = Text(
        zh="请填写退回理由，便于报送人改正。", en="Give the reason, so that it can be corrected."
    )


class TextTooLong(Invalid):
    code = "indicators.text_too_long"
    title = Text(zh="文字过长", en="The text is too long")
    detail = Text(
        zh="共 {found} 个字符，上限为 {expected}。",
        en="{found} characters; {expected} are the limit.",
    )
    hint = Text(zh="请缩短后重新提交。", en="Shorten it and send it again.")


class NoSuchVerdict(Invalid):
    code = "indicators.no_such_verdict"
    title = Text(zh="没有这种结论", en="No such verdict")
    detail = Text(zh="“{found}”不是有效的结论。", en='"{found}" is not a verdict.')
    hint = Text(zh="可选：{expected}。", en="One of: {expected}.")


class NoOverrule(NotFound):
    code = "indicators.no_overrule"
    title = Text(zh="没有生效的人工裁定", en="No overrule in force")
    detail = Text(
        zh="目标 {found} 没有生效的人工裁定。", en="Target {found} has no overrule in force."
    )


class ChangedMeanwhile(Conflict):
    """The observation has a newer revision than the one that the submission started from."""

    code = "indicators.changed_meanwhile"
    title = Text(zh="数据已被他人修改", en="Changed by somebody else meanwhile")
    detail = Text(
        zh="观测值 {id} 已由 {who} 于 {when} 修改（现行第 {revision} 版，值 {found}）；"
        "您依据的是第 {base} 版，提交的值为 {expected}。",
        en="Observation {id} was changed by {who} on {when} (now revision {revision}, value "
        "{found}); yours starts from revision {base} and says {expected}.",
    )
    hint = Text(
        zh="请查看现行值，在其基础上重新更正。",
        en="Look at the current value and correct that one.",
    )


class AlreadyPending(Conflict):
    code = "indicators.already_pending"
    title = Text(zh="已有待审核的更正", en="A correction is already waiting")
    detail = Text(
        zh="{who} 已对观测值 {id} 提交更正（报送 {found}，值 {value}），尚待审核。",
        en="{who} already sent a correction of {id} (submission {found}, value {value}).",
    )
    hint = Text(
        zh="请先由审核员处理该报送，或由报送人撤回。",
        en="Have it decided first, or withdrawn by its sender.",
    )


class AlreadyDecided(Conflict):
    code = "indicators.already_decided"
    title = Text(zh="已经处理", en="Already decided")
    detail = Text(
        zh="报送 {found} 已由 {who} 处理，状态为“{state}”。",
        en='Submission {found} was already decided by {who}; its state is "{state}".',
    )


class StaleVersion(Conflict):
    code = "indicators.stale_version"
    title = Text(zh="页面内容已过期", en="The page is out of date")
    detail = Text(
        zh="报送 {found} 在您打开之后已变化。", en="Submission {found} changed since you opened it."
    )


class AlreadyExists(Conflict):
    code = "indicators.already_exists"
    title = Text(zh="编号已存在", en="The id exists already")
    detail = Text(
        zh="观测值 {found} 已存在，不能再次新增。",
        en="Observation {found} exists already and cannot be added again.",
    )
    hint = Text(zh="请改用“更正”。", en="Correct it instead.")


class DiskFull(Unavailable):
    code = "indicators.disk_full"
    title = Text(zh="磁盘空间不足", en="The disk is full")
    detail = Text(
        zh="磁盘空间不足，内容未保存，原有数据未受影响。",
        en="The disk is full; nothing was stored and earlier data are untouched.",
    )
    hint = Text(
        zh="请管理员清理磁盘后重试；可运行 qiantang doctor 查看。",
        en="Ask an administrator to free space, then try again; qiantang doctor shows it.",
    )


class StoreBusy(Unavailable):
    code = "indicators.store_busy"
    title = Text(zh="数据库正忙", en="The database is busy")
    detail = Text(
        zh="数据库被其他操作占用，内容未保存。",
        en="Another operation holds the database; nothing was stored.",
    )
    hint = Text(zh="请稍候片刻再试。", en="Wait a moment and try again.")
