"""What the pages of an index show beside the room's own tables: counts, gaps, groups, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from django.http import HttpRequest

from qiantang.doors.portal.indices.asking import Asked
from qiantang.doors.portal.indices.editions import file_name
from qiantang.doors.portal.indices.tree import (
    branches,
    level_rows,
    under_root,
    weights_of,
    within,
)
from qiantang.doors.portal.indices.values import (
    filled_counts,
    rows_of,
    scores_of,
    shown_year,
)
from qiantang.engine.index import Structure
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.moves import Movement, UnitMove
from qiantang.rooms.indices.shapes import (
    Compared,
    ElementPage,
    IndexRow,
    IndicatorRow,
    Made,
    RankRow,
)
from qiantang.rooms.shelf import selectors as shelf

DIVISIONS: Final = "geography.division"
EMPTIEST: Final = 8
NEGLIGIBLE: Final = 1e-9
"""A share of a score that is but the noise of rounding."""


def listed(actor: Actor, row: IndexRow, top: int) -> dict[str, Any]:
    """An index of the list: its edition and who leads in it."""
    shown: dict[str, Any] = {"declared": row.declared, "edition": row.edition, "count": 0}
    if row.edition is None:
        return shown
    made = indices.made(actor, row.key)
    scores = scores_of(made, made.structure.root.code, shown_year(made))
    ranked = sorted(
        ((v, u) for u, v in scores.items() if v is not None), key=lambda p: (-p[0], p[1])
    )
    leaders = [
        {"unit": u, "name": made.unit_name(u), "score": v, "rank": n}
        for n, (v, u) in enumerate(ranked[:top], 1)
    ]
    return {**shown, "count": len(ranked), "top": leaders}


def rank_rows(made: Made, ranking: Sequence[RankRow], year: int | None) -> list[dict[str, Any]]:
    """The rank table: each row with the parts of the index and how much was filled."""
    parts = [(made.name(e.code), scores_of(made, e.code, year)) for e in under_root(made)]
    filled = filled_counts(made, year)
    return [
        {
            "unit": r.unit,
            "name": r.name,
            "rank": r.rank,
            "score": r.score,
            "before": r.before,
            "moved": r.moved,
            "gained": None
            if r.score is None or r.score_before is None
            else r.score - r.score_before,
            "because": r.because,
            "because_name": r.because_name,
            "share": r.share,
            "filled": filled.get(r.unit, 0),
            "parts": [{"name": name, "value": scores.get(r.unit)} for name, scores in parts],
        }
        for r in ranking
    ]


def movers(ranking: Sequence[RankRow], count: int) -> list[RankRow]:
    """The units whose rank moved most, the largest move first."""
    moved = [r for r in ranking if r.moved]
    return sorted(moved, key=lambda r: (-abs(r.moved or 0), r.rank or 0))[:count]


def since_data(since: Movement | UnitMove | None) -> dict[str, Any] | None:
    """What moved since the year before, with the edition of then as its number."""
    if since is None:
        return None
    return {**asdict(since), "edition": since.edition.number if since.edition else None}


def since_parts(made: Made, since: UnitMove | None) -> list[dict[str, Any]]:
    """What moved a unit's score: the tree's parts, then what is no indicator's; they add up."""
    if since is None or since.no_shares is not None:
        return []
    others = (
        (Text("只有一年有数据的指标", "Indicators with a figure in one year only"), since.regime),
        (Text("标尺变动", "The moved yardstick"), since.yardstick),
        (Text("权重、方法或指标变动", "Other weights, methods or indicators"), since.rules),
    )
    rows = [r for r in level_rows(made, since.shares) if r["depth"] > 0]
    return rows + [
        {"code": "", "name": name, "depth": 1, "value": value}
        for name, value in others
        if abs(value) > NEGLIGIBLE
    ]


def counts(made: Made, year: int | None) -> dict[str, Any]:
    """How much the year rests on: indicators, units, those with a score, figures present, cells
    filled."""
    raw = made.index.steps["raw"]
    cells = raw.values[rows_of(raw, year)]
    scores = made.index.scores
    root = made.structure.root.code
    return {
        "indicators": len(made.structure.codes),
        "whole_parts": whole_parts_said(made.structure),
        "units": len(rows_of(scores, year)),
        "ranked": sum(v is not None for v in scores_of(made, root, year).values()),
        "present": float((~np.isnan(cells)).mean()) if cells.size else 0.0,
        "filled": int(made.index.filled[rows_of(scores, year)].sum()),
    }


def whole_parts_said(structure: Structure) -> Text | None:
    """How many of the indicators stand for a whole part, beside parts that have indicators: such
    a figure is a score that is entered, and whoever counts indicators has to know."""
    found = sum(
        any(e.level > 1 for e in structure.children(leaf.parent)) for leaf in structure.indicators
    )
    said = Text(f"其中 {found} 项自成一个方面", f"{found} of them a part by itself")
    return said if found else None


def emptiest(made: Made, year: int | None) -> list[dict[str, Any]]:
    """The indicators that most units lack."""
    raw = made.index.steps["raw"]
    missing = np.isnan(raw.values[rows_of(raw, year)]).sum(axis=0)
    order = sorted(zip(missing.tolist(), raw.columns, strict=True), key=lambda p: (-p[0], p[1]))
    return [
        {"code": code, "name": made.name(code), "missing": n} for n, code in order[:EMPTIEST] if n
    ]


def by_branch(made: Made, rows: Sequence[IndicatorRow]) -> list[dict[str, Any]]:
    """A unit's indicators under their direct parents, in the tree's order."""
    known = {r.code: r for r in rows}
    groups: dict[str, list[dict[str, Any]]] = {}
    for branch in branches(made):
        row = known.get(branch.code)
        if branch.leaf and row is not None:
            unit = branch.declared.unit_text if branch.declared else Text(row.unit, row.unit)
            groups.setdefault(branch.parent, []).append({"row": row, "unit": unit})
    return [{"name": made.name(parent), "cells": cells} for parent, cells in groups.items()]


def is_division(made: Made) -> bool:
    """Whether the units are divisions, each with a page of its own."""
    return made.declared.units.codes == DIVISIONS


def bundle_name(made: Made) -> str:
    """What the bundle of the edition is called when it is kept."""
    return file_name(made.declared.key, made.edition.number if made.edition else 0)


def kept(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """Fields of the address that a small form must carry on."""
    return [(n, request.GET[n]) for n in names if request.GET.get(n)]


def compare_tail(ask: Asked, unit: str, other: str) -> str:
    """The query of the comparison of two units in the page's year."""
    sides = {"unit": unit, "other": other} if other else {"unit": unit}
    if ask.year is not None:
        sides |= {"year": str(ask.year), "year_other": str(ask.year)}
    return ask.more(**sides)


def side_names(found: Compared) -> tuple[Text, Text]:
    """Both sides by name; with their years where these differ."""
    one, other = found.one, found.other
    if one.year == other.year:
        return one.name, other.name
    return _with_year(one.name, one.year), _with_year(other.name, other.year)


def _with_year(name: Text, year: int | None) -> Text:
    return Text(f"{name.zh}（{year}）", f"{name.en} ({year})")


def element_facts(made: Made, page: ElementPage) -> dict[str, Any]:
    """What the element's page says beside its values."""
    declared = made.declared.element(page.code)
    weights = weights_of(made)
    children = made.structure.children(page.code)
    total = sum(weights[c.code] for c in children)
    own = made.structure.by_code[page.code].unit
    published = not made.declared.figures and page.level == 1 and declared is not None
    return {
        "element": declared or made.structure.by_code[page.code],
        "unit": declared.unit_text if declared else Text(own, own),
        "name": page.name,
        "path": [{"code": c, "name": made.name(c)} for c in page.path if c != page.code],
        "weight": weights[page.code],
        "effective": page.weight,
        "children": [
            {
                "code": c.code,
                "name": made.name(c.code),
                "share": weights[c.code] / total if total else 0.0,
            }
            for c in children
        ],
        "size_name": made.name(declared.denominator) if declared else None,
        "indicator_page": published and declared.figures in shelf.indicators()
        if declared
        else False,
        "facts": _distribution(page),
        "treated": _treated(made, page.code),
        "within": within(made, page.code),
    }


def _distribution(page: ElementPage) -> list[tuple[Text, str]]:
    values = [r.raw if page.level == 1 else r.score for r in page.rows]
    there = np.array([v for v in values if v is not None])
    if not there.size:
        return []
    low, middle, high = np.percentile(there, [0, 50, 100])
    return [
        (Text("有数据的单位", "Units with a figure"), f"{there.size} / {len(page.rows)}"),
        (Text("最小", "Smallest"), f"{low:,.4g}"),
        (Text("中位数", "Median"), f"{middle:,.4g}"),
        (Text("最大", "Largest"), f"{high:,.4g}"),
    ]


def _treated(made: Made, code: str) -> Text | None:
    done = next((t for t in made.index.treated if t.column == code), None)
    if done is None or not (done.winsorised or done.transformed):
        return None
    zh, en = [], []
    if done.winsorised:
        zh.append(f"{done.winsorised} 个极端值被拉回到相邻的值")
        en.append(f"{done.winsorised} extreme figures were pulled to the next one")
    if done.transformed:
        zh.append(f"做了变换（{done.transformed}）")
        en.append(f"a transformation was made ({done.transformed})")
    zh.append(f"偏度由 {done.before[0]:.2f} 变为 {done.after[0]:.2f}")
    en.append(f"skew went from {done.before[0]:.2f} to {done.after[0]:.2f}")
    return Text("，".join(zh) + "。", "; ".join(en) + ".")
