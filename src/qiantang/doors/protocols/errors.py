"""What the protocols' door refuses by itself."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid, NotFound, Refused, TooLarge
from qiantang.kernel.text import Text


class NoOpenData(NotFound):
    """The entry is known, its data is not everybody's (or is not here)."""

    code = "protocols.no_open_data"
    title = Text(zh="没有开放数据", en="No open data")
    detail = Text(
        zh="“{found}”没有可下载的开放数据。", en='There is no open data of "{found}" here.'
    )
    hint = Text(
        zh="开放条件和联系方式见其目录条目。", en="Its catalogue entry says how it can be had."
    )


class QueryFailed(Refused):
    """The engine could not run a query; what it said stays in the log."""

    code = "protocols.query_failed"
    status = 409
    title = Text(zh="查询无法执行", en="The query could not be run")
    detail = Text(zh="查询无法执行，编号 {number}。", en="The query failed, number {number}.")
    hint = Text(zh="请检查类型和函数。", en="Check types and functions.")


class TooManyObservations(TooLarge):
    """An answer in SDMX would hold more observations than are made at once."""

    code = "protocols.too_many_observations"
    title = Text(zh="数据过多", en="Too many observations")
    detail = Text(
        zh="符合条件的数据超过 {expected} 个。", en="More than {expected} observations match."
    )
    hint = Text(
        zh="请用维度、时期缩小范围，或用 offset 和 limit 分批获取。",
        en="Narrow it by dimensions and time, or fetch it in parts with offset and limit.",
    )


class BodyUnreadable(Invalid):
    """What was posted to an action is no JSON object."""

    code = "protocols.body_unreadable"
    title = Text(zh="请求体无法读取", en="The body cannot be read")
    detail = Text(
        zh="请求体不是 JSON 对象：“{found}”。", en='The body is not a JSON object: "{found}".'
    )
    hint = Text(zh="请发送 JSON 对象或表单。", en="Send a JSON object or a form.")


class TooManyResources(Invalid):
    """Looking through resources would take reading more entries than is done for one question."""

    code = "protocols.too_many_resources"
    title = Text(zh="须查看的条目过多", en="Too many entries to look through")
    detail = Text(
        zh="须逐一查看 {found} 个条目的资源，上限为 {expected} 个。",
        en="The resources of {found} entries would have to be looked through; {expected} may be.",
    )
    hint = Text(
        zh="请加上 format:，或用 package_search 的 res_format 查找。",
        en="Add format:, or ask package_search for res_format.",
    )
