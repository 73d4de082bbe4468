"""What can go wrong when a report is made."""

from __future__ import annotations

from qiantang.kernel.errors import TooLarge, Unavailable
from qiantang.kernel.text import Text


class ReportNotMade(Unavailable):
    code = "reports.not_made"
    title = Text(zh="报告未能生成", en="Report not made")
    detail = Text(zh="报告排版失败：{found}", en="The report could not be set: {found}")
    hint = Text(
        zh="请稍后重试，或改用 Excel 报告；若仍失败，请告知管理员。",
        en="Try again later or take the workbook; if it fails again, tell the administrator.",
    )


class ReportTimedOut(Unavailable):
    code = "reports.timed_out"
    title = Text(zh="报告生成超时", en="Report took too long")
    detail = Text(
        zh="报告在 {expected} 秒内未能完成。", en="The report was not ready within {expected} s."
    )
    hint = Text(zh="请稍后重试，或改用 Excel 报告。", en="Try again later or take the workbook.")


class ReportsBusy(Unavailable):
    """Others are having reports set; nothing is wrong."""

    code = "reports.busy"
    title = Text(zh="正在生成其他报告", en="Other reports are being made")
    detail = Text(
        zh="服务器一次只排版一份报告，现在轮不到。",
        en="The server sets one report at a time, and others were first.",
    )
    hint = Text(
        zh="请半分钟后再试，或改用 Excel 报告。",
        en="Try again in half a minute, or take the workbook.",
    )


class TooMuchForExcel(TooLarge):
    """``what`` is a `Text`: rows, columns or characters of one cell."""

    code = "reports.too_much_for_excel"
    title = Text(zh="超出 Excel 的上限", en="More than Excel holds")
    detail = Text(
        zh="有 {found} {what}，Excel 最多容纳 {expected} {what}。",
        en="There are {found} {what}; Excel holds {expected}.",
    )
    hint = Text(zh="请缩小范围，或改用 CSV、Parquet。", en="Ask for less, or take CSV or Parquet.")
