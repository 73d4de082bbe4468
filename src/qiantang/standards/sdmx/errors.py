"""What a question in SDMX's language can be refused for. Codes of SDMX are in `failures`."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid, NotFound, QiantangError
from qiantang.kernel.text import Text


class SdmxArgument(Invalid):
    """A part of the address or a parameter is not as the REST specification has it."""

    code = "standards.sdmx_argument"
    status = 400
    title = Text(zh="SDMX 请求语法错误", en="SDMX query not understood")
    detail = Text(
        zh="参数“{parameter}”无效：“{found}”。",
        en='The parameter "{parameter}" is wrong: "{found}".',
    )
    hint = Text(zh="应为：{expected}。", en="It should be {expected}.")


class SdmxForm(QiantangError):
    """No form that the reader accepts is written here."""

    code = "standards.sdmx_form"
    status = 406
    title = Text(zh="无此格式", en="No such form")
    detail = Text(zh="不提供格式“{found}”。", en='The form "{found}" is not offered.')
    hint = Text(zh="可用格式：{expected}。", en="Ask for one of: {expected}.")


class NoStructure(NotFound):
    code = "standards.sdmx_no_structure"
    title = Text(zh="没有该结构", en="No such structure")
    detail = Text(zh="没有“{found}”。", en='There is no "{found}" here.')
    hint = Text(zh="可查看全部数据流：{expected}。", en="The list of dataflows: {expected}.")


class NoData(NotFound):
    """The question is sound and nothing answers it (SDMX: no results found, code 100)."""

    code = "standards.sdmx_no_data"
    title = Text(zh="没有符合条件的数据", en="No data")
    detail = Text(zh="没有符合条件的数据。", en="Nothing matches the query.")
    hint = Text(
        zh="请用可用性查询查看各维度的取值。", en="An availability query tells which values exist."
    )


class NotSpoken(QiantangError):
    """A part of SDMX's interface that is not served here (SDMX: not implemented, code 501)."""

    code = "standards.sdmx_not_spoken"
    status = 501
    title = Text(zh="不支持该操作", en="Not served here")
    detail = Text(zh="不支持“{found}”。", en='"{found}" is not served here.')
    hint = Text(zh="可用：{expected}。", en="It may be {expected}.")
