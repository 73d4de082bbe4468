"""What the upkeep room refuses."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, QiantangError, Refused
from qiantang.kernel.text import Text


class NotTender(Refused):
    code = "upkeep.not_tender"
    title = Text(zh="需要全区管理员", en="Zone administrators only")
    detail = Text(
        zh="只有全区管理员可以维护数据湖。",
        en="Only administrators of the whole zone look after the lake.",
    )


class VerbUnknown(Invalid):
    code = "upkeep.verb_unknown"
    title = Text(zh="没有这种维护操作", en="No such act of upkeep")
    detail = Text(zh="没有维护操作“{found}”。", en='There is no act of upkeep "{found}".')
    hint = Text(zh="可用：{expected}。", en="Use one of: {expected}.")


class AlreadyTending(Conflict):
    code = "upkeep.already_tending"
    transient = True
    title = Text(zh="维护正在进行", en="Upkeep is under way")
    detail = Text(
        zh="另一个进程正在维护数据湖。",
        en="Another process is tending the lake.",
    )
    hint = Text(zh="请等它结束后再试。", en="Try again when it has ended.")


class BrokenOff(QiantangError):
    """The process that carried out a run ended before it was done."""

    code = "upkeep.broken_off"
    title = Text(zh="维护中断", en="Upkeep was broken off")
    detail = Text(
        zh="执行该任务的进程中途结束，数据未受影响。",
        en="The process of this run ended before it was done; no data is affected.",
    )
    hint = Text(zh="未完成的部分会再次安排。", en="What is left is done again when it is due.")
