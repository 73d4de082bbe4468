"""What can go wrong when a chart is drawn on the server."""

from __future__ import annotations

from qiantang.kernel.errors import Unavailable
from qiantang.kernel.text import Text


class ChartNotDrawn(Unavailable):
    code = "charts.not_drawn"
    title = Text(zh="图表未能绘制", en="Chart not drawn")
    detail = Text(zh="图表绘制失败：{found}", en="The chart could not be drawn: {found}")
    hint = Text(
        zh="请稍后重试；表格和 CSV 中有相同的数据。",
        en="Try again later; the table and the CSV hold the same figures.",
    )


class ChartTimedOut(Unavailable):
    code = "charts.timed_out"
    title = Text(zh="图表绘制超时", en="Chart took too long")
    detail = Text(
        zh="图表在 {expected} 秒内未能绘制完成。", en="The chart was not drawn within {expected} s."
    )
    hint = Text(
        zh="请稍后重试，或减少图中的数据；表格和 CSV 中有相同的数据。",
        en="Try again later, or draw fewer figures; the table and the CSV hold the same figures.",
    )
