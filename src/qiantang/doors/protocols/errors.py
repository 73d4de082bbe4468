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


class QueryFailed(Refused):
    """The engine could not run a query; what it said stays in the log."""

    code = "protocols.query_failed"
    status = 409
    title = Text(zh="查询无法执行", en="The query could not be run")
    detail = Text(zh="查询无法执行，编号 {number}。", en="The query failed, number {number}.")
    hint = Text(zh="请检查类型和函数。", en="Check types and functions.")
