"""Domain packs: what is installed, what each declares, and what is wrong with a broken one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import answer
from qiantang.packkit.compiled import Pack
from qiantang.rooms.shelf import selectors as shelf


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Installed packs and, beside them, every problem that keeps one out of use."""
    packs = list(shelf.packs().values())
    problems = shelf.problems()
    context = {"packs": [_counted(p) for p in packs], "problems": problems}
    data = {
        "packs": [_plain(p) for p in packs],
        "problems": [
            {"code": p.code, "place": p.place.as_dict(), "text": p.text, "hint": p.hint}
            for p in problems
        ],
    }
    return answer(request, "portal/packs.html", context, data)


def _counted(pack: Pack) -> dict[str, Any]:
    return {
        "pack": pack,
        "resources": len(pack.resources),
        "indicators": len(pack.indicators),
        "codes": sum(len(c.codes) for c in pack.codes.values()),
        "plans": len(pack.plans),
        "examples": len(pack.examples),
    }


def _plain(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "name": pack.name,
        "description": pack.description,
        "version": pack.version,
        "owner": pack.owner,
        "licence": pack.licence,
        "requires": pack.requires,
        "digest": pack.digest,
    }


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """Everything that one pack declares."""
    pack = shelf.pack(id)
    context = {"pack": pack, "counts": _counted(pack)}
    data = {
        **_plain(pack),
        "resources": [
            {
                "id": r.id,
                "name": r.name,
                "sharing": r.sharing,
                "open": r.open,
                "fields": [
                    {"id": f.id, "name": f.name, "type": f.type, "unit": f.unit} for f in r.fields
                ],
            }
            for r in pack.resources.values()
        ],
        "code_lists": {c.id: len(c.codes) for c in pack.codes.values()},
        "indicators": list(pack.indicators),
        "measures": [{"id": m.id, "name": m.name, "unit": m.unit} for m in pack.measures.values()],
        "norms": [
            {"id": n.id, "name": n.name, "value": n.value, "unit": n.unit, "verified": n.verified}
            for n in pack.norms
        ],
        "plans": list(pack.plans),
        "pages": [{"id": p.id, "name": p.name} for p in pack.pages.values()],
    }
    return answer(request, "portal/pack.html", context, data)
