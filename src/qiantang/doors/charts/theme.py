"""The one look of every chart: colours, fonts and the frame that every specification shares.

A specification is a plain Vega-Lite dict with its values inside; nothing is fetched. Pages draw it
with the reader's own Chinese font; the server replaces the font by the packaged one.
"""

from __future__ import annotations

from typing import Any, Final

from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.text import Text

Spec = dict[str, Any]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
PAGE_FONT: Final = (
    '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", '
    '"Hiragino Sans GB", system-ui, sans-serif'
)
SERVER_FONT: Final = "Noto Sans CJK SC"

INK: Final = "#1f2933"
MUTED: Final = "#5f6b7a"
GRID: Final = "#e4e7eb"
ACCENT: Final = "#1f5f8b"
TARGET: Final = "#a63d2f"
BAND: Final = "#f3e3c3"
MISSING: Final = "#9aa5b1"
RAMP: Final = ("#eaf2f8", "#c3dcec", "#93c0dd", "#5f9dc6", "#3a7fb0")

VERDICT_COLOURS: Final[dict[Verdict, str]] = {
    Verdict.MET: "#1b7f4d",
    Verdict.MILESTONE_REACHED: "#1f7373",
    Verdict.MET_NEAR: "#6fb08c",
    Verdict.LIKELY_MET: "#a5cfb6",
    Verdict.NOT_YET_DUE: "#8fadcb",
    Verdict.UNDECIDED: "#d9a441",
    Verdict.LIKELY_NOT_MET: "#e0a08f",
    Verdict.NOT_MET_NEAR: "#d98a78",
    Verdict.NOT_MET: "#b23a2b",
    Verdict.MILESTONE_NOT_SHOWN: "#c3c9d0",
    Verdict.NO_EVIDENCE: "#97a1ad",
}
"""One colour for each verdict, in the order in which they are always listed: good to bad, then
unknown. Every use also writes the verdict's word, so that colour is never the only sign."""

NO_DATA: Final = Text(zh="暂无数据", en="No data")


def ink_on(colour: str) -> str:
    """The dark ink or white, whichever stands out more on ``colour`` (WCAG contrast)."""
    back = _luminance(colour)
    on_white = 1.05 / (back + 0.05)
    on_dark = (back + 0.05) / (_luminance(INK) + 0.05)
    return "#ffffff" if on_white > on_dark else INK


def frame(description: str, font: str = PAGE_FONT) -> Spec:
    """The members that every chart starts with; ``description`` is what a screen reader says."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "background": "#ffffff",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _config(font),
    }


def for_server(spec: Spec) -> Spec:
    """The same chart in the packaged font, which the server can always draw."""
    return {**spec, "config": {**spec.get("config", {}), "font": SERVER_FONT}}


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _config(font: str) -> Spec:
    words = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": font,
        "view": {"stroke": None},
        "axis": {
            **words,
            "titleFontWeight": "normal",
            "grid": True,
            "gridColor": GRID,
            "domainColor": MISSING,
            "tickColor": MISSING,
            "labelPadding": 5,
        },
        "legend": {**words, "titleFontWeight": "normal", "symbolSize": 90, "labelLimit": 320},
        "title": {"color": INK, "fontSize": 15, "fontWeight": 600, "anchor": "start", "offset": 10},
        "text": {"fontSize": 12, "color": INK},
        "numberFormat": ",.10~f",
    }
