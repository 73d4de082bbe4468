"""What harvesting refuses, and what goes wrong on the way."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused, TooLarge, Unavailable
from qiantang.kernel.text import Text


class UpstreamUnknown(NotFound):
    code = "harvest.upstream_unknown"
    title = Text(zh="没有此上游目录", en="No such upstream")
    detail = Text(zh="没有上游目录“{found}”。", en='There is no upstream "{found}".')


class UpstreamExists(Conflict):
    code = "harvest.upstream_exists"
    title = Text(zh="上游目录已存在", en="The upstream is there already")
    detail = Text(
        zh="已有编号为“{found}”的上游目录。", en='There is an upstream "{found}" already.'
    )
    hint = Text(zh="请另取编号。", en="Choose another id.")


class UpstreamMalformed(Invalid):
    code = "harvest.upstream_malformed"
    title = Text(zh="上游目录的登记有误", en="The upstream is not described right")
    detail = Text(zh="{field}有误：“{found}”。", en='The {field} is wrong: "{found}".')
    hint = Text(zh="应为：{expected}。", en="It should be {expected}.")


class NotKeeper(Refused):
    code = "harvest.not_keeper"
    detail = Text(
        zh="只有其所属机构的管理员可以管理上游目录“{found}”。",
        en='Only administrators of its organisation may look after the upstream "{found}".',
    )


class HarvestBusy(Conflict):
    code = "harvest.busy"
    title = Text(zh="正在汇聚", en="Being harvested")
    detail = Text(
        zh="上游目录“{found}”正由另一进程汇聚。",
        en='The upstream "{found}" is being harvested by another process.',
    )
    hint = Text(zh="请等待其结束。", en="Wait until it ends.")


class NothingToConfirm(Conflict):
    code = "harvest.nothing_to_confirm"
    title = Text(zh="没有待确认的撤下", en="Nothing waits to be confirmed")
    detail = Text(
        zh="上游目录“{found}”没有因条目大量消失而停下的汇聚。",
        en='No run of the upstream "{found}" has stopped for entries that are gone.',
    )
    hint = Text(zh="请查看最近一次汇聚。", en="Look at its latest run.")


class AddressForbidden(Refused):
    """The address leads into the own network, or is no web address."""

    code = "harvest.address_forbidden"
    title = Text(zh="不允许访问此地址", en="This address may not be visited")
    detail = Text(
        zh="“{found}”不是可访问的公网地址。",
        en='"{found}" is not an address on the public network.',
    )
    hint = Text(
        zh="内网的上游目录须由全区管理员登记为内网。",
        en="An upstream in the own network must be registered so by a zone administrator.",
    )


class UpstreamAway(Unavailable):
    code = "harvest.upstream_away"
    title = Text(zh="上游目录无法访问", en="The upstream does not answer")
    detail = Text(zh="无法读取 {found}（{cause}）。", en="{found} cannot be read ({cause}).")
    hint = Text(
        zh="稍后再次汇聚，将从中断处继续。",
        en="Harvest again later; it goes on where it stopped.",
    )


class UpstreamAnswersWrong(Unavailable):
    """The upstream answers, but not with a catalogue."""

    code = "harvest.upstream_answers_wrong"
    transient = False
    status = 502
    title = Text(zh="上游目录的回答有误", en="The upstream's answer is wrong")
    detail = Text(zh="{found} 的回答无法使用：{cause}", en="{found} gave no usable answer: {cause}")
    hint = Text(zh="请联系上游目录的管理者。", en="Ask whoever runs the upstream.")


class PageTooLarge(TooLarge):
    code = "harvest.page_too_large"
    detail = Text(zh="上游目录的一页超过上限。", en="A page of the upstream exceeds the limit.")
    hint = Text(
        zh="每页上限为 {expected}；请上游目录减小分页。",
        en="A page may have {expected}; ask the upstream for smaller ones.",
    )


class UpstreamIsHere(Invalid):
    code = "harvest.upstream_is_here"
    title = Text(zh="上游就是本目录", en="The upstream is this catalogue")
    detail = Text(
        zh="{found} 就是本实例自己的目录。", en="{found} is this instance's own catalogue."
    )
    hint = Text(zh="请登记别的实例的地址。", en="Give the address of another instance.")


class PagesGoRound(Invalid):
    code = "harvest.pages_go_round"
    title = Text(zh="分页没有尽头", en="The pages go round")
    detail = Text(
        zh="上游目录的下一页又回到 {found}。", en="The upstream's next page leads back to {found}."
    )
    hint = Text(zh="请联系上游目录的管理者。", en="Ask whoever runs the upstream.")
