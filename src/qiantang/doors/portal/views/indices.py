"""Composite indices: the list, an index's home, a unit, an element, and two units compared."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.indices import pages, sentences, tables
from qiantang.doors.portal.indices.asking import Asked, asked, frame_of
from qiantang.doors.portal.indices.drawings import PARTS_DRAWN, mapped
from qiantang.doors.portal.indices.tree import level_rows, under_root, within
from qiantang.doors.portal.indices.values import told_year
from qiantang.doors.portal.places import department
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices.shapes import Compared, Made

TOP: Final = 5
MOVERS: Final = 6


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every declared index with the first places of its latest edition."""
    actor = actor_of(request)
    items = [pages.listed(actor, row, TOP) for row in indices.indices(actor)]
    for item in items:
        item["owner"] = department(item["declared"].owner)
    data = {
        "indices": [
            {
                "id": i["declared"].key,
                "name": i["declared"].name,
                "edition": i["edition"].number if i["edition"] else None,
                "units": i["count"],
            }
            for i in items
        ]
    }
    return answer(request, "portal/indices/listing.html", {"items": items}, data)


@require_safe
def home(request: HttpRequest, id: str) -> HttpResponse:
    """The ranks of an edition, what moved and why, gaps, and how to check it."""
    ask = asked(request, id)
    made = ask.made
    ranking = indices.ranking(made, ask.year)
    rows = pages.rank_rows(made, ranking, ask.year)
    ranked = any(r.rank is not None for r in ranking)
    since = indices.movement(made, ask.year) if ranked else None
    card = request.build_absolute_uri(reverse("portal:index_card", args=[id]))
    context: dict[str, Any] = {
        **frame_of(request, ask, "home"),
        "headline": sentences.home_said(ranking, told_year(made, ask.year)),
        "rows": rows,
        "columns": [{"code": e.code, "name": made.name(e.code)} for e in under_root(made)],
        "told_year": told_year(made, ask.year),
        "since": since,
        "before": since.before if since else None,
        "movers": pages.movers(ranking, MOVERS) if since else [],
        "mapped": mapped(made),
        "ranked": ranked,
        "tabled": any(
            r["score"] is not None or any(v["value"] is not None for v in r["parts"]) for r in rows
        ),
        "courses": ranked and len(made.years) > 1,
        "counts": pages.counts(made, ask.year),
        "gaps": pages.emptiest(made, ask.year),
        "notes": made.index.notes,
        "file_name": pages.bundle_name(made),
        "card_address": card,
        "kept": pages.kept(request, "edition"),
    }
    data = {
        "index": ask.key,
        "name": made.declared.name,
        "edition": made.edition.number if made.edition else None,
        "year": ask.year,
        "since": pages.since_data(since),
        "ranking": [asdict(r) for r in ranking],
    }
    return answer(request, "portal/indices/home.html", context, data)


@require_safe
def unit(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """One unit: what makes its score, strengths and weaknesses, peers, years, every figure."""
    ask = asked(request, id)
    profile = indices.profile(ask.made, code, ask.year)
    top = {e.code for e in under_root(ask.made)}
    peers = [
        {"unit": r.unit, "name": r.name, "rank": r.rank, "score": r.score,
         "compare": pages.compare_tail(ask, code, r.unit)}
        for r in profile.peers
    ]  # fmt: skip
    context: dict[str, Any] = {
        **frame_of(request, ask, "unit"),
        "profile": profile,
        "peers": peers,
        "headline": sentences.unit_said(profile),
        "parts": [e for e in profile.elements if e.code in top],
        "shares": level_rows(ask.made, profile.shares),
        "told_year": told_year(ask.made, ask.year),
        "since": profile.since,
        "since_parts": pages.since_parts(ask.made, profile.since),
        "groups": pages.by_branch(ask.made, profile.indicators),
        "unit_tail": ask.more(unit=code),
        "compare_tail": pages.compare_tail(ask, code, ""),
        "division_page": pages.is_division(ask.made),
        "kept": pages.kept(request, "edition"),
    }
    data = {**asdict(profile), "since": pages.since_data(profile.since)}
    return answer(request, "portal/indices/unit.html", context, data)


@require_safe
def element(request: HttpRequest, id: str, code: str) -> HttpResponse:
    """One indicator or aggregate over all units, with its definition, weight and source."""
    ask = asked(request, id)
    page = indices.element_page(ask.made, code, ask.year)
    context: dict[str, Any] = {
        **frame_of(request, ask, "element"),
        **pages.element_facts(ask.made, page),
        "page": page,
        "rows": page.rows,
        "element_tail": ask.more(element=code),
        "kept": pages.kept(request, "edition"),
    }
    return answer(request, "portal/indices/element.html", context, asdict(page))


@require_safe
def compare(request: HttpRequest, id: str) -> HttpResponse:
    """Two units, or one unit in two years: the difference split into indicators."""
    ask = asked(request, id)
    made = ask.made
    ranking = indices.ranking(made, ask.year)
    chosen = _chosen(request, ask, [r.unit for r in ranking])
    found = _compared(made, chosen) if chosen["unit"] else None
    context: dict[str, Any] = {
        **frame_of(request, ask, "compare"),
        "units": [(r.unit, r.name) for r in ranking],
        "chosen": chosen,
        "compared": found,
        "drawn": PARTS_DRAWN,
        "chart_tail": ask.more(**{k: v for k, v in chosen.items() if v and k != "year"}),
    }
    data: dict[str, Any] = {"index": ask.key, **chosen}
    if found is not None:
        sides = pages.side_names(found)
        context |= {
            "sides": sides,
            "headline": sentences.difference_said(
                sides, found.total, found.shares[0].name if found.shares else None
            ),
            "parts": tables.differences(made, found, within),
        }
        data |= {"total": found.total, "shares": [asdict(s) for s in found.shares]}
    return answer(request, "portal/indices/compare.html", context, data)


def _compared(made: Made, chosen: dict[str, Any]) -> Compared:
    sides = (chosen["unit"], chosen["other"], chosen["year"], chosen["year_other"])
    return indices.compared(made, *sides)


def _chosen(request: HttpRequest, ask: Asked, units: list[str]) -> dict[str, Any]:
    """The two sides that the address names; else the first two of the ranking."""
    unit = request.GET.get("unit", "").strip() or (units[0] if units else "")
    others = [u for u in units if u != unit]
    other = request.GET.get("other", "").strip() or (others[0] if others else unit)
    year_other = whole_number(request.GET.get("year_other", "")) or ask.year
    return {"unit": unit, "other": other, "year": ask.year, "year_other": year_other}
