"""One chart grammar for page, picture and print: Vega-Lite specifications in one house theme.

Every function is pure and gives a dict with its values inside. `render_svg` and `render_png` draw
it on the server, `page_bundle` provides the script that draws it in the page.
"""

from __future__ import annotations

from qiantang.doors.charts.bars import Ranked, lights_chart, ranking_chart
from qiantang.doors.charts.bundle import bundle_name, page_bundle
from qiantang.doors.charts.maps import Area, map_chart
from qiantang.doors.charts.render import render_png, render_svg, render_svgs
from qiantang.doors.charts.series import Point, TargetLine, fixed_width, pace_path, series_chart
from qiantang.doors.charts.targets import target_chart
from qiantang.doors.charts.theme import VERDICT_COLOURS, Spec

__all__ = [
    "VERDICT_COLOURS",
    "Area",
    "Point",
    "Ranked",
    "Spec",
    "TargetLine",
    "bundle_name",
    "fixed_width",
    "lights_chart",
    "map_chart",
    "pace_path",
    "page_bundle",
    "ranking_chart",
    "render_png",
    "render_svg",
    "render_svgs",
    "series_chart",
    "target_chart",
]
