"""What the protocols' door refuses by itself."""

from __future__ import annotations

from qiantang.kernel.errors import NotFound, Refused
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


class TooManyReads(Refused):
    code = "protocols.too_many_reads"
    status = 429
    transient = True
    title = Text(zh="请求过于频繁", en="Too many requests")
    detail = Text(
        zh="未登录的访问每分钟最多 {expected} 次。",
        en="Anonymous readers may ask {expected} times a minute.",
    )
    hint = Text(
        zh="请在 {seconds} 秒后再试，或使用访问令牌。",
        en="Try again in {seconds} s, or use an access token.",
    )


class QueryFailed(Refused):
    """The engine could not run a query; what it said stays in the log."""

    code = "protocols.query_failed"
    status = 409
    title = Text(zh="查询无法执行", en="The query could not be run")
    detail = Text(zh="查询无法执行，编号 {number}。", en="The query failed, number {number}.")
    hint = Text(zh="请检查类型和函数。", en="Check types and functions.")
