"""The verdict table at a terminal: readable at 80 columns, piped, and without colours."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from qiantang.doors.cli.language import current, read, say
from qiantang.kernel.digits import digits
from qiantang.kernel.units import UNITS

if TYPE_CHECKING:
    from rich.console import Console

    from qiantang.rooms.indicators.shapes import AssessmentView, TargetRow

MARKS: Final = {"good": "✓", "bad": "✗", "warn": "!", "unknown": "?", "pending": "…"}
WIDE: Final = 100
STYLES: Final = {
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "unknown": "bright_black",
    "pending": "blue",
}
_SHORT: Final = {"百分点": "points"}
_SIGNS: Final = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "=": "=", "~": "≈"}


def show(view: AssessmentView, out: Console) -> None:
    """Heading, one line a target, the counts in words."""
    from rich.table import Table

    division = "" if view.division == view.plan.division else f" · {_place(view.division)}"
    day = say(f"截至 {view.as_of}", f"as of {view.as_of}")
    out.print(f"[bold]{read(view.plan.name)}[/bold]")
    out.print(f"{read(view.plan.issuer)} · {day}{division}", style="bright_black")
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold", expand=True)
    table.add_column(say("编号", "id"), no_wrap=True)
    table.add_column(say("目标", "target"), ratio=5, overflow="fold")
    table.add_column(say("要求", "asked"), ratio=2, min_width=11, overflow="fold")
    table.add_column(say("实际", "found"), ratio=3, min_width=13, overflow="fold")
    table.add_column(say("结论", "verdict"), ratio=3, min_width=14, overflow="fold")
    table.add_column(say("把握", "sure"), no_wrap=True)
    for row in view.rows:
        table.add_row(*_cells(row, narrow=out.width < WIDE))
    if view.rows:
        out.print(table)
        out.print()
    out.print(f"[bold]{read(view.headline)}[/bold]")


def show_known(view: AssessmentView, out: Console) -> None:
    """For a division without targets: its own figures on what the plan asks of the province."""
    from rich.table import Table

    from qiantang.rooms.indicators import selectors

    asked_of = {rule.indicator for target in view.plan.targets for rule in target.evidence}
    rows = [
        row
        for row in selectors.indicator_rows(view.division)
        if row.indicator.id in asked_of and row.latest is not None
    ]
    if not rows:
        return
    out.print(say("与规划目标有关的当地数据：", "Its own figures on what the plan is about:"))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    heads = (("指标", "indicator"), ("最新", "latest"), ("时期", "period"), ("等级", "grade"))
    for zh, en in heads:
        table.add_column(say(zh, en), overflow="fold")
    for row in rows:
        latest = row.latest
        assert latest is not None
        figure_ = measured(float(latest.value), latest.unit)
        period = read(latest.period.as_text())
        table.add_row(read(row.indicator.name), figure_, period, latest.source.grade)
    out.print(table)


def _place(code: str) -> str:
    from qiantang.rooms.shelf import selectors as shelf

    return f"{read(shelf.division(code).name)} {code}"


def _cells(row: TargetRow, *, narrow: bool) -> tuple[Any, ...]:
    from rich.text import Text as Words

    data, style = row.data, STYLES[row.tone]
    name = read(row.verdict_name)
    said = name.replace("（", "\n（") if narrow else name
    verdict = Words(f"{MARKS[row.tone]}\N{NO-BREAK SPACE}{said}", style=style)
    if row.overrule:
        other = read(row.overrule.verdict_name)
        verdict.append(say(f"\n⚖ 人工裁定：{other}", f"\n⚖ overruled: {other}"), style="magenta")
    return (
        row.id,
        Words(read(row.name)),
        asked(data),
        found(data),
        verdict,
        say(data["confidence_name"]["zh"], data["confidence_name"]["en"]),
    )


def asked(data: Mapping[str, Any]) -> str:
    """``> 5500 亿元``, ``1000-2000 家``; empty for a milestone without a figure."""
    low, high = data["limits"]["low"], data["limits"]["high"]
    if low is None and high is None:
        return "–"
    unit = str(data["unit"])
    if low is not None and high is not None and low != high:
        return f"{figure_of(low, unit)}–{measured(high, unit)}"
    sign = _SIGNS.get(data["comparator"] or "", "")
    return f"{sign} {measured(low if low is not None else high, unit)}".strip()


def found(data: Mapping[str, Any]) -> str:
    """``6228.94 亿元 (2019)``; a bound where only a bound is known."""
    if data["value"] is not None:
        period = f" ({data['period']})" if data["period"] else ""
        return f"{measured(data['value'], data['unit'])}{period}"
    bound = data.get("bound") or {"low": None, "high": None}
    low, high = bound["low"], bound["high"]
    if low is not None and high is not None:
        return f"{figure_of(low, data['unit'])}–{measured(high, data['unit'])}"
    if low is None and high is None:
        return "–"
    return f"{'≥' if high is None else '≤'} {measured(low if high is None else high, data['unit'])}"


def figure(value: float) -> str:
    """At most two decimal places, none where they are zero."""
    return digits(round(Decimal(str(value)), 2))


def measured(value: float, symbol: str) -> str:
    """Figure and unit; large sums of money in English as billions, which is how they are said."""
    unit = "bn yuan" if _in_billions(symbol) else unit_name(symbol)
    return f"{figure_of(value, symbol)} {unit}"


def figure_of(value: float, symbol: str) -> str:
    """The figure that stands before `measured`'s unit."""
    return figure(value / 10 if _in_billions(symbol) else value)


def _in_billions(symbol: str) -> bool:
    return symbol == "亿元" and current() == "en"


def unit_name(symbol: str) -> str:
    """The unit in the language of the run."""
    known = UNITS.get(symbol)
    return say(symbol, _SHORT.get(symbol) or (known.en if known else symbol))
