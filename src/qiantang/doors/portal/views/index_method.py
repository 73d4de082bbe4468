"""The method page, written from the recipe, and the editions with what differs between two."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer, plain
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.indices import editions as said
from qiantang.doors.portal.indices.asking import asked, frame_of
from qiantang.doors.portal.indices.pages import bundle_name
from qiantang.doors.portal.indices.recipe_words import factors_said, steps_said
from qiantang.doors.portal.indices.tree import branches
from qiantang.doors.portal.places import department
from qiantang.rooms.indices import selectors as indices


@require_safe
def method(request: HttpRequest, id: str) -> HttpResponse:
    """Each step in words with its parameters, the weights with their sources, the recipe."""
    ask = asked(request, id)
    made = ask.made
    tree = branches(made)
    denominated = any(e.denominator for e in made.structure.indicators)
    steps = steps_said(made.tables, made.name, denominated=denominated)
    recipe = json.dumps(plain(made.tables), ensure_ascii=False, indent=2)
    context: dict[str, Any] = {
        **frame_of(request, ask, "method"),
        "steps": steps,
        "uncertain": factors_said(made.tables),
        "elements": [_element(b) for b in tree],
        "owner": department(made.declared.owner),
        "recipe": recipe,
    }
    data = {
        "index": ask.key,
        "edition": ask.number,
        "recipe": made.tables,
        "steps": [{"id": s.id, "title": s.title, "said": s.said} for s in steps],
        "elements": [
            {
                "code": b.code,
                "name": b.name,
                "parent": b.parent,
                "weight": b.weight,
                "effective": b.effective,
                "source": b.declared.source if b.declared else "",
                "verified": bool(b.declared and b.declared.verified),
            }
            for b in tree
        ],
    }
    return answer(request, "portal/indices/method.html", context, data)


def _element(b: Any) -> dict[str, Any]:
    return {
        "code": b.code,
        "name": b.name,
        "depth": b.depth,
        "leaf": b.leaf,
        "weight": b.weight,
        "effective": b.effective,
        "direction": b.declared.direction if b.declared else 1,
        "source": b.declared.source if b.declared else "",
        "verified": bool(b.declared and b.declared.verified),
    }


@require_safe
def editions(request: HttpRequest, id: str) -> HttpResponse:
    """Every published edition, and the difference of one to the one before it."""
    actor = actor_of(request)
    ask = asked(request, id)
    published = [e for e in indices.editions(actor, id) if e.state == "published"]
    published.sort(key=lambda e: -e.number)
    numbers = [e.number for e in published]
    newer = whole_number(request.GET.get("newer", ""))
    context: dict[str, Any] = {
        **frame_of(request, ask, "editions"),
        "editions": published,
        "file_name": bundle_name(ask.made),
    }
    if newer in numbers and newer != numbers[-1]:
        older = numbers[numbers.index(newer) + 1]
        context |= {
            "newer": newer,
            "older": older,
            **said.difference_shown(indices.difference(actor, id, newer)),
        }
    data = {
        "index": ask.key,
        "editions": [said.edition_plain(e) for e in published],
    }
    return answer(request, "portal/indices/editions.html", context, data)
