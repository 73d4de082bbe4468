"""An indicator's series in one division as a chart, in the unit that the language uses."""

from __future__ import annotations

from qiantang.doors.charts import Point, Spec, series_chart
from qiantang.doors.portal.figures import as_said
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.rooms.indicators.shapes import Series


def series_spec(found: Series, lang: str) -> Spec:
    """Figures whose unit does not convert are left to the table."""
    factor, unit = as_said(found.indicator.unit, lang)
    points = []
    for o in found.points:
        try:
            value = convert(o.value, o.unit, found.indicator.unit)
        except QiantangError:
            continue
        points.append(
            Point(
                o.period,
                value * factor,
                o.kind,
                o.source.grade != "D",
                source=f"[{o.source.grade}] {o.source.title}",
            )
        )
    title = Text(
        f"{found.division.name.zh}：{found.indicator.name.zh}",
        f"{found.division.name.en}: {found.indicator.name.en}",
    )
    return series_chart(points, lang=lang, title=title, unit=unit)
