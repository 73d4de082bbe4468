"""The report of an edition: what the PDF says and the sheets of the workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from qiantang.doors.charts import Spec, fixed_width, render_svgs
from qiantang.doors.portal import figures
from qiantang.doors.portal.indices import tables
from qiantang.doors.portal.indices.drawings import map_spec, mapped
from qiantang.doors.portal.indices.pages import counts
from qiantang.doors.portal.indices.recipe_words import steps_said
from qiantang.doors.portal.indices.robust_drawings import ranges_spec
from qiantang.doors.portal.indices.robust_words import leaders_said, robust_said
from qiantang.doors.portal.indices.sentences import home_said
from qiantang.doors.portal.indices.tree import branches, under_root
from qiantang.doors.portal.indices.values import told_year
from qiantang.doors.portal.places import department
from qiantang.doors.reports import Marked, TableSheet, pressed, tables_workbook
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.shapes import Made

WORDS: Final = {
    "ranking": Text("排名", "Ranking"),
    "rank": Text("名次", "Rank"),
    "unit": Text("单位", "Unit"),
    "score": Text("得分", "Score"),
    "robustness": Text("稳健性", "Robustness"),
    "method": Text("方法", "Method"),
    "structure": Text("结构与权重", "Structure and weights"),
    "element": Text("元素", "Element"),
    "weight": Text("权重", "Weight"),
    "share": Text("在总指数中", "In the index"),
    "source": Text("来源", "Source"),
    "notes": Text("说明", "Notes"),
    "page": Text("第 {n} 页，共 {all} 页", "Page {n} of {all}"),
}
VERIFY: Final = Text(
    "本报告由公开的数据和方法自动生成。下载复现包后运行 qiantang index verify，"
    "可在任何电脑上离线算出同样的数字。",
    "This report is made from open figures and an open method. Download the bundle and run "
    "qiantang index verify to compute the same digits offline on any machine.",
)
_WIDTH: Final = 640
_AROUND: Final = 90
"""Pixels of axis and title above and below a chart."""
_WIDE_CM: Final = 15.6
_HIGH_CM: Final = 23.5


def index_pdf(made: Made, year: int | None, lang: str) -> bytes:
    """The report as PDF. Raises `ReportNotMade`, `ReportTimedOut`, `ChartNotDrawn`."""
    return pressed(content(made, year, lang), "index")


def content(made: Made, year: int | None, lang: str) -> dict[str, Any]:
    """Everything that is printed, as plain JSON values in one language."""
    ranking = indices.ranking(made, year)
    robust = indices.robustness(made) if made.survey else None
    chart, ranges = _pictures(made, year, lang)
    said = (
        [robust_said(robust), *leaders_said(robust.rows)] if robust and robust.combinations else []
    )
    heads, rows = _printed_ranks(made, year, lang)
    return {
        "lang": lang,
        "words": {key: text.in_(lang) for key, text in WORDS.items()},
        "title": made.declared.name.in_(lang),
        "subtitle": _subtitle(made, year).in_(lang),
        "headline": home_said(ranking, told_year(made, year)).in_(lang),
        "note": made.declared.note.in_(lang) if made.declared.note else "",
        "facts": [[name.in_(lang), value] for name, value in facts(made, year, lang)],
        "verify": VERIFY.in_(lang),
        "computed_at": _moment(made).isoformat(),
        "map": chart,
        "ranges": ranges,
        "heads": heads,
        "ranks": rows,
        "robust": [s.in_(lang) for s in said],
        "steps": _steps(made, lang),
        "elements": _elements(made, lang),
        "notes": [n.in_(lang) for n in made.index.notes],
    }


def facts(made: Made, year: int | None, lang: str) -> list[tuple[Text, str]]:
    """What identifies the edition and what it rests on."""
    edition, found = made.edition, counts(made, year)
    zone = [(Text("领域包", "Pack"), made.declared.pack)]
    zone.append((Text("责任部门", "Department"), department(made.declared.owner).in_(lang)))
    if edition is not None:
        zone.insert(0, (Text("版次", "Edition"), str(edition.number)))
        zone.append((Text("数据截至", "Figures as of"), figures.day(edition.as_of, lang)))
        zone.append((Text("发布时间", "Published"), figures.moment(edition.decided_at, lang)))
        zone.append((Text("复现包摘要", "Digest of the bundle"), edition.digest))
    return [
        *zone,
        (Text("单位", "Units"), str(found["units"])),
        (Text("指标", "Indicators"), _indicators(found, lang)),
        (Text("数据完整率", "Figures present"), figures.percent(found["present"])),
        (Text("补缺的单元格", "Filled cells"), str(found["filled"])),
    ]


def _indicators(found: dict[str, Any], lang: str) -> str:
    said: Text | None = found["whole_parts"]
    return f"{found['indicators']} ({said.in_(lang)})" if said else str(found["indicators"])


def index_workbook(made: Made, year: int | None, lang: str) -> bytes:
    """Results, normalised and raw figures (filled cells marked), structure."""
    about = [(name.in_(lang), value) for name, value in facts(made, year, lang)]
    headline = home_said(indices.ranking(made, year), told_year(made, year)).in_(lang)
    about.insert(0, (Text("概要", "Summary").in_(lang), headline))
    if made.declared.note:
        about.append((WORDS["notes"].in_(lang), made.declared.note.in_(lang)))
    shaded = Text("标色的单元格", "Shaded cells"), Text("由补缺得到", "were filled, not observed")
    about.append((shaded[0].in_(lang), shaded[1].in_(lang)))
    sheets = [_results(made, lang), *_steps_sheets(made, lang), _structure(made, lang)]
    title = f"{made.declared.name.in_(lang)} {_subtitle(made, year).in_(lang)}"
    return tables_workbook(title, about, sheets, Text("关于", "About").in_(lang))


def _results(made: Made, lang: str) -> TableSheet:
    codes = [made.structure.root.code, *tables.aggregates(made)]
    scores, ranks = made.index.scores, made.index.ranks
    header = [Text("单位代码", "Unit code"), WORDS["unit"], Text("年份", "Year")]
    for code in codes:
        name = made.name(code)
        header += [name, Text(f"{name.zh} 名次", f"{name.en}, rank")]
    rows = []
    for row, unit in enumerate(scores.units):
        cells: list[Any] = [unit, made.unit_name(unit).in_(lang)]
        cells.append(scores.times[row] if scores.times else None)
        for code in codes:
            at = scores.at(code)
            cells += [_cell(scores.values[row, at]), _whole(ranks[row, at])]
        rows.append(cells)
    sheet = Text("得分与名次", "Scores and ranks").in_(lang)
    return TableSheet(sheet, tuple(h.in_(lang) for h in header), rows, fixed=2)


def _steps_sheets(made: Made, lang: str) -> list[TableSheet]:
    """Raw and normalised figures of every unit and year."""
    names = {"raw": Text("原始数", "Raw figures"), "normalised": Text("标准化后", "Normalised")}
    filled = {
        (u, t): made.index.filled[r]
        for r, (u, t) in enumerate(zip(made.index.scores.units, _times(made), strict=True))
    }
    sheets = []
    for step, name in names.items():
        data = made.index.steps[step]
        header = (
            *(Text("单位代码", "Unit code").in_(lang), WORDS["unit"].in_(lang)),
            *(Text("年份", "Year").in_(lang), *(made.name(c).in_(lang) for c in data.columns)),
        )
        rows: list[list[Any]] = []
        for r, unit in enumerate(data.units):
            time = data.times[r] if data.times else None
            marks = filled.get((unit, time), np.zeros(len(data.columns), dtype=bool))
            cells = [
                Marked(_cell(v)) if mark else _cell(v)
                for v, mark in zip(data.values[r], marks, strict=True)
            ]
            rows.append([unit, made.unit_name(unit).in_(lang), time, *cells])
        sheets.append(TableSheet(name.in_(lang), header, rows, fixed=2, places=4))
    return sheets


def _times(made: Made) -> tuple[int | None, ...]:
    data = made.index.scores
    return data.times or (None,) * len(data.units)


def _structure(made: Made, lang: str) -> TableSheet:
    header = [
        *(Text("代码", "Code"), WORDS["element"], Text("上级", "Parent"), Text("层", "Depth")),
        *(WORDS["weight"], WORDS["share"], Text("方向", "Direction"), WORDS["source"]),
        Text("已核实", "Verified"),
    ]
    yes, no = Text("是", "yes").in_(lang), Text("否", "no").in_(lang)
    rows = [[*row[:-1], yes if row[-1] else no] for row in tables.weights(made, lang)]
    name = WORDS["structure"].in_(lang)
    return TableSheet(name, tuple(h.in_(lang) for h in header), rows, fixed=2, places=4)


def _cell(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _subtitle(made: Made, year: int | None) -> Text:
    edition = made.edition.number if made.edition else 0
    zh, en = f"第 {edition} 版", f"edition {edition}"
    return Text(f"{year} 年 · {zh}", f"{year} · {en}") if year else Text(zh, en)


def _moment(made: Made) -> datetime:
    """The moment that the file carries: when the edition was published."""
    at = made.edition.decided_at if made.edition else None
    return at or datetime(2000, 1, 1, tzinfo=UTC)


def _pictures(
    made: Made, year: int | None, lang: str
) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    specs: list[Spec | None] = [
        map_spec(made, year, lang, height=300) if mapped(made) else None,
        ranges_spec(indices.robustness(made).rows, lang) if made.survey else None,
    ]
    drawn = iter(render_svgs([fixed_width(s, _WIDTH) for s in specs if s]))
    first, second = [
        {"svg": next(drawn), "alt": s["description"], "width": _print_width(s)} if s else None
        for s in specs
    ]
    return first, second


def _print_width(spec: Spec) -> str:
    """Centimetres that a picture may take, so that a high one stays on its page."""
    high = float(spec["height"]) + _AROUND
    return f"{min(_WIDE_CM, _HIGH_CM * _WIDTH / high):.2f}"


def _printed_ranks(made: Made, year: int | None, lang: str) -> tuple[list[str], list[list[str]]]:
    """The rank table, with the parts of the index where a page has room for them."""
    parts = under_root(made)[:4]
    ranking = indices.ranking(made, year)
    rows = tables.results(made, ranking, year, lang)
    codes = tables.aggregates(made)
    at = [5 + codes.index(p.code) for p in parts if p.code in codes]
    heads = [made.name(p.code).in_(lang) for p in parts if p.code in codes]
    return heads, [
        [str(r[3]), str(r[1]), _said(r[4]), *(_said(r[place]) for place in at)] for r in rows
    ]


def _said(value: Any) -> str:
    return "—" if value == "" else f"{value:.1f}"


def _steps(made: Made, lang: str) -> list[dict[str, Any]]:
    denominated = any(e.denominator for e in made.structure.indicators)
    return [
        {
            "title": s.title.in_(lang),
            "said": s.said.in_(lang),
            "parameters": [f"{p.name.in_(lang)} {p.value.in_(lang)}" for p in s.parameters],
        }
        for s in steps_said(made.tables, made.name, denominated=denominated)
    ]


def _elements(made: Made, lang: str) -> list[dict[str, Any]]:
    unverified = Text("未核实", "not verified").in_(lang)
    return [
        {
            "name": b.name.in_(lang),
            "depth": b.depth,
            "weight": f"{b.weight:.4g}" if b.depth else "",
            "share": f"{100 * b.effective:.2f}%",
            "source": _source(b, unverified),
        }
        for b in branches(made)
    ]


def _source(branch: Any, unverified: str) -> str:
    if branch.declared is None or not branch.declared.source:
        return ""
    mark = "" if branch.declared.verified else f" ({unverified})"
    return f"{branch.declared.source}{mark}"
