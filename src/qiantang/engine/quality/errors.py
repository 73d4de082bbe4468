"""What can go wrong with an examination as a whole; wrong rows are no errors but findings."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError
from qiantang.kernel.text import Text


class IdentifierUnknown(Invalid):
    code = "quality.identifier_unknown"
    title = Text(zh="未知的标识符种类", en="Unknown kind of identifier")
    detail = Text(zh="没有“{found}”这种标识符校验。", en='There is no check for "{found}".')
    hint = Text(
        zh="请使用 cn.resident-id、cn.uscc 等，或 python-stdnum 的模块名。",
        en="Use cn.resident-id, cn.uscc ..., or the name of a module of python-stdnum.",
    )


class CheckRefused(Invalid):
    code = "quality.check_refused"
    title = Text(zh="检查规则不可用", en="A check cannot be used")
    detail = Text(zh="检查“{check}”不可用：{found}。", en='The check "{check}" fails: {found}.')
    hint = Text(
        zh="条件只能使用本资源的字段和参考文档所列的函数。",
        en="A condition uses the resource's fields and the functions in the reference only.",
    )


class ExaminationCancelled(Conflict):
    code = "quality.cancelled"
    title = Text(zh="已取消", en="Cancelled")
    detail = Text(
        zh="检查在第 {found} 行后取消。", en="The check was cancelled after {found} rows."
    )
    hint = Text(zh="可以重新开始，不会重复入库。", en="It can be started again; nothing doubles.")


class CountsDiffer(QiantangError):
    code = "quality.counts_differ"
    title = Text(zh="行数不符", en="The counts do not agree")
    detail = Text(
        zh="送来 {sent} 行，入库与剔出合计 {found} 行。",
        en="{sent} rows were sent, but {found} were accepted or set aside.",
    )
    hint = Text(
        zh="未写入任何数据；请保留文件并联系管理员。",
        en="Nothing was written; keep the file and tell the administrator.",
    )


class ExaminationMissing(NotFound):
    code = "quality.examination_missing"
    title = Text(zh="没有检查结果", en="No result of an examination")
    detail = Text(zh="文件夹“{found}”中没有检查结果。", en='"{found}" holds no result.')
    hint = Text(zh="请重新运行检查。", en="Run the examination again.")
