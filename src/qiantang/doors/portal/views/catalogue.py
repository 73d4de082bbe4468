"""The catalogue's first page and its results: one address, with words and facets in the query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer, render_page
from qiantang.doors.portal.catalogue import questions, words
from qiantang.doors.portal.catalogue.lines import lines_of
from qiantang.doors.portal.catalogue.marking import marks_of, synonyms_of
from qiantang.doors.portal.catalogue.origins import with_origins_named
from qiantang.doors.portal.catalogue.questions import Question, class_parents
from qiantang.doors.portal.language import language_of
from qiantang.kernel.identifiers import division_level
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import FacetValue, ResourceView, SearchPage

NEWEST: Final = 6
BASE: Final = "1"
THEME: Final = "2"
REGION: Final = "catalogue-results"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The first page; with words, facets, an order or a page in the address the results."""
    if questions.asks_something(request):
        return _results(request)
    found = catalogue.search(actor_of(request), size=NEWEST, sort="newest")
    return answer(request, "portal/catalogue_home.html", _overview(found), _plain(found))


def _results(request: HttpRequest) -> HttpResponse:
    question = questions.asked(request)
    found = catalogue.search(
        actor_of(request),
        question.query,
        facets=question.chosen,
        page=question.page,
        size=questions.SIZE,
        sort=question.sort,
    )
    found = with_origins_named(actor_of(request), found)
    marks = marks_of(question.query, found.words if found.widened else ())
    context = {
        "found": found,
        "question": question,
        "lines": lines_of(found.hits, marks),
        "marks": marks,
        "synonyms": synonyms_of(question.query),
        "choices": questions.choices_of(found.facets, question, language_of(request)),
        "picked": _picked(found, question),
        "sorts": _sorts(question, found),
        "before": question.address(page=found.page - 1) if found.page > 1 else "",
        "after": question.address(page=found.page + 1) if found.page < found.pages else "",
        "everything": question.address(chosen={}),
        "root": settings.QIANTANG_DIVISION,
        "region": REGION,
    }
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == REGION:
        return render_page(request, "portal/parts/catalogue_results.html", context)
    return answer(request, "portal/catalogue_results.html", context, _plain(found))


def _overview(found: SearchPage) -> dict[str, Any]:
    """What the first page shows, all from the counts of one search."""
    by_id = {f.id: f.values for f in found.facets}
    counts = {f.id: {v.value: v.count for v in f.values} for f in found.facets}
    parents = class_parents()
    return {
        "found": found,
        "region": REGION,
        "root": settings.QIANTANG_DIVISION,
        "question": Question("", {}, "", 1),
        "base": [v for v in by_id["class"] if parents.get(v.value) == BASE],
        "themes": [v for v in by_id["class"] if parents.get(v.value) == THEME],
        "departments": by_id["department"],
        "levels": by_id["level"],
        "cities": sorted(_cities(by_id["division"]), key=lambda v: v.value),
        "open": counts["open"].get("open", 0),
        "share": counts["sharing"].get("unconditional", 0),
        "grades": _ordered(words.GRADES, counts["grade"]),
        "freshness": _ordered(words.FRESHNESS, counts["freshness"]),
    }


def _cities(values: Iterable[FacetValue]) -> Iterable[FacetValue]:
    return (v for v in values if len(v.value) == 6 and division_level(v.value) == "city")


def _ordered(known: words.Said, counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(value, counts[value]) for value in known if counts.get(value)]


def _picked(found: SearchPage, question: Question) -> list[dict[str, Any]]:
    """What is chosen, each with the address that lets it go."""
    return [
        {
            "facet": facet.name,
            "name": questions.value_name(facet.id, value),
            "address": question.toggled(facet.id, value.value),
        }
        for facet in found.facets
        for value in facet.values
        if value.chosen and value.value in question.chosen.get(facet.id, ())
    ]


def _sorts(question: Question, found: SearchPage) -> list[tuple[str, str, bool]]:
    offered = (s for s in words.SORTS if s != "relevance" or question.query)
    return [(s, question.address(sort=s), s == found.sort) for s in offered]


def _plain(found: SearchPage) -> dict[str, Any]:
    return {
        "query": found.query,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "sort": found.sort,
        "widened": found.widened,
        "words": found.words,
        "entries": [entry_plain(hit) for hit in found.hits],
        "facets": {
            f.id: [{"value": v.value, "name": v.name, "count": v.count} for v in f.values]
            for f in found.facets
        },
    }


def entry_plain(view: ResourceView) -> dict[str, Any]:
    """An entry in a list, as JSON carries it."""
    return {
        "id": view.id,
        "code": view.code,
        "name": view.name,
        "provider": view.provider,
        "sharing": view.sharing,
        "open": view.open,
        "freshness": view.freshness.state,
        "grade": view.quality.grade,
        "changed_at": view.changed_at,
    }
