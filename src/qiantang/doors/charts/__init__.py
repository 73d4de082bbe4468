"""One chart grammar for page, picture and print: Vega-Lite specifications in one house theme.

Every function is pure and gives a dict with its values inside. `render_svg` and `render_png` draw
it on the server, `page_bundle` provides the script that draws it in the page.
"""

from __future__ import annotations

from qiantang.doors.charts.bars import Ranked, lights_chart, ranking_chart
from qiantang.doors.charts.bundle import bundle_name, page_bundle
from qiantang.doors.charts.choices import Choice, choices_chart
from qiantang.doors.charts.grids import grid_chart
from qiantang.doors.charts.maps import Area, boundary_codes, map_chart
from qiantang.doors.charts.ranks import Course, RankSpan, courses_chart, ranges_chart
from qiantang.doors.charts.render import render_png, render_svg, render_svgs
from qiantang.doors.charts.series import Point, TargetLine, fixed_width, pace_path, series_chart
from qiantang.doors.charts.shares import Layer, Part, branch_colour, parts_chart, stack_chart
from qiantang.doors.charts.targets import target_chart
from qiantang.doors.charts.theme import VERDICT_COLOURS, Spec
from qiantang.doors.charts.years import YearScore, scores_chart

__all__ = [
    "VERDICT_COLOURS",
    "Area",
    "Choice",
    "Course",
    "Layer",
    "Part",
    "Point",
    "RankSpan",
    "Ranked",
    "Spec",
    "TargetLine",
    "YearScore",
    "boundary_codes",
    "branch_colour",
    "bundle_name",
    "choices_chart",
    "courses_chart",
    "fixed_width",
    "grid_chart",
    "lights_chart",
    "map_chart",
    "pace_path",
    "page_bundle",
    "parts_chart",
    "ranges_chart",
    "ranking_chart",
    "render_png",
    "render_svg",
    "render_svgs",
    "scores_chart",
    "series_chart",
    "stack_chart",
    "target_chart",
]
