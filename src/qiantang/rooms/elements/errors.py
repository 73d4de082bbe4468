"""Refusals of the data-element room."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused
from qiantang.kernel.text import Text


class ElementUnknown(NotFound):
    code = "elements.element_unknown"
    title = Text(zh="没有这个数据元", en="No such data element")
    detail = Text(zh="登记簿中没有数据元“{found}”。", en='The registry has no element "{found}".')
    hint = Text(zh="请在数据元列表中查找。", en="Look in the list of data elements.")


class WaiverUnknown(NotFound):
    code = "elements.waiver_unknown"
    title = Text(zh="没有这项豁免", en="No such waiver")
    detail = Text(zh="没有豁免 {found}。", en="There is no waiver {found}.")
    hint = Text(zh="请在豁免列表中选择。", en="Choose one from the list of waivers.")


class NotStandardsOffice(Refused):
    code = "elements.not_standards_office"
    title = Text(zh="无权豁免", en="May not waive")
    detail = Text(
        zh="只有“{found}”上级机构的管理员可以办理豁免。",
        en='Only administrators of an organisation above the keeper of "{found}" may do this.',
    )
    hint = Text(
        zh="请向上级主管部门申请，并说明理由和期限。",
        en="Ask the authority above, with a reason and an end.",
    )


class WaiverIncomplete(Invalid):
    code = "elements.waiver_incomplete"
    title = Text(zh="豁免内容不完整", en="Waiver not complete")
    detail = Text(zh="{field}：{found}。", en="{field}: {found}.")
    hint = Text(zh="应为：{expected}。", en="It should be: {expected}.")


class NothingToWaive(Invalid):
    code = "elements.nothing_to_waive"
    title = Text(zh="没有可豁免的差异", en="Nothing to waive")
    detail = Text(
        zh="“{found}”在这一点上与登记簿一致。",
        en='"{found}" agrees with the registry in this point.',
    )
    hint = Text(zh="可豁免的差异：{expected}。", en="What could be waived: {expected}.")


class WaiverNotLonger(Invalid):
    code = "elements.waiver_not_longer"
    title = Text(zh="豁免没有延长", en="Not an extension")
    detail = Text(
        zh="“{found}”在这一点上已豁免至 {until}。",
        en='"{found}" is waived in this point until {until} already.',
    )
    hint = Text(zh="截止日须晚于该日。", en="Choose an end after that day.")


class WaiverOver(Conflict):
    code = "elements.waiver_over"
    title = Text(zh="豁免已撤销", en="Waiver withdrawn already")
    detail = Text(zh="豁免 {found} 已撤销。", en="Waiver {found} has been withdrawn already.")
