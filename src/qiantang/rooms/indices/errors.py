"""Refusals of the room of indices, in both languages."""

from __future__ import annotations

from qiantang.kernel.errors import (
    Conflict,
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    Unavailable,
)
from qiantang.kernel.text import Text


class EditionUnknown(NotFound):
    code = "indices.edition_unknown"
    title = Text(zh="没有这一版", en="No such edition")
    detail = Text(
        zh="指数“{index}”没有第 {found} 版，或您无权查看。",
        en='The index "{index}" has no edition {found}, or you may not see it.',
    )
    hint = Text(zh="请在版次列表中选择。", en="Choose one from the list of editions.")


class NothingPublished(NotFound):
    code = "indices.nothing_published"
    title = Text(zh="尚未发布", en="Not published yet")
    detail = Text(zh="指数“{found}”还没有发布过。", en='The index "{found}" is not published yet.')
    hint = Text(
        zh="主管部门编制并发布后即可查看。", en="It can be read once its department publishes it."
    )


class UnitUnknown(NotFound):
    code = "indices.unit_unknown"
    title = Text(zh="没有这个评价单元", en="No such unit")
    detail = Text(zh="本版没有评价单元“{found}”。", en='This edition has no unit "{found}".')
    hint = Text(zh="可用的评价单元：{expected}。", en="Units: {expected}.")


class ElementUnknown(NotFound):
    code = "indices.element_unknown"
    title = Text(zh="没有这个指标", en="No such element")
    detail = Text(zh="指数中没有“{found}”。", en='The index has no element "{found}".')
    hint = Text(zh="指数的元素：{expected}。", en="Its elements: {expected}.")


class YearUnknown(NotFound):
    code = "indices.year_unknown"
    title = Text(zh="没有这一年", en="No such year")
    detail = Text(zh="本版没有 {found} 年。", en="This edition does not cover {found}.")
    hint = Text(zh="可用年份：{expected}。", en="Years: {expected}.")


class ChangeInvalid(Invalid):
    code = "indices.change_invalid"
    title = Text(zh="调整无效", en="Change not valid")
    detail = Text(zh="{field} = {found}：不能这样调整。", en="{field} = {found}: not possible.")
    hint = Text(zh="可用：{expected}。", en="Use: {expected}.")


class NotInside(Refused):
    code = "indices.not_inside"
    title = Text(zh="未发布的内容", en="Not published")
    detail = Text(
        zh="指数“{found}”的现时数据和待发布版次仅供主管部门和审计查看。",
        en='Present figures and planned editions of "{found}" are for its department and auditors.',
    )
    hint = Text(
        zh="请查看已发布的版次，或联系主管部门。",
        en="Read the published editions, or ask the department.",
    )


class NotYourIndex(Refused):
    code = "indices.not_your_index"
    title = Text(zh="不是本部门的指数", en="Another department's index")
    detail = Text(
        zh="指数“{found}”由机构 {owner} 负责，您不是该机构的数据专员或审核员。",
        en='{owner} answers for "{found}", and you are none of its officers or approvers.',
    )


class NotApprover(Refused):
    code = "indices.not_approver"
    title = Text(zh="不是审核员", en="Not an approver")
    detail = Text(
        zh="只有主管部门（{found}）的审核员可以作出决定。",
        en="Only an approver of its department ({found}) may decide.",
    )


class FourEyes(Refused):
    code = "indices.four_eyes"
    title = Text(zh="须由他人发布", en="Another person must publish")
    detail = Text(
        zh="编制人不能发布自己编制的版次。", en="Whoever prepared an edition may not publish it."
    )
    hint = Text(zh="请由本部门另一位审核员办理。", en="Ask another approver of the department.")


class AlreadyPlanned(Conflict):
    code = "indices.already_planned"
    title = Text(zh="已有待发布的版次", en="An edition is planned already")
    detail = Text(
        zh="指数“{index}”的第 {found} 版正待发布。",
        en='Edition {found} of "{index}" waits for a decision.',
    )
    hint = Text(
        zh="请先发布或放弃它，再编制新版。", en="Publish or discard it before planning another."
    )


class AlreadyDecided(Conflict):
    code = "indices.already_decided"
    title = Text(zh="已有决定", en="Decided already")
    detail = Text(zh="第 {found} 版的状态为“{state}”。", en='Edition {found} is "{state}" already.')


class TextMissing(Invalid):
    code = "indices.text_missing"
    title = Text(zh="内容不完整", en="Not complete")
    detail = Text(zh="请填写{field}。", en="Give the {field}.")
    hint = Text(zh="{expected}", en="{expected}")


class NoFigures(Invalid):
    code = "indices.no_figures"
    title = Text(zh="没有数据", en="No figures")
    detail = Text(
        zh="指数“{found}”没有任何可用的数据。", en='There is no usable figure for "{found}".'
    )
    hint = Text(zh="请先报送并发布其指标的数据。", en="Publish figures of its indicators first.")


class OwnerMissing(Invalid):
    code = "indices.owner_missing"
    title = Text(zh="没有主管机构", en="No responsible organisation")
    detail = Text(zh="机构 {found} 尚未登记。", en="Organisation {found} is not registered.")
    hint = Text(zh="请管理员先登记该机构。", en="Ask an administrator to register it first.")


class FiguresUnfit(Invalid):
    code = "indices.figures_unfit"
    title = Text(zh="数据资源不适用", en="Resource does not fit")
    detail = Text(
        zh="信息资源“{found}”的第 {row} 行不是“评价单元、指标、年份、数值”。",
        en='Row {row} of the resource "{found}" is no unit, indicator, year and value.',
    )
    hint = Text(
        zh="该资源应有列 unit、indicator、year、value。",
        en="The resource should have the columns unit, indicator, year, value.",
    )


class BundleLost(Unavailable):
    code = "indices.bundle_lost"
    transient = False
    title = Text(zh="版次文件缺失或损坏", en="The edition's file is lost or damaged")
    detail = Text(
        zh="第 {found} 版的复现包不在，或与登记的摘要不符。",
        en="The bundle of edition {found} is missing or does not match its recorded digest.",
    )
    hint = Text(
        zh="请管理员从备份恢复示范区的 editions 文件夹。",
        en="Ask an administrator to restore the zone's folder editions from a backup.",
    )


class KeyLost(QiantangError):
    code = "indices.key_lost"
    status = 503
    title = Text(zh="签名密钥不可用", en="The signing key cannot be used")
    detail = Text(
        zh="示范区的签名密钥无法读取（{found}）。",
        en="The zone's signing key is unreadable ({found}).",
    )
    hint = Text(
        zh="请管理员从备份恢复 credentials 文件夹中的密钥。",
        en="Ask an administrator to restore the key in the folder credentials from a backup.",
    )
