"""`resource_search`: files and tables by what is said of them, in so many entries at most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Actions, Call, package
from qiantang.doors.protocols.errors import TooManyResources
from qiantang.doors.protocols.package_search import Window, searched
from qiantang.doors.turns import turn
from qiantang.rooms.catalogue.selectors.conditions import Fitting
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.standards.errors import ArgumentWrong

FIELDS: Final = ("name", "description", "format", "url", "mimetype", "id", "package_id")
MOST_READ: Final = 5000
"""Entries of one question. The catalogue keeps formats beside, so a format narrows first."""
_PAGE: Final = 1000
_EVERYTHING: Final = 10**6
Terms = tuple[tuple[str, str], ...]


def resource_search(call: Call) -> dict[str, Any]:
    """Resources whose fields hold every term, in any case. Raises `TooManyResources`."""
    terms = _terms(call)
    by = asked.words(call.given, "order_by")
    if by and by not in FIELDS:
        raise ArgumentWrong(parameter="order_by", found=by[:40], expected=", ".join(FIELDS))
    start = asked.whole(call.given, "offset", 0, _EVERYTHING)
    rows = asked.whole(call.given, "limit", _EVERYTHING, _EVERYTHING)
    with turn():
        found = list(_found(call, terms))
    if by:
        found.sort(key=lambda each: str(each[by] or ""))
    return {"count": len(found), "results": found[start:][:rows]}


ACTIONS: Final[Actions] = {
    "resource_search": (
        resource_search,
        "Resources by field:text; query, order_by, offset, limit. 按字段查找资源。",
    ),
}


def _terms(call: Call) -> Terms:
    said = asked.several(call.given, "query")
    pairs = [each.partition(":") for each in said]
    for each, (field, colon, _) in zip(said, pairs, strict=True):
        if not colon or field not in FIELDS:
            expected = f"field:text; {', '.join(FIELDS)}"
            raise ArgumentWrong(parameter="query", found=each[:40], expected=expected)
    if not pairs:
        raise ArgumentWrong(parameter="query", found="", expected="field:text")
    return tuple((field, text.lower()) for field, _, text in pairs)


def _found(call: Call, terms: Terms) -> Iterator[dict[str, Any]]:
    exact = Exact(tuple(Fitting("form", _holding(t)) for f, t in terms if f == "format" and t))
    start = 0
    while True:
        page = searched(call, Window(start, _PAGE, "id"), exact)
        if page.total > MOST_READ:
            raise TooManyResources(found=page.total, expected=MOST_READ)
        for view in page.views:
            for each in package(call, view)["resources"]:
                if all(text in str(each[field] or "").lower() for field, text in terms):
                    yield each
        start += _PAGE
        if start >= page.total:
            return


def _holding(text: str) -> Callable[[str], bool]:
    return lambda value: text in value.lower()
