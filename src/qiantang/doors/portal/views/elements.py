"""The data element registry, and the code lists that fields and elements refer to."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer, csv_answer, render_page
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.errors import BadDay
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.packkit.compiled import Element, Field, Resource, Sharing
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.elements import selectors as elements
from qiantang.rooms.elements.findings import in_force
from qiantang.rooms.shelf import selectors as shelf

SIZE: Final = 200
REGION: Final = "element-list"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The registry, narrowed by words."""
    asked = request.GET.get("q", "").strip()[:100]
    found = elements.elements(asked)
    used = Counter(f.element for r in _shareable() for f in r.fields if f.element)
    rows = [
        {"id": id, "element": e, "used": used[id], "in_force": in_force(e, date.today())}
        for id, e in found.items()
    ]
    context = {"rows": rows, "q": asked, "total": len(shelf.elements()), "region": REGION}
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == REGION:
        return render_page(request, "portal/parts/element_list.html", context)
    data = {"elements": [_plain(id, e) for id, e in found.items()]}
    return answer(request, "portal/elements.html", context, data)


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """One element: what it means, how it is written, after which standard, who follows it."""
    found = elements.element(id)
    uses = _uses(actor_of(request), "element", id)
    context = {"id": id, "element": found, "uses": uses, "in_force": in_force(found, date.today())}
    data = {**_plain(id, found), "uses": [{"resource": r.id, "field": f.id} for _, r, f in uses]}
    return answer(request, "portal/element.html", context, data)


@require_safe
def code_lists(request: HttpRequest) -> HttpResponse:
    """Every code list of the packs."""
    rows = [
        {"id": f"{pack.id}.{local}", "pack": pack, "count": len(codes.codes)}
        for pack in shelf.packs().values()
        for local, codes in sorted(pack.codes.items())
    ]
    data = {"lists": [{"id": r["id"], "codes": r["count"]} for r in rows]}
    return answer(request, "portal/catalogue_codes.html", {"rows": rows}, data)


@require_safe
def code_list(request: HttpRequest, id: str) -> HttpResponse:
    """One code list: its codes with the dates between which they are in force."""
    found, on = shelf.code_list(id), _day(request)
    codes = found.on(on) if on else found.codes
    pages = max(1, -(-len(codes) // SIZE))
    number = min(max(1, whole_number(request.GET.get("page", "")) or 1), pages)
    shown = codes[(number - 1) * SIZE : number * SIZE]
    named = {c.code: c.name for c in found.codes}
    context = {
        "id": id,
        "pack": shelf.packs()[found.pack],
        "rows": [(c, named.get(c.parent)) for c in shown],
        "total": len(codes),
        "page": number,
        "pages": pages,
        "on": on,
        "today": date.today(),
        "dated": any(c.valid_from or c.valid_to for c in found.codes),
        "nested": any(c.parent for c in found.codes),
        "uses": _uses(actor_of(request), "codes", id),
    }
    data = {"id": id, "codes": [_code_plain(c) for c in codes]}
    return answer(request, "portal/catalogue_code_list.html", context, data)


@require_safe
def code_table(request: HttpRequest, id: str) -> HttpResponse:
    """A code list whole, as CSV."""
    found = shelf.code_list(id)
    rows = [
        [c.code, c.name.zh, c.name.en, c.parent, c.valid_from or "", c.valid_to or ""]
        for c in found.codes
    ]
    header = ("code", "zh", "en", "parent", "valid_from", "valid_to")
    return csv_answer(f"codes-{language_of(request)}.csv", header, rows)


def _shareable() -> list[Resource]:
    """The declared resources that are not withheld."""
    return [r for r in shelf.resources().values() if r.sharing is not Sharing.WITHHELD]


def _uses(actor: Actor, key: str, id: str) -> list[tuple[str, Resource, Field]]:
    """The fields that refer to ``id``, of declared resources that the actor may know of."""
    found = []
    for full, resource in shelf.resources().items():
        fields = [f for f in resource.fields if getattr(f, key) == id]
        if fields and _knows(actor, full):
            found += [(full, resource, f) for f in fields]
    return found


def _knows(actor: Actor, id: str) -> bool:
    try:
        catalogue.resource(actor, id)
    except NotFound:
        return False
    return True


def _day(request: HttpRequest) -> date | None:
    text = request.GET.get("on", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay(found=text[:40]) from None


def _plain(id: str, element: Element) -> dict[str, Any]:
    return {
        "id": id,
        "name": element.name,
        "definition": element.definition,
        "type": element.type.value,
        "unit": element.unit,
        "codes": element.codes,
        "identifier": element.identifier,
        "pattern": element.pattern,
        "personal": element.personal.value,
        "standard": element.standard,
        "verified": element.verified,
    }


def _code_plain(code: Any) -> dict[str, Any]:
    return {
        "code": code.code,
        "name": code.name,
        "parent": code.parent,
        "valid_from": code.valid_from,
        "valid_to": code.valid_to,
    }
