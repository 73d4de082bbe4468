"""The printed report of an assessment: what it says, set by Typst in a process of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from qiantang.doors.charts import (
    VERDICT_COLOURS,
    fixed_width,
    lights_chart,
    render_svgs,
    target_chart,
)
from qiantang.doors.charts.theme import ink_on
from qiantang.doors.reports import sheets
from qiantang.doors.reports.pressing import pressed
from qiantang.doors.reports.view import (
    Assessed,
    Names,
    aim,
    due,
    named,
    names_on_shelf,
    pace,
    percent,
    period_name,
    quantity,
    said,
)
from qiantang.doors.reports.words import DISCLAIMER, KINDS, METHOD, WORDS
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.text import Text

TIMEOUT: Final = 60
_CHART_WIDTH: Final = 640


def pdf(view: Assessed, lang: str = "zh", names: Names | None = None) -> bytes:
    """The report as PDF. Raises `ReportNotMade`, `ReportTimedOut`, `ChartNotDrawn`."""
    known = names_on_shelf() if names is None else names
    return pressed(content(view, "en" if lang.startswith("en") else "zh", known))


def content(view: Assessed, lang: str, names: Names) -> dict[str, Any]:
    """Everything the template prints, as plain JSON values in one language."""
    data = view.as_json()
    targets = data["targets"]
    lights, *charts = _charts(targets, lang, names)
    return {
        "lang": lang,
        "words": {key: text.in_(lang) for key, text in WORDS.items()},
        "title": view.plan.name.in_(lang),
        "headline": view.headline.in_(lang),
        "facts": [
            [WORDS[key].in_(lang), value]
            for key, value in sheets.facts(view, data, lang, names)
            if key != "headline"
        ],
        "computed_at": view.computed_at.isoformat(),
        "lights": lights,
        "counts": [
            {"name": name, "count": count, **_colours(verdict)}
            for verdict, name, count in sheets.counts(data, lang)
        ],
        "sections": _sections(view, targets, lang),
        "targets": [
            _target(t, chart, lang, names) for t, chart in zip(targets, charts, strict=True)
        ],
        "method": [t.in_(lang) for t in METHOD],
        "rules": sheets.rule_figures(view, lang),
        "disclaimer": DISCLAIMER.in_(lang),
    }


def _charts(targets: list[dict[str, Any]], lang: str, names: Names) -> list[dict[str, str] | None]:
    """The verdict bar, then one chart for each target that has figures; one drawing process."""
    counted = Counter(Verdict(t["verdict"]) for t in targets)
    title = Text(f"{len(targets)} 项目标的结论", f"Verdicts of {len(targets)} targets")
    specs: list[Any] = [lights_chart(counted, VERDICT_NAMES, lang=lang, title=title)]
    specs += [
        target_chart(t, lang, names, height=190) if t["evidence"] or t["rejected"] else None
        for t in targets
    ]
    wanted = [fixed_width(s, _CHART_WIDTH) for s in specs if s]
    drawn = iter(render_svgs(wanted, timeout=TIMEOUT))
    return [{"svg": next(drawn), "alt": s["description"]} if s else None for s in specs]


def _sections(view: Assessed, targets: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The table of targets, grouped by the plan's sections in its order."""
    order = list(dict.fromkeys([key for key, _ in view.plan.sections]))
    order += list(dict.fromkeys(t["section"] for t in targets if t["section"] not in order))
    known = dict(view.plan.sections)
    return [
        {"name": known[key].in_(lang) if key in known else key, "rows": rows}
        for key in order
        if (rows := [_line(t, lang) for t in targets if t["section"] == key])
    ]


def _line(t: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "id": t["id"],
        "name": said(t["name"], lang),
        "aim": aim(t, lang),
        "figure": _figure(t, lang),
        "period": period_name(t["period"], lang),
        **_verdict(t, lang),
    }


def _target(
    t: Mapping[str, Any], chart: dict[str, str] | None, lang: str, names: Names
) -> dict[str, Any]:
    return {
        **_line(t, lang),
        "quote": t["quote"],
        "reason": said(t["reason"], lang),
        "confidence": said(t.get("confidence_name"), lang) or t["confidence"],
        "confidence_reason": _after(WORDS["confidence"].in_(lang), t["confidence_reason"], lang),
        "facts": [[WORDS[key].in_(lang), value] for key, value in _facts(t, lang) if value],
        "overrule": sheets.overruled(t, lang),
        "conflicts": [said(c["reason"], lang) for c in t["conflicts"]],
        "chart": chart,
        "evidence": [_evidence(e, lang, names) for e in t["evidence"]],
        "set_aside": [_evidence(r, lang, names) for r in t["rejected"]],
    }


def _after(word: str, text: Mapping[str, str], lang: str) -> str:
    """A sentence that may open with the word printed before it, without that word."""
    return said(text, lang).removeprefix(word)


def _facts(t: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    gap, bound = t["gap"] or {}, t["bound"] or {}
    share = percent(gap.get("relative"), signed=True)
    apart = quantity(gap.get("absolute"), t["unit"], lang, signed=True)
    return [
        ("aim", aim(t, lang)),
        ("figure", " · ".join(filter(None, (_figure(t, lang), period_name(t["period"], lang))))),
        ("gap", " · ".join(filter(None, (apart, share)))),
        ("due", due(t)),
        ("needed", pace(t, "needed")),
        ("seen", pace(t, "seen")),
        ("bound", _bound(bound, t["unit"], lang)),
    ]


def _bound(bound: Mapping[str, Any], unit: str, lang: str) -> str:
    low, high = (quantity(bound.get(side), unit, lang) for side in ("low", "high"))
    if low and high:
        return f"{low} – {high}"
    if low:
        return f"≥ {low}"
    return f"≤ {high}" if high else ""


def _figure(t: Mapping[str, Any], lang: str) -> str:
    return quantity(t["value"], t["unit"], lang)


def _evidence(row: Mapping[str, Any], lang: str, names: Names) -> dict[str, Any]:
    kind = KINDS.get(row["kind"])
    return {
        "use": said(row.get("use_name"), lang),
        "indicator": named(names, row["indicator"], lang),
        "period": period_name(row["period"], lang),
        "figure": quantity(row["value"], row["unit"], lang),
        "kind": kind.in_(lang) if kind else row["kind"],
        "grade": row["grade"],
        "title": row["source_title"],
        "address": row["source_address"],
        "published": row.get("published") or "",
        "quote": row["quote"],
        "reason": said(row["reason"], lang),
    }


def _verdict(t: Mapping[str, Any], lang: str) -> dict[str, str]:
    return {"verdict": said(t["verdict_name"], lang), **_colours(t["verdict"])}


def _colours(verdict: str) -> dict[str, str]:
    colour = VERDICT_COLOURS[Verdict(verdict)]
    return {"colour": colour, "ink": ink_on(colour)}
