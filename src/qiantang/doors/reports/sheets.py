"""Rows of the report's tables, the same for Excel and print."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qiantang.doors.charts.theme import VERDICT_COLOURS
from qiantang.doors.reports.view import (
    Assessed,
    Names,
    aim,
    due,
    named,
    pace,
    percent,
    period_name,
    said,
    unit_name,
)
from qiantang.doors.reports.words import DISCLAIMER, FIGURES_OF_RULES, KINDS, METHOD
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.kernel.notes import twin_note
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """A verdict with its word, written in its colour."""

    verdict: str
    name: str


Value = str | int | float | date | VerdictCell | None


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names the heading; ``width`` is in characters of the default font."""

    key: str
    width: float
    format: str = ""


_SHARE: Final = "+0.0%;-0.0%;0.0%"
_CHANGE: Final = "+#,##0.######;-#,##0.######;0"

TARGETS: Final = (
    Column("id", 7),
    Column("name", 34),
    Column("verdict", 20),
    Column("aim", 20),
    Column("value", 13),
    Column("unit", 12),
    Column("period", 14),
    Column("due", 12),
    Column("gap", 12, _CHANGE),
    Column("gap_share", 11, _SHARE),
    Column("needed", 11),
    Column("seen", 11),
    Column("confidence", 9),
    Column("reason", 56),
    Column("overrule", 36),
    Column("section", 24),
    Column("quote", 48),
)

_FIGURE: Final = (
    Column("indicator", 28),
    Column("period", 15),
    Column("value", 13),
    Column("unit", 12),
    Column("kind", 11),
    Column("grade", 8),
    Column("source", 40),
    Column("published", 12),
    Column("source_quote", 48),
    Column("note", 30),
    Column("address", 40),
)
EVIDENCE: Final = (
    Column("id", 7),
    Column("name", 28),
    Column("use", 11),
    *_FIGURE,
    Column("reason", 44),
)
SET_ASIDE: Final = (Column("id", 7), Column("name", 28), Column("reason", 44), *_FIGURE)


def facts(
    view: Assessed, data: Mapping[str, Any], lang: str, names: Names
) -> list[tuple[str, str]]:
    """What the report is about: (word, value)."""
    found = [
        ("headline", view.headline.in_(lang)),
        ("as_of", view.as_of.isoformat()),
        ("division", named(names, view.division, lang)),
        ("issuer", view.plan.issuer.in_(lang)),
        ("issued", view.plan.issued.isoformat()),
        ("source", view.plan.source.in_(lang)),
        ("computed", f"{view.computed_at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"),
    ]
    if data.get("snapshot") is not None:
        found.append(("snapshot", str(data["snapshot"])))
    return found


def counts(data: Mapping[str, Any], lang: str) -> list[tuple[str, str, int]]:
    """Verdict, its word, how many; in the order of the chart, empty ones left out."""
    found = Counter(t["verdict"] for t in data["targets"])
    return [
        (v.value, VERDICT_NAMES[v].in_(lang), found[v.value])
        for v in VERDICT_COLOURS
        if found[v.value]
    ]


def target_rows(view: Assessed, data: Mapping[str, Any], lang: str) -> list[Sequence[Value]]:
    sections = dict(view.plan.sections)
    return [_target_row(t, sections, lang) for t in data["targets"]]


def _target_row(t: Mapping[str, Any], sections: Mapping[str, Text], lang: str) -> Sequence[Value]:
    gap = t["gap"] or {"absolute": None, "relative": None}
    section = sections.get(t["section"])
    return (
        t["id"],
        said(t["name"], lang),
        VerdictCell(t["verdict"], said(t["verdict_name"], lang)),
        aim(t, lang),
        t["value"],
        unit_name(t["unit"], lang),
        period_name(t["period"], lang),
        due(t),
        gap["absolute"],
        gap["relative"],
        pace(t, "needed"),
        pace(t, "seen"),
        said(t.get("confidence_name"), lang) or t["confidence"],
        said(t["reason"], lang),
        overruled(t, lang),
        section.in_(lang) if section else t["section"],
        t["quote"],
    )


def overruled(t: Mapping[str, Any], lang: str) -> str:
    """The person's verdict with reason, name and day; empty when nobody overruled."""
    found = t.get("overrule")
    if not found or found.get("withdrawn_at"):
        return ""
    by, day = said(found["by"], lang), found["at"][:10]
    verdict = said(found["verdict_name"], lang)
    if lang.startswith("en"):
        return f"{verdict}: {found['reason']} ({by}, {day})"
    return f"{verdict}：{found['reason']}（{by}，{day}）"


def evidence_rows(data: Mapping[str, Any], lang: str, names: Names) -> list[Sequence[Value]]:
    return [
        (
            t["id"],
            said(t["name"], lang),
            said(e.get("use_name"), lang) or e["use"],
            *tuple(_figure(e, lang, names)),
            said(e["reason"], lang),
        )
        for t in data["targets"]
        for e in t["evidence"]
    ]


def set_aside_rows(data: Mapping[str, Any], lang: str, names: Names) -> list[Sequence[Value]]:
    return [
        (t["id"], said(t["name"], lang), said(r["reason"], lang), *_figure(r, lang, names))
        for t in data["targets"]
        for r in t["rejected"]
    ]


def _figure(row: Mapping[str, Any], lang: str, names: Names) -> Iterator[Value]:
    kind = KINDS.get(row["kind"])
    published = row.get("published")
    yield named(names, row["indicator"], lang)
    yield period_name(row["period"], lang)
    yield row["value"]
    yield unit_name(row["unit"], lang)
    yield kind.in_(lang) if kind else row["kind"]
    yield row["grade"]
    yield row["source_title"]
    yield date.fromisoformat(published) if published else None
    yield row["quote"]
    notes = (row.get("scope_note") or "", row.get("quality_flag") or "")
    yield "; ".join(twin_note(note).in_(lang) for note in notes if note)
    yield row["source_address"]


def method(lang: str) -> list[str]:
    """The method in sentences, then what is assumed."""
    return [t.in_(lang) for t in (*METHOD, DISCLAIMER)]


def rule_figures(view: Assessed, lang: str) -> list[tuple[str, str, str]]:
    """Name, value and source of every figure that the rules use."""
    rules = view.plan.rules
    sources = dict(rules.sources)
    changed = Text("（本区已调整）", " (overridden in this zone)").in_(lang)
    figures = []
    for key, words in FIGURES_OF_RULES.items():
        source = sources.get(key, "")
        said = source + changed if source in rules.overridden else source
        figures.append((words.in_(lang), percent(float(getattr(rules, key))), said))
    grades = Text("可作依据的可信等级", "Grades that may decide").in_(lang)
    figures.append((grades, ", ".join(rules.deciding_grades), ""))
    return figures


def width(text: str) -> int:
    """How many narrow characters wide a text is; a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
